/* The value of soft-DTW and its gradient, which is the expected alignment. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <silbe/softdtw/softdtw.h>

int main(void)
{
    const double cost[4] = {0, 0, 0, 0}; /* 2 x 2: three paths, all of cost 0 */
    double expected[4] = {0};
    silbe_softdtw_problem problem = {.n_rows = 2, .n_cols = 2, .cost = cost, .gamma = 1};
    problem.steps = silbe_path_steps_classical(1, 1, 1);
    const silbe_softdtw_gradient gradient = {.cost = expected};
    silbe_softdtw_result result = {.value = 0};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_status status = silbe_softdtw_scratch_size(&problem, NULL, &gradient, &bytes, &err);
    void *scratch = status == SILBE_OK ? malloc(bytes) : NULL;
    if (scratch != NULL) {
        status = silbe_softdtw_run(&problem, NULL, scratch, bytes, &gradient, &result, &err);
    }
    free(scratch);
    /* -ln 3; a third of the paths passes the upper right cell. */
    printf("value %.6f, expected share of a corner %.6f\n", result.value, expected[1]);
    return status == SILBE_OK && fabs(result.value + log(3)) < 1e-12 &&
                   fabs(expected[1] - 1.0 / 3) < 1e-12
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
