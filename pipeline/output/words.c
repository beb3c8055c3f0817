#include "pipeline/output/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/output/text.h"

void silbe_words_free(silbe_words *words)
{
    silbe_lyrics_free(&words->lyrics);
    silbe_word_times_free(&words->times);
    for (size_t v = 0; v < words->n_voices; v++) {
        free(words->voices[v]);
    }
    void *const owned[] = {words->is_matched,       words->voice,           words->voices,
                           words->sounding_start_s, words->phones,          words->work,
                           words->version,          words->title,           words->mode,
                           words->audio_file,       words->program_version, words->settings_digest};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    *words = (silbe_words)SILBE_WORDS_INIT;
}

void silbe_words_begin(silbe_words *words, silbe_lyrics *lyrics, silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    size_t n_words = lyrics->n_words;
    words->lyrics = *lyrics;
    *lyrics = (silbe_lyrics)SILBE_LYRICS_INIT;
    words->is_matched = silbe_alloc(n_words, sizeof *words->is_matched, "words", err);
    words->voice = silbe_alloc(n_words, sizeof *words->voice, "words", err);
    (void)silbe_words_voice(words, "", err);
    if (!silbe_failed(err)) {
        memset(words->is_matched, true, n_words * sizeof *words->is_matched);
    }
}

size_t silbe_words_voice(silbe_words *words, const char *name, silbe_err *err)
{
    for (size_t v = 0; v < words->n_voices; v++) {
        if (strcmp(words->voices[v], name) == 0) {
            return v;
        }
    }
    words->voices =
        silbe_grow(words->voices, words->n_voices, NULL, sizeof *words->voices, "voices", err);
    char *copy = silbe_copy_text(name, err);
    if (copy == NULL) {
        return 0;
    }
    words->voices[words->n_voices] = copy;
    return words->n_voices++;
}

size_t silbe_words_n_matched(const silbe_words *words)
{
    size_t n = 0;
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        n += words->is_matched[w];
    }
    return n;
}

void silbe_words_drop_sounds(silbe_words *words)
{
    size_t n_phones = 0;
    for (size_t w = 0; words->sounding_start_s != NULL && w < words->lyrics.n_words; w++) {
        if (!words->is_matched[w]) {
            words->sounding_start_s[w] = NAN;
        }
    }
    for (size_t i = 0; i < words->n_phones; i++) {
        if (words->is_matched[words->phones[i].word]) {
            words->phones[n_phones++] = words->phones[i];
        }
    }
    words->n_phones = n_phones;
}

/* From 1, for messages. */
static size_t number_in_line(const silbe_lyrics *lyrics, size_t w)
{
    return w - lyrics->lines[lyrics->words[w].line].first_word + 1;
}

silbe_status silbe_words_check_text(const silbe_words *words, const silbe_lyrics *text,
                                    silbe_err *err)
{
    const silbe_lyrics *own = &words->lyrics;
    for (size_t w = 0; w < own->n_words; w++) {
        const silbe_word *here = &own->words[w], *there = &text->words[w];
        size_t line = here->line + 1, number = number_in_line(own, w);
        if (w >= text->n_words) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "word %zu of line %zu is \"%.60s\" here, but none in the text",
                              number, line, here->text);
        }
        if (!silbe_text_same(here->text, there->text)) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "word %zu of line %zu is \"%.60s\" here, but \"%.60s\" in the text",
                              number, line, here->text, there->text);
        }
        if (here->line != there->line) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "\"%.60s\" is word %zu of line %zu here, but word %zu of line %zu in "
                              "the text",
                              here->text, number, line, number_in_line(text, w), there->line + 1);
        }
    }
    if (own->n_words < text->n_words) {
        const silbe_word *word = &text->words[own->n_words];
        return silbe_fail(err, SILBE_ERR_MISMATCH, "lacks \"%.60s\", word %zu of line %zu",
                          word->text, number_in_line(text, own->n_words), word->line + 1);
    }
    return SILBE_OK;
}
