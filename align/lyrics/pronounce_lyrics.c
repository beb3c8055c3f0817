#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/german.h"
#include "align/lyrics/pronounce_internal.h"
#include "align/lyrics/spelling.h"
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

/* The words' parts with blanks between. *usable: every word is one part without digits. */
static silbe_status join_line(const silbe_lyrics *lyrics, const silbe_line *line, char **text,
                              bool *usable, silbe_err *err)
{
    silbe_status status = SILBE_ERR_MEMORY;
    size_t size = 1;
    for (size_t w = 0; w < line->n_words; w++) {
        /* Lower case takes up to three times the bytes, with room to spare. */
        size += 3 * strlen(lyrics->words[line->first_word + w].text) + 1;
    }
    char *key = NULL;
    char *joined = malloc(size);
    if (joined == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a line of %zu bytes", size);
    }
    size_t n = 0;
    *usable = true;
    for (size_t w = 0; w < line->n_words; w++) {
        status = silbe_spelling_key(lyrics->words[line->first_word + w].text, &key, err);
        if (status != SILBE_OK) {
            goto done;
        }
        size_t length = strlen(key);
        if (length == 0 || strpbrk(key, " -.,;:!?0123456789") != NULL || n + length + 2 > size) {
            *usable = false;
            length = 0;
        }
        memcpy(joined + n, key, length);
        n += length;
        joined[n++] = w + 1 < line->n_words ? ' ' : '\0';
        free(key);
        key = NULL;
    }
    status = SILBE_OK;
done:
    free(key);
    if (status != SILBE_OK) {
        free(joined);
        joined = NULL;
    }
    *text = joined;
    return status;
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

static silbe_status speak_line(const silbe_pronounce_options *options, const silbe_lyrics *lyrics,
                               const silbe_line *line, spoken_line *spoken, silbe_err *err)
{
    bool usable = false;
    char *text = NULL;
    silbe_status status = join_line(lyrics, line, &text, &usable, err);
    if (status != SILBE_OK || !usable) {
        free(text);
        return status;
    }
    status = silbe_espeak_phonemes(options->voice, text, &spoken->ipa, err);
    free(text);
    if (status != SILBE_OK) {
        return status;
    }
    spoken->said = calloc(line->n_words, sizeof *spoken->said);
    if (spoken->said == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu words", line->n_words);
    }
    if (!cut(spoken->ipa, spoken->said, line->n_words)) {
        free_spoken(spoken);
    }
    return SILBE_OK;
}

static silbe_status pronounce_line(const silbe_pronounce_options *options,
                                   const silbe_lyrics *lyrics, size_t index,
                                   silbe_word_phones *words, silbe_err *err)
{
    const silbe_line *line = &lyrics->lines[index];
    spoken_line spoken = {NULL, NULL};
    silbe_status status = SILBE_OK;
    if (options->in_context && !silbe_german_is_voice(options->voice) &&
        strcmp(options->voice, "romaji") != 0) {
        status = speak_line(options, lyrics, line, &spoken, err);
    }
    for (size_t w = 0; w < line->n_words && status == SILBE_OK; w++) {
        size_t at = line->first_word + w;
        status = silbe_pronounce_said(options, lyrics->words[at].text,
                                      spoken.said != NULL ? spoken.said[w] : NULL, &words[at], err);
    }
    free_spoken(&spoken);
    if (status != SILBE_OK) {
        char place[160];
        snprintf(place, sizeof place, "line %zu, \"%.100s\"", index + 1, line->text);
        return silbe_fail_prefix(err, status, place);
    }
    return SILBE_OK;
}

silbe_status silbe_pronounce_lyrics(const silbe_pronounce_options *options,
                                    const silbe_lyrics *lyrics, silbe_word_phones *words,
                                    silbe_err *err)
{
    if (lyrics->n_words == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "the lyrics have no words");
    }
    silbe_status status = silbe_pronounce_check(options, err);
    for (size_t i = 0; i < lyrics->n_lines && status == SILBE_OK; i++) {
        status = pronounce_line(options, lyrics, i, words, err);
    }
    return status;
}
