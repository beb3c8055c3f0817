#include "features/filterbank.h"
#include "features/onset.h"
#include "tests/features/signals.h"

static const double RATE_HZ = 22050.0;

static silbe_matrix random_matrix(size_t n_rows, size_t n_cols, uint64_t seed)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_rng rng = check_rng_new(seed);
    check_ok(silbe_matrix_new(&m, n_rows, n_cols, &err), err);
    for (size_t i = 0; i < n_rows * n_cols; i++) {
        m.data[i] = (float)pow(check_uniform(&rng), 6.0);
    }
    return m;
}

static silbe_matrix copy_of(const silbe_matrix *m)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix copy;
    check_ok(silbe_matrix_new(&copy, m->n_rows, m->n_cols, &err), err);
    if (m->data != NULL) {
        memcpy(copy.data, m->data, m->n_rows * m->n_cols * sizeof(float));
    }
    return copy;
}

/* The formulas of the header, evaluated one by one, for several lags, short and odd ones too. */
static void test_difference_against_definition(void **state)
{
    (void)state;
    static const double LAGS_S[] = {0.001, 0.01, 0.02, 0.03, 0.05, 10.0};
    static const size_t D[] = {1, 1, 2, 3, 5, 1000};
    enum { T = 90, P = 7 };
    silbe_matrix energy = random_matrix(T, P, 51);
    double total = 0.0;
    for (size_t i = 0; i < T * P; i++) {
        total += energy.data[i];
    }
    double level = sqrt(total / T);
    for (size_t k = 0; k < 6; k++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_onset_options options = silbe_onset_options_default();
        options.lag_s = LAGS_S[k];
        silbe_matrix f = copy_of(&energy);
        check_ok(silbe_onset_difference(&options, 0.01, &f, &err), err);
        size_t a = D[k] / 2, b = D[k] - a;
        for (size_t t = 0; t < T; t++) {
            for (size_t p = 0; p < P; p++) {
                double want = 0.0;
                if (t >= a && t + b < T) {
                    double later = silbe_matrix_row(&energy, t + b)[p];
                    double earlier = silbe_matrix_row(&energy, t - a)[p];
                    want = fmax(0.0, log1p(10.0 * sqrt(later) / level) -
                                         log1p(10.0 * sqrt(earlier) / level));
                }
                check_close(silbe_matrix_row(&f, t)[p], want, 1e-6);
            }
        }
        silbe_matrix_free(&f);
    }
    silbe_matrix_free(&energy);
}

static void test_fold(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_options options = silbe_onset_options_default();
    silbe_matrix pitches = random_matrix(20, 72, 52);
    silbe_matrix classes;
    check_ok(silbe_onset_fold(&options, &pitches, &classes, &err), err);
    assert_int_equal(classes.n_cols, 12);
    for (size_t t = 0; t < 20; t++) {
        for (size_t c = 0; c < 12; c++) {
            double sum = 0.0;
            for (size_t p = 36; p <= 107; p++) {
                sum += p % 12 == c ? silbe_matrix_row(&pitches, t)[p - 36] : 0.0F;
            }
            check_close(silbe_matrix_row(&classes, t)[c], sum, 1e-6);
        }
    }
    silbe_matrix_free(&pitches);
    silbe_matrix_free(&classes);
}

