#include "pipeline/train/run/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/acoustic/folds.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/host/lock.h"
#include "pipeline/host/stop.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/train/run/recording_source.h"
#include "pipeline/train/run/session.h"
#include "pipeline/train/run/speech_data.h"

enum { PATH_SIZE = SILBE_CONFIG_PATH_SIZE, TEXT_SIZE = 1024 };

/* What all rounds and folds share. */
typedef struct {
    silbe_cli *cli;
    silbe_dataset_training kind;
    silbe_dataset dataset;
    silbe_model initial;
    silbe_recordings recordings;
    silbe_speech_data speech;
    silbe_singing_source *speech_source;
    size_t n_speech; /* items of speech in a batch */
    bool *left_out;  /* by recording */
    char *folder;    /* WORK/<dataset>/adapt or train */
} training;

static void free_training(training *t)
{
    silbe_singing_source_free(t->speech_source);
    silbe_speech_data_free(&t->speech);
    silbe_recordings_free(&t->recordings);
    silbe_model_free(&t->initial);
    silbe_dataset_free(&t->dataset);
    free(t->left_out);
    free(t->folder);
}

static silbe_status open_initial(training *t, silbe_err *err)
{
    silbe_config config = t->cli->config;
    if (config.train.initial[0] != '\0') {
        memcpy(config.acoustic.weights, config.train.initial, sizeof config.acoustic.weights);
    }
    silbe_status status = silbe_acoustic_model_open(&config, &t->initial, err);
    return status == SILBE_OK ? silbe_acoustic_check_features(&config, &t->initial, err) : status;
}

/* Singing-like items for the batches, if they are wanted and there is speech. */
static silbe_status open_speech(training *t, bool *is_complete, silbe_err *err)
{
    const silbe_config *config = &t->cli->config;
    size_t n_batch = (size_t)config->train.batch;
    *is_complete = true;
    t->n_speech = (size_t)(config->train.speech_share * (double)n_batch + 0.5);
    t->n_speech = t->n_speech < n_batch ? t->n_speech : n_batch - 1;
    if (t->kind == SILBE_DATASET_ADAPT || silbe_speech_root(config)[0] == '\0' ||
        t->n_speech == 0) {
        t->n_speech = 0;
        return SILBE_OK;
    }
    /* The settings features are what the model hears: open_initial has seen to that. */
    silbe_status status = silbe_speech_data_load(t->cli, &t->speech, is_complete, err);
    if (status == SILBE_OK && *is_complete) {
        const silbe_singing_source_options o = {.singing = silbe_singing_options_default(),
                                                .join = silbe_join_options_default(),
                                                .logmel = t->initial.logmel,
                                                .n_batch = t->n_speech,
                                                .stride = t->initial.shape.input_stride,
                                                .seed = (uint64_t)config->train.seed};
        status = silbe_singing_source_new(&o, &t->speech.corpus, &t->speech.training,
                                          &t->speech.bank, &t->speech_source, err);
    }
    return status;
}

/* Everything that the phones found so far are, as a number. */
static uint64_t digest_of(const training *t)
{
    uint64_t digest = silbe_alignments_digest(&t->speech.training);
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        const silbe_recording *r = &t->recordings.items[i];
        if (!t->left_out[i]) {
            digest = 31 * digest + silbe_crc64(r->phones, r->n_frames * sizeof *r->phones);
            digest = 31 * digest + silbe_crc64(r->weights, r->n_frames * sizeof *r->weights);
            digest = 31 * digest + silbe_crc64(r->name, strlen(r->name)) + r->n_pieces;
        }
    }
    return digest;
}

static char *make_comment(const training *t)
{
    const silbe_config *c = &t->cli->config;
    size_t size = strlen(t->initial.comment) + 4 * TEXT_SIZE, n_used = 0;
    char *text = malloc(size);
    if (text == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        n_used += !t->left_out[i];
    }
    int n = snprintf(
        text, size,
        "Made by silbe-train %s from weights that were there (CRC-64 of their numbers %016llx), by "
        "learning from %zu recordings of the dataset %.200s and their %s, %d rounds of %d epochs, "
        "peak rate %g%s. The licences of these recordings decide who may pass it on.\n",
        silbe_version(),
        (unsigned long long)silbe_crc64(t->initial.params,
                                        t->initial.layout.n_params * sizeof(float)),
        n_used, c->dataset.name,
        t->kind == SILBE_DATASET_ADAPT ? "lyrics alone" : "word times by their scores",
        c->adapt.rounds, c->adapt.epochs, c->adapt.peak_rate,
        t->n_speech > 0 ? ", with speech in each batch" : "");
    (void)snprintf(text + n, size - (size_t)n, "The weights before:\n%.*s", 60000,
                   t->initial.comment);
    return text;
}

static void log_round(training *t, const char *name, double logp)
{
    size_t n_pieces = 0, n_used = 0;
    double confidence = 0.0;
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        const silbe_recording *r = &t->recordings.items[i];
        if (!t->left_out[i]) {
            n_pieces += r->n_pieces;
            confidence += r->confidence;
            n_used++;
        }
    }
    silbe_log_info(&t->cli->log,
                   "%s: %zu recordings, %zu pieces, confidence %.3f, log-probability %.3f a frame",
                   name, n_used, n_pieces, n_used > 0 ? confidence / (double)n_used : 0.0, logp);
}

