#include "align/path/steps.h"

#include <math.h>

silbe_path_steps silbe_path_steps_classical(double diagonal_weight, double row_weight,
                                            double column_weight)
{
    return (silbe_path_steps){.steps = {{1, 1, diagonal_weight, 0.0},
                                        {1, 0, row_weight, 0.0},
                                        {0, 1, column_weight, 0.0}},
                              .n_steps = 3};
}

silbe_path_steps silbe_path_steps_monotonic(bool add_skipped)
{
    return (silbe_path_steps){.steps = {{1, 1, 1.0, 0.0}, {2, 1, 1.0, 0.0}, {1, 2, 1.0, 0.0}},
                              .n_steps = 3,
                              .add_skipped = add_skipped};
}

silbe_path_steps silbe_path_steps_transposed(const silbe_path_steps *steps)
{
    silbe_path_steps out = *steps;
    for (size_t k = 0; k < out.n_steps && k < SILBE_PATH_MAX_STEPS; k++) {
        out.steps[k].dn = steps->steps[k].dm;
        out.steps[k].dm = steps->steps[k].dn;
    }
    return out;
}

silbe_status silbe_path_steps_check(const silbe_path_steps *steps, silbe_err *err)
{
    /* Keeps sums of weighted float costs far from the overflow of a double. */
    const double most = 1e30;

    if (steps == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW steps: missing (NULL)");
    }
    if (steps->n_steps < 1 || steps->n_steps > SILBE_PATH_MAX_STEPS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW steps: n_steps should be 1 to %d, got %zu",
                          SILBE_PATH_MAX_STEPS, steps->n_steps);
    }
    for (size_t k = 0; k < steps->n_steps; k++) {
        const silbe_path_step *s = &steps->steps[k];
        if (s->dn < 0 || s->dm < 0 || s->dn > SILBE_PATH_MAX_STEP_SIZE ||
            s->dm > SILBE_PATH_MAX_STEP_SIZE || (s->dn == 0 && s->dm == 0)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "DTW step %zu: (%d, %d) should be within 0 to %d each and not (0, 0)",
                              k, s->dn, s->dm, SILBE_PATH_MAX_STEP_SIZE);
        }
        if (!(s->weight > 0.0 && s->weight <= most)) {
            return silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "DTW step %zu (%d, %d): weight should be > 0 and at most 1e30, got %g", k, s->dn,
                s->dm, s->weight);
        }
        if (!(fabs(s->penalty) <= most)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "DTW step %zu (%d, %d): penalty should be finite and at most 1e30 in "
                              "size, got %g",
                              k, s->dn, s->dm, s->penalty);
        }
    }
    return SILBE_OK;
}

size_t silbe_path_steps_max_dn(const silbe_path_steps *steps)
{
    int most = 0;
    for (size_t k = 0; k < steps->n_steps; k++) {
        most = steps->steps[k].dn > most ? steps->steps[k].dn : most;
    }
    return (size_t)most;
}
