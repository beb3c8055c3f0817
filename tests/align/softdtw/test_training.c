/* Schedules, prior, gradients of features, unfolded targets and paths. */
#include "tests/align/softdtw/softdtw_test.h"

#include "align/path/unfold.h"
#include "align/softdtw/training.h"

static void test_schedules(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_schedule s = {SILBE_SCHEDULE_LINEAR, 10.0, 0.1, 100, 0};
    check_ok(silbe_schedule_check(&s, &err), err);
    assert_true(silbe_schedule_value(&s, 0) == 10.0);
    check_close(silbe_schedule_value(&s, 50), 5.05, 1e-12);
    assert_true(silbe_schedule_value(&s, 100) == 0.1 && silbe_schedule_value(&s, SIZE_MAX) == 0.1);
    s.shape = SILBE_SCHEDULE_EXPONENTIAL;
    check_close(silbe_schedule_value(&s, 50), 1.0, 1e-12);
    assert_true(silbe_schedule_value(&s, 0) == 10.0 && silbe_schedule_value(&s, 100) == 0.1);
    s.hold_steps = 30; /* epochs */
    check_close(silbe_schedule_value(&s, 59), silbe_schedule_value(&s, 30), 0.0);
    check_close(silbe_schedule_value(&s, 30), 10.0 * pow(0.01, 0.3), 1e-12);
    assert_true(silbe_schedule_value(&s, 119) > 0.1 && silbe_schedule_value(&s, 120) == 0.1);
    for (size_t i = 1; i < 200; i++) {
        assert_true(silbe_schedule_value(&s, i) <= silbe_schedule_value(&s, i - 1));
    }
    s.shape = SILBE_SCHEDULE_CONSTANT;
    assert_true(silbe_schedule_value(&s, 77) == 10.0);
    s = (silbe_schedule){SILBE_SCHEDULE_LINEAR, 1.0, 2.0, 0, 0};
    assert_true(silbe_schedule_value(&s, 0) == 2.0);

    const silbe_schedule bad[] = {
        {SILBE_SCHEDULE_N_SHAPES, 1.0, 1.0, 1, 1},     {SILBE_SCHEDULE_LINEAR, NAN, 1.0, 1, 1},
        {SILBE_SCHEDULE_LINEAR, 1.0, INFINITY, 1, 1},  {SILBE_SCHEDULE_EXPONENTIAL, 1.0, 0.0, 1, 1},
        {SILBE_SCHEDULE_EXPONENTIAL, -1.0, 1.0, 1, 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(silbe_schedule_check(&bad[i], &err), SILBE_ERR_ARGUMENT);
    }
    assert_int_equal(silbe_schedule_check(NULL, &err), SILBE_ERR_ARGUMENT);
}

static void test_diagonal_prior(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    double cost[15] = {0};
    check_ok(silbe_softdtw_add_diagonal_prior(2.0, 1.0, 5, 3, 0, 5, cost, &err), err);
    check_close(cost[0], 0.0, 0.0);
    check_close(cost[14], 0.0, 0.0);
    check_close(cost[2], 2.0, 1e-15);
    check_close(cost[12], 2.0, 1e-15);
    check_close(cost[3 * 1 + 1], 0.5, 1e-15);
    double part[3] = {1.0, 1.0, 1.0}; /* row 1 alone, squared */
    check_ok(silbe_softdtw_add_diagonal_prior(2.0, 2.0, 5, 3, 1, 2, part, &err), err);
    check_close(part[1], 1.125, 1e-15);
    check_close(silbe_softdtw_diagonal_distance(0, 0, 1, 1, 3.0), 0.0, 0.0);
    check_close(silbe_softdtw_diagonal_distance(1, 0, 3, 1, 3.0), 0.125, 1e-15);
    assert_int_equal(silbe_softdtw_add_diagonal_prior(NAN, 1.0, 5, 3, 0, 5, cost, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_add_diagonal_prior(1.0, 0.0, 5, 3, 0, 5, cost, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_add_diagonal_prior(1.0, 1.0, 5, 3, 0, 6, cost, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_add_diagonal_prior(1.0, 1.0, 5, 3, 0, 5, NULL, &err),
                     SILBE_ERR_ARGUMENT);
}

enum { ROWS = 9, COLS = 6, DIMS = 4 };

/* Two feature sequences of DIMS values a frame. */
typedef struct {
    const float *x;
    const float *y;
    size_t n_rows;
    size_t n_cols;
} features;

/* C = sum_d (x_d - y_d)^2. */
static void squared_costs(const features *f, double *cost)
{
    for (size_t i = 0; i < f->n_rows * f->n_cols; i++) {
        cost[i] = 0.0;
        for (size_t d = 0; d < DIMS; d++) {
            double away = (double)f->x[i / f->n_cols * DIMS + d];
            away -= (double)f->y[i % f->n_cols * DIMS + d];
            cost[i] += away * away;
        }
    }
}

/* The chain rule: E back to the features. */
static void squared_gradient(const features *f, const double *e, double *dx, double *dy)
{
    memset(dx, 0, f->n_rows * DIMS * sizeof *dx);
    memset(dy, 0, f->n_cols * DIMS * sizeof *dy);
    for (size_t i = 0; i < f->n_rows * f->n_cols; i++) {
        size_t n = i / f->n_cols * DIMS;
        size_t m = i % f->n_cols * DIMS;
        for (size_t d = 0; d < DIMS; d++) {
            double by_x = 2.0 * e[i] * ((double)f->x[n + d] - (double)f->y[m + d]);
            dx[n + d] += by_x;
            dy[m + d] -= by_x;
        }
    }
}

/* Soft-DTW of features: the loss whose gradient goes all the way back. */
static double loss_of(const features *f, double *e)
{
    double cost[ROWS * COLS];
    silbe_softdtw_problem p = {.n_rows = f->n_rows,
                               .n_cols = f->n_cols,
                               .cost = cost,
                               .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                               .gamma = 0.5};
    squared_costs(f, cost);
    soft_answer a = soft_run(&p, SILBE_KERNEL_AUTO, SOFT_E);
    check_ok(a.status, a.err);
    double value = a.result.value;
    if (e != NULL) {
        memcpy(e, a.e, f->n_rows * f->n_cols * sizeof *e);
    }
    soft_free(&a);
    return value;
}

static double slope_of(const features *f, float *x)
{
    const float h = 0.00390625F; /* floats hold x + h exactly enough */
    float old = *x;
    *x = old + h;
    double up = loss_of(f, NULL);
    double width = (double)*x;
    *x = old - h;
    double down = loss_of(f, NULL);
    width -= (double)*x;
    *x = old;
    return (up - down) / width;
}

static void test_feature_gradients(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(61);
    float x[ROWS * DIMS];
    float y[COLS * DIMS];
    double e[ROWS * COLS];
    double dx[ROWS * DIMS];
    double dy[COLS * DIMS];
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ROWS * DIMS; i++) {
            x[i] = (float)(2.0 * check_uniform(&rng) - 0.5);
        }
        for (size_t i = 0; i < COLS * DIMS; i++) {
            y[i] = (float)(0.5 + check_uniform(&rng));
        }
        features f = {x, y, ROWS, COLS};
        (void)loss_of(&f, e);
        squared_gradient(&f, e, dx, dy);
        for (size_t i = 0; i < ROWS * DIMS; i++) {
            check_close(dx[i], slope_of(&f, &x[i]), 2e-4);
        }
        for (size_t i = 0; i < COLS * DIMS; i++) {
            check_close(dy[i], slope_of(&f, &y[i]), 2e-4);
        }
    }
}

/* Divergence as softdtw.h composes it: 0 for x = y, positive otherwise. */
static void test_divergence(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(62);
    float x[COLS * DIMS];
    float y[COLS * DIMS];
    for (size_t i = 0; i < COLS * DIMS; i++) {
        x[i] = (float)check_uniform(&rng);
        y[i] = (float)check_uniform(&rng);
    }
    features xy = {x, y, COLS, COLS};
    features xx = xy;
    features yy = xy;
    xx.y = x;
    yy.x = y;
    double d = loss_of(&xy, NULL) - 0.5 * (loss_of(&xx, NULL) + loss_of(&yy, NULL));
    assert_true(d > 0.01 && d < 100.0);
}

static void test_unfolded_targets(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(63);
    for (int i = 0; i < 200; i++) {
        size_t targets[64];
        size_t n_cols = 1 + soft_below(&rng, 20);
        size_t n = n_cols + soft_below(&rng, 44);
        check_ok(silbe_unfold_targets(n_cols, n, targets, &err), err);
        for (size_t j = 0; j < n; j++) {
            assert_int_equal(targets[j], j * n_cols / n);
        }
    }
    /* Unfolding costs and folding E back is the chain rule. */
    const double e[8] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0};
    size_t targets[4];
    double folded[4];
    check_ok(silbe_unfold_targets(2, 4, targets, &err), err);
    check_ok(silbe_fold_columns(e, 2, 4, targets, 2, folded, &err), err);
    check_close(folded[0], 3.0, 0.0);
    check_close(folded[3], 15.0, 0.0);
    assert_int_equal(silbe_fold_columns(e, 2, 4, targets, 1, folded, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_unfold_targets(0, 4, targets, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_unfold_targets(5, 4, targets, &err), SILBE_ERR_ARGUMENT);
}

static void test_unfolded_paths(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_path_point path[] = {{1, 0}, {1, 1}, {2, 1}, {4, 2}, {4, 4}};
    silbe_path_point back[6];
    size_t columns[6];
    size_t length = 0;
    check_ok(silbe_unfold_path(path, 5, 6, false, columns, &err), err);
    const size_t want[6] = {SILBE_UNFOLD_NONE, 1, 1, SILBE_UNFOLD_NONE, 4, SILBE_UNFOLD_NONE};
    assert_memory_equal(columns, want, sizeof want);
    check_ok(silbe_unfold_to_path(columns, 6, back, &length, &err), err);
    assert_int_equal(length, 3);
    assert_true(back[2].n == 4 && back[2].m == 4);
    check_ok(silbe_unfold_path(path, 5, 6, true, columns, &err), err);
    assert_int_equal(columns[3], 1);
    assert_true(columns[0] == SILBE_UNFOLD_NONE && columns[5] == SILBE_UNFOLD_NONE);
    assert_int_equal(silbe_unfold_path(path, 5, 4, true, columns, &err), SILBE_ERR_DATA);
    const silbe_path_point falling[] = {{1, 3}, {2, 2}};
    assert_int_equal(silbe_unfold_path(falling, 2, 4, true, columns, &err), SILBE_ERR_DATA);
    const size_t bad[3] = {2, SILBE_UNFOLD_NONE, 1};
    assert_int_equal(silbe_unfold_to_path(bad, 3, back, &length, &err), SILBE_ERR_DATA);
    check_ok(silbe_unfold_path(NULL, 0, 2, true, columns, &err), err);
    assert_true(columns[1] == SILBE_UNFOLD_NONE);
}

static void test_labels(void **state)
{
    (void)state;
    const int32_t labels[3] = {5, 5, 2};
    const int32_t want[7] = {0, 5, 0, 5, 0, 2, 0};
    int32_t states[7];
    int32_t out[9];
    size_t first[9];
    assert_int_equal(silbe_labels_n_states(3), 7);
    assert_true(silbe_labels_n_states(SIZE_MAX / 2 + 1) == SIZE_MAX);
    silbe_labels_expand(labels, 3, 0, states);
    assert_memory_equal(states, want, sizeof want);
    assert_int_equal(silbe_labels_collapse(states, 7, 0, out, first), 3); /* collapse undoes it */
    assert_memory_equal(out, labels, sizeof labels);
    assert_int_equal(first[2], 5);
    const int32_t frames[9] = {0, 0, 5, 5, 5, 0, 5, 2, 2};
    assert_int_equal(silbe_labels_collapse(frames, 9, 0, out, first), 3);
    assert_memory_equal(out, labels, sizeof labels);
    assert_true(first[0] == 2 && first[1] == 6 && first[2] == 7);
    silbe_labels_expand(NULL, 0, 4, states);
    assert_int_equal(states[0], 4);
    assert_int_equal(silbe_labels_collapse(NULL, 0, 4, out, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_diagonal_prior),
        cmocka_unit_test(test_feature_gradients),
        cmocka_unit_test(test_divergence),
        cmocka_unit_test(test_unfolded_targets),
        cmocka_unit_test(test_unfolded_paths),
        cmocka_unit_test(test_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
