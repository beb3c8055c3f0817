/*
 * Multi-resolution DTW (MsDTW; Müller, Mattes, Kurth 2006; Prätzlich, Driedger, Müller 2016):
 * align
 * coarse features, project the path onto the next finer grid, widen it to a band, align inside the
 * band, and so on. The coarsest level runs without a band (or with the caller's). If a finer path
 * touches the edge of its band, the margin is doubled and the level runs again.
 */
#ifndef SILBE_ALIGN_DTW_MULTIRES_H
#define SILBE_ALIGN_DTW_MULTIRES_H

#include <stddef.h>

#include "align/dtw/dtw.h"
#include "align/path/path.h"
#include "features/base/status.h"

#define SILBE_DTW_MAX_LEVELS 12

/* One resolution. A coarse frame i stands for the frames [i factor, (i + 1) factor) of the next
 * finer level, or is centred on i factor: choose margins of at least one factor. */
typedef struct {
    silbe_dtw_problem problem; /* start_free and end_free as in dtw.h; lo and hi must be NULL on all
                                  levels but the first */
    size_t factor_n;           /* frames of the next finer level per frame here, >= 1; ignored on */
    size_t factor_m;           /* the last level */
    size_t margin_cols; /* half-width of the band of THIS level beside the projected boxes, in
                           its own frames; ignored on the first level */
    size_t margin_rows; /* likewise in rows */
} silbe_dtw_level;

/*
 * Memory that grows with need: the widths of bands are known only on the way. grow(context, old,
 * bytes) works like realloc(old, bytes); the caller wraps that. Nothing is allocated elsewhere.
 */
typedef struct {
    void *(*grow)(void *context, void *old, size_t bytes);
    void *context;
    void *data;   /* NULL at first; stays the caller's, who frees it */
    size_t bytes; /* 0 at first; the most that was needed afterwards */
} silbe_dtw_memory;

typedef struct {
    silbe_dtw_result
        result;    /* of the last level; n_edge_cells > 0: still touching after widening */
    size_t n_runs; /* DTW runs on all levels, widenings included */
    size_t last_margin_cols; /* margin with which the last level was solved */
} silbe_dtw_multires_result;

/*
 * levels: n_levels problems, coarsest first. max_widenings: how often the margins of a level may be
 * doubled. path: path_capacity cells, at least silbe_dtw_path_capacity of the finest level (it
 * holds the coarse paths on the way). Failures as in silbe_dtw_run, prefixed with the level;
 * SILBE_ERR_INFEASIBLE inside a band widens, too, before it is given up.
 */
SILBE_MUST_CHECK silbe_status silbe_dtw_multires(const silbe_dtw_level *levels, size_t n_levels,
                                                 size_t max_widenings,
                                                 const silbe_dtw_options *options,
                                                 silbe_dtw_memory *memory, silbe_path_point *path,
                                                 size_t path_capacity,
                                                 silbe_dtw_multires_result *result, silbe_err *err);

#endif
