#include "pipeline/output/output.h"

#include <math.h>
#include <string.h>

#include "pipeline/output/text.h"

/* Longer recordings than this (31 years) are a mistake, and ticks of them would overflow. */
#define MAX_DURATION_S 1e9

/* The messages say which part of which item they are about. All checks are steps. */
typedef struct {
    const silbe_words *words;
    silbe_err *err;
} checker;

static void fail_at(const checker *c, const char *kind, size_t index, const char *text,
                    const char *problem)
{
    if (!silbe_failed(c->err)) {
        (void)silbe_fail(c->err, SILBE_ERR_DATA, "%s %s: %s %zu (\"%s\") %s", c->words->work,
                         c->words->version, kind, index + 1,
                         text != NULL && silbe_text_valid(text) ? text : "?", problem);
    }
}

static void check_text(const checker *c, const char *kind, size_t index, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        fail_at(c, kind, index, text, "has no text");
    } else if (!silbe_text_valid(text)) {
        fail_at(c, kind, index, text, "is not valid UTF-8");
    }
}

static void check_span(const checker *c, const char *kind, size_t index, const char *text,
                       const silbe_span *span, double previous_start_s)
{
    if (!isfinite(span->start_s) || !isfinite(span->end_s)) {
        fail_at(c, kind, index, text, "has no finite time");
    } else if (span->start_s < 0 || span->start_s > c->words->duration_s) {
        fail_at(c, kind, index, text, "starts outside the recording");
    } else if (!(span->end_s > span->start_s)) {
        fail_at(c, kind, index, text, "does not end after its start");
    } else if (span->start_s < previous_start_s) {
        fail_at(c, kind, index, text, "starts before the one in front of it");
    } else if (!(span->confidence >= 0 && span->confidence <= 1)) {
        fail_at(c, kind, index, text, "has a confidence outside 0..1");
    }
}

/* Where something that was not found would be: somewhere in the recording, or nowhere. */
static void check_guess(const checker *c, const char *kind, size_t index, const char *text,
                        const silbe_span *span)
{
    if (isnan(span->start_s) != isnan(span->end_s)) {
        fail_at(c, kind, index, text, "has a start or an end alone");
    } else if (!isnan(span->start_s) &&
               !(span->start_s >= 0 && span->start_s <= c->words->duration_s &&
                 span->end_s >= span->start_s && isfinite(span->end_s))) {
        fail_at(c, kind, index, text, "would lie outside the recording");
    } else if (!(span->confidence >= 0 && span->confidence <= 1)) {
        fail_at(c, kind, index, text, "has a confidence outside 0..1");
    }
}

static void check_lines(const checker *c)
{
    const silbe_lyrics *lyrics = &c->words->lyrics;
    size_t next_word = 0;
    for (size_t l = 0; l < lyrics->n_lines && !silbe_failed(c->err); l++) {
        const silbe_line *line = &lyrics->lines[l];
        check_text(c, "line", l, line->text);
        if (line->first_word != next_word || line->n_words == 0 ||
            line->n_words > lyrics->n_words - next_word) {
            fail_at(c, "line", l, line->text, "does not take up the words in order");
            return;
        }
        for (size_t w = next_word; w < next_word + line->n_words; w++) {
            if (lyrics->words[w].line != l) {
                fail_at(c, "word", w, lyrics->words[w].text,
                        "names another line than the one it is in");
            }
        }
        next_word += line->n_words;
    }
    if (next_word < lyrics->n_words) {
        fail_at(c, "word", next_word, lyrics->words[next_word].text, "is in no line");
    }
}

static void check_words(const checker *c)
{
    const silbe_lyrics *lyrics = &c->words->lyrics;
    size_t next_syllable = 0;
    for (size_t w = 0; w < lyrics->n_words && !silbe_failed(c->err); w++) {
        const silbe_word *word = &lyrics->words[w];
        check_text(c, "word", w, word->text);
        if (c->words->voice[w] >= c->words->n_voices) {
            fail_at(c, "word", w, word->text, "is of no voice");
        }
        if (word->first_syllable != next_syllable || word->n_syllables == 0 ||
            word->n_syllables > lyrics->n_syllables - next_syllable) {
            fail_at(c, "word", w, word->text, "does not take up the syllables in order");
            return;
        }
        for (size_t s = next_syllable; s < next_syllable + word->n_syllables; s++) {
            check_text(c, "syllable", s, lyrics->syllables[s].text);
            if (lyrics->syllables[s].word != w) {
                fail_at(c, "syllable", s, lyrics->syllables[s].text,
                        "names another word than the one it is in");
            }
        }
        next_syllable += word->n_syllables;
    }
    if (next_syllable < lyrics->n_syllables) {
        fail_at(c, "syllable", next_syllable, lyrics->syllables[next_syllable].text,
                "is in no word");
    }
}

/* Words of different voices may overlap, as those of one may where an end reaches past the next
 * start, and then so do their syllables: these are in order within a word. */
static void check_syllable_times(const checker *c, size_t w)
{
    const silbe_word *word = &c->words->lyrics.words[w];
    double previous_start_s = 0;
    for (size_t i = 0; i < word->n_syllables; i++) {
        size_t s = word->first_syllable + i;
        const char *text = c->words->lyrics.syllables[s].text;
        const silbe_span *span = &c->words->times.syllables[s];
        if (c->words->is_matched[w]) {
            check_span(c, "syllable", s, text, span, previous_start_s);
        } else {
            check_guess(c, "syllable", s, text, span);
        }
        previous_start_s = span->start_s;
    }
}

