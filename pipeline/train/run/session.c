#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/run/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "align/lyrics/phones.h"
#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/train/data/lexicon.h"
#include "pipeline/train/data/logmel_cache.h"
#include "pipeline/train/learn/settings_file.h"
#include "pipeline/train/run/objective.h"
#include "pipeline/train/run/progress_log.h"

/* Batches that the phones' prior is counted over: 300 pieces or more, a standard error of a
 * hundredth for a phone of one per cent. */
enum { PRIOR_BATCHES = 40 };

static const char ENDING[] = ".weights";

/* out, or its name with another ending: ".weights" to ".csv". */
static char *path_of(const char *out, const char *ending, silbe_err *err)
{
    size_t n = strlen(out), n_ending = sizeof ENDING - 1;
    if (n > n_ending && strcmp(out + n - n_ending, ENDING) == 0) {
        n -= n_ending;
    }
    return silbe_format(err, "%.*s%s", (int)n, out, ending);
}

silbe_status silbe_session_shape(const silbe_config *config, silbe_net_shape *shape, silbe_err *err)
{
    *shape = silbe_net_shape_default(SILBE_N_PHONES);
    shape->n_bands = (size_t)config->features.logmel_bands;
    shape->n_channels = (size_t)config->train.channels;
    shape->n_hidden = (size_t)config->train.hidden;
    shape->block_width = (size_t)config->train.block_width;
    shape->n_blocks = 0;
    for (const char *at = config->train.dilations; *(at += strspn(at, " ")) != '\0';) {
        char *end;
        unsigned long dilation = strtoul(at, &end, 10);
        if (end == at || (*end != ' ' && *end != '\0') || *at == '-' ||
            shape->n_blocks == SILBE_NET_MAX_BLOCKS) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "train.dilations \"%.100s\" should be 1 to %d whole numbers with "
                              "blanks between",
                              config->train.dilations, SILBE_NET_MAX_BLOCKS);
        }
        shape->dilations[shape->n_blocks++] = dilation;
        at = end;
    }
    silbe_status status = silbe_net_shape_check(shape, err);
    return status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, "train");
}

silbe_status silbe_session_check_initial(const char *path, const silbe_model *model,
                                         const silbe_net_shape *shape,
                                         const silbe_logmel_options *logmel, silbe_err *err)
{
    const char *names[SILBE_N_PHONES];
    silbe_list_phone_names(names);
    silbe_status status = silbe_model_check_classes(model, names, SILBE_N_PHONES, err);
    if (status != SILBE_OK) {
        return silbe_fail_prefix(err, status, path);
    }
    if (!silbe_net_shape_equal(&model->shape, shape)) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s: a network of %zu channels, %zu hidden, %zu blocks of width %zu, but "
                          "the settings ask for %zu, %zu, %zu, %zu (train.channels, hidden, "
                          "dilations, block_width)",
                          path, model->shape.n_channels, model->shape.n_hidden,
                          model->shape.n_blocks, model->shape.block_width, shape->n_channels,
                          shape->n_hidden, shape->n_blocks, shape->block_width);
    }
    const silbe_logmel_options *m = &model->logmel;
    if (model->rate_hz != SILBE_TRAIN_RATE_HZ || m->n_bands != logmel->n_bands ||
        m->low_hz != logmel->low_hz || m->high_hz != logmel->high_hz ||
        m->window_s != logmel->window_s || m->hop_s != logmel->hop_s) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s: made for %zu log-mel bands from %g to %g Hz of sound at %g Hz, "
                          "window %g ms, hop %g ms; here are %zu from %g to %g Hz at %g Hz, %g ms, "
                          "%g ms (features.logmel_*, features.rate_hz)",
                          path, m->n_bands, m->low_hz, m->high_hz, model->rate_hz,
                          1e3 * m->window_s, 1e3 * m->hop_s, logmel->n_bands, logmel->low_hz,
                          logmel->high_hz, SILBE_TRAIN_RATE_HZ, 1e3 * logmel->window_s,
                          1e3 * logmel->hop_s);
    }
    return SILBE_OK;
}

/* The state of one training. */
typedef struct {
    const silbe_session *session;
    char *weights;
    char *checkpoint;
    char *curve;
    char *settings;
    double log_prior[SILBE_N_PHONES];
    silbe_trainer *trainer;
    silbe_objective *objective;
} state;

static void find_paths(state *s, silbe_err *err)
{
    const char *out = s->session->out, *slash = strrchr(out, '/');
    s->weights = path_of(out, ENDING, err);
    s->checkpoint = path_of(out, ".checkpoint", err);
    s->curve = path_of(out, ".csv", err);
    s->settings = path_of(out, ".settings.txt", err);
    if (slash != NULL && slash != out) {
        char *folder = silbe_format(err, "%.*s", (int)(slash - out), out);
        silbe_try(err, silbe_make_folders(folder, err));
        free(folder);
    }
}

