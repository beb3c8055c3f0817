#include "align/score/coarse_sync.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "align/dtw/band.h"
#include "align/dtw/dtw.h"
#include "align/path/map.h"
#include "align/score/downsample.h"
#include "align/score/score_features.h"
#include "align/score/sync_cost.h"
#include "align/score/word_times.h"

enum { MIN_COARSE_FRAMES = 4 };

/* A DTW problem together with the memory that it needs. */
typedef struct {
    silbe_dtw_problem problem;
    void *scratch;
    size_t scratch_bytes;
    silbe_path_point *path;
    silbe_dtw_result result;
} solver;

static void solver_free(solver *dtw)
{
    free(dtw->scratch);
    free(dtw->path);
    dtw->scratch = NULL;
    dtw->path = NULL;
}

/* Solves dtw->problem; wants_path false computes the value alone. */
static silbe_status solve(solver *dtw, int wants_path, silbe_err *err)
{
    silbe_status status = silbe_dtw_scratch_size(&dtw->problem, NULL, &dtw->scratch_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t capacity = wants_path ? silbe_dtw_path_capacity(&dtw->problem) : 0;
    dtw->scratch = malloc(dtw->scratch_bytes);
    dtw->path = wants_path ? malloc(capacity * sizeof *dtw->path) : NULL;
    if (dtw->scratch == NULL || (wants_path && dtw->path == NULL)) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for DTW of %zu x %zu frames",
                          dtw->problem.n_rows, dtw->problem.n_cols);
    }
    return silbe_dtw_run(&dtw->problem, NULL, dtw->scratch, dtw->scratch_bytes, dtw->path, capacity,
                         &dtw->result, err);
}

/* Score time of the first level: the score, between two rests, lasts as long as the recording. */
static silbe_score_grid score_grid(const silbe_score *score, double duration_s, double pad_s,
                                   double hop_s, int transposition_semitones)
{
    silbe_score_grid grid = {.hop_s = hop_s,
                             .lead_s = pad_s,
                             .seconds_per_q = duration_s / score->end_q,
                             .transposition_semitones = transposition_semitones};
    grid.n_frames = (size_t)floor((duration_s + 2 * pad_s) / hop_s) + 1;
    return grid;
}

static silbe_status coarse_cost(const silbe_matrix *chroma, const silbe_matrix *recording_chroma,
                                double weight, int wants_path, solver *dtw, silbe_err *err)
{
    silbe_sync_cost cost;
    silbe_status status = silbe_sync_cost_new(&cost, chroma, NULL, recording_chroma, NULL, 0, err);
    if (status != SILBE_OK) {
        return status;
    }
    *dtw = (solver){.problem = {.n_rows = chroma->n_rows,
                                .n_cols = recording_chroma->n_rows,
                                .cost = silbe_sync_cost_row,
                                .context = &cost,
                                .steps = silbe_dtw_steps_classical(2, weight, weight)}};
    status = solve(dtw, wants_path, err);
    silbe_sync_cost_free(&cost);
    return status;
}

/*
 * The transposition with the least DTW cost; of equal ones the smallest, downwards first. Tried in
 * the order 0, -1, 1, -2, ...
 */
static silbe_status find_transposition(const silbe_score *score, double duration_s,
                                       const silbe_matrix *recording_chroma, double hop_s,
                                       size_t smoothing_frames, const silbe_coarse_options *options,
                                       silbe_coarse_result *result, silbe_err *err)
{
    double best = INFINITY, second = INFINITY;
    for (int i = 0; i <= 2 * options->max_transposition && i < 12; i++) {
        int shift = i % 2 == 1 ? -(i + 1) / 2 : i / 2;
        silbe_score_grid grid = score_grid(score, duration_s, options->pad_s, hop_s, shift);
        silbe_matrix raw = SILBE_MATRIX_INIT, chroma = SILBE_MATRIX_INIT;
        solver dtw = {0};
        silbe_status status = silbe_score_chroma(score, &grid, &raw, err);
        if (status == SILBE_OK) {
            status = silbe_downsample_unit_rows(&raw, 1, smoothing_frames, &chroma, err);
        }
        if (status == SILBE_OK) {
            status = coarse_cost(&chroma, recording_chroma, options->coarse_weight, 0, &dtw, err);
        }
        double cost = dtw.result.cost;
        solver_free(&dtw);
        silbe_matrix_free(&raw);
        silbe_matrix_free(&chroma);
        if (status != SILBE_OK) {
            return status;
        }
        if (cost < best) {
            second = best;
            best = cost;
            result->transposition_semitones = shift;
        } else {
            second = fmin(second, cost);
        }
    }
    double units = (double)(2 * recording_chroma->n_rows);
    result->mean_cost = best / units;
    result->transposition_margin = (second - best) / units;
    return SILBE_OK;
}

