/*
 * Completions for shells, made of the tables of commands, options and settings: commands, options,
 * values of enumerations, settings for --set, datasets below configs/, and files by their endings.
 */
#ifndef SILBE_COMPLETION_H
#define SILBE_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pipeline/commands/command.h"

typedef struct {
    const char *name; /* "bash" */
    const char *file; /* the name under which the shell looks for it */
    void (*print)(FILE *stream);
} silbe_completion_shell;

/* bash, zsh and fish. Static. */
const silbe_completion_shell *silbe_completion_shells(size_t *n_shells);

/* By name; NULL: there is none. */
const silbe_completion_shell *silbe_completion_find(const char *name);

void silbe_completion_bash(FILE *stream);
void silbe_completion_zsh(FILE *stream);
void silbe_completion_fish(FILE *stream);

/* What the value of an option is. */
typedef enum {
    SILBE_VALUE_NONE, /* it is a switch */
    SILBE_VALUE_FREE, /* a number, a text */
    SILBE_VALUE_FILE, /* or a folder */
    SILBE_VALUE_FOLDER,
    SILBE_VALUE_DATASET,
    SILBE_VALUE_SETTING, /* key=value */
    SILBE_VALUE_CHOICE,  /* one of the setting's choices */
    SILBE_VALUE_LIST,    /* some of them, between commas */
} silbe_value_kind;

silbe_value_kind silbe_completion_kind(const silbe_cli_extra *option);

/* The choices of a setting, "a b c"; "true false" of a switch, "" where there are none. */
enum { SILBE_COMPLETION_CHOICES_SIZE = 512 };
void silbe_completion_choices(const silbe_option *setting,
                              char choices[SILBE_COMPLETION_CHOICES_SIZE]);

/* Shell functions of bash and zsh: _silbe_choices KEY prints the choices of a setting,
 * _silbe_is_list KEY says whether it takes some of them. */
void silbe_completion_settings(FILE *stream);

/* The row's own name in completions: "align", or "silbe-align" of what is a program only. */
const char *silbe_completion_row(const silbe_command *command);

/* The endings of the files that a command works on, with `between` between them. */
void silbe_completion_endings(FILE *stream, const silbe_cli_spec *spec, const char *between);

/* Prints text for a place between single quotes; each byte of `special`, and the quote as the shell
 * writes it, "'\\''" or "\\'", is made harmless by a backslash. */
void silbe_completion_quote(FILE *stream, const char *text, const char *special, const char *quote);

#endif