/* One round: finds phones with *model and trains on them; *model becomes the result. */
static silbe_status run_round(training *t, const char *name, const char *out, silbe_model *model,
                              bool *is_complete, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    silbe_recording_source *source = NULL;
    silbe_model next = SILBE_MODEL_INIT;
    char description[TEXT_SIZE];
    double logp = 0.0;
    char *comment = make_comment(t);
    silbe_recording_source_options o = {.recordings = &t->recordings,
                                        .left_out = t->left_out,
                                        .stride = model->shape.input_stride,
                                        .n_batch = (size_t)c->train.batch - t->n_speech,
                                        .n_masks = (size_t)c->adapt.masks,
                                        .seed = (uint64_t)c->train.seed,
                                        .speech = t->speech_source};
    silbe_status status = comment == NULL
                              ? silbe_fail(err, SILBE_ERR_MEMORY, "out of memory")
                              : silbe_recordings_align(t->cli, model, &t->recordings, &logp, err);
    if (status == SILBE_OK) {
        log_round(t, name, logp);
        status = silbe_recording_source_new(&o, &source, err);
    }
    if (status == SILBE_OK) {
        size_t n_pieces = silbe_recording_source_n_pieces(source);
        (void)snprintf(description, sizeof description,
                       "%zu recordings %016llx\npieces %zu\nmasks %zu speech %zu",
                       t->recordings.n_items, (unsigned long long)digest_of(t), n_pieces, o.n_masks,
                       t->n_speech);
        const silbe_session session = {
            .config = c,
            .log = &t->cli->log,
            .name = name,
            .out = out,
            .description = description,
            .comment = comment,
            .shape = model->shape,
            .logmel = model->logmel,
            .rate_hz = model->rate_hz,
            .initial = model,
            .source = silbe_recording_source_next,
            .source_context = source,
            .n_steps = ((size_t)c->adapt.epochs * n_pieces + o.n_batch - 1) / o.n_batch,
            .n_batch = (size_t)c->train.batch,
            .peak_rate = c->adapt.peak_rate};
        status = silbe_session_run(&session, &next, is_complete, err);
    }
    if (status == SILBE_OK && *is_complete) {
        silbe_model_free(model);
        *model = next;
        next = (silbe_model)SILBE_MODEL_INIT;
    }
    silbe_model_free(&next);
    silbe_recording_source_free(source);
    free(comment);
    return status;
}

static silbe_status copy_model(const silbe_model *from, silbe_model *to, silbe_err *err)
{
    unsigned char *bytes = NULL;
    size_t size;
    silbe_status status = silbe_weights_format(from, SILBE_WEIGHTS_FLOAT32, &bytes, &size, err);
    if (status == SILBE_OK) {
        status = silbe_weights_parse(bytes, size, to, err);
    }
    free(bytes);
    return status;
}

/* All rounds; the last one writes `out`, the others PREFIXround_RR beside it. title: for progress.
 */
static silbe_status run_rounds(training *t, const char *out, const char *prefix, const char *title,
                               bool *is_complete, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    silbe_model model = SILBE_MODEL_INIT;
    silbe_status status = copy_model(&t->initial, &model, err);
    *is_complete = status == SILBE_OK;
    for (int round = 1; round <= c->adapt.rounds && status == SILBE_OK && *is_complete; round++) {
        char path[PATH_SIZE], name[128];
        (void)snprintf(name, sizeof name, "%sround %d of %d", title, round, c->adapt.rounds);
        int n = snprintf(path, sizeof path, "%s/%sround_%02d.weights", t->folder, prefix, round);
        if (n < 0 || (size_t)n >= sizeof path) {
            status = silbe_fail(err, SILBE_ERR_ARGUMENT, "work.folder is too long a path");
            break;
        }
        *is_complete = false;
        status =
            run_round(t, name, round == c->adapt.rounds ? out : path, &model, is_complete, err);
        if (*is_complete && silbe_stop_requested() && round < c->adapt.rounds) {
            *is_complete = false;
        }
    }
    silbe_model_free(&model);
    return status;
}

/* The different works of the recordings, in their order; n_items names at most. */
static size_t list_works(const silbe_recordings *recordings, const char **works)
{
    size_t n = 0;
    for (size_t i = 0; i < recordings->n_items; i++) {
        size_t k = 0;
        while (k < n && strcmp(works[k], recordings->items[i].work) != 0) {
            k++;
        }
        if (k == n) {
            works[n++] = recordings->items[i].work;
        }
    }
    return n;
}