/* Where a path puts the events: event_s[k] = time in the recording of event k's score time. */
static silbe_status events_on_path(const solver *dtw, const silbe_score_events *events,
                                   const silbe_score_grid *grid, double recording_hop_s,
                                   double *event_s, silbe_err *err)
{
    size_t length = dtw->result.path_length;
    silbe_map map = {.x_s = malloc(length * sizeof(double)),
                     .y_s = malloc(length * sizeof(double)),
                     .outside = SILBE_MAP_CLAMP};
    silbe_status status = SILBE_ERR_MEMORY;
    if (map.x_s == NULL || map.y_s == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for a path of %zu cells", length);
    } else {
        status = silbe_map_from_path(dtw->path, length, grid->hop_s, recording_hop_s, dtw->path,
                                     &map, err);
    }
    if (status == SILBE_OK) {
        for (size_t k = 0; k < events->n_events; k++) {
            event_s[k] = silbe_map_y(&map, grid->lead_s + events->onset_q[k] * grid->seconds_per_q);
        }
    }
    free(map.x_s);
    free(map.y_s);
    return status;
}

/* First level: smoothed chroma over the whole piece. */
static silbe_status first_level(const silbe_score *score, const silbe_score_events *events,
                                const silbe_recording *recording, double duration_s,
                                const silbe_coarse_options *options, double *event_s,
                                silbe_coarse_result *result, silbe_err *err)
{
    double hop_s = fmax(options->coarse_hop_s, duration_s / (double)options->max_coarse_frames);
    size_t factor = (size_t)fmax(1, floor(hop_s / recording->hop_s + 0.5));
    hop_s = (double)factor * recording->hop_s;
    size_t window = (size_t)fmax(1, floor(options->smoothing_s / recording->hop_s + 0.5));
    size_t score_window = (size_t)fmax(1, floor(options->smoothing_s / hop_s + 0.5));
    window = window < factor ? factor : window;

    silbe_matrix heard = SILBE_MATRIX_INIT, raw = SILBE_MATRIX_INIT, chroma = SILBE_MATRIX_INIT;
    solver dtw = {0};
    silbe_status status =
        silbe_downsample_unit_rows(recording->chroma, factor, window, &heard, err);
    if (status == SILBE_OK && heard.n_rows < MIN_COARSE_FRAMES) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "the recording lasts only %.2f s: too short to be aligned", duration_s);
    }
    if (status == SILBE_OK) {
        status = find_transposition(score, duration_s, &heard, hop_s, score_window, options, result,
                                    err);
    }
    silbe_score_grid grid =
        score_grid(score, duration_s, options->pad_s, hop_s, result->transposition_semitones);
    if (status == SILBE_OK) {
        status = silbe_score_chroma(score, &grid, &raw, err);
    }
    if (status == SILBE_OK) {
        status = silbe_downsample_unit_rows(&raw, 1, score_window, &chroma, err);
    }
    if (status == SILBE_OK) {
        status = coarse_cost(&chroma, &heard, options->coarse_weight, 1, &dtw, err);
    }
    if (status == SILBE_OK) {
        status = events_on_path(&dtw, events, &grid, hop_s, event_s, err);
    }
    solver_free(&dtw);
    silbe_matrix_free(&heard);
    silbe_matrix_free(&raw);
    silbe_matrix_free(&chroma);
    return status;
}

/* Columns within band_s of the guess, allowing the score's time to be off by half of that, too. */
static void band_around_guess(const silbe_score_events *events, const double *event_s,
                              const silbe_score_grid *grid, double recording_hop_s,
                              double duration_s, double band_s, size_t n_cols, size_t *lo,
                              size_t *hi)
{
    silbe_score_times times = {.event_q = events->onset_q,
                               .event_s = event_s,
                               .n_events = events->n_events,
                               .duration_s = duration_s};
    double slack_q = 0.5 * band_s / grid->seconds_per_q;
    for (size_t n = 0; n < grid->n_frames; n++) {
        double q = ((double)n * grid->hop_s - grid->lead_s) / grid->seconds_per_q;
        double at = silbe_score_time(&times, q);
        double from = fmin(at, silbe_score_time(&times, q - slack_q) + 0.5 * band_s) - band_s;
        double to = fmax(at, silbe_score_time(&times, q + slack_q) - 0.5 * band_s) + band_s;
        double last = (double)(n_cols - 1);
        lo[n] = (size_t)fmin(fmax(floor(from / recording_hop_s), 0), last);
        hi[n] = (size_t)fmin(fmax(ceil(to / recording_hop_s), 0), last) + 1;
    }
    /* Both corners belong to the band, and its edges never go back. */
    lo[0] = 0;
    hi[grid->n_frames - 1] = n_cols;
    for (size_t n = grid->n_frames - 1; n-- > 0;) {
        lo[n] = lo[n] < lo[n + 1] ? lo[n] : lo[n + 1];
    }
    for (size_t n = 1; n < grid->n_frames; n++) {
        hi[n] = hi[n] > hi[n - 1] ? hi[n] : hi[n - 1];
    }
}

