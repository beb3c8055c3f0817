/*
 * Between the readers of word times: the file in memory, and the list that they fill.
 *
 *   read.c            which format a file has
 *   read_list.c       the list: order, voices, level
 *   read_tiers.c      which tiers are of words
 *   *_read.c          a format each
 */
#ifndef SILBE_OUTPUT_READ_INTERNAL_H
#define SILBE_OUTPUT_READ_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/output/time_list.h"

/* What takes one is a step (features/base/status.h). */
typedef struct {
    const char *path;
    char *text; /* the file: UTF-8 without byte order mark, lines ended by LF alone, a zero behind;
                   readers may cut it into pieces; owned */
    size_t n_bytes;
    silbe_time_list *list;
    double *last_s; /* of each voice the last start so far; owned */
    bool has_words; /* set by readers that know that the texts are words */
    silbe_err *err; /* never NULL */
} silbe_times_reader;

/* A text with its time. */
typedef struct {
    const char *text; /* not ended by a zero */
    size_t n_bytes;
    size_t line;  /* of the file; 0 if the format has none */
    size_t voice; /* of the list */
    double start_s, end_s, confidence;
} silbe_times_row;

/* SILBE_ERR_FORMAT: "PATH:LINE: ..."; without LINE if it is 0. */
void silbe_times_fail(const silbe_times_reader *reader, size_t line, const char *format, ...)
    SILBE_PRINTF(3, 4);

/* The voice of that name, a new one if need be. */
size_t silbe_times_voice(silbe_times_reader *reader, const char *name, size_t line);

/* Appends the row, if its text is not blank, and checks its times. */
void silbe_times_add(silbe_times_reader *reader, const silbe_times_row *row);

/* A time in seconds, or NAN after a failure: what (such as "start") names it in the message. */
double silbe_times_seconds(const silbe_times_reader *reader, size_t line, const char *what,
                           const char *text);

/* The lines of the text, one after the other. */
typedef struct {
    char *next;    /* NULL after the last one */
    size_t number; /* of the line last taken, from 1 */
} silbe_times_lines;

/* The next line, ended by a zero in place, or NULL. Begin with {reader->text, 0}. */
char *silbe_times_next_line(silbe_times_lines *lines);

bool silbe_times_is_blank(const char *text);

/*
 * hh:mm:ss.fff or mm:ss.fff at *at, with `.` or `,` and any number of digits, the fraction
 * optional, which *at is moved behind; false, and *at stays, if there is none. is_lrc: three groups
 * without fraction are mm:ss:ff.
 */
bool silbe_times_clock(const char **at, bool is_lrc, double *time_s);

/* A tier with labels, as candidates for the words'. */
typedef struct {
    char *name;      /* owned by the reader that made it */
    size_t n_labels; /* that are not blank */
    bool is_chosen;
    size_t voice; /* of the list, if chosen */
} silbe_times_tier;

/* Chooses the tiers of the words and makes their voices. */
void silbe_times_choose_tiers(silbe_times_reader *reader, silbe_times_tier *tiers, size_t n_tiers);

/* The readers, and whether a text looks like one of theirs. */
bool silbe_is_webvtt(const char *text);
bool silbe_is_srt(const char *text);
bool silbe_is_textgrid(const char *text);
bool silbe_is_elan(const char *text);
bool silbe_is_lrc(const char *text);
bool silbe_is_audacity(const char *text);
bool silbe_is_csv(const char *text);
void silbe_read_webvtt(silbe_times_reader *reader);
void silbe_read_srt(silbe_times_reader *reader);
void silbe_read_textgrid(silbe_times_reader *reader);
void silbe_read_elan(silbe_times_reader *reader);
void silbe_read_lrc(silbe_times_reader *reader);
void silbe_read_audacity(silbe_times_reader *reader);
void silbe_read_csv(silbe_times_reader *reader);

#endif
