/*
 * A dataset as the list of items that all stages work through.
 */
#ifndef SILBE_DATASET_H
#define SILBE_DATASET_H

#include "datasets/items.h"
#include "features/base/status.h"

/*
 * Opens a dataset. kind is "swd" (Schubert Winterreise Dataset as published, v1 to v2.1) or
 * "folder" (NAME.wav or any format of libsndfile, NAME.txt and/or NAME.musicxml|.xml|.mxl,
 * NAME.words.csv; a score without recording is an item whose recording is missing). name names it
 * in messages and output folders. The result does not depend on the order in which the file system
 * lists files.
 *
 * Items that lack lyrics or score are items all the same; the stage that needs them reports them.
 * Errors: SILBE_ERR_ARGUMENT (unknown kind), SILBE_ERR_IO (root missing or unreadable; for swd the
 * message says how to get it), SILBE_ERR_FORMAT (root is not such a dataset: says what is missing),
 * SILBE_ERR_DATA (no audio), SILBE_ERR_MISMATCH (two files claim the same name). The caller frees
 * *dataset with silbe_dataset_free, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_dataset_open(const char *kind, const char *name,
                                                 const char *root, silbe_dataset *dataset,
                                                 silbe_err *err);

#endif