/* Work number w belongs to fold w % n_folds. */
static silbe_status run_fold(training *t, size_t fold, size_t n_folds, const char **works,
                             size_t n_works, bool *is_complete, silbe_err *err)
{
    char out[PATH_SIZE], prefix[32], title[64];
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        size_t w = 0;
        while (w < n_works && strcmp(works[w], t->recordings.items[i].work) != 0) {
            w++;
        }
        t->left_out[i] = w % n_folds == fold;
    }
    (void)snprintf(title, sizeof title, "fold %zu of %zu, ", fold + 1, n_folds);
    (void)snprintf(prefix, sizeof prefix, "fold_%zu_", fold + 1);
    int n = snprintf(out, sizeof out, "%s/fold_%zu.weights", t->folder, fold + 1);
    return n >= 0 && (size_t)n < sizeof out
               ? run_rounds(t, out, prefix, title, is_complete, err)
               : silbe_fail(err, SILBE_ERR_ARGUMENT, "work.folder is too long a path");
}

static silbe_status write_folds(const training *t, size_t n_folds, const char **works,
                                size_t n_works, silbe_err *err)
{
    char path[PATH_SIZE];
    silbe_fold *folds = calloc(n_folds, sizeof *folds);
    const char **sorted = calloc(n_works, sizeof *sorted);
    char(*names)[64] = calloc(n_folds, sizeof *names);
    silbe_status status = folds != NULL && sorted != NULL && names != NULL
                              ? SILBE_OK
                              : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    size_t n = 0;
    for (size_t k = 0; k < n_folds && status == SILBE_OK; k++) {
        (void)snprintf(names[k], sizeof names[k], "fold_%zu.weights", k + 1);
        folds[k] = (silbe_fold){names[k], sorted + n, 0};
        for (size_t w = k; w < n_works; w += n_folds) {
            sorted[n++] = works[w];
            folds[k].n_works++;
        }
    }
    if (status == SILBE_OK) {
        (void)snprintf(path, sizeof path, "%.4000s/folds.json", t->folder);
        status = silbe_folds_write(path, folds, n_folds, err);
    }
    if (status == SILBE_OK) {
        silbe_log_info(&t->cli->log, "for acoustic.weights: %s", path);
    }
    free(names);
    free(sorted);
    free(folds);
    return status;
}

static silbe_status run_folds(training *t, bool *is_complete, silbe_err *err)
{
    size_t n_folds = (size_t)t->cli->config.train.folds;
    const char **works = calloc(t->recordings.n_items, sizeof *works);
    if (works == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    size_t n_works = list_works(&t->recordings, works);
    silbe_status status = SILBE_OK;
    if (n_folds < 2 || n_folds > n_works) {
        status = silbe_fail(err, SILBE_ERR_ARGUMENT,
                            "train.folds should be 2 to %zu, the number of works with results of "
                            "the mode score, or 0; got %zu",
                            n_works, n_folds);
    }
    *is_complete = status == SILBE_OK;
    for (size_t k = 0; k < n_folds && status == SILBE_OK && *is_complete; k++) {
        status = run_fold(t, k, n_folds, works, n_works, is_complete, err);
    }
    if (status == SILBE_OK && *is_complete) {
        status = write_folds(t, n_folds, works, n_works, err);
    }
    free(works);
    return status;
}

static silbe_status run_all(training *t, bool *is_complete, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    bool is_adapt = t->kind == SILBE_DATASET_ADAPT;
    char out[PATH_SIZE];
    if (!is_adapt && c->train.folds > 0) {
        return run_folds(t, is_complete, err);
    }
    int n = c->train.out[0] != '\0' ? snprintf(out, sizeof out, "%s", c->train.out)
                                    : snprintf(out, sizeof out, "%s/%s.weights", t->folder,
                                               is_adapt ? "adapted" : "singing");
    return n >= 0 && (size_t)n < sizeof out
               ? run_rounds(t, out, "", "", is_complete, err)
               : silbe_fail(err, SILBE_ERR_ARGUMENT, "work.folder is too long a path");
}

silbe_status silbe_dataset_training_run(silbe_cli *cli, silbe_dataset_training kind,
                                        bool *is_complete, silbe_err *err)
{
    training t = {.cli = cli, .kind = kind};
    silbe_lock lock = SILBE_LOCK_INIT;
    bool has_speech = false;
    *is_complete = false;
    t.folder =
        silbe_stage_path(&cli->config, kind == SILBE_DATASET_ADAPT ? "adapt" : "train", NULL);
    silbe_status status = t.folder == NULL ? silbe_fail(err, SILBE_ERR_MEMORY, "out of memory")
                                           : silbe_config_check_dataset(&cli->config, err);
    if (status == SILBE_OK) {
        status = silbe_open_dataset(cli, &t.dataset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_stage_lock(&cli->config, cli->run.program, &lock, err);
    }
    if (status == SILBE_OK) {
        status = open_initial(&t, err);
    }
    if (status == SILBE_OK) {
        status = silbe_recordings_load(cli, &t.dataset, &t.initial,
                                       kind == SILBE_DATASET_FROM_SCORES, &t.recordings, err);
    }
    if (status == SILBE_OK) {
        t.left_out = calloc(t.recordings.n_items, sizeof *t.left_out);
        status = t.left_out != NULL ? open_speech(&t, &has_speech, err)
                                    : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (status == SILBE_OK && has_speech) {
        status = run_all(&t, is_complete, err);
    }
    silbe_lock_release(&lock);
    free_training(&t);
    return status;
}
