/*
 * The files of one folder, sorted bytewise, never in the order of the file system. Used by the
 * dataset readers.
 */
#ifndef SILBE_LISTING_H
#define SILBE_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    char *path;      /* folder/name, owned */
    char *stem;      /* name without its extension, owned */
    char *extension; /* lower case (ASCII), without dot, owned; "words.csv" counts as one; "" */
} silbe_listed_file;

typedef struct {
    silbe_listed_file *files; /* sorted by stem, then extension, then path */
    size_t n_files;
} silbe_listing;

#define SILBE_LISTING_INIT                                                                         \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Extensions of the sound files that libsndfile reads, NULL at the end. */
extern const char *const SILBE_AUDIO_EXTENSIONS[];
/* Of MusicXML, plain and compressed, NULL at the end. */
extern const char *const SILBE_SCORE_EXTENSIONS[];

/* Lists the files of folder; those whose name starts with `.` and folders are left out. A missing
 * folder is SILBE_ERR_IO. SILBE_ERR_FORMAT if a name is not UTF-8 or has control characters, which
 * no report could show. The caller frees with silbe_listing_free, also after a failure. */
void silbe_listing_read(const char *folder, silbe_listing *listing, silbe_err *err);
void silbe_listing_free(silbe_listing *listing);

/* True if extension is one of extensions. */
bool silbe_listed_as(const char *extension, const char *const *extensions);

/* A copy of the path of the file with that stem and one of the extensions, to be freed by the
 * caller; NULL if there is none, and after a failure. SILBE_ERR_MISMATCH names both if there are
 * two. */
char *silbe_listing_find(const silbe_listing *listing, const char *stem,
                         const char *const *extensions, silbe_err *err);

#endif
