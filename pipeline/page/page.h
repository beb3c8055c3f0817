/*
 * The page to look at and listen to: WORK/<dataset>/report/, which opens from disk.
 *
 *   index.html, app.js, app.css, ...   copied from the folder of the built page (pipeline/page/web)
 *   data/overview.js                   format, version, dataset, program_version, command,
 *                                      settings (YAML), machine, modes[] {name, report}, items[]
 *                                      (rows, see item.h, with their file)
 *   data/item-0001.js, ...             one for each item (item.h), loaded when it is looked at
 *   audio/                             copies of the recordings, with report.audio: copy
 */
#ifndef SILBE_PAGE_PAGE_H
#define SILBE_PAGE_PAGE_H

#include "datasets/dataset.h"
#include "datasets/messages.h"
#include "features/base/status.h"
#include "pipeline/settings/config.h"

typedef struct {
    const char *assets;  /* folder of the built page */
    const char *command; /* as typed */
    const char *folder;  /* where the page goes; NULL: WORK/<dataset>/report */
} silbe_page_facts;

typedef struct {
    size_t n_items;
    size_t n_modes;
    silbe_messages problems; /* one for each thing that an item lacks */
} silbe_page_summary;

#define SILBE_PAGE_SUMMARY_INIT                                                                    \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Writes it for the items that run.items selects, with run.threads threads. The caller holds the
 * dataset's lock. Data and copies of an earlier page are removed first. Errors: no results yet, no
 * built page (SILBE_ERR_DATA), a folder that cannot be written. The caller frees
 * summary->problems, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_page_write(const silbe_config *config,
                                               const silbe_dataset *dataset,
                                               const silbe_page_facts *facts,
                                               silbe_page_summary *summary, silbe_err *err);

#endif
