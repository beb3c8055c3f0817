/*
 * Seconds of singing-like audio per second on one core; not a test.
 *
 *     bench_singing [SECONDS]
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "pipeline/train/augment/augment.h"

enum { SOURCE = 600, SEGMENTS = 60 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    double wanted_s = argc > 1 ? atof(argv[1]) : 2000.0, done_s = 0.0;
    silbe_logmel_options logmel = silbe_logmel_options_default();
    silbe_singing_options options = silbe_singing_options_default();
    silbe_err err = SILBE_ERR_INIT;
    silbe_bands bands;
    silbe_singing_item *item;
    silbe_singing out;
    silbe_matrix x = SILBE_MATRIX_INIT, piano = SILBE_MATRIX_INIT;
    silbe_segment segments[SEGMENTS];
    silbe_random random = {1};
    if (silbe_bands_new(&logmel, 110.0, &bands, &err) != SILBE_OK ||
        silbe_singing_item_new(&item, &err) != SILBE_OK ||
        silbe_matrix_new(&x, SOURCE, logmel.n_bands, &err) != SILBE_OK ||
        silbe_matrix_new(&piano, 10 * SOURCE, logmel.n_bands, &err) != SILBE_OK) {
        fprintf(stderr, "bench_singing: %s\n", err.message);
        return 1;
    }
    for (size_t i = 0; i < SOURCE * logmel.n_bands; i++) {
        x.data[i] = (float)silbe_random_normal(&random);
    }
    for (size_t k = 0; k < SEGMENTS; k++) { /* 100 ms each, every other a vowel */
        segments[k] = (silbe_segment){(uint32_t)(5 * k), (uint32_t)(5 * k + 5), 1,
                                      (uint8_t)(k % 2 == 0 ? 1 + k % 14 : 18 + k % 20)};
    }
    const silbe_alignment alignment = {segments, SEGMENTS, 5 * SEGMENTS};
    const silbe_accompaniment accompaniment = {piano.data, piano.n_rows};
    double begin_s = now_s();
    for (uint64_t i = 0; done_s < wanted_s; i++) {
        if (silbe_singing_run(&options, &bands, logmel.hop_s, &x, &alignment, 2, &accompaniment,
                              silbe_random_fork(&random, i), item, &out, &err) != SILBE_OK) {
            fprintf(stderr, "bench_singing: %s\n", err.message);
            return 1;
        }
        done_s += (double)out.n_frames * logmel.hop_s;
    }
    printf("%.0f s of audio per second on one core\n", done_s / (now_s() - begin_s));
    silbe_singing_item_free(item);
    silbe_bands_free(&bands);
    silbe_matrix_free(&x);
    silbe_matrix_free(&piano);
    return 0;
}
