#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"

/* What tiers of words are called, without the speaker; ORT is that of the Bavarian Archive. */
static const char *const NAMES[] = {"words", "word",   "w\xc3\xb6rter", "woerter", "wort",   "mots",
                                    "mot",   "parole", "palabras",      "ort",     "ort-mau"};

static bool is_name(const char *text, size_t n_bytes)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        if (strlen(NAMES[i]) == n_bytes && strncasecmp(text, NAMES[i], n_bytes) == 0) {
            return true;
        }
    }
    return false;
}

/* "words", "SPEAKER - words" (Montreal Forced Aligner), "words@SPEAKER" (ELAN's usage). */
static bool is_of_words(const char *name)
{
    const char *dash = NULL;
    for (const char *p = strstr(name, " - "); p != NULL; p = strstr(p + 1, " - ")) {
        dash = p;
    }
    return is_name(name, strcspn(name, "@")) ||
           (dash != NULL && is_name(dash + 3, strlen(dash + 3)));
}

/* The speaker of a tier of words among several; the tier's name if it names none. Allocated. */
static char *speaker_of(const char *name, silbe_err *err)
{
    size_t n_bytes = strlen(name), n_word = strcspn(name, "@");
    if (n_word + 1 < n_bytes) {
        return silbe_copy_text(name + n_word + 1, err);
    }
    char *speaker = silbe_copy_text(name, err);
    for (size_t i = n_bytes; speaker != NULL && i-- > 1;) {
        if (strncmp(speaker + i, " - ", 3) == 0) {
            speaker[i] = '\0';
            break;
        }
    }
    return speaker;
}

static void choose(silbe_times_reader *reader, silbe_times_tier *tier, bool has_several)
{
    char *speaker = has_several ? speaker_of(tier->name, reader->err) : NULL;
    tier->is_chosen = true;
    tier->voice = silbe_times_voice(reader, speaker != NULL ? speaker : "", 0);
    free(speaker);
}

static void fail_choice(silbe_times_reader *reader, const silbe_times_tier *tiers, size_t n_tiers)
{
    char names[400] = "";
    for (size_t i = 0; i < n_tiers; i++) {
        size_t used = strlen(names);
        if (tiers[i].n_labels > 0 && used < sizeof names - 80) {
            (void)snprintf(names + used, sizeof names - used, "%s\"%.60s\"", used > 0 ? ", " : "",
                           tiers[i].name);
        }
    }
    silbe_times_fail(reader, 0,
                     "has several tiers, %s, and none is called \"words\"; rename that of the "
                     "words",
                     names);
}

void silbe_times_choose_tiers(silbe_times_reader *reader, silbe_times_tier *tiers, size_t n_tiers)
{
    size_t n_of_words = 0, n_filled = 0;
    for (size_t i = 0; i < n_tiers; i++) {
        tiers[i].is_chosen = is_of_words(tiers[i].name) && tiers[i].n_labels > 0;
        n_of_words += tiers[i].is_chosen;
        n_filled += tiers[i].n_labels > 0;
    }
    reader->has_words = n_of_words > 0;
    if (n_of_words == 0 && n_filled > 1) {
        fail_choice(reader, tiers, n_tiers);
    }
    for (size_t i = 0; i < n_tiers && !silbe_failed(reader->err); i++) {
        if (n_of_words > 0 ? tiers[i].is_chosen : tiers[i].n_labels > 0) {
            choose(reader, &tiers[i], n_of_words > 1);
        }
    }
}
