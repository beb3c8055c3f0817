/*
 * The commands of `silbe`, as a table. A command is called as `silbe NAME`, and where it has a
 * program of its own, under that name too: silbe-features is a link to silbe.
 */
#ifndef SILBE_COMMAND_H
#define SILBE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/settings/cli.h"

typedef struct {
    const char *name;    /* "features"; NULL: it is a program only */
    const char *program; /* "silbe-features"; NULL: `silbe NAME` only */
    const silbe_cli_spec *spec;
    /* Works and reports; returns an exit code. */
    int (*run)(silbe_cli *cli);
} silbe_command;

/* All, in the order of `silbe help`. Static. */
const silbe_command *silbe_commands(size_t *n_commands);

/* By name, or by program. NULL: there is none. */
const silbe_command *silbe_command_find(const char *name);
const silbe_command *silbe_command_find_program(const char *program);

/* Runs it as "silbe-features ARGUMENT...", or as "silbe features ARGUMENT..." */
int silbe_command_main(const silbe_command *command, bool as_program, int argc, char **argv);

/* The commands' specifications. */
extern const silbe_cli_spec silbe_features_spec, silbe_labels_spec, silbe_posteriors_spec,
    silbe_evaluate_spec, silbe_align_stage_spec, silbe_align_spec, silbe_report_spec,
    silbe_train_spec, silbe_adapt_spec, silbe_cache_spec, silbe_demo_spec, silbe_doctor_spec;

int silbe_features_command(silbe_cli *cli);
int silbe_labels_command(silbe_cli *cli);
int silbe_posteriors_command(silbe_cli *cli);
int silbe_evaluate_command(silbe_cli *cli);
/* silbe-align: the stage alone. */
int silbe_align_stage_command(silbe_cli *cli);
/* silbe align: songs, or all stages of a dataset. */
int silbe_align_command(silbe_cli *cli);
int silbe_report_command(silbe_cli *cli);
int silbe_train_command(silbe_cli *cli);
int silbe_adapt_command(silbe_cli *cli);
int silbe_cache_command(silbe_cli *cli);
/* silbe demo; silbe-demo is datasets/demo/command.h. */
int silbe_demo_command(silbe_cli *cli);
int silbe_doctor_command(silbe_cli *cli);

#endif
