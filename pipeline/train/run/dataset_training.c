#include "pipeline/train/run/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/acoustic/folds.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/host/lock.h"
#include "pipeline/host/stop.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/train/run/recordings.h"
#include "pipeline/train/run/session.h"
#include "pipeline/train/run/speech_data.h"

typedef enum { SILBE_DATASET_ADAPT, SILBE_DATASET_FROM_SCORES } silbe_dataset_training;

/* What all rounds and folds share. */
typedef struct {
    silbe_cli *cli;
    silbe_dataset_training kind;
    const silbe_dataset *dataset;
    silbe_model initial;
    silbe_recordings recordings;
    silbe_speech_data speech;
    silbe_singing_source *speech_source;
    size_t n_speech;  /* items of speech in a batch */
    bool *left_out;   /* by recording */
    char *folder;     /* WORK/<dataset>/adapt or train */
    bool is_complete; /* false once a signal stopped it */
} training;

static void free_training(training *t)
{
    silbe_singing_source_free(t->speech_source);
    silbe_speech_data_free(&t->speech);
    silbe_recordings_free(&t->recordings);
    silbe_model_free(&t->initial);
    free(t->left_out);
    free(t->folder);
}

static bool goes_on(const training *t, const silbe_err *err)
{
    return t->is_complete && !silbe_failed(err);
}

static void open_initial(training *t, silbe_err *err)
{
    silbe_config config = t->cli->config;
    if (config.train.initial[0] != '\0') {
        memcpy(config.acoustic.weights, config.train.initial, sizeof config.acoustic.weights);
    }
    silbe_try(err, silbe_acoustic_model_first(&config, &t->initial, err));
    silbe_try(err, silbe_acoustic_check_features(&config, &t->initial, err));
}

