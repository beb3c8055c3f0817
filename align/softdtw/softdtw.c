/* Which engine does it; arguments and sizes. */
#include "align/softdtw/softdtw.h"

#include <math.h>

#include "align/softdtw/engine.h"

static silbe_status choose(const silbe_softdtw_problem *problem,
                           const silbe_softdtw_options *options,
                           const silbe_softdtw_gradient *gradient, silbe_kernel *kernel,
                           silbe_err *err)
{
    silbe_status status = silbe_softdtw_problem_check(problem, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (gradient != NULL && gradient->cost == NULL &&
        (gradient->weights != NULL || gradient->penalties != NULL)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW: the gradients of weights and penalties need gradient->cost");
    }
    silbe_kernel wish = options == NULL ? SILBE_KERNEL_AUTO : options->kernel;
    bool fits = silbe_softdtw_strips_fit(problem, gradient);
    status = silbe_kernel_check(wish, "soft-DTW", err);
    if (status != SILBE_OK) {
        return status;
    }
    if (wish == SILBE_KERNEL_AUTO) {
        wish = fits ? silbe_kernel_best() : SILBE_KERNEL_ROWS;
    }
    if (wish != SILBE_KERNEL_ROWS && !fits) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW: kernel %s takes softmin with the steps (1,1), (1,0), (0,1) "
                          "and one weight only (see softdtw.h)",
                          silbe_kernel_name(wish));
    }
    *kernel = wish;
    return SILBE_OK;
}

static silbe_status size_of(const silbe_softdtw_problem *problem, silbe_kernel kernel,
                            const silbe_softdtw_gradient *gradient, size_t *bytes, silbe_err *err)
{
    bool with_gradient = gradient != NULL && gradient->cost != NULL;
    *bytes = silbe_softdtw_rows_bytes(problem, gradient);
    if (kernel != SILBE_KERNEL_ROWS) { /* which may have to do it after all */
        size_t strips = silbe_softdtw_strips_bytes(problem, with_gradient);
        *bytes = strips > *bytes ? strips : *bytes;
    }
    if (*bytes == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "soft-DTW: %zu rows x %zu columns overflow size_t",
                          problem->n_rows, problem->n_cols);
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_scratch_size(const silbe_softdtw_problem *problem,
                                        const silbe_softdtw_options *options,
                                        const silbe_softdtw_gradient *gradient, size_t *bytes,
                                        silbe_err *err)
{
    silbe_kernel kernel = SILBE_KERNEL_AUTO;
    silbe_status status = choose(problem, options, gradient, &kernel, err);
    if (status == SILBE_OK && bytes == NULL) {
        status = silbe_fail(err, SILBE_ERR_ARGUMENT, "soft-DTW: bytes is missing (NULL)");
    }
    return status != SILBE_OK ? status : size_of(problem, kernel, gradient, bytes, err);
}

silbe_status silbe_softdtw_run(const silbe_softdtw_problem *problem,
                               const silbe_softdtw_options *options, void *scratch,
                               size_t scratch_bytes, const silbe_softdtw_gradient *gradient,
                               silbe_softdtw_result *result, silbe_err *err)
{
    silbe_kernel kernel = SILBE_KERNEL_AUTO;
    size_t bytes = 0;
    bool exact = false;
    silbe_status status = choose(problem, options, gradient, &kernel, err);
    if (status == SILBE_OK) {
        status = size_of(problem, kernel, gradient, &bytes, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (scratch == NULL || scratch_bytes < bytes || result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "soft-DTW: scratch should be %zu bytes, got %zu%s; result %s", bytes,
                          scratch_bytes, scratch == NULL ? " (NULL)" : "",
                          result == NULL ? "is missing (NULL)" : "is there");
    }
    if (kernel != SILBE_KERNEL_ROWS) {
        status = silbe_softdtw_strips_run(problem, kernel, scratch,
                                          gradient != NULL ? gradient->cost : NULL, &result->value,
                                          &exact, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    if (!exact) { /* or infeasible: the rows can say where */
        kernel = SILBE_KERNEL_ROWS;
        status = silbe_softdtw_rows_run(problem, scratch, gradient, &result->value, err);
    }
    result->kernel = kernel;
    return status;
}

double silbe_softdtw_normalisation_factor(silbe_softdtw_normalisation normalisation, size_t n_rows,
                                          size_t n_cols)
{
    if (n_rows == 0 || n_cols == 0) {
        return NAN;
    }
    switch (normalisation) {
    case SILBE_SOFTDTW_NORMALISE_NONE:
        return 1.0;
    case SILBE_SOFTDTW_NORMALISE_LENGTHS:
        return 1.0 / ((double)n_rows + (double)n_cols);
    case SILBE_SOFTDTW_NORMALISE_AREA:
        return 1.0 / ((double)n_rows * (double)n_cols);
    default:
        return NAN;
    }
}
