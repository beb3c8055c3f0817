#include <string.h>

#include "align/score/score_defaults.h"
#include "pipeline/host/nearest.h"
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
#define PATHS(section, key, def, doc) WITHOUT_RANGE(section, key, SILBE_OPTION_PATHS, def, "", doc)
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
#undef PATHS
#undef ENUM
#undef FLAGS
#undef END
#define SECTION(name, doc) {#name, doc},
#define INT(section, key, def, min, max, unit, doc)
#define FLOAT(section, key, def, min, max, unit, doc)
#define BOOL(section, key, def, doc)
#define STRING(section, key, def, doc)
#define PATH(section, key, def, doc)
#define PATHS(section, key, def, doc)
#define ENUM(section, key, def, choices, doc)
#define FLAGS(section, key, def, choices, doc)
#define END(name)

static const silbe_config_section SECTIONS[] = {
#include "pipeline/settings/config_table.def"
};

enum {
    N_OPTIONS = sizeof OPTIONS / sizeof OPTIONS[0],
    N_SECTIONS = sizeof SECTIONS / sizeof SECTIONS[0],
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

const char *silbe_config_nearest(const char *key)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    const char *dot = strchr(key, '.');
    for (size_t i = 0; i < N_OPTIONS; i++) {
        silbe_nearest_offer(&nearest, key, strlen(key), OPTIONS[i].key);
    }
    /* The right key in the wrong section. */
    for (size_t i = 0; i < N_OPTIONS && nearest.word == NULL; i++) {
        const char *last = strchr(OPTIONS[i].key, '.') + 1;
        if (strcmp(dot != NULL ? dot + 1 : key, last) == 0) {
            nearest.word = OPTIONS[i].key;
        }
    }
    return nearest.word;
}

const char *silbe_config_nearest_section(const char *name)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    for (size_t i = 0; i < N_SECTIONS; i++) {
        silbe_nearest_offer(&nearest, name, strlen(name), SECTIONS[i].name);
    }
    return nearest.word;
}
