/* CTC's trellis as steps, starts, ends and a cost function. */
#include "tests/align/softdtw/ctc_steps.h"

#include "align/path/unfold.h"

/* silbe_dtw_cost_fn: minus the log-probability of the state's symbol. */
static silbe_status state_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                               float *cost, silbe_err *err)
{
    const silbe_softdtw_ctc *ctc = context;
    const float *row = ctc->logp + n * ctc->n_symbols;
    (void)err;
    for (size_t m = m_begin; m < m_end; m++) {
        cost[m - m_begin] = -row[ctc->states[m]];
    }
    return SILBE_OK;
}

static silbe_status check_labels(size_t n_frames, size_t n_symbols, const int32_t *labels,
                                 size_t n_labels, int32_t blank, silbe_err *err)
{
    size_t n_needed = n_labels;
    for (size_t i = 0; i < n_labels; i++) {
        if (labels[i] < 0 || (size_t)labels[i] >= n_symbols || labels[i] == blank) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "CTC as soft-DTW: label %zu is %ld; it should be 0 .. %zu and not "
                              "the blank (%ld)",
                              i, (long)labels[i], n_symbols - 1, (long)blank);
        }
        n_needed += i > 0 && labels[i] == labels[i - 1];
    }
    if (n_needed > n_frames) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "CTC as soft-DTW: %zu labels with their repetitions need %zu frames, got "
                          "%zu",
                          n_labels, n_needed, n_frames);
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_ctc_setup(silbe_softdtw_ctc *ctc, const float *logp, size_t n_frames,
                                     size_t n_symbols, const int32_t *labels, size_t n_labels,
                                     int32_t blank, silbe_softdtw_problem *problem, silbe_err *err)
{
    enum { STAY = 1, NEXT = 2, SKIP = 4 }; /* bits of the steps (1,0), (1,1), (1,2) */
    if (ctc == NULL || logp == NULL || problem == NULL || (labels == NULL && n_labels > 0) ||
        ctc->states == NULL || ctc->column_steps == NULL || ctc->starts == NULL ||
        ctc->ends == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC as soft-DTW: a pointer is missing (NULL)");
    }
    if (n_frames == 0 || blank < 0 || (size_t)blank >= n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "CTC as soft-DTW: %zu frames of %zu symbols, blank %ld; there should be "
                          "a frame, and the blank among the symbols",
                          n_frames, n_symbols, (long)blank);
    }
    size_t n_states = silbe_labels_n_states(n_labels);
    if (n_states == SIZE_MAX || n_frames > SIZE_MAX / sizeof(double) / n_symbols) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "CTC as soft-DTW: %zu frames x %zu symbols, %zu labels overflow size_t",
                          n_frames, n_symbols, n_labels);
    }
    silbe_status status = check_labels(n_frames, n_symbols, labels, n_labels, blank, err);
    if (status != SILBE_OK) {
        return status;
    }
    silbe_labels_expand(labels, n_labels, blank, ctc->states);
    for (size_t m = 0; m < n_states; m++) {
        bool skip = m >= 2 && m % 2 == 1 && ctc->states[m] != ctc->states[m - 2];
        ctc->column_steps[m] = (uint16_t)(STAY | NEXT | (skip ? SKIP : 0));
        ctc->starts[m] = m < 2;
        ctc->ends[m] = m + 2 >= n_states;
    }
    ctc->logp = logp;
    ctc->n_symbols = n_symbols;
    *problem = (silbe_softdtw_problem){.n_rows = n_frames,
                                       .n_cols = n_states,
                                       .cost_fn = state_cost,
                                       .context = ctc,
                                       .column_steps = ctc->column_steps,
                                       .starts = ctc->starts,
                                       .ends = ctc->ends,
                                       .minimum = SILBE_SOFTDTW_SOFTMIN,
                                       .gamma = 1.0};
    problem->steps.n_steps = 3;
    for (int k = 0; k < 3; k++) {
        problem->steps.steps[k] = (silbe_path_step){1, k, 1.0, 0.0};
    }
    return SILBE_OK;
}

void silbe_softdtw_ctc_gradient(const silbe_softdtw_ctc *ctc, const silbe_softdtw_problem *problem,
                                const double *e, double *d_logp)
{
    for (size_t t = 0; t < problem->n_rows; t++) {
        double *out = d_logp + t * ctc->n_symbols;
        for (size_t s = 0; s < ctc->n_symbols; s++) {
            out[s] = 0.0;
        }
        for (size_t m = 0; m < problem->n_cols; m++) {
            out[ctc->states[m]] -= e[t * problem->n_cols + m];
        }
    }
}