static silbe_trainer_options trainer_options(const silbe_session *session)
{
    const silbe_config *c = session->config;
    silbe_trainer_options o = silbe_trainer_options_default(&session->shape, session->n_steps);
    size_t most = session->n_steps / 10 + 1, warmup = (size_t)c->train.warmup_steps;
    o.optimiser.peak_rate = session->peak_rate;
    o.optimiser.warmup_steps = warmup < most ? warmup : most;
    o.seed = (uint64_t)c->train.seed;
    return o;
}

/* Lines of everything that the result depends on. */
static char *describe(const silbe_session *e, silbe_err *err)
{
    const silbe_config *c = e->config;
    char dilations[16 * SILBE_NET_MAX_BLOCKS] = "";
    for (size_t b = 0; b < e->shape.n_blocks; b++) {
        size_t used = strlen(dilations);
        (void)snprintf(dilations + used, sizeof dilations - used, " %zu", e->shape.dilations[b]);
    }
    uint64_t start = e->initial == NULL ? 0
                                        : silbe_crc64(e->initial->params,
                                                      e->initial->layout.n_params * sizeof(float));
    return silbe_format(
        err,
        "training 1, phone set %d\nsteps %zu batch %zu\nrate %.17g warm-up %d\nseed %d\nloss %d "
        "smoothing %.17g\nlabel prior %.17g\ngamma %.17g %.17g %.17g\ndiagonal %.17g %.17g\n"
        "initial %016llx\nnet %zu %zu %zu width %zu dilations%s\nlog-mel %zu %.17g %.17g %.17g "
        "%.17g at %.17g\n%s\n",
        SILBE_PHONE_SET_VERSION, e->n_steps, e->n_batch, e->peak_rate, c->train.warmup_steps,
        c->train.seed, c->train.loss, c->train.smoothing, c->train.label_prior,
        c->train.gamma_begin, c->train.gamma_end, c->train.gamma_share, c->train.diagonal_weight,
        c->train.diagonal_power, (unsigned long long)start, e->shape.n_bands, e->shape.n_channels,
        e->shape.n_hidden, e->shape.block_width, dilations, e->logmel.n_bands, e->logmel.low_hz,
        e->logmel.high_hz, e->logmel.window_s, e->logmel.hop_s, SILBE_TRAIN_RATE_HZ,
        e->description);
}

static void check_settings(const state *s, silbe_err *err)
{
    char *text = describe(s->session, err);
    if (!silbe_failed(err) && s->session->config->run.force) {
        (void)unlink(s->settings);
        (void)unlink(s->checkpoint);
        (void)unlink(s->curve);
    }
    silbe_try(err, silbe_settings_file_check(s->settings, text,
                                             "choose another train.out, or begin anew with --force",
                                             err));
    free(text);
}

/* ln of each phone's share of the frames; each is counted once more than it occurs. */
static void count_prior(state *s, silbe_err *err)
{
    const silbe_session *e = s->session;
    double counts[SILBE_N_PHONES], total = SILBE_N_PHONES;
    size_t n_batches = e->n_steps < PRIOR_BATCHES ? e->n_steps : PRIOR_BATCHES;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        counts[p] = 1.0;
    }
    for (size_t step = 0; step < n_batches; step++) {
        silbe_random random = {(uint64_t)e->config->train.seed};
        silbe_train_batch batch = {NULL, 0};
        silbe_try(err, e->source(e->source_context, step, &random, &batch, err));
        for (size_t i = 0; i < batch.n && !silbe_failed(err); i++) {
            const silbe_frames_target *target = batch.utterances[i].target;
            for (size_t t = 0; t < target->n_frames; t++) {
                bool counts_here = target->labels[t] >= 0;
                counts[counts_here ? target->labels[t] : 0] += counts_here ? 1.0 : 0.0;
                total += counts_here ? 1.0 : 0.0;
            }
        }
    }
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        s->log_prior[p] = (double)(float)log(counts[p] / total);
    }
}

static bool should_stop(void *context)
{
    (void)context;
    return silbe_stop_requested();
}

/* A failure says what becomes of the checkpoint. */
static void explain_failure(const state *s, silbe_err *err)
{
    const silbe_session *e = s->session;
    if (err->status == SILBE_ERR_FORMAT || err->status == SILBE_ERR_MISMATCH) {
        const silbe_err why = *err;
        (void)silbe_fail(err, why.status, "%.900s; --force begins anew", why.message);
    } else if (silbe_failed(err) && access(s->checkpoint, F_OK) == 0) {
        silbe_log_always(e->log, "%s: the last checkpoint is kept: %s", e->name, s->checkpoint);
    }
}

