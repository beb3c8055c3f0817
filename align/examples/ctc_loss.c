/* The CTC loss and its gradient by the logits, as for training a network. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <silbe/ctc/ctc.h>

int main(void)
{
    const float logits[3][2] = {{0, 0}, {0, 0}, {0, 0}}; /* all alike: each symbol has 1/2 */
    const int32_t labels[] = {1};
    const silbe_ctc_problem problem = {.values = logits[0],
                                       .n_frames = 3,
                                       .n_symbols = 2,
                                       .row_stride = 2,
                                       .logits = true,
                                       .labels = labels,
                                       .n_labels = 1};
    float gradient[3][2] = {{0}};
    const silbe_ctc_wanted wanted = {
        .gradient = gradient[0], .gradient_stride = 2, .gradient_by = SILBE_CTC_BY_LOGITS};
    silbe_ctc_result result = {0, 0, 0};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_status status = silbe_ctc_scratch_size(&problem, &wanted, NULL, &bytes, &err);
    void *scratch = status == SILBE_OK ? malloc(bytes) : NULL;
    if (scratch != NULL) {
        status = silbe_ctc_run(&problem, &wanted, NULL, scratch, bytes, &result, &err);
    }
    free(scratch);
    /* Six of the eight sequences of three frames collapse to the label. */
    printf("loss %.6f, expected %.6f\n", result.loss, -log(6.0 / 8.0));
    return status == SILBE_OK && fabs(result.loss + log(0.75)) < 1e-9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
