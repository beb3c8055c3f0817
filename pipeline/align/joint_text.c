#include "pipeline/align/joint_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/joint/pinned_phones.h"
#include "align/lyrics/phone_syllables.h"
#include "features/base/memory.h"

static const double MIN_SPAN_S = 1e-3;

void silbe_joint_text_free(silbe_joint_text *text)
{
    free(text->syllables);
    free(text->phones);
    free(text->symbols);
    free(text->first_phone);
    free(text->has_phones);
    *text = (silbe_joint_text){0};
}

static void allocate(const silbe_lyrics *lyrics, const silbe_word_phones *pronounced,
                     silbe_joint_text *text, silbe_err *err)
{
    size_t n_words = lyrics->n_words, n_syllables = lyrics->n_syllables, n_phones = 0;
    for (size_t w = 0; w < n_words; w++) {
        n_phones += pronounced[w].items[0].n_phones;
    }
    text->lyrics = lyrics;
    text->syllables = silbe_alloc(n_syllables, sizeof *text->syllables, "syllables", err);
    text->phones = silbe_alloc(n_phones + 1, sizeof *text->phones, "phones", err);
    text->symbols = silbe_alloc(n_phones + 1, sizeof *text->symbols, "phones", err);
    text->first_phone = silbe_alloc(n_words + 1, sizeof *text->first_phone, "words", err);
    text->has_phones = silbe_alloc(n_syllables, sizeof *text->has_phones, "syllables", err);
}

/* Syllable `index` of the text, whose phones are those of `from` behind phone `first`. */
static void add_syllable(const silbe_phone_syllable *from, size_t index, size_t first,
                         silbe_joint_text *text, silbe_err *err)
{
    const silbe_syllable *place = &text->lyrics->syllables[index];
    bool has_phones = from->n_phones > 0;
    size_t begin = has_phones ? from->first_phone : from->nucleus;
    if (!isfinite(place->onset_q) || !(place->end_q >= place->onset_q)) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "\"%s\" has no place in the score",
                         text->lyrics->words[place->word].text);
    }
    text->has_phones[index] = has_phones;
    text->syllables[index] = (silbe_sung_syllable){.onset_q = place->onset_q,
                                                   .end_q = place->end_q,
                                                   .phones = text->symbols + first + begin,
                                                   .n_phones = has_phones ? from->n_phones : 1,
                                                   .nucleus = from->nucleus - begin};
}

static void add_word(const silbe_word_phones *pronounced, size_t w, silbe_joint_text *text,
                     silbe_err *err)
{
    const silbe_word *word = &text->lyrics->words[w];
    const silbe_pronunciation *pronunciation = &pronounced[w].items[0];
    size_t first = text->first_phone[w];
    silbe_phone_syllable *syllables =
        silbe_alloc(word->n_syllables, sizeof *syllables, "syllables", err);
    silbe_try(err, silbe_phone_syllables(pronunciation->phones, pronunciation->n_phones,
                                         word->n_syllables, syllables, err));
    for (size_t k = 0; k < pronunciation->n_phones; k++) {
        text->phones[first + k] = pronunciation->phones[k];
        text->symbols[first + k] = pronunciation->phones[k].phone;
    }
    text->first_phone[w + 1] = first + pronunciation->n_phones;
    for (size_t i = 0; i < word->n_syllables && !silbe_failed(err); i++) {
        add_syllable(&syllables[i], word->first_syllable + i, first, text, err);
    }
    free(syllables);
}

silbe_status silbe_joint_text_new(const silbe_lyrics *lyrics, const silbe_word_phones *pronounced,
                                  silbe_joint_text *text, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    allocate(lyrics, pronounced, text, err);
    for (size_t w = 0; w < lyrics->n_words && !silbe_failed(err); w++) {
        add_word(pronounced, w, text, err);
    }
    return err->status;
}

/* The search that is under way: phones from one nucleus to the next. */
typedef struct {
    const silbe_joint_text *text;
    const silbe_phone_costs *costs;
    double min_s;
    double consonant_s;
    double reach_s; /* how far phones may lie before the first nucleus, behind the last syllable */
    silbe_pinned_phone *run; /* of the stretch */
    silbe_pinned_span *spans;
    silbe_words *words;
} search;

static size_t add_to_run(search *s, size_t n, size_t begin, size_t end)
{
    for (size_t k = begin; k < end; k++) {
        s->run[n++] = (silbe_pinned_phone){s->text->symbols[k],
                                           silbe_phone_is_nucleus(s->text->phones[k]) ||
                                               silbe_phone_get(s->text->symbols[k])->phone_class ==
                                                   SILBE_PHONE_CLASS_VOWEL};
    }
    return n;
}

