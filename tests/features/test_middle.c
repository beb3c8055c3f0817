/* What is in the middle stays, what is in one channel goes; against the definition; any blocks. */
#include "features/middle.h"

#include <complex.h>

#include "tests/features/signals.h"

static const double RATE_HZ = 8000.0;

static silbe_middle_plan *plan_of(double window_s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_middle_plan *plan;
    silbe_middle_options options = silbe_middle_options_default();
    options.window_s = window_s;
    check_ok(silbe_middle_plan_new(&options, RATE_HZ, &plan, &err), err);
    return plan;
}

/* The whole in blocks of random lengths up to longest; n samples, the caller frees. */
static float *run(const silbe_middle_plan *plan, const float *left, const float *right, size_t n,
                  size_t longest, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_middle *middle;
    float *mid = signals_new(n + 1), *side = signals_new(n + 1);
    float *out = signals_new(n + 2 * silbe_middle_delay(plan));
    size_t n_out = 0;
    for (size_t i = 0; i < n; i++) {
        mid[i] = 0.5F * (left[i] + right[i]);
        side[i] = 0.5F * (left[i] - right[i]);
    }
    check_ok(silbe_middle_new(plan, &middle, &err), err);
    for (size_t at = 0, k; at < n; at += k) {
        k = check_random(rng) % (longest + 1);
        k = k < n - at ? k : n - at;
        size_t got = silbe_middle_push(middle, mid + at, side + at, k, out + n_out);
        assert_true(got <= k + silbe_middle_delay(plan));
        n_out += got;
        assert_true(n_out <= at + k && at + k - n_out <= silbe_middle_delay(plan));
    }
    size_t rest = silbe_middle_finish(middle, out + n_out);
    assert_true(rest <= silbe_middle_delay(plan));
    assert_int_equal(n_out + rest, n);
    silbe_middle_free(middle);
    free(mid);
    free(side);
    return out;
}

static float *noise(size_t n, check_rng *rng)
{
    float *x = signals_new(n + 1);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)(check_uniform(rng) - 0.5);
    }
    return x;
}

/* The same in both channels: it passes, from the first sample to the last, at any length. */
static void test_mono_passes(void **state)
{
    (void)state;
    static const size_t LENGTHS[] = {1, 5, 64, 255, 256, 257, 5000};
    check_rng rng = check_rng_new(51);
    silbe_middle_plan *plan = plan_of(0.032); /* 256 samples */
    assert_int_equal(silbe_middle_delay(plan), 256);
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        float *x = noise(LENGTHS[i], &rng);
        float *y = run(plan, x, x, LENGTHS[i], 700, &rng);
        for (size_t k = 0; k < LENGTHS[i]; k++) {
            check_close(y[k], x[k], 1e-5);
        }
        free(y);
        free(x);
    }
    silbe_middle_plan_free(plan);
}

/* A sine in both channels, another in one alone, and a third in opposite phase. */
static void test_sines(void **state)
{
    (void)state;
    enum { N = 8000 };
    check_rng rng = check_rng_new(52);
    silbe_middle_plan *plan = plan_of(0.128);
    float *left = signals_new(N), *right = signals_new(N), *voice = signals_new(N);
    signals_add_sine(voice, N, RATE_HZ, 500, 0.3, 0);
    signals_add_sine(left, N, RATE_HZ, 500, 0.3, 0);
    signals_add_sine(right, N, RATE_HZ, 500, 0.3, 0);
    signals_add_sine(left, N, RATE_HZ, 1500, 0.4, 0);
    signals_add_sine(left, N, RATE_HZ, 2500, 0.4, 0);
    signals_add_sine(right, N, RATE_HZ, 2500, -0.4, 0);
    float *y = run(plan, left, right, N, 900, &rng);
    double error = 0, energy = 0;
    for (size_t i = N / 8; i < N - N / 8; i++) {
        error += pow((double)y[i] - (double)voice[i], 2);
        energy += pow(voice[i], 2);
    }
    /* The one-sided sine is left at floor^2 = 0.04 of its half. */
    check_close(sqrt(error / energy), 0.04 * 0.5 * 0.4 / 0.3, 3e-3);
    free(y);
    free(left);
    free(right);
    free(voice);
    silbe_middle_plan_free(plan);
}

/* The definition, in double, with sums instead of transforms. */
static void test_definition(void **state)
{
    (void)state;
    enum { N = 300, F = 64, HOP = F / 4 };
    check_rng rng = check_rng_new(53);
    silbe_middle_plan *plan = plan_of(0.008);
    float *left = noise(N, &rng), *right = noise(N, &rng);
    double wanted[N] = {0};
    assert_int_equal(silbe_middle_delay(plan), F);
    for (int begin = HOP - F; begin < N; begin += HOP) {
        double complex spectrum[F];
        for (int k = 0; k < F; k++) {
            double complex l = 0, r = 0;
            for (int n = 0; n < F; n++) {
                double w = 0.5 - 0.5 * cos(2 * SIGNALS_PI * n / F);
                bool inside = begin + n >= 0 && begin + n < N;
                double complex e = cexp(-2 * SIGNALS_PI * I * k * n / F);
                l += inside ? w * (double)left[begin + n] * e : 0;
                r += inside ? w * (double)right[begin + n] * e : 0;
            }
            double together = cabs(l) + cabs(r);
            double gain = together > 0 ? fmax(0.2, 1 - cabs(l - r) / together) : 0;
            spectrum[k] = gain * gain * (l + r) / 2;
        }
        for (int n = 0; n < F; n++) {
            double w = 0.5 - 0.5 * cos(2 * SIGNALS_PI * n / F);
            double complex sum = 0;
            for (int k = 0; k < F; k++) {
                sum += spectrum[k] * cexp(2 * SIGNALS_PI * I * k * n / F) / F;
            }
            if (begin + n >= 0 && begin + n < N) {
                wanted[begin + n] += w * creal(sum) / 1.5;
            }
        }
    }
    float *y = run(plan, left, right, N, 50, &rng);
    for (size_t i = 0; i < N; i++) {
        check_close(y[i], wanted[i], 1e-5);
    }
    free(y);
    free(left);
    free(right);
    silbe_middle_plan_free(plan);
}

static void test_blocks_do_not_matter(void **state)
{
    (void)state;
    enum { N = 9000 };
    static const size_t LONGEST[] = {1, 30, 5000};
    check_rng rng = check_rng_new(54);
    silbe_middle_plan *plan = plan_of(0.064);
    float *left = noise(N, &rng), *right = noise(N, &rng);
    float *whole = run(plan, left, right, N, N, &rng);
    for (size_t i = 0; i < sizeof LONGEST / sizeof *LONGEST; i++) {
        float *again = run(plan, left, right, N, LONGEST[i], &rng);
        assert_memory_equal(again, whole, N * sizeof *whole);
        free(again);
    }
    free(whole);
    free(left);
    free(right);
    silbe_middle_plan_free(plan);
}

static void test_options(void **state)
{
    (void)state;
    static const silbe_middle_options BAD[] = {{0, 0.2},    {1e-4, 0.2}, {100, 0.2}, {NAN, 0.2},
                                               {0.1, -0.1}, {0.1, 1.1},  {0.1, NAN}};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_middle_plan *plan;
        assert_int_equal(silbe_middle_plan_new(&BAD[i], RATE_HZ, &plan, &err), SILBE_ERR_ARGUMENT);
        assert_null(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mono_passes), cmocka_unit_test(test_sines),
        cmocka_unit_test(test_definition), cmocka_unit_test(test_blocks_do_not_matter),
        cmocka_unit_test(test_options)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
