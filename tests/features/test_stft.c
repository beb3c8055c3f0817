#include "features/stft.h"
#include "tests/features/signals.h"

enum { RATE_HZ = 22050 };

/* Collects every frame, bins next to each other. */
typedef struct {
    float *power;
    size_t n_frames, n_bins, capacity;
    size_t fail_at; /* frame at which the sink fails; SIZE_MAX never */
} collector;

static silbe_status collect(void *context, size_t frame, const float *power, size_t n_bins,
                            silbe_err *err)
{
    collector *c = context;
    if (frame == c->fail_at) {
        return silbe_fail(err, SILBE_ERR_DATA, "sink says no");
    }
    assert_int_equal(frame, c->n_frames);
    if (c->n_frames == c->capacity) {
        c->capacity = 2 * c->capacity + 16;
        c->power = realloc(c->power, c->capacity * n_bins * sizeof(float));
        assert_non_null(c->power);
    }
    memcpy(c->power + c->n_frames * n_bins, power, n_bins * sizeof(float));
    c->n_frames++;
    c->n_bins = n_bins;
    return SILBE_OK;
}

static silbe_stft_plan *plan_of(silbe_stft_options options)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = NULL;
    check_ok(silbe_stft_plan_new(&options, &plan, &err), err);
    return plan;
}

/* block 0: all at once; otherwise blocks of random length up to it. */
static collector run(const silbe_stft_plan *plan, const float *x, size_t n, size_t block,
                     check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft *stft = NULL;
    collector c = {.fail_at = SIZE_MAX};
    check_ok(silbe_stft_new(plan, collect, &c, &stft, &err), err);
    for (size_t i = 0; i < n;) {
        size_t step = block == 0 ? n : (size_t)(check_random(rng) % (block + 1));
        step = step < n - i ? step : n - i;
        check_ok(silbe_stft_push(stft, x + i, step, &err), err);
        i += step;
    }
    check_ok(silbe_stft_finish(stft, &err), err);
    silbe_stft_free(stft);
    return c;
}

static float *noise(size_t n, check_rng *rng)
{
    float *x = signals_new(n);
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)(2.0 * check_uniform(rng) - 1.0);
    }
    return x;
}

/* Signal to noise against the definition in double: float32 FFTs of this size reach 125 dB. */
static void test_frame_against_definition(void **state)
{
    (void)state;
    static const size_t WINDOWS[] = {2, 4, 30, 64, 882, 1024};
    static const size_t LENGTHS[] = {0, 16, 0, 128, 1024, 0};
    check_rng rng = check_rng_new(1);
    for (size_t i = 0; i < 6; i++) {
        for (int w = 0; w < SILBE_N_WINDOWS; w++) {
            silbe_stft_plan *plan = plan_of((silbe_stft_options){.rate_hz = RATE_HZ,
                                                                 .hop_s = 0.01,
                                                                 .window_samples = WINDOWS[i],
                                                                 .fft_samples = LENGTHS[i],
                                                                 .window = (silbe_window)w});
            size_t n = 2 * silbe_stft_plan_bins(plan);
            silbe_err err = SILBE_ERR_INIT;
            silbe_stft *stft = NULL;
            check_ok(silbe_stft_new(plan, collect, NULL, &stft, &err), err);
            float *x = noise(WINDOWS[i], &rng);
            float *copy = signals_new(WINDOWS[i]);
            memcpy(copy, x, WINDOWS[i] * sizeof *x);
            float *got = signals_new(n);
            double *want = calloc(n, sizeof *want);
            assert_non_null(want);
            silbe_stft_frame(stft, x, got);
            silbe_stft_frame_reference(plan, x, want);
            double signal = 0.0, error = 0.0;
            for (size_t k = 0; k < n; k++) {
                signal += want[k] * want[k];
                error += (got[k] - want[k]) * (got[k] - want[k]);
            }
            double snr_db = 10.0 * log10(signal / (error + 1e-300));
            assert_true(isfinite(snr_db) && snr_db > 125.0);
            assert_memory_equal(x, copy, WINDOWS[i] * sizeof *x);
            free(x);
            free(copy);
            free(got);
            free(want);
            silbe_stft_free(stft);
            silbe_stft_plan_free(plan);
        }
    }
}

