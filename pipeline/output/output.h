/*
 * Word times as files, in every format that a user of an alignment works with, and the reader of
 * the JSON one; times alone are read from all of them (time_list.h). Files appear whole or not at
 * all.
 *
 * What all formats share:
 *  - Text is cleaned and escaped in one place (text.h). UTF-8 without byte order mark, LF.
 *  - Times are rounded once to the tick of the format (0.1 ms; 1 ms for WebVTT, SRT and ELAN, 10 ms
 *    for LRC) such that after rounding, too, intervals of a tier follow each other without overlap,
 *    last at least one tick, lie inside [0, duration], and words fill their line from its start to
 *    its end, as syllables do their word (tiers.h). An end that reaches past the next start is cut.
 *  - Words that are not matched, and lines without any that is, are in the JSON file alone.
 *  - Several voices are written in the JSON file alone; the others refuse them (SILBE_ERR_DATA).
 *  - No clock, host or folder is written: the same item gives the same bytes.
 */
#ifndef SILBE_OUTPUT_H
#define SILBE_OUTPUT_H

#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/output/words.h"

typedef silbe_status (*silbe_output_writer)(const char *path, const silbe_words *words,
                                            silbe_err *err);

/* One row per format: the row is all that a new format needs. */
typedef struct {
    const char *name;      /* in the setting output.formats */
    const char *extension; /* of the file, without dot */
    const char *doc;       /* one line */
    silbe_output_writer write;
} silbe_output_format;

/* The table: csv json textgrid lrc webvtt srt audacity elan. *n_formats rows, static. */
const silbe_output_format *silbe_output_formats(size_t *n_formats);

/* Writes the words in each format whose bit in formats (output.formats) is set, to *paths++. */
SILBE_MUST_CHECK silbe_status silbe_output_write_formats(const silbe_words *words, unsigned formats,
                                                         const char *const *paths, silbe_err *err);

/* Row of that name, or NULL. */
const silbe_output_format *silbe_output_format_find(const char *name);

/* Checks everything that the writers rely on: of matched words, spans finite, start < end, starts
 * of a voice in order, nothing starting outside the recording; of the others, start and end inside
 * it or both unknown; confidences in 0..1, the tree of lines, words, syllables and phones
 * consistent, text present and valid UTF-8, one word matched at least. The message names the word.
 * Every writer calls it. */
SILBE_MUST_CHECK silbe_status silbe_output_check(const silbe_words *words, silbe_err *err);

/* CSV as in the Schubert Winterreise Dataset: header start;end;word;line;confidence, seconds with
 * four decimals, text in double quotes (doubled inside), line counted from 1 in the text. No
 * confidence is above 0.999: 1 marks what was set by hand. Where it is known, a last column
 * sounding_start. */
SILBE_MUST_CHECK silbe_status silbe_output_write_csv(const char *path, const silbe_words *words,
                                                     silbe_err *err);

/*
 * JSON, what later stages read (silbe_output_read_json):
 *   format "silbe-words", format_version 2, program_version, settings_digest, mode, work, version,
 *   title (or null), audio_file, duration_s,
 *   lines[], all of the text: line, stanza (both counted from 1), text, start_s, end_s, words[]:
 *     index (in the text, from 1), voice (name, "" without voices), matched (true or false), text,
 *     start_s, end_s, confidence, syllables[]:
 *       text, start_s, end_s, confidence, onset_q, end_q (quarter notes in the score, or null)
 *     and where they are known: sounding_start_s; phones[]: phone, start_s, end_s, confidence
 * A line's times are those of its matched words, null if it has none. Words that are not matched,
 * and their syllables, have the times where they would be at best, or null; their sounding_start_s
 * is null, their phones[] empty.
 * Times have four decimals at most, confidences six.
 */
SILBE_MUST_CHECK silbe_status silbe_output_write_json(const char *path, const silbe_words *words,
                                                      silbe_err *err);

/* Praat TextGrid, long text form: tiers lines, words, syllables, and phones where they are known;
 * gaps are empty intervals. */
SILBE_MUST_CHECK silbe_status silbe_output_write_textgrid(const char *path,
                                                          const silbe_words *words, silbe_err *err);

/* Enhanced LRC (A2): [mm:ss.xx] per line, <mm:ss.xx> per word and after the last one. LRC cannot
 * escape: < > [ ] in text become ‹ › ( ). */
SILBE_MUST_CHECK silbe_status silbe_output_write_lrc(const char *path, const silbe_words *words,
                                                     silbe_err *err);

/* WebVTT: one cue per line, <hh:mm:ss.mmm> before each word but the first. */
SILBE_MUST_CHECK silbe_status silbe_output_write_webvtt(const char *path, const silbe_words *words,
                                                        silbe_err *err);

/* SubRip: one cue per line. SRT cannot escape: < > { } in text become ‹ › ( ). */
SILBE_MUST_CHECK silbe_status silbe_output_write_srt(const char *path, const silbe_words *words,
                                                     silbe_err *err);

/* Audacity label track: start TAB end TAB word. */
SILBE_MUST_CHECK silbe_status silbe_output_write_audacity(const char *path,
                                                          const silbe_words *words, silbe_err *err);

/* ELAN annotation document (EAF 3.0): tiers Lines, Words (included in Lines), Syllables (included
 * in Words), and Phones where they are known: a tier of its own, since a word's first consonants
 * lie before it. Its DATE is constant. */
SILBE_MUST_CHECK silbe_status silbe_output_write_elan(const char *path, const silbe_words *words,
                                                      silbe_err *err);

/*
 * Reads a file that silbe_output_write_json wrote. Every key is required, unknown and duplicate
 * keys are errors, types, ranges, order and nesting of the times are verified; a message names file
 * and place. What was null comes back as NAN. On failure *words is empty, and need not be before.
 * SILBE_ERR_IO if it cannot be read, else SILBE_ERR_FORMAT or SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_output_read_json(const char *path, silbe_words *words,
                                                     silbe_err *err);

#endif