/* Singing-like items for the batches, if they are wanted and there is speech. */
static void open_speech(training *t, silbe_err *err)
{
    const silbe_config *config = &t->cli->config;
    size_t n_batch = (size_t)config->train.batch;
    t->is_complete = true;
    t->n_speech = (size_t)(config->train.speech_share * (double)n_batch + 0.5);
    t->n_speech = t->n_speech < n_batch ? t->n_speech : n_batch - 1;
    if (t->kind == SILBE_DATASET_ADAPT || silbe_speech_root(config)[0] == '\0' ||
        t->n_speech == 0) {
        t->n_speech = 0;
        return;
    }
    /* The settings features are what the model hears: open_initial has seen to that. */
    silbe_try(err, silbe_speech_data_new(t->cli, &t->speech, &t->is_complete, err));
    if (goes_on(t, err)) {
        const silbe_singing_source_options o = {.singing = silbe_singing_options_default(),
                                                .join = silbe_join_options_default(),
                                                .logmel = t->initial.logmel,
                                                .n_batch = t->n_speech,
                                                .stride = t->initial.shape.input_stride,
                                                .seed = (uint64_t)config->train.seed};
        silbe_try(err, silbe_singing_source_new(&o, &t->speech.corpus, &t->speech.training,
                                                &t->speech.bank, &t->speech_source, err));
    }
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

static char *make_comment(const training *t, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    size_t n_used = 0;
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        n_used += !t->left_out[i];
    }
    return silbe_format(
        err,
        "Made by silbe-train %s from weights that were there (CRC-64 of their numbers %016llx), by "
        "learning from %zu recordings of the dataset %.200s and their %s, %d rounds of %d epochs, "
        "peak rate %g%s. The licences of these recordings decide who may pass it on.\n"
        "The weights before:\n%.60000s",
        silbe_version(),
        (unsigned long long)silbe_crc64(t->initial.params,
                                        t->initial.layout.n_params * sizeof(float)),
        n_used, c->dataset.name,
        t->kind == SILBE_DATASET_ADAPT ? "lyrics alone" : "word times by their scores",
        c->adapt.rounds, c->adapt.epochs, c->adapt.peak_rate,
        t->n_speech > 0 ? ", with speech in each batch" : "", t->initial.comment);
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

/* One round: finds phones with *model and trains on them; *model becomes the result. n_more: rounds
 * that follow. */
static void run_round(training *t, const char *name, const char *out, size_t n_more,
                      silbe_model *model, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    silbe_piece_source *source = NULL;
    silbe_model next = SILBE_MODEL_INIT;
    double logp = 0.0;
    const silbe_piece_source_options o = {.n_batch = (size_t)c->train.batch - t->n_speech,
                                          .n_masks = (size_t)c->adapt.masks,
                                          .seed = (uint64_t)c->train.seed,
                                          .speech = t->speech_source};
    silbe_try(err, silbe_recordings_align(t->cli, model, &t->recordings, &logp, err));
    if (silbe_failed(err)) {
        return;
    }
    log_round(t, name, logp);
    silbe_try(err, silbe_recordings_source(&t->recordings, t->left_out, model->shape.input_stride,
                                           o, &source, err));
    size_t n_pieces = source != NULL ? silbe_piece_source_n_pieces(source) : 0;
    char *comment = make_comment(t, err);
    char *description = silbe_format(
        err, "%zu recordings %016llx\npieces %zu\nmasks %zu speech %zu", t->recordings.n_items,
        (unsigned long long)digest_of(t), n_pieces, o.n_masks, t->n_speech);
    const silbe_session session = {.config = c,
                                   .log = &t->cli->log,
                                   .name = name,
                                   .out = out,
                                   .description = description,
                                   .comment = comment,
                                   .shape = model->shape,
                                   .logmel = model->logmel,
                                   .rate_hz = model->rate_hz,
                                   .initial = model,
                                   .source = silbe_piece_source_next,
                                   .source_context = source,
                                   .n_steps = ((size_t)c->adapt.epochs * n_pieces + o.n_batch - 1) /
                                              o.n_batch,
                                   .n_batch = (size_t)c->train.batch,
                                   .n_more = n_more,
                                   .peak_rate = c->adapt.peak_rate};
    silbe_try(err, silbe_session_run(&session, &next, &t->is_complete, err));
    if (goes_on(t, err)) {
        silbe_model_free(model);
        *model = next;
        next = (silbe_model)SILBE_MODEL_INIT;
    }
    silbe_model_free(&next);
    silbe_piece_source_free(source);
    free(comment);
    free(description);
}

static void copy_model(const silbe_model *from, silbe_model *to, silbe_err *err)
{
    unsigned char *bytes = NULL;
    size_t size;
    silbe_try(err, silbe_weights_format(from, SILBE_WEIGHTS_FLOAT32, &bytes, &size, err));
    silbe_try(err, silbe_weights_parse(bytes, size, to, err));
    free(bytes);
}

/* All rounds; the last one writes `out`, the others PREFIXround_RR beside it. title: for progress.
 */
static void run_rounds(training *t, const char *out, const char *prefix, const char *title,
                       silbe_err *err)
{
    const int n_rounds = t->cli->config.adapt.rounds;
    silbe_model model = SILBE_MODEL_INIT;
    copy_model(&t->initial, &model, err);
    t->is_complete = true;
    for (int round = 1; round <= n_rounds && goes_on(t, err); round++) {
        bool is_last = round == n_rounds;
        char *name = silbe_format(err, "%sround %d of %d", title, round, n_rounds);
        char *path = silbe_format(err, "%s/%sround_%02d.weights", t->folder, prefix, round);
        if (!silbe_failed(err)) {
            run_round(t, name, is_last ? out : path, (size_t)(n_rounds - round), &model, err);
        }
        t->is_complete = t->is_complete && (is_last || !silbe_stop_requested());
        free(name);
        free(path);
    }
    silbe_model_free(&model);
}

static size_t find_work(const char *const *works, size_t n_works, const char *work)
{
    size_t w = 0;
    while (w < n_works && strcmp(works[w], work) != 0) {
        w++;
    }
    return w;
}

/* Work number w belongs to fold w % n_folds. */
static void run_fold(training *t, size_t fold, size_t n_folds, const char **works, size_t n_works,
                     silbe_err *err)
{
    for (size_t i = 0; i < t->recordings.n_items; i++) {
        t->left_out[i] = find_work(works, n_works, t->recordings.items[i].work) % n_folds == fold;
    }
    char *title = silbe_format(err, "fold %zu of %zu, ", fold + 1, n_folds);
    char *prefix = silbe_format(err, "fold_%zu_", fold + 1);
    char *out = silbe_format(err, "%s/fold_%zu.weights", t->folder, fold + 1);
    run_rounds(t, out, prefix, title, err);
    free(title);
    free(prefix);
    free(out);
}

static void write_folds(const training *t, size_t n_folds, const char **works, size_t n_works,
                        silbe_err *err)
{
    silbe_fold *folds = silbe_alloc(n_folds, sizeof *folds, "folds", err);
    const char **sorted = silbe_alloc(n_works, sizeof *sorted, "works", err);
    char(*names)[64] = silbe_alloc(n_folds, sizeof *names, "folds", err);
    char *path = silbe_format(err, "%s/folds.json", t->folder);
    size_t n = 0;
    for (size_t k = 0; k < n_folds && !silbe_failed(err); k++) {
        (void)snprintf(names[k], sizeof names[k], "fold_%zu.weights", k + 1);
        folds[k] = (silbe_fold){names[k], sorted + n, 0};
        for (size_t w = k; w < n_works; w += n_folds) {
            sorted[n++] = works[w];
            folds[k].n_works++;
        }
    }
    silbe_try(err, silbe_folds_write(path, folds, n_folds, err));
    if (!silbe_failed(err)) {
        silbe_log_info(&t->cli->log, "for acoustic.weights: %s", path);
    }
    free(path);
    free(names);
    free(sorted);
    free(folds);
}

static void run_folds(training *t, silbe_err *err)
{
    size_t n_folds = (size_t)t->cli->config.train.folds, n_works = 0;
    const char **works = silbe_alloc(t->recordings.n_items, sizeof *works, "works", err);
    for (size_t i = 0; i < t->recordings.n_items && !silbe_failed(err); i++) {
        const char *work = t->recordings.items[i].work;
        if (find_work(works, n_works, work) == n_works) {
            works[n_works++] = work;
        }
    }
    if (!silbe_failed(err) && (n_folds < 2 || n_folds > n_works)) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "train.folds should be 2 to %zu, the number of works with results of "
                         "the mode score, or 0; got %zu",
                         n_works, n_folds);
    }
    for (size_t k = 0; k < n_folds && goes_on(t, err); k++) {
        run_fold(t, k, n_folds, works, n_works, err);
    }
    if (goes_on(t, err)) {
        write_folds(t, n_folds, works, n_works, err);
    }
    free(works);
}