/* Sine of amplitude a on bin k: |X(k)| = a, Hann neighbours a / 2, nothing beyond. */
static void test_sine_has_its_amplitude(void **state)
{
    (void)state;
    silbe_stft_plan *plan =
        plan_of((silbe_stft_options){.rate_hz = RATE_HZ, .hop_s = 0.02, .window_samples = 1024});
    size_t n = RATE_HZ;
    float *x = signals_new(n);
    double bin_hz = silbe_stft_plan_bin_hz(plan);
    check_close(bin_hz, 22050.0 / 1024.0, 1e-12);
    signals_add_sine(x, n, RATE_HZ, 50.0 * bin_hz, 0.4, 0.0);
    collector c = run(plan, x, n, 0, NULL);
    assert_int_equal(c.n_frames, silbe_stft_plan_frames(plan, n));
    for (size_t t = 2; t + 2 < c.n_frames; t++) {
        const float *power = c.power + t * c.n_bins;
        check_close(sqrt(power[50]), 0.4, 1e-5);
        check_close(sqrt(power[49]), 0.2, 1e-5);
        check_close(sqrt(power[51]), 0.2, 1e-5);
        check_close(sqrt(power[53]), 0.0, 1e-5);
    }
    free(c.power);
    free(x);
    silbe_stft_plan_free(plan);
}

/* F(a x + b y) = a F(x) + b F(y). */
static void test_linear(void **state)
{
    (void)state;
    enum { N = 512 };
    check_rng rng = check_rng_new(2);
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan =
        plan_of((silbe_stft_options){.rate_hz = RATE_HZ, .hop_s = 0.01, .window_samples = N});
    silbe_stft *stft = NULL;
    check_ok(silbe_stft_new(plan, collect, NULL, &stft, &err), err);
    float *x = noise(N, &rng), *y = noise(N, &rng), *z = signals_new(N);
    float fx[N + 2], fy[N + 2], fz[N + 2];
    for (size_t i = 0; i < N; i++) {
        z[i] = 0.5F * x[i] - 2.0F * y[i];
    }
    silbe_stft_frame(stft, x, fx);
    silbe_stft_frame(stft, y, fy);
    silbe_stft_frame(stft, z, fz);
    for (size_t k = 0; k < N + 2; k++) {
        check_close(fz[k], 0.5F * fx[k] - 2.0F * fy[k], 1e-6);
    }
    free(x);
    free(y);
    free(z);
    silbe_stft_free(stft);
    silbe_stft_plan_free(plan);
}

/* An impulse m samples behind the middle of the window has |X(k)|^2 = (scale w(N/2 + m))^2. */
static void test_impulse_shows_the_window(void **state)
{
    (void)state;
    enum { N = 256 };
    silbe_stft_plan *plan = plan_of((silbe_stft_options){
        .rate_hz = 10000.0, .hop_s = 0.01, .window_samples = N, .scale = SILBE_STFT_UNSCALED});
    float *x = signals_new(2000);
    x[1030] = 1.0F;
    collector c = run(plan, x, 2000, 0, NULL);
    assert_int_equal(c.n_frames, 20);
    for (size_t t = 0; t < c.n_frames; t++) {
        double offset = 1030.0 - 100.0 * (double)t; /* from the middle of the window */
        double w = fabs(offset) < N / 2 ? 0.5 + 0.5 * cos(2.0 * SIGNALS_PI * offset / N) : 0.0;
        for (size_t k = 0; k < c.n_bins; k++) {
            check_close(c.power[t * c.n_bins + k], w * w, 1e-6);
        }
    }
    free(c.power);
    free(x);
    silbe_stft_plan_free(plan);
}

