#include "features/audio.h"
#include "tests/features/signals.h"

enum { WAV_16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16, WAV_FLOAT = SF_FORMAT_WAV | SF_FORMAT_FLOAT };

/* Loads with the defaults and expects a failure whose message contains each of the words. */
static void expect_failure(const char *path, silbe_status status, const char *word1,
                           const char *word2)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio = {.n_samples = 77};
    silbe_err err = SILBE_ERR_INIT;
    silbe_status got = silbe_audio_read(path, &options, &audio, &err);
    if (got != status || strstr(err.message, path) == NULL || strstr(err.message, word1) == NULL ||
        strstr(err.message, word2) == NULL) {
        fail_msg("%s: status %d, message: %s", path, (int)got, err.message);
    }
    assert_null(audio.samples);
    assert_int_equal(audio.n_samples, 0);
}

static silbe_audio load(const char *path, double rate_hz)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio;
    silbe_err err = SILBE_ERR_INIT;
    options.rate_hz = rate_hz;
    check_ok(silbe_audio_read(path, &options, &audio, &err), err);
    return audio;
}

/* The mean of the channels, the facts, and the offset removed: exact for float files. */
static void test_mix_and_facts(void **state)
{
    (void)state;
    enum { N = 22050 };
    float *x = signals_new(2 * N);
    double sum = 0.0;
    for (size_t i = 0; i < N; i++) {
        x[2 * i] = (float)(0.5 * sin(0.01 * (double)i) + 0.25);
        x[2 * i + 1] = i % 10 == 0 ? 1.0F : 0.0F;
        sum += 0.5F * (x[2 * i] + x[2 * i + 1]);
    }
    signals_write("audio_mix.wav", WAV_FLOAT, 22050, 2, x, N);
    silbe_audio audio = load("audio_mix.wav", 22050.0);
    assert_int_equal(audio.n_samples, N);
    check_close(audio.facts.dc_offset, sum / N, 1e-9);
    check_close(audio.facts.clipped_share, 0.05, 1e-12);
    check_close(audio.facts.duration_s, 1.0, 1e-12);
    assert_int_equal(audio.facts.n_channels, 2);
    assert_int_equal(audio.facts.file_frames, N);
    assert_int_equal(audio.facts.missing_frames, 0);
    check_close(audio.facts.file_rate_hz, 22050.0, 0.0);
    assert_non_null(strstr(audio.facts.format, "WAV"));
    double peak = 0.0, squares = 0.0;
    for (size_t i = 0; i < N; i++) {
        double mixed = 0.5F * (x[2 * i] + x[2 * i + 1]);
        check_close(audio.samples[i], mixed - sum / N, 1e-6);
        peak = fmax(peak, fabs(mixed));
        squares += mixed * mixed;
    }
    check_close(audio.facts.peak, peak, 1e-9);
    check_close(audio.facts.rms, sqrt(squares / N), 1e-9);
    silbe_audio_free(&audio);
    free(x);
}

/* A sine keeps pitch, amplitude and phase at every rate, up to the edges of the filter. */
static void test_resampling(void **state)
{
    (void)state;
    static const int RATES_HZ[] = {8000, 11025, 22050, 44100, 48000, 96000, 192000};
    for (size_t r = 0; r < sizeof RATES_HZ / sizeof *RATES_HZ; r++) {
        size_t n = (size_t)RATES_HZ[r];
        float *x = signals_new(n);
        signals_add_sine(x, n, RATES_HZ[r], 1000.0, 0.5, 0.0);
        signals_write("audio_rate.wav", WAV_FLOAT, RATES_HZ[r], 1, x, n);
        silbe_audio audio = load("audio_rate.wav", 22050.0);
        assert_in_range(audio.n_samples, 22049, 22051);
        for (size_t i = 2000; i < 20000; i++) {
            double want = 0.5 * sin(2.0 * SIGNALS_PI * 1000.0 * (double)i / 22050.0);
            check_close(audio.samples[i], want, 2e-5);
        }
        silbe_audio_free(&audio);
        free(x);
    }
}

