#include <string.h>

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

/* IEEE 754-2008 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */

uint16_t silbe_half_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t sign = bits >> 16 & 0x8000U;
    uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U) {
        return (uint16_t)(sign | 0x7e00U); /* NaN */
    }
    if (magnitude >= 0x477ff000U) { /* 65520 and above round to infinity */
        return (uint16_t)(sign | 0x7c00U);
    }
    /* value = significand 2^(exponent - 23); keep 10 bits behind the leading one, fewer below
     * 2^-14 where halves are multiples of 2^-24. */
    int exponent = (int)(magnitude >> 23) - 127;
    uint32_t significand = (magnitude & 0x7fffffU) | 0x800000U;
    int drop = exponent >= -14 ? 13 : 13 + (-14 - exponent);
    if (drop > 24) {
        return (uint16_t)sign; /* below half of the smallest subnormal */
    }
    uint32_t kept = significand >> drop;
    uint32_t rest = significand & ((1U << drop) - 1U);
    uint32_t half = 1U << (drop - 1);
    kept += rest > half || (rest == half && (kept & 1U) != 0U);
    /* kept has its leading one at bit 10 for normal numbers, which adds one to the exponent field;
     * rounding up to the next power of two carries into it by itself. */
    uint32_t biased = exponent >= -14 ? (uint32_t)(exponent + 14) << 10 : 0U;
    return (uint16_t)(sign | (biased + kept));
}

float silbe_float_of_half(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000U) << 16;
    uint32_t exponent = half >> 10 & 0x1fU;
    uint32_t fraction = half & 0x3ffU;
    uint32_t bits;
    if (exponent == 0x1fU) {
        bits = sign | 0x7f800000U | fraction << 13;
    } else if (exponent > 0) {
        bits = sign | (exponent + 112U) << 23 | fraction << 13;
    } else {
        float magnitude = (float)fraction * 0x1.0p-24F; /* exact */
        memcpy(&bits, &magnitude, sizeof bits);
        bits |= sign;
    }
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
