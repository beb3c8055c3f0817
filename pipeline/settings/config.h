/*
 * Settings of all programs: one table (config_table.def), one typed struct.
 *
 * Layers, later ones win: built-in defaults, a YAML file (--config), the environment variable that
 * dataset.root_env names, --set key=value. A key is "section.name", for example "features.hop_ms".
 * Every setting that is unknown, given twice, of the wrong type or out of range is an error that
 * names file, line and column, the offending text, and what is allowed.
 */
#ifndef SILBE_CONFIG_H
#define SILBE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "features/base/status.h"
#include "pipeline/host/digest.h"

#define SILBE_CONFIG_STRING_SIZE 1024 /* bytes, with the final zero */
#define SILBE_CONFIG_PATH_SIZE 4096   /* bytes, with the final zero */

/* config.features.hop_ms and so on. Holds no pointers: copied by assignment, nothing to free. */
typedef struct {
#define SECTION(name, doc) struct {
#define INT(section, key, def, min, max, unit, doc) int key;
#define FLOAT(section, key, def, min, max, unit, doc) double key;
#define BOOL(section, key, def, doc) bool key;
#define STRING(section, key, def, doc) char key[SILBE_CONFIG_STRING_SIZE];
#define PATH(section, key, def, doc) char key[SILBE_CONFIG_PATH_SIZE];
#define PATHS(section, key, def, doc) char key[SILBE_CONFIG_PATH_SIZE];
#define ENUM(section, key, def, choices, doc) int key;
#define FLAGS(section, key, def, choices, doc) unsigned key;
#define END(name)                                                                                  \
    }                                                                                              \
    name;
#include "pipeline/settings/config_table.def"
#undef SECTION
#undef INT
#undef FLOAT
#undef BOOL
#undef STRING
#undef PATH
#undef PATHS
#undef ENUM
#undef FLAGS
#undef END
} silbe_config;

/* Names for the values of ENUM settings, in the order of their choices. */
enum { SILBE_DATASET_KIND_SWD, SILBE_DATASET_KIND_FOLDER }; /* dataset.kind */
enum {
    SILBE_MODE_SCORE,
    SILBE_MODE_LYRICS,
    SILBE_MODE_JOINT,
    SILBE_MODE_ALL,
    SILBE_MODE_AUTO
}; /* align.mode */

enum { SILBE_START_FIRST_PHONE, SILBE_START_NUCLEUS }; /* lyrics.start; .wildcard as below */

enum { SILBE_KIND_AUTO, SILBE_KIND_LOGP, SILBE_KIND_LOGITS, SILBE_KIND_PROB }; /* posteriors.kind */
enum { SILBE_BOUNDARY_REQUIRED, SILBE_BOUNDARY_OPTIONAL, SILBE_BOUNDARY_NEVER }; /* .boundaries */
enum { SILBE_UNKNOWN_ERROR, SILBE_UNKNOWN_WILDCARD, SILBE_UNKNOWN_DROP };        /* .unknown */
enum { SILBE_SUBSTITUTE_NEVER, SILBE_SUBSTITUTE_ACCENTS, SILBE_SUBSTITUTE_GERMAN };
enum { SILBE_TOPOLOGY_CTC, SILBE_TOPOLOGY_HMM };                          /* posteriors.topology */
enum { SILBE_WILDCARD_NEVER, SILBE_WILDCARD_ENDS, SILBE_WILDCARD_LINES }; /* .wildcard */

enum { SILBE_TRAIN_FRAMES, SILBE_TRAIN_CTC, SILBE_TRAIN_SOFTDTW }; /* train.loss */

enum { SILBE_REPORT_AUDIO_LINK, SILBE_REPORT_AUDIO_COPY }; /* report.audio */