/* A recording that starts m hops later has the same frames m frames later, bit for bit. */
static void test_shift(void **state)
{
    (void)state;
    enum { N = 20000, HOP = 220, SHIFT = 7 };
    check_rng rng = check_rng_new(3);
    silbe_stft_plan *plan =
        plan_of((silbe_stft_options){.rate_hz = 22000.0, .hop_s = 0.01, .window_samples = 1024});
    float *x = noise(N, &rng);
    float *y = signals_new(N + SHIFT * HOP);
    memcpy(y + SHIFT * HOP, x, N * sizeof *x);
    collector a = run(plan, x, N, 0, NULL);
    collector b = run(plan, y, N + SHIFT * HOP, 0, NULL);
    assert_int_equal(b.n_frames, a.n_frames + SHIFT);
    assert_memory_equal(a.power, b.power + SHIFT * b.n_bins, a.n_frames * a.n_bins * sizeof(float));
    free(a.power);
    free(b.power);
    free(x);
    free(y);
    silbe_stft_plan_free(plan);
}

static void test_delay_moves_the_sound_later(void **state)
{
    (void)state;
    enum { N = 20000, HOP = 220 };
    check_rng rng = check_rng_new(4);
    silbe_stft_options options = {.rate_hz = 22000.0, .hop_s = 0.01, .window_samples = 1024};
    silbe_stft_plan *plan = plan_of(options);
    options.delay_samples = 3 * HOP;
    silbe_stft_plan *delayed = plan_of(options);
    float *x = noise(N, &rng);
    collector a = run(plan, x, N, 0, NULL);
    collector b = run(delayed, x, N, 1000, &rng);
    assert_int_equal(b.n_frames, a.n_frames);
    assert_memory_equal(a.power, b.power + 3 * b.n_bins,
                        (a.n_frames - 3) * a.n_bins * sizeof(float));
    free(a.power);
    free(b.power);
    free(x);
    silbe_stft_plan_free(plan);
    silbe_stft_plan_free(delayed);
}

/* However the samples arrive, every bit is the same; hops shorter and longer than the window, and
 * both paddings. */
static void test_chunked_equals_whole(void **state)
{
    (void)state;
    static const double HOPS_S[] = {0.003, 0.01, 0.5};
    check_rng rng = check_rng_new(5);
    size_t n = 60000;
    float *x = noise(n, &rng);
    for (size_t i = 0; i < 6; i++) {
        silbe_stft_plan *plan =
            plan_of((silbe_stft_options){.rate_hz = RATE_HZ,
                                         .hop_s = HOPS_S[i % 3],
                                         .window_samples = 1024,
                                         .padding = i < 3 ? SILBE_STFT_ZEROS : SILBE_STFT_REFLECT});
        collector whole = run(plan, x, n, 0, NULL);
        assert_int_equal(whole.n_frames, silbe_stft_plan_frames(plan, n));
        for (size_t block = 1; block < 100000; block *= 40) {
            collector parts = run(plan, x, n, block, &rng);
            assert_int_equal(parts.n_frames, whole.n_frames);
            assert_memory_equal(parts.power, whole.power,
                                whole.n_frames * whole.n_bins * sizeof(float));
            free(parts.power);
        }
        free(whole.power);
        silbe_stft_plan_free(plan);
    }
    free(x);
}

/* Mirrored ends: the frames of x are those of the recording that is written out mirrored. */
static void test_reflect(void **state)
{
    (void)state;
    enum { N = 4400, HALF = 440, HOP = 220 };
    check_rng rng = check_rng_new(6);
    silbe_stft_options options = {.rate_hz = 22000.0,
                                  .hop_s = 0.01,
                                  .window_samples = 2 * HALF,
                                  .padding = SILBE_STFT_REFLECT};
    silbe_stft_plan *mirrored = plan_of(options);
    options.padding = SILBE_STFT_ZEROS;
    silbe_stft_plan *zeros = plan_of(options);
    float *x = noise(N, &rng);
    float *y = signals_new(N + 2 * HALF);
    for (ptrdiff_t i = -HALF; i < N + HALF; i++) {
        ptrdiff_t j = i < 0 ? -i : i;
        j = j >= N ? 2 * (N - 1) - j : j;
        y[i + HALF] = x[j];
    }
    collector a = run(mirrored, x, N, 0, NULL);
    collector b = run(zeros, y, N + 2 * HALF, 0, NULL);
    assert_memory_equal(a.power, b.power + HALF / HOP * b.n_bins,
                        a.n_frames * a.n_bins * sizeof(float));
    free(a.power);
    free(b.power);
    free(x);
    free(y);
    silbe_stft_plan_free(mirrored);
    silbe_stft_plan_free(zeros);
}

