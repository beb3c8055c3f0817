#include "align/lyrics/elision.h"

#include <stdbool.h>
#include <string.h>

#include "features/base/format.h"

/* What a word of a language begins with, how that is written where a front vowel follows (e, i),
 * and elsewhere. */
static const struct {
    const char *language;
    const char *elided;
    const char *before_front;
    const char *elsewhere;
} elisions[] = {
    {"it", "ch'", "ch", "c"},
    {"it", "gl'", "gl", "gli"},
    {"fr", "p't", "pt", "pt"},
};

static bool is_of(const char *voice, const char *language)
{
    size_t n = strlen(language);
    return strncmp(voice, language, n) == 0 && strchr("-+", voice[n]) != NULL;
}

/* i, í, ì, e, é, è, ê */
static bool is_front(const char *rest)
{
    static const char *const VOWELS[] = {"i", "í", "ì", "e", "é", "è", "ê"};
    bool is_one = false;
    for (size_t i = 0; i < sizeof VOWELS / sizeof *VOWELS; i++) {
        is_one = is_one || strncmp(rest, VOWELS[i], strlen(VOWELS[i])) == 0;
    }
    return is_one;
}

char *silbe_elision_spell(const char *voice, const char *key, silbe_err *err)
{
    for (size_t i = 0; i < sizeof elisions / sizeof *elisions; i++) {
        const char *elided = elisions[i].elided;
        if (is_of(voice, elisions[i].language) && strncmp(key, elided, strlen(elided)) == 0) {
            const char *rest = key + strlen(elided);
            rest += *rest == 'h'; /* silent: "ch'ho" */
            return silbe_format(err, "%s%s",
                                is_front(rest) ? elisions[i].before_front : elisions[i].elsewhere,
                                rest);
        }
    }
    bool is_y = is_of(voice, "fr") && strcmp(key, "y") == 0;
    return silbe_format(err, "%s", is_y ? "i" : key);
}
