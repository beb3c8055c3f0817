#include "features/base/npy_values.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 15 }; /* converted at a time; a multiple of both sizes */

bool silbe_npy_is_native(void)
{
    /* Every byte is another one, so that no other order passes. */
    static const unsigned char SINGLE_BYTES[] = {0x11, 0x22, 0x33, 0x44};
    static const unsigned char DOUBLE_BYTES[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x48};
    const float single_value = 0x1.664422p+9F;
    const double double_value = 0x1.7665544332211p+136;
    return sizeof single_value == sizeof SINGLE_BYTES &&
           sizeof double_value == sizeof DOUBLE_BYTES &&
           memcmp(&single_value, SINGLE_BYTES, sizeof SINGLE_BYTES) == 0 &&
           memcmp(&double_value, DOUBLE_BYTES, sizeof DOUBLE_BYTES) == 0;
}

/* Bytes of the file to the number that they mean, in place; n of size bytes. */
static void decode(unsigned char *bytes, size_t size, size_t n)
{
    for (size_t i = 0; i < n; i++, bytes += size) {
        uint64_t bits = 0;
        for (size_t b = 0; b < size; b++) {
            bits |= (uint64_t)bytes[b] << (8 * b);
        }
        if (size == sizeof(float)) {
            uint32_t low = (uint32_t)bits;
            memcpy(bytes, &low, sizeof low);
        } else {
            memcpy(bytes, &bits, sizeof bits);
        }
    }
}

/* The other way round. */
static void encode(unsigned char *bytes, size_t size, size_t n)
{
    for (size_t i = 0; i < n; i++, bytes += size) {
        uint64_t bits = 0;
        if (size == sizeof(float)) {
            uint32_t low;
            memcpy(&low, bytes, sizeof low);
            bits = low;
        } else {
            memcpy(&bits, bytes, sizeof bits);
        }
        for (size_t b = 0; b < size; b++) {
            bytes[b] = (unsigned char)(bits >> (8 * b));
        }
    }
}

void silbe_npy_put_values(FILE *stream, const void *values, size_t item_size, size_t n,
                          bool is_native)
{
    if (n == 0) {
        return; /* values may be NULL */
    }
    if (is_native) {
        (void)fwrite(values, item_size, n, stream);
        return;
    }
    unsigned char block[BLOCK_BYTES];
    const size_t capacity = BLOCK_BYTES / item_size;
    for (size_t begin = 0; begin < n; begin += capacity) {
        size_t count = n - begin < capacity ? n - begin : capacity;
        memcpy(block, (const unsigned char *)values + begin * item_size, count * item_size);
        encode(block, item_size, count);
        (void)fwrite(block, item_size, count, stream);
    }
}

/* n floats to doubles or doubles to floats. */
static void convert(const unsigned char *from, size_t from_size, void *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (from_size == sizeof(float)) {
            float value;
            memcpy(&value, from + i * sizeof value, sizeof value);
            ((double *)to)[i] = value;
        } else {
            double value;
            memcpy(&value, from + i * sizeof value, sizeof value);
            ((float *)to)[i] = (float)value;
        }
    }
}

bool silbe_npy_get_values(FILE *stream, size_t file_size, void *values, size_t item_size, size_t n,
                          bool is_native)
{
    if (file_size == item_size) {
        if (fread(values, item_size, n, stream) != n) {
            return false;
        }
        if (!is_native) {
            decode(values, item_size, n);
        }
        return true;
    }
    unsigned char block[BLOCK_BYTES];
    const size_t capacity = BLOCK_BYTES / file_size;
    for (size_t begin = 0; begin < n; begin += capacity) {
        size_t count = n - begin < capacity ? n - begin : capacity;
        if (fread(block, file_size, count, stream) != count) {
            return false;
        }
        if (!is_native) {
            decode(block, file_size, count);
        }
        convert(block, file_size, (unsigned char *)values + begin * item_size, count);
    }
    return true;
}
