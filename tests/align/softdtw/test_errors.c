/* Bad input: an error each, with the right status and words, never a value. */
#include "tests/align/softdtw/reference.h"
#include "tests/align/softdtw/softdtw_test.h"

enum { N = 20, M = 6 };

typedef struct {
    double cost[N * M];
    silbe_softdtw_problem p;
    silbe_kernel kernel;
    size_t lo[N];
    size_t hi[N];
    unsigned char mask[M];
    uint16_t column_steps[M];
} input;

static void make(input *in)
{
    for (size_t i = 0; i < N * M; i++) {
        in->cost[i] = (double)(i % 7) * 0.25;
    }
    for (size_t n = 0; n < N; n++) {
        in->lo[n] = 0;
        in->hi[n] = M;
    }
    memset(in->mask, 0, sizeof in->mask);
    in->p = (silbe_softdtw_problem){.n_rows = N,
                                    .n_cols = M,
                                    .cost = in->cost,
                                    .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                                    .gamma = 1.0};
    in->kernel = SILBE_KERNEL_AUTO;
}

static void no_rows(input *in)
{
    in->p.n_rows = 0;
}
static void no_columns(input *in)
{
    in->p.n_cols = 0;
}
static void no_cost(input *in)
{
    in->p.cost = NULL;
}
static void two_costs(input *in)
{
    in->p.cost_float = (const float *)(const void *)in->cost;
}
static void nan_cost(input *in)
{
    in->cost[13 * M + 4] = NAN;
}
static void nan_in_last_row(input *in)
{
    in->cost[(N - 1) * M + 4] = NAN;
}
static void nan_in_first_row(input *in)
{
    in->cost[2] = NAN;
}
static void low_cost(input *in)
{
    in->cost[2 * M + 1] = -INFINITY;
}
static void all_forbidden(input *in)
{
    for (size_t i = 0; i < N * M; i++) {
        in->cost[i] = INFINITY;
    }
}
static void wall(input *in)
{
    for (size_t m = 0; m < M; m++) {
        in->cost[11 * M + m] = INFINITY;
    }
}
static void forbidden_end(input *in)
{
    in->cost[N * M - 1] = INFINITY;
}
static void zero_gamma(input *in)
{
    in->p.gamma = 0.0;
}
static void negative_gamma(input *in)
{
    in->p.gamma = -1.0;
}
static void nan_gamma(input *in)
{
    in->p.gamma = NAN;
}
static void infinite_gamma(input *in)
{
    in->p.gamma = INFINITY;
}
static void no_steps(input *in)
{
    in->p.steps.n_steps = 0;
}
static void standing_step(input *in)
{
    in->p.steps.steps[1].dn = 0;
}
static void zero_weight(input *in)
{
    in->p.steps.steps[1].weight = 0.0;
}
static void nan_penalty(input *in)
{
    in->p.steps.steps[2].penalty = NAN;
}
static void half_a_band(input *in)
{
    in->p.lo = in->lo;
}
static void empty_band(input *in)
{
    in->p.lo = in->lo;
    in->p.hi = in->hi;
    in->hi[3] = 0;
}
static void no_start(input *in)
{
    in->p.starts = in->mask;
}
static void no_end(input *in)
{
    in->p.ends = in->mask;
}
static void bad_minimum(input *in)
{
    in->p.minimum = SILBE_SOFTDTW_N_MINIMA;
}
static void bad_kernel(input *in)
{
    in->kernel = SILBE_N_KERNELS;
}
static void strips_for_sparse(input *in)
{
    in->p.minimum = SILBE_SOFTDTW_SPARSEMIN;
    in->kernel = SILBE_KERNEL_PORTABLE;
}
static void huge(input *in)
{
    in->p.n_rows = SIZE_MAX / 2;
}
static void huge_area(input *in)
{
    in->p.n_rows = (size_t)1 << 40;
    in->p.n_cols = (size_t)1 << 40;
}
static void few_rows(input *in)
{
    in->p.n_rows = 2;
    in->p.steps = silbe_path_steps_monotonic(false);
}
static void no_step_lands(input *in)
{
    memset(in->column_steps, 0, sizeof in->column_steps);
    in->p.column_steps = in->column_steps;
}

