/*
 * Word times as files, in every format that a user of an alignment works with, and the reader of
 * the JSON one. Files appear whole or not at all.
 *
 * What all formats share:
 *  - Text is cleaned and escaped in one place (text.h). UTF-8 without byte order mark, LF.
 *  - Times are rounded once to the tick of the format (0.1 ms; 1 ms for WebVTT, SRT and ELAN, 10 ms
 *    for LRC) such that after rounding, too, intervals of a tier follow each other without overlap,
 *    last at least one tick, lie inside [0, duration], and words fill their line from its start to
 *    its end, as syllables do their word (tiers.h). An end that reaches past the next start is cut.
 *  - No clock, host or folder is written: the same item gives the same bytes.
 */
#ifndef SILBE_OUTPUT_H
#define SILBE_OUTPUT_H

#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

/* A word of the text that the recording does not seem to hold: not among the lyrics that are
 * written, but listed in the JSON file. */
typedef struct {
    const char *text;
    size_t line;       /* of the text, from 1 */
    size_t word;       /* in its line, from 1 */
    double start_s;    /* where it would be at best, or NAN */
    double end_s;      /* likewise */
    double confidence; /* 0..1 */
} silbe_output_unmatched;

/* A phone of a word: what was heard, and when. */
typedef struct {
    char symbol[8];  /* of the phone set, align/lyrics/phones.h */
    size_t word;     /* index into the lyrics' words; does not decrease */
    silbe_span span; /* start_s < end_s; starts do not decrease */
} silbe_output_phone;

/* What is written. All pointers are borrowed; all strings UTF-8. */
typedef struct {
    const silbe_lyrics *lyrics;    /* lines, words and syllables, consecutive; at least one line */
    const silbe_word_times *times; /* one span per word and syllable; starts do not decrease */
    const char *work;              /* "Schubert_D911-22" */
    const char *version;           /* "SC06"; "" if the dataset has no versions */
    const char *title;             /* NULL if unknown */
    const char *mode;              /* "score", "lyrics", ... */
    const char *audio_file;        /* name of the recording; folders in front are dropped */
    double duration_s;             /* of the recording, > 0 */
    const char *program_version;   /* "0.1.0" */
    const char *settings_digest;   /* of the settings that the times depend on */
    /* Numbers of the lines in the text, where some are left out: n_lines, from 1 on, rising. NULL:
     * 1, 2, 3, ... */
    const size_t *line_numbers;
    const silbe_output_unmatched *unmatched; /* in the order of the text; NULL: not told */
    size_t n_unmatched;
    /* Where the first sound of each word is heard, n_words, <= the word's start; NULL: not known.
     * The word itself starts with the note, on which its vowel falls. */
    const double *sounding_start_s;
    const silbe_output_phone *phones; /* in the order of the words; NULL: not known */
    size_t n_phones;
} silbe_output_item;

/* The number of line l (from 0) of item->lyrics in the text. */
static inline size_t silbe_output_line_number(const silbe_output_item *item, size_t l)
{
    return item->line_numbers != NULL ? item->line_numbers[l] : l + 1;
}

