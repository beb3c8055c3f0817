/* Multi-resolution DTW: the path of the full problem, found in a fraction of its cells. */
#include "align/dtw/band.h"
#include "align/dtw/multires.h"
#include "tests/align/dtw/dtw_test.h"

enum { ROWS = 1200, COLS = 1500, N_DIMS = 8, N_LEVELS = 3, FACTOR = 5 };

/* Positions along a melody of random, slowly changing frames. */
static void frame_at(double position, float *out)
{
    size_t i = (size_t)position;
    double part = position - (double)i;
    for (size_t d = 0; d < N_DIMS; d++) {
        check_rng a = {i * 100 + d};
        check_rng b = {(i + 1) * 100 + d};
        out[d] = (float)((1.0 - part) * check_uniform(&a) + part * check_uniform(&b));
    }
}

typedef struct {
    float *x[N_LEVELS];
    float *y_t[N_LEVELS];
    silbe_dtw_features features[N_LEVELS];
    silbe_dtw_level levels[N_LEVELS];
} song;

/* Means of FACTOR frames. */
static size_t halve(const float *in, size_t n, float *out)
{
    size_t n_out = (n + FACTOR - 1) / FACTOR;
    for (size_t t = 0; t < n_out; t++) {
        for (size_t d = 0; d < N_DIMS; d++) {
            size_t end = (t + 1) * FACTOR < n ? (t + 1) * FACTOR : n;
            float sum = 0.0f;
            for (size_t i = t * FACTOR; i < end; i++) {
                sum += in[i * N_DIMS + d];
            }
            out[t * N_DIMS + d] = sum / (float)(end - t * FACTOR);
        }
    }
    return n_out;
}

static void make_song(song *s, double bend, size_t margin)
{
    float *x = dtw_alloc(sizeof(float) * ROWS * N_DIMS);
    float *y = dtw_alloc(sizeof(float) * COLS * N_DIMS);
    for (size_t n = 0; n < ROWS; n++) {
        frame_at(0.05 * (double)n, x + n * N_DIMS);
    }
    for (size_t m = 0; m < COLS; m++) {
        double part = (double)m / COLS;
        double position = part + bend * sin(2.0 * 3.14159265 * part) / 6.2831853;
        frame_at(0.05 * ROWS * position, y + m * N_DIMS);
    }
    size_t n_rows = ROWS;
    size_t n_cols = COLS;
    for (size_t l = N_LEVELS; l-- > 0;) {
        s->x[l] = x;
        s->y_t[l] = dtw_alloc(sizeof(float) * n_cols * N_DIMS);
        silbe_dtw_transpose(y, n_cols, N_DIMS, s->y_t[l]);
        s->features[l] = (silbe_dtw_features){s->x[l], s->y_t[l], N_DIMS, n_cols};
        s->levels[l] =
            (silbe_dtw_level){.problem = {.n_rows = n_rows,
                                          .n_cols = n_cols,
                                          .cost = silbe_dtw_squared_cost,
                                          .context = &s->features[l],
                                          .steps = silbe_path_steps_classical(1.5, 1.0, 1.0)},
                              .factor_n = FACTOR,
                              .factor_m = FACTOR,
                              .margin_rows = margin,
                              .margin_cols = margin};
        if (l > 0) {
            float *next_x = dtw_alloc(sizeof(float) * n_rows * N_DIMS);
            float *next_y = dtw_alloc(sizeof(float) * n_cols * N_DIMS);
            n_rows = halve(x, n_rows, next_x);
            n_cols = halve(y, n_cols, next_y);
            free(y);
            x = next_x;
            y = next_y;
        }
    }
    free(y);
}

static void free_song(song *s)
{
    for (size_t l = 0; l < N_LEVELS; l++) {
        free(s->x[l]);
        free(s->y_t[l]);
    }
}

static void *grow(void *context, void *old, size_t bytes)
{
    (void)context;
    return realloc(old, bytes);
}

