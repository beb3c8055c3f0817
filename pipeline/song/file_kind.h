/*
 * What a file that stands on the command line is: by its ending, else by its first bytes. Word
 * times, SONG.words.ENDING, are results: a pattern such as *.txt catches them, too.
 */
#ifndef SILBE_FILE_KIND_H
#define SILBE_FILE_KIND_H

#include "features/base/status.h"

typedef enum {
    SILBE_KIND_RECORDING,
    SILBE_KIND_TEXT,
    SILBE_KIND_SCORE,
    SILBE_KIND_RESULT
} silbe_file_kind;

/* "-" is a text. SILBE_ERR_ARGUMENT with the path: it does not exist, is a folder or a pipe, cannot
 * be read, or its name says text where its content says recording. */
SILBE_MUST_CHECK silbe_status silbe_file_kind_find(const char *path, silbe_file_kind *kind,
                                                   silbe_err *err);

#endif
