#include "align/lyrics/pronounce.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/elision.h"
#include "align/lyrics/french.h"
#include "align/lyrics/german.h"
#include "align/lyrics/latin.h"
#include "align/lyrics/pronounce_internal.h"
#include "align/lyrics/romaji.h"
#include "align/lyrics/spelling.h"
#include "features/base/memory.h"
#include "features/base/speech/espeak.h"

#define ROMAJI "romaji"

/* One pronunciation in the making. */
typedef struct {
    silbe_phone phones[SILBE_MAX_WORD_PHONES];
    size_t n;
    bool by_silbe; /* some of it comes from built-in lists or rules */
} draft;

void silbe_word_phones_free(silbe_word_phones *word)
{
    for (size_t i = 0; i < word->n_items; i++) {
        free(word->items[i].phones);
    }
    free(word->items);
    *word = (silbe_word_phones)SILBE_WORD_PHONES_INIT;
}

silbe_status silbe_pronounce_check(const silbe_pronounce_options *options, silbe_err *err)
{
    if (options->voice == NULL || (unsigned)options->style > SILBE_STYLE_SPOKEN) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "no voice, or no such style of pronunciation");
    }
    if (options->max_pronunciations < 1 || options->max_pronunciations > SILBE_MAX_PRONUNCIATIONS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%zu pronunciations of a word; allowed: 1 to %d",
                          options->max_pronunciations, SILBE_MAX_PRONUNCIATIONS);
    }
    if (strcmp(options->voice, ROMAJI) == 0) {
        return SILBE_OK;
    }
    return silbe_espeak_check_voice(options->voice, err);
}

static void map_ipa(const char *ipa, draft *to, silbe_err *err)
{
    silbe_try(err,
              silbe_phones_from_ipa(ipa, to->phones, SILBE_MAX_WORD_PHONES, &to->n, NULL, err));
}

static void by_voice(const char *voice, const char *text, draft *to, silbe_err *err)
{
    char *ipa = NULL;
    silbe_try(err, silbe_espeak_phonemes(voice, text, &ipa, err));
    map_ipa(ipa, to, err);
    free(ipa);
}

/* The exception's alternative, or its last one. */
static void by_exception(const char *phones, size_t alternative, draft *to, silbe_err *err)
{
    while (alternative > 0 && strchr(phones, '|') != NULL) {
        phones = strchr(phones, '|') + 1;
        alternative--;
    }
    to->by_silbe = true;
    silbe_try(err, silbe_phones_read(phones, strcspn(phones, "|"), to->phones,
                                     SILBE_MAX_WORD_PHONES, &to->n, err));
}

/* What the voice says for a word in today's spelling, repaired. */
static void by_german_voice(const char *voice, const char *modern, draft *to, silbe_err *err)
{
    size_t n = to->n;
    by_voice(voice, modern, to, err);
    if (!silbe_failed(err)) {
        size_t kept = silbe_german_repair(to->phones + n, to->n - n);
        to->n =
            n + silbe_german_repair_stems(modern, to->phones + n, kept, SILBE_MAX_WORD_PHONES - n);
    }
}

/* A part without clitics that is no exception as it is written. */
static void german_modern(const char *voice, const char *part, size_t alternative, draft *to,
                          silbe_err *err)
{
    char *modern = NULL;
    silbe_try(err, silbe_german_modern(part, &modern, err));
    const char *exception = modern != NULL ? silbe_german_exception(modern) : NULL;
    if (exception != NULL) {
        by_exception(exception, alternative, to, err);
    } else if (modern != NULL) {
        size_t n = 0;
        silbe_try(err, silbe_german_consonants(modern, to->phones + to->n,
                                               SILBE_MAX_WORD_PHONES - to->n, &n, err));
        to->n += n;
        to->by_silbe = to->by_silbe || n > 0;
        if (n == 0) {
            by_german_voice(voice, modern, to, err);
        }
    }
    free(modern);
}

/* A part without clitics. */
static void german_stem(const char *voice, const char *part, size_t alternative, draft *to,
                        silbe_err *err)
{
    const char *exception = silbe_german_exception(part);
    if (exception != NULL) {
        by_exception(exception, alternative, to, err);
    } else {
        german_modern(voice, part, alternative, to, err);
    }
}

