#include "features/features.h"
#include "tests/features/golden_features.h"
#include "tests/features/signals.h"

#include <pthread.h>

enum { RATE_HZ = 22050, WAV_FLOAT = SF_FORMAT_WAV | SF_FORMAT_FLOAT };

/* signal() of golden_features.py; *n samples, the caller frees. */
static float *golden_signal(size_t *n)
{
    static const double NOTES[][2] = {{48, 0.1}, {55, 0.45}, {64, 0.8037}, {72, 1.3}};
    *n = 2 * RATE_HZ;
    float *x = signals_new(*n);
    for (size_t i = 0; i < *n; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < 4; k++) {
            double hz = signals_pitch_hz(NOTES[k][0] + 0.17);
            double age = (double)i / RATE_HZ - NOTES[k][1];
            for (int h = 1; h <= 5 && age >= 0.0; h++) {
                sum += 0.2 / h * exp(-3.0 * age) * sin(2.0 * SIGNALS_PI * h * hz * age);
            }
        }
        x[i] = (float)sum;
    }
    return x;
}

static silbe_features_plan *plan_of(const silbe_features_options *options)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_features_plan *plan = NULL;
    check_ok(silbe_features_plan_new(options, &plan, &err), err);
    return plan;
}

static silbe_features features_of(const silbe_features_plan *plan, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_features features;
    check_ok(silbe_features_run(plan, path, &features, &err), err);
    return features;
}

static void check_golden(const silbe_matrix *matrix, const golden_value *values, size_t n,
                         double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        check_close(silbe_matrix_row(matrix, values[i].frame)[values[i].column], values[i].value,
                    tolerance);
    }
}

/* Everything against the NumPy values. The constants are those that the values were made with. */
static void test_golden(void **state)
{
    (void)state;
    size_t n = 0;
    float *x = golden_signal(&n);
    signals_write("features_golden.wav", WAV_FLOAT, RATE_HZ, 1, x, n);
    free(x);
    silbe_features_options options = silbe_features_options_default();
    options.hop_s = 0.01;
    options.chroma.compression = 10.0;
    options.onset.window_samples = 2048;
    options.onset.compression = 10.0;
    silbe_features_plan *plan = plan_of(&options);
    silbe_features f = features_of(plan, "features_golden.wav");
    check_close(f.tuning.cents, GOLDEN_TUNING_CENTS, 1e-3);
    check_close(f.tuning.confidence, GOLDEN_TUNING_CONFIDENCE, 1e-5);
    check_close(f.tuning.cents, 17.0, 2.0);
    check_golden(&f.logmel, GOLDEN_LOGMEL, sizeof GOLDEN_LOGMEL / sizeof *GOLDEN_LOGMEL, 2e-3);
    check_golden(&f.chroma, GOLDEN_CHROMA, sizeof GOLDEN_CHROMA / sizeof *GOLDEN_CHROMA, 2e-5);
    check_golden(&f.onset, GOLDEN_ONSET, sizeof GOLDEN_ONSET / sizeof *GOLDEN_ONSET, 2e-5);
    check_golden(&f.pitch_onset, GOLDEN_PITCH_ONSET,
                 sizeof GOLDEN_PITCH_ONSET / sizeof *GOLDEN_PITCH_ONSET, 2e-5);
    assert_int_equal(f.logmel.n_rows, GOLDEN_N_FRAMES);
    assert_int_equal(f.chroma.n_rows, GOLDEN_N_FRAMES);
    assert_int_equal(f.onset.n_rows, GOLDEN_N_FRAMES);
    assert_int_equal(f.pitch_onset.n_rows, GOLDEN_N_FRAMES);
    check_close(f.duration_s, 2.0, 1e-9);
    check_close(f.hop_s, 0.01, 0.0);
    check_close(f.rate_hz, RATE_HZ, 0.0);
    silbe_features_free(&f);
    silbe_features_plan_free(plan);
}

static void check_same(const silbe_matrix *a, const silbe_matrix *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_cols, b->n_cols);
    assert_true((a->data == NULL) == (b->data == NULL));
    if (a->data != NULL) {
        assert_memory_equal(a->data, b->data, a->n_rows * a->n_cols * sizeof(float));
    }
}

static void check_all_same(const silbe_features *a, const silbe_features *b)
{
    check_same(&a->chroma, &b->chroma);
    check_same(&a->onset, &b->onset);
    check_same(&a->pitch_onset, &b->pitch_onset);
    check_same(&a->logmel, &b->logmel);
    assert_true(a->tuning.cents == b->tuning.cents);
}

