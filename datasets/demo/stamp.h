/*
 * The stamp of a finished demo dataset, demo.stamp: its first line names everything that the bytes
 * depend on (generator version, digest of songs and versions, libespeak-ng), then come the files,
 * one a line, with their sizes.
 */
#ifndef SILBE_DEMO_STAMP_H
#define SILBE_DEMO_STAMP_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/* Raise it with every change that changes what is written. */
#define SILBE_DEMO_GENERATOR_VERSION 2

#define SILBE_DEMO_STAMP_NAME "demo.stamp"
#define SILBE_DEMO_STAMP_LINE 256

/* The first line that this program writes, without newline. */
void silbe_demo_stamp_line(char line[SILBE_DEMO_STAMP_LINE]);

/* Writes the stamp of a folder with n files; names are relative to it. A step
 * (features/base/status.h). */
void silbe_demo_stamp_write(const char *folder, char *const *names, size_t n, silbe_err *err);

typedef enum {
    SILBE_DEMO_FOLDER_FREE,    /* absent or empty */
    SILBE_DEMO_FOLDER_CURRENT, /* this version, all files there with their sizes */
    SILBE_DEMO_FOLDER_OLD,     /* a demo dataset of another version, or with files missing */
    SILBE_DEMO_FOLDER_FOREIGN, /* something else */
} silbe_demo_folder_state;

silbe_demo_folder_state silbe_demo_stamp_check(const char *folder);

#endif
