#include "pipeline/output/output.h"

#include <math.h>
#include <string.h>

#include "pipeline/output/text.h"

/* Longer recordings than this (31 years) are a mistake, and ticks of them would overflow. */
#define MAX_DURATION_S 1e9

/* The messages say which part of which item they are about. */
typedef struct {
    const silbe_output_item *item;
    silbe_err *err;
} checker;

static silbe_status fail_at(const checker *c, const char *kind, size_t index, const char *text,
                            const char *problem)
{
    return silbe_fail(c->err, SILBE_ERR_DATA, "%s %s: %s %zu (\"%s\") %s", c->item->work,
                      c->item->version, kind, index + 1,
                      text != NULL && silbe_text_valid(text) ? text : "?", problem);
}

static silbe_status check_text(const checker *c, const char *kind, size_t index, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return fail_at(c, kind, index, text, "has no text");
    }
    if (!silbe_text_valid(text)) {
        return fail_at(c, kind, index, text, "is not valid UTF-8");
    }
    return SILBE_OK;
}

static silbe_status check_span(const checker *c, const char *kind, size_t index, const char *text,
                               const silbe_span *span, double previous_start_s)
{
    if (!isfinite(span->start_s) || !isfinite(span->end_s)) {
        return fail_at(c, kind, index, text, "has no finite time");
    }
    if (span->start_s < 0 || span->start_s > c->item->duration_s) {
        return fail_at(c, kind, index, text, "starts outside the recording");
    }
    if (!(span->end_s > span->start_s)) {
        return fail_at(c, kind, index, text, "does not end after its start");
    }
    if (span->start_s < previous_start_s) {
        return fail_at(c, kind, index, text, "starts before the one in front of it");
    }
    if (!(span->confidence >= 0 && span->confidence <= 1)) {
        return fail_at(c, kind, index, text, "has a confidence outside 0..1");
    }
    return SILBE_OK;
}

static silbe_status check_lines(const checker *c)
{
    const silbe_lyrics *lyrics = c->item->lyrics;
    silbe_status status = SILBE_OK;
    size_t next_word = 0;
    size_t previous_number = 0;
    for (size_t l = 0; l < lyrics->n_lines && status == SILBE_OK; l++) {
        const silbe_line *line = &lyrics->lines[l];
        status = check_text(c, "line", l, line->text);
        if (status == SILBE_OK && silbe_output_line_number(c->item, l) <= previous_number) {
            status = fail_at(c, "line", l, line->text, "has a number that does not rise");
        }
        previous_number = silbe_output_line_number(c->item, l);
        if (status == SILBE_OK && (line->first_word != next_word || line->n_words == 0 ||
                                   line->n_words > lyrics->n_words - next_word)) {
            status = fail_at(c, "line", l, line->text, "does not take up the words in order");
        }
        for (size_t i = 0; i < line->n_words && status == SILBE_OK; i++) {
            if (lyrics->words[next_word + i].line != l) {
                status = fail_at(c, "word", next_word + i, lyrics->words[next_word + i].text,
                                 "names another line than the one it is in");
            }
        }
        next_word += line->n_words;
    }
    if (status == SILBE_OK && next_word != lyrics->n_words) {
        status = fail_at(c, "word", next_word, lyrics->words[next_word].text, "is in no line");
    }
    return status;
}

static silbe_status check_words(const checker *c)
{
    const silbe_lyrics *lyrics = c->item->lyrics;
    silbe_status status = SILBE_OK;
    size_t next_syllable = 0;
    double previous_start_s = 0;
    for (size_t w = 0; w < lyrics->n_words && status == SILBE_OK; w++) {
        const silbe_word *word = &lyrics->words[w];
        const silbe_span *span = &c->item->times->words[w];
        status = check_text(c, "word", w, word->text);
        if (status == SILBE_OK &&
            (word->first_syllable != next_syllable || word->n_syllables == 0 ||
             word->n_syllables > lyrics->n_syllables - next_syllable)) {
            status = fail_at(c, "word", w, word->text, "does not take up the syllables in order");
        }
        if (status == SILBE_OK) {
            status = check_span(c, "word", w, word->text, span, previous_start_s);
        }
        for (size_t s = 0; s < word->n_syllables && status == SILBE_OK; s++) {
            if (lyrics->syllables[next_syllable + s].word != w) {
                status = fail_at(c, "syllable", next_syllable + s,
                                 lyrics->syllables[next_syllable + s].text,
                                 "names another word than the one it is in");
            }
        }
        previous_start_s = span->start_s;
        next_syllable += word->n_syllables;
    }
    if (status == SILBE_OK && next_syllable != lyrics->n_syllables) {
        status = fail_at(c, "syllable", next_syllable, lyrics->syllables[next_syllable].text,
                         "is in no word");
    }
    return status;
}

