/*
 * Score and sung phones together: the synchronisation of the score (score_sync.h), and where it
 * goes astray (bars that one of them lacks, wrong notes, noise) one that also knows what is sung.
 *
 *   score       the synchronisation by chroma and onsets alone
 *   proposals   the same chain of events with the phones in its costs, begun (1) where the score's
 *               times are and (2) where DTW on chroma, onsets and phones puts them; a jump in time
 *               costs the same however far it goes
 *   choice      wherever a proposal differs and the score is unsure, it is taken over if its cost
 *               in that chain is lower by more than margin_nats, and it is surer
 *
 * So the times are the score's, to the byte, except where the score is unsure and onsets, notes,
 * tempo and phones together speak against them; all of them if all weights of the phones are 0.
 */
#ifndef SILBE_ALIGN_JOINT_JOINT_SYNC_H
#define SILBE_ALIGN_JOINT_JOINT_SYNC_H

#include "align/joint/phone_evidence.h"
#include "align/score/score_sync.h"

typedef struct {
    silbe_score_sync_options score; /* its evidence and guess are not looked at */
    double wide_window_s;           /* of the proposals, > 0 */
    double max_jump_nats;           /* what a jump in time costs, > 0 */
    double same_s;                  /* proposals that differ by less are the same, >= 0 */
    double margin_nats;             /* >= 0 */
    double sure;       /* confidence from which on the score's times are left alone, >= 0 */
    double believable; /* confidence that a proposal must have, >= 0 */
} silbe_joint_options;

typedef struct {
    silbe_score_sync sync; /* owned: events, times and confidences as chosen */
    bool *is_moved;        /* events.n_events: not the score's time; owned */
    size_t n_moved;
    size_t n_stretches; /* runs of events that were moved */
} silbe_joint_sync;

#define SILBE_JOINT_SYNC_INIT                                                                      \
    {                                                                                              \
        .n_moved = 0                                                                               \
    }

/*
 * Errors as silbe_score_sync_run and silbe_phone_evidence_check; SILBE_ERR_ARGUMENT for options out
 * of range. The caller frees *joint, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_joint_sync_run(const silbe_score *score,
                                                   const silbe_recording *recording,
                                                   const silbe_phone_evidence *evidence,
                                                   const silbe_joint_options *options,
                                                   silbe_joint_sync *joint, silbe_err *err);

void silbe_joint_sync_free(silbe_joint_sync *joint);

/*
 * Chooses between two placements of n events: wherever |proposal_s - time_s| > same_s for a run of
 * events [i, j], it is taken over if
 *   the sum over k in [i - 1, j] of proposal_cost[k] is lower than that of cost[k] by more than
 *   margin_nats, and
 *   the mean of confidence[k] over [i, j] is lower than sure and than that of proposal_confidence,
 *   which is believable.
 * Taken over are times, costs, confidences, and is_moved is set; times stay strictly increasing.
 * Returns how many runs were taken over.
 */
size_t silbe_joint_choose(size_t n, const silbe_joint_options *options, const double *proposal_s,
                          const double *proposal_cost, const double *proposal_confidence,
                          double *time_s, double *cost, double *confidence, bool *is_moved);

#endif
