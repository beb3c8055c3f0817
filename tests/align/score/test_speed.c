/* How fast the score goes by, against the usual. */
#include "tests/check.h"

#include "align/score/tempo.h"

enum { N = 200 };

static void run(const double *event_q, const double *event_s, size_t n, double *ratio)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_relative_speeds(event_q, event_s, n, 1, ratio, &err), err);
}

static void steady(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(31);
    double q[N], s[N], ratio[N];
    for (size_t k = 0; k < N; k++) {
        q[k] = (k > 0 ? q[k - 1] : 3) + 0.1 + 2 * check_uniform(&rng);
        s[k] = 5 + 0.7 * q[k];
    }
    for (size_t n = 1; n <= N; n += n < 5 ? 1 : 39) {
        run(q, s, n, ratio);
        for (size_t k = 0; k < n; k++) {
            check_close(ratio[k], 1, 1e-9);
        }
    }
}

/* By hand: 4 events a second, then 24 within a quarter of a second, then as before. Most events
 * rush, but not for long: the usual speed is that of the others. */
static void squeezed(void **state)
{
    (void)state;
    double q[44], s[44], ratio[44];
    for (size_t k = 0; k < 44; k++) {
        q[k] = (double)k;
        s[k] = k < 10   ? 0.25 * (double)k
               : k < 34 ? 2.5 + 0.001 * (double)(k - 10)
                        : 2.75 + 0.25 * (double)(k - 34);
    }
    run(q, s, 44, ratio);
    check_close(ratio[0], 1, 1e-9);
    check_close(ratio[43], 1, 1e-9);
    for (size_t k = 10; k < 34; k++) {
        assert_true(ratio[k] > 3);
    }
    /* Event 20 at 2.51 s sees those from 1.75 to 3.5 s: 7 to 37, 30 quarter notes in 1.75 s. */
    check_close(ratio[20], 30 / 1.75 / 4, 1e-9);
}

/* No factor of time or of score positions matters; a pause is slow, not fast. */
static void scales(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(32);
    double q[N], s[N], far_q[N], ratio[N], other[N];
    for (size_t k = 0; k < N; k++) {
        q[k] = (k > 0 ? q[k - 1] : 0) + 0.25 + check_uniform(&rng);
        s[k] = (k > 0 ? s[k - 1] : 0) + (k == 100 ? 30 : 0.1 + check_uniform(&rng));
        far_q[k] = 8 * q[k] - 5;
    }
    run(q, s, N, ratio);
    run(far_q, s, N, other);
    for (size_t k = 0; k < N; k++) {
        check_close(other[k], ratio[k], 1e-9);
        assert_true(ratio[k] > 0);
    }
    s[5] = s[6] = s[4]; /* at once: no division by zero */
    run(q, s, N, ratio);
    for (size_t k = 0; k < N; k++) {
        assert_true(isfinite(ratio[k]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady),
        cmocka_unit_test(squeezed),
        cmocka_unit_test(scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
