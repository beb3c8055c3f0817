/*
 * The text of an item as mode joint wants it: each syllable of the score with its phones, by the
 * likeliest pronunciation of its word; and the phones in time, once the syllables are.
 */
#ifndef SILBE_ALIGN_JOINT_TEXT_H
#define SILBE_ALIGN_JOINT_TEXT_H

#include "align/joint/phone_evidence.h"
#include "features/base/lyrics.h"
#include "pipeline/align/phone_text.h"
#include "pipeline/output/output.h"

typedef struct {
    const silbe_lyrics *lyrics;     /* borrowed */
    silbe_sung_syllable *syllables; /* lyrics->n_syllables; owned, as is what they point to */
    silbe_phone *phones;            /* of all words, word after word */
    uint8_t *symbols;               /* the same without marks */
    size_t *first_phone;            /* n_words + 1: of each word */
    /* n_syllables; false: more syllables than phones, and this one has none left */
    bool *has_phones;
} silbe_joint_text;

/* *text must be zero; the caller frees it, also after a failure. pronounced: the words of lyrics.
 * Errors of silbe_phone_syllables; SILBE_ERR_DATA for a syllable without a place in the score. */
SILBE_MUST_CHECK silbe_status silbe_joint_text_new(const silbe_lyrics *lyrics,
                                                   const silbe_word_phones *pronounced,
                                                   silbe_joint_text *text, silbe_err *err);

void silbe_joint_text_free(silbe_joint_text *text);

/*
 * Between the syllables' times the phones are found (pinned_phones.h): each nucleus begins with its
 * syllable, consonants and silence lie between. *words has its text, which is that of text, times
 * and duration; sounding starts and phones are filled in.
 */
SILBE_MUST_CHECK silbe_status silbe_joint_phones_find(const silbe_config *config,
                                                      const silbe_joint_text *text,
                                                      const silbe_phone_costs *costs,
                                                      silbe_words *words, silbe_err *err);

#endif
