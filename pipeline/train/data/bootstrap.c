#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/bootstrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "pipeline/host/run_info.h"
#include "pipeline/train/data/piece_source.h"
#include "pipeline/train/learn/settings_file.h"

silbe_bootstrap_options silbe_bootstrap_options_default(void)
{
    return (silbe_bootstrap_options){
        .n_rounds = 8,
        .steps_per_round = 120,
        .n_batch = 16,
        .peak_rate = 2e-3,
        .smoothing = 0.1,
        .seed = 1,
        .shape = {.n_bands = 80,
                  .n_channels = 128,
                  .n_hidden = 256,
                  .n_classes = SILBE_N_PHONES,
                  .n_blocks = 2,
                  .dilations = {1, 1},
                  .block_width = 3,
                  .input_width = 5,
                  .input_stride = 2},
        .realign = silbe_realign_options_default(),
        .logmel = silbe_logmel_options_default(),
    };
}

/* What the rounds share. */
typedef struct {
    const silbe_bootstrap_options *options;
    const silbe_corpus *corpus;
    silbe_alignments now;
    silbe_alignments before;
    silbe_model model;
    bool has_model;
    bool stopped;
    double loss; /* sums over the last tenth of the steps */
    double right;
    size_t n_last;
} run;

/* FOLDER/round_RR.ending */
static char *path_of(const run *r, size_t round, const char *ending, silbe_err *err)
{
    return silbe_format(err, "%s/round_%02zu.%s", r->options->folder, round, ending);
}

static void new_model(const run *r, silbe_model *model, silbe_err *err)
{
    const char *names[SILBE_N_PHONES];
    silbe_list_phone_names(names);
    silbe_try(err, silbe_model_new(&r->options->shape, names, SILBE_PHONE_SILENCE, model, err));
    if (!silbe_failed(err)) {
        model->logmel = r->options->logmel;
    }
}

/* The alignment without training. */
static void start(run *r, silbe_bootstrap_round *report, silbe_err *err)
{
    if (r->options->initial != NULL) {
        const silbe_model *m = r->options->initial;
        double log_prior[SILBE_N_PHONES];
        for (size_t p = 0; p < SILBE_N_PHONES; p++) {
            log_prior[p] = (double)m->log_prior[p];
        }
        silbe_try(err, silbe_realign_run(r->corpus, m, log_prior, &r->options->realign, &r->now,
                                         &report->logp, &report->n_unaligned, err));
        return;
    }
    for (size_t i = 0; i < r->corpus->n_utterances && !silbe_failed(err); i++) {
        const silbe_utterance *u = &r->corpus->utterances[i];
        silbe_err reason = SILBE_ERR_INIT;
        silbe_status status = silbe_align_flat(r->corpus, u, r->options->shape.input_stride,
                                               &r->now.items[i], &reason);
        if (status == SILBE_ERR_INFEASIBLE) {
            report->n_unaligned++;
        } else if (status != SILBE_OK) {
            (void)silbe_fail(err, status, "%s: %s", u->item->file, reason.message);
        }
    }
}

static void on_step(void *context, const silbe_train_progress *progress)
{
    run *r = context;
    size_t steps = r->options->steps_per_round, step = progress->report.step;
    if (step >= steps - (steps + 9) / 10) {
        r->loss += progress->report.loss;
        r->right += progress->report.right;
        r->n_last++;
    }
    if (r->options->on_progress != NULL && r->options->progress_every > 0 &&
        (step + 1) % r->options->progress_every == 0) {
        r->options->on_progress(r->options->progress_context, progress);
    }
}

static silbe_trainer *make_trainer(const run *r, size_t round, silbe_err *err)
{
    const silbe_bootstrap_options *o = r->options;
    const silbe_model *from = r->has_model ? &r->model : o->initial;
    silbe_trainer_options t = silbe_trainer_options_default(&o->shape, o->steps_per_round);
    silbe_trainer *trainer = NULL;
    t.optimiser.peak_rate = o->peak_rate;
    t.optimiser.warmup_steps = o->steps_per_round < 200 ? o->steps_per_round / 10 + 1 : 20;
    t.optimiser.average_decay = 0.98;
    t.seed = o->seed + round;
    silbe_try(err, silbe_trainer_new(&t, &trainer, err));
    if (from != NULL) {
        silbe_try(err, silbe_trainer_set_params(trainer, from, err));
    }
    return trainer;
}

/* The trainer's average as r->model. */
static void take_model(run *r, const silbe_trainer *trainer, const double *log_prior,
                       silbe_err *err)
{
    if (!r->has_model) {
        new_model(r, &r->model, err);
    }
    r->has_model = r->has_model || !silbe_failed(err);
    silbe_try(err, silbe_trainer_get_model(trainer, &r->model, err));
    for (size_t p = 0; p < SILBE_N_PHONES && !silbe_failed(err); p++) {
        r->model.log_prior[p] = (float)log_prior[p];
    }
}

