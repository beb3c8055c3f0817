#define _POSIX_C_SOURCE 200809L
#include "datasets/dataset.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/folder.h"
#include "datasets/swd.h"

static const char SWD_HINT[] =
    "; SWD_ROOT says where the Schubert Winterreise Dataset lies (default datasets/swd/data), and "
    "`make fetch DATASET=swd` downloads it";

silbe_status silbe_dataset_open(const char *kind, const char *name, const char *root,
                                silbe_dataset *dataset, silbe_err *err)
{
    *dataset = (silbe_dataset)SILBE_DATASET_INIT;
    bool is_swd = strcmp(kind, "swd") == 0;
    const char *hint = is_swd ? SWD_HINT : "; check the path";
    if (!is_swd && strcmp(kind, "folder") != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "dataset \"%s\": unknown kind \"%s\", expected \"swd\" or \"folder\"",
                          name, kind);
    }
    struct stat info;
    if (stat(root, &info) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: %s%s", root,
                          errno == ENOENT ? "no such folder" : strerror(errno), hint);
    }
    if (!S_ISDIR(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: not a folder%s", root, hint);
    }
    dataset->name = strdup(name);
    if (dataset->name == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", root);
    }
    /* Both go through sorted listings whose stems are the items' names: the items are in order. */
    return is_swd ? silbe_swd_open(root, dataset, err) : silbe_folder_open(root, dataset, err);
}

void silbe_dataset_free(silbe_dataset *dataset)
{
    if (dataset == NULL) {
        return;
    }
    for (size_t i = 0; i < dataset->n_items; i++) {
        silbe_item *item = &dataset->items[i];
        free(item->work);
        free(item->version);
        free(item->name);
        free(item->audio_path);
        free(item->lyrics_path);
        free(item->score_path);
        free(item->ref_notes_path);
        free(item->ref_measures_path);
        free(item->ref_words_path);
    }
    free(dataset->items);
    free(dataset->name);
    free(dataset->root);
    silbe_messages_free(&dataset->notes);
    silbe_messages_free(&dataset->warnings);
    *dataset = (silbe_dataset)SILBE_DATASET_INIT;
}

const silbe_item *silbe_dataset_find(const silbe_dataset *dataset, const char *name)
{
    for (size_t i = 0; i < dataset->n_items; i++) {
        if (strcmp(dataset->items[i].name, name) == 0) {
            return &dataset->items[i];
        }
    }
    return NULL;
}
