/*
 * One item of the page: everything that is known about it, of all modes, as JSON.
 *
 * Data (one script for each item; times in seconds, positions in quarter notes, null: not known):
 *   name, work, version, title, duration_s
 *   audio      {src, problem}: relative URL, or why there is none
 *   peaks      {per_s, data}: base64 of bytes 0..255, see peaks.h; or null
 *   language   of the text, BCP 47; "und": not known
 *   lines[]    [text, stanza, first_word, n_words, language or null: that of the text]
 *   words[]    text; their order is that of all arrays below
 *   onset_q[], end_q[]
 *   measures[] [number, onset_q]
 *   reference  {start[], end[], corrected[] (indices of words set by hand), notes[], problem}
 *   modes      {NAME: {start[], end[], confidence[], path: [[q...], [s...]] or null, problem,
 *               sounding[] (where a word's first sound is heard) or null,
 *               phones[] [word, symbol, start, end, confidence] or null,
 *               unmatched[] [word, start or null, confidence]: not found, where at best}}
 *
 * Row (one of each item in the overview):
 *   name, work, version, title, duration_s, n_words, problems[], errors {NAME: [ms, ...]}
 */
#ifndef SILBE_PAGE_ITEM_H
#define SILBE_PAGE_ITEM_H

#include <jansson.h>

#include "datasets/dataset.h"
#include "features/base/status.h"
#include "pipeline/page/modes.h"
#include "pipeline/settings/config.h"

typedef struct {
    json_t *data; /* owned */
    json_t *row;  /* owned */
} silbe_page_item;

#define SILBE_PAGE_ITEM_INIT                                                                       \
    {                                                                                              \
        NULL, NULL                                                                                 \
    }

/*
 * Gathers it. page_folder must exist; number names the copy of the recording, if report.audio asks
 * for one: <page_folder>/audio/item-<number>.<extension>. What is missing or broken is told in the
 * JSON; only lack of memory and a copy that cannot be written are errors. The caller frees *page,
 * also after a failure. Safe to call from several threads at once for different items.
 */
SILBE_MUST_CHECK silbe_status silbe_page_item_new(const silbe_config *config,
                                                  const silbe_page_modes *modes,
                                                  const silbe_item *item, size_t number,
                                                  const char *page_folder, silbe_page_item *page,
                                                  silbe_err *err);

void silbe_page_item_free(silbe_page_item *page);

#endif
