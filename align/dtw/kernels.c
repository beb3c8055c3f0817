/* Which kernel runs: the best one for these steps on this processor, or the one that is asked for.
 */
#include "align/dtw/engine.h"

static bool is_classical(const silbe_dtw_steps *steps)
{
    const silbe_dtw_step *s = steps->steps;
    return steps->n_steps == 3 && s[0].dn == 1 && s[0].dm == 1 && s[1].dn == 1 && s[1].dm == 0 &&
           s[2].dn == 0 && s[2].dm == 1;
}

static bool processor_has(silbe_dtw_kernel kernel)
{
#ifdef SILBE_DTW_X86
    if (kernel == SILBE_DTW_KERNEL_AVX512) {
        return __builtin_cpu_supports("avx512f") != 0;
    }
    if (kernel == SILBE_DTW_KERNEL_AVX2) {
        return __builtin_cpu_supports("avx2") != 0;
    }
#endif
    return kernel == SILBE_DTW_KERNEL_PORTABLE;
}

static const char *const kernel_names[SILBE_DTW_N_KERNELS] = {"auto", "rows", "portable", "AVX2",
                                                              "AVX-512"};

silbe_status silbe_dtw_choose_kernel(const silbe_dtw_problem *problem, silbe_dtw_kernel kernel,
                                     bool *strips, silbe_dtw_strip_fn **strip,
                                     silbe_dtw_relax_fn **relax, silbe_err *err)
{
    bool classical = is_classical(&problem->steps);
    silbe_dtw_kernel best = SILBE_DTW_KERNEL_AVX512;
    while (!processor_has(best)) {
        best--;
    }
    if ((int)kernel < 0 || kernel >= SILBE_DTW_N_KERNELS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: there is no kernel %d", (int)kernel);
    }
    *strips = kernel == SILBE_DTW_KERNEL_AUTO ? classical : kernel != SILBE_DTW_KERNEL_ROWS;
    if (*strips && !classical) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "DTW: kernel %s takes the steps (1,1), (1,0), (0,1) in this order only",
                          kernel_names[kernel]);
    }
    silbe_dtw_kernel used =
        kernel == SILBE_DTW_KERNEL_AUTO || kernel == SILBE_DTW_KERNEL_ROWS ? best : kernel;
    if (!processor_has(used)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "DTW: this processor does not run kernel %s",
                          kernel_names[used]);
    }
    *strip = silbe_dtw_strip_portable;
    *relax = silbe_dtw_relax_portable;
#ifdef SILBE_DTW_X86
    if (used == SILBE_DTW_KERNEL_AVX2) {
        *strip = silbe_dtw_strip_avx2;
        *relax = silbe_dtw_relax_avx2;
    } else if (used == SILBE_DTW_KERNEL_AVX512) {
        *strip = silbe_dtw_strip_avx512;
        *relax = silbe_dtw_relax_avx512;
    }
#endif
    return SILBE_OK;
}
