/*
 * manifest.tsv: which recordings of human voices there are. UTF-8, LF or CRLF, header
 *
 *     dataset<TAB>lang<TAB>kind<TAB>file<TAB>seconds<TAB>text
 *
 * kind is "speech" or "sung"; file is relative to the manifest's folder.
 */
#ifndef SILBE_TRAIN_MANIFEST_H
#define SILBE_TRAIN_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/train/data/speech_sets.h"

typedef struct {
    const silbe_speech_set *set;
    const char *file; /* relative path; lies in the manifest's storage, like text */
    const char *text;
    double seconds; /* > 0 */
    bool sung;
    size_t line; /* 1-based, of the manifest */
} silbe_speech_item;

typedef struct {
    silbe_speech_item *items; /* in order of the file; owned */
    size_t n_items;
    double seconds; /* in all */
    char *storage;  /* owned */
} silbe_speech_manifest;

#define SILBE_SPEECH_MANIFEST_INIT                                                                 \
    {                                                                                              \
        NULL, 0, 0.0, NULL                                                                         \
    }

void silbe_speech_manifest_free(silbe_speech_manifest *manifest);

/*
 * Keeps the rows of the sets in `selection`; rows of other known sets are checked all the same, rows
 * of unknown sets are passed over. *manifest must be _INIT; the caller frees it.
 *
 * SILBE_ERR_FORMAT with name and line: another header, another number of columns, a kind, number or
 * path (absolute, or with "..") that is none, not UTF-8. SILBE_ERR_MISMATCH: a language that is not
 * the set's. SILBE_ERR_DATA: the same file twice, a set without any row.
 */
SILBE_MUST_CHECK silbe_status silbe_speech_manifest_parse(const char *name, const char *text,
                                                          size_t n_bytes,
                                                          silbe_speech_selection selection,
                                                          silbe_speech_manifest *manifest,
                                                          silbe_err *err);

/* The same from ROOT/manifest.tsv. */
SILBE_MUST_CHECK silbe_status silbe_speech_manifest_read(const char *root,
                                                         silbe_speech_selection selection,
                                                         silbe_speech_manifest *manifest,
                                                         silbe_err *err);

#endif
