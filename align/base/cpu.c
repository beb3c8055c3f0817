#include "align/base/cpu.h"

const char *silbe_kernel_name(silbe_kernel kernel)
{
    static const char *const names[SILBE_N_KERNELS] = {"auto", "rows", "portable", "AVX2",
                                                       "AVX-512"};
    return names[kernel];
}

silbe_kernel silbe_kernel_best(void)
{
#ifdef SILBE_X86
    if (__builtin_cpu_supports("avx512f")) {
        return SILBE_KERNEL_AVX512;
    }
    if (__builtin_cpu_supports("avx2")) {
        return SILBE_KERNEL_AVX2;
    }
#endif
    return SILBE_KERNEL_PORTABLE;
}

silbe_status silbe_kernel_check(silbe_kernel kernel, const char *engine, silbe_err *err)
{
    if ((int)kernel < 0 || kernel >= SILBE_N_KERNELS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: there is no kernel %d", engine,
                          (int)kernel);
    }
    if (kernel > silbe_kernel_best()) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: this processor does not run kernel %s",
                          engine, silbe_kernel_name(kernel));
    }
    return SILBE_OK;
}
