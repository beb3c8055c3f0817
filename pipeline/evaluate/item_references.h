/*
 * What an item's word times are measured against: the dataset's annotations, and corrections that
 * replace them word by word.
 */
#ifndef SILBE_ITEM_REFERENCES_H
#define SILBE_ITEM_REFERENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/dataset.h"
#include "datasets/reference.h"
#include "features/base/status.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/settings/config.h"

typedef struct {
    silbe_reference_measures measures;
    silbe_reference_words words; /* one for each word of the labels' lyrics, if has_words */
    bool has_words;
    bool *is_corrected; /* for each word: its reference is a correction; NULL if none is */
    size_t n_corrected;
} silbe_item_references;

#define SILBE_ITEM_REFERENCES_INIT                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

/* Reads them. A word whose annotation lies on the wrong side of a correction has no reference and
 * is reported. Errors are those of the readers; the caller frees *references, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_item_references_read(const silbe_config *config,
                                                         const silbe_item *item,
                                                         const silbe_labels *labels,
                                                         silbe_item_references *references,
                                                         silbe_err *err);

void silbe_item_references_free(silbe_item_references *references);

#endif