/* Trains on r->now; r->model becomes the result. */
static void train(run *r, size_t round, const double *log_prior, silbe_err *err)
{
    const silbe_bootstrap_options *o = r->options;
    silbe_piece_source *source = NULL;
    const silbe_frames_settings settings = {o->smoothing};
    silbe_loss loss = silbe_loss_frames(&settings);
    bool is_complete = false;
    char *checkpoint = path_of(r, round, "checkpoint", err);
    char *curve = path_of(r, round, "csv", err);
    silbe_try(err, silbe_piece_source_of_speech(r->corpus, &r->now, o->n_batch,
                                                o->seed + 1000 * round, &source, err));
    silbe_trainer *trainer = make_trainer(r, round, err);
    const silbe_train_loop_options loop = {.n_steps = o->steps_per_round,
                                           .checkpoint_path = checkpoint,
                                           .checkpoint_every = 50,
                                           .curve_path = curve,
                                           .progress_every = 1,
                                           .on_progress = on_step,
                                           .progress_context = r,
                                           .hop_s = o->logmel.hop_s,
                                           .should_stop = o->should_stop,
                                           .stop_context = o->stop_context};
    silbe_try(err, silbe_train_loop_run(trainer, &loss, silbe_piece_source_next, source, &loop,
                                        &is_complete, err));
    r->stopped = !silbe_failed(err) && !is_complete;
    if (is_complete) {
        take_model(r, trainer, log_prior, err);
    }
    silbe_piece_source_free(source);
    silbe_trainer_free(trainer);
    free(checkpoint);
    free(curve);
}

/* Prior as the weights file keeps it, so that a resumed run sees the same numbers. */
static void prior_of(const silbe_alignments *alignments, double *log_prior)
{
    silbe_alignments_log_prior(alignments, log_prior);
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = (double)(float)log_prior[p];
    }
}

static void swap(run *r)
{
    silbe_alignments swapped = r->now;
    r->now = r->before;
    r->before = swapped;
}

static void report_round(const run *r, silbe_bootstrap_round *report)
{
    size_t silence = 0, total = 0;
    report->n_unaligned = 0;
    for (size_t i = 0; i < r->now.n_items; i++) {
        const silbe_alignment *a = &r->now.items[i];
        report->n_unaligned += a->n_segments == 0;
        for (size_t k = 0; k < a->n_segments; k++) {
            size_t n = a->segments[k].end_frame - a->segments[k].begin_frame;
            silence += a->segments[k].phone == SILBE_PHONE_SILENCE ? n : 0;
            total += n;
        }
    }
    report->silence = total > 0 ? (double)silence / (double)total : 0.0;
    if (report->round > 0) {
        report->changed = silbe_alignments_changed(&r->before, &r->now);
    }
    if (r->n_last > 0) {
        report->loss = r->loss / (double)r->n_last;
        report->right = r->right / (double)r->n_last;
    }
    report->alignments = &r->now;
    report->model = r->has_model ? &r->model : NULL;
    if (r->options->on_round != NULL) {
        r->options->on_round(r->options->round_context, report);
    }
}

/* A model from the round before, and r->now by it; the model's file. */
static void train_and_align(run *r, size_t round, silbe_bootstrap_round *report, silbe_err *err)
{
    double log_prior[SILBE_N_PHONES];
    double begin_s = silbe_clock_s();
    prior_of(&r->before, log_prior);
    swap(r); /* train on the round before */
    train(r, round, log_prior, err);
    swap(r);
    report->train_s = silbe_clock_s() - begin_s;
    if (silbe_failed(err) || r->stopped) {
        return;
    }
    begin_s = silbe_clock_s();
    silbe_try(err, silbe_realign_run(r->corpus, &r->model, log_prior, &r->options->realign, &r->now,
                                     &report->logp, &report->n_unaligned, err));
    report->align_s = silbe_clock_s() - begin_s;
    char *path = path_of(r, round, "weights", err);
    silbe_try(err, silbe_weights_write(path, &r->model, SILBE_WEIGHTS_FLOAT32, err));
    free(path);
}

/* Makes round r->now and its files; tsv, written last: the round is done when it is there. */
static void make_round(run *r, size_t round, const char *tsv, silbe_bootstrap_round *report,
                       silbe_err *err)
{
    if (round == 0) {
        start(r, report, err);
    } else {
        train_and_align(r, round, report, err);
    }
    if (r->stopped) {
        return;
    }
    silbe_try(err, silbe_alignments_write(tsv, r->corpus, &r->now, err));
    char *checkpoint = path_of(r, round, "checkpoint", err);
    if (checkpoint != NULL) {
        (void)unlink(checkpoint);
    }
    free(checkpoint);
}

/* The files of a round that was done before. */
static void read_round(run *r, size_t round, const char *tsv, silbe_err *err)
{
    silbe_try(err, silbe_alignments_read(tsv, r->corpus, &r->now, err));
    if (round > 0 && !silbe_failed(err)) {
        char *weights = path_of(r, round, "weights", err);
        silbe_model_free(&r->model);
        silbe_try(err, silbe_weights_read(weights, &r->model, err));
        r->has_model = !silbe_failed(err);
        free(weights);
    }
}

