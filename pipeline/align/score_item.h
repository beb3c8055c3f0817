/*
 * What the modes that have a score share: features, labels and words set by hand of an item, the
 * synchroniser's options, and the file of score positions.
 */
#ifndef SILBE_ALIGN_SCORE_ITEM_H
#define SILBE_ALIGN_SCORE_ITEM_H

#include "align/score/score_sync.h"
#include "pipeline/align/mode.h"
#include "pipeline/files/features_file.h"
#include "pipeline/files/labels_file.h"

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

/* Reads the files; the message for an item without a score names the mode. *read must be zero; the
 * caller frees it, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_score_item_read(const silbe_align_context *context,
                                                    const silbe_stage_item *item,
                                                    silbe_score_item *read, silbe_err *err);

/* The features as the synchroniser wants them; borrowed. */
silbe_recording silbe_score_item_recording(const silbe_score_item *item);

/* The words of the item that were set by hand, if there are any, as anchors. */
SILBE_MUST_CHECK silbe_status silbe_score_item_read_anchors(const silbe_stage_item *item,
                                                            silbe_score_item *read,
                                                            silbe_item_report *report,
                                                            silbe_err *err);

/* The synchroniser's options that the settings ask for. */
silbe_score_sync_options silbe_score_options_from(const silbe_config *config);

/* Rows (onset_q, time_s, confidence), one for each event of the score. */
SILBE_MUST_CHECK silbe_status silbe_score_item_write_path(const char *path,
                                                          const silbe_score_sync *sync,
                                                          silbe_err *err);

#endif
