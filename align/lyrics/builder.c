#include "align/lyrics/builder.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/array.h"

char *silbe_copy_bytes(const char *text, size_t n_bytes)
{
    char *copy = malloc(n_bytes + 1);
    if (copy != NULL) {
        memcpy(copy, text, n_bytes);
        copy[n_bytes] = '\0';
    }
    return copy;
}

static silbe_status no_memory(silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the lyrics");
}

silbe_status silbe_builder_line(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                size_t stanza, silbe_err *err)
{
    silbe_lyrics *lyrics = &builder->lyrics;
    void *grown = silbe_array_grow(lyrics->lines, lyrics->n_lines, &builder->lines_capacity,
                                   sizeof *lyrics->lines);
    char *copy = grown != NULL ? silbe_copy_bytes(text, n_bytes) : NULL;
    lyrics->lines = grown != NULL ? grown : lyrics->lines;
    if (copy == NULL) {
        return no_memory(err);
    }
    lyrics->lines[lyrics->n_lines++] =
        (silbe_line){.text = copy, .stanza = stanza, .first_word = lyrics->n_words};
    return SILBE_OK;
}

silbe_status silbe_builder_word(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                silbe_err *err)
{
    silbe_lyrics *lyrics = &builder->lyrics;
    void *grown = silbe_array_grow(lyrics->words, lyrics->n_words, &builder->words_capacity,
                                   sizeof *lyrics->words);
    char *copy = grown != NULL ? silbe_copy_bytes(text, n_bytes) : NULL;
    lyrics->words = grown != NULL ? grown : lyrics->words;
    if (copy == NULL) {
        return no_memory(err);
    }
    lyrics->words[lyrics->n_words++] = (silbe_word){
        .text = copy, .line = lyrics->n_lines - 1, .first_syllable = lyrics->n_syllables};
    lyrics->lines[lyrics->n_lines - 1].n_words++;
    return SILBE_OK;
}

silbe_status silbe_builder_syllable(silbe_lyrics_builder *builder, const char *text, size_t n_bytes,
                                    double onset_q, double end_q, silbe_err *err)
{
    silbe_lyrics *lyrics = &builder->lyrics;
    void *grown = silbe_array_grow(lyrics->syllables, lyrics->n_syllables,
                                   &builder->syllables_capacity, sizeof *lyrics->syllables);
    char *copy = grown != NULL ? silbe_copy_bytes(text, n_bytes) : NULL;
    lyrics->syllables = grown != NULL ? grown : lyrics->syllables;
    if (copy == NULL) {
        return no_memory(err);
    }
    lyrics->syllables[lyrics->n_syllables++] = (silbe_syllable){
        .text = copy, .word = lyrics->n_words - 1, .onset_q = onset_q, .end_q = end_q};
    lyrics->words[lyrics->n_words - 1].n_syllables++;
    return SILBE_OK;
}
