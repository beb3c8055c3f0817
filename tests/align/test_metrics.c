#include "align/metrics.h"

#include "tests/align/golden_metrics.h"
#include "tests/check.h"

#include <string.h>

#define N_GOLDEN (sizeof GOLDEN_METRICS / sizeof GOLDEN_METRICS[0])

static double segments_share(const double *reference_s, const double *estimate_s, size_t n,
                             double duration_s)
{
    silbe_err err = SILBE_ERR_INIT;
    double overlap_s = NAN;
    double total_s = NAN;
    check_ok(
        silbe_correct_segments(reference_s, estimate_s, n, duration_s, &overlap_s, &total_s, &err),
        err);
    return overlap_s / total_s;
}

static void test_hand_example(void **state)
{
    (void)state;
    const double reference_s[] = {1, 2, 3, 4};
    const double estimate_s[] = {1.1, 2.0, 3.4, 4.2};
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    check_ok(silbe_onset_metrics_run(reference_s, estimate_s, 4, &m, &err), err);
    assert_int_equal(m.n, 4);
    check_close(m.mean_abs_s, 0.175, 1e-12);
    check_close(m.median_abs_s, 0.15, 1e-12);
    check_close(m.bias_s, 0.15, 1e-12);
    check_close(m.within[0], 0.25, 0);
    check_close(m.within[3], 0.75, 0);
    check_close(m.within[5], 1, 0);
    check_close(m.perceptual, 0.617584, 1e-6);
    check_close(m.derailed, 0, 0);
    check_close(m.max_abs_s, 0.4, 1e-12);
    check_close(m.p95_abs_s, 0.2 + 0.85 * 0.2, 1e-12);
    check_close(segments_share(reference_s, estimate_s, 4, 0), 0.83333, 1e-5);
}

static void test_golden(void **state)
{
    (void)state;
    assert_true(N_GOLDEN >= 8);
    for (size_t g = 0; g < N_GOLDEN; g++) {
        const golden_metrics *want = &GOLDEN_METRICS[g];
        silbe_err err = SILBE_ERR_INIT;
        silbe_onset_metrics m;
        check_ok(silbe_onset_metrics_run(want->reference_s, want->estimate_s, want->n, &m, &err),
                 err);
        check_close(m.mean_abs_s, want->mean_abs_s, 1e-13);
        check_close(m.median_abs_s, want->median_abs_s, 0);
        check_close(m.perceptual, want->perceptual, 1e-12);
        for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
            double share = NAN;
            check_close(m.within[w], want->within[w], 0);
            check_ok(silbe_correct_onsets(want->reference_s, want->estimate_s, want->n,
                                          SILBE_WINDOWS_S[w], &share, &err),
                     err);
            check_close(share, want->within[w], 0);
        }
        check_close(segments_share(want->reference_s, want->estimate_s, want->n, 0), want->segments,
                    1e-12);
        check_close(segments_share(want->reference_s, want->estimate_s, want->n, want->duration_s),
                    want->segments_duration, 1e-12);
    }
}

/* |0.3 - 0| is within 0.3; |1.3 - 1| is 0.30000000000000004 and is not: plain double arithmetic. */
static void test_window_edge(void **state)
{
    (void)state;
    const double reference_s[] = {0, 1};
    const double estimate_s[] = {0.3, 1.3};
    silbe_err err = SILBE_ERR_INIT;
    double share = NAN;
    check_ok(silbe_correct_onsets(reference_s, estimate_s, 2, 0.3, &share, &err), err);
    check_close(share, 0.5, 0);
    const double one_late[] = {0, 2};
    silbe_onset_metrics m;
    check_ok(silbe_onset_metrics_run(reference_s, one_late, 2, &m, &err), err);
    check_close(m.derailed, 0, 0); /* exactly 1 s is not yet derailed */
    check_close(m.within[5], 1, 0);
}

static void test_signs(void **state)
{
    (void)state;
    const double reference_s[] = {1, 2, 3};
    const double early_s[] = {0.5, 1.75, 1.5};
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    check_ok(silbe_onset_metrics_run(reference_s, early_s, 3, &m, &err), err);
    check_close(m.bias_s, -0.5, 0);
    check_close(m.median_abs_s, 0.5, 0);
    check_close(m.derailed, 1.0 / 3, 1e-15);
    /* Listeners forgive what is early more than what is late. */
    assert_true(silbe_perceptual_score(-0.2) > silbe_perceptual_score(0.2));
}

/* The density integrates to one, has its mean at loc + scale delta sqrt(2 / pi), and with shape 0
 * is the normal density. */
