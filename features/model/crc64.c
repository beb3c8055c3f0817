#include "features/model/weights.h"

/* ECMA-182 polynomial, reflected; initial value and final xor all ones. */
uint64_t silbe_crc64(const void *bytes, size_t size)
{
    const uint64_t polynomial = 0xc96c5795d7870f42U;
    uint64_t table[256];
    for (uint64_t i = 0; i < 256; i++) {
        uint64_t crc = i;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc & 1U) != 0U ? crc >> 1 ^ polynomial : crc >> 1;
        }
        table[i] = crc;
    }
    const unsigned char *byte = bytes;
    uint64_t crc = ~(uint64_t)0;
    for (size_t i = 0; i < size; i++) {
        crc = table[(crc ^ byte[i]) & 0xffU] ^ crc >> 8;
    }
    return ~crc;
}
