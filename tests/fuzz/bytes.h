/* Choices made from fuzzer's bytes; zeros when there are no more. */
#ifndef SILBE_TESTS_FUZZ_BYTES_H
#define SILBE_TESTS_FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libFuzzer calls; replay.c calls it with a fixed corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *data;
    size_t size;
} fuzz_bytes;

static inline unsigned fuzz_byte(fuzz_bytes *b)
{
    if (b->size == 0) {
        return 0;
    }
    b->size--;
    return *b->data++;
}

/* 0 .. n - 1 */
static inline size_t fuzz_below(fuzz_bytes *b, size_t n)
{
    return fuzz_byte(b) % n;
}

/* Mostly below n, at times anything. */
static inline size_t fuzz_size(fuzz_bytes *b, size_t n)
{
    unsigned kind = fuzz_byte(b);
    if (kind < 250) {
        return kind % n;
    }
    return kind < 253 ? SIZE_MAX - fuzz_byte(b) : (size_t)1 << fuzz_below(b, 64);
}

#define fuzz_require(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline void *fuzz_alloc(size_t bytes)
{
    void *data = malloc(bytes > 0 ? bytes : 1);
    fuzz_require(data != NULL);
    return data;
}

#endif
