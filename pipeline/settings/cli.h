/*
 * The command line that all commands share. A command is
 *
 *     silbe_cli cli;
 *     int exit_code;
 *     if (!silbe_cli_begin(&cli, &SPEC, argc, argv, &exit_code)) {
 *         return exit_code;
 *     }
 *     ... work with cli.config, cli.log ...
 *     return silbe_cli_end(&cli, exit_code);
 *
 * Like the programs, and unlike every library below, this prints.
 */
#ifndef SILBE_CLI_H
#define SILBE_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/host/log.h"
#include "pipeline/host/run_info.h"
#include "pipeline/settings/config.h"

/* Exit codes of every program. */
enum {
    SILBE_EXIT_OK = 0,
    SILBE_EXIT_FAILED = 1,        /* at least one item failed; all others were worked on */
    SILBE_EXIT_MISUSE = 2,        /* wrong option or setting: nothing was done */
    SILBE_EXIT_BUSY = 3,          /* another run holds the work folder */
    SILBE_EXIT_UNABLE = 4,        /* the work could not be begun or ended: no dataset, full disk */
    SILBE_EXIT_INTERRUPTED = 130, /* SIGINT or SIGTERM */
};

/* An option that only some commands have. */
typedef struct {
    const char *name;       /* "--posteriors" */
    const char *short_name; /* "-o", or NULL */
    const char *value_name; /* "FILE"; NULL for a switch */
    const char *doc;        /* one line of --help */
    const char *key;        /* the setting that it stands for, else NULL */
} silbe_cli_extra;

/* What may stand on the command line without a dash before it. */
typedef enum {
    SILBE_CLI_NO_OPERANDS,
    SILBE_CLI_DATASET,          /* one, short for --dataset */
    SILBE_CLI_FILES_OR_DATASET, /* one that is a folder, or a name without ending: a dataset; else
                                   files. "-" is a file */
} silbe_cli_operands;

enum { SILBE_CLI_MAX_EXTRAS = 16 };

typedef struct {
    const char *program;  /* "silbe-features", or "silbe features", which is two arguments */
    const char *summary;  /* one sentence of --help */
    const char *usage;    /* what stands behind the program's name in --help, a line for each way;
                             NULL: a dataset and options */
    const char *details;  /* further lines of --help, or NULL */
    const char *examples; /* lines of --help, or NULL */
    const char *settings; /* sections of the settings that decide its results, "align lyrics", or
                             NULL */
    const silbe_cli_extra *extras;
    size_t n_extras; /* at most SILBE_CLI_MAX_EXTRAS */
    silbe_cli_operands operands;
    const char *endings;   /* of files that are operands, lower case, "csv json", for completions;
                              NULL: those of songs, texts and scores */
    bool dataset_optional; /* the command calls silbe_config_check_dataset itself when it needs one
                            */
} silbe_cli_spec;

typedef struct {
    silbe_config config;
    silbe_log log;
    silbe_run_info run;
    const char *extras[SILBE_CLI_MAX_EXTRAS]; /* what was given for spec->extras[i], "" for a
                                                 switch; NULL: nothing. Points into argv */
    const char **operands;                    /* files; owned, the texts point into argv */
    size_t n_operands;
    bool has_dataset; /* one was named, by operand, option or settings */
} silbe_cli;

/*
 * Reads options and settings. False when the program should end at once with *exit_code: after
 * --help, --version, --print-config (0), or a misuse that has been reported (2).
 *
 * --dataset X means the file configs/X.yaml below the current folder, if there is one and X has no
 * '/'; else the folder X, which becomes dataset.kind folder with its last part as name.
 */
bool silbe_cli_begin(silbe_cli *cli, const silbe_cli_spec *spec, int argc, char **argv,
                     int *exit_code);

/* Checks that stdout was written to the end (SILBE_EXIT_UNABLE if not and exit_code is 0), frees,
 * and returns the exit code. */
int silbe_cli_end(silbe_cli *cli, int exit_code);

/* Reports err on the log as "program: error: message" and returns the exit code that fits. */
int silbe_cli_fail(silbe_cli *cli, const silbe_err *err);

#endif
