/*
 * The modes of silbe-align: one for each kind of evidence. A mode is a stage of the chain, which
 * says what it reads and makes; here is how.
 */
#ifndef SILBE_ALIGN_MODE_H
#define SILBE_ALIGN_MODE_H

#include "datasets/dataset.h"
#include "pipeline/align/inputs.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/config.h"

/* Everything that all items share. Borrowed, read-only. */
typedef struct {
    silbe_stage_id mode;
    const silbe_dataset *dataset; /* item: dataset->items[stage_item->tag]; NULL without stages */
    const silbe_config *config;
    char settings_digest[SILBE_DIGEST_HEX_SIZE];
} silbe_align_context;

/* Owned. */
typedef struct {
    silbe_words words;
    double (*path)[3]; /* of each event of the score: position in quarter notes, seconds,
                          confidence; NULL in modes without score */
    size_t n_path;
} silbe_align_result;

#define SILBE_ALIGN_RESULT_INIT                                                                    \
    {                                                                                              \
        .path = NULL                                                                               \
    }

void silbe_align_result_free(silbe_align_result *result);

typedef struct {
    /* From what was read or made to word times. Moves the lyrics out of inputs->labels. *result
     * must be _INIT; the caller frees it, also after a failure. Sets nothing of the report but
     * notes and warnings. Thread-safe; err is not NULL and holds no failure. */
    silbe_status (*solve)(const silbe_align_context *context, silbe_align_inputs *inputs,
                          silbe_align_result *result, silbe_item_report *report, silbe_err *err);
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

/* Solves the inputs in the context's mode: as its solve, with the recording's name before a
 * message. */
SILBE_MUST_CHECK silbe_status silbe_align_solve(const silbe_align_context *context,
                                                silbe_align_inputs *inputs,
                                                silbe_align_result *result,
                                                silbe_item_report *report, silbe_err *err);

/* A silbe_stage_fn whose context is a silbe_align_context: reads the item's files, solves, and
 * writes score positions and word times. */
SILBE_MUST_CHECK silbe_status silbe_align_run_item(void *context, const silbe_stage_item *item,
                                                   const char *const *temps,
                                                   silbe_item_report *report, silbe_err *err);

/* A step (features/base/status.h), for modes: fills *words, which must be SILBE_WORDS_INIT, with
 * the text and the facts of the item. The lyrics are moved out of the labels. Times are still
 * missing. */
void silbe_align_begin_words(const silbe_align_context *context, silbe_align_inputs *inputs,
                             double duration_s, silbe_words *words, silbe_err *err);

#endif
