#include "pipeline/train/run/speech_data.h"

#include <stdlib.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/features.h"
#include "pipeline/files/features_file.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/train/data/bootstrap.h"
#include "pipeline/train/run/progress_log.h"

void silbe_speech_data_free(silbe_speech_data *data)
{
    silbe_accompaniment_bank_free(&data->bank);
    free(data->training.items);
    free(data->held_out.items);
    silbe_alignments_free(&data->alignments);
    silbe_corpus_free(&data->corpus);
    *data = (silbe_speech_data)SILBE_SPEECH_DATA_INIT;
}

const char *silbe_speech_root(const silbe_config *config)
{
    const char *name = config->train.speech_root_env;
    const char *value = name[0] != '\0' ? getenv(name) : NULL;
    return value != NULL && value[0] != '\0' ? value : config->train.speech_root;
}

silbe_status silbe_speech_logmel(const silbe_config *config, silbe_logmel_options *logmel,
                                 silbe_err *err)
{
    if ((double)config->features.rate_hz != SILBE_TRAIN_RATE_HZ) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "features.rate_hz is %d, but training reads sound at %g Hz only",
                          config->features.rate_hz, SILBE_TRAIN_RATE_HZ);
    }
    *logmel = silbe_features_options_from(config).logmel;
    return SILBE_OK;
}

uint64_t silbe_alignments_digest(const silbe_alignments *alignments)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < alignments->n_items; i++) {
        const silbe_alignment *a = &alignments->items[i];
        digest = 31 * digest + a->n_frames;
        for (size_t k = 0; k < a->n_segments; k++) {
            const uint32_t numbers[4] = {a->segments[k].begin_frame, a->segments[k].end_frame,
                                         a->segments[k].word, a->segments[k].phone};
            digest = 31 * digest + silbe_crc64(numbers, sizeof numbers);
        }
    }
    return digest;
}

/* What loading goes through. */
typedef struct {
    silbe_cli *cli;
    char *folder; /* WORK/train */
    silbe_logmel_options logmel;
    const char *stage; /* "bootstrap", "realign" */
    bool is_complete;  /* false once a signal stopped it */
} loading;

static bool goes_on(const loading *l, const silbe_err *err)
{
    return l->is_complete && !silbe_failed(err);
}

static void load_corpus(const loading *l, const char *sets, silbe_corpus *corpus, silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_corpus_options o = silbe_corpus_options_default();
    o.root = silbe_speech_root(c);
    o.work = l->folder;
    o.sets = sets;
    o.allowed = c->train.research ? SILBE_SPEECH_RESEARCH : SILBE_SPEECH_MAY_SHIP;
    o.max_seconds = 60.0 * c->train.max_minutes;
    o.logmel = l->logmel;
    silbe_try(err, silbe_corpus_read(&o, corpus, err));
    if (!silbe_failed(err)) {
        silbe_log_info(&l->cli->log, "%s: %zu recordings, %.1f minutes, %zu left out", sets,
                       corpus->n_utterances, corpus->seconds / 60.0, corpus->n_left_out);
        for (size_t i = 0; i < corpus->n_left_out; i++) {
            silbe_log_detail(&l->cli->log, "    left out: %s: %s", corpus->left_out[i].item->file,
                             corpus->left_out[i].reason);
        }
    }
}

static bool should_stop(void *context)
{
    (void)context;
    return silbe_stop_requested();
}

static void on_round(void *context, const silbe_bootstrap_round *r)
{
    const loading *l = context;
    silbe_log_info(
        &l->cli->log,
        "%s: round %zu: loss %.3f (%.1f %%), %.1f %% of frames changed, %.1f %% silence, "
        "%zu without alignment",
        l->stage, r->round, r->loss, 100.0 * r->right, 100.0 * r->changed, 100.0 * r->silence,
        r->n_unaligned);
}

/* Rounds in FOLDER/stage; initial NULL: a flat start. */
static void run_rounds(loading *l, const char *stage, size_t n_rounds, const silbe_corpus *corpus,
                       const silbe_model *initial, silbe_alignments *alignments, silbe_model *model,
                       silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_progress_log progress = {&l->cli->log, stage};
    silbe_bootstrap_options o = silbe_bootstrap_options_default();
    char *folder = silbe_format(err, "%s/%s", l->folder, stage);
    if (c->run.force) {
        silbe_try(err, silbe_remove_tree(folder, err));
    }
    l->stage = stage;
    o.folder = folder;
    o.n_rounds = n_rounds;
    o.steps_per_round = (size_t)c->train.bootstrap_steps;
    o.shape.n_bands = l->logmel.n_bands;
    o.initial = initial;
    o.logmel = l->logmel;
    o.on_round = on_round;
    o.round_context = l;
    o.on_progress = silbe_progress_log_step;
    o.progress_context = &progress;
    o.progress_every = l->cli->log.is_terminal ? 1 : 0;
    o.should_stop = should_stop;
    silbe_try(err, silbe_bootstrap_run(&o, corpus, alignments, model, &l->is_complete, err));
    free(folder);
}

