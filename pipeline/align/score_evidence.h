/*
 * What the modes that have a score share: the features as the synchroniser wants them, words set by
 * hand, its options, and the score positions of the result.
 */
#ifndef SILBE_ALIGN_SCORE_EVIDENCE_H
#define SILBE_ALIGN_SCORE_EVIDENCE_H

#include "align/score/score_sync.h"
#include "pipeline/align/mode.h"

/* Borrowed from inputs. */
silbe_recording silbe_score_recording(const silbe_align_inputs *inputs);

/* The words that were set by hand, as anchors; none: NULL. The caller frees *anchors.
 * SILBE_ERR_MISMATCH: a word behind the end of the recording. */
SILBE_MUST_CHECK silbe_status silbe_score_anchors_read(const silbe_align_inputs *inputs,
                                                       silbe_score_anchor **anchors,
                                                       size_t *n_anchors, silbe_item_report *report,
                                                       silbe_err *err);

/* The synchroniser's options that the settings ask for. */
silbe_score_sync_options silbe_score_options_from(const silbe_config *config);

/* A step (features/base/status.h): the events of the score in result->path. */
void silbe_score_path_fill(const silbe_score_sync *sync, silbe_align_result *result,
                           silbe_err *err);

#endif
