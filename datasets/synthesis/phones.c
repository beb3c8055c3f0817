#include "datasets/synthesis/phones.h"

#include <string.h>

/* clang-format off */
#define VOWEL(ipa, f1, f2, f3) \
    {ipa, SILBE_SYNTH_VOWEL, true, {f1, f2, f3}, {0, 0, 0}, {0, 0}, {0, 0}, {0, 0}, 0.0F}
#define DIPHTHONG(ipa, f1, f2, f3, g1, g2, g3) \
    {ipa, SILBE_SYNTH_VOWEL, true, {f1, f2, f3}, {g1, g2, g3}, {0, 0}, {0, 0}, {0, 0}, 0.0F}
#define SONORANT(ipa, kind, f1, f2, f3, duration) \
    {ipa, kind, true, {f1, f2, f3}, {0, 0, 0}, {0, 0}, {0, 0}, {0, 0}, duration}
#define NOISE(ipa, kind, voiced, f1, f2, f3, n1, b1, g1, n2, b2, g2, duration) \
    {ipa, kind, voiced, {f1, f2, f3}, {0, 0, 0}, {n1, n2}, {b1, b2}, {g1, g2}, duration}

static const silbe_synth_phone table[] = {
    VOWEL("iː", 290, 2120, 2900), VOWEL("i", 290, 2100, 2850), VOWEL("ɪ", 350, 1880, 2560),
    VOWEL("yː", 300, 1580, 2150), VOWEL("y", 360, 1440, 2200), VOWEL("ʏ", 360, 1440, 2200),
    VOWEL("eː", 370, 1980, 2620), VOWEL("e", 370, 1950, 2600), VOWEL("ɛː", 500, 1720, 2500),
    VOWEL("ɛ", 500, 1680, 2480), VOWEL("øː", 375, 1430, 2180), VOWEL("ø", 380, 1430, 2180),
    VOWEL("œ", 490, 1420, 2250), VOWEL("aː", 690, 1230, 2500), VOWEL("ɑː", 690, 1190, 2500),
    VOWEL("ɑ", 690, 1190, 2500), VOWEL("a", 660, 1260, 2480), VOWEL("ɔ", 510, 980, 2400),
    VOWEL("oː", 390, 770, 2400), VOWEL("o", 390, 790, 2400), VOWEL("ʊ", 380, 920, 2350),
    VOWEL("uː", 310, 750, 2300), VOWEL("u", 310, 780, 2300), VOWEL("ə", 430, 1480, 2420),
    VOWEL("ɜ", 560, 1280, 2450), VOWEL("ɐ", 560, 1280, 2450),
    DIPHTHONG("aɪ", 680, 1250, 2480, 390, 1850, 2550),
    DIPHTHONG("aʊ", 680, 1210, 2480, 400, 850, 2380),
    DIPHTHONG("ɔø", 510, 950, 2400, 400, 1600, 2300),
    DIPHTHONG("ɔɪ", 510, 950, 2400, 400, 1650, 2350),
    DIPHTHONG("ɔʏ", 510, 950, 2400, 400, 1600, 2300),

    SONORANT("m", SILBE_SYNTH_NASAL, 260, 1050, 2200, 0.085F),
    SONORANT("n", SILBE_SYNTH_NASAL, 260, 1550, 2450, 0.080F),
    SONORANT("ŋ", SILBE_SYNTH_NASAL, 260, 2050, 2400, 0.085F),
    SONORANT("l", SILBE_SYNTH_LIQUID, 330, 1350, 2650, 0.075F),
    SONORANT("j", SILBE_SYNTH_LIQUID, 270, 2100, 2850, 0.065F),
    SONORANT("r", SILBE_SYNTH_TRILL, 450, 1330, 2300, 0.085F),
    SONORANT("ɾ", SILBE_SYNTH_TRILL, 480, 1300, 2300, 0.070F),
    SONORANT("ʁ", SILBE_SYNTH_TRILL, 480, 1250, 2300, 0.075F),

    NOISE("f", SILBE_SYNTH_FRICATIVE, false, 340, 1050, 2250,
          1800, 2500, 0.050F, 7800, 5000, 0.070F, 0.105F),
    NOISE("v", SILBE_SYNTH_FRICATIVE, true, 300, 1050, 2250,
          1800, 2500, 0.025F, 7500, 5000, 0.035F, 0.070F),
    NOISE("s", SILBE_SYNTH_FRICATIVE, false, 330, 1600, 2600,
          5200, 1100, 0.300F, 7600, 1800, 0.240F, 0.110F),
    NOISE("z", SILBE_SYNTH_FRICATIVE, true, 280, 1600, 2600,
          5200, 1200, 0.260F, 7600, 2000, 0.200F, 0.085F),
    NOISE("ʃ", SILBE_SYNTH_FRICATIVE, false, 330, 1750, 2500,
          2500, 500, 0.300F, 4300, 1500, 0.260F, 0.115F),
    NOISE("ʒ", SILBE_SYNTH_FRICATIVE, true, 290, 1750, 2500,
          2500, 600, 0.150F, 4300, 1600, 0.100F, 0.085F),
    NOISE("ç", SILBE_SYNTH_FRICATIVE, false, 300, 2050, 2900,
          3200, 500, 0.170F, 4900, 1300, 0.120F, 0.100F),
    NOISE("x", SILBE_SYNTH_FRICATIVE, false, 450, 1150, 2350,
          1150, 350, 0.150F, 3600, 1500, 0.050F, 0.105F),
    {"ʔ", SILBE_SYNTH_PLOSIVE, false, {0, 0, 0}, {0, 0, 0}, {0, 0}, {0, 0}, {0, 0}, 0.035F},
    {"h", SILBE_SYNTH_ASPIRATE, false, {0, 0, 0}, {0, 0, 0}, {0, 0}, {0, 0}, {0, 0}, 0.060F},
    NOISE("p", SILBE_SYNTH_PLOSIVE, false, 250, 900, 2150,
          900, 900, 0.180F, 4000, 5000, 0.060F, 0.110F),
    NOISE("b", SILBE_SYNTH_PLOSIVE, true, 220, 900, 2150,
          900, 900, 0.100F, 4000, 5000, 0.030F, 0.075F),
    NOISE("t", SILBE_SYNTH_PLOSIVE, false, 250, 1750, 2600,
          4200, 1500, 0.340F, 6800, 2500, 0.220F, 0.110F),
    NOISE("d", SILBE_SYNTH_PLOSIVE, true, 220, 1750, 2600,
          4200, 1700, 0.180F, 6800, 2800, 0.100F, 0.070F),
    NOISE("k", SILBE_SYNTH_PLOSIVE, false, 260, 1900, 2250,
          1900, 500, 0.300F, 4200, 2000, 0.090F, 0.115F),
    NOISE("ɡ", SILBE_SYNTH_PLOSIVE, true, 230, 1900, 2250,
          1900, 600, 0.170F, 4200, 2200, 0.050F, 0.075F),
};
/* clang-format on */

const silbe_synth_phone *silbe_synth_phones(size_t *n)
{
    *n = sizeof table / sizeof table[0];
    return table;
}

const silbe_synth_phone *silbe_synth_phone_find(const char *text, size_t *length)
{
    const silbe_synth_phone *best = NULL;
    size_t best_length = 0;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t n = strlen(table[i].ipa);
        if (n > best_length && strncmp(text, table[i].ipa, n) == 0) {
            best = &table[i];
            best_length = n;
        }
    }
    *length = best_length;
    return best;
}