/* Phones [begin, end) of the whole text, between two moments; silence before phone gap. */
static void find_run(search *s, size_t begin, size_t end, size_t gap, double from_s, double to_s,
                     silbe_err *err)
{
    size_t n = add_to_run(s, 0, begin, end);
    double frames = floor(s->min_s / s->costs->hop_s + 0.5);
    silbe_pinned_text text = {.phones = s->run,
                              .n_phones = n,
                              .gap = gap,
                              .silence = SILBE_PHONE_SILENCE,
                              .min_frames = frames > 1 ? (size_t)frames : 1,
                              .consonant_s = s->consonant_s};
    if (n > 0) {
        silbe_try(err, silbe_pinned_phones(s->costs, &text, from_s, fmax(to_s, from_s + MIN_SPAN_S),
                                           s->spans, err));
    }
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        silbe_timed_phone *phone = &s->words->phones[begin + k];
        phone->span.start_s = s->spans[k].start_s;
        phone->span.end_s = s->spans[k].end_s;
    }
}

/* From syllable i's nucleus (i == n_syllables: from before the text) to syllable next's (
 * n_syllables: to behind it). */
static void find_between(search *s, size_t i, size_t next, silbe_err *err)
{
    const silbe_word_times *times = &s->words->times;
    const silbe_lyrics *lyrics = s->text->lyrics;
    const silbe_sung_syllable *syllables = s->text->syllables;
    size_t n = lyrics->n_syllables, begin = 0, end = 0, gap = SILBE_PINNED_NO_GAP;
    double from_s = 0, to_s = 0;
    if (next < n) {
        end = (size_t)(syllables[next].phones - s->text->symbols) + syllables[next].nucleus;
        to_s = times->syllables[next].start_s;
    } else {
        end = s->text->first_phone[lyrics->n_words];
    }
    if (i < n) {
        begin = (size_t)(syllables[i].phones - s->text->symbols) + syllables[i].nucleus;
        from_s = times->syllables[i].start_s;
    } else {
        from_s = fmax(0, to_s - s->reach_s);
        gap = 0;
    }
    if (next == n) {
        to_s = fmin(times->syllables[i].end_s + s->reach_s, s->words->duration_s);
        gap = end - begin;
    } else if (i < n && lyrics->syllables[i].word != lyrics->syllables[next].word) {
        gap = s->text->first_phone[lyrics->syllables[next].word] - begin;
    }
    find_run(s, begin, end, gap, from_s, to_s, err);
}

/* Words, symbols, confidences; spans inside the recording, in order and not empty. */
static void finish_phones(const search *s)
{
    silbe_words *words = s->words;
    double earliest_s = 0;
    for (size_t w = 0; w < s->text->lyrics->n_words; w++) {
        for (size_t k = s->text->first_phone[w]; k < s->text->first_phone[w + 1]; k++) {
            silbe_timed_phone *phone = &words->phones[k];
            (void)snprintf(phone->symbol, sizeof phone->symbol, "%s",
                           silbe_phone_get(s->text->symbols[k])->symbol);
            phone->word = w;
            phone->span.confidence = words->times.words[w].confidence;
            phone->span.start_s = fmax(phone->span.start_s, earliest_s);
            phone->span.end_s = fmax(phone->span.end_s, phone->span.start_s + MIN_SPAN_S);
            earliest_s = phone->span.start_s;
        }
        words->sounding_start_s[w] = fmin(words->phones[s->text->first_phone[w]].span.start_s,
                                          words->times.words[w].start_s);
    }
}

static void find_all(search *s, silbe_err *err)
{
    size_t n = s->text->lyrics->n_syllables, last = n;
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        if (s->text->has_phones[i]) {
            find_between(s, last, i, err);
            last = i;
        }
    }
    if (last < n) {
        find_between(s, last, n, err);
    }
}

silbe_status silbe_joint_phones_find(const silbe_config *config, const silbe_joint_text *text,
                                     const silbe_phone_costs *costs, silbe_words *words,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n_words = text->lyrics->n_words, n_phones = text->first_phone[n_words];
    /* One more: phones[0] is looked at in a text without any. */
    words->phones = silbe_alloc(n_phones + 1, sizeof *words->phones, "phones", err);
    words->n_phones = words->phones != NULL ? n_phones : 0;
    words->sounding_start_s = silbe_alloc(n_words, sizeof *words->sounding_start_s, "words", err);
    search s = {.text = text,
                .costs = costs,
                .min_s = config->joint.phone_min_ms * 1e-3,
                .consonant_s = config->joint.consonant_ms * 1e-3,
                .reach_s = config->joint.reach_s,
                .run = silbe_alloc(n_phones, sizeof *s.run, "phones", err),
                .spans = silbe_alloc(n_phones, sizeof *s.spans, "phones", err),
                .words = words};
    find_all(&s, err);
    if (!silbe_failed(err)) {
        finish_phones(&s);
    }
    free(s.run);
    free(s.spans);
    return err->status;
}
