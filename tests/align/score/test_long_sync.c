/*
 * A long piece through several levels: found, and in memory that grows with the length, not with
 * its square. The linker hands every allocation of the library to the functions below, which count
 * (see CMakeLists.txt).
 */
#include "tests/align/score/synthetic.h"

#include <malloc.h>

#include "align/score/score_sync.h"

static size_t live_bytes, peak_bytes;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *memory);

static void *count(void *memory)
{
    live_bytes += memory != NULL ? malloc_usable_size(memory) : 0;
    peak_bytes = live_bytes > peak_bytes ? live_bytes : peak_bytes;
    return memory;
}

void *__wrap_malloc(size_t size)
{
    return count(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return count(__real_calloc(n, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
    live_bytes -= memory != NULL ? malloc_usable_size(memory) : 0;
    return count(__real_realloc(memory, size));
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return count(__real_aligned_alloc(alignment, size));
}

void __wrap_free(void *memory)
{
    live_bytes -= memory != NULL ? malloc_usable_size(memory) : 0;
    __real_free(memory);
}

/* Aligns a piece of n_events and returns the most bytes that it took. */
static size_t sync_bytes(size_t n_events, check_rng *rng, double *duration_s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_sync_options options = silbe_score_sync_options_default();
    synthetic_options o = synthetic_options_default();
    o.transposition_semitones = 2;
    silbe_score score = synthetic_score(rng, n_events);
    synthetic_performance *p = synthetic_perform(&score, &o, rng);
    silbe_score_sync sync;
    size_t before = live_bytes;
    peak_bytes = live_bytes;
    check_ok(silbe_score_sync_run(&score, &p->recording, &options, &sync, &err), err);
    size_t bytes = peak_bytes - before;
    *duration_s = p->duration_s;
    assert_int_equal(sync.coarse.transposition_semitones, 2);
    for (size_t k = 0; k < n_events; k++) {
        check_close(sync.event_s[k], p->event_s[k], 0.02);
    }
    print_message("%.1f minutes: %.1f MB, %.3f MB a minute\n", p->duration_s / 60,
                  (double)bytes * 1e-6, (double)bytes * 1e-6 / (p->duration_s / 60));
    silbe_score_sync_free(&sync);
    assert_true(live_bytes == before);
    synthetic_free(p);
    silbe_score_free(&score);
    return bytes;
}

static void memory_is_linear(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(201);
    double short_s = 0, long_s = 0;
    size_t small = sync_bytes(550, &rng, &short_s);
    size_t large = sync_bytes(2000, &rng, &long_s);
    /* So long that there is more than one level. */
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    assert_true(long_s > 1200 && long_s / options.hop_s > (double)options.max_full_frames);
    assert_true((double)large / (double)small < 1.2 * long_s / short_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_is_linear)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
