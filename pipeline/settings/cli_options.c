#include <string.h>

#include "pipeline/host/nearest.h"
#include "pipeline/settings/cli_help.h"
#include "pipeline/settings/cli_internal.h"

static const silbe_cli_option OPTIONS[] = {
    {"--dataset", "NAME|FOLDER", NULL,
     "a dataset that configs/NAME.yaml describes, or a folder of recordings", SILBE_CLI_OF_DATASET,
     0},
    {"--config", "FILE", NULL, "settings in YAML", SILBE_CLI_CONFIG, 0},
    {"--set", "KEY=VALUE", NULL, "one setting; may be repeated", SILBE_CLI_SET, 0},
    {"--work", "FOLDER", "work.folder", "where results go (work.folder)", SILBE_CLI_KEY, 0},
    {"--items", "PATTERN", "run.items", "only items like '*_SC06' (run.items)", SILBE_CLI_KEY, 0},
    {"--threads", "N", "run.threads", "items at the same time, 0: all processors (run.threads)",
     SILBE_CLI_KEY, 0},
    {"--force", NULL, "run.force", "also items that are up to date (run.force)", SILBE_CLI_KEY, 0},
    {"--quiet", NULL, NULL, "only errors", SILBE_CLI_QUIET, 0},
    {"--verbose", NULL, NULL, "notes on each item", SILBE_CLI_VERBOSE, 0},
    {"--print-config", NULL, NULL, "print all settings as YAML and end", SILBE_CLI_PRINT_CONFIG, 0},
    {"--version", NULL, NULL, "print the version and end", SILBE_CLI_VERSION, 0},
    {"--help", NULL, NULL, "print this and end", SILBE_CLI_HELP, 0},
};

enum { N_OPTIONS = sizeof OPTIONS / sizeof OPTIONS[0] };

static bool has_name(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && strncmp(name, text, length) == 0;
}

bool silbe_cli_find_option(const silbe_cli_spec *spec, const char *name, size_t length,
                           silbe_cli_option *option)
{
    if (has_name("-h", name, length)) {
        name = "--help";
        length = strlen(name);
    }
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (has_name(OPTIONS[i].name, name, length)) {
            *option = OPTIONS[i];
            return true;
        }
    }
    for (size_t i = 0; i < spec->n_extras; i++) {
        const silbe_cli_extra *extra = &spec->extras[i];
        if (has_name(extra->name, name, length) ||
            (extra->short_name != NULL && has_name(extra->short_name, name, length))) {
            *option = (silbe_cli_option){extra->name, extra->value_name, extra->key,
                                         extra->doc,  SILBE_CLI_EXTRA,   i};
            return true;
        }
    }
    return false;
}

const char *silbe_cli_nearest_option(const silbe_cli_spec *spec, const char *name, size_t length)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    for (size_t i = 0; i < N_OPTIONS; i++) {
        silbe_nearest_offer(&nearest, name, length, OPTIONS[i].name);
    }
    for (size_t i = 0; i < spec->n_extras; i++) {
        silbe_nearest_offer(&nearest, name, length, spec->extras[i].name);
    }
    return nearest.word;
}

size_t silbe_cli_n_options(const silbe_cli_spec *spec)
{
    return spec->n_extras + N_OPTIONS;
}

silbe_cli_extra silbe_cli_get_option(const silbe_cli_spec *spec, size_t i)
{
    if (i < spec->n_extras) {
        return spec->extras[i];
    }
    const silbe_cli_option *option = &OPTIONS[i - spec->n_extras];
    return (silbe_cli_extra){option->name, option->id == SILBE_CLI_HELP ? "-h" : NULL,
                             option->value_name, option->doc, option->key};
}
