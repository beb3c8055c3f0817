/*
 * Items in parallel, reports in order: one item is one task, handed out dynamically; what is
 * reported does not depend on the number of threads, except for the times.
 */
#ifndef SILBE_BATCH_H
#define SILBE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/host/log.h"

typedef enum {
    SILBE_ITEM_OK = 0,
    SILBE_ITEM_UP_TO_DATE,
    SILBE_ITEM_FAILED,
    SILBE_ITEM_DROPPED, /* not begun, because the run was asked to stop */
} silbe_item_outcome;

/* What an item's function tells about its item. */
typedef struct {
    bool up_to_date; /* nothing had to be done */
    double audio_s;  /* length of the recording; 0 when the item has none */
    char *notes;     /* lines for the verbose log, owned by the batch; see silbe_item_note */
    char *warnings;  /* lines that are shown unless quiet, owned by the batch */
} silbe_item_report;

/* Appends one line; drops it if memory is short. */
void silbe_item_note(silbe_item_report *report, const char *format, ...) SILBE_PRINTF(2, 3);
void silbe_item_warning(silbe_item_report *report, const char *format, ...) SILBE_PRINTF(2, 3);

/* Works on item index; called by several threads at once, each with its own report and err. */
typedef silbe_status (*silbe_item_fn)(void *context, size_t index, silbe_item_report *report,
                                      silbe_err *err);

typedef struct {
    size_t n_ok;
    size_t n_up_to_date;
    size_t n_failed;
    size_t n_dropped;
    bool interrupted; /* a signal asked to stop */
} silbe_batch_summary;

/*
 * Runs fn for the n_items items on n_threads threads (>= 1). For each, in order of index, logs
 *   [ 3/12] Schubert_D911-18_HU33  ok  123.4 s audio, 0.8 s (154x real time)
 * or "up to date" or "FAILED: reason". A failed item does not stop the others; it is not a failure
 * of this function but counted in *summary. Fails only when memory is short.
 */
SILBE_MUST_CHECK silbe_status silbe_batch_run(const char *const *names, size_t n_items,
                                              int n_threads, silbe_item_fn fn, void *context,
                                              silbe_log *log, silbe_batch_summary *summary,
                                              silbe_err *err);

#endif
