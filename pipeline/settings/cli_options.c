#include <string.h>

#include "pipeline/host/nearest.h"
#include "pipeline/settings/cli_internal.h"
#include "pipeline/settings/config_internal.h"

static const silbe_cli_option OPTIONS[] = {
    {"--dataset", "NAME|FOLDER", NULL,
     "a dataset that configs/NAME.yaml describes, or a folder of recordings", SILBE_CLI_OF_DATASET,
     0},
    {"--config", "FILE", NULL, "settings in YAML", SILBE_CLI_CONFIG, 0},
    {"--set", "KEY=VALUE", NULL, "one setting, see below; may be repeated", SILBE_CLI_SET, 0},
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

enum { N_OPTIONS = sizeof OPTIONS / sizeof OPTIONS[0], HELP_COLUMNS = 100 };

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

static void print_option(FILE *stream, const char *name, const char *value_name, const char *doc)
{
    char left[64];
    (void)snprintf(left, sizeof left, "%s %s", name, value_name != NULL ? value_name : "");
    (void)fprintf(stream, "  %-24s %s\n", left, doc);
}

static void print_extra(FILE *stream, const silbe_cli_extra *extra)
{
    char names[40];
    (void)snprintf(names, sizeof names, "%s%s%s",
                   extra->short_name != NULL ? extra->short_name : "",
                   extra->short_name != NULL ? ", " : "", extra->name);
    print_option(stream, names, extra->value_name, extra->doc);
}

/* In lines of at most HELP_COLUMNS bytes, broken at spaces. */
static void print_wrapped(FILE *stream, const char *indent, const char *text)
{
    size_t width = HELP_COLUMNS - strlen(indent);
    while (*text != '\0') {
        size_t length = strlen(text);
        if (length > width) {
            for (length = width; length > 0 && text[length] != ' ';) {
                length--;
            }
            length = length > 0 ? length : strcspn(text, " ");
        }
        (void)fprintf(stream, "%s%.*s\n", indent, (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static void print_settings(FILE *stream)
{
    size_t n_options = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    silbe_config defaults;
    char value[SILBE_CONFIG_YAML_SIZE];
    silbe_config_defaults(&defaults);
    for (size_t i = 0; i < n_options; i++) {
        char allowed[640];
        silbe_config_describe(&options[i], allowed, sizeof allowed);
        silbe_config_format_value(&defaults, &options[i], value);
        (void)fprintf(stream, "  %s: %s\n", options[i].key, value);
        print_wrapped(stream, "      ", options[i].doc);
        print_wrapped(stream, "      ", allowed);
    }
}

/* A line for each way to call the program. */
static void print_usage(FILE *stream, const silbe_cli_spec *spec)
{
    const char *lead = "Usage:", *line = spec->usage;
    if (line == NULL) {
        line = "--dataset NAME|FOLDER [OPTION...]";
    }
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        (void)fprintf(stream, "%-6s %s %.*s\n", lead, spec->program, (int)length, line);
        line += length + (line[length] == '\n');
        lead = "";
    }
}

void silbe_cli_print_help(const silbe_cli_spec *spec, FILE *stream)
{
    (void)fprintf(stream, "%s %s: %s\n\n", spec->program, silbe_version(), spec->summary);
    print_usage(stream, spec);
    if (spec->details != NULL) {
        (void)fprintf(stream, "\n%s\n", spec->details);
    }
    (void)fputs("\nOptions:\n", stream);
    for (size_t i = 0; i < spec->n_extras; i++) {
        print_extra(stream, &spec->extras[i]);
    }
    for (size_t i = 0; i < N_OPTIONS; i++) {
        print_option(stream, OPTIONS[i].name, OPTIONS[i].value_name, OPTIONS[i].doc);
    }
    (void)fputs("\nExit codes: 0 done; 1 an item failed, the others are done; 2 wrong option or "
                "setting;\n3 another run is at work in the same folder; 4 the work could not be "
                "begun or ended;\n130 interrupted.\n"
                "\nSettings with their defaults (configs/default.yaml):\n",
                stream);
    print_settings(stream);
}