/* Everything that the result depends on, but for the sound itself (of which the lengths stand
 * here). */
static char *describe(const silbe_bootstrap_options *o, const silbe_corpus *corpus, silbe_err *err)
{
    size_t n_frames = 0, n_words = 0, used = 0;
    uint64_t names = 0;
    char dilations[24 * SILBE_NET_MAX_BLOCKS] = "";
    for (size_t i = 0; i < corpus->n_utterances; i++) {
        const silbe_utterance *u = &corpus->utterances[i];
        n_frames += u->logmel.n_rows;
        n_words += u->n_words;
        names = 31 * names + silbe_crc64(u->item->file, strlen(u->item->file)) +
                silbe_crc64(u->item->text, strlen(u->item->text)) + u->logmel.n_rows;
    }
    uint64_t start = o->initial == NULL ? 0
                                        : silbe_crc64(o->initial->params,
                                                      o->initial->layout.n_params * sizeof(float));
    for (size_t b = 0; b < o->shape.n_blocks; b++) {
        used += (size_t)snprintf(dilations + used, sizeof dilations - used, " %zu",
                                 o->shape.dilations[b]);
    }
    return silbe_format(
        err,
        "bootstrap 1, phone set %d\nsteps %zu batch %zu rate %.17g smoothing %.17g seed %llu\n"
        "net %zu %zu %zu %zu %zu width %zu %zu stride %zu dilations%s\n"
        "prior %.17g scale %.17g initial %016llx\n%zu utterances %zu words %zu frames %016llx\n",
        SILBE_PHONE_SET_VERSION, o->steps_per_round, o->n_batch, o->peak_rate, o->smoothing,
        (unsigned long long)o->seed, o->shape.n_bands, o->shape.n_channels, o->shape.n_hidden,
        o->shape.n_classes, o->shape.n_blocks, o->shape.block_width, o->shape.input_width,
        o->shape.input_stride, dilations, o->realign.prior_scale, o->realign.scale,
        (unsigned long long)start, corpus->n_utterances, n_words, n_frames,
        (unsigned long long)names);
}

static void check_settings(const silbe_bootstrap_options *o, const silbe_corpus *corpus,
                           silbe_err *err)
{
    char *path = silbe_format(err, "%s/settings.txt", o->folder);
    char *text = describe(o, corpus, err);
    silbe_try(err, silbe_make_folders(o->folder, err));
    silbe_try(err, silbe_settings_file_check(path, text,
                                             "the folder holds a run with other settings or "
                                             "recordings: take another folder, or delete this one",
                                             err));
    free(path);
    free(text);
}

static void run_rounds(run *r, silbe_err *err)
{
    check_settings(r->options, r->corpus, err);
    for (size_t round = 0; round <= r->options->n_rounds && !silbe_failed(err); round++) {
        silbe_bootstrap_round report = {.round = round};
        char *tsv = path_of(r, round, "tsv", err);
        r->loss = r->right = 0.0;
        r->n_last = 0;
        swap(r); /* before: the last round; now: to be filled */
        if (tsv != NULL && access(tsv, F_OK) == 0) {
            read_round(r, round, tsv, err);
        } else {
            make_round(r, round, tsv, &report, err);
        }
        free(tsv);
        if (r->stopped) {
            swap(r);
            return;
        }
        if (!silbe_failed(err)) {
            report_round(r, &report);
        }
    }
}

silbe_status silbe_bootstrap_run(const silbe_bootstrap_options *options, const silbe_corpus *corpus,
                                 silbe_alignments *alignments, silbe_model *model,
                                 bool *is_complete, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    run r = {.options = options, .corpus = corpus};
    size_t stride = options->shape.input_stride;
    double hop_s = options->logmel.hop_s * (double)stride;
    *is_complete = false;
    if (options->shape.n_classes != SILBE_N_PHONES || options->n_batch == 0 ||
        options->steps_per_round == 0 || options->folder == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "bootstrap: a folder, steps and utterances per step above 0, and %d "
                          "classes are needed; got %zu, %zu and %zu",
                          SILBE_N_PHONES, options->steps_per_round, options->n_batch,
                          options->shape.n_classes);
    }
    silbe_try(err, silbe_net_shape_check(&options->shape, err));
    silbe_try(err, silbe_alignments_new(corpus, stride, hop_s, &r.now, err));
    silbe_try(err, silbe_alignments_new(corpus, stride, hop_s, &r.before, err));
    run_rounds(&r, err);
    *is_complete = !silbe_failed(err) && !r.stopped;
    if (!silbe_failed(err) && alignments != NULL) {
        *alignments = r.now;
        r.now = (silbe_alignments)SILBE_ALIGNMENTS_INIT;
    }
    if (!silbe_failed(err) && model != NULL && r.has_model) {
        *model = r.model;
        r.model = (silbe_model)SILBE_MODEL_INIT;
    }
    silbe_alignments_free(&r.now);
    silbe_alignments_free(&r.before);
    silbe_model_free(&r.model);
    return err->status;
}
