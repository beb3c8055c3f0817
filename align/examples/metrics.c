/* How far estimated onsets are from a reference. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <silbe/metrics.h>

int main(void)
{
    const double reference_s[] = {1.0, 2.0, 3.0}, estimate_s[] = {1.02, 2.0, 3.4};
    silbe_onset_metrics metrics = silbe_onset_metrics_none();
    silbe_err err = SILBE_ERR_INIT;
    silbe_status status = silbe_onset_metrics_run(reference_s, estimate_s, 3, &metrics, &err);
    printf("mean %.3f s, within %.2f s: %.0f %%\n", metrics.mean_abs_s, SILBE_WINDOWS_S[0],
           100 * metrics.within[0]);
    return status == SILBE_OK && fabs(metrics.mean_abs_s - 0.14) < 1e-12 ? EXIT_SUCCESS
                                                                         : EXIT_FAILURE;
}
