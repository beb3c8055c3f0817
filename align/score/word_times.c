#include "align/score/word_times.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

static const double MIN_SPAN_S = 1e-3;
static const double LONE_SLOPE = 1; /* seconds per quarter note of a score with one event */
static const double SAME_Q = 1e-6;  /* positions nearer than this are one event */

/* Last event at or before q; 0 if there is none. */
static size_t event_before(const silbe_score_times *times, double q)
{
    size_t low = 0, high = times->n_events;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (times->event_q[middle] <= q + SAME_Q) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double silbe_score_time(const silbe_score_times *times, double q)
{
    size_t n = times->n_events, k = event_before(times, q);
    const double *x = times->event_q, *y = times->event_s;
    double slope = LONE_SLOPE;
    if (q > x[0] && k + 1 < n) {
        slope = (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
    } else if (n > 1) {
        slope = (y[n - 1] - y[0]) / (x[n - 1] - x[0]);
    }
    double time_s = fabs(q - x[k]) <= SAME_Q ? y[k] : y[k] + slope * (q - x[k]);
    return fmin(fmax(time_s, 0), times->duration_s);
}

static double confidence_at(const silbe_score_times *times, double q)
{
    size_t k = event_before(times, q);
    double confidence = times->confidence[k];
    if (fabs(q - times->event_q[k]) > SAME_Q && k + 1 < times->n_events) {
        confidence = fmin(confidence, times->confidence[k + 1]);
    }
    return confidence;
}

static void place_syllables(const silbe_lyrics *lyrics, const silbe_score_times *times,
                            silbe_span *spans, silbe_err *err)
{
    double earliest_s = 0;
    for (size_t i = 0; i < lyrics->n_syllables && !silbe_failed(err); i++) {
        const silbe_syllable *syllable = &lyrics->syllables[i];
        if (!isfinite(syllable->onset_q) || !(syllable->end_q >= syllable->onset_q)) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                             "syllable %zu (\"%s\") has no place in the score", i + 1,
                             syllable->text);
        }
        silbe_span *span = &spans[i];
        span->start_s = fmax(silbe_score_time(times, syllable->onset_q), earliest_s);
        span->end_s = fmax(silbe_score_time(times, syllable->end_q), span->start_s);
        span->confidence = confidence_at(times, syllable->onset_q);
        earliest_s = span->start_s + MIN_SPAN_S;
    }
    for (size_t i = lyrics->n_syllables; i-- > 0 && !silbe_failed(err);) {
        double limit_s = i + 1 < lyrics->n_syllables ? spans[i + 1].start_s : INFINITY;
        spans[i].end_s = fmin(fmax(spans[i].end_s, spans[i].start_s + MIN_SPAN_S), limit_s);
    }
}

static void check_times(const silbe_score_times *times, silbe_err *err)
{
    for (size_t k = 0; k < times->n_events && !silbe_failed(err); k++) {
        if (!isfinite(times->event_s[k]) ||
            (k > 0 && !(times->event_s[k] > times->event_s[k - 1]))) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "event %zu of the score is not after event %zu",
                             k + 1, k);
        }
    }
    if (times->n_events == 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "the score has no events");
    }
}

silbe_status silbe_score_word_times(const silbe_lyrics *lyrics, const silbe_score_times *times,
                                    silbe_word_times *words, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *words = (silbe_word_times)SILBE_WORD_TIMES_INIT;
    check_times(times, err);
    words->words = silbe_alloc(lyrics->n_words, sizeof *words->words, "words", err);
    words->syllables = silbe_alloc(lyrics->n_syllables, sizeof *words->syllables, "syllables", err);
    words->n_words = lyrics->n_words;
    words->n_syllables = lyrics->n_syllables;
    place_syllables(lyrics, times, words->syllables, err);
    for (size_t w = 0; w < lyrics->n_words && !silbe_failed(err); w++) {
        size_t first = lyrics->words[w].first_syllable;
        size_t last = first + lyrics->words[w].n_syllables - 1;
        words->words[w].start_s = words->syllables[first].start_s;
        words->words[w].end_s = words->syllables[last].end_s;
        words->words[w].confidence = words->syllables[first].confidence;
    }
    if (silbe_failed(err)) {
        silbe_word_times_free(words);
    }
    return err->status;
}
