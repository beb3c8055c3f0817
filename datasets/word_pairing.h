/*
 * Words of two texts paired in order, as people would: by their letters and digits; case,
 * punctuation and ss/sharp s do not count.
 */
#ifndef SILBE_WORD_PAIRING_H
#define SILBE_WORD_PAIRING_H

#include <stddef.h>

#include "datasets/edit_alignment.h"
#include "features/base/status.h"

/*
 * Fills partner[0..n_left) with strictly increasing indices of right words or SILBE_UNPAIRED, such
 * that as many words as possible have a partner of equal letters. Words are UTF-8. Errors of
 * silbe_edit_align, whose limits hold for what lies between the equal beginnings and ends of the
 * texts.
 */
SILBE_MUST_CHECK silbe_status silbe_pair_words(const char *const *left, size_t n_left,
                                               const char *const *right, size_t n_right,
                                               size_t *partner, silbe_err *err);

#endif
