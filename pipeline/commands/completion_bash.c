/* Completion for bash: tables as functions, and what reads them. */
#include "pipeline/commands/completion.h"
#include "pipeline/settings/cli_help.h"

/* $1 of the tables is a row: a command, or a program that is none. */
static const char *const READER[] = {
    "# Folders, and files with one of the endings $1; any file where there are none.\n"
    "_silbe_files() {\n"
    "    local path ending\n"
    "    compopt -o filenames 2> /dev/null\n"
    "    while IFS= read -r path; do\n"
    "        ending=${path##*.}\n"
    "        if [[ -d $path || -z $1 || \" $1 \" == *\" ${ending,,} \"* ]]; then\n"
    "            COMPREPLY+=(\"$path\")\n"
    "        fi\n"
    "    done < <(compgen -f -- \"$current\")\n"
    "}\n",
    "_silbe_folders() {\n"
    "    local path\n"
    "    compopt -o filenames 2> /dev/null\n"
    "    while IFS= read -r path; do\n"
    "        COMPREPLY+=(\"$path\")\n"
    "    done < <(compgen -d -- \"$current\")\n"
    "}\n",
    "_silbe_datasets() {\n"
    "    local path name program\n"
    "    program=$(type -P silbe)\n"
    "    for path in configs/*.yaml \"${program%/bin/silbe}\"/share/silbe/configs/*.yaml; do\n"
    "        name=${path##*/}\n"
    "        name=${name%.yaml}\n"
    "        # One that is here and installed, too, is offered once.\n"
    "        [[ \" ${COMPREPLY[*]} \" == *\" $name \"* ]] && continue\n"
    "        if [[ -e $path && $name != default && $name == \"$current\"* ]]; then\n"
    "            COMPREPLY+=(\"$name\")\n"
    "        fi\n"
    "    done\n"
    "}\n",
    "# Those of the words $1 that begin as the current one.\n"
    "_silbe_words() {\n"
    "    local word\n"
    "    for word in $1; do\n"
    "        [[ $word == \"$current\"* ]] && COMPREPLY+=(\"$word\")\n"
    "    done\n"
    "}\n",
    "# Some of the words $1 between commas: the last one is completed.\n"
    "_silbe_list() {\n"
    "    local before=${current%\"${current##*,}\"} i\n"
    "    current=${current##*,}\n"
    "    _silbe_words \"$1\"\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        COMPREPLY[i]=$before${COMPREPLY[i]}\n"
    "    done\n"
    "}\n",
    "_silbe_setting() {\n"
    "    local key=${current%%=*}\n"
    "    if [[ $current != *=* ]]; then\n"
    "        compopt -o nospace 2> /dev/null\n"
    "        _silbe_words \"${_silbe_keys// /= }\"\n"
    "        return\n"
    "    fi\n"
    "    current=${current#*=}\n"
    "    lead+=$key=\n"
    "    if _silbe_is_list \"$key\"; then\n"
    "        _silbe_list \"$(_silbe_choices \"$key\")\"\n"
    "    else\n"
    "        _silbe_words \"$(_silbe_choices \"$key\")\"\n"
    "    fi\n"
    "}\n",
    "# The value of option $2 of row $1; fails where it has none.\n"
    "_silbe_value() {\n"
    "    local kind\n"
    "    kind=$(_silbe_kind \"$1\" \"$2\")\n"
    "    case $kind in\n"
    "        free) ;;\n"
    "        file) _silbe_files '' ;;\n"
    "        folder) _silbe_folders ;;\n"
    "        dataset) _silbe_datasets; _silbe_folders ;;\n"
    "        setting) _silbe_setting ;;\n"
    "        choice*) _silbe_words \"${kind#* }\" ;;\n"
    "        list*) _silbe_list \"${kind#* }\" ;;\n"
    "        *) return 1 ;;\n"
    "    esac\n"
    "    return 0\n"
    "}\n",
    "# Arguments of `silbe help`.\n"
    "_silbe_help() {\n"
    "    case $1 in\n"
    "        help) _silbe_words \"$_silbe_commands settings --man --completion --write\" ;;\n"
    "        --man) _silbe_words \"$_silbe_commands align-stage settings\" ;;\n"
    "        --write) _silbe_folders ;;\n"
    "        --completion) _silbe_words 'bash zsh fish' ;;\n"
    "        *) _silbe_words \"$_silbe_sections $_silbe_keys\" ;;\n"
    "    esac\n"
    "}\n",
    "# The argument $current behind $previous, of row $1.\n"
    "_silbe_argument() {\n"
    "    if [[ $current == --*=* ]]; then\n"
    "        lead=${current%%=*}=\n"
    "        previous=${current%%=*}\n"
    "        current=${current#*=}\n"
    "        _silbe_value \"$1\" \"$previous\"\n"
    "    elif _silbe_value \"$1\" \"$previous\"; then\n"
    "        return\n"
    "    elif [[ $current == -* ]]; then\n"
    "        _silbe_words \"$(_silbe_options \"$1\")\"\n"
    "    else\n"
    "        _silbe_operands \"$1\"\n"
    "    fi\n"
    "}\n",
    "# Readline breaks words at '='; they are joined again, and what stands before the last one "
    "is\n"
    "# not repeated in the answer.\n"
    "_silbe() {\n"
    "    local words=() word joined='' current previous='' lead='' whole row i\n"
    "    COMPREPLY=()\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if ((i > 1)) && [[ $word == = || -n $joined ]]; then\n"
    "            words[${#words[@]} - 1]+=$word\n"
    "            [[ $word == = ]] && joined=1 || joined=\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "    done\n"
    "    current=${words[${#words[@]} - 1]}\n"
    "    whole=$current\n"
    "    ((${#words[@]} > 1)) && previous=${words[${#words[@]} - 2]}\n"
    "    row=${words[0]##*/}\n"
    "    if [[ $row == silbe ]]; then\n"
    "        if ((${#words[@]} == 2)); then\n"
    "            _silbe_words \"$_silbe_commands help --help --version\"\n"
    "            return\n"
    "        fi\n"
    "        row=${words[1]}\n"
    "    elif [[ $row != silbe-align ]]; then\n"
    "        row=${row#silbe-}\n"
    "    fi\n"
    "    if [[ $row == help ]]; then\n"
    "        _silbe_help \"$previous\"\n"
    "    else\n"
    "        _silbe_argument \"$row\"\n"
    "    fi\n"
    "    if [[ $COMP_WORDBREAKS == *=* && $whole == *=* ]]; then\n"
    "        lead=${lead%\"${whole%\"${whole##*=}\"}\"}\n"
    "    fi\n"
    "    for i in \"${!COMPREPLY[@]}\"; do\n"
    "        COMPREPLY[i]=$lead${COMPREPLY[i]}\n"
    "    done\n"
    "}\n",
};