typedef struct {
    const char *name;
    void (*change)(input *in);
    silbe_status status;
    const char *words; /* part of the message */
} bad_case;

static const bad_case cases[] = {
    {"no rows", no_rows, SILBE_ERR_ARGUMENT, "0 rows and 6 columns"},
    {"no columns", no_columns, SILBE_ERR_ARGUMENT, "20 rows and 0 columns"},
    {"no cost", no_cost, SILBE_ERR_ARGUMENT, "got 0"},
    {"two costs", two_costs, SILBE_ERR_ARGUMENT, "got 2"},
    {"NaN", nan_cost, SILBE_ERR_DATA, "(13, 4) is NaN"},
    {"NaN in the last row", nan_in_last_row, SILBE_ERR_DATA, "(19, 4) is NaN"},
    {"NaN in the first row", nan_in_first_row, SILBE_ERR_DATA, "(0, 2) is NaN"},
    {"-INFINITY", low_cost, SILBE_ERR_DATA, "(2, 1) is -INFINITY"},
    {"all forbidden", all_forbidden, SILBE_ERR_INFEASIBLE, "past row 0 of 20"},
    {"a wall", wall, SILBE_ERR_INFEASIBLE, "past row 10 of 20"},
    {"end forbidden", forbidden_end, SILBE_ERR_INFEASIBLE, "end cell of row 19"},
    {"gamma 0", zero_gamma, SILBE_ERR_ARGUMENT, "gamma should be > 0, got 0"},
    {"gamma < 0", negative_gamma, SILBE_ERR_ARGUMENT, "got -1"},
    {"gamma NaN", nan_gamma, SILBE_ERR_ARGUMENT, "gamma should be > 0"},
    {"gamma infinite", infinite_gamma, SILBE_ERR_ARGUMENT, "gamma should be > 0"},
    {"no steps", no_steps, SILBE_ERR_ARGUMENT, ""},
    {"a step of (0,0)", standing_step, SILBE_ERR_ARGUMENT, ""},
    {"weight 0", zero_weight, SILBE_ERR_ARGUMENT, ""},
    {"penalty NaN", nan_penalty, SILBE_ERR_ARGUMENT, ""},
    {"lo without hi", half_a_band, SILBE_ERR_ARGUMENT, "only lo is given"},
    {"empty window", empty_band, SILBE_ERR_ARGUMENT, ""},
    {"no start", no_start, SILBE_ERR_ARGUMENT, "no start cell"},
    {"no end", no_end, SILBE_ERR_ARGUMENT, "no end cell"},
    {"minimum", bad_minimum, SILBE_ERR_ARGUMENT, "no minimum 3"},
    {"kernel", bad_kernel, SILBE_ERR_ARGUMENT, "no kernel 5"},
    {"strips for sparsemin", strips_for_sparse, SILBE_ERR_ARGUMENT, "kernel portable takes"},
    {"rows overflow", huge, SILBE_ERR_MEMORY, "overflow size_t"},
    {"area overflows", huge_area, SILBE_ERR_MEMORY, "overflow size_t"},
    {"steps too short", few_rows, SILBE_ERR_INFEASIBLE, "end cell of row 1"},
    {"no step lands", no_step_lands, SILBE_ERR_INFEASIBLE, "past row 0 of 20"},
};

static void expect(const bad_case *c, const soft_answer *a)
{
    if (a->status != c->status || a->err.status != c->status ||
        strstr(a->err.message, c->words) == NULL) {
        print_error("%s: status %d, want %d: %s\n", c->name, (int)a->status, (int)c->status,
                    a->err.message);
        fail();
    }
}

static void test_bad_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int wanted = SOFT_VALUE; wanted <= SOFT_ALL; wanted++) {
            input in;
            make(&in);
            cases[i].change(&in);
            soft_answer a = soft_run(&in.p, in.kernel, wanted);
            expect(&cases[i], &a);
            soft_free(&a);
        }
    }
}

