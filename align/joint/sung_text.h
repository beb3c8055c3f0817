/*
 * The sung text on the score: which phones may be heard at which position.
 *
 * The nucleus of a syllable falls on its note and is held until the syllable ends; what follows the
 * nucleus (glide and consonants) comes at the end of the note, and what precedes the nucleus of the
 * next syllable comes before that one's note. So a position q belongs to
 *
 *   the nucleus of syllable s             onset_q[s] <= q < end_q[s]
 *   and the consonants between s and s+1  in the last consonant_q before the next onset or the end
 *   silence                               where nobody sings, and with the consonants
 */
#ifndef SILBE_ALIGN_JOINT_SUNG_TEXT_H
#define SILBE_ALIGN_JOINT_SUNG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

typedef struct {
    double onset_q;        /* of its first note: where the nucleus begins */
    double end_q;          /* of its last note; >= onset_q */
    const uint8_t *phones; /* n_phones, in order; borrowed */
    size_t n_phones;       /* >= 1 */
    size_t nucleus;        /* < n_phones */
} silbe_sung_syllable;

typedef struct {
    const silbe_sung_syllable *syllables; /* onset_q never decreasing; borrowed */
    size_t n_syllables;
    size_t n_phones_set; /* phones are below this */
    uint8_t silence;     /* phone of silence, and of music without voice */
    double consonant_q;  /* how long consonants may take, in quarter notes; >= 0 */
} silbe_sung_text;

/* SILBE_ERR_ARGUMENT naming the syllable for what the comments above exclude. */
SILBE_MUST_CHECK silbe_status silbe_sung_text_check(const silbe_sung_text *text, silbe_err *err);

/* Most phones that silbe_sung_phones_at gives. */
enum { SILBE_SUNG_MAX_PHONES = 16 };

/* The phones that may be heard somewhere in [q, next_q): the ones above for its positions, each
 * once. Fills phones and returns how many; >= 1. Of more than SILBE_SUNG_MAX_PHONES the first. */
size_t silbe_sung_phones_at(const silbe_sung_text *text, double q, double next_q,
                            uint8_t phones[SILBE_SUNG_MAX_PHONES]);

/* Syllable that begins at q (to within 1e-4 quarter notes), or n_syllables. */
size_t silbe_sung_syllable_at(const silbe_sung_text *text, double q);

#endif