static void check_times(const checker *c, size_t voice)
{
    const silbe_words *words = c->words;
    double previous_start_s = 0;
    for (size_t w = 0; w < words->lyrics.n_words && !silbe_failed(c->err); w++) {
        const silbe_span *span = &words->times.words[w];
        if (words->voice[w] != voice) {
            continue;
        }
        if (words->is_matched[w]) {
            check_span(c, "word", w, words->lyrics.words[w].text, span, previous_start_s);
            previous_start_s = span->start_s;
        } else {
            check_guess(c, "word", w, words->lyrics.words[w].text, span);
        }
        check_syllable_times(c, w);
    }
}

static void check_sounding_starts(const checker *c)
{
    const silbe_words *words = c->words;
    for (size_t w = 0; words->sounding_start_s != NULL && w < words->lyrics.n_words; w++) {
        double sounding_s = words->sounding_start_s[w];
        const char *text = words->lyrics.words[w].text;
        if (!words->is_matched[w] && !isnan(sounding_s)) {
            fail_at(c, "word", w, text, "is heard, but was not found");
        } else if (words->is_matched[w] &&
                   !(sounding_s >= 0 && sounding_s <= words->times.words[w].start_s)) {
            fail_at(c, "word", w, text, "is heard before the recording or only after its start");
        }
    }
}

static void check_phones(const checker *c)
{
    const silbe_words *words = c->words;
    size_t previous_word = 0;
    for (size_t i = 0; words->phones != NULL && i < words->n_phones && !silbe_failed(c->err); i++) {
        const silbe_timed_phone *phone = &words->phones[i];
        if (memchr(phone->symbol, '\0', sizeof phone->symbol) == NULL) {
            fail_at(c, "phone", i, NULL, "has a symbol that does not end");
            return;
        }
        check_text(c, "phone", i, phone->symbol);
        if (phone->word < previous_word || phone->word >= words->lyrics.n_words) {
            fail_at(c, "phone", i, phone->symbol, "is of no word, or of an earlier one");
        } else if (!words->is_matched[phone->word]) {
            fail_at(c, "phone", i, phone->symbol, "is of a word that was not found");
        }
        previous_word = phone->word;
    }
}

static void check_phone_times(const checker *c, size_t voice)
{
    const silbe_words *words = c->words;
    double previous_start_s = 0;
    for (size_t i = 0; words->phones != NULL && i < words->n_phones && !silbe_failed(c->err); i++) {
        const silbe_timed_phone *phone = &words->phones[i];
        if (words->voice[phone->word] == voice) {
            check_span(c, "phone", i, phone->symbol, &phone->span, previous_start_s);
            previous_start_s = phone->span.start_s;
        }
    }
}

static void check_facts(const checker *c)
{
    const silbe_words *words = c->words;
    const struct {
        const char *name;
        const char *text;
    } facts[] = {
        {"mode", words->mode},
        {"audio_file", words->audio_file},
        {"program_version", words->program_version},
        {"settings_digest", words->settings_digest},
        {"title", words->title != NULL ? words->title : ""},
    };
    for (size_t f = 0; f < sizeof facts / sizeof facts[0] && !silbe_failed(c->err); f++) {
        if (facts[f].text == NULL || !silbe_text_valid(facts[f].text)) {
            (void)silbe_fail(c->err, SILBE_ERR_ARGUMENT, "%s %s: %s is %s", words->work,
                             words->version, facts[f].name,
                             facts[f].text == NULL ? "missing" : "not valid UTF-8");
        }
    }
    for (size_t v = 0; v < words->n_voices; v++) {
        if (!silbe_text_valid(words->voices[v])) {
            fail_at(c, "voice", v, words->voices[v], "is not valid UTF-8");
        }
    }
    if (!silbe_failed(c->err) && !(words->duration_s > 0 && words->duration_s <= MAX_DURATION_S)) {
        (void)silbe_fail(c->err, SILBE_ERR_ARGUMENT,
                         "%s %s: duration_s should be > 0 and <= %g, got %g", words->work,
                         words->version, MAX_DURATION_S, words->duration_s);
    }
}

silbe_status silbe_output_check(const silbe_words *words, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const checker c = {words, err};
    const silbe_lyrics *lyrics = &words->lyrics;
    if (words->work == NULL || words->version == NULL || !silbe_text_valid(words->work) ||
        !silbe_text_valid(words->version) || words->work[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "an item needs a work and a version in UTF-8");
    }
    if (words->times.n_words != lyrics->n_words ||
        words->times.n_syllables != lyrics->n_syllables) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s %s: times of %zu words and %zu syllables for lyrics of %zu and %zu",
                          words->work, words->version, words->times.n_words,
                          words->times.n_syllables, lyrics->n_words, lyrics->n_syllables);
    }
    if (lyrics->n_lines == 0 || silbe_words_n_matched(words) == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s %s: no words to write", words->work,
                          words->version);
    }
    check_facts(&c);
    check_lines(&c);
    check_words(&c);
    check_phones(&c);
    for (size_t v = 0; v < words->n_voices && !silbe_failed(err); v++) {
        check_times(&c, v);
        check_phone_times(&c, v);
    }
    check_sounding_starts(&c);
    return err->status;
}
