#define _POSIX_C_SOURCE 200809L
#include "pipeline/settings/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/memory.h"
#include "pipeline/host/stop.h"
#include "pipeline/settings/cli_help.h"
#include "pipeline/settings/cli_internal.h"

/* What the command line asks for, before any file is read. Texts point into argv. */
typedef struct {
    const char *config_path;
    const char *dataset;
    const char **assignments; /* "key=value" of --set and the short options, in their order */
    const char **assigners;   /* NULL for --set, else the key of the short option */
    size_t n_assignments;
    const char **operands;
    size_t n_operands;
    bool quiet;
    bool verbose;
    bool print_config;
    bool help;
    bool version;
} request;

static silbe_status give_once(const char **place, const char *name, const char *value,
                              silbe_err *err)
{
    if (*place != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s is given twice", name);
    }
    *place = value;
    return SILBE_OK;
}

static void assign(request *r, const char *key, const char *value)
{
    r->assigners[r->n_assignments] = key;
    r->assignments[r->n_assignments++] = value != NULL ? value : "true";
}

static silbe_status take_option(request *r, silbe_cli *cli, const silbe_cli_option *option,
                                const char *value, silbe_err *err)
{
    switch (option->id) {
    case SILBE_CLI_CONFIG:
        return give_once(&r->config_path, option->name, value, err);
    case SILBE_CLI_OF_DATASET:
        return give_once(&r->dataset, option->name, value, err);
    case SILBE_CLI_SET:
    case SILBE_CLI_KEY:
        assign(r, option->key, value);
        return SILBE_OK;
    case SILBE_CLI_QUIET:
        r->quiet = true;
        return SILBE_OK;
    case SILBE_CLI_VERBOSE:
        r->verbose = true;
        return SILBE_OK;
    case SILBE_CLI_PRINT_CONFIG:
        r->print_config = true;
        return SILBE_OK;
    case SILBE_CLI_HELP:
        r->help = true;
        return SILBE_OK;
    case SILBE_CLI_VERSION:
        r->version = true;
        return SILBE_OK;
    case SILBE_CLI_EXTRA:
        break;
    }
    if (option->key != NULL) {
        assign(r, option->key, value);
    }
    return give_once(&cli->extras[option->extra], option->name, value != NULL ? value : "", err);
}

/* The option at argv[*at], and its value, which may be the argument behind it. */
static silbe_status read_option(request *r, silbe_cli *cli, const silbe_cli_spec *spec, int argc,
                                char **argv, int *at, silbe_err *err)
{
    const char *argument = argv[*at];
    const char *equals = strncmp(argument, "--", 2) == 0 ? strchr(argument, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    const char *value = equals != NULL ? equals + 1 : NULL;
    silbe_cli_option option;
    if (!silbe_cli_find_option(spec, argument, length, &option)) {
        const char *nearest = silbe_cli_nearest_option(spec, argument, length);
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "there is no option %.200s%s%s%s", argument,
                          nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                          nearest != NULL ? "?" : "");
    }
    if (option.value_name == NULL && value != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s takes no value", option.name);
    }
    if (option.value_name != NULL && value == NULL) {
        if (*at + 1 >= argc) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s needs a value: %s %s", option.name,
                              option.name, option.value_name);
        }
        value = argv[++*at];
    }
    return take_option(r, cli, &option, value, err);
}

/* Behind "--" everything is an operand, as is "-". */
static silbe_status read_arguments(request *r, silbe_cli *cli, const silbe_cli_spec *spec, int argc,
                                   char **argv, silbe_err *err)
{
    bool only_operands = false;
    /* Behind the program: "silbe features" is two arguments. */
    for (int i = strchr(spec->program, ' ') != NULL ? 2 : 1; i < argc; i++) {
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
            r->operands[r->n_operands++] = argv[i];
        } else if (read_option(r, cli, spec, argc, argv, &i, err) != SILBE_OK) {
            return err->status;
        }
    }
    if (r->quiet && r->verbose) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "--quiet and --verbose exclude each other");
    }
    return SILBE_OK;
}

/* What does not exist was meant to be a file if its name has an ending. */
static bool is_file_operand(const char *operand)
{
    struct stat info;
    if (strcmp(operand, "-") == 0) {
        return true;
    }
    if (stat(operand, &info) == 0) {
        return !S_ISDIR(info.st_mode);
    }
    const char *slash = strrchr(operand, '/'), *name = slash != NULL ? slash + 1 : operand;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name;
}

/* Operands to r->dataset, or to files. */
static silbe_status sort_operands(request *r, const silbe_cli_spec *spec, silbe_err *err)
{
    size_t n = r->n_operands;
    if (n == 0) {
        return SILBE_OK;
    }
    if (spec->operands == SILBE_CLI_NO_OPERANDS ||
        (spec->operands == SILBE_CLI_DATASET && (n > 1 || r->dataset != NULL))) {
        const char *first = r->operands[n > 1 ? 1 : 0];
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          spec->operands == SILBE_CLI_NO_OPERANDS
                              ? "\"%.200s\" is not an option"
                              : "\"%.200s\": one dataset is enough, and already named",
                          first);
    }
    if (n == 1 && (spec->operands == SILBE_CLI_DATASET || !is_file_operand(r->operands[0]))) {
        if (r->dataset != NULL) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "\"%.200s\": one dataset is enough, and --dataset names %.200s",
                              r->operands[0], r->dataset);
        }
        r->dataset = r->operands[0];
        r->n_operands = 0;
    }
    return SILBE_OK;
}