/* A click stays where it is: resampling has no latency. */
static void test_resampling_has_no_latency(void **state)
{
    (void)state;
    float *x = signals_new(96000);
    x[48000] = 0.9F;
    x[0] = 0.01F; /* so that the mean is not the only thing there */
    signals_write("audio_click.wav", WAV_FLOAT, 48000, 1, x, 96000);
    silbe_audio audio = load("audio_click.wav", 22050.0);
    size_t top = 0;
    for (size_t i = 0; i < audio.n_samples; i++) {
        top = fabsf(audio.samples[i]) > fabsf(audio.samples[top]) ? i : top;
    }
    assert_int_equal(top, 22050);
    for (size_t m = 1; m < 200; m++) { /* linear phase: symmetric */
        check_close(audio.samples[top - m], audio.samples[top + m], 1e-6);
    }
    silbe_audio_free(&audio);
    free(x);
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int format;
        double tolerance;
        size_t slack; /* samples that a lossy format may add or drop */
    } CASES[] = {
        {"audio_f.wav", WAV_16, 1e-4, 0},
        {"audio_f24.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1e-6, 0},
        {"audio_fx.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.au", SF_FORMAT_AU | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1e-4, 0},
        {"audio_f.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.05, 0},
        {"audio_f.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0.05, 2400},
    };
    enum { N = 44100 };
    float *x = signals_new(2 * N);
    for (size_t i = 0; i < N; i++) {
        x[2 * i] = x[2 * i + 1] = (float)(0.5 * sin(2.0 * SIGNALS_PI * 500.0 * (double)i / 44100));
    }
    for (size_t f = 0; f < sizeof CASES / sizeof *CASES; f++) {
        if (sf_format_check(
                &(SF_INFO){.samplerate = 44100, .channels = 2, .format = CASES[f].format}) == 0) {
            print_message("%s: this libsndfile does not write it\n", CASES[f].path);
            continue;
        }
        signals_write(CASES[f].path, CASES[f].format, 44100, 2, x, N);
        silbe_audio audio = load(CASES[f].path, 44100.0);
        assert_in_range(audio.n_samples, N - CASES[f].slack, N + CASES[f].slack);
        for (size_t i = 4000; i < 40000 && CASES[f].slack == 0; i++) {
            check_close(audio.samples[i], x[2 * i], CASES[f].tolerance);
        }
        silbe_audio_free(&audio);
    }
    free(x);
}

/* Eight and 300 channels; whatever the capacity asked for, the samples are the same bytes. */
static void test_blocks_do_not_matter(void **state)
{
    (void)state;
    static const int CHANNELS[] = {8, 300};
    static const int RATES_HZ[] = {22050, 48000};
    enum { N = 40000 };
    check_rng rng = check_rng_new(11);
    for (size_t k = 0; k < 2; k++) {
        size_t n_values = (size_t)CHANNELS[k] * N;
        float *x = signals_new(n_values);
        for (size_t i = 0; i < n_values; i++) {
            x[i] = (float)(check_uniform(&rng) - 0.5);
        }
        signals_write("audio_blocks.wav", WAV_FLOAT, RATES_HZ[k], CHANNELS[k], x, N);
        free(x);
        silbe_audio whole = load("audio_blocks.wav", 22050.0);
        silbe_audio_options options = silbe_audio_options_default();
        silbe_audio_reader *reader = NULL;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_audio_reader_open("audio_blocks.wav", &options, &reader, &err), err);
        assert_in_range(silbe_audio_reader_expected_samples(reader), whole.n_samples - 1,
                        whole.n_samples + 1);
        float block[5000];
        size_t at = 0;
        for (;;) {
            size_t n = 0;
            size_t capacity = 1 + check_random(&rng) % 5000;
            check_ok(silbe_audio_reader_read(reader, block, capacity, &n, &err), err);
            if (n == 0) {
                break;
            }
            float offset = (float)whole.facts.dc_offset;
            assert_true(at + n <= whole.n_samples);
            for (size_t i = 0; i < n; i++) {
                block[i] -= offset;
            }
            assert_memory_equal(block, whole.samples + at, n * sizeof(float));
            at += n;
        }
        assert_int_equal(at, whole.n_samples);
        assert_int_equal(silbe_audio_reader_facts(reader)->n_channels, CHANNELS[k]);
        silbe_audio_reader_close(reader);
        silbe_audio_free(&whole);
    }
}

/* Half the difference of two channels, beside the same bits of their mean, at any rate and in any
 * blocks; nothing of one channel or three. */
static void test_sides(void **state)
{
    (void)state;
    static const int RATES_HZ[] = {22050, 48000};
    enum { N = 30000 };
    check_rng rng = check_rng_new(12);
    for (size_t k = 0; k < 6; k++) {
        int n_channels = 1 + (int)(k % 3);
        float *x = signals_new((size_t)n_channels * N);
        for (size_t i = 0; i < (size_t)n_channels * N; i++) {
            x[i] = (float)(check_uniform(&rng) - 0.5);
        }
        signals_write("audio_sides.wav", WAV_FLOAT, RATES_HZ[k / 3], n_channels, x, N);
        silbe_audio whole = load("audio_sides.wav", 22050.0);
        silbe_audio_options options = silbe_audio_options_default();
        silbe_audio_reader *reader = NULL;
        silbe_err err = SILBE_ERR_INIT;
        options.want_side = true;
        check_ok(silbe_audio_reader_open("audio_sides.wav", &options, &reader, &err), err);
        float mid[7000], side[7000];
        size_t at = 0;
        for (size_t n = 1; n > 0; at += n) {
            bool alone = check_random(&rng) % 4 == 0;
            size_t capacity = 1 + check_random(&rng) % 7000;
            check_ok(alone ? silbe_audio_reader_read(reader, mid, capacity, &n, &err)
                           : silbe_audio_reader_read_sides(reader, mid, side, capacity, &n, &err),
                     err);
            assert_true(n == capacity || at + n == whole.n_samples);
            for (size_t i = 0; i < n; i++) {
                assert_true(mid[i] - (float)whole.facts.dc_offset == whole.samples[at + i]);
                if (!alone && n_channels != 2) {
                    assert_true(side[i] == 0.0F);
                } else if (!alone && RATES_HZ[k / 3] == 22050) {
                    const float *pair = &x[2 * (at + i)];
                    check_close(side[i], 0.5 * ((double)pair[0] - (double)pair[1]), 1e-6);
                }
            }
        }
        assert_int_equal(at, whole.n_samples);
        double side_rms = silbe_audio_reader_facts(reader)->side_rms;
        assert_true(side_rms == whole.facts.side_rms);
        check_close(side_rms, n_channels == 2 ? sqrt(1.0 / 24.0) : 0.0, 3e-3);
        silbe_audio_reader_close(reader);
        silbe_audio_free(&whole);
        free(x);
    }
}

static void test_no_file(void **state)
{
    (void)state;
    static const char TEXT[] = "Fremd bin ich eingezogen, fremd zieh' ich wieder aus. Der Mai war "
                               "mir gewogen mit manchem Blumenstrauss.";
    signals_write_bytes("audio_empty.wav", "", 0);
    signals_write_bytes("audio_text.wav", TEXT, sizeof TEXT);
    signals_write_bytes("audio_riff.wav", "RIFF\x24\0\0\0WAVEfmt ", 16);
    expect_failure("no/such/recording.wav", SILBE_ERR_IO, "cannot open", "No such file");
    expect_failure(".", SILBE_ERR_IO, "folder", "recording");
    expect_failure("audio_empty.wav", SILBE_ERR_FORMAT, "empty", "again");
    expect_failure("audio_text.wav", SILBE_ERR_FORMAT, "not a sound file", "convert");
    expect_failure("audio_riff.wav", SILBE_ERR_FORMAT, "not a sound file", "convert");
}

/* A second of a sine in a file whose header is then damaged by hand. */
static unsigned char *sine_file(const char *path, int format, size_t *n_bytes)
{
    float *x = signals_new(22050);
    signals_add_sine(x, 22050, 22050.0, 440.0, 0.5, 0.0);
    signals_write(path, format, 22050, 1, x, 22050);
    free(x);
    return signals_read_bytes(path, n_bytes);
}

static void test_damaged_header(void **state)
{
    (void)state;
    size_t n = 0;
    unsigned char *bytes = sine_file("audio_zero_hz.wav", WAV_16, &n);
    memset(bytes + 24, 0, 4); /* samples per second */
    signals_write_bytes("audio_zero_hz.wav", bytes, n);
    expect_failure("audio_zero_hz.wav", SILBE_ERR_FORMAT, "audio_zero_hz", "");
    memset(bytes + 24, 0x11, 4); /* 286 MHz */
    signals_write_bytes("audio_fast.wav", bytes, n);
    expect_failure("audio_fast.wav", SILBE_ERR_FORMAT, "286331153 Hz", "again");
    bytes[24] = 7;
    memset(bytes + 25, 0, 3);
    signals_write_bytes("audio_slow.wav", bytes, n);
    expect_failure("audio_slow.wav", SILBE_ERR_FORMAT, "7 Hz", "again");
    bytes[22] = 0; /* channels */
    signals_write_bytes("audio_no_channel.wav", bytes, n);
    expect_failure("audio_no_channel.wav", SILBE_ERR_FORMAT, "audio_no_channel", "");
    free(bytes);
}

/* Half of the file is missing, in every format that can tell. */
static void test_truncated(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int format;
        const char *word;
    } CASES[] = {
        {"audio_t.wav", WAV_16, "header says 22050"},
        {"audio_t.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "header says 22050"},
        {"audio_t.au", SF_FORMAT_AU | SF_FORMAT_PCM_16, "header says 22050"},
        {"audio_t.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "header says 22050"},
        {"audio_t.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, "header says 22050"},
        {"audio_t.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, "header says 22050"},
        {"audio_t.adpcm.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, "header says"},
        {"audio_t.rifx.wav", WAV_16 | SF_ENDIAN_BIG, "header says 22050"},
        {"audio_t.little.au", SF_FORMAT_AU | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE,
         "header says 22050"},
        {"audio_t.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, ""}, /* some libsndfile refuse it */
        {"audio_t.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, "header says"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (sf_format_check(
                &(SF_INFO){.samplerate = 22050, .channels = 1, .format = CASES[i].format}) == 0) {
            continue;
        }
        size_t n = 0;
        unsigned char *bytes = sine_file(CASES[i].path, CASES[i].format, &n);
        signals_write_bytes(CASES[i].path, bytes, n / 2 + 1);
        free(bytes);
        expect_failure(CASES[i].path, SILBE_ERR_FORMAT, CASES[i].word, "");
    }
    silbe_audio_options options = silbe_audio_options_default();
    options.allow_truncated = true;
    options.min_duration_s = 0.1;
    silbe_audio audio;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_audio_read("audio_t.wav", &options, &audio, &err), err);
    assert_int_equal(audio.facts.file_frames + audio.facts.missing_frames, 22050);
    assert_in_range(audio.facts.missing_frames, 11000, 11050);
    silbe_audio_free(&audio);
}

/* An Ogg stream does not say how long it is, but it marks its end. */
static void test_truncated_ogg(void **state)
{
    (void)state;
    enum { N = 10 * 22050 };
    check_rng rng = check_rng_new(13);
    float *x = signals_new(N);
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)(check_uniform(&rng) - 0.5);
    }
    signals_write("audio_t.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 22050, 1, x, N);
    free(x);
    size_t n = 0;
    unsigned char *bytes = signals_read_bytes("audio_t.ogg", &n);
    signals_write_bytes("audio_t.ogg", bytes, n / 2);
    free(bytes);
    expect_failure("audio_t.ogg", SILBE_ERR_FORMAT, "end mark", "samples per channel");
}

/* What a program that writes to a pipe leaves in the header is no promise. */
static void test_streaming_header_is_whole(void **state)
{
    (void)state;
    size_t n = 0;
    unsigned char *bytes = sine_file("audio_pipe.wav", WAV_16, &n);
    memset(bytes + 4, 0xff, 4);
    memset(bytes + 40, 0xff, 4);
    signals_write_bytes("audio_pipe.wav", bytes, n);
    free(bytes);
    silbe_audio audio = load("audio_pipe.wav", 22050.0);
    assert_int_equal(audio.n_samples, 22050);
    silbe_audio_free(&audio);
}

static void test_bad_samples(void **state)
{
    (void)state;
    enum { N = 48000 };
    static const float BAD[] = {NAN, INFINITY, -INFINITY};
    for (size_t k = 0; k < 3; k++) {
        float *x = signals_new(2 * N);
        signals_add_sine(x, 2 * N, 48000.0, 440.0, 0.5, 0.0);
        x[2 * 36000 + 1] = BAD[k];
        signals_write("audio_bad.wav", WAV_FLOAT, 48000, 2, x, N);
        free(x);
        expect_failure("audio_bad.wav", SILBE_ERR_DATA, "sample 36000 (0.7500 s), channel 2",
                       k == 0 ? "not a number" : "infinite");
    }
    float *x = signals_new(N);
    signals_write("audio_silent.wav", WAV_16, 48000, 1, x, N);
    expect_failure("audio_silent.wav", SILBE_ERR_DATA, "silent", "check");
    for (size_t i = 0; i < N; i++) {
        x[i] = 0.5F; /* nothing but an offset is silence too */
    }
    signals_write("audio_offset.wav", WAV_16, 48000, 1, x, N);
    expect_failure("audio_offset.wav", SILBE_ERR_DATA, "silent", "check");
    signals_add_sine(x, N, 48000.0, 440.0, 1e8, 0.0);
    signals_write("audio_loud.wav", WAV_FLOAT, 48000, 1, x, N);
    expect_failure("audio_loud.wav", SILBE_ERR_DATA, "full scale is 1", "scale the recording");
    signals_write("audio_short.wav", WAV_16, 48000, 1, x, 4800);
    expect_failure("audio_short.wav", SILBE_ERR_DATA, "0.100 s", "at least 0.5 s");
    signals_write("audio_none.wav", WAV_16, 48000, 1, x, 0);
    expect_failure("audio_none.wav", SILBE_ERR_DATA, "too short", "0 samples");
    free(x);
}

static void test_options(void **state)
{
    (void)state;
    static const double RATES_HZ[] = {0.0, -1.0, 1000.0, 1e6, NAN, INFINITY};
    for (size_t i = 0; i < 6; i++) {
        silbe_audio_options options = silbe_audio_options_default();
        silbe_audio_reader *reader = NULL;
        silbe_err err = SILBE_ERR_INIT;
        options.rate_hz = RATES_HZ[i];
        assert_int_equal(silbe_audio_reader_open("audio_mix.wav", &options, &reader, &err),
                         SILBE_ERR_ARGUMENT);
        assert_null(reader);
    }
    silbe_audio_reader_close(NULL);
}

/* Random bytes changed in small files of three formats: any status, no crash, no bad samples. */
static void test_random_damage(void **state)
{
    (void)state;
    static const int FORMATS[] = {WAV_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                  SF_FORMAT_AIFF | SF_FORMAT_PCM_16};
    check_rng rng = check_rng_new(12);
    for (size_t f = 0; f < 3; f++) {
        size_t n = 0;
        unsigned char *bytes = sine_file("audio_damaged", FORMATS[f], &n);
        for (size_t round = 0; round < 60; round++) {
            size_t at = check_random(&rng) % 100; /* in the header */
            unsigned char old = bytes[at];
            bytes[at] = (unsigned char)check_random(&rng);
            signals_write_bytes("audio_damaged", bytes, n);
            bytes[at] = old;
            silbe_audio_options options = silbe_audio_options_default();
            silbe_audio audio;
            silbe_err err = SILBE_ERR_INIT;
            if (silbe_audio_read("audio_damaged", &options, &audio, &err) == SILBE_OK) {
                for (size_t i = 0; i < audio.n_samples; i++) {
                    assert_true(isfinite(audio.samples[i]));
                }
            } else {
                assert_true(strlen(err.message) > 20);
            }
            silbe_audio_free(&audio);
        }
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mix_and_facts),
        cmocka_unit_test(test_resampling),
        cmocka_unit_test(test_resampling_has_no_latency),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_blocks_do_not_matter),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_damaged_header),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_truncated_ogg),
        cmocka_unit_test(test_streaming_header_is_whole),
        cmocka_unit_test(test_bad_samples),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
