/* Confidences against what came true, and onsets without estimate. */
#include "align/metrics.h"

#include <string.h>

#include "tests/align/golden_confidence.h"
#include "tests/check.h"

static void test_golden(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof GOLDEN_CONFIDENCE / sizeof GOLDEN_CONFIDENCE[0]; c++) {
        const golden_confidence *g = &GOLDEN_CONFIDENCE[c];
        silbe_err err = SILBE_ERR_INIT;
        silbe_reliability r;
        double auc = NAN;
        check_ok(silbe_confidence_auc(g->difference_s, g->confidence, g->n, 0.3, &auc, &err), err);
        check_close(auc, g->auc, 1e-14);
        check_ok(silbe_confidence_reliability(g->difference_s, g->confidence, g->n, 0.3, &r, &err),
                 err);
        check_close(r.calibration_error, g->calibration_error, 1e-14);
        for (size_t b = 0; b < SILBE_N_CONFIDENCE_BINS; b++) {
            assert_int_equal(r.bins[b].n, g->counts[b]);
            if (g->counts[b] == 0) {
                assert_true(isnan(r.bins[b].expected) && isnan(r.bins[b].observed));
            } else {
                check_close(r.bins[b].expected, g->expected[b], 1e-14);
                check_close(r.bins[b].observed, g->observed[b], 1e-14);
            }
        }
    }
}

/* Confidences that are true probabilities: 3 of 4 at 0.75, all at 1, none at 0. */
static void test_calibrated(void **state)
{
    (void)state;
    const double difference_s[] = {0.1, -0.1, 0.3, 0.31, 0, INFINITY};
    const double confidence[] = {0.75, 0.75, 0.75, 0.75, 1, 0};
    silbe_err err = SILBE_ERR_INIT;
    silbe_reliability r;
    double auc = NAN;
    check_ok(silbe_confidence_reliability(difference_s, confidence, 6, 0.3, &r, &err), err);
    check_close(r.calibration_error, 0, 0);
    assert_int_equal(r.bins[7].n, 4);
    assert_int_equal(r.bins[9].n, 1);
    assert_int_equal(r.bins[0].n, 1);
    check_close(r.bins[7].observed, 0.75, 0);
    /* wrong 0.75 and 0 against right 0.75 0.75 0.75 1: 1.5 + 1 and 4 of 8 */
    check_ok(silbe_confidence_auc(difference_s, confidence, 6, 0.3, &auc, &err), err);
    check_close(auc, 6.5 / 8, 1e-15);
    check_ok(silbe_confidence_reliability(difference_s, confidence, 0, 0.3, &r, &err), err);
    assert_true(isnan(r.calibration_error) && r.bins[3].n == 0);
}

/* They lie in no window and above all others. */
static void test_missing(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    const double some[] = {0.02, INFINITY, -0.06, 0.1, INFINITY};
    check_ok(silbe_onset_metrics_pooled(some, 5, &m, &err), err);
    assert_int_equal(m.n, 5);
    assert_int_equal(m.n_missing, 2);
    check_close(m.mean_abs_s, 0.06, 1e-15);
    check_close(m.median_abs_s, 0.1, 0);
    check_close(m.bias_s, 0.02, 0);
    check_close(m.max_abs_s, 0.1, 0);
    check_close(m.within[0], 0.2, 0);
    check_close(m.within[SILBE_N_WINDOWS - 1], 0.6, 1e-15);
    check_close(m.derailed, 0.4, 1e-15);
    check_close(m.perceptual,
                (silbe_perceptual_score(0.02) + silbe_perceptual_score(-0.06) +
                 silbe_perceptual_score(0.1)) /
                    5,
                1e-15);
    assert_true(isnan(m.p95_abs_s));
    const double most[] = {0.02, INFINITY, INFINITY, 0.1};
    check_ok(silbe_onset_metrics_pooled(most, 4, &m, &err), err);
    assert_true(isnan(m.median_abs_s));
    const double none[] = {INFINITY, INFINITY};
    check_ok(silbe_onset_metrics_pooled(none, 2, &m, &err), err);
    assert_true(isnan(m.mean_abs_s) && isnan(m.max_abs_s) && isnan(m.bias_s));
    check_close(m.derailed, 1, 0);
    check_close(m.perceptual, 0, 0);
    /* The 95 % quantile of 21 values is the 20th: the infinite neighbour has no weight. */
    double many[21] = {0};
    many[3] = INFINITY;
    many[5] = 0.5;
    check_ok(silbe_onset_metrics_pooled(many, 21, &m, &err), err);
    check_close(m.p95_abs_s, 0.5, 0);
}

static void test_bad_input(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    silbe_reliability r;
    double auc;
    const double good[] = {0.1, 0.2}, minus[] = {0.1, -INFINITY}, nothing[] = {0.1, NAN};
    const double above[] = {0.5, 1.01}, below[] = {-0.01, 0.5};
    const double *const bad[] = {minus, nothing};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(silbe_onset_metrics_pooled(bad[i], 2, &m, &err), SILBE_ERR_DATA);
        assert_non_null(strstr(err.message, "difference 2 of 2"));
        assert_int_equal(silbe_confidence_auc(bad[i], good, 2, 0.3, &auc, &err), SILBE_ERR_DATA);
        assert_int_equal(silbe_confidence_reliability(bad[i], good, 2, 0.3, &r, &err),
                         SILBE_ERR_DATA);
        assert_int_equal(silbe_confidence_reliability(good, bad[i], 2, 0.3, &r, &err),
                         SILBE_ERR_DATA);
    }
    assert_int_equal(silbe_confidence_reliability(good, above, 2, 0.3, &r, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "confidence 2 of 2 should be 0..1, got 1.01"));
    assert_int_equal(silbe_confidence_reliability(good, below, 2, 0.3, &r, &err), SILBE_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_calibrated),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