static silbe_status check_syllables(const checker *c)
{
    const silbe_lyrics *lyrics = c->item->lyrics;
    silbe_status status = SILBE_OK;
    double previous_start_s = 0;
    for (size_t s = 0; s < lyrics->n_syllables && status == SILBE_OK; s++) {
        const silbe_span *span = &c->item->times->syllables[s];
        /* Words may overlap, and then so do their syllables: order holds within a word. */
        if (s == lyrics->words[lyrics->syllables[s].word].first_syllable) {
            previous_start_s = 0;
        }
        status = check_text(c, "syllable", s, lyrics->syllables[s].text);
        if (status == SILBE_OK) {
            status =
                check_span(c, "syllable", s, lyrics->syllables[s].text, span, previous_start_s);
        }
        previous_start_s = span->start_s;
    }
    return status;
}

static silbe_status check_sounds(const checker *c)
{
    const silbe_output_item *item = c->item;
    silbe_status status = SILBE_OK;
    size_t previous_word = 0;
    double previous_start_s = 0;
    for (size_t w = 0; item->sounding_start_s != NULL && w < item->lyrics->n_words; w++) {
        if (!(item->sounding_start_s[w] >= 0 &&
              item->sounding_start_s[w] <= item->times->words[w].start_s)) {
            return fail_at(c, "word", w, item->lyrics->words[w].text,
                           "is heard before the recording or only after its start");
        }
    }
    for (size_t i = 0; item->phones != NULL && i < item->n_phones && status == SILBE_OK; i++) {
        const silbe_output_phone *phone = &item->phones[i];
        if (memchr(phone->symbol, '\0', sizeof phone->symbol) == NULL) {
            return fail_at(c, "phone", i, NULL, "has a symbol that does not end");
        }
        status = check_text(c, "phone", i, phone->symbol);
        if (status == SILBE_OK &&
            (phone->word < previous_word || phone->word >= item->lyrics->n_words)) {
            status = fail_at(c, "phone", i, phone->symbol, "is of no word, or of an earlier one");
        }
        if (status == SILBE_OK) {
            status = check_span(c, "phone", i, phone->symbol, &phone->span, previous_start_s);
        }
        previous_word = phone->word;
        previous_start_s = phone->span.start_s;
    }
    return status;
}

static silbe_status check_facts(const checker *c)
{
    const silbe_output_item *item = c->item;
    const struct {
        const char *name;
        const char *text;
    } facts[] = {
        {"mode", item->mode},
        {"audio_file", item->audio_file},
        {"program_version", item->program_version},
        {"settings_digest", item->settings_digest},
        {"title", item->title != NULL ? item->title : ""},
    };
    for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
        if (facts[f].text == NULL || !silbe_text_valid(facts[f].text)) {
            return silbe_fail(c->err, SILBE_ERR_ARGUMENT, "%s %s: %s is %s", item->work,
                              item->version, facts[f].name,
                              facts[f].text == NULL ? "missing" : "not valid UTF-8");
        }
    }
    if (!(item->duration_s > 0 && item->duration_s <= MAX_DURATION_S)) {
        return silbe_fail(c->err, SILBE_ERR_ARGUMENT,
                          "%s %s: duration_s should be > 0 and <= %g, got %g", item->work,
                          item->version, MAX_DURATION_S, item->duration_s);
    }
    return SILBE_OK;
}

static silbe_status check_unmatched(const checker *c)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < c->item->n_unmatched && status == SILBE_OK; i++) {
        const silbe_output_unmatched *word = &c->item->unmatched[i];
        status = check_text(c, "unmatched word", i, word->text);
        if (status == SILBE_OK && !(word->confidence >= 0 && word->confidence <= 1)) {
            status = fail_at(c, "unmatched word", i, word->text, "has a confidence outside 0..1");
        }
        if (status == SILBE_OK && (word->line == 0 || word->word == 0)) {
            status = fail_at(c, "unmatched word", i, word->text, "is in no line");
        }
    }
    return status;
}

silbe_status silbe_output_check(const silbe_output_item *item, silbe_err *err)
{
    const checker c = {item, err};
    if (item->work == NULL || item->version == NULL || !silbe_text_valid(item->work) ||
        !silbe_text_valid(item->version) || item->work[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "an item needs a work and a version in UTF-8");
    }
    const silbe_lyrics *lyrics = item->lyrics;
    const silbe_word_times *times = item->times;
    if (lyrics == NULL || times == NULL || lyrics->n_lines == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s %s: no words to write", item->work,
                          item->version);
    }
    if (times->n_words != lyrics->n_words || times->n_syllables != lyrics->n_syllables) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s %s: times of %zu words and %zu syllables for lyrics of %zu and %zu",
                          item->work, item->version, times->n_words, times->n_syllables,
                          lyrics->n_words, lyrics->n_syllables);
    }
    silbe_status status = check_facts(&c);
    if (status == SILBE_OK) {
        status = check_lines(&c);
    }
    if (status == SILBE_OK) {
        status = check_words(&c);
    }
    if (status == SILBE_OK) {
        status = check_syllables(&c);
    }
    if (status == SILBE_OK) {
        status = check_sounds(&c);
    }
    if (status == SILBE_OK) {
        status = check_unmatched(&c);
    }
    return status;
}