/* A singing noise at 44.1 kHz, so that the resampler takes part. */
static void write_song(const char *path, double seconds, uint64_t seed)
{
    check_rng rng = check_rng_new(seed);
    size_t n = (size_t)(seconds * 44100.0);
    float *x = signals_new(n);
    double hz = 440.0, phase = 0.0;
    for (size_t i = 0; i < n; i++) {
        hz = i % 11025 == 0 ? signals_pitch_hz(50.0 + floor(24.0 * check_uniform(&rng))) : hz;
        phase += hz / 44100.0;
        x[i] = (float)(0.3 * sin(2.0 * SIGNALS_PI * phase) + 0.02 * (check_uniform(&rng) - 0.5));
    }
    signals_write(path, WAV_FLOAT, 44100, 1, x, n);
    free(x);
}

typedef struct {
    const silbe_features_plan *plan;
    const char *path;
    silbe_features features;
    silbe_status status;
} job;

static void *run_job(void *argument)
{
    job *j = argument;
    silbe_err err = SILBE_ERR_INIT;
    j->status = silbe_features_run(j->plan, j->path, &j->features, &err);
    return NULL;
}

/* One plan shared by eight threads, two of which meet a bad file: the same bytes as alone. */
static void test_threads(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"features_0.wav", "features_1.wav", "features_none.wav",
                                        "features_2.wav"};
    write_song(PATHS[0], 6.0, 71);
    write_song(PATHS[1], 5.0, 72);
    write_song(PATHS[3], 4.0, 73);
    silbe_features_options options = silbe_features_options_default();
    silbe_features_plan *plan = plan_of(&options);
    job jobs[8];
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) {
        jobs[i] = (job){.plan = plan, .path = PATHS[i % 4]};
        assert_int_equal(pthread_create(&threads[i], NULL, run_job, &jobs[i]), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (i % 4 == 2) {
            assert_int_equal(jobs[i].status, SILBE_ERR_IO);
            continue;
        }
        assert_int_equal(jobs[i].status, SILBE_OK);
        silbe_features alone = features_of(plan, jobs[i].path);
        check_all_same(&alone, &jobs[i].features);
        silbe_features_free(&alone);
        silbe_features_free(&jobs[i].features);
    }
    silbe_features_plan_free(plan);
}

/* A recording too long to be kept is decoded twice: not a bit changes. */
static void test_kept_or_decoded_again(void **state)
{
    (void)state;
    static const size_t LIMITS[] = {0, 1000, 100000};
    write_song("features_long.wav", 6.0, 75);
    silbe_features_options options = silbe_features_options_default();
    silbe_features_plan *plan = plan_of(&options);
    silbe_features kept = features_of(plan, "features_long.wav");
    silbe_features_plan_free(plan);
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        options.max_kept_samples = LIMITS[i];
        plan = plan_of(&options);
        silbe_features again = features_of(plan, "features_long.wav");
        check_all_same(&kept, &again);
        silbe_features_free(&again);
        silbe_features_plan_free(plan);
    }
    silbe_features_free(&kept);
}

/* Of what is not wanted there is nothing; what is wanted is the same to the bit, kept or decoded
 * again. */
static void test_wanted_alone(void **state)
{
    (void)state;
    static const size_t LIMITS[] = {1 << 24, 1000};
    write_song("features_wanted.wav", 6.0, 76);
    silbe_features_options options = silbe_features_options_default();
    silbe_features_plan *plan = plan_of(&options);
    silbe_features all = features_of(plan, "features_wanted.wav");
    silbe_features_plan_free(plan);
    assert_true(all.logmel.n_rows > 0 && all.chroma.n_rows > 0 && all.tuning.cents != 0.0);
    for (size_t i = 0; i < 4; i++) {
        options.max_kept_samples = LIMITS[i % 2];
        options.want_pitches = i / 2 == 1;
        options.want_logmel = i / 2 == 0;
        plan = plan_of(&options);
        silbe_features some = features_of(plan, "features_wanted.wav");
        const silbe_matrix none = SILBE_MATRIX_INIT;
        check_same(&some.logmel, options.want_logmel ? &all.logmel : &none);
        check_same(&some.chroma, options.want_pitches ? &all.chroma : &none);
        check_same(&some.onset, options.want_pitches ? &all.onset : &none);
        check_same(&some.pitch_onset, options.want_pitches ? &all.pitch_onset : &none);
        assert_true(some.tuning.cents == (options.want_pitches ? all.tuning.cents : 0.0));
        assert_true(some.duration_s == all.duration_s && some.audio.peak == all.audio.peak);
        silbe_features_free(&some);
        silbe_features_plan_free(plan);
    }
    silbe_features_free(&all);
}

/* A tone in the middle and one at the side: in the middle's bands the latter is weaker by 20 dB and
 * more, kept or decoded again; where the channels are alike, or have nothing in common, there is no
 * middle, and nothing else changes. */
