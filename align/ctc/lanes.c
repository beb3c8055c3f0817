/* Which kernel runs; labels cut into units. */
#include "align/ctc/lanes.h"

silbe_status silbe_ctc_choose_kernel(silbe_kernel wanted, silbe_kernel *kernel, silbe_err *err)
{
    if (wanted == SILBE_KERNEL_ROWS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "CTC: there is no kernel %s",
                          silbe_kernel_name(wanted));
    }
    *kernel = wanted == SILBE_KERNEL_AUTO ? silbe_kernel_best() : wanted;
    return silbe_kernel_check(wanted, "CTC", err);
}

size_t silbe_ctc_unit_count(size_t n_labels)
{
    return n_labels / SILBE_CTC_UNIT + 1;
}

void silbe_ctc_units_fill(const silbe_ctc_problem *p, bool reverse, silbe_ctc_units *units)
{
    size_t n = p->n_labels;
    for (size_t u = 0; u < units->n_units; u++) {
        units->skip[u] = 0;
        for (size_t i = 0; i < SILBE_CTC_UNIT; i++) {
            size_t j = u * SILBE_CTC_UNIT + i;
            units->symbol[j] = (int32_t)p->n_symbols;
            if (j < n) {
                size_t k = reverse ? n - 1 - j : j;
                size_t before = reverse ? k + 1 : k - 1;
                units->symbol[j] = p->labels[k];
                bool may = j > 0 && (p->topology == SILBE_CTC_NO_BLANKS ||
                                     p->labels[k] != p->labels[before]);
                units->skip[u] |= (uint32_t)may << i;
            }
        }
    }
}

void silbe_ctc_live_units(const silbe_ctc_problem *p, size_t begin_frame, size_t end_frame,
                          size_t *first, size_t *last)
{
    /* Some pair of the unit: j <= end_frame, and j + T >= L + t in the frame t before begin_frame:
     * the edge hands that frame's value on. */
    size_t least = p->n_labels + begin_frame - (begin_frame > 0);
    size_t j = least > p->n_frames ? least - p->n_frames : 0;
    size_t n_units = silbe_ctc_unit_count(p->n_labels);
    *first = j / SILBE_CTC_UNIT;
    *last = end_frame / SILBE_CTC_UNIT + 1;
    *last = *last < n_units ? *last : n_units;
}
