#include "pipeline/commands/man.h"

#include <string.h>

#include "pipeline/commands/command.h"
#include "pipeline/commands/help.h"
#include "pipeline/commands/roff.h"
#include "pipeline/settings/cli_help.h"

/* Pages: silbe, the commands, settings. */
size_t silbe_man_n_pages(void)
{
    size_t n_commands = 0;
    (void)silbe_commands(&n_commands);
    return n_commands + 2;
}

int silbe_man_name(size_t i, char name[SILBE_MAN_NAME_SIZE])
{
    size_t n_commands = 0;
    const silbe_command *commands = silbe_commands(&n_commands);
    if (i == 0) {
        (void)snprintf(name, SILBE_MAN_NAME_SIZE, "silbe");
    } else if (i > n_commands) {
        (void)snprintf(name, SILBE_MAN_NAME_SIZE, "silbe-settings");
    } else if (commands[i - 1].name != NULL) {
        (void)snprintf(name, SILBE_MAN_NAME_SIZE, "silbe-%s", commands[i - 1].name);
    } else {
        (void)snprintf(name, SILBE_MAN_NAME_SIZE, "%s-stage", commands[i - 1].program);
    }
    return i > n_commands ? 5 : 1;
}

bool silbe_man_find(const char *name, size_t *i)
{
    char page[SILBE_MAN_NAME_SIZE];
    for (*i = 0; *i < silbe_man_n_pages(); (*i)++) {
        (void)silbe_man_name(*i, page);
        const char *dash = strchr(page, '-');
        if (strcmp(page, name) == 0 || (dash != NULL && strcmp(dash + 1, name) == 0)) {
            return true;
        }
    }
    return false;
}

static void print_head(FILE *stream, size_t i, const char *summary)
{
    char name[SILBE_MAN_NAME_SIZE];
    int section = silbe_man_name(i, name);
    silbe_roff_title(stream, name, section);
    silbe_roff_heading(stream, "NAME");
    silbe_roff_text(stream, name);
    (void)fputs(" \\- ", stream);
    silbe_roff_text(stream, summary);
    (void)fputc('\n', stream);
}

/* A line for each way to call the program. */
static void print_synopsis(FILE *stream, const char *program, const char *usage)
{
    silbe_roff_heading(stream, "SYNOPSIS");
    while (*usage != '\0') {
        char line[256];
        size_t length = strcspn(usage, "\n");
        (void)snprintf(line, sizeof line, "%.*s", (int)length, usage);
        (void)fputs("\\fB", stream);
        silbe_roff_text(stream, program);
        (void)fputs("\\fR ", stream);
        silbe_roff_text(stream, line);
        usage += length + (usage[length] == '\n');
        (void)fputs(*usage != '\0' ? "\n.br\n" : "\n", stream);
    }
}

static void print_options(FILE *stream, const silbe_cli_spec *spec)
{
    char doc[SILBE_CLI_DOC_SIZE];
    silbe_roff_heading(stream, "OPTIONS");
    for (size_t i = 0; i < silbe_cli_n_options(spec); i++) {
        silbe_cli_extra option = silbe_cli_get_option(spec, i);
        (void)fputs(".TP\n", stream);
        if (option.short_name != NULL) {
            silbe_roff_bold(stream, option.short_name);
            (void)fputs(", ", stream);
        }
        silbe_roff_bold(stream, option.name);
        if (option.value_name != NULL) {
            (void)fputc(' ', stream);
            silbe_roff_italic(stream, option.value_name);
        }
        (void)fputc('\n', stream);
        silbe_cli_describe_option(&option, doc);
        silbe_roff_paragraph(stream, doc);
    }
}

static void print_examples(FILE *stream, const char *examples)
{
    if (examples != NULL) {
        silbe_roff_heading(stream, "EXAMPLES");
        silbe_roff_lines(stream, examples);
    }
}

static void print_exits(FILE *stream)
{
    size_t n = 0;
    const silbe_cli_exit *exits = silbe_cli_exits(&n);
    silbe_roff_heading(stream, "EXIT STATUS");
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(stream, ".TP\n%d\n", exits[i].code);
        silbe_roff_paragraph(stream, exits[i].meaning);
    }
}

