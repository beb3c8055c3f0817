/* One strip of 16 rows: costs into lanes, lanes through the kernel, E back into rows. */
#include <math.h>
#include <string.h>

#include "align/softdtw/engine.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    LANES = SILBE_SOFTDTW_LANES,
    PAD = SILBE_SOFTDTW_PAD,
    SLICE = 32, /* anti-diagonals between two looks ahead into memory */
    ROW_STRIDE = SILBE_SOFTDTW_PAD + SILBE_SOFTDTW_SEGMENT, /* doubles per row of cost_rows */
};

/* Columns that the strip from row n0 on may use. */
static silbe_softdtw_range union_of_windows(const silbe_softdtw_problem *problem, size_t n0)
{
    silbe_softdtw_range all = silbe_softdtw_window(problem, n0);
    for (size_t n = n0 + 1; n < n0 + LANES && problem->lo != NULL; n++) {
        silbe_softdtw_range range = silbe_softdtw_window(problem, n);
        all.begin = range.begin < all.begin ? range.begin : all.begin;
        all.end = range.end > all.end ? range.end : all.end;
    }
    return all;
}

static void set_zero(silbe_softdtw_pairs row, size_t begin, size_t end)
{
    for (size_t m = begin; m < end; m++) {
        row.m[m] = 1.0;
        row.e[m] = SILBE_ZERO_EXPONENT;
    }
}

void silbe_softdtw_row_commit(silbe_softdtw_strips *s, silbe_softdtw_range range)
{
    silbe_softdtw_range old = s->in_row;
    set_zero(s->row, old.begin, old.end < range.begin ? old.end : range.begin);
    set_zero(s->row, old.begin > range.end ? old.begin : range.end, old.end);
    s->in_row = range;
}

static void start_lanes(silbe_softdtw_lanes *lanes, double m, double e, size_t lane)
{
    for (size_t i = 0; i < LANES; i++) {
        lanes->side_m[i] = 1.0;
        lanes->side_e[i] = SILBE_ZERO_EXPONENT;
        lanes->diag_m[i] = i == lane ? m : 1.0;
        lanes->diag_e[i] = i == lane ? e : SILBE_ZERO_EXPONENT;
    }
}

/* Costs of columns [begin, end) of row n, INFINITY outside its window. */
static silbe_status fill_row(silbe_softdtw_strips *s, size_t n, size_t begin, size_t end,
                             double *out, silbe_err *err)
{
    silbe_softdtw_range window = silbe_softdtw_window(s->problem, n);
    size_t from = window.begin > begin ? window.begin : begin;
    size_t to = window.end < end ? window.end : end;
    from = from > to ? to : from;
    for (size_t m = begin; m < from; m++) {
        out[m - begin] = INFINITY;
    }
    for (size_t m = to > begin ? to : begin; m < end; m++) {
        out[m - begin] = INFINITY;
    }
    return from < to ? silbe_softdtw_fill(s->problem, n, from, to, out + (from - begin),
                                          s->checked ? NULL : &s->highest, err)
                     : SILBE_OK;
}

/* skewed[t * 16 + i] = from[i * stride + t - i], the cost of row n0 + i at column begin + t - i.
 * May go on to the next even time. */
#if defined(__SSE2__)
static void skew(const double *from, size_t stride, size_t n_times, double *skewed)
{
    for (size_t t = 0; t < n_times; t += 2, from += 2) {
        double *to = skewed + t * LANES;
        for (size_t i = 0; i < LANES; i += 2) {
            __m128d a = _mm_loadu_pd(from + i * (stride - 1));
            __m128d b = _mm_loadu_pd(from + (i + 1) * (stride - 1));
            _mm_store_pd(to + i, _mm_unpacklo_pd(a, b));
            _mm_store_pd(to + LANES + i, _mm_unpackhi_pd(a, b));
        }
    }
}
#else
static void skew(const double *from, size_t stride, size_t n_times, double *skewed)
{
    for (size_t t = 0; t < n_times; t++, from++) {
        for (size_t i = 0; i < LANES; i++) {
            skewed[t * LANES + i] = from[i * (stride - 1)];
        }
    }
}
#endif

/* The inverse for lanes i and i + 1, n_times from skewed on. */
static void unskew_two(const double *skewed, size_t n_times, double *row, double *next_row)
{
    size_t t = 0;
#if defined(__SSE2__)
    for (; t + 2 <= n_times; t += 2) {
        __m128d a = _mm_loadu_pd(skewed + t * LANES);
        __m128d b = _mm_loadu_pd(skewed + (t + 1) * LANES);
        _mm_storeu_pd(row + t, _mm_unpacklo_pd(a, b));
        _mm_storeu_pd(next_row + t, _mm_unpackhi_pd(a, b));
    }
#endif
    for (; t < n_times; t++) {
        row[t] = skewed[t * LANES];
        next_row[t] = skewed[t * LANES + 1];
    }
}