/* Where part ends in an apostrophe and a clitic that is spoken by itself ("hab's", "da'st"). */
static const char *find_clitic(const char *part)
{
    const char *at = strrchr(part, '\'');
    bool is_clitic = at != NULL && at > part && (strcmp(at, "'s") == 0 || strcmp(at, "'st") == 0);
    return is_clitic ? at : NULL;
}

/* "'s" glued to the next word: an s before a consonant that it cannot stand before in German. */
static bool is_glued(const char *part)
{
    return part[0] == '\'' && part[1] == 's' && part[2] != '\0' &&
           strchr("bdfghjrvw", part[2]) != NULL;
}

static void german_part(const char *voice, const char *part, size_t alternative, draft *to,
                        silbe_err *err)
{
    const char *clitic = find_clitic(part);
    if (silbe_german_exception(part) != NULL) {
        german_stem(voice, part, alternative, to, err);
    } else if (is_glued(part)) {
        by_exception("s", 0, to, err);
        german_stem(voice, part + 2, alternative, to, err);
    } else if (clitic == NULL) {
        german_stem(voice, part, alternative, to, err);
    } else {
        char *stem = silbe_copy_text(part, err);
        if (stem != NULL) {
            stem[clitic - part] = '\0';
            german_stem(voice, stem, alternative, to, err);
        }
        free(stem);
        by_exception(silbe_german_exception(clitic), 0, to, err);
    }
}

/* Calls german_part for each blank-separated part of text. */
static void german_parts(const char *voice, const char *text, size_t alternative, draft *to,
                         silbe_err *err)
{
    size_t n = strlen(text);
    char *copy = silbe_copy_text(text, err);
    for (char *at = copy; copy != NULL && at < copy + n && !silbe_failed(err);) {
        size_t length = strcspn(at, " ");
        at[length] = '\0';
        german_part(voice, at, alternative, to, err);
        at += length + 1;
    }
    free(copy);
}

/* Number of ways to pronounce the exception that key is, or 1. */
static size_t n_alternatives(const char *key)
{
    const char *exception = silbe_german_exception(key);
    size_t n = 1;
    for (const char *c = exception; c != NULL && *c != '\0'; c++) {
        n += *c == '|';
    }
    return n;
}

static silbe_status check_letters(const silbe_pronounce_options *options, const char *key,
                                  silbe_err *err)
{
    const char *script = NULL;
    if (key[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_DATA, "no letters and no digits");
    }
    if (!silbe_spelling_voice_reads(options->voice, key, &script)) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s letters, which the voice \"%.40s\" does not read", script,
                          options->voice);
    }
    return SILBE_OK;
}

static void from_list(const silbe_pronounce_options *options, const char *key,
                      silbe_word_phones *word, silbe_err *err)
{
    size_t n = 0;
    const silbe_listed_word *listed =
        options->list != NULL ? silbe_pronunciation_list_find(options->list, key, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        silbe_pronunciation_add(word, listed[i].phones, listed[i].n_phones, 0.0, err);
    }
    if (n > 0) {
        word->source = SILBE_PRONOUNCED_BY_USER;
        silbe_pronunciation_settle(word, options->max_pronunciations);
    }
}

/* With and without its mute e. */
static void add_french(const silbe_pronounce_options *options, const char *key, const draft *from,
                       double logp, silbe_word_phones *word, silbe_err *err)
{
    bool is_open = options->style != SILBE_STYLE_PLAIN && from->n < SILBE_MAX_WORD_PHONES &&
                   silbe_french_has_mute_e(key, from->phones, from->n);
    double share = is_open ? silbe_french_mute_e_share : 0;
    silbe_pronunciation_add(word, from->phones, from->n, logp + log(1 - share), err);
    if (is_open) {
        draft sung = *from;
        sung.phones[sung.n++] = (silbe_phone){(uint8_t)silbe_phone_find("@", 1), 0};
        silbe_pronunciation_add(word, sung.phones, sung.n, logp + log(share), err);
    }
}