static void align_corpus(loading *l, silbe_speech_data *data, silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_corpus few = SILBE_CORPUS_INIT;
    silbe_model model = SILBE_MODEL_INIT;
    load_corpus(l, c->train.bootstrap_sets, &few, err);
    run_rounds(l, "bootstrap", (size_t)c->train.bootstrap_rounds, &few, NULL, NULL, &model, err);
    silbe_corpus_free(&few);
    if (goes_on(l, err)) {
        load_corpus(l, c->train.sets, &data->corpus, err);
        run_rounds(l, "realign", (size_t)c->train.realign_rounds, &data->corpus, &model,
                   &data->alignments, NULL, err);
    }
    silbe_model_free(&model);
}

/* Utterance i is held out if the whole part of (i + 1) share rises: spread evenly over all sets. */
static void split(const silbe_config *config, silbe_speech_data *data, silbe_err *err)
{
    const silbe_alignments *all = &data->alignments;
    double share = config->train.held_out;
    data->training = data->held_out = *all;
    data->training.items = silbe_alloc(all->n_items, sizeof *all->items, "alignments", err);
    data->held_out.items = silbe_alloc(all->n_items, sizeof *all->items, "alignments", err);
    for (size_t i = 0; i < all->n_items && !silbe_failed(err); i++) {
        bool is_held_out = (size_t)((double)(i + 1) * share) > (size_t)((double)i * share);
        silbe_alignment nothing = {NULL, 0, all->items[i].n_frames};
        data->training.items[i] = is_held_out ? nothing : all->items[i];
        data->held_out.items[i] = is_held_out ? all->items[i] : nothing;
        data->n_held_out += is_held_out && all->items[i].n_segments > 0;
    }
}

static void make_bank(loading *l, silbe_speech_data *data, silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_logmel_cache *cache = NULL;
    silbe_accompaniment_options o = silbe_accompaniment_options_default();
    o.scores = c->train.scores[0] != '\0' ? c->train.scores : NULL;
    o.left_out = c->train.scores_left_out;
    o.n_made_up = (size_t)c->train.made_up_pieces;
    o.n_variants = (size_t)c->train.n_variants;
    o.fonts = c->train.sound_fonts;
    o.folder = l->folder;
    o.logmel = l->logmel;
    o.should_stop = should_stop;
    silbe_try(err, silbe_logmel_cache_new(l->folder, &l->logmel, &cache, err));
    if (!silbe_failed(err) && (o.scores != NULL || o.n_made_up > 0)) {
        silbe_log_info(&l->cli->log, "accompaniment: made unless it is there: some minutes");
        silbe_try(err, silbe_accompaniment_bank_new(&o, cache, &data->bank, err));
    }
    if (silbe_failed(err) && silbe_stop_requested()) {
        /* A signal from the keyboard reaches fluidsynth, too, which then fails. */
        l->is_complete = false;
        (void)silbe_err_begin(err, NULL);
    } else if (!silbe_failed(err)) {
        silbe_log_info(&l->cli->log, "accompaniment: %zu pieces", data->bank.n_pieces);
    }
    silbe_logmel_cache_free(cache);
}

silbe_status silbe_speech_data_new(silbe_cli *cli, silbe_speech_data *data, bool *is_complete,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    loading l = {.cli = cli};
    *is_complete = false;
    if (silbe_speech_root(&cli->config)[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "train.speech_root is needed: the folder that holds manifest.tsv and the "
                          "recordings (or set %s)",
                          cli->config.train.speech_root_env[0] != '\0'
                              ? cli->config.train.speech_root_env
                              : "train.speech_root_env");
    }
    silbe_try(err, silbe_speech_logmel(&cli->config, &l.logmel, err));
    l.folder = silbe_format(err, "%s/train", cli->config.work.folder);
    align_corpus(&l, data, err);
    if (goes_on(&l, err)) {
        split(&cli->config, data, err);
        make_bank(&l, data, err);
    }
    *is_complete = goes_on(&l, err);
    free(l.folder);
    return err->status;
}
