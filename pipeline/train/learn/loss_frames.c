#include <math.h>
#include <string.h>

#include "pipeline/train/learn/loss.h"

static silbe_status check_target(const silbe_frames_target *target, size_t n_frames,
                                 size_t n_classes, silbe_err *err)
{
    if (target->n_frames != n_frames) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%zu frames have labels, the network has %zu frames", target->n_frames,
                          n_frames);
    }
    for (size_t t = 0; t < n_frames; t++) {
        if (target->labels[t] < -1 || target->labels[t] >= (int32_t)n_classes) {
            return silbe_fail(err, SILBE_ERR_DATA, "label of frame %zu should be -1 .. %zu, is %d",
                              t, n_classes - 1, (int)target->labels[t]);
        }
        if (target->weights != NULL &&
            !(isfinite(target->weights[t]) && target->weights[t] >= 0.0F)) {
            return silbe_fail(err, SILBE_ERR_DATA, "weight of frame %zu should be >= 0, is %g", t,
                              (double)target->weights[t]);
        }
    }
    return SILBE_OK;
}

static size_t best_class(const float *row, size_t n_classes)
{
    size_t best = 0;
    for (size_t k = 1; k < n_classes; k++) {
        best = row[k] > row[best] ? k : best; /* the first of equals */
    }
    return best;
}

/* -sum_k q_k ln p_k with q the smoothed target; gradient p - q, both times weight. */
static double frame_loss(const float *row, size_t n_classes, size_t best, size_t label,
                         double smoothing, double weight, float *d_row)
{
    double highest = (double)row[best];
    double sum = 0.0;
    double mean = 0.0;
    for (size_t k = 0; k < n_classes; k++) {
        sum += exp((double)row[k] - highest);
        mean += (double)row[k] / (double)n_classes;
    }
    double normaliser = highest + log(sum);
    if (d_row != NULL) {
        for (size_t k = 0; k < n_classes; k++) {
            double q = smoothing / (double)n_classes + (k == label ? 1.0 - smoothing : 0.0);
            d_row[k] = (float)(weight * (exp((double)row[k] - normaliser) - q));
        }
    }
    double target = (1.0 - smoothing) * (double)row[label] + smoothing * mean;
    return weight * (normaliser - target);
}

static silbe_status run_frames(const silbe_loss *loss, const silbe_train_utterance *utterance,
                               const float *logits, size_t n_frames, size_t n_classes,
                               float *d_logits, void *scratch, size_t scratch_bytes,
                               silbe_loss_value *value, silbe_err *err)
{
    (void)scratch;
    (void)scratch_bytes;
    const silbe_frames_settings *settings = loss->settings;
    const silbe_frames_target *target = utterance->target;
    *value = (silbe_loss_value){0};
    if (!(settings->smoothing >= 0.0 && settings->smoothing < 1.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "smoothing should be 0 .. < 1, got %g",
                          settings->smoothing);
    }
    silbe_status status = check_target(target, n_frames, n_classes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (d_logits != NULL) {
        memset(d_logits, 0, n_frames * n_classes * sizeof *d_logits);
    }
    for (size_t t = 0; t < n_frames; t++) {
        double weight = target->weights == NULL ? 1.0 : (double)target->weights[t];
        if (target->labels[t] < 0 || weight == 0.0) {
            continue;
        }
        size_t label = (size_t)target->labels[t];
        const float *row = logits + t * n_classes;
        size_t best = best_class(row, n_classes);
        value->value += frame_loss(row, n_classes, best, label, settings->smoothing, weight,
                                   d_logits == NULL ? NULL : d_logits + t * n_classes);
        value->weight += weight;
        value->n_frames++;
        value->n_right += best == label;
    }
    value->is_skipped = value->n_frames == 0;
    return SILBE_OK;
}

silbe_loss silbe_loss_frames(const silbe_frames_settings *settings)
{
    return (silbe_loss){"frames", run_frames, NULL, settings};
}
