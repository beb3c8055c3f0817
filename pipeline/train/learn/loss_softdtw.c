#include <math.h>
#include <stdint.h>
#include <string.h>

#include "align/softdtw/softdtw.h"
#include "align/softdtw/training.h"
#include "pipeline/train/learn/loss.h"

/* Pieces of the scratch, in this order. */
typedef struct {
    double *cost;  /* T x L */
    double *path;  /* T x L: E */
    double *logp;  /* n_classes */
    double *share; /* n_classes */
    void *inner;   /* of silbe_softdtw_run */
    size_t inner_bytes;
    size_t n_bytes;
} pieces;

static silbe_softdtw_problem make_problem(const silbe_softdtw_settings *settings,
                                          const double *cost, size_t n_frames, size_t n_labels)
{
    return (silbe_softdtw_problem){
        .n_rows = n_frames,
        .n_cols = n_labels,
        .cost = cost,
        .steps = {.steps = {{1, 0, 1.0, 0.0}, {1, 1, 1.0, 0.0}}, .n_steps = 2},
        .minimum = settings->is_sparse ? SILBE_SOFTDTW_SPARSEMIN : SILBE_SOFTDTW_SOFTMIN,
        .gamma = settings->gamma,
    };
}

/* base NULL: only the sizes. */
static void carve(const silbe_loss *loss, const silbe_train_utterance *utterance, size_t n_frames,
                  size_t n_classes, double *base, pieces *p, silbe_err *err)
{
    const silbe_sequence_target *target = utterance->target;
    double some = 0.0; /* sizes do not depend on values */
    if (n_frames < target->n_labels) {
        (void)silbe_fail(err, SILBE_ERR_INFEASIBLE, "%zu frames are too few for %zu labels",
                         n_frames, target->n_labels);
    } else if (n_frames > SIZE_MAX / 64 / (target->n_labels + 1)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%zu frames and %zu labels are too many", n_frames,
                         target->n_labels);
    }
    silbe_softdtw_problem problem = make_problem(loss->settings, &some, n_frames, target->n_labels);
    silbe_softdtw_gradient gradient = {.cost = &some};
    silbe_try(err, silbe_softdtw_scratch_size(&problem, NULL, &gradient, &p->inner_bytes, err));
    if (!silbe_failed(err) && p->inner_bytes > SIZE_MAX / 2) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "soft-DTW needs too much memory");
    }
    if (silbe_failed(err)) {
        return;
    }
    size_t n_cells = n_frames * target->n_labels;
    p->n_bytes = (2 * n_cells + 2 * n_classes) * sizeof(double) + p->inner_bytes;
    if (base != NULL) {
        p->cost = base;
        p->path = base + n_cells;
        p->logp = base + 2 * n_cells;
        p->share = p->logp + n_classes;
        p->inner = p->share + n_classes;
    }
}

static silbe_status softdtw_scratch_size(const silbe_loss *loss,
                                         const silbe_train_utterance *utterance, size_t n_frames,
                                         size_t n_classes, size_t *bytes, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_softdtw_settings *settings = loss->settings;
    pieces p = {0};
    carve(loss, utterance, n_frames, n_classes, NULL, &p, err);
    *bytes = p.n_bytes;
    return err->status == SILBE_ERR_INFEASIBLE && settings->skip_infeasible ? SILBE_OK
                                                                            : err->status;
}

static void log_softmax(const float *row, size_t n_classes, double *logp)
{
    double highest = (double)row[0];
    double sum = 0.0;
    for (size_t k = 1; k < n_classes; k++) {
        highest = fmax(highest, (double)row[k]);
    }
    for (size_t k = 0; k < n_classes; k++) {
        sum += exp((double)row[k] - highest);
    }
    for (size_t k = 0; k < n_classes; k++) {
        logp[k] = (double)row[k] - highest - log(sum);
    }
}

/* d value / d logit(t, k) = p(t, k) sum_j w(t, j) - w(t, k), where w(t, k) is E summed over the
 * columns of class k. */
static void fill_gradient(const silbe_sequence_target *target, const pieces *p, const float *logits,
                          size_t n_frames, size_t n_classes, float *d_logits)
{
    for (size_t t = 0; t < n_frames; t++) {
        const double *path = p->path + t * target->n_labels;
        double total = 0.0;
        memset(p->share, 0, n_classes * sizeof *p->share);
        for (size_t m = 0; m < target->n_labels; m++) {
            p->share[target->labels[m]] += path[m];
            total += path[m];
        }
        log_softmax(logits + t * n_classes, n_classes, p->logp);
        for (size_t k = 0; k < n_classes; k++) {
            d_logits[t * n_classes + k] = (float)(exp(p->logp[k]) * total - p->share[k]);
        }
    }
}

static void fill_costs(const silbe_softdtw_settings *settings, const silbe_sequence_target *target,
                       const pieces *p, const float *logits, size_t n_frames, size_t n_classes,
                       silbe_err *err)
{
    for (size_t m = 0; m < target->n_labels && !silbe_failed(err); m++) {
        if (target->labels[m] < 0 || target->labels[m] >= (int32_t)n_classes) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "label %zu should be 0 .. %zu, is %d", m,
                             n_classes - 1, (int)target->labels[m]);
        }
    }
    for (size_t t = 0; t < n_frames && !silbe_failed(err); t++) {
        log_softmax(logits + t * n_classes, n_classes, p->logp);
        for (size_t m = 0; m < target->n_labels; m++) {
            p->cost[t * target->n_labels + m] = -p->logp[target->labels[m]];
        }
    }
    if (settings->prior_weight != 0.0) {
        silbe_try(err, silbe_softdtw_add_diagonal_prior(
                           settings->prior_weight, settings->prior_power, n_frames,
                           target->n_labels, 0, n_frames, p->cost, err));
    }
}

static silbe_status run_softdtw(const silbe_loss *loss, const silbe_train_utterance *utterance,
                                const float *logits, size_t n_frames, size_t n_classes,
                                float *d_logits, void *scratch, size_t scratch_bytes,
                                silbe_loss_value *value, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_softdtw_settings *settings = loss->settings;
    const silbe_sequence_target *target = utterance->target;
    pieces p = {0};
    *value = (silbe_loss_value){0};
    carve(loss, utterance, n_frames, n_classes, scratch, &p, err);
    if (err->status == SILBE_ERR_INFEASIBLE && settings->skip_infeasible) {
        if (d_logits != NULL) {
            memset(d_logits, 0, n_frames * n_classes * sizeof *d_logits);
        }
        value->is_skipped = true;
        return SILBE_OK;
    }
    if (!silbe_failed(err) && p.n_bytes > scratch_bytes) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "scratch of %zu bytes, needs %zu", scratch_bytes,
                         p.n_bytes);
    }
    fill_costs(settings, target, &p, logits, n_frames, n_classes, err);
    silbe_softdtw_problem problem = make_problem(settings, p.cost, n_frames, target->n_labels);
    silbe_softdtw_gradient gradient = {.cost = d_logits == NULL ? NULL : p.path};
    silbe_softdtw_result result;
    silbe_try(err,
              silbe_softdtw_run(&problem, NULL, p.inner, p.inner_bytes, &gradient, &result, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    if (d_logits != NULL) {
        fill_gradient(target, &p, logits, n_frames, n_classes, d_logits);
    }
    value->value = result.value;
    value->weight = (double)n_frames;
    return SILBE_OK;
}

silbe_loss silbe_loss_softdtw(const silbe_softdtw_settings *settings)
{
    return (silbe_loss){"softdtw", run_softdtw, softdtw_scratch_size, settings};
}