static void test_skew_normal(void **state)
{
    (void)state;
    const double shape = 3;
    const double loc = -0.2;
    const double scale = 0.5;
    const double step = 1e-3;
    double mass = 0;
    double mean = 0;
    for (double x = -6; x < 6; x += step) {
        double p = silbe_skew_normal_pdf(x, shape, loc, scale);
        mass += p * step;
        mean += x * p * step;
    }
    const double delta = shape / sqrt(1 + shape * shape);
    check_close(mass, 1, 1e-9);
    check_close(mean, loc + scale * delta * sqrt(2 / 3.14159265358979323846), 1e-6);
    check_close(silbe_skew_normal_pdf(0, 0, 0, 1), 0.3989422804014327, 1e-15);
    assert_true(silbe_perceptual_score(-0.067) > 0.9999);
    assert_true(silbe_perceptual_score(-0.067) < 1.0002);
}

/* Moving everything, or pooling the differences in another order, changes nothing. */
static void test_properties(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(4);
    enum { N = 101 };
    double reference_s[N];
    double estimate_s[N];
    double difference_s[N];
    double kept[N];
    double time_s = 0;
    for (size_t i = 0; i < N; i++) {
        time_s += check_uniform(&rng);
        reference_s[i] = time_s;
        estimate_s[i] = time_s + 2 * check_uniform(&rng) * check_uniform(&rng) - 0.3;
        difference_s[N - 1 - i] = estimate_s[i] - reference_s[i];
    }
    memcpy(kept, difference_s, sizeof kept);
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics single;
    silbe_onset_metrics pooled;
    check_ok(silbe_onset_metrics_run(reference_s, estimate_s, N, &single, &err), err);
    check_ok(silbe_onset_metrics_pooled(difference_s, N, &pooled, &err), err);
    assert_memory_equal(difference_s, kept, sizeof kept);
    check_close(pooled.mean_abs_s, single.mean_abs_s, 1e-14);
    check_close(pooled.median_abs_s, single.median_abs_s, 0);
    check_close(pooled.bias_s, single.bias_s, 0);
    check_close(pooled.p95_abs_s, single.p95_abs_s, 0);
    check_close(pooled.derailed + pooled.within[5], 1, 1e-15);
    for (size_t w = 1; w < SILBE_N_WINDOWS; w++) {
        assert_true(pooled.within[w] >= pooled.within[w - 1]);
    }
    assert_true(pooled.median_abs_s <= pooled.p95_abs_s && pooled.p95_abs_s <= pooled.max_abs_s);
    assert_true(single.derailed > 0 && single.within[0] > 0);
    check_close(segments_share(reference_s, reference_s, N, 0), 1, 1e-12);
    check_close(segments_share(reference_s, reference_s, N, time_s + 1), 1, 1e-12);
}

static void test_mean_over_songs(void **state)
{
    (void)state;
    const double few[] = {0.1, -0.3};
    const double many[] = {0.01, 0.02, 0.03, 2.0};
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics songs[3];
    check_ok(silbe_onset_metrics_pooled(few, 2, &songs[0], &err), err);
    songs[1] = silbe_onset_metrics_none();
    check_ok(silbe_onset_metrics_pooled(many, 4, &songs[2], &err), err);
    silbe_onset_metrics mean = silbe_onset_metrics_mean(songs, 3);
    assert_int_equal(mean.n, 6);
    check_close(mean.median_abs_s, (0.2 + 0.025) / 2, 1e-15);
    check_close(mean.mean_abs_s, (0.2 + 0.515) / 2, 1e-15);
    check_close(mean.bias_s, (-0.1 + 0.025) / 2, 1e-15);
    check_close(mean.derailed, 0.125, 1e-15);
    check_close(mean.within[0], 0.375, 1e-15);
    assert_int_equal(silbe_onset_metrics_mean(songs + 1, 1).n, 0);
    assert_true(isnan(silbe_onset_metrics_mean(songs + 1, 1).median_abs_s));
    assert_true(isnan(silbe_onset_metrics_mean(NULL, 0).within[2]));
}

static double auc_of(const double *difference_s, const double *confidence, size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    double auc = NAN;
    check_ok(silbe_confidence_auc(difference_s, confidence, n, 0.1, &auc, &err), err);
    return auc;
}

static void test_auc(void **state)
{
    (void)state;
    const double difference_s[] = {0.01, -0.5, 0.02, 0.3, 0.1};
    const double perfect[] = {0.9, 0.1, 0.8, 0.2, 0.7};
    const double inverted[] = {0.1, 0.9, 0.2, 0.8, 0.3};
    const double ties[] = {0.5, 0.5, 0.5, 0.5, 0.5};
    const double mixed[] = {0.9, 0.4, 0.4, 0.6, 0.5};
    check_close(auc_of(difference_s, perfect, 5), 1, 0);
    check_close(auc_of(difference_s, inverted, 5), 0, 0);
    check_close(auc_of(difference_s, ties, 5), 0.5, 0);
    /* wrong 0.4 against 0.9 0.4 0.5: 1 + 1/2 + 1; wrong 0.6 against them: 1 + 0 + 0 */
    check_close(auc_of(difference_s, mixed, 5), 3.5 / 6, 1e-15);
    const double all_right[] = {0, 0, 0, 0, 0};
    assert_true(isnan(auc_of(all_right, mixed, 5)));
}

