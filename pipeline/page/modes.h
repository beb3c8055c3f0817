/*
 * The modes of alignment that a work folder has results of: word times or a report.
 */
#ifndef SILBE_PAGE_MODES_H
#define SILBE_PAGE_MODES_H

#include <stddef.h>

#include <jansson.h>

#include "features/base/status.h"
#include "pipeline/run/chain.h"

typedef struct {
    silbe_stage_id stage;
    const char *name; /* "score" */
    json_t *report;   /* report.json of silbe-evaluate, or NULL if there is none; owned */
} silbe_page_mode;

typedef struct {
    /* n_modes, in the order of the chain; modes in which every item failed come last */
    silbe_page_mode modes[SILBE_N_STAGES - SILBE_STAGE_MODES];
    size_t n_modes;
} silbe_page_modes;

#define SILBE_PAGE_MODES_INIT                                                                      \
    {                                                                                              \
        .n_modes = 0                                                                               \
    }

/* Looks through folder (WORK/<dataset>). SILBE_ERR_DATA if there is none, saying what makes them;
 * SILBE_ERR_FORMAT for a report.json that is not JSON. The caller frees *modes, also after a
 * failure. */
SILBE_MUST_CHECK silbe_status silbe_page_modes_find(const char *folder, silbe_page_modes *modes,
                                                    silbe_err *err);

void silbe_page_modes_free(silbe_page_modes *modes);

#endif
