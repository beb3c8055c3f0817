/*
 * Makes the bank of accompaniment and says how long it took; not a test.
 *
 *     accompaniment_bank WORK [FOLDER OF SCORES]
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <time.h>

#include "pipeline/train/data/accompaniment.h"

int main(int argc, char **argv)
{
    silbe_accompaniment_options o = silbe_accompaniment_options_default();
    silbe_accompaniment_bank bank = SILBE_ACCOMPANIMENT_BANK_INIT;
    silbe_logmel_cache *cache = NULL;
    silbe_err err = SILBE_ERR_INIT;
    struct timespec begin, end;
    double seconds = 0.0;
    if (argc < 2) {
        fprintf(stderr, "usage: %s WORK [FOLDER OF SCORES]\n", argv[0]);
        return 2;
    }
    o.scores = argc > 2 ? argv[2] : NULL;
    (void)clock_gettime(CLOCK_MONOTONIC, &begin);
    if (silbe_logmel_cache_new(argv[1], &o.logmel, &cache, &err) != SILBE_OK ||
        silbe_accompaniment_make(&o, cache, &bank, &err) != SILBE_OK) {
        fprintf(stderr, "accompaniment_bank: %s\n", err.message);
        return 1;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    for (size_t i = 0; i < bank.n_pieces; i++) {
        seconds += (double)bank.pieces[i].logmel.n_rows * o.logmel.hop_s;
    }
    printf("%zu pieces, %.1f minutes, in %.1f s\n", bank.n_pieces, seconds / 60.0,
           (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec));
    silbe_accompaniment_free(&bank);
    silbe_logmel_cache_free(cache);
    return 0;
}
