#include "align/score/sync_level.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "align/dtw/dtw.h"
#include "align/path/map.h"
#include "align/score/downsample.h"
#include "align/score/score_features.h"
#include "align/score/sync_cost.h"
#include "align/score/word_times.h"
#include "features/base/memory.h"

enum { MIN_FRAMES = 4 };

/* All that a level allocates. */
typedef struct {
    silbe_score_grid grid; /* of the score at the level's frame rate */
    double hop_s;          /* of the level, a multiple of the recording's */
    double duration_s;
    silbe_matrix heard_chroma, heard_onset, raw_chroma, chroma, onset;
    silbe_sync_cost cost;
    const silbe_score_evidence *evidence;
    size_t *lo, *hi; /* one block */
    silbe_dtw_problem problem;
    void *scratch;
    silbe_path_point *path;
    silbe_dtw_result result;
} workspace;

static void workspace_free(workspace *work)
{
    silbe_matrix_free(&work->heard_chroma);
    silbe_matrix_free(&work->heard_onset);
    silbe_matrix_free(&work->raw_chroma);
    silbe_matrix_free(&work->chroma);
    silbe_matrix_free(&work->onset);
    silbe_sync_cost_free(&work->cost);
    free(work->lo);
    free(work->scratch);
    free(work->path);
}

/* Score chroma is made at the recording's frame rate and thinned out in the same way. */
static void make_score_features(const silbe_score *score, const silbe_recording *recording,
                                const silbe_sync_level *level, size_t factor, size_t window,
                                workspace *work, silbe_err *err)
{
    double seconds_per_q =
        level->seconds_per_q > 0 ? level->seconds_per_q : work->duration_s / score->end_q;
    silbe_score_grid fine = {.hop_s = recording->hop_s,
                             .lead_s = level->pad_s,
                             .seconds_per_q = seconds_per_q,
                             .transposition_semitones = level->transposition_semitones};
    fine.n_frames =
        (size_t)floor((score->end_q * seconds_per_q + 2 * level->pad_s) / fine.hop_s) + 1;
    silbe_try(err, silbe_score_chroma(score, &fine, &work->raw_chroma, err));
    silbe_try(err,
              silbe_downsample_unit_rows(&work->raw_chroma, factor, window, &work->chroma, err));
    silbe_matrix_free(&work->raw_chroma);
    work->grid = fine;
    work->grid.hop_s = work->hop_s;
    work->grid.n_frames = work->chroma.n_rows;
    if (level->onset_weight > 0) {
        silbe_try(err,
                  silbe_score_onsets(score, &work->grid, level->onset_decay_s, &work->onset, err));
    }
}

/* Chroma, onsets, and what else is known. */
static silbe_status cost_row(const void *context, size_t n, size_t m_begin, size_t m_end,
                             float *cost, silbe_err *err)
{
    const workspace *work = context;
    silbe_status status = silbe_sync_cost_row(&work->cost, n, m_begin, m_end, cost, err);
    if (status == SILBE_OK && work->evidence != NULL && work->evidence->add_match != NULL) {
        double q = ((double)n * work->hop_s - work->grid.lead_s) / work->grid.seconds_per_q;
        work->evidence->add_match(work->evidence->context, q, work->hop_s, m_begin, m_end, cost);
    }
    return status;
}

static void make_features(const silbe_score *score, const silbe_recording *recording,
                          const silbe_sync_level *level, workspace *work, silbe_err *err)
{
    size_t factor = (size_t)fmax(1, floor(level->hop_s / recording->hop_s + 0.5));
    work->hop_s = (double)factor * recording->hop_s;
    work->duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    double window_s = fmax(level->smoothing_s, 2 * work->hop_s);
    size_t window = (size_t)fmax(1, floor(window_s / recording->hop_s + 0.5));
    if (!(score->end_q > 0) || recording->chroma->n_cols != SILBE_SCORE_PITCH_CLASSES ||
        recording->onset->n_cols != SILBE_SCORE_PITCH_CLASSES ||
        recording->onset->n_rows != recording->chroma->n_rows) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "the score is empty, or chroma and onsets have other shapes");
        return;
    }
    silbe_try(err, silbe_downsample_unit_rows(recording->chroma, factor, window,
                                              &work->heard_chroma, err));
    if (work->heard_chroma.n_rows < MIN_FRAMES) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "the recording lasts only %.2f s: too short to be aligned",
                                  work->duration_s));
        return;
    }
    if (level->onset_weight > 0) {
        silbe_try(err, silbe_downsample_max(recording->onset, factor, &work->heard_onset, err));
    }
    make_score_features(score, recording, level, factor, window, work, err);
    silbe_try(err,
              silbe_sync_cost_new(&work->cost, &work->chroma, &work->onset, &work->heard_chroma,
                                  &work->heard_onset, level->onset_weight, err));
    double weight = level->side_weight;
    work->evidence = level->evidence;
    work->problem = (silbe_dtw_problem){.n_rows = work->chroma.n_rows,
                                        .n_cols = work->heard_chroma.n_rows,
                                        .cost = cost_row,
                                        .context = work,
                                        .steps = silbe_path_steps_classical(2, weight, weight)};
}