static silbe_status failing_cost(const void *context, size_t n, size_t m_begin, size_t m_end,
                                 float *cost, silbe_err *err)
{
    (void)context;
    for (size_t m = m_begin; m < m_end; m++) {
        cost[m - m_begin] = 1.0F;
    }
    return n == 17 ? silbe_fail(err, SILBE_ERR_IO, "row %zu is lost", n) : SILBE_OK;
}

static void test_cost_function_fails(void **state)
{
    (void)state;
    input in;
    make(&in);
    in.p.cost = NULL;
    in.p.cost_fn = failing_cost;
    for (int k = 0; k <= SILBE_KERNEL_PORTABLE; k++) {
        soft_answer a = soft_run(&in.p, (silbe_kernel)k, SOFT_E);
        assert_int_equal(a.status, SILBE_ERR_IO);
        assert_string_equal(a.err.message, "row 17 is lost");
        soft_free(&a);
    }
}

static void test_bad_arguments(void **state)
{
    (void)state;
    input in;
    make(&in);
    silbe_err err = SILBE_ERR_INIT;
    silbe_softdtw_result result;
    size_t bytes = 0;
    double weights[3];
    silbe_softdtw_gradient half = {NULL, weights, NULL};
    check_ok(silbe_softdtw_scratch_size(&in.p, NULL, NULL, &bytes, &err), err);
    void *scratch = soft_alloc(bytes);
    assert_int_equal(silbe_softdtw_scratch_size(NULL, NULL, NULL, &bytes, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_scratch_size(&in.p, NULL, NULL, NULL, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_scratch_size(&in.p, NULL, &half, &bytes, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_run(&in.p, NULL, scratch, bytes - 1, NULL, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_run(&in.p, NULL, NULL, bytes, NULL, &result, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_run(&in.p, NULL, scratch, bytes, NULL, NULL, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_reference_size(NULL, &bytes, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_softdtw_reference(&in.p, scratch, 8, NULL, &result, NULL),
                     SILBE_ERR_ARGUMENT);
    check_ok(silbe_softdtw_run(&in.p, NULL, scratch, bytes, NULL, &result, &err), err);
    free(scratch);
}

/* One cell, one row, one column: the smallest there is. */
static void test_smallest(void **state)
{
    (void)state;
    double cost[5] = {3.0, 1.0, 2.0, 0.5, 4.0};
    silbe_softdtw_problem p = {.n_rows = 1,
                               .n_cols = 1,
                               .cost = cost,
                               .steps = silbe_path_steps_classical(1.0, 1.0, 1.0),
                               .gamma = 1.0};
    const size_t sizes[3][2] = {{1, 1}, {1, 5}, {5, 1}};
    const double values[3] = {3.0, 10.5, 10.5};
    for (int minimum = 0; minimum < SILBE_SOFTDTW_N_MINIMA; minimum++) {
        for (size_t i = 0; i < 3; i++) {
            p.minimum = (silbe_softdtw_minimum)minimum;
            p.n_rows = sizes[i][0];
            p.n_cols = sizes[i][1];
            soft_answer a = soft_run(&p, SILBE_KERNEL_AUTO, SOFT_E);
            check_ok(a.status, a.err);
            check_close(a.result.value, values[i], 1e-12);
            for (size_t j = 0; j < p.n_rows * p.n_cols; j++) {
                check_close(a.e[j], 1.0, 1e-12);
            }
            soft_free(&a);
        }
    }
    check_close(silbe_softdtw_normalisation_factor(SILBE_SOFTDTW_NORMALISE_NONE, 3, 5), 1.0, 0.0);
    check_close(silbe_softdtw_normalisation_factor(SILBE_SOFTDTW_NORMALISE_LENGTHS, 3, 5), 0.125,
                0.0);
    check_close(silbe_softdtw_normalisation_factor(SILBE_SOFTDTW_NORMALISE_AREA, 2, 8), 0.0625,
                0.0);
    assert_true(isnan(silbe_softdtw_normalisation_factor((silbe_softdtw_normalisation)9, 2, 8)));
    assert_true(isnan(silbe_softdtw_normalisation_factor(SILBE_SOFTDTW_NORMALISE_NONE, 0, 8)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_cost_function_fails),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_smallest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
