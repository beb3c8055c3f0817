#define _POSIX_C_SOURCE 200809L
#include "pipeline/ctc_matrix/command.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/path.h"
#include "pipeline/ctc_matrix/item.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"

/* Settings that decide the results. */
static const char *const KEYS[] = {"posteriors.", "output."};
enum { N_KEYS = sizeof KEYS / sizeof KEYS[0] };

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* One rule a sentence. */
static silbe_status check_arguments(const silbe_ctc_matrix_arguments *a, bool batch,
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

/* SILBE_ERR_ARGUMENT if output is one of the inputs (some may be NULL), by whatever path. */
static silbe_status check_output(const char *output, const char *const *inputs, size_t n_inputs,
                                 silbe_err *err)
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

/* ---- one file ---- */

typedef struct {
    const silbe_ctc_matrix_context *context;
    silbe_ctc_matrix_item item;
    char *paths[8 * sizeof(unsigned)]; /* one for each format */
    size_t n_paths;
} single;

static silbe_status run_single(void *context, size_t index, silbe_item_report *report,
                               silbe_err *err)
{
    const single *s = context;
    (void)index;
    return silbe_ctc_matrix_item_run(s->context, &s->item, (const char *const *)s->paths, report,
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

static silbe_status plan_single(const silbe_cli *cli, const silbe_ctc_matrix_arguments *a,
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
        status = check_output(path, inputs, sizeof inputs / sizeof inputs[0], err);
    }
    return status;
}

static int run_file(silbe_cli *cli, const silbe_ctc_matrix_arguments *a,
                    const silbe_ctc_matrix_context *context)
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
        s.item = (silbe_ctc_matrix_item){name, a->posteriors, a->text, a->anchors};
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

/* ---- a folder, as a stage ---- */

/* Files of an item. */
enum { NPY, TEXT, VOCAB, ANCHORS, WORDS };

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    silbe_ctc_matrix_item one = {item->name, silbe_stage_input(item, NPY),
                                 silbe_stage_input(item, TEXT), silbe_stage_input(item, ANCHORS)};
    return silbe_ctc_matrix_item_run(context, &one, temps, report, err);
}

/* Adds "<folder>/<item><suffix>"; anchors only where they are there. */
static void add_input(silbe_stage *stage, size_t index, int file, const char *folder,
                      const char *suffix, silbe_err *err)
{
    struct stat info;
    char *path = silbe_format(err, "%s/%s%s", folder, stage->items[index].name, suffix);
    if (path != NULL && (file != ANCHORS || stat(path, &info) == 0)) {
        silbe_try(err, silbe_stage_add_input(stage, index, file, path, err));
    }
    free(path);
}

static void add_output(silbe_stage *stage, size_t index, const silbe_config *config,
                       const char *extension, silbe_err *err)
{
    const silbe_stage_item *item = &stage->items[index];
    char *name = silbe_format(err, "%s.%s", item->name, extension);
    char *folder = silbe_chain_folder(config, stage->name, err);
    char *path = silbe_join_path(folder, name, err);
    silbe_try(err, silbe_stage_add_output(stage, index, WORDS, name, err));
    silbe_try(err,
              check_output(path, (const char *const *)item->inputs.paths, item->inputs.n, err));
    free(path);
    free(folder);
    free(name);
}

static void add_item(silbe_stage *stage, const silbe_config *config, const char *folder,
                     const char *name, const char *vocab, silbe_err *err)
{
    size_t index = 0, n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    silbe_try(err, silbe_stage_add_item(stage, name, 0, &index, err));
    if (silbe_failed(err)) {
        return;
    }
    add_input(stage, index, NPY, folder, ".npy", err);
    add_input(stage, index, TEXT, folder, ".txt", err);
    silbe_try(err, silbe_stage_add_input(stage, index, VOCAB, vocab, err));
    add_input(stage, index, ANCHORS, folder, ".anchors.csv", err);
    for (size_t i = 0; i < n_formats; i++) {
        if (config->output.formats & (1u << i)) {
            add_output(stage, index, config, formats[i].extension, err);
        }
    }
}

static int is_npy(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 4 && strcmp(entry->d_name + length - 4, ".npy") == 0;
}

/* By bytes, whatever the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_items(silbe_stage *stage, const silbe_config *config, const char *folder,
                      const char *vocab, silbe_err *err)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_npy, compare_names);
    if (n <= 0) {
        (void)silbe_fail(err, n < 0 ? SILBE_ERR_IO : SILBE_ERR_DATA,
                         n < 0 ? "%s: cannot be listed" : "%s: holds no NAME.npy", folder);
    }
    for (int i = 0; i < n; i++) {
        char *name = entries[i]->d_name;
        name[strlen(name) - 4] = '\0';
        if (silbe_chain_selects(config, name)) {
            add_item(stage, config, folder, name, vocab, err);
        }
        free(entries[i]);
    }
    free(entries);
    if (!silbe_failed(err) && stage->n_items == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no NAME.npy matches \"%.100s\" (run.items)",
                         folder, config->run.items);
    }
}

/* Results go to OUT itself, not to work/<dataset>/<stage>. */
static silbe_status place_results(silbe_config *config, const char *out, silbe_err *err)
{
    char folder[SILBE_CONFIG_PATH_SIZE];
    int length = out != NULL
                     ? snprintf(folder, sizeof folder, "%s", out)
                     : snprintf(folder, sizeof folder, "%s/posteriors", config->work.folder);
    if (length <= 0 || (size_t)length >= sizeof folder) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "--out %.60s: should have 1 to %d bytes",
                          out != NULL ? out : "", SILBE_CONFIG_PATH_SIZE - 1);
    }
    memcpy(config->work.folder, folder, (size_t)length + 1);
    (void)snprintf(config->dataset.name, sizeof config->dataset.name, ".");
    return SILBE_OK;
}

static int run_folder(silbe_cli *cli, const silbe_ctc_matrix_arguments *arguments,
                      silbe_ctc_matrix_context *context)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    stage.name = ".";
    stage.keys = KEYS;
    stage.n_keys = N_KEYS;
    stage.run = run_item;
    stage.context = context;
    silbe_try(&err, place_results(&cli->config, arguments->out, &err));
    if (!silbe_failed(&err)) {
        add_items(&stage, &cli->config, arguments->posteriors, arguments->vocab, &err);
    }
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    return exit_code;
}

int silbe_ctc_matrix_command(silbe_cli *cli, const silbe_ctc_matrix_arguments *arguments)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_vocabulary vocabulary = SILBE_VOCABULARY_INIT;
    silbe_ctc_matrix_context context = {
        .config = &cli->config, .vocabulary = &vocabulary, .vocab_path = arguments->vocab};
    bool batch = arguments->posteriors != NULL && is_folder(arguments->posteriors);
    silbe_status status = apply_hop(&cli->config, arguments->hop_ms, &err);
    if (status == SILBE_OK) {
        status = check_arguments(arguments, batch, &cli->config, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_vocabulary_read(arguments->vocab, &cli->config, &vocabulary, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_config_digest(&cli->config, KEYS, N_KEYS, context.settings_digest, &err);
    }
    int exit_code = status != SILBE_OK ? silbe_cli_fail(cli, &err)
                    : batch            ? run_folder(cli, arguments, &context)
                                       : run_file(cli, arguments, &context);
    silbe_vocabulary_free(&vocabulary);
    return exit_code;
}
