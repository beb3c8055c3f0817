/*
 * Inside of CTC, not for callers: how the trellis is cut for vector units.
 *
 * Pair j is (blank before label j, label j). 32 pairs make a unit. A label depends on its own pair
 * and on label j - 1 alone, a blank on itself and on label j - 1. So a unit stays in registers for
 * many frames (a tile) while all that comes in from the left is one number per frame: the edge, the
 * value of the last label of the unit before. Memory sees a row once per tile, not once per frame.
 */
#ifndef SILBE_ALIGN_CTC_LANES_H
#define SILBE_ALIGN_CTC_LANES_H

#include "align/base/cpu.h"
#include "align/ctc/problem.h"

enum {
    SILBE_CTC_UNIT = 32,     /* pairs */
    SILBE_CTC_EDGE = 8,      /* doubles per frame of an edge; each kernel uses them as it likes */
    SILBE_CTC_MAX_TILE = 64, /* frames */
};

/* Labels as the kernels see them: padded to whole units with a symbol S that has emission 0. */
typedef struct {
    size_t n_units;
    int32_t *symbol; /* n_units * 32 */
    uint32_t *skip;  /* n_units; bit i: label 32 u + i may follow its predecessor directly */
} silbe_ctc_units;

/* Resolves AUTO; SILBE_ERR_ARGUMENT if the wanted kernel cannot run or is ROWS. */
SILBE_MUST_CHECK silbe_status silbe_ctc_choose_kernel(silbe_kernel wanted, silbe_kernel *kernel,
                                                      silbe_err *err);

/* Units of L + 1 pairs. */
size_t silbe_ctc_unit_count(size_t n_labels);
/* Fills symbol and skip; with reverse, for the labels and frames read backwards. */
void silbe_ctc_units_fill(const silbe_ctc_problem *problem, bool reverse, silbe_ctc_units *units);

/*
 * Units that a path can use in frames [begin - 1, end): [*first, *last). A label j needs j frames
 * before its first one and L - 1 - j after its last. Both ends rise with time.
 */
void silbe_ctc_live_units(const silbe_ctc_problem *problem, size_t begin_frame, size_t end_frame,
                          size_t *first, size_t *last);

#endif
