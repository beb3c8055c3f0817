#include "datasets/items.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

silbe_item *silbe_dataset_add(silbe_dataset *dataset, silbe_err *err)
{
    size_t n = dataset->n_items;
    dataset->items = silbe_grow(dataset->items, n, NULL, sizeof *dataset->items, "items", err);
    if (silbe_failed(err)) {
        return NULL;
    }
    dataset->items[n] = (silbe_item){0};
    return &dataset->items[dataset->n_items++];
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
