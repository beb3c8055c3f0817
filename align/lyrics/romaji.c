#include "align/lyrics/romaji.h"

#include <string.h>

/* The longest first. Palatal consonants are the consonant and j; z0 and j0, in use for the voiced
 * affricates, come before z and j. */
static const struct {
    const char *letters;
    const char *phones;
} spellings[] = {
    {"shy", "S"},  {"chy", "t S"}, {"tch", "t S"}, {"dzu", "d z u"}, {"sh", "S"},   {"ch", "t S"},
    {"ts", "t s"}, {"dz", "d z"},  {"z0", "d z"},  {"j0", "d Z"},    {"hi", "C i"}, {"hy", "C"},
    {"hu", "f u"}, {"ā", "a:"},    {"ī", "i:"},    {"ū", "u:"},      {"ē", "e:"},   {"ō", "o:"},
    {"â", "a:"},   {"î", "i:"},    {"û", "u:"},    {"ê", "e:"},      {"ô", "o:"},   {"a", "a"},
    {"b", "b"},    {"d", "d"},     {"e", "e"},     {"f", "f"},       {"g", "g"},    {"h", "h"},
    {"i", "i"},    {"j", "Z"},     {"k", "k"},     {"l", "r"},       {"m", "m"},    {"n", "n"},
    {"o", "o"},    {"p", "p"},     {"r", "r"},     {"s", "s"},       {"t", "t"},    {"u", "u"},
    {"v", "v"},    {"w", "U^"},    {"y", "j"},     {"z", "z"},
};

void silbe_romaji_phones(const char *key, silbe_phone *phones, size_t capacity, size_t *n_phones,
                         silbe_err *err)
{
    for (const char *at = key; *at != '\0' && !silbe_failed(err);) {
        size_t found = 0;
        size_t n = sizeof spellings / sizeof spellings[0];
        while (found < n &&
               strncmp(at, spellings[found].letters, strlen(spellings[found].letters)) != 0) {
            found++;
        }
        if (found == n) {
            if (strchr("'- .", *at) == NULL) {
                (void)silbe_fail(err, SILBE_ERR_DATA, "no romaji from \"%.10s\" on", at);
            }
            at++;
            continue;
        }
        const char *spelled = spellings[found].phones;
        size_t first = *n_phones;
        silbe_try(err,
                  silbe_phones_read(spelled, strlen(spelled), phones, capacity, n_phones, err));
        char next = at[strlen(spellings[found].letters)];
        if (*at == 'n' && *n_phones > first &&
            strchr("aeiouy", next == '\0' ? 'x' : next) == NULL) {
            phones[first].marks |= SILBE_MARK_SYLLABIC;
        }
        at += strlen(spellings[found].letters);
    }
}
