/* Which kernel runs: the best one for these steps on this processor, or the one that is asked for.
 */
#include "align/dtw/engine.h"

static bool is_classical(const silbe_path_steps *steps)
{
    const silbe_path_step *s = steps->steps;
    return steps->n_steps == 3 && s[0].dn == 1 && s[0].dm == 1 && s[1].dn == 1 && s[1].dm == 0 &&
           s[2].dn == 0 && s[2].dm == 1;
}

silbe_status silbe_dtw_choose_kernel(const silbe_dtw_problem *problem, silbe_kernel kernel,
                                     bool *strips, silbe_dtw_strip_fn **strip,
                                     silbe_dtw_relax_fn **relax, silbe_err *err)
{
    bool classical = is_classical(&problem->steps);
    silbe_status status = silbe_kernel_check(kernel, "DTW", err);
    if (status != SILBE_OK) {
        return status;
    }
    *strips = kernel == SILBE_KERNEL_AUTO ? classical : kernel != SILBE_KERNEL_ROWS;
    if (*strips && !classical) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW: kernel %s takes the steps (1,1), (1,0), (0,1) in this order only",
                          silbe_kernel_name(kernel));
    }
    *strip = silbe_dtw_strip_portable;
    *relax = silbe_dtw_relax_portable;
#ifdef SILBE_X86
    silbe_kernel used =
        kernel == SILBE_KERNEL_AUTO || kernel == SILBE_KERNEL_ROWS ? silbe_kernel_best() : kernel;
    if (used == SILBE_KERNEL_AVX2) {
        *strip = silbe_dtw_strip_avx2;
        *relax = silbe_dtw_relax_avx2;
    } else if (used == SILBE_KERNEL_AVX512) {
        *strip = silbe_dtw_strip_avx512;
        *relax = silbe_dtw_relax_avx512;
    }
#endif
    return SILBE_OK;
}
