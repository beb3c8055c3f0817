/*
 * Word times as one document: makers fill it, the writers of output.h write it, the reader of JSON
 * gives it back.
 *
 * It holds the whole text, whether found in the recording or not: a word's index in the lyrics of
 * the labels is its index here, in every array and, from 1, in the JSON file. Nobody has to look
 * for a word by its text.
 *
 * Each word is of one voice. The matched words of a voice follow each other in time; words of
 * different voices are free against each other. Times are seconds of the recording.
 *
 * Owner: everything is owned by the document, all strings are UTF-8. Arrays are moved in, not
 * copied; silbe_words_free frees them.
 */
#ifndef SILBE_OUTPUT_WORDS_H
#define SILBE_OUTPUT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/lyrics.h"
#include "features/base/status.h"

/* What its JSON format calls itself. */
#define SILBE_WORDS_FORMAT "silbe-words"
#define SILBE_WORDS_FORMAT_VERSION 2

/* A phone of a word: what was heard, and when. */
typedef struct {
    char symbol[8]; /* of the phone set, align/lyrics/phones.h */
    size_t word;    /* a matched one; does not decrease */
    silbe_span span;
} silbe_timed_phone;

typedef struct {
    silbe_lyrics lyrics; /* lines, words and syllables, consecutive; at least one line */
    /* Of words that are not matched: where they would be at best, or NAN for start and end; their
     * confidence is a number in any case. They are in no order. */
    silbe_word_times times;
    bool *is_matched; /* n_words: whether the recording seems to hold the word */
    size_t *voice;    /* n_words: index into voices */
    char **voices;    /* n_voices, by name; a text without voices has one, "" */
    size_t n_voices;
    /* What is heard of matched words, in modes that listen for phones. */
    double *sounding_start_s;  /* n_words: of the first sound, <= the word's start, which is the
                                  note's; NAN if not matched. NULL: not known */
    silbe_timed_phone *phones; /* starts do not decrease within a voice. NULL: not known */
    size_t n_phones;
    /* Facts. */
    char *work;            /* "Schubert_D911-22" */
    char *version;         /* "SC06"; "" if the dataset has no versions */
    char *title;           /* NULL if unknown */
    char *mode;            /* "score", "lyrics", ... */
    char *audio_file;      /* name of the recording; folders in front are not written */
    double duration_s;     /* of the recording, > 0 */
    char *program_version; /* "0.1.0" */
    char *settings_digest; /* of the settings that the times depend on */
} silbe_words;

#define SILBE_WORDS_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

void silbe_words_free(silbe_words *words);

/* A step (features/base/status.h): moves *lyrics, which is empty then, into *words, which must be
 * SILBE_WORDS_INIT. All words are matched and of one voice, ""; the times are still missing. */
void silbe_words_begin(silbe_words *words, silbe_lyrics *lyrics, silbe_err *err);

/* A step: the voice of that name, a new one if need be. */
size_t silbe_words_voice(silbe_words *words, const char *name, silbe_err *err);

size_t silbe_words_n_matched(const silbe_words *words);

/* Forgets sounding starts and phones of words that are not matched. */
void silbe_words_drop_sounds(silbe_words *words);

/* SILBE_ERR_MISMATCH unless the document is of this text: the same words, by index, in the same
 * lines; texts may be cleaned (text.h). The message names the first word that differs. */
SILBE_MUST_CHECK silbe_status silbe_words_check_text(const silbe_words *words,
                                                     const silbe_lyrics *text, silbe_err *err);

#endif