/* The draft and its variants into word. */
static void add_draft(const silbe_pronounce_options *options, const char *key, const draft *from,
                      double logp, silbe_word_phones *word, silbe_err *err)
{
    if (from->n == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "no phones; put the word into a pronunciation list"));
    }
    word->source = from->by_silbe ? SILBE_PRONOUNCED_BY_SILBE : SILBE_PRONOUNCED_BY_VOICE;
    if (silbe_german_is_voice(options->voice)) {
        silbe_pronunciation_add_german(word, from->phones, from->n, logp, options->style, key, err);
    } else if (silbe_french_is_voice(options->voice)) {
        add_french(options, key, from, logp, word, err);
    } else {
        silbe_pronunciation_add(word, from->phones, from->n, logp, err);
    }
}

static void pronounce_german(const silbe_pronounce_options *options, const char *text,
                             const char *key, const char *parts, silbe_word_phones *word,
                             silbe_err *err)
{
    const char *words = strchr(text, '.') != NULL ? silbe_german_abbreviation(key) : NULL;
    size_t n = words != NULL ? 1 : n_alternatives(parts);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        draft one = {.n = 0};
        german_parts(options->voice, words != NULL ? words : parts, i, &one, err);
        add_draft(options, key, &one, -log((double)n), word, err);
    }
}

static void pronounce_latin(const silbe_pronounce_options *options, const char *key,
                            silbe_word_phones *word, silbe_err *err)
{
    for (int way = 0; way < SILBE_N_LATIN_WAYS; way++) {
        double share =
            way == SILBE_LATIN_ITALIAN ? silbe_latin_italian_share : 1 - silbe_latin_italian_share;
        draft one = {.by_silbe = true};
        silbe_latin_phones(key, (silbe_latin_way)way, one.phones, SILBE_MAX_WORD_PHONES, &one.n,
                           err);
        if (way == 0 || options->style != SILBE_STYLE_PLAIN) {
            add_draft(options, key, &one, log(share), word, err);
        }
    }
}

static void pronounce_other(const silbe_pronounce_options *options, const char *key,
                            const char *parts, const char *said, silbe_word_phones *word,
                            silbe_err *err)
{
    draft one = {.n = 0};
    if (strcmp(options->voice, ROMAJI) == 0) {
        one.by_silbe = true;
        silbe_romaji_phones(key, one.phones, SILBE_MAX_WORD_PHONES, &one.n, err);
    } else if (said != NULL) {
        map_ipa(said, &one, err);
    } else {
        char *spelt = silbe_elision_spell(options->voice, parts, err);
        if (spelt != NULL) {
            by_voice(options->voice, spelt, &one, err);
        }
        free(spelt);
    }
    add_draft(options, key, &one, 0.0, word, err);
}

/* After the list: letters, parts, voice. */
static void pronounce_key(const silbe_pronounce_options *options, const char *text, const char *key,
                          const char *said, silbe_word_phones *word, silbe_err *err)
{
    char *parts = NULL;
    silbe_try(err, check_letters(options, key, err));
    silbe_try(err, silbe_spelling_parts(key, &parts, err));
    if (parts == NULL) {
        return;
    }
    if (silbe_german_is_voice(options->voice)) {
        pronounce_german(options, text, key, parts, word, err);
    } else if (silbe_latin_reads(options->voice, key)) {
        pronounce_latin(options, key, word, err);
    } else {
        pronounce_other(options, key, parts, said, word, err);
    }
    free(parts);
    if (!silbe_failed(err)) {
        silbe_pronunciation_settle(word, options->max_pronunciations);
    }
}

void silbe_pronounce_said(const silbe_pronounce_options *options, const char *text,
                          const char *said, silbe_word_phones *word, silbe_err *err)
{
    char *key = NULL;
    if (silbe_failed(err)) {
        return;
    }
    silbe_try(err, silbe_spelling_key(text, &key, err));
    if (key != NULL) {
        from_list(options, key, word, err);
        if (word->n_items == 0) {
            pronounce_key(options, text, key, said, word, err);
        }
    }
    free(key);
    if (silbe_failed(err)) {
        char name[128];
        silbe_word_phones_free(word);
        snprintf(name, sizeof name, "word \"%.100s\"", text);
        (void)silbe_fail_prefix(err, err->status, name);
    }
}

silbe_status silbe_pronounce_word(const silbe_pronounce_options *options, const char *text,
                                  silbe_word_phones *word, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_pronounce_check(options, err));
    silbe_pronounce_said(options, text, NULL, word, err);
    return err->status;
}