static void train(state *s, bool *is_complete, silbe_err *err)
{
    const silbe_session *e = s->session;
    const silbe_config *c = e->config;
    silbe_train_batch held_out = {NULL, 0};
    if (e->held_out != NULL && e->held_out->n > 0) {
        silbe_try(err, silbe_objective_hold_out(s->objective, e->held_out, &held_out, err));
    }
    if (silbe_failed(err)) {
        return;
    }
    silbe_progress_log progress = {e->log, e->name, e->n_more};
    const silbe_train_loop_options loop = {.n_steps = e->n_steps,
                                           .checkpoint_path = s->checkpoint,
                                           .checkpoint_every = (size_t)c->train.checkpoint_every,
                                           .curve_path = s->curve,
                                           .held_out = held_out.utterances,
                                           .n_held_out = held_out.n,
                                           .held_out_every = (size_t)c->train.measure_every,
                                           .progress_every = silbe_progress_log_every(&progress),
                                           .on_progress = silbe_progress_log_step,
                                           .progress_context = &progress,
                                           .hop_s = e->logmel.hop_s,
                                           .should_stop = should_stop};
    if (access(s->checkpoint, F_OK) == 0) {
        silbe_log_info(e->log, "%s: going on from %s", e->name, s->checkpoint);
    }
    silbe_try(err,
              silbe_train_loop_run(s->trainer, silbe_objective_loss(s->objective),
                                   silbe_objective_next, s->objective, &loop, is_complete, err));
    explain_failure(s, err);
}

static void write_weights(const state *s, silbe_model *model, silbe_err *err)
{
    const silbe_session *e = s->session;
    const char *names[SILBE_N_PHONES];
    silbe_list_phone_names(names);
    silbe_try(err, silbe_model_new(&e->shape, names, SILBE_PHONE_SILENCE, model, err));
    silbe_try(err, silbe_trainer_get_model(s->trainer, model, err));
    char *comment = silbe_copy_text(e->comment, err);
    if (!silbe_failed(err)) {
        free(model->comment);
        model->comment = comment;
        model->logmel = e->logmel;
        model->rate_hz = e->rate_hz;
        for (size_t p = 0; p < SILBE_N_PHONES; p++) {
            model->log_prior[p] = (float)s->log_prior[p];
        }
    }
    silbe_try(err, silbe_weights_write(s->weights, model, SILBE_WEIGHTS_FLOAT16, err));
}

/* Logs how it ended; *model: gets `own`, unless it is NULL. */
static void finish(const state *s, bool is_complete, silbe_model *own, silbe_model *model)
{
    const silbe_session *e = s->session;
    if (!is_complete) {
        silbe_log_always(e->log,
                         "%s: stopped after step %zu of %zu; run the same command again to go on",
                         e->name, silbe_trainer_steps(s->trainer), e->n_steps);
        return;
    }
    silbe_log_info(e->log, "%s: %s", e->name, s->weights);
    if (model != NULL) {
        *model = *own;
        *own = (silbe_model)SILBE_MODEL_INIT;
    }
}

silbe_status silbe_session_run(const silbe_session *session, silbe_model *model, bool *is_complete,
                               silbe_err *err)
{
    silbe_err unused;
    err = silbe_err_begin(err, &unused);
    silbe_model own = SILBE_MODEL_INIT;
    silbe_trainer_options options = trainer_options(session);
    state s = {.session = session};
    *is_complete = false;
    find_paths(&s, err);
    check_settings(&s, err);
    count_prior(&s, err);
    silbe_try(err,
              silbe_objective_new(session->config, session->n_steps, s.log_prior, SILBE_N_PHONES,
                                  session->source, session->source_context, &s.objective, err));
    silbe_try(err, silbe_trainer_new(&options, &s.trainer, err));
    if (session->initial != NULL) {
        silbe_try(err, silbe_trainer_set_params(s.trainer, session->initial, err));
    }
    train(&s, is_complete, err);
    if (*is_complete) {
        write_weights(&s, &own, err);
    }
    if (!silbe_failed(err)) {
        finish(&s, *is_complete, &own, model);
    }
    silbe_model_free(&own);
    silbe_trainer_free(s.trainer);
    silbe_objective_free(s.objective);
    free(s.weights);
    free(s.checkpoint);
    free(s.curve);
    free(s.settings);
    return err->status;
}
