/*
 * A song of the demo dataset, as data: the one source of truth from which the MusicXML, the lyrics,
 * the sound and all annotations are made. Poems are in the public domain; the music was written for
 * Silbe.
 *
 * Notation of a staff. Measures are separated by '|', tokens by white space:
 *
 *   token    = metre | note | chord | rest
 *   metre    = '@' beats '/' type            at the beginning of a measure; holds until the next
 *   note     = ['g:'] pitch ['/' length] marks
 *   chord    = '[' pitch { ' ' pitch } ']' ['/' length] marks
 *   rest     = 'r' ['/' length]
 *   pitch    = 'A'..'G' ['#' | 'b'] octave   sounding pitch, C4 = middle C
 *   length   = 1 | 2 | 4 | 8 | 16, then '.' (dotted) or 't' (a third of two: triplet); a missing
 *              length repeats the last one of the staff
 *   marks    = { '~' tied to the next note | '_' still sings the last syllable (melisma) | '!'
 * fermata } g:       = grace note, no length of its own, sung or played shortly before the beat
 *
 * The first measure may be shorter than its metre: a pick-up, then numbered 0. Every staff must
 * have the same measures. Lyrics: one verse a line, an empty line between stanzas, '-' between
 * syllables. Each note of the voice takes the next syllable unless it is tied to or marked '_'.
 */
#ifndef SILBE_DEMO_SONG_H
#define SILBE_DEMO_SONG_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *work;  /* WorkID and file name stem, "Silbe_Demo-01" */
    const char *title; /* UTF-8 */
    const char *poet;
    int fifths; /* key signature, sharps positive */
    bool minor;
    const char *key;  /* the same, as the annotations of the Schubert Winterreise Dataset say it */
    double tempo_qpm; /* quarter notes a minute */
    bool transposed;  /* MusicXML writes the voice an octave higher, in an ordinary treble clef with
                         <transpose>; otherwise as it sounds, in the tenor's treble clef */
    const char *voice;
    const char *right_hand;
    const char *left_hand;
    const char *lyrics;
} silbe_demo_source;

extern const silbe_demo_source silbe_demo_lorelei;
extern const silbe_demo_source silbe_demo_mondnacht;
extern const silbe_demo_source silbe_demo_nachtlied;
extern const silbe_demo_source silbe_demo_wandern;

/* The song of that index, NULL past the last. */
const silbe_demo_source *silbe_demo_song_at(size_t index);

#endif
