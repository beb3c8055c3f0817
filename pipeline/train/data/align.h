/*
 * The phones of one utterance in time: made up (flat start) or by Viterbi (align/trellis) over the
 * posteriors of a model. Thread-safe; the model is only read.
 */
#ifndef SILBE_TRAIN_ALIGN_H
#define SILBE_TRAIN_ALIGN_H

#include "features/model/weights.h"
#include "pipeline/train/data/alignment.h"

/*
 * Flat start: silence as long as the sound at either end stays below the energy threshold
 * (3/10 of the way from the level of the quiet tenth to that of the loud tenth of the frames, in
 * nats), and the first pronunciations of all words over the rest, each phone in proportion to its
 * expected duration in speech (phones.c). `stride` input frames to an output frame.
 * SILBE_ERR_INFEASIBLE: more phones than frames. *alignment: n_frames is set already.
 */
SILBE_MUST_CHECK silbe_status silbe_align_flat(const silbe_corpus *corpus,
                                               const silbe_utterance *utterance, size_t stride,
                                               silbe_alignment *alignment, silbe_err *err);

typedef struct {
    double prior_scale; /* of log_prior in the emissions, 0..1 */
    double scale;       /* of emissions against durations and pronunciations, > 0 */
} silbe_realign_options;

/* {0.6, 1} */
silbe_realign_options silbe_realign_options_default(void);

/*
 * Aligns all utterances with a model, in parallel: the best path through an HMM of words with all
 * their pronunciations, optional silence at both ends and between words, minimum and mean durations
 * from the phone table for speech, which begins log-normalised (trellis.h). Replaces the segments;
 * utterances without a path get none and are counted in *n_unaligned; SILBE_ERR_INFEASIBLE: all of
 * them. *logp: mean per frame of the others.
 */
SILBE_MUST_CHECK silbe_status silbe_realign_run(const silbe_corpus *corpus,
                                                const silbe_model *model, const double *log_prior,
                                                const silbe_realign_options *options,
                                                silbe_alignments *alignments, double *logp,
                                                size_t *n_unaligned, silbe_err *err);

#endif