static void test_frame_times(void **state)
{
    (void)state;
    silbe_stft_plan *plan =
        plan_of((silbe_stft_options){.rate_hz = RATE_HZ, .hop_s = 0.01, .window_samples = 1024});
    /* 220.5 samples: ties to even, no drift after 100 minutes. */
    assert_int_equal(silbe_stft_plan_centre(plan, 1), 220);
    assert_int_equal(silbe_stft_plan_centre(plan, 2), 441);
    assert_int_equal(silbe_stft_plan_centre(plan, 600000), 6000ULL * RATE_HZ);
    assert_int_equal(silbe_stft_plan_frames(plan, 0), 0);
    assert_int_equal(silbe_stft_plan_frames(plan, 1), 1);
    assert_int_equal(silbe_stft_plan_frames(plan, 441), 2);
    assert_int_equal(silbe_stft_plan_frames(plan, 442), 3);
    silbe_stft_plan_free(plan);
}

static void test_short_and_empty(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    silbe_stft_options options = {.rate_hz = RATE_HZ, .hop_s = 0.01, .window_samples = 1024};
    silbe_stft_plan *plan = plan_of(options);
    collector none = run(plan, NULL, 0, 0, NULL);
    assert_int_equal(none.n_frames, 0);
    float *x = noise(1024, &rng);
    collector one = run(plan, x, 1, 0, NULL);
    assert_int_equal(one.n_frames, 1);
    free(one.power);
    silbe_stft_plan_free(plan);

    options.padding = SILBE_STFT_REFLECT;
    plan = plan_of(options);
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft *stft = NULL;
    check_ok(silbe_stft_new(plan, collect, &none, &stft, &err), err);
    check_ok(silbe_stft_push(stft, x, 512, &err), err);
    assert_int_equal(silbe_stft_finish(stft, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "512 samples, expected more than 512"));
    silbe_stft_free(stft);
    silbe_stft_plan_free(plan);
    free(x);
}

static void test_wrong_use(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft_plan *plan = NULL;
    silbe_stft_options good = {.rate_hz = RATE_HZ, .hop_s = 0.01, .window_samples = 64};
    silbe_stft_options bad[8] = {good, good, good, good, good, good, good, good};
    bad[0].window_samples = 63;
    bad[1].window_samples = 0;
    bad[2].fft_samples = 62;
    bad[3].rate_hz = NAN;
    bad[4].hop_s = 1e-6;
    bad[5].hop_s = NAN;
    bad[6].window = SILBE_N_WINDOWS;
    bad[7].delay_samples = 65;
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(silbe_stft_plan_new(&bad[i], &plan, &err), SILBE_ERR_ARGUMENT);
        assert_null(plan);
    }
    plan = plan_of(good);
    collector c = {.fail_at = 2};
    silbe_stft *stft = NULL;
    float x[1000] = {0};
    check_ok(silbe_stft_new(plan, collect, &c, &stft, &err), err);
    assert_int_equal(silbe_stft_push(stft, x, 1000, &err), SILBE_ERR_DATA);
    assert_string_equal(err.message, "sink says no");
    free(c.power);
    silbe_stft_free(stft);

    c = (collector){.fail_at = SIZE_MAX};
    check_ok(silbe_stft_new(plan, collect, &c, &stft, &err), err);
    check_ok(silbe_stft_finish(stft, &err), err);
    assert_int_equal(silbe_stft_finish(stft, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_stft_push(stft, x, 1, &err), SILBE_ERR_ARGUMENT);
    silbe_stft_free(stft);
    silbe_stft_free(NULL);
    silbe_stft_plan_free(plan);
    silbe_stft_plan_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_against_definition),
        cmocka_unit_test(test_sine_has_its_amplitude),
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_impulse_shows_the_window),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_delay_moves_the_sound_later),
        cmocka_unit_test(test_chunked_equals_whole),
        cmocka_unit_test(test_reflect),
        cmocka_unit_test(test_frame_times),
        cmocka_unit_test(test_short_and_empty),
        cmocka_unit_test(test_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
