/*
 * Words to phones. Each word is looked up, in this order, in the user's list (pronounce_list.h), in
 * the built-in list of words that libespeak-ng's German gets wrong (german.h), and is then
 * normalised (spelling.h) and pronounced by libespeak-ng by itself, so that phones belong to words.
 *
 * Latin is read by rules of our own (latin.h), French words may get their mute e (french.h).
 *
 * German words get variants, because singers differ and stage German (Siebs) is not what a speech
 * synthesiser says; each has a probability, see pronounce_internal.h.
 */
#ifndef SILBE_PRONOUNCE_H
#define SILBE_PRONOUNCE_H

#include <stdbool.h>
#include <stddef.h>

#include "align/lyrics/phones.h"
#include "align/lyrics/pronounce_list.h"
#include "features/base/lyrics.h"
#include "features/base/status.h"

enum {
    SILBE_MAX_WORD_PHONES = 250,
    SILBE_MAX_PRONUNCIATIONS = 32,
};

typedef enum {
    SILBE_STYLE_PLAIN = 0, /* one pronunciation, as the voice says it */
    SILBE_STYLE_SUNG,      /* variants of stage German */
    SILBE_STYLE_SPOKEN,    /* variants of speech: r and schwa weakened */
} silbe_pronounce_style;

typedef struct {
    /* A voice of libespeak-ng ("de", "en", "nl", "it", "la", ...), or "romaji": Japanese in Latin
     * letters, by rules of our own (libespeak-ng would spell it). */
    const char *voice;
    silbe_pronounce_style style;
    size_t
        max_pronunciations; /* of a word, 1 .. SILBE_MAX_PRONUNCIATIONS: the likeliest are kept */
    /* Pronounce whole lines and divide their phones among the words: weak forms and liaisons (the
     * apple, les amis). A line of which libespeak-ng makes another number of words is pronounced
     * word by word, as are all lines with digits. German words are always pronounced alone: they
     * have no such forms. silbe_pronounce_lyrics only. */
    bool in_context;
    const silbe_pronunciation_list *list; /* the user's; borrowed; NULL: none */
    /* Lines that were recognised as of another language are read in it, as tagged lines always are.
     * silbe_pronounce_lyrics only. */
    bool recognised_lines;
} silbe_pronounce_options;

#define SILBE_PRONOUNCE_OPTIONS_INIT                                                               \
    {                                                                                              \
        "de", SILBE_STYLE_SUNG, 4, false, NULL, false                                              \
    }

typedef enum {
    SILBE_PRONOUNCED_BY_VOICE = 0,
    SILBE_PRONOUNCED_BY_USER,  /* the user's list */
    SILBE_PRONOUNCED_BY_SILBE, /* the built-in list or rules */
} silbe_pronounced_by;

typedef struct {
    silbe_phone *phones; /* owned */
    size_t n_phones;     /* >= 1 */
    double logp;         /* ln P(pronunciation | word); those of a word sum to 1 */
} silbe_pronunciation;

typedef struct {
    silbe_pronunciation *items; /* likeliest first; of equal ones the plainer first; no doubles */
    size_t n_items;             /* >= 1 */
    silbe_pronounced_by source;
} silbe_word_phones;

#define SILBE_WORD_PHONES_INIT                                                                     \
    {                                                                                              \
        NULL, 0, SILBE_PRONOUNCED_BY_VOICE                                                         \
    }

void silbe_word_phones_free(silbe_word_phones *word);

/* SILBE_ERR_ARGUMENT: options out of range, unknown voice (the message lists what there is).
 * Pronunciations are pure functions of options, text and libespeak-ng: no state is kept. */
SILBE_MUST_CHECK silbe_status silbe_pronounce_check(const silbe_pronounce_options *options,
                                                    silbe_err *err);

/*
 * Pronounces one word as it stands in the text, punctuation and all ("Wär's,"). *word must be
 * _INIT; the caller frees it. Safe from several threads.
 *
 * SILBE_ERR_DATA: no letters and no digits; letters of a script that the voice does not read; no
 * phones; over SILBE_MAX_WORD_PHONES. SILBE_ERR_FORMAT: not UTF-8. The message names the word.
 * Errors of silbe_pronounce_check and silbe_espeak_phonemes. Signs without a phone (none in 15
 * languages tested) are left out.
 */
SILBE_MUST_CHECK silbe_status silbe_pronounce_word(const silbe_pronounce_options *options,
                                                   const char *text, silbe_word_phones *word,
                                                   silbe_err *err);

/*
 * All words of the lyrics: words[w], w < lyrics->n_words, an array of that length that the caller
 * zeroes before and frees after, each with silbe_word_phones_free, also after a failure. Messages
 * name the word, its place and its line. SILBE_ERR_DATA for lyrics without words.
 */
SILBE_MUST_CHECK silbe_status silbe_pronounce_lyrics(const silbe_pronounce_options *options,
                                                     const silbe_lyrics *lyrics,
                                                     silbe_word_phones *words, silbe_err *err);

#endif
