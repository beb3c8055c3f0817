#include "pipeline/train/run/version_map.h"

#include <math.h>
#include <stdlib.h>

#include "align/dtw/multires.h"
#include "align/path/map.h"
#include "align/score/downsample.h"
#include "features/base/memory.h"

/* Finest level, and the share of chroma in the features: onsets tell where, chroma tells what. */
static const double HOP_S = 0.05, SMOOTHING_S = 0.4, CHROMA_SHARE = 0.6;
static const double KEY_HOP_S = 0.5; /* of the search for the transposition */

enum { N_CLASSES = 12, N_DIMS = 24, COARSEST_FRAMES = 3000, MARGIN_FRAMES = 40 };

/* One resolution of both sides. */
typedef struct {
    float *x;   /* n_rows x N_DIMS */
    float *y_t; /* N_DIMS x n_cols */
    size_t n_rows;
    size_t n_cols;
    silbe_dtw_features features;
} level;

static void *grow(void *context, void *old, size_t bytes)
{
    (void)context;
    return realloc(old, bytes);
}

/* Rows of chroma and onsets, each of its own length, together of length 1; chroma turned up by
 * `shift` classes. n_rows x N_DIMS, to be freed. */
static float *make_rows(const silbe_version_sound *sound, double hop_s, int shift, size_t *n_rows,
                        silbe_err *err)
{
    silbe_matrix chroma = SILBE_MATRIX_INIT, onset = SILBE_MATRIX_INIT, unit = SILBE_MATRIX_INIT;
    size_t factor = (size_t)fmax(1.0, floor(hop_s / sound->hop_s + 0.5));
    size_t window = (size_t)(fmax(SMOOTHING_S, 2.0 * hop_s) / sound->hop_s);
    silbe_try(err, silbe_downsample_unit_rows(&sound->chroma, factor, window, &chroma, err));
    silbe_try(err, silbe_downsample_max(&sound->onset, factor, &onset, err));
    silbe_try(err, silbe_downsample_unit_rows(&onset, 1, 1, &unit, err));
    *n_rows = chroma.n_rows < unit.n_rows ? chroma.n_rows : unit.n_rows;
    float *rows = silbe_alloc(*n_rows * N_DIMS, sizeof *rows, "features", err);
    const float of_chroma = (float)sqrt(CHROMA_SHARE), of_onset = (float)sqrt(1.0 - CHROMA_SHARE);
    for (size_t t = 0; t < *n_rows && !silbe_failed(err); t++) {
        for (int p = 0; p < N_CLASSES; p++) {
            float *to = rows + t * N_DIMS + (p + shift + N_CLASSES) % N_CLASSES;
            to[0] = of_chroma * silbe_matrix_row(&chroma, t)[p];
            to[N_CLASSES] = of_onset * silbe_matrix_row(&unit, t)[p];
        }
    }
    silbe_matrix_free(&chroma);
    silbe_matrix_free(&onset);
    silbe_matrix_free(&unit);
    return rows;
}

static void free_level(level *l)
{
    free(l->x);
    free(l->y_t);
}

/* y is turned by `shift`. */
static level make_level(const silbe_version_sound *x, const silbe_version_sound *y, double hop_s,
                        int shift, silbe_err *err)
{
    level l = {0};
    l.x = make_rows(x, hop_s, 0, &l.n_rows, err);
    float *rows = make_rows(y, hop_s, shift, &l.n_cols, err);
    l.y_t = silbe_alloc(l.n_cols * N_DIMS, sizeof *l.y_t, "features", err);
    if (!silbe_failed(err)) {
        silbe_dtw_transpose(rows, l.n_cols, N_DIMS, l.y_t);
        l.features = (silbe_dtw_features){l.x, l.y_t, N_DIMS, l.n_cols};
    }
    free(rows);
    return l;
}

static silbe_dtw_problem problem_of(const level *l)
{
    return (silbe_dtw_problem){.n_rows = l->n_rows,
                               .n_cols = l->n_cols,
                               .cost = silbe_dtw_cosine_cost,
                               .context = &l->features,
                               .steps = silbe_path_steps_classical(2, 1.5, 1.5)};
}