/* Bits of output.formats; the names are those of the table in output/output.h. */
enum {
    SILBE_OUTPUT_CSV = 1 << 0,
    SILBE_OUTPUT_JSON = 1 << 1,
    SILBE_OUTPUT_TEXTGRID = 1 << 2,
    SILBE_OUTPUT_LRC = 1 << 3,
    SILBE_OUTPUT_WEBVTT = 1 << 4,
    SILBE_OUTPUT_SRT = 1 << 5,
    SILBE_OUTPUT_AUDACITY = 1 << 6,
    SILBE_OUTPUT_ELAN = 1 << 7,
};

typedef enum {
    SILBE_OPTION_INT = 0,
    SILBE_OPTION_FLOAT,
    SILBE_OPTION_BOOL,
    SILBE_OPTION_STRING,
    SILBE_OPTION_PATH,
    SILBE_OPTION_PATHS,
    SILBE_OPTION_ENUM,
    SILBE_OPTION_FLAGS,
} silbe_option_type;

/* One row of the table. All strings are static. */
typedef struct {
    const char *key;          /* "features.hop_ms" */
    silbe_option_type type;   /* */
    size_t offset;            /* of the field in silbe_config */
    const char *default_yaml; /* as in configs/default.yaml, without quotes round a text */
    double min;               /* INT and FLOAT, inclusive */
    double max;               /* INT and FLOAT, inclusive */
    const char *unit;         /* "" when it has none */
    const char *choices;      /* ENUM and FLAGS: "a|b|c", else "" */
    const char *doc;          /* a sentence */
} silbe_option;

/* The table in its order; *n_options rows. */
const silbe_option *silbe_config_options(size_t *n_options);

/* The row of a key, or NULL. */
const silbe_option *silbe_config_find(const char *key);

/* The known key that is nearest to a misspelt one (edit distance), or NULL when none is near. */
const char *silbe_config_nearest(const char *key);

/* Sets every key to its default. */
void silbe_config_defaults(silbe_config *config);

/* Reads a YAML file of at most 1 MiB over *config: section, then key: value. Aliases, tags and
 * further documents are refused. Not atomic: on failure *config is partly changed. */
SILBE_MUST_CHECK silbe_status silbe_config_read(silbe_config *config, const char *path,
                                                silbe_err *err);

/* Applies "key=value", the text of --set; lists as a,b,c. */
SILBE_MUST_CHECK silbe_status silbe_config_set(silbe_config *config, const char *assignment,
                                               silbe_err *err);

/* Sets one key from a text; used by --set, YAML and the short options (--threads ...). The message
 * says what is wrong with the value and what is allowed, without the place where it stood. */
SILBE_MUST_CHECK silbe_status silbe_config_set_value(silbe_config *config,
                                                     const silbe_option *option, const char *text,
                                                     silbe_err *err);

/* Replaces dataset.root by the environment variable that dataset.root_env names, when both are set
 * and not empty. */
SILBE_MUST_CHECK silbe_status silbe_config_apply_environment(silbe_config *config, silbe_err *err);

/* The rules between settings, one sentence each in the message. Called once, after all layers. */
SILBE_MUST_CHECK silbe_status silbe_config_check(const silbe_config *config, silbe_err *err);

/* Whether a dataset is named, for programs that need one, and its results can be evaluated. */
SILBE_MUST_CHECK silbe_status silbe_config_check_dataset(const silbe_config *config,
                                                         silbe_err *err);

/* Writes *config as documented YAML that silbe_config_read reads back to the same values; of the
 * defaults this is configs/default.yaml. */
SILBE_MUST_CHECK silbe_status silbe_config_print(const silbe_config *config, FILE *stream,
                                                 silbe_err *err);

/*
 * SHA-256 over the lines "key: value\n", in the order of the table, of the keys that match one of
 * the n_prefixes prefixes: a whole key, or a section with its dot ("features."). This is what
 * decides whether a stage's results are still valid.
 */
SILBE_MUST_CHECK silbe_status silbe_config_digest(const silbe_config *config,
                                                  const char *const *prefixes, size_t n_prefixes,
                                                  char hex[SILBE_DIGEST_HEX_SIZE], silbe_err *err);

#endif
