#include "pipeline/train/data/speech_sets.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const silbe_speech_set table[] = {
    {"de_kerstin",    "de", "de",     "CC0",         SILBE_SPEECH_MAY_SHIP},
    {"nl_nathalie",   "nl", "nl",     "CC0",         SILBE_SPEECH_MAY_SHIP},
    {"nl_flemishguy", "nl", "nl",     "CC0",         SILBE_SPEECH_MAY_SHIP},
    {"en_kathleen",   "en", "en-us",  "CC0",         SILBE_SPEECH_MAY_SHIP},
    {"de_gcompris",   "de", "de",     "GPL",         SILBE_SPEECH_MAY_SHIP},
    {"sung_ja_alys",  "ja", "romaji", "GPL-3",       SILBE_SPEECH_MAY_SHIP},
    {"de_emodb",      "de", "de",     "research",    SILBE_SPEECH_RESEARCH},
    {"gtsinger_demo", "de", "de",     "CC BY-NC-SA", SILBE_SPEECH_DEVELOPMENT},
};
/* clang-format on */

enum { N_SETS = sizeof table / sizeof table[0] };
_Static_assert(N_SETS <= SILBE_MAX_SPEECH_SETS, "a selection has a bit for each set");

const silbe_speech_set *silbe_speech_set_at(size_t index)
{
    return index < N_SETS ? &table[index] : NULL;
}

static size_t find(const char *name, size_t n_bytes)
{
    size_t i = 0;
    while (i < N_SETS &&
           (strlen(table[i].name) != n_bytes || memcmp(table[i].name, name, n_bytes) != 0)) {
        i++;
    }
    return i;
}

static silbe_status unknown(const char *name, size_t n_bytes, silbe_err *err)
{
    char names[512] = "";
    for (size_t i = 0; i < N_SETS; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", table[i].name);
    }
    return silbe_fail(err, SILBE_ERR_ARGUMENT, "speech set \"%.*s\" is not known: there are %s",
                      n_bytes > 80 ? 80 : (int)n_bytes, name, names);
}

silbe_status silbe_speech_sets_parse(const char *list, silbe_speech_use allowed,
                                     silbe_speech_selection *selection, silbe_err *err)
{
    *selection = 0;
    silbe_speech_selection chosen = 0;
    for (const char *at = list; *(at += strspn(at, " ")) != '\0';) {
        size_t n_bytes = strcspn(at, " ");
        size_t i = find(at, n_bytes);
        if (i == N_SETS) {
            return unknown(at, n_bytes, err);
        }
        if ((chosen >> i & 1U) != 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "speech set \"%s\" is listed twice",
                              table[i].name);
        }
        if (table[i].use > allowed) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "speech set \"%s\" (licence: %s) may not be used for this: it is for "
                              "%s; take it off the list",
                              table[i].name, table[i].licence,
                              table[i].use == SILBE_SPEECH_RESEARCH
                                  ? "bootstrapping experiments and tests only"
                                  : "development only");
        }
        chosen |= 1U << i;
        at += n_bytes;
    }
    if (chosen == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the list of speech sets is empty");
    }
    *selection = chosen;
    return SILBE_OK;
}