/* The turn of y's chroma with which the recordings resemble each other most. */
static int find_shift(const silbe_version_sound *x, const silbe_version_sound *y, double hop_s,
                      silbe_err *err)
{
    double best = INFINITY;
    int shift = 0;
    for (int s = 0; s < N_CLASSES && !silbe_failed(err); s++) {
        silbe_dtw_result result;
        size_t bytes = 0;
        level l = make_level(x, y, hop_s, s, err);
        const silbe_dtw_problem problem = problem_of(&l);
        silbe_try(err, silbe_dtw_scratch_size(&problem, NULL, &bytes, err));
        void *scratch = silbe_alloc(bytes, 1, "bytes", err);
        silbe_try(err, silbe_dtw_run(&problem, NULL, scratch, bytes, NULL, 0, &result, err));
        if (!silbe_failed(err) && result.cost < best) {
            best = result.cost;
            shift = s;
        }
        free(scratch);
        free_level(&l);
    }
    return shift;
}

static void to_times(const silbe_path_point *path, size_t length, double hop_s, double step_s,
                     size_t n_times, float *other_s, silbe_err *err)
{
    silbe_path_point *scratch = silbe_alloc(length, sizeof *scratch, "points of a path", err);
    double *times_s = silbe_alloc(2 * length, sizeof *times_s, "times", err);
    if (!silbe_failed(err)) {
        silbe_map map = {times_s, times_s + length, 0, SILBE_MAP_CLAMP};
        silbe_try(err, silbe_map_from_path(path, length, hop_s, hop_s, scratch, &map, err));
        for (size_t t = 0; t < n_times && !silbe_failed(err); t++) {
            other_s[t] = (float)silbe_map_y(&map, (double)t * step_s);
        }
    }
    free(scratch);
    free(times_s);
}

/* levels[0 .. n_levels), coarsest first. */
static void run_levels(level *levels, size_t n_levels, double hop_s, double step_s, size_t n_times,
                       float *other_s, double *cost, silbe_err *err)
{
    silbe_dtw_level problems[SILBE_DTW_MAX_LEVELS];
    silbe_dtw_memory memory = {.grow = grow};
    silbe_dtw_multires_result result;
    if (silbe_failed(err)) {
        return;
    }
    for (size_t i = 0; i < n_levels; i++) {
        problems[i] = (silbe_dtw_level){problem_of(&levels[i]), 2, 2, MARGIN_FRAMES, MARGIN_FRAMES};
    }
    const level *finest = &levels[n_levels - 1];
    size_t capacity = silbe_dtw_path_capacity(&problems[n_levels - 1].problem);
    silbe_path_point *path = silbe_alloc(capacity, sizeof *path, "points of a path", err);
    silbe_try(err, silbe_dtw_multires(problems, n_levels, 3, NULL, &memory, path, capacity, &result,
                                      err));
    if (!silbe_failed(err)) {
        *cost = result.result.cost / (double)(finest->n_rows + finest->n_cols);
        to_times(path, result.result.path_length, hop_s, step_s, n_times, other_s, err);
    }
    free(path);
    free(memory.data);
}

silbe_status silbe_version_map(const silbe_version_sound *x, const silbe_version_sound *y,
                               double step_s, size_t n_times, float *other_s, double *cost,
                               silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    level levels[SILBE_DTW_MAX_LEVELS] = {{0}};
    size_t n_levels = 1,
           rows = x->chroma.n_rows < y->chroma.n_rows ? y->chroma.n_rows : x->chroma.n_rows;
    double longest_s = (double)rows * x->hop_s, hop_s = floor(HOP_S / x->hop_s + 0.5) * x->hop_s;
    *cost = 0.0;
    if ((double)x->chroma.n_rows * x->hop_s < 1.0 || (double)y->chroma.n_rows * y->hop_s < 1.0 ||
        fabs(x->hop_s - y->hop_s) > 1e-9) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "recordings of less than a second cannot be compared");
    }
    while (longest_s / ldexp(hop_s, (int)n_levels - 1) > COARSEST_FRAMES &&
           n_levels < SILBE_DTW_MAX_LEVELS) {
        n_levels++;
    }
    int shift = find_shift(x, y, fmax(KEY_HOP_S, ldexp(hop_s, (int)n_levels - 1)), err);
    for (size_t i = 0; i < n_levels; i++) {
        levels[i] = make_level(x, y, ldexp(hop_s, (int)(n_levels - 1 - i)), shift, err);
    }
    run_levels(levels, n_levels, hop_s, step_s, n_times, other_s, cost, err);
    for (size_t i = 0; i < n_levels; i++) {
        free_level(&levels[i]);
    }
    return err->status;
}
