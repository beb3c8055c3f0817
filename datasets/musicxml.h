/*
 * MusicXML 3.x and 4.0 (score-partwise; .xml, .musicxml, or compressed .mxl) to a silbe_score.
 * Specification: https://www.w3.org/2021/06/musicxml40/
 *
 * What becomes of the elements:
 * - Time: position in a measure = sum of <duration> / <divisions> with <backup> and <forward>. A
 *   measure is as long as the longest part makes it; a measure without content is as long as its
 *   metre. Within 1/32 quarter of the metre it is taken to be the metre (rounded tuplets).
 * - Pitch: written <pitch> plus <transpose> (chromatic and octave-change), rounded to a semitone.
 *   One case differs: where the clef carries <clef-octave-change> c and <transpose> has the same
 *   octave-change c, writers count the octave once, and so do we (see musicxml_part.c).
 * - Ties: merged within a part by pitch, whatever the staff or voice, over any number of measures.
 *   A tie stop that continues nothing, or that has a syllable of its own, is a note of its own.
 * - Grace notes (g of them in front of a position p of the same part and voice): each lasts
 *   d = min(1/8, gap / (2 g)) quarters, where gap is the time since the latest earlier onset of
 * that part and voice (or since 0), and number k = 0.. starts at p - (g - k) d. An earlier note
 * that would sound into them ends where they start. At p = 0 they start at 0 instead, last d =
 * min(1/8, D / (2 g)), D being the shortest principal note, and the principal notes start g d later
 * with the same end. A syllable on a grace note starts at the grace note.
 * - Ignored: rests, cue notes, <unpitched> (all three pass time, text under them is lost), figured
 *   bass, harmony.
 * - Repeats, endings, da capo, dal segno, coda and fine (<repeat>, <ending>, <sound>) are unfolded;
 *   after a jump repeats are not taken and the last ending is played.
 * - Lyrics: the k-th time a measure is played takes the lyric line k if the measure has it in that
 *   part. Where it has not, or where the measure is played only once, each note takes its own
 * lowest line. The number of a line is the last run of digits in <lyric number="">, otherwise its
 *   rank within the note. <elision>: a second text with a <syllabic> of its own is a syllable of
 * its own on the same note, one without is joined by U+203F. <humming> and <laughing> are no text.
 *   The same syllable at the same moment in several parts counts once; apart from that syllables of
 *   several parts follow each other by onset, so a duet with two texts at once is not told apart.
 * - Measure number: the leading digits of number=""; without digits that of the measure before.
 */
#ifndef SILBE_MUSICXML_H
#define SILBE_MUSICXML_H

#include <stddef.h>

#include "features/base/score.h"
#include "features/base/status.h"

/* Bytes of XML that are read at most unless the options say otherwise. */
#define SILBE_MUSICXML_MAX_BYTES ((size_t)256 << 20)

typedef struct {
    /* Names (<part-name>, blanks around it and ASCII case ignored) or ids of the sung parts. NULL
     * or none: every part that carries lyrics. */
    const char *const *voice_parts;
    size_t n_voice_parts;
    size_t max_bytes; /* limit on the (uncompressed) XML; 0 = SILBE_MUSICXML_MAX_BYTES */
} silbe_musicxml_options;

#define SILBE_MUSICXML_OPTIONS_INIT                                                                \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/*
 * Reads the file into *score, which must be SILBE_SCORE_INIT and which the caller frees. options
 * may be NULL. A score without lyrics is legal (n_syllables = 0).
 *
 * Errors, with file and line: SILBE_ERR_IO; SILBE_ERR_FORMAT (XML that is not well-formed,
 * entities, too deep nesting, score-timewise, parts that differ in measures, numbers out of range,
 * endless repeats); SILBE_ERR_DATA (no notes, a file over the limit, a voice part that does not
 * exist). Nothing is fetched from the network and no external entity is read.
 */
SILBE_MUST_CHECK silbe_status silbe_musicxml_read(const char *path,
                                                  const silbe_musicxml_options *options,
                                                  silbe_score *score, silbe_err *err);

/* The same for uncompressed XML in memory; name stands for the file in messages. */
SILBE_MUST_CHECK silbe_status silbe_musicxml_parse(const char *xml, size_t n_bytes,
                                                   const char *name,
                                                   const silbe_musicxml_options *options,
                                                   silbe_score *score, silbe_err *err);

#endif
