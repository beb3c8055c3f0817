/*
 * Times of words, or of lines, as a file has them: what the readers of all formats give.
 */
#ifndef SILBE_OUTPUT_TIME_LIST_H
#define SILBE_OUTPUT_TIME_LIST_H

#include <stddef.h>

#include "features/base/status.h"

typedef enum {
    SILBE_LEVEL_WORDS = 0,
    SILBE_LEVEL_LINES, /* each text is a line, or another group of words, with the time of its
                          first word */
} silbe_time_level;

typedef struct {
    char *text;     /* UTF-8, without control characters and blanks around it, not empty; owned */
    double start_s; /* 0 to SILBE_MAX_TIME_S; NAN if the file does not tell */
    double end_s;   /* >= start_s; NAN likewise */
    double confidence; /* 0..1; NAN likewise */
    size_t voice;      /* index into voices */
    size_t place;      /* line of the file, from 1; 0 if the format has none */
} silbe_timed_text;

typedef struct {
    silbe_time_level level;
    silbe_timed_text *texts; /* in the order of the file; starts of a voice do not decrease */
    size_t n_texts;          /* >= 1 */
    char **voices;           /* n_voices, by name; "" where the file names none */
    size_t n_voices;
} silbe_time_list;

#define SILBE_TIME_LIST_INIT                                                                       \
    {                                                                                              \
        0                                                                                          \
    }

/* A file with later times is refused: about four months. */
#define SILBE_MAX_TIME_S 1e7

void silbe_time_list_free(silbe_time_list *list);

/* A larger file is refused before it is read. */
#define SILBE_TIME_LIST_MAX_BYTES ((size_t)64 << 20)

/*
 * Reads a file in one of the formats that the writers (output.h) and other programs write; which
 * one is told by what it holds and, where that leaves it open, by the end of its name:
 *
 *  - CSV: fields separated by `;` `,` or tab. With a header: columns start, end (or duration),
 *    word, voice and confidence, in any order; others are passed over. Without (Sonic Visualiser):
 *    time,label or time,duration,label.
 *  - JSON as written here; words that are not matched are left out.
 *  - Praat TextGrid, long or short, in UTF-8 or UTF-16, with tiers of intervals or points.
 *  - ELAN (.eaf); annotations that have no time of their own begin with the annotation that they
 *    refer to if they are its first, otherwise their start is not known.
 *  - Audacity's labels; LRC, with word times or without; WebVTT, likewise; SRT.
 *
 * Of several tiers it is that of the words: words, or SPEAKER - words or words@SPEAKER, each a
 * voice of its own; else the only one. What has no text is passed over. UTF-8 or, with byte order
 * mark, UTF-16.
 *
 * The caller frees *list, which is empty after a failure. Messages name file and line.
 * SILBE_ERR_IO; SILBE_ERR_FORMAT for a file that is none of these or damaged, times that go back
 * within a voice or lie outside 0 to SILBE_MAX_TIME_S, several tiers of which none is of words;
 * SILBE_ERR_DATA for a file without any text, or larger than SILBE_TIME_LIST_MAX_BYTES;
 * SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_time_list_read(const char *path, silbe_time_list *list,
                                                   silbe_err *err);

#endif
