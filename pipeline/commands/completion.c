#include "pipeline/commands/completion.h"

#include <string.h>

#include "datasets/listing.h"

static const silbe_completion_shell SHELLS[] = {
    {"bash", "silbe.bash", silbe_completion_bash},
    {"zsh", "_silbe", silbe_completion_zsh},
    {"fish", "silbe.fish", silbe_completion_fish},
};

enum { N_SHELLS = sizeof SHELLS / sizeof SHELLS[0] };

const silbe_completion_shell *silbe_completion_shells(size_t *n_shells)
{
    *n_shells = N_SHELLS;
    return SHELLS;
}

const silbe_completion_shell *silbe_completion_find(const char *name)
{
    for (size_t i = 0; i < N_SHELLS; i++) {
        if (strcmp(SHELLS[i].name, name) == 0) {
            return &SHELLS[i];
        }
    }
    return NULL;
}

silbe_value_kind silbe_completion_kind(const silbe_cli_extra *option)
{
    const silbe_option *setting = option->key != NULL ? silbe_config_find(option->key) : NULL;
    if (option->value_name == NULL) {
        return SILBE_VALUE_NONE;
    }
    if (setting != NULL && setting->type == SILBE_OPTION_ENUM) {
        return SILBE_VALUE_CHOICE;
    }
    if (setting != NULL && setting->type == SILBE_OPTION_FLAGS) {
        return SILBE_VALUE_LIST;
    }
    if (strcmp(option->value_name, "KEY=VALUE") == 0) {
        return SILBE_VALUE_SETTING;
    }
    if (strcmp(option->value_name, "NAME|FOLDER") == 0) {
        return SILBE_VALUE_DATASET;
    }
    if (strstr(option->value_name, "FILE") != NULL ||
        strstr(option->value_name, "PREFIX") != NULL) {
        return SILBE_VALUE_FILE;
    }
    return strstr(option->value_name, "FOLDER") != NULL ? SILBE_VALUE_FOLDER : SILBE_VALUE_FREE;
}

void silbe_completion_choices(const silbe_option *setting,
                              char choices[SILBE_COMPLETION_CHOICES_SIZE])
{
    const char *text = setting->type == SILBE_OPTION_BOOL ? "true|false" : setting->choices;
    (void)snprintf(choices, SILBE_COMPLETION_CHOICES_SIZE, "%s", text);
    for (char *c = choices; *c != '\0'; c++) {
        *c = *c == '|' ? ' ' : *c;
    }
}

void silbe_completion_settings(FILE *stream)
{
    size_t n = 0;
    const silbe_option *options = silbe_config_options(&n);
    (void)fputs("# The choices of setting $1.\n_silbe_choices() {\n    case $1 in\n", stream);
    for (size_t i = 0; i < n; i++) {
        char choices[SILBE_COMPLETION_CHOICES_SIZE];
        silbe_completion_choices(&options[i], choices);
        if (choices[0] != '\0') {
            (void)fprintf(stream, "        %s) echo '%s' ;;\n", options[i].key, choices);
        }
    }
    (void)fputs("    esac\n}\n\n# Whether setting $1 takes several.\n_silbe_is_list() {\n"
                "    case $1 in\n",
                stream);
    for (size_t i = 0; i < n; i++) {
        if (options[i].type == SILBE_OPTION_FLAGS) {
            (void)fprintf(stream, "        %s) return 0 ;;\n", options[i].key);
        }
    }
    (void)fputs("    esac\n    return 1\n}\n\n", stream);
}

const char *silbe_completion_row(const silbe_command *command)
{
    return command->name != NULL ? command->name : command->program;
}

void silbe_completion_endings(FILE *stream, const silbe_cli_spec *spec, const char *between)
{
    for (const char *c = spec->endings; c != NULL && *c != '\0'; c++) {
        (void)fprintf(stream, "%.*s", *c == ' ' ? (int)strlen(between) : 1,
                      *c == ' ' ? between : c);
    }
    if (spec->endings != NULL) {
        return;
    }
    (void)fputs("txt", stream);
    for (const char *const *e = SILBE_AUDIO_EXTENSIONS; *e != NULL; e++) {
        (void)fprintf(stream, "%s%s", between, *e);
    }
    for (const char *const *e = SILBE_SCORE_EXTENSIONS; *e != NULL; e++) {
        (void)fprintf(stream, "%s%s", between, *e);
    }
}

void silbe_completion_quote(FILE *stream, const char *text, const char *special, const char *quote)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'') {
            (void)fputs(quote, stream);
            continue;
        }
        (void)fprintf(stream, "%s%c", strchr(special, *c) != NULL ? "\\" : "", *c);
    }
}
