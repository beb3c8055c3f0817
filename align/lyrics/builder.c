#include "align/lyrics/builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

char *silbe_copy_bytes(const char *text, size_t n_bytes)
{
    char *copy = malloc(n_bytes + 1);
    if (copy != NULL) {
        memcpy(copy, text, n_bytes);
        copy[n_bytes] = '\0';
    }
    return copy;
}

char *silbe_builder_copy(const char *text, size_t n_bytes, silbe_err *err)
{
    return silbe_failed(err) ? NULL : silbe_need(silbe_copy_bytes(text, n_bytes), "a text", err);
}

silbe_status silbe_builder_line(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                size_t stanza, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_lyrics *lyrics = &builder->lyrics;
    lyrics->lines =
        silbe_grow(lyrics->lines, lyrics->n_lines, NULL, sizeof *lyrics->lines, "lines", err);
    char *copy = silbe_builder_copy(text, n_bytes, err);
    if (copy != NULL) {
        lyrics->lines[lyrics->n_lines++] =
            (silbe_line){.text = copy, .stanza = stanza, .first_word = lyrics->n_words};
    }
    return err->status;
}

void silbe_builder_language(silbe_lyrics_builder *builder, const char *language, bool is_tagged)
{
    if (builder->lyrics.n_lines > 0) {
        silbe_line *line = &builder->lyrics.lines[builder->lyrics.n_lines - 1];
        (void)snprintf(line->language, sizeof line->language, "%s", language);
        line->is_tagged = is_tagged;
    }
}

silbe_status silbe_builder_word(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_lyrics *lyrics = &builder->lyrics;
    lyrics->words =
        silbe_grow(lyrics->words, lyrics->n_words, NULL, sizeof *lyrics->words, "words", err);
    char *copy = silbe_builder_copy(text, n_bytes, err);
    if (copy != NULL) {
        lyrics->words[lyrics->n_words++] = (silbe_word){
            .text = copy, .line = lyrics->n_lines - 1, .first_syllable = lyrics->n_syllables};
        lyrics->lines[lyrics->n_lines - 1].n_words++;
    }
    return err->status;
}

silbe_status silbe_builder_syllable(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                    double onset_q, double end_q, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_lyrics *lyrics = &builder->lyrics;
    lyrics->syllables = silbe_grow(lyrics->syllables, lyrics->n_syllables, NULL,
                                   sizeof *lyrics->syllables, "syllables", err);
    char *copy = silbe_builder_copy(text, n_bytes, err);
    if (copy != NULL) {
        lyrics->syllables[lyrics->n_syllables++] = (silbe_syllable){
            .text = copy, .word = lyrics->n_words - 1, .onset_q = onset_q, .end_q = end_q};
        lyrics->words[lyrics->n_words - 1].n_syllables++;
    }
    return err->status;
}
