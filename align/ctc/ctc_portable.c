/* The forward-backward kernel in plain C: vectors of one lane. */
#include "align/base/lanes_portable.h"
#include "align/ctc/ctc_engine.h"

#define SILBE_CTC_GROUP 4
#define SILBE_CTC_SWEEP silbe_ctc_sweep_portable
#include "align/ctc/ctc_kernel.h"
