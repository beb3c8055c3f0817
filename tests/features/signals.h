/*
 * Sounds that the tests of features/ are made of, and sound files of any kind.
 */
#ifndef SILBE_TESTS_SIGNALS_H
#define SILBE_TESTS_SIGNALS_H

#include "tests/check.h"

#include <math.h>
#include <string.h>

#include <sndfile.h>

#define SIGNALS_PI 3.14159265358979323846

static inline double signals_pitch_hz(double midi)
{
    return 440.0 * exp2((midi - 69.0) / 12.0);
}

static inline float *signals_new(size_t n)
{
    float *x = calloc(n, sizeof *x);
    assert_non_null(x);
    return x;
}

/* Adds a sine that begins suddenly at start_s (with sine phase). */
static inline void signals_add_sine(float *x, size_t n, double rate_hz, double hz, double amplitude,
                                    double start_s)
{
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / rate_hz - start_s;
        if (t >= 0.0) {
            x[i] += (float)(amplitude * sin(2.0 * SIGNALS_PI * hz * t));
        }
    }
}

/* Writes interleaved samples; format as in libsndfile. */
static inline void signals_write(const char *path, int format, int rate_hz, int n_channels,
                                 const float *samples, size_t n_frames)
{
    SF_INFO info = {.samplerate = rate_hz, .channels = n_channels, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    if (file == NULL) {
        fail_msg("%s: %s", path, sf_strerror(NULL));
    }
    assert_int_equal(sf_writef_float(file, samples, (sf_count_t)n_frames), (sf_count_t)n_frames);
    assert_int_equal(sf_close(file), 0);
}

/* Writes n bytes as they are. */
static inline void signals_write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* The whole file; the caller frees. */
static inline unsigned char *signals_read_bytes(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    unsigned char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    assert_int_equal(fclose(file), 0);
    *n = (size_t)size;
    return bytes;
}

#endif