static void run_all(training *t, silbe_err *err)
{
    const silbe_config *c = &t->cli->config;
    if (t->kind == SILBE_DATASET_ADAPT) {
        char *out = silbe_format(err, "%s/%s", t->folder, SILBE_ADAPTED_WEIGHTS);
        run_rounds(t, out, "", "", err);
        free(out);
    } else if (c->train.folds > 0) {
        run_folds(t, err);
    } else {
        char *out = c->train.out[0] != '\0' ? silbe_copy_text(c->train.out, err)
                                            : silbe_format(err, "%s/singing.weights", t->folder);
        run_rounds(t, out, "", "", err);
        free(out);
    }
}

/* Everything between the locks. */
static void train(training *t, bool *is_complete, silbe_err *err)
{
    silbe_cli *cli = t->cli;
    bool with_scores = t->kind != SILBE_DATASET_ADAPT;
    t->folder = silbe_chain_folder(&cli->config, with_scores ? "train" : "adapt", err);
    open_initial(t, err);
    silbe_try(
        err, silbe_recordings_read(cli, t->dataset, &t->initial, with_scores, &t->recordings, err));
    t->left_out = silbe_alloc(t->recordings.n_items, sizeof *t->left_out, "recordings", err);
    open_speech(t, err);
    if (goes_on(t, err)) {
        run_all(t, err);
    }
    *is_complete = goes_on(t, err);
    free_training(t);
}

silbe_status silbe_score_training_run(silbe_cli *cli, bool *is_complete, silbe_err *err)
{
    silbe_err own;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    training t = {.cli = cli, .kind = SILBE_DATASET_FROM_SCORES, .dataset = &dataset};
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_config_check_dataset(&cli->config, err));
    silbe_try(err, silbe_open_dataset(cli, &dataset, err));
    silbe_try(err, silbe_stage_lock(&cli->config, cli->run.program, &lock, err));
    train(&t, is_complete, err);
    silbe_lock_release(&lock);
    silbe_dataset_free(&dataset);
    return err->status;
}

silbe_status silbe_adapt_training_run(silbe_cli *cli, const silbe_dataset *dataset,
                                      bool *is_complete, silbe_err *err)
{
    silbe_err own;
    training t = {.cli = cli, .kind = SILBE_DATASET_ADAPT, .dataset = dataset};
    err = silbe_err_begin(err, &own);
    train(&t, is_complete, err);
    return err->status;
}