static void apply_assignments(silbe_config *config, const request *r, silbe_err *err)
{
    for (size_t i = 0; i < r->n_assignments; i++) {
        const char *key = r->assigners[i], *text = r->assignments[i];
        silbe_try(err, key == NULL
                           ? silbe_config_set(config, text, err)
                           : silbe_config_set_value(config, silbe_config_find(key), text, err));
    }
}

static void make_config(silbe_config *config, const silbe_cli_spec *spec, const request *r,
                        silbe_err *err)
{
    silbe_config_defaults(config);
    if (r->config_path != NULL) {
        silbe_try(err, silbe_config_read(config, r->config_path, err));
    }
    if (r->dataset != NULL) {
        silbe_try(err, silbe_cli_apply_dataset(config, r->dataset, r->config_path != NULL, err));
    }
    silbe_try(err, silbe_config_apply_environment(config, err));
    apply_assignments(config, r, err);
    if (!r->print_config) {
        silbe_try(err, silbe_config_check(config, err));
    }
    if (!r->print_config && !spec->dataset_optional && r->n_operands == 0) {
        silbe_try(err, silbe_config_check_dataset(config, err));
    }
}

/* Whether everything that went to stdout got there. */
static bool stdout_is_written(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

static int end_early(silbe_cli *cli)
{
    int exit_code = SILBE_EXIT_OK;
    if (!stdout_is_written()) {
        silbe_log_error(&cli->log, "standard output could not be written: %s", strerror(errno));
        exit_code = SILBE_EXIT_UNABLE;
    }
    silbe_run_info_free(&cli->run);
    return exit_code;
}

static int fail_start(silbe_cli *cli, const silbe_err *err)
{
    int exit_code = err->status == SILBE_ERR_MEMORY ? SILBE_EXIT_UNABLE : SILBE_EXIT_MISUSE;
    silbe_log_error(&cli->log, "%s", err->message);
    silbe_log_always(&cli->log, "%s --help shows all options", cli->log.program);
    silbe_run_info_free(&cli->run);
    return exit_code;
}

/* From argv to r and cli->config. */
static void read_request(request *r, silbe_cli *cli, const silbe_cli_spec *spec, int argc,
                         char **argv, silbe_err *err)
{
    size_t n_places = argc > 0 ? (size_t)argc : 1;
    r->assignments = silbe_alloc(n_places, sizeof *r->assignments, "options", err);
    r->assigners = silbe_alloc(n_places, sizeof *r->assigners, "options", err);
    r->operands = silbe_alloc(n_places, sizeof *r->operands, "arguments", err);
    silbe_try(err, silbe_run_info_begin(&cli->run, spec->program, argc, argv, err));
    silbe_try(err, read_arguments(r, cli, spec, argc, argv, err));
    if (!silbe_failed(err) && !r->help && !r->version) {
        silbe_try(err, sort_operands(r, spec, err));
        make_config(&cli->config, spec, r, err);
    }
}

/* What is answered at once. */
static int answer(silbe_cli *cli, const silbe_cli_spec *spec, const request *r)
{
    silbe_status printed = SILBE_OK;
    if (r->help) {
        silbe_cli_print_help(spec, stdout);
    } else if (r->version) {
        (void)printf("%s %s\n", spec->program, silbe_version());
    } else {
        /* A failed write shows when stdout is flushed. */
        printed = silbe_config_print(&cli->config, stdout, NULL);
    }
    int exit_code = end_early(cli);
    return printed != SILBE_OK ? SILBE_EXIT_UNABLE : exit_code;
}

bool silbe_cli_begin(silbe_cli *cli, const silbe_cli_spec *spec, int argc, char **argv,
                     int *exit_code)
{
    silbe_err err = SILBE_ERR_INIT;
    request r = {0};
    bool go_on = false;
    memset(cli, 0, sizeof *cli);
    cli->log = silbe_log_new(spec->program, SILBE_LOG_NORMAL);
    read_request(&r, cli, spec, argc, argv, &err);
    if (silbe_failed(&err)) {
        *exit_code = fail_start(cli, &err);
    } else if (r.help || r.version || r.print_config) {
        *exit_code = answer(cli, spec, &r);
    } else {
        cli->log.level = r.quiet     ? SILBE_LOG_QUIET
                         : r.verbose ? SILBE_LOG_VERBOSE
                                     : SILBE_LOG_NORMAL;
        cli->has_dataset = r.dataset != NULL || cli->config.dataset.name[0] != '\0';
        cli->operands = r.operands;
        cli->n_operands = r.n_operands;
        r.operands = NULL;
        silbe_stop_install();
        *exit_code = SILBE_EXIT_UNABLE;
        go_on = true;
    }
    free(r.assignments);
    free(r.assigners);
    free(r.operands);
    return go_on;
}

int silbe_cli_fail(silbe_cli *cli, const silbe_err *err)
{
    silbe_log_error(&cli->log, "%s",
                    err->message[0] != '\0' ? err->message : silbe_status_str(err->status));
    switch (err->status) {
    case SILBE_ERR_BUSY:
        return SILBE_EXIT_BUSY;
    case SILBE_ERR_ARGUMENT:
        return SILBE_EXIT_MISUSE;
    default:
        return SILBE_EXIT_UNABLE;
    }
}

int silbe_cli_end(silbe_cli *cli, int exit_code)
{
    if (!stdout_is_written()) {
        silbe_log_error(&cli->log, "standard output could not be written: %s", strerror(errno));
        exit_code = exit_code == SILBE_EXIT_OK ? SILBE_EXIT_UNABLE : exit_code;
    }
    silbe_run_info_free(&cli->run);
    free(cli->operands);
    cli->operands = NULL;
    return exit_code;
}
