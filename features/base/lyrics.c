#include "features/base/lyrics.h"

#include <stdlib.h>

void silbe_lyrics_free(silbe_lyrics *lyrics)
{
    if (lyrics == NULL) {
        return;
    }
    for (size_t i = 0; i < lyrics->n_syllables; i++) {
        free(lyrics->syllables[i].text);
    }
    for (size_t i = 0; i < lyrics->n_words; i++) {
        free(lyrics->words[i].text);
    }
    for (size_t i = 0; i < lyrics->n_lines; i++) {
        free(lyrics->lines[i].text);
    }
    free(lyrics->syllables);
    free(lyrics->words);
    free(lyrics->lines);
    *lyrics = (silbe_lyrics)SILBE_LYRICS_INIT;
}

void silbe_word_times_free(silbe_word_times *times)
{
    if (times != NULL) {
        free(times->words);
        free(times->syllables);
        *times = (silbe_word_times)SILBE_WORD_TIMES_INIT;
    }
}