typedef silbe_status (*silbe_output_writer)(const char *path, const silbe_output_item *item,
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

/* Row of that name, or NULL. */
const silbe_output_format *silbe_output_format_find(const char *name);

/* Checks everything that the writers rely on: spans finite, start < end, starts in order, nothing
 * starting outside the recording, confidences in 0..1, the tree of lines, words, syllables and
 * phones consistent, text present and valid UTF-8. The message names the word. Every writer calls
 * it. */
SILBE_MUST_CHECK silbe_status silbe_output_check(const silbe_output_item *item, silbe_err *err);

/* CSV as in the Schubert Winterreise Dataset: header start;end;word;line;confidence, seconds with
 * four decimals, text in double quotes (doubled inside), line counted from 1 in the text. Where it
 * is known, a last column sounding_start. */
SILBE_MUST_CHECK silbe_status silbe_output_write_csv(const char *path,
                                                     const silbe_output_item *item, silbe_err *err);

/*
 * JSON, what later stages read (silbe_output_read_json):
 *   format "silbe-words", format_version 1, program_version, settings_digest, mode, work, version,
 *   title (or null), audio_file, duration_s,
 *   lines[]: line, stanza (both counted from 1), text, start_s, end_s, words[]:
 *     text, start_s, end_s, confidence, syllables[]:
 *       text, start_s, end_s, confidence, onset_q, end_q (quarter notes in the score, or null)
 *     and where they are known: sounding_start_s; phones[]: phone, start_s, end_s, confidence
 *   unmatched[], if told: line, word (counted from 1 in the text), text, start_s, end_s (or null),
 *     confidence
 * Times have four decimals at most, confidences six.
 */
SILBE_MUST_CHECK silbe_status silbe_output_write_json(const char *path,
                                                      const silbe_output_item *item,
                                                      silbe_err *err);

/* Praat TextGrid, long text form: tiers lines, words, syllables, and phones where they are known;
 * gaps are empty intervals. */
SILBE_MUST_CHECK silbe_status silbe_output_write_textgrid(const char *path,
                                                          const silbe_output_item *item,
                                                          silbe_err *err);

/* Enhanced LRC (A2): [mm:ss.xx] per line, <mm:ss.xx> per word and after the last one. LRC cannot
 * escape: < > [ ] in text become ‹ › ( ). */
SILBE_MUST_CHECK silbe_status silbe_output_write_lrc(const char *path,
                                                     const silbe_output_item *item, silbe_err *err);

/* WebVTT: one cue per line, <hh:mm:ss.mmm> before each word but the first. */
SILBE_MUST_CHECK silbe_status silbe_output_write_webvtt(const char *path,
                                                        const silbe_output_item *item,
                                                        silbe_err *err);

/* SubRip: one cue per line. SRT cannot escape: < > { } in text become ‹ › ( ). */
SILBE_MUST_CHECK silbe_status silbe_output_write_srt(const char *path,
                                                     const silbe_output_item *item, silbe_err *err);

/* Audacity label track: start TAB end TAB word. */
SILBE_MUST_CHECK silbe_status silbe_output_write_audacity(const char *path,
                                                          const silbe_output_item *item,
                                                          silbe_err *err);

/* ELAN annotation document (EAF 3.0): tiers Lines, Words (included in Lines), Syllables (included
 * in Words), and Phones where they are known: a tier of its own, since a word's first consonants
 * lie before it. Its DATE is constant. */
SILBE_MUST_CHECK silbe_status silbe_output_write_elan(const char *path,
                                                      const silbe_output_item *item,
                                                      silbe_err *err);

/* What silbe_output_read_json returns; everything is owned by it. */
typedef struct {
    silbe_lyrics lyrics;
    silbe_word_times times;
    char *work;
    char *version;
    char *title; /* NULL if unknown */
    char *mode;
    char *audio_file;
    double duration_s;
    char *program_version;
    char *settings_digest;
    size_t *line_numbers;              /* n_lines */
    silbe_output_unmatched *unmatched; /* n_unmatched; NULL if not told */
    char **unmatched_texts;            /* n_unmatched, what these point to */
    size_t n_unmatched;
    double *sounding_start_s;   /* n_words; NULL if not known */
    silbe_output_phone *phones; /* n_phones; NULL if not known */
    size_t n_phones;
} silbe_output_document;

#define SILBE_OUTPUT_DOCUMENT_INIT                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

void silbe_output_document_free(silbe_output_document *document);

/*
 * Reads a file that silbe_output_write_json wrote. Every key is required, unknown and duplicate
 * keys are errors, types, ranges, order and nesting of the times are verified; a message names file
 * and place. Score positions that were not known come back as NAN. On failure *document is empty.
 * SILBE_ERR_IO if it cannot be read, else SILBE_ERR_FORMAT or SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_output_read_json(const char *path,
                                                     silbe_output_document *document,
                                                     silbe_err *err);

#endif
