/* The best path of a text through the output of a CTC model: when is each symbol? */
#include <stdio.h>
#include <stdlib.h>

#include <silbe/ctc/viterbi.h>

int main(void)
{
    /* Natural logarithms, frames x symbols; symbol 0 is the blank. */
    const float x[4][3] = {{-3, -0.1F, -3}, {-3, -0.1F, -3}, {-3, -3, -0.1F}, {-3, -3, -0.1F}};
    const int32_t labels[] = {1, 2};
    const silbe_ctc_problem problem = {.values = x[0],
                                       .n_frames = 4,
                                       .n_symbols = 3,
                                       .row_stride = 3,
                                       .labels = labels,
                                       .n_labels = 2};
    silbe_ctc_segment segments[2] = {{0, 0}, {0, 0}};
    silbe_ctc_viterbi_result result = {0, 0, false};
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = 0;
    silbe_status status = silbe_ctc_viterbi_scratch_size(&problem, NULL, &bytes, &err);
    void *scratch = status == SILBE_OK ? malloc(bytes) : NULL;
    if (scratch != NULL) {
        status = silbe_ctc_viterbi(&problem, NULL, scratch, bytes, segments, NULL, &result, &err);
    }
    free(scratch);
    printf("second symbol: frames %zu to %zu, log-probability %.1f\n", segments[1].begin_frame,
           segments[1].end_frame, result.logp);
    return status == SILBE_OK && segments[1].begin_frame == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
