/*
 * The modes of silbe-align: one row for each kind of evidence. A mode is a stage of its own, with
 * the folder WORK/<dataset>/<name>/; what they share is here and in items.h.
 */
#ifndef SILBE_ALIGN_MODE_H
#define SILBE_ALIGN_MODE_H

#include <stdbool.h>

#include "datasets/dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/config.h"

typedef struct silbe_align_mode silbe_align_mode;

/* Everything that an item may read beside its files. Borrowed, read-only. */
typedef struct {
    const silbe_align_mode *mode;
    const silbe_dataset *dataset; /* item: dataset->items[stage_item->tag] */
    const silbe_config *config;
    char settings_digest[SILBE_DIGEST_HEX_SIZE];
} silbe_align_context;

struct silbe_align_mode {
    const char *name;        /* the stage's folder, align.mode, and "mode" in the outputs */
    const char *const *keys; /* settings that decide the results, as for silbe_config_digest */
    size_t n_keys;
    bool needs_score; /* an item without a score fails in it */
    /* Appends to the stage's item `index` the files it reads, and the outputs that come before the
     * word times (which are appended for all modes alike). */
    silbe_status (*add_item)(silbe_stage *stage, size_t index, const silbe_config *config,
                             const silbe_item *item, silbe_err *err);
    /* As silbe_stage_fn. The word times go to temps[n], n being the number of outputs that add_item
     * appended, by silbe_align_write_words. */
    silbe_status (*run_item)(const silbe_align_context *context, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err);
    /* Called once after the last item, unless nothing could be done; or NULL. */
    silbe_status (*finish)(const silbe_align_context *context, silbe_err *err);
};

/* The modes in the order of align.mode's choices, without "all"; *n_modes rows, static. */
const silbe_align_mode *const *silbe_align_modes(size_t *n_modes);

/* Whether the mode has what it needs for any of the items that run.items selects: align.mode=all
 * leaves it out otherwise. */
bool silbe_align_mode_applies(const silbe_align_mode *mode, const silbe_config *config,
                              const silbe_dataset *dataset);

extern const silbe_align_mode silbe_align_mode_score;
extern const silbe_align_mode silbe_align_mode_lyrics;
extern const silbe_align_mode silbe_align_mode_joint;

#endif