#if defined(__GNUC__)
#define PREFETCH_TO_READ(address) __builtin_prefetch((address), 0)
#define PREFETCH_TO_WRITE(address) __builtin_prefetch((address), 1)
#else
#define PREFETCH_TO_READ(address) ((void)(address))
#define PREFETCH_TO_WRITE(address) ((void)(address))
#endif

/* Asks memory for columns [begin, end) of the 16 rows of a dense matrix: 16 short pieces far apart
 * are more than processors foresee. */
static void prefetch(const void *matrix, size_t value_bytes, size_t n_cols, size_t n0, size_t begin,
                     size_t end, bool to_write)
{
    enum { LINE = 64 }; /* bytes */
    end = end < n_cols ? end : n_cols;
    for (size_t i = 0; i < LANES && matrix != NULL && begin < end; i++) {
        const char *row = (const char *)matrix + ((n0 + i) * n_cols + begin) * value_bytes;
        for (size_t at = 0; at < (end - begin) * value_bytes; at += LINE) {
            if (to_write) {
                PREFETCH_TO_WRITE(row + at);
            } else {
                PREFETCH_TO_READ(row + at);
            }
        }
    }
}

static void prefetch_costs(const silbe_softdtw_problem *p, size_t n0, size_t begin, size_t end)
{
    prefetch(p->cost, sizeof *p->cost, p->n_cols, n0, begin, end, false);
    prefetch(p->cost_float, sizeof *p->cost_float, p->n_cols, n0, begin, end, false);
}

/* Whether anti-diagonals [begin, end) can be read where the caller has them: a whole segment of a
 * dense matrix of doubles. Not if rows are nearly a multiple of 4 KB apart: 16 of them would share
 * the same few lines of a first-level cache. */
static bool lie_in_place(const silbe_softdtw_problem *p, size_t begin, size_t end)
{
    enum { WAY = 4096, NEAR = 256 }; /* bytes */
    size_t apart = p->n_cols * sizeof *p->cost % WAY;
    return p->cost != NULL && p->lo == NULL && end - begin == SILBE_SOFTDTW_SEGMENT &&
           begin >= PAD && end <= p->n_cols && apart >= NEAR && apart <= WAY - NEAR;
}

/* Costs of anti-diagonals [begin, end) into s->skewed; those in front of s->cost_rows are of the
 * segment before, and are left so for the one that follows. */
