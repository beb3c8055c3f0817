#include "align/dtw/multires.h"

#include <stdint.h>
#include <stdio.h>

#include "align/dtw/band.h"
#include "align/dtw/engine.h"

static silbe_status reserve(silbe_dtw_memory *memory, size_t bytes, silbe_err *err)
{
    if (bytes <= memory->bytes) {
        return SILBE_OK;
    }
    void *data = memory->grow(memory->context, memory->data, bytes);
    if (data == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "DTW: no memory for %zu bytes of scratch", bytes);
    }
    memory->data = data;
    memory->bytes = bytes;
    return SILBE_OK;
}

/* Runs one problem in the memory behind band_bytes. */
static silbe_status run_once(silbe_dtw_problem *problem, size_t band_rows,
                             const silbe_dtw_options *options, silbe_dtw_memory *memory,
                             silbe_path_point *path, size_t capacity, silbe_dtw_result *result,
                             silbe_err *err)
{
    size_t band_bytes = 2 * band_rows * sizeof(size_t);
    size_t bytes = 0;
    silbe_status status = SILBE_OK;
    if (band_rows > 0) {
        problem->lo = memory->data;
        problem->hi = problem->lo + band_rows;
    }
    status = silbe_dtw_scratch_size(problem, options, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (bytes > SIZE_MAX - band_bytes) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "DTW: scratch of one level overflows size_t");
    }
    status = reserve(memory, band_bytes + bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (band_rows > 0) { /* the band may have moved with the memory */
        problem->lo = memory->data;
        problem->hi = problem->lo + band_rows;
    }
    return silbe_dtw_run(problem, options, (char *)memory->data + band_bytes, bytes, path, capacity,
                         result, err);
}

/* A level below the first: the band from the coarser path, widened until the path keeps off it. */
static silbe_status run_level(const silbe_dtw_level *coarse, const silbe_dtw_level *level,
                              size_t max_widenings, const silbe_dtw_options *options,
                              silbe_dtw_memory *memory, silbe_path_point *path, size_t capacity,
                              silbe_dtw_multires_result *out, silbe_err *err)
{
    silbe_dtw_problem problem = level->problem;
    size_t n_rows = problem.n_rows;
    size_t n_cols = problem.n_cols;
    size_t margin_rows = level->margin_rows;
    size_t margin_cols = level->margin_cols;

    if (n_rows > SIZE_MAX / (4 * sizeof(size_t))) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "DTW: band of %zu rows overflows size_t", n_rows);
    }
    silbe_status status = reserve(memory, 2 * n_rows * sizeof(size_t), err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t *lo = memory->data;
    size_t *hi = lo + n_rows;
    status =
        silbe_dtw_band_from_path(path, out->result.path_length, coarse->factor_n, coarse->factor_m,
                                 margin_rows, margin_cols, n_rows, n_cols, lo, hi, err);
    for (size_t round = 0; status == SILBE_OK; round++) {
        lo = memory->data;
        hi = lo + n_rows;
        lo[0] = problem.start_free ? lo[0] : 0;
        hi[n_rows - 1] = problem.end_free ? hi[n_rows - 1] : n_cols;
        out->n_runs++;
        out->last_margin_cols = margin_cols;
        status = run_once(&problem, n_rows, options, memory, path, capacity, &out->result, err);
        bool held = status == SILBE_OK && out->result.n_edge_cells == 0;
        bool may_widen = status == SILBE_OK || status == SILBE_ERR_INFEASIBLE;
        if (held || !may_widen || round == max_widenings) {
            break;
        }
        lo = memory->data;
        hi = lo + n_rows;
        margin_rows = margin_rows > 0 ? margin_rows : 1;
        margin_cols = margin_cols > 0 ? margin_cols : 1;
        silbe_dtw_band_widen(margin_rows, margin_cols, n_rows, n_cols, lo, hi);
        margin_rows = margin_rows > n_rows ? margin_rows : 2 * margin_rows;
        margin_cols = margin_cols > n_cols ? margin_cols : 2 * margin_cols;
        status = SILBE_OK;
    }
    return status;
}

static silbe_status check(const silbe_dtw_level *levels, size_t n_levels,
                          const silbe_dtw_memory *memory, const silbe_path_point *path,
                          const silbe_dtw_multires_result *result, silbe_err *err)
{
    if (levels == NULL || memory == NULL || memory->grow == NULL || path == NULL ||
        result == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "multi-resolution DTW: missing argument (NULL)");
    }
    if (n_levels < 1 || n_levels > SILBE_DTW_MAX_LEVELS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "multi-resolution DTW: should have 1 to %d levels, got %zu",
                          SILBE_DTW_MAX_LEVELS, n_levels);
    }
    for (size_t l = 1; l < n_levels; l++) {
        if (levels[l].problem.lo != NULL || levels[l].problem.hi != NULL) {
            return silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "multi-resolution DTW: level %zu has a band of its own; only the first "
                "may",
                l);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_dtw_multires(const silbe_dtw_level *levels, size_t n_levels,
                                size_t max_widenings, const silbe_dtw_options *options,
                                silbe_dtw_memory *memory, silbe_path_point *path,
                                size_t path_capacity, silbe_dtw_multires_result *result,
                                silbe_err *err)
{
    silbe_status status = check(levels, n_levels, memory, path, result, err);
    if (status != SILBE_OK) {
        return status;
    }
    *result = (silbe_dtw_multires_result){0};
    for (size_t l = 0; l < n_levels; l++) {
        if (l == 0) {
            silbe_dtw_problem problem = levels[0].problem;
            result->n_runs = 1;
            status =
                run_once(&problem, 0, options, memory, path, path_capacity, &result->result, err);
        } else {
            status = silbe_dtw_problem_check(&levels[l].problem, err);
            if (status == SILBE_OK) {
                status = run_level(&levels[l - 1], &levels[l], max_widenings, options, memory, path,
                                   path_capacity, result, err);
            }
        }
        if (status != SILBE_OK) {
            char prefix[64];
            (void)snprintf(prefix, sizeof prefix, "level %zu of %zu", l, n_levels);
            return silbe_fail_prefix(err, status, prefix);
        }
    }
    return SILBE_OK;
}
