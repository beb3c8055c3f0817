/* Completion for zsh: a function for each command, made of _arguments. */
#include "pipeline/commands/completion.h"
#include "pipeline/settings/cli_help.h"

static const char QUOTE[] = "'\\''";

static const char FUNCTIONS[] =
    "_silbe_datasets() {\n"
    "    local -a names\n"
    "    names=(configs/*.yaml(N:t:r) "
    "${commands[silbe]%/bin/silbe}/share/silbe/configs/*.yaml(N:t:r))\n"
    "    names=(${(u)names:#default})\n"
    "    _alternative 'datasets:dataset:compadd -a names' 'folders:folder:_path_files -/'\n"
    "}\n"
    "\n"
    "_silbe_files_or_dataset() {\n"
    "    _files -g $argv[-1]\n"
    "    _silbe_datasets\n"
    "}\n"
    "\n"
    "_silbe_setting() {\n"
    "    local key choices\n"
    "    if compset -P '*='; then\n"
    "        key=${${IPREFIX%=}##*=}\n"
    "        choices=$(_silbe_choices $key)\n"
    "        if _silbe_is_list $key; then\n"
    "            _values -s , value ${=choices}\n"
    "        else\n"
    "            compadd -- ${=choices}\n"
    "        fi\n"
    "    else\n"
    "        compadd -S '=' -- ${=_silbe_keys}\n"
    "    fi\n"
    "}\n";

static void print_value(FILE *stream, const silbe_cli_extra *option)
{
    char choices[SILBE_COMPLETION_CHOICES_SIZE] = "";
    silbe_value_kind kind = silbe_completion_kind(option);
    if (kind == SILBE_VALUE_NONE) {
        return;
    }
    if (kind == SILBE_VALUE_CHOICE || kind == SILBE_VALUE_LIST) {
        silbe_completion_choices(silbe_config_find(option->key), choices);
    }
    (void)fprintf(stream, ":%s:", option->value_name);
    switch (kind) {
    case SILBE_VALUE_FILE:
        (void)fputs("_files", stream);
        break;
    case SILBE_VALUE_FOLDER:
        (void)fputs("_files -/", stream);
        break;
    case SILBE_VALUE_DATASET:
        (void)fputs("_silbe_datasets", stream);
        break;
    case SILBE_VALUE_SETTING:
        (void)fputs("_silbe_setting", stream);
        break;
    case SILBE_VALUE_CHOICE:
        (void)fprintf(stream, "(%s)", choices);
        break;
    case SILBE_VALUE_LIST:
        (void)fprintf(stream, "_values -s , value %s", choices);
        break;
    default:
        break;
    }
}

/* '(-o --out)'{-o,--out=}'[where word times go]:FOLDER:_files -/' */
static void print_option(FILE *stream, const silbe_cli_extra *option)
{
    const char *equals = option->value_name != NULL ? "=" : "";
    (void)fputs("        ", stream);
    if (silbe_completion_kind(option) == SILBE_VALUE_SETTING) {
        (void)fprintf(stream, "'*%s%s", option->name, equals);
    } else if (option->short_name != NULL) {
        (void)fprintf(stream, "'(%s %s)'{%s,%s%s}'", option->short_name, option->name,
                      option->short_name, option->name, equals);
    } else {
        (void)fprintf(stream, "'%s%s", option->name, equals);
    }
    (void)fputc('[', stream);
    silbe_completion_quote(stream, option->doc, "[]\\", QUOTE);
    (void)fputc(']', stream);
    print_value(stream, option);
    (void)fputs("' \\\n", stream);
}

/* "'*:file:_files -g \"*.(#i)(txt|wav)\"'" */
static void print_files(FILE *stream, const char *before, const silbe_cli_spec *spec)
{
    (void)fprintf(stream, "%s\"*.(#i)(", before);
    silbe_completion_endings(stream, spec, "|");
    (void)fputs(")\"'", stream);
}

static void print_command(FILE *stream, const silbe_command *command)
{
    const silbe_cli_spec *spec = command->spec;
    (void)fprintf(stream, "\n_silbe_%s() {\n    _arguments -S \\\n",
                  command->name != NULL ? command->name : "stage");
    for (size_t k = 0; k < silbe_cli_n_options(spec); k++) {
        silbe_cli_extra option = silbe_cli_get_option(spec, k);
        print_option(stream, &option);
    }
    if (spec->operands == SILBE_CLI_DATASET) {
        (void)fputs("        '1:dataset:_silbe_datasets'\n", stream);
    } else if (spec->operands == SILBE_CLI_FILES_OR_DATASET) {
        print_files(stream, "        '1:file or dataset:_silbe_files_or_dataset ", spec);
        (void)fputs(" \\\n", stream);
        print_files(stream, "        '*:file:_files -g ", spec);
        (void)fputc('\n', stream);
    } else {
        (void)fputs("        '*: :'\n", stream);
    }
    (void)fputs("}\n", stream);
}

static void print_settings(FILE *stream)
{
    size_t n = 0;
    const silbe_option *options = silbe_config_options(&n);
    (void)fputs("_silbe_keys='", stream);
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(stream, "%s ", options[i].key);
    }
    (void)fputs("'\n\n", stream);
    silbe_completion_settings(stream);
}

/* `silbe` itself: which command. */
static void print_main(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("\n_silbe() {\n    local -a commands\n    commands=(\n", stream);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].name != NULL) {
            (void)fprintf(stream, "        '%s:", commands[i].name);
            silbe_completion_quote(stream, commands[i].spec->summary, ":\\", QUOTE);
            (void)fputs("'\n", stream);
        }
    }
    (void)fputs(
        "        'help:all about a command or the settings'\n    )\n"
        "    case $service in\n"
        "        silbe-align) _silbe_stage; return ;;\n"
        "        silbe-*) _silbe_${service#silbe-}; return ;;\n"
        "    esac\n"
        "    if ((CURRENT == 2)); then\n"
        "        _describe command commands\n"
        "        return\n"
        "    fi\n"
        "    shift words\n"
        "    ((CURRENT--))\n"
        "    case $words[1] in\n"
        "        help)\n"
        "            case $words[2] in\n"
        "                settings) compadd -- ${${=_silbe_keys}%%.*} ${=_silbe_keys} ;;\n"
        "                --write) _files -/ ;;\n"
        "                --completion) compadd -- bash zsh fish ;;\n"
        "                *) compadd -- ${commands%%:*} settings --man --completion --write ;;\n"
        "            esac\n"
        "            ;;\n"
        "        *) (($+functions[_silbe_$words[1]])) && _silbe_$words[1] ;;\n"
        "    esac\n"
        "}\n\n_silbe \"$@\"\n",
        stream);
}

void silbe_completion_zsh(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("#compdef silbe", stream);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].program != NULL) {
            (void)fprintf(stream, " %s", commands[i].program);
        }
    }
    (void)fputs("\n# Completion of silbe for zsh; written by silbe help --completion zsh.\n\n",
                stream);
    print_settings(stream);
    (void)fputs(FUNCTIONS, stream);
    for (size_t i = 0; i < n; i++) {
        print_command(stream, &commands[i]);
    }
    print_main(stream);
}
