#include "pipeline/adapt/takes.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/acoustic/make_posteriorgram.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/align/mode.h"
#include "pipeline/files/corrections.h"
#include "pipeline/host/stop.h"

void silbe_takes_free(silbe_takes *takes)
{
    for (size_t i = 0; takes->words != NULL && i < takes->n; i++) {
        silbe_words_free(&takes->words[i]);
    }
    free(takes->words);
    free(takes->errs);
    *takes = (silbe_takes)SILBE_TAKES_INIT;
}

/* Of an item: the files that the stages made. */
typedef struct {
    char *facts;
    char *logmel;
    char *middle;
    char *labels;
    char *corrections; /* words set by hand; NULL: none */
} item_files;

static item_files find_files(const silbe_config *config, const silbe_item *item, silbe_err *err)
{
    item_files files = {
        .facts = silbe_chain_path(config, SILBE_FILE_FEATURES, SILBE_STAGE_LYRICS, item, err),
        .logmel = silbe_chain_path(config, SILBE_FILE_LOGMEL, SILBE_STAGE_LYRICS, item, err),
        .middle = silbe_chain_path(config, SILBE_FILE_MIDDLE, SILBE_STAGE_LYRICS, item, err),
        .labels = silbe_chain_path(config, SILBE_FILE_LABELS, SILBE_STAGE_LYRICS, item, err)};
    silbe_try(err, silbe_corrections_path(config, item, &files.corrections, err));
    return files;
}

static void free_files(item_files *files)
{
    free(files->facts);
    free(files->logmel);
    free(files->middle);
    free(files->labels);
    free(files->corrections);
}

static void check_made(const char *path, const char *what, silbe_err *err)
{
    if (!silbe_failed(err) && access(path, R_OK) != 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "its %s could not be made", what);
    }
}

/* What mode lyrics works on. */
static void read_inputs(const silbe_ensemble *ensemble, const item_files *files,
                        silbe_align_inputs *inputs, silbe_err *err)
{
    silbe_matrix logmel[SILBE_N_HEARINGS] = {SILBE_MATRIX_INIT};
    check_made(files->facts, "features", err);
    check_made(files->logmel, "features", err);
    check_made(files->labels, "labels", err);
    silbe_try(err, silbe_features_file_read(files->facts, &inputs->features, err));
    size_t n_bands = ensemble->models[0].logmel.n_bands;
    silbe_try(err, silbe_npy_read_matrix(files->logmel, n_bands, &logmel[SILBE_HEARS_MEAN], err));
    if (inputs->features.n_middle_frames > 0) {
        silbe_try(err,
                  silbe_npy_read_matrix(files->middle, n_bands, &logmel[SILBE_HEARS_MIDDLE], err));
    }
    silbe_try(err, silbe_labels_read(files->labels, &inputs->labels, err));
    inputs->posteriorgram.duration_s = inputs->features.duration_s;
    silbe_try(err, silbe_posteriorgram_of(ensemble, logmel, &inputs->posteriorgram,
                                          &inputs->posteriors, err));
    silbe_matrix_free(&logmel[SILBE_HEARS_MEAN]);
    silbe_matrix_free(&logmel[SILBE_HEARS_MIDDLE]);
}

static void align_item(const silbe_align_context *context, const silbe_ensemble *ensemble,
                       const silbe_item *item, silbe_words *words, silbe_err *err)
{
    silbe_align_inputs inputs = SILBE_ALIGN_INPUTS_INIT;
    silbe_align_result result = SILBE_ALIGN_RESULT_INIT;
    silbe_item_report report = {0};
    item_files files = find_files(context->config, item, err);
    inputs.work = item->work;
    inputs.version = item->version;
    inputs.audio_path = item->audio_path;
    inputs.corrections = files.corrections;
    read_inputs(ensemble, &files, &inputs, err);
    silbe_try(err, silbe_align_solve(context, &inputs, &result, &report, err));
    if (!silbe_failed(err)) {
        *words = result.words;
        memset(&result.words, 0, sizeof result.words);
    }
    silbe_align_result_free(&result);
    silbe_align_inputs_free(&inputs);
    free_files(&files);
    free(report.notes);
    free(report.warnings);
}

static void align_items(silbe_cli *cli, const silbe_dataset *dataset,
                        const silbe_align_context *context, const silbe_ensemble *ensemble,
                        silbe_takes *takes)
{
    int asked = cli->config.run.threads;
    double start_s = silbe_clock_s();
    size_t n_done = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(asked > 0 ? asked : omp_get_num_procs())
    for (size_t i = 0; i < takes->n; i++) {
        if (!silbe_stop_requested()) {
            align_item(context, ensemble, &dataset->items[i], &takes->words[i], &takes->errs[i]);
        }
#pragma omp critical(silbe_takes_progress)
        silbe_log_progress(&cli->log, ++n_done, takes->n, silbe_clock_s() - start_s);
    }
    silbe_log_clear_bar(&cli->log);
}

silbe_status silbe_takes_run(silbe_cli *cli, const silbe_dataset *dataset, const char *weights,
                             silbe_takes *takes, bool *is_complete, silbe_err *err)
{
    silbe_err own;
    silbe_config config = cli->config;
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    silbe_align_context context = {.mode = SILBE_STAGE_LYRICS, .config = &config};
    err = silbe_err_begin(err, &own);
    config.align.mode = SILBE_MODE_LYRICS;
    (void)snprintf(config.acoustic.weights, sizeof config.acoustic.weights, "%s", weights);
    silbe_try(err, silbe_acoustic_model_open(&config, &ensemble, err));
    if (!silbe_failed(err)) {
        silbe_try(err, silbe_acoustic_check_features(&config, ensemble.models, err));
    }
    takes->words = silbe_alloc(dataset->n_items, sizeof *takes->words, "recordings", err);
    takes->errs = silbe_alloc(dataset->n_items, sizeof *takes->errs, "recordings", err);
    if (!silbe_failed(err)) {
        takes->n = dataset->n_items;
        align_items(cli, dataset, &context, &ensemble, takes);
    }
    silbe_ensemble_free(&ensemble);
    *is_complete = !silbe_failed(err) && !silbe_stop_requested();
    return err->status;
}
