/*
 * Word times that a person has set: <work>_<version>.words.csv in the folder dataset.corrections,
 * as the page saves them. A row counts as set by hand if its confidence is 1 or it has none; the
 * other rows only say which words lie between. Hand-set times are reference for the evaluation and
 * anchors for the alignment.
 */
#ifndef SILBE_CORRECTIONS_H
#define SILBE_CORRECTIONS_H

#include "datasets/dataset.h"
#include "datasets/reference.h"
#include "features/base/lyrics.h"
#include "features/base/status.h"
#include "pipeline/settings/config.h"

/* Fills *path with the item's file, allocated, or with NULL if it has none. SILBE_ERR_IO if the
 * folder dataset.corrections is set and missing. */
SILBE_MUST_CHECK silbe_status silbe_corrections_path(const silbe_config *config,
                                                     const silbe_item *item, char **path,
                                                     silbe_err *err);

/* Words of the lyrics whose time was set by hand; all others are not known. Errors are those of
 * silbe_word_rows_read and silbe_reference_words_from_rows, naming the file. The caller frees
 * *words, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_corrections_read(const char *path, const silbe_lyrics *lyrics,
                                                     silbe_reference_words *words, silbe_err *err);

#endif
