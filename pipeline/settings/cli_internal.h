/*
 * Parts of the command line code that cli*.c share; no other file includes this.
 */
#ifndef SILBE_CLI_INTERNAL_H
#define SILBE_CLI_INTERNAL_H

#include <stdbool.h>

#include "pipeline/settings/cli.h"

typedef enum {
    SILBE_CLI_CONFIG,
    SILBE_CLI_OF_DATASET,
    SILBE_CLI_SET,
    SILBE_CLI_KEY, /* short for --set of one key */
    SILBE_CLI_QUIET,
    SILBE_CLI_VERBOSE,
    SILBE_CLI_PRINT_CONFIG,
    SILBE_CLI_HELP,
    SILBE_CLI_VERSION,
    SILBE_CLI_EXTRA,
} silbe_cli_option_id;

typedef struct {
    const char *name;       /* "--threads" */
    const char *value_name; /* "N", NULL for a switch */
    const char *key;        /* SILBE_CLI_KEY: the setting, else NULL */
    const char *doc;
    silbe_cli_option_id id;
    size_t extra; /* SILBE_CLI_EXTRA: index into spec->extras */
} silbe_cli_option;

/* Finds an option by the first length bytes of name; false when there is none. "-h" is --help. */
bool silbe_cli_find_option(const silbe_cli_spec *spec, const char *name, size_t length,
                           silbe_cli_option *option);

/* The option that was probably meant; NULL if none is near. */
const char *silbe_cli_nearest_option(const silbe_cli_spec *spec, const char *name, size_t length);

/* What --dataset says; has_config: a file was given with --config. */
SILBE_MUST_CHECK silbe_status silbe_cli_apply_dataset(silbe_config *config, const char *dataset,
                                                      bool has_config, silbe_err *err);

/* The name of a dataset below configs/ that was probably meant, to be freed; NULL: none is near, or
 * a failure. A step (features/base/status.h). */
char *silbe_cli_nearest_dataset(const char *dataset, silbe_err *err);

#endif
