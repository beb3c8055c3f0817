#include "pipeline/train/run/speech_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/features.h"
#include "pipeline/files/features_file.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/train/data/bootstrap.h"
#include "pipeline/train/run/progress_log.h"

enum { PATH_SIZE = SILBE_CONFIG_PATH_SIZE };

void silbe_speech_data_free(silbe_speech_data *data)
{
    silbe_accompaniment_free(&data->bank);
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
    char folder[PATH_SIZE]; /* WORK/train */
    silbe_logmel_options logmel;
    const char *stage; /* "bootstrap", "realign" */
} loading;

static silbe_status join(const char *folder, const char *name, char path[PATH_SIZE], silbe_err *err)
{
    int n = snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return n >= 0 && n < PATH_SIZE
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
}

static silbe_status load_corpus(const loading *l, const char *sets, silbe_corpus *corpus,
                                silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_corpus_options o = silbe_corpus_options_default();
    o.root = silbe_speech_root(c);
    o.work = l->folder;
    o.sets = sets;
    o.allowed = c->train.research ? SILBE_SPEECH_RESEARCH : SILBE_SPEECH_MAY_SHIP;
    o.max_seconds = 60.0 * c->train.max_minutes;
    o.logmel = l->logmel;
    silbe_status status = silbe_corpus_load(&o, corpus, err);
    if (status == SILBE_OK) {
        silbe_log_info(&l->cli->log, "%s: %zu recordings, %.1f minutes, %zu left out", sets,
                       corpus->n_utterances, corpus->seconds / 60.0, corpus->n_left_out);
        for (size_t i = 0; i < corpus->n_left_out; i++) {
            silbe_log_detail(&l->cli->log, "    left out: %s: %s", corpus->left_out[i].item->file,
                             corpus->left_out[i].reason);
        }
    }
    return status;
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
static silbe_status run_rounds(loading *l, const char *stage, size_t n_rounds,
                               const silbe_corpus *corpus, const silbe_model *initial,
                               silbe_alignments *alignments, silbe_model *model, bool *is_complete,
                               silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    char folder[PATH_SIZE];
    silbe_progress_log tell = silbe_progress_log_new(&l->cli->log, stage);
    silbe_bootstrap_options o = silbe_bootstrap_options_default();
    silbe_status status = join(l->folder, stage, folder, err);
    if (status == SILBE_OK && c->run.force) {
        status = silbe_remove_tree(folder, err);
    }
    if (status != SILBE_OK) {
        return status;
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
    o.progress_context = &tell;
    o.progress_every = l->cli->log.is_terminal ? 1 : 0;
    o.should_stop = should_stop;
    return silbe_bootstrap_run(&o, corpus, alignments, model, is_complete, err);
}

static silbe_status align_corpus(loading *l, silbe_speech_data *data, bool *is_complete,
                                 silbe_err *err)
{
    const silbe_config *c = &l->cli->config;
    silbe_corpus few = SILBE_CORPUS_INIT;
    silbe_model model = SILBE_MODEL_INIT;
    silbe_status status = load_corpus(l, c->train.bootstrap_sets, &few, err);
    if (status == SILBE_OK) {
        status = run_rounds(l, "bootstrap", (size_t)c->train.bootstrap_rounds, &few, NULL, NULL,
                            &model, is_complete, err);
    }
    silbe_corpus_free(&few);
    if (status == SILBE_OK && *is_complete) {
        *is_complete = false;
        status = load_corpus(l, c->train.sets, &data->corpus, err);
        if (status == SILBE_OK) {
            status = run_rounds(l, "realign", (size_t)c->train.realign_rounds, &data->corpus,
                                &model, &data->alignments, NULL, is_complete, err);
        }
    }
    silbe_model_free(&model);
    return status;
}

/* Utterance i is held out if the whole part of (i + 1) share rises: spread evenly over all sets. */
static silbe_status split(const silbe_config *config, silbe_speech_data *data, silbe_err *err)
{
    const silbe_alignments *all = &data->alignments;
    data->training = data->held_out = *all;
    data->training.items = calloc(all->n_items + 1, sizeof *all->items);
    data->held_out.items = calloc(all->n_items + 1, sizeof *all->items);
    if (data->training.items == NULL || data->held_out.items == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu alignments", all->n_items);
    }
    double share = config->train.held_out;
    for (size_t i = 0; i < all->n_items; i++) {
        bool is_held_out = (size_t)((double)(i + 1) * share) > (size_t)((double)i * share);
        silbe_alignment nothing = {NULL, 0, all->items[i].n_frames};
        data->training.items[i] = is_held_out ? nothing : all->items[i];
        data->held_out.items[i] = is_held_out ? all->items[i] : nothing;
        data->n_held_out += is_held_out && all->items[i].n_segments > 0;
    }
    return SILBE_OK;
}

static silbe_status make_bank(const loading *l, silbe_speech_data *data, bool *is_complete,
                              silbe_err *err)
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
    silbe_status status = silbe_logmel_cache_new(l->folder, &l->logmel, &cache, err);
    if (status == SILBE_OK && (o.scores != NULL || o.n_made_up > 0)) {
        silbe_log_info(&l->cli->log, "accompaniment: made unless it is there: some minutes");
        status = silbe_accompaniment_make(&o, cache, &data->bank, err);
    }
    if (status != SILBE_OK && silbe_stop_requested()) {
        /* A signal from the keyboard reaches fluidsynth, too, which then fails. */
        *is_complete = false;
        status = SILBE_OK;
    } else if (status == SILBE_OK) {
        silbe_log_info(&l->cli->log, "accompaniment: %zu pieces", data->bank.n_pieces);
    }
    silbe_logmel_cache_free(cache);
    return status;
}

silbe_status silbe_speech_data_load(silbe_cli *cli, silbe_speech_data *data, bool *is_complete,
                                    silbe_err *err)
{
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
    silbe_status status = silbe_speech_logmel(&cli->config, &l.logmel, err);
    if (status == SILBE_OK) {
        status = join(cli->config.work.folder, "train", l.folder, err);
    }
    if (status == SILBE_OK) {
        status = align_corpus(&l, data, is_complete, err);
    }
    if (status == SILBE_OK && *is_complete) {
        status = split(&cli->config, data, err);
    }
    if (status == SILBE_OK && *is_complete) {
        status = make_bank(&l, data, is_complete, err);
    }
    return status;
}
