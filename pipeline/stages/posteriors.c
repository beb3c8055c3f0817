/* Log-mel bands to phone posteriorgrams, work/<dataset>/posteriors/. */
#include <math.h>
#include <stdlib.h>

#include <cblas.h>

#include "datasets/dataset.h"
#include "pipeline/acoustic/folds.h"
#include "pipeline/acoustic/make_posteriorgram.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/files/features_file.h"
#include "pipeline/run/chain_items.h"
#include "pipeline/settings/config_paths.h"
#include "pipeline/stages/stages.h"

typedef struct {
    const silbe_config *config;
    const silbe_ensemble *ensemble; /* of all items; NULL: each has its own, see folds.h */
} posteriors_context;

/* The bands must be those of the model: the settings may have been others when they were made. */
static void check_facts(const silbe_stage_item *item, const silbe_model *model,
                        const silbe_features_facts *facts, silbe_err *err)
{
    const silbe_logmel_options *m = &model->logmel;
    if (silbe_failed(err)) {
        return;
    }
    if (facts->rate_hz != model->rate_hz || facts->logmel_low_hz != m->low_hz ||
        facts->logmel_high_hz != m->high_hz || facts->n_logmel_bands != m->n_bands ||
        fabs(facts->logmel_hop_s - m->hop_s) > 1e-9) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s: log-mel bands of %g Hz, %zu from %g to %g Hz every %g ms, but the "
                         "acoustic model hears %g Hz, %zu from %g to %g Hz every %g ms; run the "
                         "stage features again",
                         silbe_stage_input(item, SILBE_FILE_FEATURES), facts->rate_hz,
                         facts->n_logmel_bands, facts->logmel_low_hz, facts->logmel_high_hz,
                         facts->logmel_hop_s * 1e3, model->rate_hz, m->n_bands, m->low_hz,
                         m->high_hz, m->hop_s * 1e3);
    }
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const posteriors_context *c = context;
    silbe_features_facts features;
    silbe_posteriorgram_facts facts = {0};
    silbe_ensemble own = SILBE_ENSEMBLE_INIT;
    const silbe_ensemble *ensemble = c->ensemble != NULL ? c->ensemble : &own;
    silbe_try(err, silbe_features_file_read(silbe_stage_input(item, SILBE_FILE_FEATURES), &features,
                                            err));
    if (c->ensemble == NULL) {
        silbe_try(
            err, silbe_acoustic_model_read(silbe_stage_input(item, SILBE_FILE_WEIGHTS), &own, err));
        if (!silbe_failed(err)) {
            silbe_try(err, silbe_acoustic_check_features(c->config, own.models, err));
        }
    }
    if (silbe_failed(err)) {
        goto done;
    }
    check_facts(item, ensemble->models, &features, err);
    if (silbe_failed(err)) {
        goto done;
    }
    const char *const logmel_paths[SILBE_N_HEARINGS] = {
        silbe_stage_input(item, SILBE_FILE_LOGMEL),
        features.n_middle_frames > 0 ? silbe_stage_input(item, SILBE_FILE_MIDDLE) : NULL};
    report->audio_s = facts.duration_s = features.duration_s;
    silbe_try(err, silbe_make_posteriorgram(ensemble, logmel_paths, features.n_logmel_frames,
                                            *silbe_stage_output(item, temps, SILBE_FILE_POSTERIORS),
                                            &facts, err));
    if (!silbe_failed(err)) {
        silbe_item_note(report,
                        "%zu frames, voice in %.0f %% of the time, a clear phone in %.1f %%",
                        facts.n_frames, 100 * facts.voice_share, 100 * facts.clear_share);
    }
    silbe_try(err, silbe_posteriorgram_facts_write(
                       *silbe_stage_output(item, temps, SILBE_FILE_POSTERIORS_FACTS), &facts, err));
done:
    silbe_ensemble_free(&own);
    return err->status;
}

/* The program's own weights need no mention: a record holds the program's digest. */
static void add_weights(silbe_stage *stage, size_t index, const char *paths, const char *work,
                        silbe_err *err)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    char *of_fold = NULL;
    if (silbe_folds_is_named(paths, path)) {
        silbe_try(err, silbe_folds_find(path, work, &of_fold, err));
        paths = of_fold != NULL ? of_fold : "";
    }
    while (silbe_config_next_path(&paths, path)) {
        silbe_try(err, silbe_stage_add_input(stage, index, SILBE_FILE_WEIGHTS, path, err));
    }
    free(of_fold);
}

static void add_items(silbe_stage *stage, const silbe_config *config, const silbe_dataset *dataset,
                      silbe_err *err)
{
    silbe_try(err, silbe_chain_fill(stage, SILBE_STAGE_POSTERIORS, config, dataset, err));
    for (size_t i = 0; i < stage->n_items && !silbe_failed(err); i++) {
        const char *work = dataset->items[stage->items[i].tag].work;
        add_weights(stage, i, config->acoustic.weights, work, err);
    }
}

/* The model of all items, unless each has its own. */
static void open_model(posteriors_context *context, silbe_ensemble *ensemble, silbe_err *err)
{
    const silbe_config *config = context->config;
    char folds[SILBE_CONFIG_PATH_SIZE];
    if (!silbe_folds_is_named(config->acoustic.weights, folds)) {
        silbe_try(err, silbe_acoustic_model_open(config, ensemble, err));
        if (!silbe_failed(err)) {
            silbe_try(err, silbe_acoustic_check_features(config, ensemble->models, err));
        }
        context->ensemble = ensemble;
    }
}

int silbe_posteriors_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    posteriors_context context = {.config = &cli->config};
    openblas_set_num_threads(1); /* items are what runs in parallel */
    stage.run = run_item;
    stage.context = &context;
    open_model(&context, &ensemble, &err);
    add_items(&stage, &cli->config, dataset, &err);
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    silbe_ensemble_free(&ensemble);
    return exit_code;
}