/* Against the definition, pair by pair. */
static void test_auc_random(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    enum { N = 60 };
    for (int round = 0; round < 50; round++) {
        double difference_s[N];
        double confidence[N];
        for (size_t i = 0; i < N; i++) {
            difference_s[i] = 0.4 * check_uniform(&rng) - 0.2;
            confidence[i] = floor(10 * check_uniform(&rng)) / 10;
        }
        double wins = 0;
        double pairs = 0;
        for (size_t a = 0; a < N; a++) {
            for (size_t b = 0; b < N; b++) {
                if (fabs(difference_s[a]) > 0.1 && fabs(difference_s[b]) <= 0.1) {
                    pairs++;
                    wins += confidence[b] > confidence[a];
                    wins += confidence[b] == confidence[a] ? 0.5 : 0;
                }
            }
        }
        assert_true(pairs > 0);
        check_close(auc_of(difference_s, confidence, N), wins / pairs, 1e-14);
    }
}

static void test_quantile_histogram(void **state)
{
    (void)state;
    const double sorted[] = {1, 2, 4, 8};
    check_close(silbe_quantile(sorted, 4, 0), 1, 0);
    check_close(silbe_quantile(sorted, 4, 0.5), 3, 1e-15);
    check_close(silbe_quantile(sorted, 4, 0.9), 4 + 0.7 * 4, 1e-12); /* numpy.quantile: 6.8 */
    check_close(silbe_quantile(sorted, 4, 1), 8, 0);
    check_close(silbe_quantile(sorted, 1, 0.3), 1, 0);
    const double values[] = {-1, 0, 0.5, 1, 1.5, 2, 2.1, NAN};
    const double edges[] = {0, 1, 2};
    size_t counts[2];
    silbe_histogram(values, 8, edges, 3, counts);
    assert_int_equal(counts[0], 2);
    assert_int_equal(counts[1], 3);
}

static void expect_bad(const double *reference_s, const double *estimate_s, size_t n,
                       const char *part_of_message)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    double a;
    double b;
    assert_int_equal(silbe_onset_metrics_run(reference_s, estimate_s, n, &m, &err), SILBE_ERR_DATA);
    if (strstr(err.message, part_of_message) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part_of_message);
    }
    assert_int_equal(m.n, 0);
    assert_true(isnan(m.mean_abs_s) && isnan(m.within[0]));
    assert_int_equal(silbe_correct_segments(reference_s, estimate_s, n, 100, &a, &b, &err),
                     SILBE_ERR_DATA);
    assert_int_equal(silbe_correct_onsets(reference_s, estimate_s, n, 0.3, &a, &err),
                     SILBE_ERR_DATA);
}

static void test_bad_input(void **state)
{
    (void)state;
    const double good[] = {1, 2, 3};
    const double nan_inside[] = {1, NAN, 3};
    const double infinite[] = {1, 2, INFINITY};
    const double negative[] = {-0.1, 2, 3};
    const double unsorted[] = {1, 3, 2};
    expect_bad(good, good, 0, "no onsets");
    expect_bad(nan_inside, good, 3, "reference onset 2 of 3");
    expect_bad(good, infinite, 3, "estimated onset 3 of 3");
    expect_bad(negative, good, 3, "before 0");
    expect_bad(unsorted, good, 3, "reference onset 3 (2 s) is before");
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_metrics m;
    double a;
    double b;
    assert_int_equal(silbe_onset_metrics_pooled(nan_inside, 3, &m, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_onset_metrics_pooled(good, 0, &m, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_correct_segments(good, good, 1, 0, &a, &b, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_correct_segments(good, good, 3, 2.5, &a, &b, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_correct_onsets(good, good, 3, NAN, &a, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_confidence_auc(good, nan_inside, 3, 0.1, &a, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_confidence_auc(good, good, 0, 0.1, &a, &err), SILBE_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hand_example),    cmocka_unit_test(test_golden),
        cmocka_unit_test(test_window_edge),     cmocka_unit_test(test_signs),
        cmocka_unit_test(test_skew_normal),     cmocka_unit_test(test_properties),
        cmocka_unit_test(test_mean_over_songs), cmocka_unit_test(test_auc),
        cmocka_unit_test(test_auc_random),      cmocka_unit_test(test_quantile_histogram),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
