/* The forward-backward kernel with AVX-512F: vectors of 8 lanes. */
#include "align/ctc/ctc_engine.h"

#ifdef SILBE_X86
#include "align/base/lanes_avx512.h"

#define SILBE_CTC_GROUP 2
#define SILBE_CTC_SWEEP silbe_ctc_sweep_avx512
#include "align/ctc/ctc_kernel.h"
#endif
