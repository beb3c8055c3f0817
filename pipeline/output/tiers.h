/*
 * Times on the grid of a format: integers, so that printing them cannot round again.
 *
 * Within each tier, and voice, start < end <= next start, inside [0, duration]; a line runs from
 * the start of its first word to the end of its last, a word likewise over its syllables. Values
 * move from the nearest tick only as far as that needs. What is not matched has no place.
 */
#ifndef SILBE_OUTPUT_TIERS_H
#define SILBE_OUTPUT_TIERS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pipeline/output/output.h"

typedef struct {
    int64_t start; /* in ticks */
    int64_t end;   /* in ticks, > start; both 0: has no place */
} silbe_tick_span;

static inline bool silbe_tick_span_is_placed(const silbe_tick_span *span)
{
    return span->end > span->start;
}

typedef struct {
    int64_t ticks_per_second;
    int64_t duration; /* in ticks */
    silbe_tick_span *lines;
    silbe_tick_span *words;
    silbe_tick_span *syllables; /* NULL if not asked for */
    silbe_tick_span *phones;    /* NULL if not asked for (with syllables) or not known */
    int64_t *sounding_starts;   /* of matched words, in ticks, <= theirs; NULL if not known */
} silbe_output_tiers;

#define SILBE_OUTPUT_TIERS_INIT                                                                    \
    {                                                                                              \
        0                                                                                          \
    }

/* Checks the words (silbe_output_check) and rounds its times. SILBE_ERR_DATA also if the recording
 * has fewer ticks than words (syllables). The caller frees *tiers. */
SILBE_MUST_CHECK silbe_status silbe_output_tiers_new(const silbe_words *words,
                                                     int64_t ticks_per_second, bool with_syllables,
                                                     silbe_output_tiers *tiers, silbe_err *err);

void silbe_output_tiers_free(silbe_output_tiers *tiers);

/* Prints ticks as seconds with as many decimals as ticks_per_second (a power of ten) has zeros. */
void silbe_output_put_seconds(FILE *stream, int64_t ticks, int64_t ticks_per_second);

/* Prints confidence with three decimals, whatever the locale. */
void silbe_output_put_confidence(FILE *stream, double confidence);

/* Writes the body of a text format; errors show in ferror(stream). */
typedef void (*silbe_output_emit)(FILE *stream, const silbe_words *words,
                                  const silbe_output_tiers *tiers);

/* SILBE_ERR_DATA unless the words are of one voice. */
SILBE_MUST_CHECK silbe_status silbe_output_check_one_voice(const silbe_words *words,
                                                           silbe_err *err);

/* What every text writer of one voice does around its body: tiers, atomic file, commit. */
SILBE_MUST_CHECK silbe_status silbe_output_write_text(const char *path, const silbe_words *words,
                                                      int64_t ticks_per_second, bool with_syllables,
                                                      silbe_output_emit emit, silbe_err *err);

/* Writes bytes as a file that appears whole or not at all. */
SILBE_MUST_CHECK silbe_status silbe_output_write_file(const char *path, const void *bytes,
                                                      size_t size, silbe_err *err);

/* Name of the recording without folders. */
const char *silbe_output_base_name(const char *path);

#endif
