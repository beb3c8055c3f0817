/*
 * The items of a dataset: what its readers (readers.h) fill.
 */
#ifndef SILBE_ITEMS_H
#define SILBE_ITEMS_H

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

/* Appends an empty item, for a reader to fill; NULL after a failure (a step: err is never NULL). */
silbe_item *silbe_dataset_add(silbe_dataset *dataset, silbe_err *err);

void silbe_dataset_free(silbe_dataset *dataset);

/* The item of that name, or NULL. */
const silbe_item *silbe_dataset_find(const silbe_dataset *dataset, const char *name);

#endif
