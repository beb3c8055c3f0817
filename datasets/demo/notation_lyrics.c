#include <stdlib.h>
#include <string.h>

#include "datasets/demo/notation.h"
#include "features/base/memory.h"

/* Adds a syllable [text, text + length) to the last word. */
static void add_syllable(silbe_synth_song *song, const char *text, size_t length, silbe_err *err)
{
    silbe_synth_syllable *syllable = &song->syllables[song->n_syllables];
    syllable->text = silbe_alloc(length + 1, 1, "bytes of a syllable", err);
    if (syllable->text != NULL) {
        memcpy(syllable->text, text, length);
        syllable->word = song->n_words - 1;
        song->words[song->n_words - 1].n_syllables++;
        song->n_syllables++;
    }
}

/* Adds the word [text, text + length), '-' between its syllables, to the last line. */
static void add_word(silbe_synth_song *song, const char *text, size_t length, silbe_err *err)
{
    silbe_synth_word *word = &song->words[song->n_words];
    word->text = silbe_alloc(length + 1, 1, "bytes of a word", err);
    if (word->text == NULL) {
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '-') {
            word->text[n++] = text[i];
        }
    }
    word->first_syllable = song->n_syllables;
    word->line = song->n_lines - 1;
    song->n_words++;
    song->lines[song->n_lines - 1].n_words++;

    size_t begin = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i == length || text[i] == '-') {
            add_syllable(song, text + begin, i - begin, err);
            begin = i + 1;
        }
    }
    for (size_t i = 0; i < word->n_syllables; i++) {
        bool first = i == 0;
        bool last = i + 1 == word->n_syllables;
        song->syllables[word->first_syllable + i].syllabic = first && last ? SILBE_SYLLABIC_SINGLE
                                                             : first       ? SILBE_SYLLABIC_BEGIN
                                                             : last        ? SILBE_SYLLABIC_END
                                                                           : SILBE_SYLLABIC_MIDDLE;
    }
}

void silbe_demo_lyrics_read(silbe_synth_song *song, silbe_err *err)
{
    const char *text = song->source->lyrics;
    size_t most = strlen(text) + 1; /* no more lines, words or syllables than bytes */
    song->syllables = silbe_alloc(most, sizeof *song->syllables, "syllables", err);
    song->words = silbe_alloc(most, sizeof *song->words, "words", err);
    song->lines = silbe_alloc(most, sizeof *song->lines, "lines", err);
    size_t stanza = 0;
    while (*text != '\0' && !silbe_failed(err)) {
        size_t line_length = strcspn(text, "\n");
        if (line_length == 0) {
            stanza++;
        } else {
            song->lines[song->n_lines++] = (silbe_synth_line){song->n_words, 0, stanza};
        }
        for (size_t i = 0; i < line_length;) {
            size_t word_length = strcspn(text + i, " \n");
            add_word(song, text + i, word_length, err);
            i += word_length + (text[i + word_length] == ' ');
        }
        text += line_length + (text[line_length] == '\n');
    }
}
