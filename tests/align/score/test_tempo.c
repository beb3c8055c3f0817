/* Expected distances of events: steady tempo, the regression written out, degenerate input. */
#include "tests/check.h"

#include <string.h>

#include "align/score/tempo.h"

enum { MAX = 120 };

static void steady_tempo(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(111);
    double q[MAX], s[MAX], expected[MAX];
    for (size_t k = 0; k < MAX; k++) {
        q[k] = (k > 0 ? q[k - 1] : 0) + 0.1 + check_uniform(&rng);
        s[k] = 7 + 0.65 * q[k];
    }
    for (size_t n = 2; n <= MAX; n += 17) {
        silbe_expected_distances(q, s, n, 1.5, 4, expected);
        for (size_t k = 0; k + 1 < n; k++) {
            check_close(expected[k], 0.65 * (q[k + 1] - q[k]), 1e-9);
        }
    }
}

/* The header's formula, each window looked for anew. */
static double by_definition(const double *q, const double *s, size_t n, size_t k, double half_s,
                            size_t min_events)
{
    size_t last = k + min_events < n ? k + min_events : n - 1;
    size_t first = k + 1 > min_events ? k + 1 - min_events : 0;
    double middle = (s[k] + s[k + 1]) / 2, reach = fmax(half_s, (s[last] - s[first]) / 2);
    double w = 0, wq = 0, ws = 0, wqq = 0, wqs = 0;
    for (size_t i = 0; i < n; i++) {
        double z = (s[i] - middle) / (0.6 * reach);
        if ((s[i] >= middle - 2 * reach && s[i] <= middle + 2 * reach) || i == k || i == k + 1) {
            double weight = exp(-z * z / 2) + 1e-6;
            w += weight;
            wq += weight * q[i];
            ws += weight * s[i];
            wqq += weight * q[i] * q[i];
            wqs += weight * q[i] * s[i];
        }
    }
    double slope = (w * wqs - wq * ws) / (w * wqq - wq * wq);
    return fmax(slope, 1e-3) * (q[k + 1] - q[k]);
}

static void against_the_definition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(112);
    double q[MAX], s[MAX], expected[MAX];
    for (int round = 0; round < 60; round++) {
        size_t n = 2 + check_random(&rng) % (MAX - 1), min_events = check_random(&rng) % 8;
        double half_s = 0.2 + 4 * check_uniform(&rng);
        for (size_t k = 0; k < n; k++) {
            double gap_s = check_random(&rng) % 8 == 0 ? 12 : 1;
            q[k] = (k > 0 ? q[k - 1] : 0) + 0.1 + check_uniform(&rng);
            s[k] = (k > 0 ? s[k - 1] : 0) + gap_s * check_uniform(&rng);
        }
        silbe_expected_distances(q, s, n, half_s, min_events, expected);
        for (size_t k = 0; k + 1 < n; k++) {
            check_close(expected[k], by_definition(q, s, n, k, half_s, min_events), 1e-6);
        }
    }
}

/* Slower by a factor, with windows longer by the same: distances longer by the same. */
static void scales_with_time(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(113);
    double q[MAX], s[MAX], slow[MAX], a[MAX], b[MAX];
    for (size_t k = 0; k < MAX; k++) {
        q[k] = (double)k + 0.5 * check_uniform(&rng);
        s[k] = 0.5 * (double)k + 0.3 * check_uniform(&rng);
        slow[k] = 100 + 4 * s[k];
    }
    silbe_expected_distances(q, s, MAX, 1.5, 4, a);
    silbe_expected_distances(q, slow, MAX, 6, 4, b);
    for (size_t k = 0; k + 1 < MAX; k++) {
        check_close(b[k], 4 * a[k], 1e-9);
    }
}

/* A change of tempo is followed where it happens and not elsewhere. */
static void is_local(void **state)
{
    (void)state;
    double q[MAX], s[MAX], expected[MAX];
    for (size_t k = 0; k < MAX; k++) {
        q[k] = (double)k;
        s[k] = k < 60 ? 0.5 * (double)k : 30 + 0.8 * (double)(k - 60);
    }
    silbe_expected_distances(q, s, MAX, 1.5, 2, expected);
    check_close(expected[40], 0.5, 1e-4);
    check_close(expected[80], 0.8, 1e-4);
    assert_true(expected[59] > 0.52 && expected[59] < 0.78);
}

static void degenerate(void **state)
{
    (void)state;
    static const double q[] = {0, 1, 3, 4}, s[] = {2, 2, 2, 2};
    double expected[4] = {-1, -1, -1, -1};
    silbe_expected_distances(q, s, 4, 1.5, 4, expected); /* all at once: the smallest slope */
    check_close(expected[0], 1e-3, 1e-12);
    check_close(expected[1], 2e-3, 1e-12);
    check_close(expected[2], 1e-3, 1e-12);
    assert_true(expected[3] == -1);
    expected[0] = -1;
    silbe_expected_distances(q, s, 1, 1.5, 4, expected); /* nothing to say */
    silbe_expected_distances(q, s, 0, 1.5, 4, expected);
    assert_true(expected[0] == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_tempo),     cmocka_unit_test(against_the_definition),
        cmocka_unit_test(scales_with_time), cmocka_unit_test(is_local),
        cmocka_unit_test(degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
