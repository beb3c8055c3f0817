/*
 * What this processor can do, and which kernel an engine runs. The kernels of an engine that do the
 * same thing with other instructions give the same bits.
 */
#ifndef SILBE_ALIGN_BASE_CPU_H
#define SILBE_ALIGN_BASE_CPU_H

#include "features/base/status.h"

/* The kernels with AVX2 and AVX-512 are compiled, whatever the compiler was told to build for. */
#if defined(__x86_64__) && defined(__GNUC__)
#define SILBE_X86 1
#endif

/* AUTO is for users; the others can be forced, for tests and benchmarks. Each engine says which of
 * them it has. Rising: what runs one instruction set runs those before it. */
typedef enum {
    SILBE_KERNEL_AUTO = 0, /* the best one for the problem on this processor */
    SILBE_KERNEL_ROWS,     /* DTW and soft-DTW: row by row */
    SILBE_KERNEL_PORTABLE, /* plain C */
    SILBE_KERNEL_AVX2,
    SILBE_KERNEL_AVX512, /* AVX-512F */
    SILBE_N_KERNELS
} silbe_kernel;

/* "auto", "rows", "portable", "AVX2", "AVX-512". */
const char *silbe_kernel_name(silbe_kernel kernel);

/* The best instruction set that this processor has: PORTABLE, AVX2 or AVX512. */
silbe_kernel silbe_kernel_best(void);

/* SILBE_ERR_ARGUMENT, its message beginning with the engine, if there is no such kernel or this
 * processor does not run it. AUTO and ROWS always run. */
SILBE_MUST_CHECK silbe_status silbe_kernel_check(silbe_kernel kernel, const char *engine,
                                                 silbe_err *err);

#endif
