/*
 * The label sequence as a person reads it: syllables inside words inside lines, in singing order
 * (repeats written out), with their places in the score.
 */
#ifndef SILBE_LYRICS_H
#define SILBE_LYRICS_H

#include <stdbool.h>
#include <stddef.h>

/* Room for the name of a language, which is that of a voice (features/base/speech/espeak.h). */
enum { SILBE_LANGUAGE_SIZE = 32 };

typedef struct {
    char *text;     /* UTF-8, owned; its part of the word in the lyrics' spelling */
    size_t word;    /* index of its word */
    double onset_q; /* score position of its first note, in quarter notes */
    double end_q;   /* end of the last note of its melisma */
} silbe_syllable;

typedef struct {
    char *text;  /* UTF-8, owned; original spelling with its punctuation, no white space */
    size_t line; /* index of its line */
    size_t first_syllable;
    size_t n_syllables; /* >= 1 */
} silbe_word;

typedef struct {
    char *text;    /* UTF-8, owned; the verse as written, trimmed */
    size_t stanza; /* 0-based */
    size_t first_word;
    size_t n_words; /* >= 1 */
    /* Its language where it is not that of the text; "": it is. Either the text says so by a tag
     * (align/lyrics/language_tag.h), or it was recognised (align/language/lyrics_language.h). */
    char language[SILBE_LANGUAGE_SIZE];
    bool is_tagged;
} silbe_line;

typedef struct {
    silbe_syllable *syllables;
    size_t n_syllables;
    silbe_word *words;
    size_t n_words;
    silbe_line *lines;
    size_t n_lines;
    /* Recognised, "fr"; "": unsure, or nobody has tried. */
    char language[SILBE_LANGUAGE_SIZE];
} silbe_lyrics;

#define SILBE_LYRICS_INIT                                                                          \
    {                                                                                              \
        0                                                                                          \
    }

/* Frees everything that the lyrics own and resets them to SILBE_LYRICS_INIT. */
void silbe_lyrics_free(silbe_lyrics *lyrics);

/* When a syllable or word sounds, in seconds of the recording. */
typedef struct {
    double start_s;    /* onset */
    double end_s;      /* > start_s */
    double confidence; /* 0..1: how likely the onset is right to within 0.1 s (see align/) */
} silbe_span;

/* The result of an alignment: one span per word and one per syllable of a silbe_lyrics. */
typedef struct {
    silbe_span *words; /* n_words */
    size_t n_words;
    silbe_span *syllables; /* n_syllables */
    size_t n_syllables;
} silbe_word_times;

#define SILBE_WORD_TIMES_INIT                                                                      \
    {                                                                                              \
        0                                                                                          \
    }

void silbe_word_times_free(silbe_word_times *times);

#endif