/* All other pages. */
static void print_see_also(FILE *stream, size_t self)
{
    size_t n = silbe_man_n_pages(), n_printed = 0;
    silbe_roff_heading(stream, "SEE ALSO");
    for (size_t i = 0; i < n; i++) {
        char name[SILBE_MAN_NAME_SIZE];
        int section = silbe_man_name(i, name);
        if (i != self) {
            (void)fputs(n_printed++ > 0 ? ",\n" : "", stream);
            silbe_roff_bold(stream, name);
            (void)fprintf(stream, "(%d)", section);
        }
    }
    (void)fputc('\n', stream);
}

static void print_command(FILE *stream, size_t i, const silbe_command *command)
{
    char program[SILBE_MAN_NAME_SIZE];
    const silbe_cli_spec *spec = command->spec;
    (void)snprintf(program, sizeof program, "%s%s", command->name != NULL ? "silbe " : "",
                   command->name != NULL ? command->name : command->program);
    print_head(stream, i, spec->summary);
    print_synopsis(stream, program, spec->usage != NULL ? spec->usage : "[OPTION...]");
    silbe_roff_heading(stream, "DESCRIPTION");
    silbe_roff_lines(stream, spec->details != NULL ? spec->details : spec->summary);
    if (spec->settings != NULL) {
        (void)fputs(".PP\nSettings that decide the results, in\n.BR silbe\\-settings (5):\n",
                    stream);
        silbe_roff_paragraph(stream, spec->settings);
    }
    print_options(stream, spec);
    print_examples(stream, spec->examples);
    print_exits(stream);
}

static void print_overview(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    print_head(stream, 0, "the time of every sung word");
    print_synopsis(stream, "silbe",
                   "COMMAND [ARGUMENT...]\nhelp [COMMAND]\nhelp settings [NAME...]");
    silbe_roff_heading(stream, "DESCRIPTION");
    silbe_roff_paragraph(stream,
                         "Finds the moment at which every word of a song is sung. It reads "
                         "recordings, lyrics and, where there are some, scores, and writes word "
                         "times with a confidence in the formats of other programs.");
    silbe_roff_heading(stream, "COMMANDS");
    for (size_t i = 0; i < n; i++) {
        if (commands[i].name != NULL) {
            (void)fputs(".TP\n", stream);
            silbe_roff_bold(stream, commands[i].name);
            (void)fputc('\n', stream);
            silbe_roff_paragraph(stream, commands[i].spec->summary);
        }
    }
    print_examples(stream, silbe_help_examples);
    print_exits(stream);
}

static void print_setting(FILE *stream, const silbe_config *defaults, const silbe_option *option)
{
    char text[SILBE_CONFIG_YAML_SIZE];
    (void)fputs(".TP\n", stream);
    silbe_roff_bold(stream, option->key);
    (void)fputs(": ", stream);
    silbe_config_format_value(defaults, option, text);
    silbe_roff_text(stream, text);
    (void)fputc('\n', stream);
    silbe_roff_paragraph(stream, option->doc);
    (void)fputs(".br\n", stream);
    silbe_config_describe(option, text, sizeof text);
    silbe_roff_paragraph(stream, text);
}

static void print_settings(FILE *stream, size_t page)
{
    size_t n_options = 0, n_sections = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    const silbe_config_section *sections = silbe_config_sections(&n_sections);
    silbe_config defaults;
    silbe_config_defaults(&defaults);
    print_head(stream, page, "settings of silbe, with their defaults");
    silbe_roff_heading(stream, "DESCRIPTION");
    silbe_roff_paragraph(
        stream, "A file that is given with --config is YAML: sections, and in them "
                "settings. It needs only those that it changes. On the command line, --set "
                "section.key=value wins over the file. A file of all settings is printed by "
                "silbe align --print-config.");
    for (size_t s = 0; s < n_sections; s++) {
        size_t length = strlen(sections[s].name);
        silbe_roff_heading(stream, sections[s].name);
        silbe_roff_paragraph(stream, sections[s].doc);
        for (size_t i = 0; i < n_options; i++) {
            if (strncmp(options[i].key, sections[s].name, length) == 0 &&
                options[i].key[length] == '.') {
                print_setting(stream, &defaults, &options[i]);
            }
        }
    }
}

void silbe_man_print(size_t i, FILE *stream)
{
    size_t n_commands = 0;
    const silbe_command *commands = silbe_commands(&n_commands);
    if (i == 0) {
        print_overview(stream);
    } else if (i <= n_commands) {
        print_command(stream, i, &commands[i - 1]);
    } else {
        print_settings(stream, i);
    }
    print_see_also(stream, i);
}
