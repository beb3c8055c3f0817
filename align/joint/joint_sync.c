#include "align/joint/joint_sync.h"

#include <math.h>
#include <stdlib.h>

#include "align/score/score_features.h"
#include "features/base/memory.h"

void silbe_joint_sync_free(silbe_joint_sync *joint)
{
    silbe_score_sync_free(&joint->sync);
    free(joint->is_moved);
    *joint = (silbe_joint_sync)SILBE_JOINT_SYNC_INIT;
}

size_t silbe_joint_choose(size_t n, const silbe_joint_options *options, const double *proposal_s,
                          const double *proposal_cost, const double *proposal_confidence,
                          double *time_s, double *cost, double *confidence, bool *is_moved)
{
    size_t n_runs = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(proposal_s[i] - time_s[i]) > options->same_s)) {
            continue;
        }
        size_t end = i;
        double gain = i > 0 ? cost[i - 1] - proposal_cost[i - 1] : 0, sum = 0, proposal_sum = 0;
        for (; end < n && fabs(proposal_s[end] - time_s[end]) > options->same_s; end++) {
            gain += cost[end] - proposal_cost[end];
            sum += confidence[end];
            proposal_sum += proposal_confidence[end];
        }
        double n_run = (double)(end - i);
        bool is_unsure = sum < options->sure * n_run;
        bool is_surer = proposal_sum > sum && proposal_sum >= options->believable * n_run;
        if (gain > options->margin_nats && is_unsure && is_surer) {
            n_runs++;
            for (size_t k = i; k < end; k++) {
                time_s[k] = proposal_s[k];
                cost[k] = proposal_cost[k];
                confidence[k] = proposal_confidence[k];
                is_moved[k] = true;
            }
        }
        i = end - 1;
    }
    for (size_t k = 1; k < n; k++) {
        time_s[k] = fmax(time_s[k], time_s[k - 1] + SILBE_EVENT_GAP_S);
    }
    return n_runs;
}

/* What the chain of events wants to know of the score. */
typedef struct {
    const silbe_score *score;
    const silbe_recording *recording;
    silbe_score_sync_options options; /* of the proposals */
    silbe_matrix onsets, chroma;      /* of the events */
    double *cost;                     /* of the times chosen so far; one block with the next */
    double *proposal_cost;            /* */
} workspace;

static void workspace_new(workspace *work, const silbe_joint_sync *joint, silbe_err *err)
{
    const silbe_score_events *events = &joint->sync.events;
    const silbe_score_sync_options *options = &work->options;
    int shift = joint->sync.coarse.transposition_semitones;
    work->cost = silbe_alloc(events->n_events, 2 * sizeof *work->cost, "events", err);
    silbe_try(err, silbe_event_onsets(work->score, events, shift, work->recording->low_pitch,
                                      work->recording->pitch_onset->n_cols, options->n_partials,
                                      options->partial_falloff, &work->onsets, err));
    silbe_try(err, silbe_event_chroma(work->score, events, shift, &work->chroma, err));
    if (!silbe_failed(err)) {
        work->proposal_cost = work->cost + events->n_events;
    }
}

static void workspace_free(workspace *work)
{
    silbe_matrix_free(&work->onsets);
    silbe_matrix_free(&work->chroma);
    free(work->cost);
}

static void path_costs(const workspace *work, const silbe_score_sync *sync, double *cost,
                       silbe_err *err)
{
    silbe_try(err,
              silbe_onset_path_costs(&sync->events, &work->onsets, &work->chroma, work->recording,
                                     &work->options.wide, sync->event_s, cost, err));
}

