/*
 * Reader of songs: text in, events, measures, syllables, words and lines out.
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
#ifndef SILBE_DEMO_NOTATION_H
#define SILBE_DEMO_NOTATION_H

#include "datasets/synthesis/song.h"
#include "features/base/status.h"

/* Reads the song. SILBE_ERR_FORMAT with work, staff and measure if the notation is wrong, if a
 * measure has another length than in the voice or than its metre (the first excepted), or if notes
 * and syllables do not come out even. */
SILBE_MUST_CHECK silbe_status silbe_demo_song_read(silbe_synth_song *song,
                                                   const silbe_synth_source *source,
                                                   silbe_err *err);

void silbe_demo_song_free(silbe_synth_song *song);

/* The lyrics read by notation_lyrics.c; called by silbe_demo_song_read. A step
 * (features/base/status.h). */
void silbe_demo_lyrics_read(silbe_synth_song *song, silbe_err *err);

#endif
