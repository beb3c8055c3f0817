/* Completion for fish: a line for each command, and for each option of it. */
#include <string.h>

#include "pipeline/commands/completion.h"
#include "pipeline/settings/cli_help.h"

static const char QUOTE[] = "\\'";

static const char DATASETS[] =
    "function __silbe_datasets\n"
    "    set -l program (command -s silbe; or echo silbe)\n"
    "    set -l prefix (string replace -r '/bin/silbe$' '' $program)\n"
    "    for path in configs/*.yaml $prefix/share/silbe/configs/*.yaml\n"
    "        set -l name (string replace -r '.*/(.*)\\.yaml$' '$1' $path)\n"
    "        test $name = default; or printf '%s\\tdataset\\n' $name\n"
    "    end | sort -u\n"
    "    __fish_complete_directories (commandline -ct) folder\n"
    "end\n\n"
    "# Those with one of the endings, a|b|c.\n"
    "function __silbe_files\n"
    "    for path in (commandline -ct)*\n"
    "        if string match -qri '\\.('$argv[1]')$' -- $path\n"
    "            printf '%s\\n' $path\n"
    "        end\n"
    "    end\n"
    "end\n\n";

static void print_value(FILE *stream, const silbe_cli_extra *option)
{
    char choices[SILBE_COMPLETION_CHOICES_SIZE] = "";
    silbe_value_kind kind = silbe_completion_kind(option);
    if (kind == SILBE_VALUE_CHOICE || kind == SILBE_VALUE_LIST) {
        silbe_completion_choices(silbe_config_find(option->key), choices);
    }
    switch (kind) {
    case SILBE_VALUE_NONE:
        break;
    case SILBE_VALUE_FREE:
        (void)fputs(" -x", stream);
        break;
    case SILBE_VALUE_FILE:
        (void)fputs(" -r -F", stream);
        break;
    case SILBE_VALUE_FOLDER:
        (void)fputs(" -x -a '(__fish_complete_directories (commandline -ct))'", stream);
        break;
    case SILBE_VALUE_DATASET:
        (void)fputs(" -x -a '(__silbe_datasets)'", stream);
        break;
    case SILBE_VALUE_SETTING:
        (void)fputs(" -x -a '(__silbe_settings)'", stream);
        break;
    case SILBE_VALUE_CHOICE:
        (void)fprintf(stream, " -x -a '%s'", choices);
        break;
    case SILBE_VALUE_LIST:
        (void)fprintf(stream, " -x -a '(__fish_append , %s)'", choices);
        break;
    }
}

/* `target` says for which command: "-c silbe -n '...'". */
static void print_options(FILE *stream, const char *target, const silbe_cli_spec *spec)
{
    for (size_t k = 0; k < silbe_cli_n_options(spec); k++) {
        silbe_cli_extra option = silbe_cli_get_option(spec, k);
        (void)fprintf(stream, "complete %s -l %s", target, option.name + 2);
        if (option.short_name != NULL) {
            (void)fprintf(stream, " -s %s", option.short_name + 1);
        }
        (void)fputs(" -d '", stream);
        silbe_completion_quote(stream, option.doc, "\\", QUOTE);
        (void)fputc('\'', stream);
        print_value(stream, &option);
        (void)fputc('\n', stream);
    }
    if (spec->operands == SILBE_CLI_DATASET) {
        (void)fprintf(stream, "complete %s -a '(__silbe_datasets)'\n", target);
    } else if (spec->operands == SILBE_CLI_FILES_OR_DATASET) {
        (void)fprintf(stream, "complete %s -a '(__silbe_datasets; __silbe_files \"", target);
        silbe_completion_endings(stream, spec, "|");
        (void)fputs("\")'\n", stream);
    }
}

static void print_settings(FILE *stream)
{
    size_t n = 0;
    const silbe_option *options = silbe_config_options(&n);
    (void)fputs("function __silbe_settings\n    printf '%s\\n' \\\n", stream);
    for (size_t i = 0; i < n; i++) {
        char choices[SILBE_COMPLETION_CHOICES_SIZE];
        silbe_completion_choices(&options[i], choices);
        (void)fprintf(stream, "        %s=", options[i].key);
        for (const char *c = choices; *c != '\0';) {
            size_t length = strcspn(c, " ");
            (void)fprintf(stream, " %s=%.*s", options[i].key, (int)length, c);
            c += length + (c[length] == ' ');
        }
        (void)fputs(i + 1 < n ? " \\\n" : "\nend\n\n", stream);
    }
}

void silbe_completion_fish(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    char target[128];
    (void)fputs("# Completion of silbe for fish; written by silbe help --completion fish.\n\n",
                stream);
    (void)fputs(DATASETS, stream);
    print_settings(stream);
    (void)fputs("complete -c silbe -f\n", stream);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].name != NULL) {
            (void)fprintf(stream, "complete -c silbe -n __fish_use_subcommand -a %s -d '",
                          commands[i].name);
            silbe_completion_quote(stream, commands[i].spec->summary, "\\", QUOTE);
            (void)fputs("'\n", stream);
            (void)snprintf(target, sizeof target,
                           "-c silbe -n '__fish_seen_subcommand_from %s; and not "
                           "__fish_seen_subcommand_from help'",
                           commands[i].name);
            print_options(stream, target, commands[i].spec);
        }
        if (commands[i].program != NULL) {
            (void)fprintf(stream, "complete -c %s -f\n", commands[i].program);
            (void)snprintf(target, sizeof target, "-c %s", commands[i].program);
            print_options(stream, target, commands[i].spec);
        }
    }
    (void)fputs("complete -c silbe -n __fish_use_subcommand -a help -d 'all about a command'\n"
                "complete -c silbe -n '__fish_seen_subcommand_from help' -a 'settings --man "
                "--completion --write",
                stream);
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(stream, " %s", commands[i].name != NULL ? commands[i].name : "");
    }
    (void)fputs("'\n", stream);
}
