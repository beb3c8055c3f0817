/* Soft-DTW against an independent computation by linear algebra: see make_golden_softdtw.py. */
#include "tests/align/softdtw/softdtw_test.h"

typedef struct {
    const char *name;
    size_t n_rows;
    size_t n_cols;
    silbe_path_steps steps;
    silbe_softdtw_minimum minimum;
    double gamma;
    double value;
    const double *cost;
    const double *e;
    const unsigned char *starts;
    const unsigned char *ends;
} golden_case;

#include "tests/align/softdtw/golden_softdtw.h"

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden_cases / sizeof golden_cases[0]; i++) {
        const golden_case *c = &golden_cases[i];
        silbe_softdtw_problem problem = {.n_rows = c->n_rows,
                                         .n_cols = c->n_cols,
                                         .cost = c->cost,
                                         .steps = c->steps,
                                         .starts = c->starts,
                                         .ends = c->ends,
                                         .minimum = c->minimum,
                                         .gamma = c->gamma};
        /* central differences with 1e-7 at the seams of sparsemin */
        double tolerance = c->minimum == SILBE_SOFTDTW_SPARSEMIN ? 1e-7 : 1e-12;
        soft_answer fast = soft_run(&problem, SILBE_KERNEL_AUTO, SOFT_E);
        soft_answer slow = soft_reference(&problem);
        print_message("%s\n", c->name);
        check_ok(fast.status, fast.err);
        check_ok(slow.status, slow.err);
        check_close(fast.result.value, c->value, 1e-12);
        check_close(slow.result.value, c->value, 1e-12);
        for (size_t k = 0; k < c->n_rows * c->n_cols; k++) {
            check_close(fast.e[k], c->e[k], tolerance);
            check_close(slow.e[k], c->e[k], tolerance);
        }
        soft_free(&fast);
        soft_free(&slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