/* The chain with phones, begun at guess; then the choice. */
static void propose(workspace *work, const silbe_joint_options *options,
                    const silbe_score_sync *guess, silbe_joint_sync *joint, silbe_err *err)
{
    silbe_score_sync proposal = SILBE_SCORE_SYNC_INIT;
    silbe_score_sync *sync = &joint->sync;
    work->options.guess = guess;
    silbe_try(err,
              silbe_score_sync_run(work->score, work->recording, &work->options, &proposal, err));
    path_costs(work, &proposal, work->proposal_cost, err);
    path_costs(work, sync, work->cost, err); /* anew: the tempo beside a choice changes with it */
    if (!silbe_failed(err)) {
        joint->n_stretches += silbe_joint_choose(
            sync->events.n_events, options, proposal.event_s, work->proposal_cost,
            proposal.confidence, sync->event_s, work->cost, sync->confidence, joint->is_moved);
    }
    silbe_score_sync_free(&proposal);
}

/* The second guess: DTW that also knows the phones. All but its times is borrowed from sync. */
static silbe_score_sync guess_with_phones(const workspace *work, const silbe_score_sync *sync,
                                          silbe_err *err)
{
    silbe_score_sync guess = *sync;
    guess.event_s = silbe_alloc(sync->events.n_events, sizeof *guess.event_s, "events", err);
    silbe_try(err,
              silbe_coarse_sync(work->score, &sync->events, work->recording, &work->options.coarse,
                                sync->coarse.transposition_semitones, guess.event_s, err));
    return guess;
}

static silbe_status check_options(const silbe_joint_options *options, silbe_err *err)
{
    if (!(options->wide_window_s > 0) || !(options->max_jump_nats > 0) || !(options->same_s >= 0) ||
        !(options->margin_nats >= 0) || !(options->sure >= 0) || !(options->believable >= 0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "mode joint: window %g s, jump %g nats, tolerance %g s, margin %g nats "
                          "or confidences %g and %g are out of range",
                          options->wide_window_s, options->max_jump_nats, options->same_s,
                          options->margin_nats, options->sure, options->believable);
    }
    return SILBE_OK;
}

/* What the phones say, on top of what the score said; nothing where they have no weight. */
static void add_phones(const silbe_score *score, const silbe_recording *recording,
                       const silbe_phone_evidence *evidence, const silbe_joint_options *options,
                       silbe_joint_sync *joint, silbe_err *err)
{
    bool has_weight =
        evidence->match_weight > 0 || evidence->hold_weight > 0 || evidence->onset_weight > 0;
    if (silbe_failed(err) || !has_weight) {
        return;
    }
    workspace work = {.score = score, .recording = recording, .options = options->score};
    silbe_score_evidence phones = silbe_phone_evidence_for_score(evidence);
    work.options.coarse.evidence = &phones;
    work.options.wide.evidence = work.options.narrow.evidence = &phones;
    work.options.wide.half_window_s = options->wide_window_s;
    work.options.wide.max_tempo_cost = options->max_jump_nats;
    work.options.narrow.max_tempo_cost = options->max_jump_nats;
    workspace_new(&work, joint, err);
    silbe_score_sync guess = guess_with_phones(&work, &joint->sync, err);
    propose(&work, options, &guess, joint, err);
    propose(&work, options, &joint->sync, joint, err);
    free(guess.event_s);
    workspace_free(&work);
}

silbe_status silbe_joint_sync_run(const silbe_score *score, const silbe_recording *recording,
                                  const silbe_phone_evidence *evidence,
                                  const silbe_joint_options *options, silbe_joint_sync *joint,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *joint = (silbe_joint_sync)SILBE_JOINT_SYNC_INIT;
    silbe_score_sync_options plain = options->score;
    plain.guess = NULL;
    plain.coarse.evidence = plain.wide.evidence = plain.narrow.evidence = NULL;
    silbe_try(err, check_options(options, err));
    silbe_try(err, silbe_phone_evidence_check(evidence, err));
    silbe_try(err, silbe_score_sync_run(score, recording, &plain, &joint->sync, err));
    size_t n_events = joint->sync.events.n_events;
    joint->is_moved = silbe_alloc(n_events, sizeof *joint->is_moved, "events", err);
    add_phones(score, recording, evidence, options, joint, err);
    for (size_t k = 0; k < n_events && !silbe_failed(err); k++) {
        joint->n_moved += joint->is_moved[k];
    }
    return err->status;
}