/* Columns within band_s of the guess, allowing the score's time to be off by half of that, too. */
static void make_band(const silbe_score_events *events, const double *event_s, double band_s,
                      workspace *work, silbe_err *err)
{
    size_t n_rows = work->problem.n_rows;
    const silbe_score_grid *grid = &work->grid;
    silbe_score_times times = {.event_q = events->onset_q,
                               .event_s = event_s,
                               .n_events = events->n_events,
                               .duration_s = work->duration_s};
    double slack_q = 0.5 * band_s / grid->seconds_per_q;
    double last = (double)(work->problem.n_cols - 1);
    work->lo = silbe_alloc(n_rows, 2 * sizeof *work->lo, "frames of a band", err);
    if (silbe_failed(err)) {
        return;
    }
    work->hi = work->lo + n_rows;
    for (size_t n = 0; n < n_rows; n++) {
        double q = ((double)n * grid->hop_s - grid->lead_s) / grid->seconds_per_q;
        double at = silbe_score_time(&times, q);
        double from = fmin(at, silbe_score_time(&times, q - slack_q) + 0.5 * band_s) - band_s;
        double to = fmax(at, silbe_score_time(&times, q + slack_q) - 0.5 * band_s) + band_s;
        work->lo[n] = (size_t)fmin(fmax(floor(from / work->hop_s), 0), last);
        work->hi[n] = (size_t)fmin(fmax(ceil(to / work->hop_s), 0), last) + 1;
    }
    /* Both corners belong to the band, and its edges never go back. */
    work->lo[0] = 0;
    work->hi[n_rows - 1] = work->problem.n_cols;
    for (size_t n = n_rows - 1; n-- > 0;) {
        work->lo[n] = work->lo[n] < work->lo[n + 1] ? work->lo[n] : work->lo[n + 1];
    }
    for (size_t n = 1; n < n_rows; n++) {
        work->hi[n] = work->hi[n] > work->hi[n - 1] ? work->hi[n] : work->hi[n - 1];
    }
    work->problem.lo = work->lo;
    work->problem.hi = work->hi;
}

static void solve(workspace *work, int wants_path, silbe_err *err)
{
    size_t bytes = 0;
    silbe_try(err, silbe_dtw_scratch_size(&work->problem, NULL, &bytes, err));
    if (silbe_failed(err)) {
        return;
    }
    size_t capacity = wants_path ? silbe_dtw_path_capacity(&work->problem) : 0;
    work->scratch = silbe_need(malloc(bytes), "DTW", err);
    work->path = silbe_alloc(capacity, sizeof *work->path, "cells of a path", err);
    silbe_try(err, silbe_dtw_run(&work->problem, NULL, work->scratch, bytes,
                                 wants_path ? work->path : NULL, capacity, &work->result, err));
}

/* Where the path puts the events. */
static void place_events(const workspace *work, const silbe_score_events *events, double *event_s,
                         silbe_err *err)
{
    size_t length = work->result.path_length;
    double *values = silbe_alloc(length, 2 * sizeof *values, "cells of a path", err);
    if (values == NULL) {
        return;
    }
    silbe_map map = {.x_s = values, .y_s = values + length, .outside = SILBE_MAP_CLAMP};
    silbe_try(err, silbe_map_from_path(work->path, length, work->hop_s, work->hop_s, work->path,
                                       &map, err));
    for (size_t k = 0; k < events->n_events && !silbe_failed(err); k++) {
        event_s[k] =
            silbe_map_y(&map, work->grid.lead_s + events->onset_q[k] * work->grid.seconds_per_q);
    }
    free(values);
}

silbe_status silbe_sync_level_cost(const silbe_score *score, const silbe_recording *recording,
                                   const silbe_sync_level *level, double *cost, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    workspace work = {0};
    make_features(score, recording, level, &work, err);
    solve(&work, 0, err);
    *cost = work.result.cost;
    workspace_free(&work);
    return err->status;
}

silbe_status silbe_sync_level_run(const silbe_score *score, const silbe_score_events *events,
                                  const silbe_recording *recording, const silbe_sync_level *level,
                                  double *event_s, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    workspace work = {0};
    make_features(score, recording, level, &work, err);
    if (level->band_s > 0 && !silbe_failed(err)) {
        make_band(events, event_s, level->band_s, &work, err);
    }
    solve(&work, 1, err);
    place_events(&work, events, event_s, err);
    workspace_free(&work);
    return err->status;
}
