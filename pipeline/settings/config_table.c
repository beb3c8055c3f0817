#include <string.h>

#include "align/score/score_defaults.h"
#include "pipeline/settings/config.h"
#include "pipeline/settings/config_internal.h"

#define SECTION(name, doc)
/* def may be a macro: it is expanded on the way to NUMBER, which wants its text. */
#define INT(section, key, def, min, max, unit, doc)                                                \
    NUMBER(SILBE_OPTION_INT, section, key, def, min, max, unit, doc)
#define FLOAT(section, key, def, min, max, unit, doc)                                              \
    NUMBER(SILBE_OPTION_FLOAT, section, key, def, min, max, unit, doc)
#define NUMBER(type, section, key, def, min, max, unit, doc)                                       \
    {#section "." #key,                                                                            \
     type,                                                                                         \
     offsetof(silbe_config, section.key),                                                          \
     #def,                                                                                         \
     (double)(min),                                                                                \
     (double)(max),                                                                                \
     unit,                                                                                         \
     "",                                                                                           \
     doc},
#define WITHOUT_RANGE(section, key, type, def, choices, doc)                                       \
    {#section "." #key, type, offsetof(silbe_config, section.key), def, 0, 0, "", choices, doc},
#define BOOL(section, key, def, doc) WITHOUT_RANGE(section, key, SILBE_OPTION_BOOL, def, "", doc)
#define STRING(section, key, def, doc)                                                             \
    WITHOUT_RANGE(section, key, SILBE_OPTION_STRING, def, "", doc)
#define PATH(section, key, def, doc) WITHOUT_RANGE(section, key, SILBE_OPTION_PATH, def, "", doc)
#define ENUM(section, key, def, choices, doc)                                                      \
    WITHOUT_RANGE(section, key, SILBE_OPTION_ENUM, def, choices, doc)
#define FLAGS(section, key, def, choices, doc)                                                     \
    WITHOUT_RANGE(section, key, SILBE_OPTION_FLAGS, def, choices, doc)
#define END(name)

static const silbe_option OPTIONS[] = {
#include "pipeline/settings/config_table.def"
};

#undef SECTION
#undef INT
#undef FLOAT
#undef NUMBER
#undef BOOL
#undef STRING
#undef PATH
#undef ENUM
#undef FLAGS
#undef END
#define SECTION(name, doc) {#name, doc},
#define INT(section, key, def, min, max, unit, doc)
#define FLOAT(section, key, def, min, max, unit, doc)
#define BOOL(section, key, def, doc)
#define STRING(section, key, def, doc)
#define PATH(section, key, def, doc)
#define ENUM(section, key, def, choices, doc)
#define FLAGS(section, key, def, choices, doc)
#define END(name)

static const silbe_config_section SECTIONS[] = {
#include "pipeline/settings/config_table.def"
};

enum {
    N_OPTIONS = sizeof OPTIONS / sizeof OPTIONS[0],
    N_SECTIONS = sizeof SECTIONS / sizeof SECTIONS[0],
    MAX_KEY_LENGTH = 63, /* longer words are near to nothing */
};

const silbe_option *silbe_config_options(size_t *n_options)
{
    *n_options = N_OPTIONS;
    return OPTIONS;
}

const silbe_config_section *silbe_config_sections(size_t *n_sections)
{
    *n_sections = N_SECTIONS;
    return SECTIONS;
}

const silbe_option *silbe_config_find(const char *key)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (strcmp(OPTIONS[i].key, key) == 0) {
            return &OPTIONS[i];
        }
    }
    return NULL;
}

/* Levenshtein's distance, one row at a time. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[MAX_KEY_LENGTH + 1];
    size_t n = strlen(b);
    if (strlen(a) > MAX_KEY_LENGTH || n > MAX_KEY_LENGTH) {
        return MAX_KEY_LENGTH;
    }
    for (size_t j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
        }
    }
    return row[n];
}

/* At most a third of the word may differ; the first of equally near names wins. */
static bool is_nearer(const char *name, const char *candidate, size_t *best)
{
    size_t distance = edit_distance(name, candidate);
    if (distance < *best && 3 * distance <= strlen(candidate)) {
        *best = distance;
        return true;
    }
    return false;
}

const char *silbe_config_nearest(const char *key)
{
    const char *nearest = NULL;
    const char *dot = strchr(key, '.');
    size_t best = MAX_KEY_LENGTH;
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (is_nearer(key, OPTIONS[i].key, &best)) {
            nearest = OPTIONS[i].key;
        }
    }
    /* The right key in the wrong section. */
    for (size_t i = 0; i < N_OPTIONS && nearest == NULL; i++) {
        const char *last = strchr(OPTIONS[i].key, '.') + 1;
        if (strcmp(dot != NULL ? dot + 1 : key, last) == 0) {
            nearest = OPTIONS[i].key;
        }
    }
    return nearest;
}

const char *silbe_config_nearest_section(const char *name)
{
    const char *nearest = NULL;
    size_t best = MAX_KEY_LENGTH;
    for (size_t i = 0; i < N_SECTIONS; i++) {
        if (is_nearer(name, SECTIONS[i].name, &best)) {
            nearest = SECTIONS[i].name;
        }
    }
    return nearest;
}
