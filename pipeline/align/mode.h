/*
 * The modes of silbe-align: one for each kind of evidence. A mode is a stage of the chain, which
 * says what it reads and makes; here is how.
 */
#ifndef SILBE_ALIGN_MODE_H
#define SILBE_ALIGN_MODE_H

#include "datasets/dataset.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/config.h"

/* Everything that an item may read beside its files. Borrowed, read-only. */
typedef struct {
    silbe_stage_id mode;
    const silbe_dataset *dataset; /* item: dataset->items[stage_item->tag] */
    const silbe_config *config;
    char settings_digest[SILBE_DIGEST_HEX_SIZE];
} silbe_align_context;

typedef struct {
    /* As silbe_stage_fn; the word times are written by silbe_align_write_words. */
    silbe_status (*run_item)(const silbe_align_context *context, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err);
    /* Called once after the last item, unless nothing could be done; or NULL. */
    silbe_status (*finish)(const silbe_align_context *context, silbe_err *err);
} silbe_align_mode;

extern const silbe_align_mode silbe_align_mode_score;
extern const silbe_align_mode silbe_align_mode_lyrics;
extern const silbe_align_mode silbe_align_mode_joint;

/* By its place in the chain. */
const silbe_align_mode *silbe_align_mode_get(silbe_stage_id mode);

/* silbe_chain_fill for a mode, and for each item the file of words set by hand, if there is one,
 * and the word times in each format of output.formats. */
SILBE_MUST_CHECK silbe_status silbe_align_fill(silbe_stage *stage,
                                               const silbe_align_context *context, silbe_err *err);

/* A step (features/base/status.h): fills *words, which must be SILBE_WORDS_INIT, with the text and
 * the facts of the item. The lyrics are moved out of labels. Times are still missing. */
void silbe_align_begin_words(const silbe_align_context *context, const silbe_stage_item *item,
                             silbe_labels *labels, double duration_s, silbe_words *words,
                             silbe_err *err);

/* Writes the word times in the formats of output.formats. */
SILBE_MUST_CHECK silbe_status silbe_align_write_words(const silbe_align_context *context,
                                                      const silbe_stage_item *item,
                                                      const silbe_words *words,
                                                      const char *const *temps, silbe_err *err);

#endif
