#include "pipeline/align/phone_times.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "align/lyrics/phone_syllables.h"

static const double MIN_SPAN_S = 1e-3;

/* What all steps need. */
typedef struct {
    const silbe_config *config;
    const silbe_phone_text *text;
    const silbe_trellis_alignment *alignment;
    double hop_s;
    double duration_s;
} source;

void silbe_phone_times_free(silbe_phone_times *times)
{
    silbe_word_times_free(&times->times);
    free(times->sounding_start_s);
    free(times->phones);
    *times = (silbe_phone_times)SILBE_PHONE_TIMES_INIT;
}

static double time_of(const source *s, size_t frame)
{
    double time_s = (double)frame * s->hop_s + s->config->lyrics.offset_ms * 1e-3;
    return fmin(fmax(time_s, 0), s->duration_s);
}

/* Where syllable starts: an index into the word's phones. */
static size_t start_of(const source *s, const silbe_pronunciation *pronunciation,
                       const silbe_phone_syllable *syllable)
{
    size_t end = syllable->first_phone + syllable->n_phones;
    if (s->config->lyrics.start == SILBE_START_FIRST_PHONE) {
        return syllable->first_phone;
    }
    for (size_t k = syllable->first_phone; k < end; k++) {
        if (silbe_phone_is_nucleus(pronunciation->phones[k])) {
            return k;
        }
    }
    return syllable->nucleus;
}

/* Word w, whose phones are labels[0 .. its pronunciation's length). earliest_s: start of the word
 * before. */
static silbe_status place_word(const source *s, size_t w, const silbe_trellis_label_result *labels,
                               double earliest_s, silbe_phone_times *times, silbe_err *err)
{
    const silbe_lyrics *lyrics = s->text->lyrics;
    const silbe_trellis_word_result *found = &s->alignment->words[w];
    const silbe_pronunciation *pronunciation = &s->text->words[w].items[found->pronunciation];
    size_t n = lyrics->words[w].n_syllables;
    silbe_span *spans = &times->times.syllables[lyrics->words[w].first_syllable];
    silbe_phone_syllable *syllables = calloc(n, sizeof *syllables);
    if (syllables == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu syllables", n);
    }
    silbe_status status =
        silbe_phone_syllables(pronunciation->phones, pronunciation->n_phones, n, syllables, err);
    double end_s = time_of(s, found->end_frame);
    for (size_t i = 0; i < n && status == SILBE_OK; i++) {
        const silbe_phone_syllable *syllable = &syllables[i];
        size_t last = syllable->n_phones > 0 ? syllable->first_phone + syllable->n_phones - 1
                                             : syllable->first_phone;
        double start_s = time_of(s, labels[start_of(s, pronunciation, syllable)].begin_frame);
        spans[i].start_s = fmax(start_s, earliest_s);
        spans[i].end_s = fmax(time_of(s, labels[last].end_frame), spans[i].start_s + MIN_SPAN_S);
        spans[i].confidence = found->confidence;
        earliest_s = spans[i].start_s;
        end_s = fmax(end_s, spans[i].end_s);
    }
    times->times.words[w] = (silbe_span){spans[0].start_s, end_s, found->confidence};
    times->sounding_start_s[w] = fmin(time_of(s, found->begin_frame), spans[0].start_s);
    free(syllables);
    return status;
}

static void place_phone(const source *s, const silbe_trellis_label_result *label,
                        silbe_output_phone *phone)
{
    double start_s = time_of(s, label->begin_frame);
    phone->word = label->word;
    phone->span = (silbe_span){start_s, fmax(time_of(s, label->end_frame), start_s + MIN_SPAN_S),
                               label->confidence};
    (void)snprintf(phone->symbol, sizeof phone->symbol, "%s",
                   silbe_phone_get((size_t)label->symbol)->symbol);
}

silbe_status silbe_phone_times_make(const silbe_config *config, const silbe_phone_text *text,
                                    const silbe_trellis_alignment *alignment, double hop_s,
                                    double duration_s, silbe_phone_times *times, silbe_err *err)
{
    const source s = {config, text, alignment, hop_s, duration_s};
    const silbe_lyrics *lyrics = text->lyrics;
    *times = (silbe_phone_times)SILBE_PHONE_TIMES_INIT;
    times->times.words = calloc(lyrics->n_words, sizeof *times->times.words);
    times->times.syllables = calloc(lyrics->n_syllables, sizeof *times->times.syllables);
    times->sounding_start_s = calloc(lyrics->n_words, sizeof *times->sounding_start_s);
    times->phones = calloc(alignment->n_labels, sizeof *times->phones);
    if (times->times.words == NULL || times->times.syllables == NULL ||
        times->sounding_start_s == NULL || times->phones == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", lyrics->n_words);
    }
    times->times.n_words = lyrics->n_words;
    times->times.n_syllables = lyrics->n_syllables;
    times->n_phones = alignment->n_labels;
    size_t next = 0;
    double earliest_s = 0;
    silbe_status status = SILBE_OK;
    for (size_t w = 0; w < lyrics->n_words && status == SILBE_OK; w++) {
        status = place_word(&s, w, &alignment->labels[next], earliest_s, times, err);
        earliest_s = times->times.words[w].start_s;
        next += text->words[w].items[alignment->words[w].pronunciation].n_phones;
    }
    for (size_t i = 0; i < alignment->n_labels && status == SILBE_OK; i++) {
        place_phone(&s, &alignment->labels[i], &times->phones[i]);
    }
    return status;
}