static void *grow_not(void *context, void *old, size_t bytes)
{
    (void)context;
    (void)old;
    (void)bytes;
    return NULL;
}

static void test_finds_the_full_path(void **state)
{
    (void)state;
    song s;
    make_song(&s, 0.6, 10);
    dtw_answer full = dtw_fast(&s.levels[N_LEVELS - 1].problem, NULL);
    check_ok(full.status, full.err);
    silbe_path_point *path = dtw_alloc((ROWS + COLS) * sizeof *path);
    silbe_dtw_memory memory = {.grow = grow};
    silbe_dtw_multires_result result;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(
        silbe_dtw_multires(s.levels, N_LEVELS, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        err);
    print_message("%zu runs, margin %zu, %zu edge cells\n", result.n_runs, result.last_margin_cols,
                  result.result.n_edge_cells);
    assert_int_equal(result.result.n_edge_cells, 0);
    check_close(result.result.cost, full.result.cost, 0.0);
    assert_int_equal(result.result.path_length, full.result.path_length);
    assert_memory_equal(path, full.path, full.result.path_length * sizeof *path);
    free(memory.data);
    free(path);
    dtw_answer_free(&full);
    free_song(&s);
}

/* No margin at all: the path must touch the projected boxes, and widening must mend it. */
static void test_widens_when_the_edge_is_touched(void **state)
{
    (void)state;
    song s;
    make_song(&s, 0.8, 0);
    dtw_answer full = dtw_fast(&s.levels[N_LEVELS - 1].problem, NULL);
    silbe_path_point *path = dtw_alloc((ROWS + COLS) * sizeof *path);
    silbe_dtw_memory memory = {.grow = grow};
    silbe_dtw_multires_result result;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(
        silbe_dtw_multires(s.levels, N_LEVELS, 0, NULL, &memory, path, ROWS + COLS, &result, &err),
        err);
    assert_int_equal(result.n_runs, N_LEVELS);
    assert_true(result.result.n_edge_cells > 0);
    assert_true(result.result.cost >= full.result.cost);
    check_ok(
        silbe_dtw_multires(s.levels, N_LEVELS, 12, NULL, &memory, path, ROWS + COLS, &result, &err),
        err);
    print_message("%zu runs, margin %zu\n", result.n_runs, result.last_margin_cols);
    assert_true(result.n_runs > N_LEVELS);
    assert_int_equal(result.result.n_edge_cells, 0);
    check_close(result.result.cost, full.result.cost, 0.0);
    free(memory.data);
    free(path);
    dtw_answer_free(&full);
    free_song(&s);
}

static void test_refuses(void **state)
{
    (void)state;
    song s;
    make_song(&s, 0.5, 10);
    silbe_path_point *path = dtw_alloc((ROWS + COLS) * sizeof *path);
    silbe_dtw_memory memory = {.grow = grow};
    silbe_dtw_multires_result result;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(
        silbe_dtw_multires(s.levels, 0, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        SILBE_ERR_ARGUMENT);
    assert_int_equal(
        silbe_dtw_multires(NULL, 1, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        SILBE_ERR_ARGUMENT);
    size_t lo[1] = {0};
    s.levels[1].problem.lo = lo;
    assert_int_equal(
        silbe_dtw_multires(s.levels, N_LEVELS, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        SILBE_ERR_ARGUMENT);
    s.levels[1].problem.lo = NULL;
    s.levels[1].problem.n_rows = 0;
    assert_int_equal(
        silbe_dtw_multires(s.levels, N_LEVELS, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "level 1 of 3"));
    free(memory.data);
    memory = (silbe_dtw_memory){.grow = grow_not};
    assert_int_equal(
        silbe_dtw_multires(s.levels, N_LEVELS, 4, NULL, &memory, path, ROWS + COLS, &result, &err),
        SILBE_ERR_MEMORY);
    free(path);
    free_song(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_the_full_path),
        cmocka_unit_test(test_widens_when_the_edge_is_touched),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