static void print_names(FILE *stream)
{
    size_t n_commands = 0, n_options = 0, n_sections = 0;
    const silbe_command *commands = silbe_commands(&n_commands);
    const silbe_option *options = silbe_config_options(&n_options);
    const silbe_config_section *sections = silbe_config_sections(&n_sections);
    (void)fputs("_silbe_commands='", stream);
    for (size_t i = 0; i < n_commands; i++) {
        if (commands[i].name != NULL) {
            (void)fprintf(stream, "%s ", commands[i].name);
        }
    }
    (void)fputs("'\n_silbe_sections='", stream);
    for (size_t i = 0; i < n_sections; i++) {
        (void)fprintf(stream, "%s ", sections[i].name);
    }
    (void)fputs("'\n_silbe_keys='", stream);
    for (size_t i = 0; i < n_options; i++) {
        (void)fprintf(stream, "%s ", options[i].key);
    }
    (void)fputs("'\n\n", stream);
    silbe_completion_settings(stream);
}

static void print_options(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("# The options of row $1.\n_silbe_options() {\n    case $1 in\n", stream);
    for (size_t i = 0; i < n; i++) {
        const silbe_cli_spec *spec = commands[i].spec;
        (void)fprintf(stream, "        %s) echo '", silbe_completion_row(&commands[i]));
        for (size_t k = 0; k < silbe_cli_n_options(spec); k++) {
            (void)fprintf(stream, "%s ", silbe_cli_get_option(spec, k).name);
        }
        (void)fputs("' ;;\n", stream);
    }
    (void)fputs("    esac\n}\n\n", stream);
}

