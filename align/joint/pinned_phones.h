/*
 * Phones between two moments that are known: the nucleus of a syllable begins at one note, that of
 * the next at another, and what lies between them is found by Viterbi on the phone costs
 * (phone_costs.h): the phones in order, perhaps with silence at one place.
 *
 * Every phone lasts min_frames at least; each further frame of one that cannot be held costs
 * hop_s / consonant_s nats. Where there is too little time for that, one frame each; where there is
 * less than a frame for each, all last equally long. Ties: the earlier change.
 */
#ifndef SILBE_ALIGN_JOINT_PINNED_PHONES_H
#define SILBE_ALIGN_JOINT_PINNED_PHONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "align/joint/phone_costs.h"

#define SILBE_PINNED_NO_GAP SIZE_MAX

typedef struct {
    uint8_t phone;
    bool holdable; /* it may last as long as it likes */
} silbe_pinned_phone;

typedef struct {
    const silbe_pinned_phone *phones; /* n_phones, in order */
    size_t n_phones;
    size_t gap; /* silence may lie before phones[gap], after the last one if gap == n_phones;
                   _NO_GAP: nowhere */
    uint8_t silence;
    size_t min_frames;  /* >= 1 */
    double consonant_s; /* > 0 */
} silbe_pinned_text;

typedef struct {
    double start_s;
    double end_s;
} silbe_pinned_span;

/*
 * Fills spans (n_phones): the first starts at from_s unless gap is 0, the last ends at to_s unless
 * gap is n_phones; they follow each other without a break but for the silence. from_s < to_s.
 * SILBE_ERR_ARGUMENT for what the comments exclude, SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_pinned_phones(const silbe_phone_costs *costs,
                                                  const silbe_pinned_text *text, double from_s,
                                                  double to_s, silbe_pinned_span *spans,
                                                  silbe_err *err);

#endif
