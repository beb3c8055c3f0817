/*
 * Reference times to measure an alignment against: word onsets from the note annotations of the
 * recording paired with the score, or from a file of word times, and measure positions.
 *
 * Nothing is invented: a word whose first note finds no partner of equal pitch has no reference,
 * and a report says which and why.
 */
#ifndef SILBE_REFERENCE_H
#define SILBE_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/annotations.h"
#include "datasets/messages.h"
#include "features/base/lyrics.h"
#include "features/base/score.h"
#include "features/base/status.h"

/* ---- measures ---- */

typedef struct {
    double time_s;  /* strictly increasing */
    double onset_q; /* strictly increasing */
} silbe_reference_measure;

typedef struct {
    silbe_reference_measure *measures;
    size_t n_measures;
    silbe_messages reports; /* one for each row that does not fit the score */
} silbe_reference_measures;

#define SILBE_REFERENCE_MEASURES_INIT                                                              \
    {                                                                                              \
        0                                                                                          \
    }

/* Places each row of an ann_audio_measure file in the score. A last row that lies within a measure
 * is the end of the last note and left out. Rows without a place in the score are reported and left
 * out; SILBE_ERR_MISMATCH if fewer than half of the rows fit. */
SILBE_MUST_CHECK silbe_status silbe_reference_measures_new(const silbe_score *score,
                                                           const silbe_measure_rows *rows,
                                                           silbe_reference_measures *measures,
                                                           silbe_err *err);
void silbe_reference_measures_free(silbe_reference_measures *measures);

/* ---- pairing of the score's voice notes with the annotated ones ---- */

typedef enum {
    SILBE_PAIR_EQUAL = 0, /* paired with a row of equal pitch (after transposition) */
    SILBE_PAIR_OTHER,     /* paired with a row of another pitch: not trusted */
    SILBE_PAIR_NONE,      /* no row of its own */
} silbe_pair_kind;

typedef struct {
    silbe_pair_kind kind; /* of the note that carries the syllable */
    double start_s;       /* onset of that note's row; only if kind is SILBE_PAIR_EQUAL */
    double end_s;         /* end of the last paired note of its melisma; likewise, >= start_s */
} silbe_reference_syllable;

typedef struct {
    int transposition_semitones;         /* row pitch minus score pitch */
    size_t n_equal;                      /* notes paired with equal pitch */
    size_t n_other;                      /* paired with another pitch */
    size_t n_missing;                    /* score notes without row */
    size_t n_extra;                      /* voice rows without score note */
    silbe_reference_syllable *syllables; /* one for each of the score */
    size_t n_syllables;
    silbe_messages reports; /* one for each syllable that is not SILBE_PAIR_EQUAL */
} silbe_reference_pairing;

#define SILBE_REFERENCE_PAIRING_INIT                                                               \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Pairs the voice notes of score with the voice rows, in order, by a dynamic programme of least
 * cost (costs and tie rule in reference_pairing.c) over the transposition with the least cost.
 * measures (may be NULL) tells equal pitches apart by their time. SILBE_ERR_DATA if score or rows
 * have no voice; SILBE_ERR_MISMATCH if fewer than half of the notes pair: another song.
 */
SILBE_MUST_CHECK silbe_status silbe_reference_pairing_new(const silbe_score *score,
                                                          const silbe_note_rows *rows,
                                                          const silbe_reference_measures *measures,
                                                          silbe_reference_pairing *pairing,
                                                          silbe_err *err);
void silbe_reference_pairing_free(silbe_reference_pairing *pairing);

/* ---- words ---- */

typedef struct {
    bool is_known;  /* false: there is no reference for this word */
    double start_s; /* only if is_known */
    double end_s;   /* only if has_end; >= start_s */
    bool has_end;
    double confidence; /* of its row in a file of words; NAN if there is none */
} silbe_reference_word;

typedef struct {
    silbe_reference_word *words; /* one for each word of the lyrics, same index */
    size_t n_words;
    size_t n_known;
    silbe_messages reports; /* one for each word without reference, and each row without word */
} silbe_reference_words;

#define SILBE_REFERENCE_WORDS_INIT                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

/* Words start with the first note of their first syllable and end with the last note of their last
 * syllable. A syllable of the lyrics is the one of the score with the same onset_q. Of two words
 * that share a note the second has no reference. pairing must come from the same score. */
SILBE_MUST_CHECK silbe_status silbe_reference_words_from_notes(
    const silbe_score *score, const silbe_reference_pairing *pairing, const silbe_lyrics *lyrics,
    silbe_reference_words *words, silbe_err *err);

/* Words in order, matched by their letters (case, punctuation and ss/sharp s do not count). Rows
 * that are not set by hand (silbe_word_row_is_set) only tell which words lie between: what they
 * match is not known. SILBE_ERR_MISMATCH if fewer than half of the lyrics' words are found among
 * all rows. */
SILBE_MUST_CHECK silbe_status silbe_reference_words_from_rows(const silbe_lyrics *lyrics,
                                                              const silbe_word_rows *rows,
                                                              silbe_reference_words *words,
                                                              silbe_err *err);

void silbe_reference_words_free(silbe_reference_words *words);

#endif