static int compare(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static void test_normalise_against_definition(void **state)
{
    (void)state;
    enum { T = 301, C = 12 };
    static const double HALVES_S[] = {0.0, 0.05, 0.5, 100.0};
    silbe_matrix g = random_matrix(T, C, 53);
    double v[T], sorted[T];
    for (size_t t = 0; t < T; t++) {
        double squares = 0.0;
        if (t >= 100 && t < 160) { /* nothing but faint noise: the floor decides */
            for (size_t c = 0; c < C; c++) {
                silbe_matrix_row(&g, t)[c] *= 1e-3F;
            }
        }
        for (size_t c = 0; c < C; c++) {
            squares += pow(silbe_matrix_row(&g, t)[c], 2.0);
        }
        v[t] = sorted[t] = sqrt(squares);
    }
    qsort(sorted, T, sizeof *sorted, compare);
    double floor_value = 0.2 * sorted[297]; /* 0.99 * 300 = 297 */
    for (size_t k = 0; k < 4; k++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_onset_options options = silbe_onset_options_default();
        options.norm_half_s = HALVES_S[k];
        long half = lrint(HALVES_S[k] / 0.01);
        silbe_matrix n = copy_of(&g);
        check_ok(silbe_onset_normalise(&options, 0.01, &n, &err), err);
        for (long t = 0; t < T; t++) {
            double highest = floor_value;
            for (long s = 0; s < T; s++) {
                highest = labs(s - t) <= half ? fmax(highest, v[s]) : highest;
            }
            for (size_t c = 0; c < C; c++) {
                check_close(silbe_matrix_row(&n, (size_t)t)[c],
                            silbe_matrix_row(&g, (size_t)t)[c] / highest, 1e-6);
            }
        }
        silbe_matrix_free(&n);
    }
    silbe_matrix_free(&g);
}

static void test_decay_against_definition(void **state)
{
    (void)state;
    enum { T = 60, C = 5 };
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_options options = silbe_onset_options_default();
    silbe_matrix n = random_matrix(T, C, 54);
    silbe_matrix d = copy_of(&n);
    check_ok(silbe_onset_decay(&options, 0.01, &d, &err), err);
    for (size_t t = 0; t < T; t++) {
        for (size_t c = 0; c < C; c++) {
            double want = 0.0;
            for (size_t i = 0; i < 20 && i <= t; i++) {
                want = fmax(want, silbe_matrix_row(&n, t - i)[c] * sqrt(1.0 - (double)i / 20.0));
            }
            check_close(silbe_matrix_row(&d, t)[c], want, 1e-6);
        }
    }
    silbe_matrix_free(&d);
    d = copy_of(&n);
    options.decay_s = 0.0; /* no trace */
    check_ok(silbe_onset_decay(&options, 0.01, &d, &err), err);
    assert_memory_equal(d.data, n.data, T * C * sizeof(float));
    silbe_matrix_free(&d);
    silbe_matrix_free(&n);
}

static silbe_matrix onsets_of(const silbe_onset_options *options, const float *x, size_t n,
                              double hop_s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = NULL;
    silbe_filterbank bank;
    silbe_matrix onsets;
    check_ok(silbe_onset_plan_new(options, RATE_HZ, hop_s, &plan, &err), err);
    check_ok(
        silbe_filterbank_pitch(&bank, plan, options->low_pitch, options->high_pitch, 0.0, &err),
        err);
    check_ok(silbe_band_energy(plan, &bank, x, n, &onsets, &err), err);
    check_ok(silbe_onset_difference(options, hop_s, &onsets, &err), err);
    silbe_filterbank_free(&bank);
    silbe_stft_plan_free(plan);
    return onsets;
}

/* Time of the greatest sum over pitches. */
static double peak_time_s(const silbe_matrix *onsets, double hop_s)
{
    double best = -1.0;
    size_t at = 0;
    for (size_t t = 0; t < onsets->n_rows; t++) {
        double sum = 0.0;
        for (size_t p = 0; p < onsets->n_cols; p++) {
            sum += silbe_matrix_row(onsets, t)[p];
        }
        if (sum > best) {
            best = sum;
            at = t;
        }
    }
    return (double)at * hop_s;
}

/* A piano-like tone that begins at once at start_s. */
static void add_note(float *x, size_t n, double midi, double start_s)
{
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / RATE_HZ - start_s;
        for (int h = 1; h <= 5 && t >= 0.0; h++) {
            double angle = 2.0 * SIGNALS_PI * h * signals_pitch_hz(midi) * t + h;
            x[i] += (float)(0.3 / h * exp(-4.0 * t) * sin(angle));
        }
    }
}

/* With the latency of its window taken off, the peak lies within 4 ms of the beginning of a note,
 * at every place between two frames; without, it is early by that latency. */