static silbe_status load_costs(silbe_softdtw_strips *s, size_t n0, size_t begin, size_t end,
                               silbe_err *err)
{
    const silbe_softdtw_problem *p = s->problem;
    bool in_place = lie_in_place(p, begin, end);
    for (size_t i = 0; i < LANES; i++) {
        double *front = s->cost_rows + i * ROW_STRIDE;
        silbe_status status = SILBE_OK;
        if (!in_place) {
            status = fill_row(s, n0 + i, begin, end, front + PAD, err);
        } else if (!s->checked) {
            status = silbe_softdtw_check_costs(p->cost + (n0 + i) * p->n_cols + begin, n0 + i,
                                               begin, end, &s->highest, err);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    const double *from = in_place ? p->cost + n0 * p->n_cols + begin : s->cost_rows + PAD;
    size_t stride = in_place ? p->n_cols : ROW_STRIDE;
    size_t n_times = end - begin;
    skew(from, stride, n_times, s->skewed);
    for (size_t i = 0; i < LANES; i++) {
        double *front = s->cost_rows + i * ROW_STRIDE;
        memmove(front, from + i * stride + n_times - PAD, PAD * sizeof *front);
    }
    return SILBE_OK;
}

silbe_status silbe_softdtw_strip_forward(silbe_softdtw_strips *s, size_t n0, double *kept,
                                         silbe_err *err)
{
    silbe_softdtw_range all = union_of_windows(s->problem, n0);
    const double *above_left = s->row.m + all.begin - 1;
    start_lanes(&s->lanes, *above_left, *(s->row.e + all.begin - 1), 0);
    for (size_t i = 0; i < LANES; i++) {
        for (size_t c = 0; c < PAD; c++) {
            s->cost_rows[i * ROW_STRIDE + c] = INFINITY;
        }
    }
    /* The last row is 15 anti-diagonals behind the first. */
    size_t last = all.end + LANES - 1;
    for (size_t begin = all.begin; begin < last; begin += SILBE_SOFTDTW_SEGMENT) {
        size_t end = begin + SILBE_SOFTDTW_SEGMENT < last ? begin + SILBE_SOFTDTW_SEGMENT : last;
        size_t n_times = end - begin;
        bool next_strip = end == last && n0 + 2 * LANES <= s->problem->n_rows;
        silbe_status status = load_costs(s, n0, begin, end, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t t = 0; t < n_times; t += SLICE) {
            size_t n = n_times - t < SLICE ? n_times - t : SLICE;
            prefetch_costs(s->problem, n0, end + t, end + t + SLICE);
            if (next_strip) {
                prefetch_costs(s->problem, n0 + LANES, all.begin + t, all.begin + t + SLICE);
            }
            s->forward(&s->lanes, s->skewed + t * LANES, n, s->row.m + begin + t,
                       s->row.e + begin + t, kept);
            kept = kept == NULL ? NULL : kept + n * SILBE_SOFTDTW_KEPT;
        }
    }
    silbe_softdtw_row_commit(s, all);
    return SILBE_OK;
}

/* E of lane i at times [from, to), which start at `begin` in s->skewed, into its row. */
static void write_times(const silbe_softdtw_strips *s, size_t begin, size_t i, size_t from,
                        size_t to, double *row)
{
    for (size_t t = from; t < to; t++) {
        row[t - i] = s->skewed[(t - begin) * LANES + i];
    }
}

/* E of times [begin, end), which lie skewed, into the rows of the strip, two at a time. Lane i has
 * columns at times all.begin + i to all.end + i. */
static void write_gradient(const silbe_softdtw_strips *s, size_t n0, silbe_softdtw_range all,
                           size_t begin, size_t end, double *gradient)
{
    for (size_t i = 0; i < LANES; i += 2) {
        double *row = gradient + (n0 + i) * s->problem->n_cols;
        double *next_row = row + s->problem->n_cols;
        size_t from = begin > all.begin + i ? begin : all.begin + i;
        size_t to = end < all.end + i ? end : all.end + i;
        size_t next_from = begin > all.begin + i + 1 ? begin : all.begin + i + 1;
        size_t next_to = end < all.end + i + 1 ? end : all.end + i + 1;
        if (next_from >= to) { /* nothing at the same time */
            write_times(s, begin, i, from, to, row);
            write_times(s, begin, i + 1, next_from, next_to, next_row);
            continue;
        }
        write_times(s, begin, i, from, next_from, row);
        unskew_two(s->skewed + (next_from - begin) * LANES + i, to - next_from, row + next_from - i,
                   next_row + next_from - i - 1);
        write_times(s, begin, i + 1, to, next_to, next_row);
    }
}

void silbe_softdtw_strip_backward(silbe_softdtw_strips *s, size_t n0, const double *kept,
                                  double *gradient)
{
    silbe_softdtw_range all = union_of_windows(s->problem, n0);
    size_t n_times = all.end - all.begin + LANES - 1;
    size_t n_segments = (n_times + SILBE_SOFTDTW_SEGMENT - 1) / SILBE_SOFTDTW_SEGMENT;
    start_lanes(&s->lanes, s->row.m[all.end], s->row.e[all.end], LANES - 1);
    for (size_t i = 0; i < LANES; i++) {
        double *row = gradient + (n0 + i) * s->problem->n_cols;
        memset(row, 0, all.begin * sizeof *row);
        memset(row + all.end, 0, (s->problem->n_cols - all.end) * sizeof *row);
    }
    for (size_t segment = n_segments; segment-- > 0;) {
        size_t first = segment * SILBE_SOFTDTW_SEGMENT;
        size_t n =
            n_times - first < SILBE_SOFTDTW_SEGMENT ? n_times - first : SILBE_SOFTDTW_SEGMENT;
        size_t begin = all.begin + first;
        prefetch(gradient, sizeof *gradient, s->problem->n_cols, n0, begin,
                 begin + SILBE_SOFTDTW_SEGMENT, true);
        s->backward(&s->lanes, kept + first * SILBE_SOFTDTW_KEPT, n, s->row.m + begin,
                    s->row.e + begin, s->skewed);
        write_gradient(s, n0, all, begin, begin + n, gradient);
    }
    /* Columns from all.end on received what lane 0 had beyond the window. */
    s->in_row.end = s->in_row.end > all.end + LANES - 1 ? s->in_row.end : all.end + LANES - 1;
    silbe_softdtw_row_commit(s, all);
}
