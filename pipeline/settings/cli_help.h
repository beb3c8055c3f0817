/*
 * What a command line says about itself. The table of options, the commands' specifications and the
 * table of settings are the one source of --help, man pages and completions.
 */
#ifndef SILBE_CLI_HELP_H
#define SILBE_CLI_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pipeline/settings/cli.h"
#include "pipeline/settings/config_describe.h"

/* All options of a command: its own, in their order, then those that all commands share. */
size_t silbe_cli_n_options(const silbe_cli_spec *spec);
silbe_cli_extra silbe_cli_get_option(const silbe_cli_spec *spec, size_t i);

/* The explanation of an option with its live default, "where results go; default "work"". */
enum { SILBE_CLI_DOC_SIZE = SILBE_CONFIG_YAML_SIZE + 512 };
void silbe_cli_describe_option(const silbe_cli_extra *option, char text[SILBE_CLI_DOC_SIZE]);

typedef struct {
    int code;
    const char *meaning;
} silbe_cli_exit;

/* The exit codes of every program. Static. */
const silbe_cli_exit *silbe_cli_exits(size_t *n_exits);

/* What --help prints. */
void silbe_cli_print_help(const silbe_cli_spec *spec, FILE *stream);

/* The exit codes as a paragraph of help. */
void silbe_cli_print_exits(FILE *stream);

/* Settings with default, meaning, unit and bounds: all of them where name is NULL, those of a
 * section, or one by its key. False, and nothing printed: there is none of this name. */
bool silbe_cli_print_settings(const char *name, FILE *stream);

/* The section or the key that was probably meant, or NULL. */
const char *silbe_cli_nearest_setting(const char *name);

#endif