/* "align,--mode | align,-m) echo 'choice score lyrics' ;;", row `*` for those that all share. */
static void print_kind(FILE *stream, const char *row, const silbe_cli_extra *option)
{
    static const char *const KINDS[] = {
        [SILBE_VALUE_FREE] = "free",       [SILBE_VALUE_FILE] = "file",
        [SILBE_VALUE_FOLDER] = "folder",   [SILBE_VALUE_DATASET] = "dataset",
        [SILBE_VALUE_SETTING] = "setting", [SILBE_VALUE_CHOICE] = "choice",
        [SILBE_VALUE_LIST] = "list"};
    silbe_value_kind kind = silbe_completion_kind(option);
    char choices[SILBE_COMPLETION_CHOICES_SIZE] = "";
    if (kind == SILBE_VALUE_NONE) {
        return;
    }
    if (kind == SILBE_VALUE_CHOICE || kind == SILBE_VALUE_LIST) {
        silbe_completion_choices(silbe_config_find(option->key), choices);
    }
    (void)fprintf(stream, "        %s,%s", row, option->name);
    if (option->short_name != NULL) {
        (void)fprintf(stream, " | %s,%s", row, option->short_name);
    }
    (void)fprintf(stream, ") echo '%s%s%s' ;;\n", KINDS[kind], choices[0] != '\0' ? " " : "",
                  choices);
}

static void print_kinds(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("# What the value of option $2 of row $1 is; nothing where it has none.\n"
                "_silbe_kind() {\n    case $1,$2 in\n",
                stream);
    for (size_t i = 0; i < n; i++) {
        const silbe_cli_spec *spec = commands[i].spec;
        for (size_t k = 0; k < silbe_cli_n_options(spec); k++) {
            silbe_cli_extra option = silbe_cli_get_option(spec, k);
            if (k < spec->n_extras || i == 0) {
                print_kind(stream, k < spec->n_extras ? silbe_completion_row(&commands[i]) : "*",
                           &option);
            }
        }
    }
    (void)fputs("    esac\n}\n\n", stream);
}

static void print_operands(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("# What row $1 works on.\n_silbe_operands() {\n    case $1 in\n", stream);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].spec->operands == SILBE_CLI_DATASET) {
            (void)fprintf(stream, "        %s) _silbe_datasets; _silbe_folders ;;\n",
                          silbe_completion_row(&commands[i]));
        } else if (commands[i].spec->operands == SILBE_CLI_FILES_OR_DATASET) {
            (void)fprintf(stream, "        %s) _silbe_datasets; _silbe_files '",
                          silbe_completion_row(&commands[i]));
            silbe_completion_endings(stream, commands[i].spec, " ");
            (void)fputs("' ;;\n", stream);
        }
    }
    (void)fputs("    esac\n}\n\n", stream);
}

void silbe_completion_bash(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fputs("# Completion of silbe for bash; written by silbe help --completion bash.\n\n",
                stream);
    print_names(stream);
    print_options(stream);
    print_kinds(stream);
    print_operands(stream);
    for (size_t i = 0; i < sizeof READER / sizeof READER[0]; i++) {
        (void)fprintf(stream, "%s\n", READER[i]);
    }
    (void)fputs("complete -F _silbe silbe", stream);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].program != NULL) {
            (void)fprintf(stream, " %s", commands[i].program);
        }
    }
    (void)fputc('\n', stream);
}