static void test_latency(void **state)
{
    (void)state;
    static const size_t WINDOWS[] = {1024, 2048};
    static const double LATENCIES_S[] = {0.010, 0.024};
    enum { N = 44100 };
    const double hop_s = 0.002;
    for (size_t w = 0; w < 2; w++) {
        for (size_t k = 0; k < 10; k++) {
            double start_s = 0.9 + 0.0037 * (double)k;
            float *x = signals_new(N);
            silbe_onset_options options = silbe_onset_options_default();
            options.window_samples = WINDOWS[w];
            options.latency_s = LATENCIES_S[w];
            add_note(x, N, 60.0 + (double)k, start_s);
            silbe_matrix onsets = onsets_of(&options, x, N, hop_s);
            check_close(peak_time_s(&onsets, hop_s), start_s, 0.006);
            silbe_matrix_free(&onsets);
            options.latency_s = 0.0;
            onsets = onsets_of(&options, x, N, hop_s);
            check_close(peak_time_s(&onsets, hop_s), start_s - LATENCIES_S[w], 0.006);
            silbe_matrix_free(&onsets);
            free(x);
        }
    }
}

/* The pitch that enters is the pitch that shows, over a chord that goes on. */
static void test_pitch_of_the_onset(void **state)
{
    (void)state;
    enum { N = 44100 };
    silbe_onset_options options = silbe_onset_options_default();
    for (int midi = 52; midi <= 88; midi += 5) {
        float *x = signals_new(N);
        signals_add_sine(x, N, RATE_HZ, signals_pitch_hz(45), 0.1, 0.0);
        signals_add_sine(x, N, RATE_HZ, signals_pitch_hz(61), 0.1, 0.0);
        /* swells over 50 ms, as a voice does, so that no click lights all bands */
        for (size_t i = 0; i < N; i++) {
            double t = (double)i / RATE_HZ - 1.0;
            double gain = fmin(fmax(t / 0.05, 0.0), 1.0);
            x[i] += (float)(0.2 * gain * sin(2.0 * SIGNALS_PI * signals_pitch_hz(midi) * t));
        }
        silbe_matrix onsets = onsets_of(&options, x, N, 0.01);
        double sums[72] = {0};
        size_t best = 0;
        for (size_t t = 90; t < 115; t++) {
            for (size_t p = 0; p < 72; p++) {
                sums[p] += silbe_matrix_row(&onsets, t)[p];
                best = sums[p] > sums[best] ? p : best;
            }
        }
        assert_in_range(best + 36, midi - 1, midi + 1);
        silbe_matrix_free(&onsets);
        free(x);
    }
}

static void test_empty_and_wrong(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_onset_options options = silbe_onset_options_default();
    silbe_matrix none = SILBE_MATRIX_INIT, zeros, classes;
    check_ok(silbe_onset_difference(&options, 0.01, &none, &err), err);
    check_ok(silbe_onset_normalise(&options, 0.01, &none, &err), err);
    check_ok(silbe_onset_decay(&options, 0.01, &none, &err), err);
    check_ok(silbe_matrix_new(&zeros, 30, 72, &err), err);
    check_ok(silbe_onset_difference(&options, 0.01, &zeros, &err), err);
    check_ok(silbe_onset_fold(&options, &zeros, &classes, &err), err);
    check_ok(silbe_onset_normalise(&options, 0.01, &classes, &err), err);
    check_ok(silbe_onset_decay(&options, 0.01, &classes, &err), err);
    for (size_t i = 0; i < 30 * 12; i++) {
        check_close(classes.data[i], 0.0, 0.0);
    }
    silbe_matrix_free(&classes);

    assert_int_equal(silbe_onset_difference(&options, 0.0, &zeros, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_onset_normalise(&options, NAN, &zeros, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_onset_decay(&options, 0.0, &zeros, &err), SILBE_ERR_ARGUMENT);
    options.lag_s = NAN;
    options.norm_quantile = 1.1;
    options.decay_s = -1.0;
    options.latency_s = 0.1;
    silbe_stft_plan *plan = NULL;
    assert_int_equal(silbe_onset_difference(&options, 0.01, &zeros, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_onset_normalise(&options, 0.01, &zeros, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_onset_decay(&options, 0.01, &zeros, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_onset_plan_new(&options, RATE_HZ, 0.01, &plan, &err),
                     SILBE_ERR_ARGUMENT);
    assert_null(plan);
    silbe_matrix_free(&zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_difference_against_definition),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_normalise_against_definition),
        cmocka_unit_test(test_decay_against_definition),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_pitch_of_the_onset),
        cmocka_unit_test(test_empty_and_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
