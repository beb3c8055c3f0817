/*
 * silbe-align --posteriors: a posteriorgram, or a folder of them, to word times. Like the programs,
 * this prints.
 */
#ifndef SILBE_CTC_MATRIX_COMMAND_H
#define SILBE_CTC_MATRIX_COMMAND_H

#include "pipeline/settings/cli.h"

/* Texts of the command line, or NULL. */
typedef struct {
    const char *posteriors; /* FILE.npy, or a folder with NAME.npy and NAME.txt */
    const char *vocab;
    const char *text;    /* not with a folder */
    const char *out;     /* folder, or start of the files' names; WORK/posteriors/ */
    const char *hop_ms;  /* posteriors.hop_ms */
    const char *anchors; /* not with a folder, which may hold NAME.anchors.csv */
} silbe_ctc_matrix_arguments;

/* Works, reports, and returns the exit code. A folder is a stage: items in parallel, up-to-date
 * ones skipped, a lock on the output folder. */
int silbe_ctc_matrix_command(silbe_cli *cli, const silbe_ctc_matrix_arguments *arguments);

#endif
