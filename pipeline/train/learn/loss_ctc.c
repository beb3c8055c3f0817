#include <string.h>

#include "align/ctc/ctc.h"
#include "pipeline/train/learn/loss.h"

static silbe_ctc_problem make_problem(const silbe_loss *loss,
                                      const silbe_train_utterance *utterance, const float *logits,
                                      size_t n_frames, size_t n_classes)
{
    const silbe_ctc_settings *settings = loss->settings;
    const silbe_sequence_target *target = utterance->target;
    return (silbe_ctc_problem){
        .values = logits,
        .n_frames = n_frames,
        .n_symbols = n_classes,
        .row_stride = n_classes,
        .logits = true,
        .labels = target->labels,
        .n_labels = target->n_labels,
        .topology = SILBE_CTC_BLANKS,
        .blank = settings->blank,
        .blank_penalty = settings->blank_penalty,
        .log_prior = settings->log_prior,
        .prior_scale = settings->prior_scale,
    };
}

static silbe_ctc_wanted make_wanted(float *d_logits, size_t n_classes)
{
    return (silbe_ctc_wanted){
        .gradient = d_logits,
        .gradient_stride = n_classes,
        .gradient_by = SILBE_CTC_BY_LOGITS,
    };
}

static silbe_status ctc_scratch_size(const silbe_loss *loss, const silbe_train_utterance *utterance,
                                     size_t n_frames, size_t n_classes, size_t *bytes,
                                     silbe_err *err)
{
    const silbe_ctc_settings *settings = loss->settings;
    float no_values = 0.0F; /* sizes depend on lengths alone */
    silbe_ctc_problem problem = make_problem(loss, utterance, &no_values, n_frames, n_classes);
    silbe_ctc_wanted wanted = make_wanted(&no_values, n_classes);
    silbe_status status = silbe_ctc_scratch_size(&problem, &wanted, NULL, bytes, err);
    if (status == SILBE_ERR_INFEASIBLE && settings->skip_infeasible) {
        *bytes = 0;
        return SILBE_OK;
    }
    return status;
}

static silbe_status run_ctc(const silbe_loss *loss, const silbe_train_utterance *utterance,
                            const float *logits, size_t n_frames, size_t n_classes, float *d_logits,
                            void *scratch, size_t scratch_bytes, silbe_loss_value *value,
                            silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_ctc_settings *settings = loss->settings;
    silbe_ctc_problem problem = make_problem(loss, utterance, logits, n_frames, n_classes);
    silbe_ctc_wanted wanted = make_wanted(d_logits, n_classes);
    silbe_ctc_result result;
    *value = (silbe_loss_value){0};
    silbe_try(err, silbe_ctc_problem_check(&problem, err));
    silbe_try(err, silbe_ctc_run(&problem, &wanted, NULL, scratch, scratch_bytes, &result, err));
    if (err->status == SILBE_ERR_INFEASIBLE && settings->skip_infeasible) {
        if (d_logits != NULL) {
            memset(d_logits, 0, n_frames * n_classes * sizeof *d_logits);
        }
        value->is_skipped = true;
        return SILBE_OK;
    }
    if (!silbe_failed(err)) {
        value->value = result.loss;
        value->weight = (double)n_frames;
    }
    return err->status;
}

silbe_loss silbe_loss_ctc(const silbe_ctc_settings *settings)
{
    return (silbe_loss){"ctc", run_ctc, ctc_scratch_size, settings};
}
