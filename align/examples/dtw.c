/* The cheapest warping path between two sequences, here given by their cost matrix. */
#include <stdio.h>
#include <stdlib.h>

#include <silbe/dtw/dtw.h>

int main(void)
{
    const float cost[3][4] = {{0, 1, 1, 1}, {1, 0, 0, 1}, {1, 1, 1, 0}};
    const silbe_dtw_dense dense = {cost[0], 4};
    silbe_dtw_problem problem = {.n_rows = 3, .n_cols = 4};
    problem.cost = silbe_dtw_dense_cost;
    problem.context = &dense;
    problem.steps = silbe_path_steps_classical(1, 1, 1);
    silbe_path_point path[6];
    silbe_dtw_result result = {0, 0, 0, 0};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_status status = silbe_dtw_scratch_size(&problem, NULL, &bytes, &err);
    void *scratch = status == SILBE_OK ? malloc(bytes) : NULL;
    if (scratch != NULL) {
        status = silbe_dtw_run(&problem, NULL, scratch, bytes, path, 6, &result, &err);
    }
    free(scratch);
    printf("cost %.0f along %zu cells\n", result.cost, result.path_length);
    return status == SILBE_OK && result.cost == 0 && result.path_length == 4 ? EXIT_SUCCESS
                                                                             : EXIT_FAILURE;
}
