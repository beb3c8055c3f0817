/* Pronunciations as text. */
#ifndef SILBE_TESTS_SAY_H
#define SILBE_TESTS_SAY_H

#include "align/lyrics/pronounce.h"

/* The likeliest pronunciation as symbols; "" with *err filled if there is none. */
static inline void say(const silbe_pronounce_options *options, const char *word, char *text,
                       size_t size, silbe_err *err)
{
    silbe_word_phones phones = SILBE_WORD_PHONES_INIT;
    text[0] = '\0';
    if (silbe_pronounce_word(options, word, &phones, err) == SILBE_OK) {
        silbe_phones_write(phones.items[0].phones, phones.items[0].n_phones, text, size);
    }
    silbe_word_phones_free(&phones);
}

static inline silbe_pronounce_options plain(const char *voice)
{
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = voice;
    options.style = SILBE_STYLE_PLAIN;
    return options;
}

#endif
