#define _POSIX_C_SOURCE 200809L
#include "pipeline/ctc_matrix/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/atomic_file.h"
#include "features/base/path.h"
#include "pipeline/ctc_matrix/command_internal.h"
#include "pipeline/output/output.h"

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* One rule a sentence. */
static silbe_status check_arguments(const silbe_posteriors_arguments *a, bool batch,
                                    const silbe_config *config, silbe_err *err)
{
    const char *problem = NULL;
    if (a->posteriors == NULL) {
        problem = "--vocab, --text, --out, --hop-ms and --anchors go with --posteriors FILE.npy";
    } else if (a->vocab == NULL) {
        problem = "--posteriors needs --vocab FILE: the tokens of the model, for example its "
                  "vocab.json";
    } else if (!batch && a->text == NULL) {
        problem = "--posteriors FILE.npy needs --text FILE: the lyrics, a line for each verse";
    } else if (batch && a->text != NULL) {
        problem = "--text goes with one FILE.npy; in a folder NAME.txt belongs to NAME.npy";
    } else if (batch && a->anchors != NULL) {
        problem = "--anchors goes with one FILE.npy; in a folder NAME.anchors.csv belongs to "
                  "NAME.npy";
    } else if (!(config->posteriors.hop_ms > 0)) {
        problem = "the distance of two frames is not known: give --hop-ms, for example 20 for "
                  "wav2vec 2.0, HuBERT and MMS (length of the audio by number of frames)";
    }
    return problem == NULL ? SILBE_OK : silbe_fail(err, SILBE_ERR_ARGUMENT, "%s", problem);
}

/* --hop-ms is short for --set posteriors.hop_ms=. */
static silbe_status apply_hop(silbe_config *config, const char *hop_ms, silbe_err *err)
{
    if (hop_ms == NULL) {
        return SILBE_OK;
    }
    silbe_status status =
        silbe_config_set_value(config, silbe_config_find("posteriors.hop_ms"), hop_ms, err);
    return status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, "--hop-ms");
}

silbe_status silbe_posteriors_check_output(const char *output, const char *const *inputs,
                                           size_t n_inputs, silbe_err *err)
{
    struct stat out, in;
    if (stat(output, &out) != 0) {
        return SILBE_OK;
    }
    for (size_t i = 0; i < n_inputs; i++) {
        if (inputs[i] != NULL && stat(inputs[i], &in) == 0 && in.st_dev == out.st_dev &&
            in.st_ino == out.st_ino) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "%s is read, and would be overwritten by the word times; choose "
                              "another --out",
                              output);
        }
    }
    return SILBE_OK;
}

/* The part of path between its last '/' and its last dot, allocated; NULL if memory is short. */
static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return strndup(name, dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name));
}

/* Start of the names of all outputs of one item. */
static char *prefix_of(const silbe_config *config, const char *out, const char *name)
{
    if (out == NULL) {
        return silbe_path_format("%s/posteriors/%s", config->work.folder, name);
    }
    size_t length = strlen(out);
    bool names_folder = (length > 0 && out[length - 1] == '/') || is_folder(out);
    return names_folder ? silbe_path_join(out, name) : strdup(out);
}

typedef struct {
    const silbe_posteriors_context *context;
    silbe_posteriors_item item;
    char *paths[8 * sizeof(unsigned)]; /* one for each format */
    size_t n_paths;
} single;

static silbe_status run_single(void *context, size_t index, silbe_item_report *report,
                               silbe_err *err)
{
    const single *s = context;
    (void)index;
    return silbe_posteriors_item_run(s->context, &s->item, (const char *const *)s->paths, report,
                                     err);
}

static silbe_status make_parent(const char *prefix, silbe_err *err)
{
    const char *slash = strrchr(prefix, '/');
    if (slash == NULL || slash == prefix) {
        return SILBE_OK;
    }
    char *folder = strndup(prefix, (size_t)(slash - prefix));
    silbe_status status = folder != NULL
                              ? silbe_make_folders(folder, err)
                              : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", prefix);
    free(folder);
    return status;
}

static silbe_status plan_single(const silbe_cli *cli, const silbe_posteriors_arguments *a,
                                const char *prefix, single *s, silbe_err *err)
{
    const char *const inputs[] = {a->posteriors, a->vocab, a->text, a->anchors};
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    silbe_status status = make_parent(prefix, err);
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (!(cli->config.output.formats & (1u << i))) {
            continue;
        }
        char *path = silbe_path_format("%s.%s", prefix, formats[i].extension);
        if (path == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", prefix);
        }
        s->paths[s->n_paths++] = path;
        status = silbe_posteriors_check_output(path, inputs, sizeof inputs / sizeof inputs[0], err);
    }
    return status;
}

static int run_file(silbe_cli *cli, const silbe_posteriors_arguments *a,
                    const silbe_posteriors_context *context)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_batch_summary summary = {0};
    single s = {.context = context};
    int exit_code = SILBE_EXIT_UNABLE;
    char *name = name_of(a->posteriors);
    char *prefix = name != NULL ? prefix_of(&cli->config, a->out, name) : NULL;
    silbe_status status = prefix != NULL ? plan_single(cli, a, prefix, &s, &err)
                                         : silbe_fail(&err, SILBE_ERR_MEMORY, "out of memory");
    if (status == SILBE_OK) {
        s.item = (silbe_posteriors_item){name, a->posteriors, a->text, a->anchors};
        const char *const names[] = {name};
        status = silbe_batch_run(names, 1, 1, run_single, &s, &cli->log, &summary, &err);
    }
    if (status != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
    } else if (summary.n_failed > 0) {
        exit_code = SILBE_EXIT_FAILED;
    } else if (summary.interrupted && summary.n_ok == 0) {
        exit_code = SILBE_EXIT_INTERRUPTED;
    } else {
        silbe_log_info(&cli->log, "word times: %s.*", prefix);
        exit_code = SILBE_EXIT_OK;
    }
    for (size_t i = 0; i < s.n_paths; i++) {
        free(s.paths[i]);
    }
    free(prefix);
    free(name);
    return exit_code;
}

int silbe_posteriors_command(silbe_cli *cli, const silbe_posteriors_arguments *arguments)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_vocabulary vocabulary = SILBE_VOCABULARY_INIT;
    silbe_posteriors_context context = {
        .config = &cli->config, .vocabulary = &vocabulary, .vocab_path = arguments->vocab};
    size_t n_keys = 0;
    const char *const *keys = silbe_posteriors_keys(&n_keys);
    bool batch = arguments->posteriors != NULL && is_folder(arguments->posteriors);
    silbe_status status = apply_hop(&cli->config, arguments->hop_ms, &err);
    if (status == SILBE_OK) {
        status = check_arguments(arguments, batch, &cli->config, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_vocabulary_read(arguments->vocab, &cli->config, &vocabulary, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_config_digest(&cli->config, keys, n_keys, context.settings_digest, &err);
    }
    int exit_code = status != SILBE_OK ? silbe_cli_fail(cli, &err)
                    : batch            ? silbe_posteriors_run_folder(cli, arguments, &context)
                                       : run_file(cli, arguments, &context);
    silbe_vocabulary_free(&vocabulary);
    return exit_code;
}
