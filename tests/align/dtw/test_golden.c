/* DTW against an independent implementation in exact fractions: see make_golden.py. */
#include "tests/align/dtw/dtw_test.h"

typedef struct {
    const char *name;
    size_t n_rows;
    size_t n_cols;
    silbe_path_steps steps;
    bool free_ends;
    double value;
    const float *cost;
    const silbe_path_point *path;
    size_t length;
} golden_case;

#include "tests/align/dtw/golden.h"

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden_cases / sizeof golden_cases[0]; i++) {
        const golden_case *c = &golden_cases[i];
        silbe_dtw_dense dense = {c->cost, c->n_cols};
        silbe_dtw_problem problem = {.n_rows = c->n_rows,
                                     .n_cols = c->n_cols,
                                     .cost = silbe_dtw_dense_cost,
                                     .context = &dense,
                                     .steps = c->steps,
                                     .start_free = c->free_ends,
                                     .end_free = c->free_ends};
        dtw_answer fast = dtw_fast(&problem, NULL);
        dtw_answer slow = dtw_slow(&problem);
        print_message("%s\n", c->name);
        check_ok(fast.status, fast.err);
        check_close(fast.result.cost, c->value, 0.0);
        assert_int_equal(fast.result.path_length, c->length);
        for (size_t k = 0; k < c->length; k++) {
            assert_int_equal(fast.path[k].n, c->path[k].n);
            assert_int_equal(fast.path[k].m, c->path[k].m);
        }
        assert_true(dtw_same(&fast, &slow));
        dtw_answer_free(&fast);
        dtw_answer_free(&slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
