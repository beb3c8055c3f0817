/*
 * A dataset as the list of items that all stages work through.
 */
#ifndef SILBE_DATASET_H
#define SILBE_DATASET_H

#include <stddef.h>

#include "datasets/messages.h"
#include "features/base/status.h"

/* One recording of one work. All strings are UTF-8 or the bytes of the file system, owned. */
typedef struct {
    char *work;              /* "Schubert_D911-22"; of a plain folder the file's name */
    char *version;           /* "SC06"; "" in a plain folder */
    char *name;              /* "<work>_<version>", or "<work>" without version; unique */
    char *audio_path;        /* never NULL; need not exist */
    char *lyrics_path;       /* NULL if there is none; so are those below */
    char *score_path;        /* MusicXML, plain or compressed */
    char *ref_notes_path;    /* ann_audio_note, see datasets/annotations.h */
    char *ref_measures_path; /* ann_audio_measure */
    char *ref_words_path;    /* NAME.words.csv */
} silbe_item;

typedef struct {
    char *name;              /* as given to silbe_dataset_open */
    char *root;              /* folder that holds the items (may lie below the one given) */
    silbe_item *items;       /* sorted by name, bytewise */
    size_t n_items;          /* >= 1 after a successful open */
    silbe_messages notes;    /* worth saying once: how many versions come without audio */
    silbe_messages warnings; /* probably a mistake: an item without lyrics and score */
} silbe_dataset;

#define SILBE_DATASET_INIT                                                                         \
    {                                                                                              \
        0                                                                                          \
    }

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

void silbe_dataset_free(silbe_dataset *dataset);

/* The item of that name, or NULL. */
const silbe_item *silbe_dataset_find(const silbe_dataset *dataset, const char *name);

#endif
