/* Log-mel bands to phone posteriorgrams, work/<dataset>/posteriors/. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <cblas.h>

#include "datasets/dataset.h"
#include "pipeline/acoustic/adapted.h"
#include "pipeline/acoustic/folds.h"
#include "pipeline/acoustic/make_posteriorgram.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/files/features_file.h"
#include "pipeline/run/chain_items.h"
#include "pipeline/settings/config_paths.h"
#include "pipeline/stages/stages.h"

typedef struct {
    const silbe_config *config;
    bool has_folds;          /* each item has its own model, see folds.h */
    silbe_ensemble ensemble; /* of all items, but for those below */
    silbe_adapted adapted;   /* which items have another one; empty without such a file */
    silbe_ensemble of_adapted;
} posteriors_context;

static void free_context(posteriors_context *c)
{
    silbe_ensemble_free(&c->ensemble);
    silbe_ensemble_free(&c->of_adapted);
    silbe_adapted_free(&c->adapted);
}

/* Of the adapted weights; not so an item that was not there when they were made. */
static bool is_adapted(const posteriors_context *c, const char *item)
{
    const silbe_adapted_item *found = silbe_adapted_find(&c->adapted, item);
    return found != NULL && found->is_adapted;
}

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
    const silbe_ensemble *ensemble = c->has_folds                ? &own
                                     : is_adapted(c, item->name) ? &c->of_adapted
                                                                 : &c->ensemble;
    silbe_try(err, silbe_features_file_read(silbe_stage_input(item, SILBE_FILE_FEATURES), &features,
                                            err));
    if (c->has_folds) {
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
static void add_weights(silbe_stage *stage, size_t index, const posteriors_context *c,
                        const char *work, silbe_err *err)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    char *of_fold = NULL;
    const char *paths = c->config->acoustic.weights;
    if (c->has_folds && silbe_folds_is_named(paths, path)) {
        silbe_try(err, silbe_folds_find(path, work, &of_fold, err));
        paths = of_fold != NULL ? of_fold : "";
    } else if (c->adapted.n_items > 0) {
        paths = is_adapted(c, stage->items[index].name) ? c->adapted.weights : c->adapted.unadapted;
    }
    while (silbe_config_next_path(&paths, path)) {
        silbe_try(err, silbe_stage_add_input(stage, index, SILBE_FILE_WEIGHTS, path, err));
    }
    free(of_fold);
}

static void add_items(silbe_stage *stage, const posteriors_context *c, const silbe_dataset *dataset,
                      silbe_err *err)
{
    silbe_try(err, silbe_chain_fill(stage, SILBE_STAGE_POSTERIORS, c->config, dataset, err));
    for (size_t i = 0; i < stage->n_items && !silbe_failed(err); i++) {
        const char *work = dataset->items[stage->items[i].tag].work;
        add_weights(stage, i, c, work, err);
    }
}

static void open_model(const silbe_config *config, const char *weights, silbe_ensemble *ensemble,
                       silbe_err *err)
{
    silbe_config own = *config;
    (void)snprintf(own.acoustic.weights, sizeof own.acoustic.weights, "%s", weights);
    silbe_try(err, silbe_acoustic_model_open(&own, ensemble, err));
    if (!silbe_failed(err)) {
        silbe_try(err, silbe_acoustic_check_features(&own, ensemble->models, err));
    }
}

/* The models of all items, unless each has its own. */
static void open_models(posteriors_context *c, silbe_err *err)
{
    const char *weights = c->config->acoustic.weights;
    char path[SILBE_CONFIG_PATH_SIZE];
    if (silbe_adapted_is_named(weights, path)) {
        silbe_try(err, silbe_adapted_read(path, &c->adapted, err));
        weights = c->adapted.unadapted;
    } else if (silbe_folds_is_named(weights, path)) {
        c->has_folds = true;
        return;
    }
    open_model(c->config, weights, &c->ensemble, err);
    if (c->adapted.weights != NULL) {
        open_model(c->config, c->adapted.weights, &c->of_adapted, err);
    }
}

int silbe_posteriors_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    posteriors_context context = {.config = &cli->config};
    openblas_set_num_threads(1); /* items are what runs in parallel */
    stage.run = run_item;
    stage.context = &context;
    open_models(&context, &err);
    add_items(&stage, &context, dataset, &err);
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    free_context(&context);
    return exit_code;
}
