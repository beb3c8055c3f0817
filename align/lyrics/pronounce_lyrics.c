#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/elision.h"
#include "align/lyrics/german.h"
#include "align/lyrics/latin.h"
#include "align/lyrics/pronounce_internal.h"
#include "align/lyrics/spelling.h"
#include "features/base/memory.h"
#include "features/base/speech/espeak.h"

/* What the voice said for each word of a line: pointers into ipa, which is cut into strings. */
typedef struct {
    char *ipa;         /* owned */
    const char **said; /* owned; NULL: pronounce word by word */
} spoken_line;

static void free_spoken(spoken_line *line)
{
    free(line->ipa);
    free(line->said);
    *line = (spoken_line){NULL, NULL};
}

/* The words' parts with blanks between, to be freed; NULL where a word is no single part without
 * digits, and after a failure. */
static char *join_line(const char *voice, const silbe_lyrics *lyrics, const silbe_line *line,
                       silbe_err *err)
{
    size_t size = 1;
    for (size_t w = 0; w < line->n_words; w++) {
        /* Lower case takes up to three times the bytes, with room to spare. */
        size += 3 * strlen(lyrics->words[line->first_word + w].text) + 1;
    }
    char *joined = silbe_alloc(size, 1, "bytes of a line", err);
    size_t n = 0;
    bool usable = joined != NULL;
    for (size_t w = 0; w < line->n_words && usable; w++) {
        char *word = NULL;
        silbe_try(err, silbe_spelling_key(lyrics->words[line->first_word + w].text, &word, err));
        char *key = word != NULL ? silbe_elision_spell(voice, word, err) : NULL;
        size_t length = key != NULL ? strlen(key) : 0;
        usable = length > 0 && strpbrk(key, " -.,;:!?0123456789") == NULL && n + length + 2 <= size;
        if (usable) {
            memcpy(joined + n, key, length);
            n += length;
            joined[n++] = w + 1 < line->n_words ? ' ' : '\0';
        }
        free(key);
        free(word);
    }
    if (!usable) {
        free(joined);
        joined = NULL;
    }
    return joined;
}

/* Cuts ipa at blanks and newlines; false if that does not make n_words pieces. */
static bool cut(char *ipa, const char **said, size_t n_words)
{
    size_t n = 0;
    for (char *at = ipa; *at != '\0';) {
        size_t length = strcspn(at, " \n");
        char *next = at + length + (at[length] != '\0');
        at[length] = '\0';
        if (length > 0) {
            if (n == n_words) {
                return false;
            }
            said[n++] = at;
        }
        at = next;
    }
    return n == n_words;
}

static void speak_line(const silbe_pronounce_options *options, const silbe_lyrics *lyrics,
                       const silbe_line *line, spoken_line *spoken, silbe_err *err)
{
    char *text = join_line(options->voice, lyrics, line, err);
    if (text == NULL) {
        return;
    }
    silbe_try(err, silbe_espeak_phonemes(options->voice, text, &spoken->ipa, err));
    free(text);
    spoken->said = silbe_alloc(line->n_words, sizeof *spoken->said, "words", err);
    if (spoken->said != NULL && !cut(spoken->ipa, spoken->said, line->n_words)) {
        free_spoken(spoken);
    }
}

static void pronounce_line(const silbe_pronounce_options *of_all, const silbe_lyrics *lyrics,
                           size_t index, silbe_word_phones *words, silbe_err *err)
{
    const silbe_line *line = &lyrics->lines[index];
    silbe_pronounce_options own = *of_all;
    const silbe_pronounce_options *options = &own;
    spoken_line spoken = {NULL, NULL};
    if (line->language[0] != '\0' && (line->is_tagged || of_all->recognised_lines)) {
        own.voice = line->language;
    }
    if (options->in_context && !silbe_german_is_voice(options->voice) &&
        !silbe_latin_reads(options->voice, "") && strcmp(options->voice, "romaji") != 0) {
        speak_line(options, lyrics, line, &spoken, err);
    }
    for (size_t w = 0; w < line->n_words; w++) {
        size_t at = line->first_word + w;
        const char *said = spoken.said != NULL ? spoken.said[w] : NULL;
        silbe_pronounce_said(options, lyrics->words[at].text, said, &words[at], err);
    }
    free_spoken(&spoken);
    if (silbe_failed(err)) {
        char place[160];
        snprintf(place, sizeof place, "line %zu, \"%.100s\"", index + 1, line->text);
        (void)silbe_fail_prefix(err, err->status, place);
    }
}

silbe_status silbe_pronounce_lyrics(const silbe_pronounce_options *options,
                                    const silbe_lyrics *lyrics, silbe_word_phones *words,
                                    silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (lyrics->n_words == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "the lyrics have no words");
    }
    silbe_espeak_begin();
    silbe_try(err, silbe_pronounce_check(options, err));
    for (size_t i = 0; i < lyrics->n_lines && !silbe_failed(err); i++) {
        pronounce_line(options, lyrics, i, words, err);
    }
    silbe_espeak_end();
    return err->status;
}
