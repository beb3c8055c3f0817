#include "pipeline/train/data/lexicon.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"

void silbe_lexicon_free(silbe_lexicon *lexicon)
{
    for (size_t i = 0; i < lexicon->n_words; i++) {
        free(lexicon->words[i].key);
        silbe_word_phones_free(&lexicon->words[i].phones);
    }
    free(lexicon->words);
    free(lexicon->slots);
    *lexicon = (silbe_lexicon)SILBE_LEXICON_INIT;
}

/* FNV-1a. */
static size_t slot_of(const silbe_lexicon *lexicon, const char *key)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char *c = key; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3ULL;
    }
    size_t slot = (size_t)(hash % lexicon->n_slots);
    while (lexicon->slots[slot] != 0 &&
           strcmp(lexicon->words[lexicon->slots[slot] - 1].key, key) != 0) {
        slot = (slot + 1) % lexicon->n_slots;
    }
    return slot;
}

/* Keeps the table at most half full. */
static void make_room(silbe_lexicon *lexicon, silbe_err *err)
{
    lexicon->words = silbe_grow(lexicon->words, lexicon->n_words, &lexicon->capacity,
                                sizeof *lexicon->words, "words", err);
    if (2 * (lexicon->n_words + 1) <= lexicon->n_slots) {
        return;
    }
    size_t n_slots = lexicon->n_slots == 0 ? 1024 : 2 * lexicon->n_slots;
    size_t *slots = silbe_alloc(n_slots, sizeof *slots, "words", err);
    if (slots == NULL) {
        return;
    }
    free(lexicon->slots);
    lexicon->slots = slots;
    lexicon->n_slots = n_slots;
    for (size_t i = 0; i < lexicon->n_words; i++) {
        slots[slot_of(lexicon, lexicon->words[i].key)] = i + 1;
    }
}

silbe_status silbe_lexicon_add(silbe_lexicon *lexicon, const char *voice, const char *word,
                               size_t max_pronunciations, size_t *index, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    make_room(lexicon, err);
    char *key = silbe_format(err, "%s\t%s", voice, word);
    if (key == NULL) {
        return err->status;
    }
    size_t slot = slot_of(lexicon, key);
    if (lexicon->slots[slot] != 0) {
        *index = lexicon->slots[slot] - 1;
        free(key);
        return SILBE_OK;
    }
    silbe_word_phones phones = SILBE_WORD_PHONES_INIT;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = voice;
    options.style = SILBE_STYLE_SPOKEN;
    options.max_pronunciations = max_pronunciations;
    bool is_palatal = strcmp(voice, "romaji") == 0 && strcmp(word, "J") == 0;
    silbe_try(err, silbe_pronounce_word(&options, is_palatal ? "y" : word, &phones, err));
    if (silbe_failed(err)) {
        free(key);
        return err->status;
    }
    lexicon->words[lexicon->n_words] = (silbe_lexicon_word){key, phones};
    *index = lexicon->n_words++;
    lexicon->slots[slot] = lexicon->n_words;
    return SILBE_OK;
}

void silbe_list_phone_names(const char *names[SILBE_N_PHONES])
{
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        names[p] = silbe_phone_get(p)->symbol;
    }
}
