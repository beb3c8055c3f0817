#include "pipeline/train/run/objective.h"

#include <stdlib.h>
#include <string.h>

#include "align/lyrics/phones.h"
#include "align/softdtw/training.h"
#include "features/base/memory.h"

/* Label sequences of a batch; grows and is used again. */
typedef struct {
    int32_t *labels; /* of all pieces, one after another */
    size_t n_labels;
    silbe_train_utterance *utterances;
    silbe_sequence_target *targets;
    size_t n_utterances;
} sequences;

struct silbe_objective {
    int kind; /* train.loss */
    silbe_loss loss;
    silbe_frames_settings frames;
    silbe_ctc_settings ctc;
    silbe_softdtw_settings softdtw;
    double *log_prior;
    silbe_schedule gamma;
    silbe_schedule diagonal;
    silbe_train_source_fn *source;
    void *context;
    sequences batch;
    sequences held_out;
};

static void free_sequences(sequences *s)
{
    free(s->labels);
    free(s->utterances);
    free(s->targets);
}

void silbe_objective_free(silbe_objective *objective)
{
    if (objective != NULL) {
        free_sequences(&objective->batch);
        free_sequences(&objective->held_out);
        free(objective->log_prior);
        free(objective);
    }
}

static void set_schedules(silbe_objective *o, size_t step)
{
    o->softdtw.gamma = silbe_schedule_value(&o->gamma, step);
    o->softdtw.prior_weight = silbe_schedule_value(&o->diagonal, step);
}

static void set_up(silbe_objective *o, const silbe_config *config, size_t n_steps, silbe_err *err)
{
    size_t n_fading = (size_t)(config->train.gamma_share * (double)n_steps);
    o->frames = (silbe_frames_settings){config->train.smoothing};
    o->ctc = (silbe_ctc_settings){.blank = SILBE_PHONE_SILENCE,
                                  .log_prior = o->log_prior,
                                  .prior_scale = config->train.label_prior,
                                  .skip_infeasible = true};
    o->softdtw = (silbe_softdtw_settings){.prior_power = config->train.diagonal_power,
                                          .skip_infeasible = true};
    o->gamma = (silbe_schedule){.shape = SILBE_SCHEDULE_EXPONENTIAL,
                                .begin = config->train.gamma_begin,
                                .end = config->train.gamma_end,
                                .n_steps = n_fading};
    o->diagonal = (silbe_schedule){.shape = SILBE_SCHEDULE_LINEAR,
                                   .begin = config->train.diagonal_weight,
                                   .n_steps = n_fading};
    o->loss = o->kind == SILBE_TRAIN_CTC       ? silbe_loss_ctc(&o->ctc)
              : o->kind == SILBE_TRAIN_SOFTDTW ? silbe_loss_softdtw(&o->softdtw)
                                               : silbe_loss_frames(&o->frames);
    set_schedules(o, 0);
    silbe_try(err, silbe_schedule_check(&o->gamma, err));
    silbe_try(err, silbe_schedule_check(&o->diagonal, err));
}

silbe_status silbe_objective_new(const silbe_config *config, size_t n_steps,
                                 const double *log_prior, size_t n_classes,
                                 silbe_train_source_fn *source, void *context,
                                 silbe_objective **objective, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *objective = NULL;
    silbe_objective *o = silbe_alloc(1, sizeof *o, "objective", err);
    if (o == NULL) {
        return err->status;
    }
    o->kind = config->train.loss;
    o->source = source;
    o->context = context;
    o->log_prior = silbe_alloc(n_classes, sizeof *o->log_prior, "classes", err);
    if (!silbe_failed(err)) {
        memcpy(o->log_prior, log_prior, n_classes * sizeof *log_prior);
        set_up(o, config, n_steps, err);
    }
    if (silbe_failed(err)) {
        silbe_objective_free(o);
        return err->status;
    }
    *objective = o;
    return SILBE_OK;
}

const silbe_loss *silbe_objective_loss(const silbe_objective *objective)
{
    return &objective->loss;
}

/* Room for the sequences of a batch. */
static void make_room(sequences *s, const silbe_train_batch *frames, silbe_err *err)
{
    size_t n_labels = 0;
    for (size_t i = 0; i < frames->n; i++) {
        n_labels += ((const silbe_frames_target *)frames->utterances[i].target)->n_frames;
    }
    if (n_labels > s->n_labels) {
        free(s->labels);
        s->labels = silbe_alloc(2 * n_labels, sizeof *s->labels, "labels", err);
        s->n_labels = s->labels == NULL ? 0 : 2 * n_labels;
    }
    if (frames->n > s->n_utterances) {
        free(s->utterances);
        free(s->targets);
        s->utterances = silbe_alloc(frames->n, sizeof *s->utterances, "utterances", err);
        s->targets = silbe_alloc(frames->n, sizeof *s->targets, "utterances", err);
        s->n_utterances = silbe_failed(err) ? 0 : frames->n;
    }
}

/* Labels without repeats; how many there are. */
static size_t collapse(const silbe_frames_target *target, bool with_silence, int32_t *labels)
{
    size_t n = 0;
    int32_t last = -1;
    for (size_t t = 0; t < target->n_frames; t++) {
        int32_t label = target->labels[t];
        if (label >= 0 && label != last && (with_silence || label != SILBE_PHONE_SILENCE)) {
            labels[n++] = label;
        }
        last = label >= 0 ? label : last;
    }
    return n;
}

static void to_sequences(const silbe_objective *o, const silbe_train_batch *frames, sequences *s,
                         silbe_train_batch *batch, silbe_err *err)
{
    if (o->kind == SILBE_TRAIN_FRAMES) {
        *batch = *frames;
        return;
    }
    make_room(s, frames, err);
    if (silbe_failed(err)) {
        return;
    }
    size_t n_kept = 0;
    int32_t *labels = s->labels;
    for (size_t i = 0; i < frames->n; i++) {
        size_t n = collapse(frames->utterances[i].target, o->kind == SILBE_TRAIN_SOFTDTW, labels);
        if (n == 0) {
            continue;
        }
        s->utterances[n_kept] = frames->utterances[i];
        s->targets[n_kept] = (silbe_sequence_target){labels, n};
        s->utterances[n_kept].target = &s->targets[n_kept];
        labels += n;
        n_kept++;
    }
    *batch = (silbe_train_batch){s->utterances, n_kept};
    if (n_kept == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "none of the %zu pieces of this step has a phone",
                         frames->n);
    }
}

silbe_status silbe_objective_next(void *context, size_t step, silbe_random *random,
                                  silbe_train_batch *batch, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_objective *o = context;
    silbe_train_batch frames = {NULL, 0};
    silbe_try(err, o->source(o->context, step, random, &frames, err));
    if (!silbe_failed(err)) {
        set_schedules(o, step);
        to_sequences(o, &frames, &o->batch, batch, err);
    }
    return err->status;
}

silbe_status silbe_objective_hold_out(silbe_objective *objective, const silbe_train_batch *frames,
                                      silbe_train_batch *kept, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    to_sequences(objective, frames, &objective->held_out, kept, err);
    return err->status;
}
