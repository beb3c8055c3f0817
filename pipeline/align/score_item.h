/*
 * What the modes that have a score share: features, labels and words set by hand of an item, and
 * the file of score positions.
 */
#ifndef SILBE_ALIGN_SCORE_ITEM_H
#define SILBE_ALIGN_SCORE_ITEM_H

#include "align/score/score_sync.h"
#include "pipeline/align/mode.h"
#include "pipeline/files/features_file.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/run/batch.h"

/* Inputs of a stage item that come first. */
enum {
    SILBE_SCORE_ITEM_CHROMA,
    SILBE_SCORE_ITEM_ONSET,
    SILBE_SCORE_ITEM_PITCH_ONSET,
    SILBE_SCORE_ITEM_FACTS,
    SILBE_SCORE_ITEM_LABELS,
    SILBE_SCORE_ITEM_N_INPUTS
};

/* What one item reads; owned. */
typedef struct {
    silbe_matrix chroma;
    silbe_matrix onset;
    silbe_matrix pitch_onset;
    silbe_features_facts facts;
    silbe_labels labels;
    silbe_score_anchor *anchors; /* NULL: none */
    size_t n_anchors;
} silbe_score_item;

void silbe_score_item_free(silbe_score_item *item);

/* Appends those inputs. */
SILBE_MUST_CHECK silbe_status silbe_score_item_add_inputs(silbe_stage *stage, size_t index,
                                                          const silbe_config *config,
                                                          const silbe_item *item, silbe_err *err);

/* Reads them; the message for an item without a score names the mode. *read must be zero; the
 * caller frees it, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_score_item_read(const silbe_align_context *context,
                                                    const silbe_stage_item *item,
                                                    silbe_score_item *read, silbe_err *err);

/* The features as the synchroniser wants them; borrowed. */
silbe_recording silbe_score_item_recording(const silbe_score_item *item);

/* Words set by hand, from the file at path, as anchors. */
SILBE_MUST_CHECK silbe_status silbe_score_item_read_anchors(const char *path,
                                                            silbe_score_item *item,
                                                            silbe_item_report *report,
                                                            silbe_err *err);

/* Rows (onset_q, time_s, confidence), one for each event of the score. */
SILBE_MUST_CHECK silbe_status silbe_score_item_write_path(const char *path,
                                                          const silbe_score_sync *sync,
                                                          silbe_err *err);

#endif
