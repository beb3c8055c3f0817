/*
 * What the page shows of an item, read from the stages' files: internal to pipeline/page.
 */
#ifndef SILBE_PAGE_ITEM_SOURCES_H
#define SILBE_PAGE_ITEM_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "datasets/dataset.h"
#include "pipeline/evaluate/item_references.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/output/output.h"
#include "pipeline/page/modes.h"
#include "pipeline/settings/config.h"

enum { SILBE_PAGE_PATH_COLUMNS = 3 }; /* of path/<item>.npy: onset_q, time_s, confidence */

/* The result of one mode. */
typedef struct {
    bool is_there;
    silbe_words words; /* of the same text as the lyrics below */
    double *path;      /* n_events rows, or NULL */
    size_t n_events;
    char problem[SILBE_ERR_MESSAGE_SIZE]; /* why it is not there; "" if it is */
} silbe_page_result;

typedef struct {
    silbe_labels labels;
    bool has_labels;
    const silbe_lyrics *lyrics; /* of the labels, else of the first result; NULL without any */
    silbe_item_references references;
    bool has_references;
    char reference_problem[SILBE_ERR_MESSAGE_SIZE];
    silbe_page_result *results; /* one for each mode */
    size_t n_results;
} silbe_page_sources;

#define SILBE_PAGE_SOURCES_INIT                                                                    \
    {                                                                                              \
        0                                                                                          \
    }

/* Reads what there is. SILBE_ERR_MEMORY only. The caller frees *sources, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_page_sources_read(const silbe_config *config,
                                                      const silbe_page_modes *modes,
                                                      const silbe_item *item,
                                                      silbe_page_sources *sources, silbe_err *err);

void silbe_page_sources_free(silbe_page_sources *sources);

#endif
