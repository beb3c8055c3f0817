/* Makes a changed file of weights look undamaged: its size and checksum are set anew. */
#ifndef SILBE_TESTS_WEIGHTS_BYTES_H
#define SILBE_TESTS_WEIGHTS_BYTES_H

#include "features/model/weights.h"

static inline void put_u64(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        at[i] = (unsigned char)(value >> 8 * i & 0xffU);
    }
}

static inline void seal_weights(unsigned char *bytes, size_t size)
{
    if (size >= 32) {
        put_u64(bytes + 16, size);
        put_u64(bytes + size - 8, silbe_crc64(bytes, size - 8));
    }
}

#endif
