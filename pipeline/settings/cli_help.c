#include "pipeline/settings/cli_help.h"

#include <string.h>

#include "pipeline/settings/config_internal.h"

/* Of a line, and where the explanation of an option begins. */
enum { COLUMNS = 100, DOC_COLUMN = 27 };

static const silbe_cli_exit EXITS[] = {
    {SILBE_EXIT_OK, "done"},
    {SILBE_EXIT_FAILED, "an item failed, the others are done"},
    {SILBE_EXIT_MISUSE, "wrong option or setting, nothing was done"},
    {SILBE_EXIT_BUSY, "another run is at work in the same folder"},
    {SILBE_EXIT_UNABLE, "the work could not be begun or ended"},
    {SILBE_EXIT_INTERRUPTED, "interrupted"},
};

const silbe_cli_exit *silbe_cli_exits(size_t *n_exits)
{
    *n_exits = sizeof EXITS / sizeof EXITS[0];
    return EXITS;
}

/* In lines of at most COLUMNS bytes, broken at spaces; the first begins at the cursor's column,
 * the others at `indent`. */
static void print_wrapped(FILE *stream, size_t column, size_t indent, const char *text)
{
    while (*text != '\0') {
        size_t width = COLUMNS - column, length = strlen(text);
        if (length > width) {
            for (length = width; length > 0 && text[length] != ' ';) {
                length--;
            }
            length = length > 0 ? length : strcspn(text, " ");
        }
        (void)fprintf(stream, "%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
        column = indent;
        if (*text != '\0') {
            (void)fprintf(stream, "%*s", (int)indent, "");
        }
    }
}

/* The default of the setting that an option stands for; a switch is off. */
static void format_default(const silbe_cli_extra *option, char text[SILBE_CONFIG_YAML_SIZE])
{
    silbe_config defaults;
    const silbe_option *setting = option->key != NULL ? silbe_config_find(option->key) : NULL;
    text[0] = '\0';
    if (setting != NULL && option->value_name != NULL) {
        silbe_config_defaults(&defaults);
        silbe_config_format_value(&defaults, setting, text);
    }
}

void silbe_cli_describe_option(const silbe_cli_extra *option, char text[SILBE_CLI_DOC_SIZE])
{
    char value[SILBE_CONFIG_YAML_SIZE];
    format_default(option, value);
    bool has_default = value[0] != '\0' && strcmp(value, "\"\"") != 0;
    (void)snprintf(text, SILBE_CLI_DOC_SIZE, "%s%s%s", option->doc, has_default ? "; default " : "",
                   has_default ? value : "");
}

static void print_option(FILE *stream, const silbe_cli_extra *option)
{
    char left[64], doc[SILBE_CLI_DOC_SIZE];
    int length = snprintf(
        left, sizeof left, "  %s%s%s%s%s", option->short_name != NULL ? option->short_name : "",
        option->short_name != NULL ? ", " : "", option->name, option->value_name != NULL ? " " : "",
        option->value_name != NULL ? option->value_name : "");
    size_t column = length > 0 ? (size_t)length : 0;
    silbe_cli_describe_option(option, doc);
    (void)fprintf(stream, "%-*s ", DOC_COLUMN - 1, left);
    print_wrapped(stream, column < DOC_COLUMN ? DOC_COLUMN : column + 1, DOC_COLUMN, doc);
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

void silbe_cli_print_exits(FILE *stream)
{
    (void)fputs("Exit codes:\n", stream);
    for (size_t i = 0; i < sizeof EXITS / sizeof EXITS[0]; i++) {
        (void)fprintf(stream, "  %-4d %s\n", EXITS[i].code, EXITS[i].meaning);
    }
}

void silbe_cli_print_help(const silbe_cli_spec *spec, FILE *stream)
{
    (void)fprintf(stream, "%s %s: %s\n\n", spec->program, silbe_version(), spec->summary);
    print_usage(stream, spec);
    if (spec->details != NULL) {
        (void)fprintf(stream, "\n%s\n", spec->details);
    }
    for (size_t i = 0; i < silbe_cli_n_options(spec); i++) {
        silbe_cli_extra option = silbe_cli_get_option(spec, i);
        if (i == 0 || i == spec->n_extras) {
            (void)fputs(i == 0 ? "\nOptions:\n" : "\nOptions of every command:\n", stream);
        }
        print_option(stream, &option);
    }
    if (spec->examples != NULL) {
        (void)fprintf(stream, "\nExamples:\n%s\n", spec->examples);
    }
    (void)fputc('\n', stream);
    silbe_cli_print_exits(stream);
    if (spec->settings != NULL) {
        (void)fprintf(stream, "\nSettings that decide the results: silbe help settings %s",
                      spec->settings);
    }
    (void)fputs("\nAll settings, for --set and --config: silbe help settings\n", stream);
}

static void print_setting(FILE *stream, const silbe_config *defaults, const silbe_option *option)
{
    enum { INDENT = 6 };
    char allowed[640], value[SILBE_CONFIG_YAML_SIZE];
    silbe_config_describe(option, allowed, sizeof allowed);
    silbe_config_format_value(defaults, option, value);
    (void)fprintf(stream, "  %s: %s\n%*s", option->key, value, INDENT, "");
    print_wrapped(stream, INDENT, INDENT, option->doc);
    (void)fprintf(stream, "%*s", INDENT, "");
    print_wrapped(stream, INDENT, INDENT, allowed);
}

static bool is_asked(const silbe_option *option, const char *section, const char *name)
{
    return name == NULL || strcmp(section, name) == 0 || strcmp(option->key, name) == 0;
}

bool silbe_cli_print_settings(const char *name, FILE *stream)
{
    size_t n_options = 0, n_sections = 0, n_printed = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    const silbe_config_section *sections = silbe_config_sections(&n_sections), *open = NULL;
    silbe_config defaults;
    silbe_config_defaults(&defaults);
    for (size_t s = 0; s < n_sections; s++) {
        size_t length = strlen(sections[s].name);
        for (size_t i = 0; i < n_options; i++) {
            if (strncmp(options[i].key, sections[s].name, length) != 0 ||
                options[i].key[length] != '.' || !is_asked(&options[i], sections[s].name, name)) {
                continue;
            }
            if (open != &sections[s]) {
                open = &sections[s];
                (void)fprintf(stream, "%s%s: %s\n", n_printed > 0 ? "\n" : "", open->name,
                              open->doc);
            }
            print_setting(stream, &defaults, &options[i]);
            n_printed++;
        }
    }
    return n_printed > 0;
}

const char *silbe_cli_nearest_setting(const char *name)
{
    const char *section = silbe_config_nearest_section(name);
    return section != NULL ? section : silbe_config_nearest(name);
}
