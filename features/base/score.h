/*
 * A score as data: note events, measures and the syllables under the voice. Filled by the readers
 * in datasets/, used by align/. Musical time is in quarter notes ("_q") since the beginning of the
 * first measure in the file (a pick-up measure is a measure like any other).
 */
#ifndef SILBE_SCORE_H
#define SILBE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

/* One sounding note: tied notes are merged, repeats are unfolded. Pitch as it sounds, that is with
 * the part's <transpose> applied. */
typedef struct {
    double onset_q;    /* >= 0; grace notes lie before their principal note (see musicxml.h) */
    double duration_q; /* > 0; ties summed; grace notes take a small nominal duration */
    short pitch;       /* MIDI note number, 0..127, 60 = C4 */
    bool is_voice;     /* in the sung part(s); otherwise accompaniment */
    bool is_grace;
} silbe_note;

/* Where a syllable stands in its word: MusicXML's <syllabic>. */
typedef enum {
    SILBE_SYLLABIC_SINGLE = 0,
    SILBE_SYLLABIC_BEGIN,
    SILBE_SYLLABIC_MIDDLE,
    SILBE_SYLLABIC_END,
} silbe_syllabic;

/* One syllable of the sung text as the score writes it. Its melisma, the voice notes without lyric
 * that follow its own note before the next syllable or rest, belongs to it. */
typedef struct {
    char *text; /* UTF-8 as in the score, owned */
    silbe_syllabic syllabic;
    size_t first_note; /* index into notes of the note that carries the syllable */
    double onset_q;    /* onset of that note */
    double end_q;      /* end of the last note of its melisma */
} silbe_score_syllable;

typedef struct {
    double onset_q;  /* start of the measure */
    double length_q; /* its actual length (a pick-up is shorter than its metre) */
    double metre_q;  /* length that the time signature says */
    int number;      /* as printed; a pick-up measure is 0 in SWD */
} silbe_measure;

typedef struct {
    silbe_note *notes; /* sorted by onset_q, then pitch, then voice first */
    size_t n_notes;
    silbe_measure *measures; /* in order of playing */
    size_t n_measures;
    silbe_score_syllable *syllables; /* in order of onset_q */
    size_t n_syllables;
    double end_q; /* end of the last measure */
    char *title;  /* UTF-8, owned, may be NULL */
} silbe_score;

#define SILBE_SCORE_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

/* Frees everything that the score owns and resets it to SILBE_SCORE_INIT. */
void silbe_score_free(silbe_score *score);

/*
 * Measure position in the convention of the Schubert Winterreise Dataset: measure number plus the
 * fraction of the measure whatever its metre (5.0 = bar 5 beat 1, 7.25 = a quarter into bar 7). A
 * pick-up counts from its end: a quarter-note pick-up in 3/4 starts at 0.667. Fills *onset_q with
 * the position in quarter notes; false if no measure of that number exists or the fraction lies
 * before the pick-up's first note. With unfolded repeats numbers may occur more than once:
 * occurrence 0 is the first.
 */
bool silbe_score_position_to_q(const silbe_score *score, double position, size_t occurrence,
                               double *onset_q);

#endif
