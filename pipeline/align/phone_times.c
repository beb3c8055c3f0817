#include "pipeline/align/phone_times.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "align/lyrics/phone_syllables.h"
#include "features/base/memory.h"

static const double MIN_SPAN_S = 1e-3;

/* What all steps need. */
typedef struct {
    const silbe_config *config;
    const silbe_phone_text *text;
    const silbe_trellis_alignment *alignment;
    double hop_s;
    double duration_s;
} source;

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
static void place_word(const source *s, size_t w, const silbe_trellis_label_result *labels,
                       double earliest_s, silbe_words *words, silbe_err *err)
{
    const silbe_lyrics *lyrics = s->text->lyrics;
    const silbe_trellis_word_result *found = &s->alignment->words[w];
    const silbe_pronunciation *pronunciation = &s->text->words[w].items[found->pronunciation];
    size_t n = lyrics->words[w].n_syllables;
    silbe_span *spans = &words->times.syllables[lyrics->words[w].first_syllable];
    silbe_phone_syllable *syllables = silbe_alloc(n, sizeof *syllables, "syllables", err);
    silbe_try(err, silbe_phone_syllables(pronunciation->phones, pronunciation->n_phones, n,
                                         syllables, err));
    double end_s = time_of(s, found->end_frame);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
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
    words->times.words[w] = (silbe_span){spans[0].start_s, end_s, found->confidence};
    words->sounding_start_s[w] = fmin(time_of(s, found->begin_frame), spans[0].start_s);
    free(syllables);
}

static void place_phone(const source *s, const silbe_trellis_label_result *label,
                        silbe_timed_phone *phone)
{
    double start_s = time_of(s, label->begin_frame);
    phone->word = label->word;
    phone->span = (silbe_span){start_s, fmax(time_of(s, label->end_frame), start_s + MIN_SPAN_S),
                               label->confidence};
    (void)snprintf(phone->symbol, sizeof phone->symbol, "%s",
                   silbe_phone_get((size_t)label->symbol)->symbol);
}

static void allocate(const silbe_lyrics *lyrics, size_t n_phones, silbe_words *words,
                     silbe_err *err)
{
    silbe_word_times *times = &words->times;
    times->words = silbe_alloc(lyrics->n_words, sizeof *times->words, "words", err);
    times->syllables = silbe_alloc(lyrics->n_syllables, sizeof *times->syllables, "syllables", err);
    times->n_words = lyrics->n_words;
    times->n_syllables = lyrics->n_syllables;
    words->sounding_start_s =
        silbe_alloc(lyrics->n_words, sizeof *words->sounding_start_s, "words", err);
    words->phones = silbe_alloc(n_phones, sizeof *words->phones, "phones", err);
    words->n_phones = words->phones != NULL ? n_phones : 0;
}

silbe_status silbe_phone_times_fill(const silbe_config *config, const silbe_phone_text *text,
                                    const silbe_trellis_alignment *alignment, double hop_s,
                                    double duration_s, silbe_words *words, silbe_err *err)
{
    silbe_err own;
    const source s = {config, text, alignment, hop_s, duration_s};
    size_t next = 0;
    double earliest_s = 0;
    err = silbe_err_begin(err, &own);
    allocate(text->lyrics, alignment->n_labels, words, err);
    for (size_t w = 0; w < text->lyrics->n_words && !silbe_failed(err); w++) {
        place_word(&s, w, &alignment->labels[next], earliest_s, words, err);
        earliest_s = words->times.words[w].start_s;
        next += text->words[w].items[alignment->words[w].pronunciation].n_phones;
    }
    for (size_t i = 0; i < alignment->n_labels && !silbe_failed(err); i++) {
        place_phone(&s, &alignment->labels[i], &words->phones[i]);
    }
    return err->status;
}
