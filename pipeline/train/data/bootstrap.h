/*
 * Phone times for recordings that have only a text: flat start, then rounds of training
 * (frame-wise cross-entropy) and realignment (Viterbi).
 *
 * Files in the folder, round r = 00, 01, ...:
 *   settings.txt         what the run was started with
 *   round_rr.tsv         alignment after round r (alignment.h); 00 is the flat start, or the
 *                        alignment of the initial model
 *   round_rr.weights     model that made it (float32); none for a flat start
 *   round_rr.csv         learning curve of its training
 *   round_rr.checkpoint  while round r trains
 * A run that was stopped, or killed, goes on where it was, with the same bytes as if it had never
 * been; one with other settings or another corpus is SILBE_ERR_MISMATCH.
 */
#ifndef SILBE_TRAIN_BOOTSTRAP_H
#define SILBE_TRAIN_BOOTSTRAP_H

#include "pipeline/train/data/align.h"
#include "pipeline/train/learn/loop.h"

typedef struct {
    size_t round;       /* 0: the start */
    double loss;        /* of the last tenth of the round's steps, nats per frame; 0 in round 0 */
    double right;       /* share of frames right there, 0..1 */
    double logp;        /* of the Viterbi paths, per frame, mean over utterances */
    double changed;     /* share of frames whose phone differs from the round before */
    double silence;     /* share of frames that are silence */
    size_t n_unaligned; /* utterances without a path */
    double train_s;     /* wall-clock; 0 if the round had been done before */
    double align_s;
    const silbe_alignments *alignments; /* borrowed, during the call */
    const silbe_model *model;           /* NULL in a flat start */
} silbe_bootstrap_round;

typedef struct {
    const char *folder;
    size_t n_rounds;        /* default 8 */
    size_t steps_per_round; /* default 120, see below */
    size_t n_batch;         /* utterances a step, default 16 */
    double peak_rate;       /* default 2e-3; each round has its own warm-up and decay to 0 */
    double smoothing;       /* of labels, default 0.1 */
    uint64_t seed;
    silbe_net_shape shape;      /* SILBE_N_PHONES classes */
    const silbe_model *initial; /* of that shape: instead of a flat start; or NULL */
    silbe_realign_options realign;
    silbe_logmel_options logmel; /* what the corpus was made with */
    void (*on_round)(void *context, const silbe_bootstrap_round *round);
    void *round_context;
    silbe_train_progress_fn *on_progress; /* or NULL */
    void *progress_context;
    size_t progress_every; /* steps; 0: never */
    bool (*should_stop)(void *context);
    void *stop_context;
} silbe_bootstrap_options;

/*
 * Shape: 2 blocks of width 3, 128 channels, which sees 70 ms to either side. Narrow and briefly
 * trained on purpose: a network that sees or learns more repeats the errors of the flat start
 * instead of mending them. On 131 minutes of German, 400 steps a round instead of 120 gave a median
 * distance from hand-made onsets (de_emodb) of 27 instead of 16 ms after six rounds, 22 instead of
 * 10 ms late. A network of 660 ms (with 250 steps and a higher threshold of silence; the three were
 * not told apart) settled 46 ms late.
 */
silbe_bootstrap_options silbe_bootstrap_options_default(void);

/*
 * Runs all rounds. *alignments (frees: caller) and *model (likewise, _INIT before) are those of the
 * last round done; either may be NULL. *is_complete: false if should_stop said so. OpenMP; the same
 * bytes with any number of threads.
 */
SILBE_MUST_CHECK silbe_status silbe_bootstrap_run(const silbe_bootstrap_options *options,
                                                  const silbe_corpus *corpus,
                                                  silbe_alignments *alignments, silbe_model *model,
                                                  bool *is_complete, silbe_err *err);

#endif
