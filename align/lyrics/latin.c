#include "align/lyrics/latin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uninorm.h>
#include <unistr.h>

#include "features/base/memory.h"

const double silbe_latin_italian_share = 0.6;

/* Where letters sound like this. */
typedef enum {
    ALWAYS,
    BEFORE_FRONT,   /* e i y ae oe */
    BEFORE_VOWEL,   /* after no s, t or x: gratia, but ostium */
    AS_CONSONANT,   /* before a vowel, at the start or behind a vowel: iam */
    BETWEEN_VOWELS, /* or at the start before a vowel */
    WHOLE,          /* a word by itself */
} place;

/* The first that fits counts. */
/* clang-format off */
static const struct {
    const char *letters;
    place where;
    const char *phones[SILBE_N_LATIN_WAYS];
} spellings[] = {
    {"mihi", WHOLE, {"m i k i", "m i h i"}}, {"nihil", WHOLE, {"n i k i l", "n i h i l"}},
    {"sc", BEFORE_FRONT, {"S", "s t s"}},    {"xc", BEFORE_FRONT, {"k S", "k s t s"}},
    {"cc", BEFORE_FRONT, {"t S", "k t s"}},  {"c", BEFORE_FRONT, {"t S", "t s"}},
    {"ch", ALWAYS, {"k", "k"}},              {"gn", ALWAYS, {"n j", "g n"}},
    {"g", BEFORE_FRONT, {"d Z", "g"}},       {"ti", BEFORE_VOWEL, {"t s i", "t s i"}},
    {"th", ALWAYS, {"t", "t"}},              {"ph", ALWAYS, {"f", "f"}},
    {"rh", ALWAYS, {"r", "r"}},              {"qu", ALWAYS, {"k U^", "k v"}},
    {"ngu", AS_CONSONANT, {"N g U^", "N g v"}},
    {"ae", ALWAYS, {"E", "E"}},              {"oe", ALWAYS, {"E", "2"}},
    {"au", ALWAYS, {"a U^", "a U^"}},        {"i", AS_CONSONANT, {"j", "j"}},
    {"s", BETWEEN_VOWELS, {"s", "z"}},
    {"a", ALWAYS, {"a", "a"}}, {"b", ALWAYS, {"b", "b"}}, {"c", ALWAYS, {"k", "k"}},
    {"d", ALWAYS, {"d", "d"}}, {"e", ALWAYS, {"E", "E"}}, {"f", ALWAYS, {"f", "f"}},
    {"g", ALWAYS, {"g", "g"}}, {"h", ALWAYS, {"", "h"}},  {"i", ALWAYS, {"i", "i"}},
    {"j", ALWAYS, {"j", "j"}}, {"k", ALWAYS, {"k", "k"}}, {"l", ALWAYS, {"l", "l"}},
    {"m", ALWAYS, {"m", "m"}}, {"n", ALWAYS, {"n", "n"}}, {"o", ALWAYS, {"O", "O"}},
    {"p", ALWAYS, {"p", "p"}}, {"q", ALWAYS, {"k", "k"}}, {"r", ALWAYS, {"r", "r"}},
    {"s", ALWAYS, {"s", "s"}}, {"t", ALWAYS, {"t", "t"}}, {"u", ALWAYS, {"u", "u"}},
    {"v", ALWAYS, {"v", "v"}}, {"w", ALWAYS, {"v", "v"}}, {"x", ALWAYS, {"k s", "k s"}},
    {"y", ALWAYS, {"i", "y"}}, {"z", ALWAYS, {"d z", "t s"}},
};
/* clang-format on */

enum { N_SPELLINGS = sizeof spellings / sizeof *spellings, DIAERESIS = 0x308 };

static bool is_vowel(char letter)
{
    return letter != '\0' && strchr("aeiouy", letter) != NULL;
}

static bool is_front(const char *at)
{
    return (*at != '\0' && strchr("eiy", *at) != NULL) || strncmp(at, "ae", 2) == 0 ||
           strncmp(at, "oe", 2) == 0;
}

static bool fits(const char *word, const char *at, size_t n, place where)
{
    char before = at > word ? at[-1] : '\0';
    bool is_first = before == '\0' || before == '\'';
    switch (where) {
    case BEFORE_FRONT:
        return is_front(at + n);
    case BEFORE_VOWEL:
        return is_vowel(at[n]) && !is_first && strchr("stx", before) == NULL;
    case AS_CONSONANT:
        return is_vowel(at[n]) && (is_first || is_vowel(before) || n > 1);
    case BETWEEN_VOWELS:
        return is_vowel(at[n]) && (is_first || is_vowel(before));
    case WHOLE:
        return at == word && at[n] == '\0';
    default:
        return true;
    }
}

/* Letters a to z and "'" in the place of all else; a diaeresis keeps vowels apart ("aër"). To be
 * freed. */
static char *plain_letters(const char *key, silbe_err *err)
{
    size_t n = strlen(key), n_apart = 0, length = 0;
    uint8_t *apart =
        n > 0 ? u8_normalize(UNINORM_NFD, (const uint8_t *)key, n, NULL, &n_apart) : NULL;
    /* A letter and a sign before it at most. */
    char *plain = silbe_alloc(2 * n_apart + 1, 1, "letters of a word", err);
    for (size_t i = 0; i < n_apart && plain != NULL;) {
        ucs4_t point = 0;
        i += (size_t)u8_mbtouc(&point, apart + i, n_apart - i);
        if (point == DIAERESIS && length > 0) {
            plain[length] = plain[length - 1];
            plain[length++ - 1] = '\'';
        } else if (point >= 'a' && point <= 'z') {
            plain[length++] = (char)point;
        } else if (point == 0xe6 || point == 0x153) {
            plain[length++] = point == 0xe6 ? 'a' : 'o';
            plain[length++] = 'e';
        } else if (point < 0x300 || point > 0x36f) {
            plain[length++] = '\'';
        }
    }
    free(apart);
    return plain;
}

bool silbe_latin_reads(const char *voice, const char *key)
{
    return strncmp(voice, "la", 2) == 0 && strchr("-+", voice[2]) != NULL &&
           strpbrk(key, "0123456789") == NULL;
}

void silbe_latin_phones(const char *key, silbe_latin_way way, silbe_phone *phones, size_t capacity,
                        size_t *n_phones, silbe_err *err)
{
    char *word = plain_letters(key, err);
    for (const char *at = word; word != NULL && *at != '\0' && !silbe_failed(err);) {
        size_t found = 0;
        while (found < N_SPELLINGS &&
               (strncmp(at, spellings[found].letters, strlen(spellings[found].letters)) != 0 ||
                !fits(word, at, strlen(spellings[found].letters), spellings[found].where))) {
            found++;
        }
        if (found == N_SPELLINGS) {
            at++; /* a sign */
            continue;
        }
        size_t n = strlen(spellings[found].letters);
        /* Of double letters the second sounds, and may depend on what follows. */
        if (n > 1 || at[1] != at[0] || is_vowel(*at)) {
            const char *said = spellings[found].phones[way];
            silbe_try(err, silbe_phones_read(said, strlen(said), phones, capacity, n_phones, err));
        }
        at += n;
    }
    free(word);
}