/* Second level: chroma and onsets inside the band. */
static silbe_status second_level(const silbe_score *score, const silbe_score_events *events,
                                 const silbe_recording *recording, double duration_s,
                                 const silbe_coarse_options *options, int transposition_semitones,
                                 double *event_s, silbe_err *err)
{
    size_t factor = (size_t)fmax(1, floor(options->fine_hop_s / recording->hop_s + 0.5));
    double hop_s = (double)factor * recording->hop_s;
    silbe_score_grid grid =
        score_grid(score, duration_s, options->pad_s, hop_s, transposition_semitones);
    silbe_matrix heard_chroma = SILBE_MATRIX_INIT, heard_onset = SILBE_MATRIX_INIT;
    silbe_matrix chroma = SILBE_MATRIX_INIT, onset = SILBE_MATRIX_INIT;
    silbe_sync_cost cost = {0};
    solver dtw = {0};
    size_t *lo = calloc(grid.n_frames, sizeof *lo), *hi = calloc(grid.n_frames, sizeof *hi);
    silbe_status status = SILBE_OK;
    if (lo == NULL || hi == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu frames", grid.n_frames);
    }
    if (status == SILBE_OK) {
        status = silbe_downsample_unit_rows(recording->chroma, factor, factor, &heard_chroma, err);
    }
    if (status == SILBE_OK) {
        status = silbe_downsample_max(recording->onset, factor, &heard_onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_score_chroma(score, &grid, &chroma, err);
    }
    if (status == SILBE_OK) {
        status = silbe_score_onsets(score, &grid, options->onset_decay_s, &onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_sync_cost_new(&cost, &chroma, &onset, &heard_chroma, &heard_onset,
                                     options->onset_weight, err);
    }
    if (status == SILBE_OK) {
        band_around_guess(events, event_s, &grid, hop_s, duration_s, options->band_s,
                          heard_chroma.n_rows, lo, hi);
        double weight = options->fine_weight;
        dtw.problem = (silbe_dtw_problem){.n_rows = grid.n_frames,
                                          .n_cols = heard_chroma.n_rows,
                                          .cost = silbe_sync_cost_row,
                                          .context = &cost,
                                          .steps = silbe_dtw_steps_classical(2, weight, weight),
                                          .lo = lo,
                                          .hi = hi};
        status = solve(&dtw, 1, err);
    }
    if (status == SILBE_OK) {
        status = events_on_path(&dtw, events, &grid, hop_s, event_s, err);
    }
    solver_free(&dtw);
    silbe_sync_cost_free(&cost);
    silbe_matrix_free(&heard_chroma);
    silbe_matrix_free(&heard_onset);
    silbe_matrix_free(&chroma);
    silbe_matrix_free(&onset);
    free(lo);
    free(hi);
    return status;
}

silbe_status silbe_coarse_sync(const silbe_score *score, const silbe_score_events *events,
                               const silbe_recording *recording,
                               const silbe_coarse_options *options, double *event_s,
                               silbe_coarse_result *result, silbe_err *err)
{
    *result = (silbe_coarse_result){0};
    if (!(score->end_q > 0) || recording->chroma->n_cols != SILBE_SCORE_PITCH_CLASSES ||
        recording->onset->n_cols != SILBE_SCORE_PITCH_CLASSES ||
        recording->onset->n_rows != recording->chroma->n_rows) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "the score is empty, or chroma and onsets have other shapes");
    }
    double duration_s = (double)recording->chroma->n_rows * recording->hop_s;
    silbe_status status =
        first_level(score, events, recording, duration_s, options, event_s, result, err);
    if (status == SILBE_OK) {
        status = second_level(score, events, recording, duration_s, options,
                              result->transposition_semitones, event_s, err);
    }
    return status;
}