static void test_middle(void **state)
{
    (void)state;
    enum { N = 4 * 44100 };
    static const size_t LIMITS[] = {1 << 24, 1000};
    float *x = signals_new(2 * (size_t)N);
    for (size_t i = 0; i < N; i++) {
        double t = (double)i / 44100.0;
        double voice = 0.2 * sin(2.0 * SIGNALS_PI * 440.0 * t);
        double left = 0.2 * sin(2.0 * SIGNALS_PI * 2000.0 * t);
        x[2 * i] = (float)(voice + left);
        x[2 * i + 1] = (float)voice;
    }
    signals_write("features_middle.wav", WAV_FLOAT, 44100, 2, x, N);
    for (size_t i = 0; i < N; i++) {
        x[2 * i] = x[2 * i + 1];
    }
    signals_write("features_twice.wav", WAV_FLOAT, 44100, 2, x, N);
    for (size_t i = 0; i < N; i++) {
        x[2 * i] = i < N / 2 ? x[2 * i] : 0.0F;
        x[2 * i + 1] = i < N / 2 ? 0.0F : x[2 * i + 1];
    }
    signals_write("features_apart.wav", WAV_FLOAT, 44100, 2, x, N);
    free(x);
    silbe_matrix middle = SILBE_MATRIX_INIT;
    for (size_t k = 0; k < 2; k++) {
        silbe_features_options options = silbe_features_options_default();
        options.max_kept_samples = LIMITS[k];
        silbe_features_plan *plan = plan_of(&options);
        silbe_features mean = features_of(plan, "features_middle.wav");
        assert_int_equal(mean.middle.n_rows, 0);
        silbe_features_plan_free(plan);
        options.want_middle = true;
        plan = plan_of(&options);
        silbe_features both = features_of(plan, "features_middle.wav");
        check_all_same(&mean, &both);
        assert_int_equal(both.middle.n_rows, both.logmel.n_rows);
        const float *a = silbe_matrix_row(&both.logmel, 200);
        const float *b = silbe_matrix_row(&both.middle, 200);
        size_t low = 0, high = 40; /* the bands of 440 and 2000 Hz: the loudest */
        for (size_t i = 0; i < 80; i++) {
            low = i < 30 && a[i] > a[low] ? i : low;
            high = i > 30 && a[i] > a[high] ? i : high;
        }
        check_close(b[low], a[low], 0.05);
        assert_true(b[high] < a[high] - 2.0 * log(10.0));
        if (k == 0) {
            middle = both.middle;
            both.middle = (silbe_matrix)SILBE_MATRIX_INIT;
        } else {
            check_same(&middle, &both.middle);
        }
        static const char *const NONE[] = {"features_twice.wav", "features_apart.wav"};
        for (size_t i = 0; i < 2; i++) {
            silbe_features none = features_of(plan, NONE[i]);
            assert_true(none.middle.n_rows == 0 && none.logmel.n_rows > 0);
            silbe_features_free(&none);
        }
        silbe_features_free(&mean);
        silbe_features_free(&both);
        silbe_features_plan_free(plan);
    }
    silbe_matrix_free(&middle);
}

static void test_options_and_failures(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_features_options options = silbe_features_options_default();
    options.want_logmel = false;
    silbe_features_plan *plan = plan_of(&options);
    write_song("features_song.wav", 2.0, 74);
    silbe_features f = features_of(plan, "features_song.wav");
    assert_int_equal(f.logmel.n_rows, 0);
    assert_null(f.logmel.data);
    assert_int_equal(f.pitch_onset.n_cols, options.onset.high_pitch - options.onset.low_pitch + 1);
    assert_int_equal(f.onset.n_rows, f.chroma.n_rows);
    assert_int_equal(f.pitch_onset.n_rows, f.chroma.n_rows);
    silbe_features_free(&f);
    assert_int_equal(silbe_features_run(plan, "features_none.wav", &f, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "features_none.wav"));
    assert_null(f.chroma.data);
    silbe_features_free(&f); /* legal after a failure */
    silbe_features_plan_free(plan);

    silbe_features_options bad[5];
    for (size_t i = 0; i < 5; i++) {
        bad[i] = silbe_features_options_default();
    }
    bad[0].hop_s = NAN;
    bad[1].chroma.window_samples = 0;
    bad[2].onset.window_samples = 7;
    bad[3].logmel.high_hz = 20000.0;
    bad[4].tuning.hop_s = -1.0;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(silbe_features_plan_new(&bad[i], &plan, &err), SILBE_ERR_ARGUMENT);
        assert_null(plan);
    }
    silbe_features_plan_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_kept_or_decoded_again),
        cmocka_unit_test(test_wanted_alone),
        cmocka_unit_test(test_middle),
        cmocka_unit_test(test_options_and_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
