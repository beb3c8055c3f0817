#include "align/lyrics/phones.h"

#include <string.h>

#define VOWEL SILBE_PHONE_CLASS_VOWEL
#define GLIDE SILBE_PHONE_CLASS_GLIDE
#define NASAL SILBE_PHONE_CLASS_NASAL
#define LIQUID SILBE_PHONE_CLASS_LIQUID
#define FRICATIVE SILBE_PHONE_CLASS_FRICATIVE
#define PLOSIVE SILBE_PHONE_CLASS_PLOSIVE

/*
 * THE phone set. symbol, IPA, class, voiced, holdable, {min, expected} ms in speech, in singing.
 *
 * Durations are first guesses, to be replaced by what training measures.
 *   speech   5th percentile (at least 30 ms, the resolution of the source) and mean of the
 *            automatic phone times of 0.7 h of read Dutch (Rhasspy's nathalie, CC0), rounded to
 *            5 ms, of the phone or, where Dutch lacks it, of its nearest relative.
 *   singing  minima of vowels and consonants 140 and 40 ms: they gave the best word times of
 *            20/60/100/140/180 and 20/40 ms in a prototype on Lied; glides and the weak schwa
 *            shorter by ear, means by ear. Notes differ: where there is a score, it knows better.
 */
/* clang-format off */
static const silbe_phone_info table[SILBE_N_PHONES] = {
    {"sil", "∅", SILBE_PHONE_CLASS_SILENCE, false, true, {30, 200}, {40, 600}},

    /* Vowels, long and short alike where only length tells them apart. For example: */
    {"a",  "a",  VOWEL, true, true, {45, 100}, {140, 450}}, /* Nacht, sagen */
    {"E",  "ɛ",  VOWEL, true, true, {40,  80}, {140, 400}}, /* Herz, Mädchen */
    {"e",  "e",  VOWEL, true, true, {55, 135}, {140, 450}}, /* Seele */
    {"@",  "ə",  VOWEL, true, true, {30,  55}, { 80, 250}}, /* Liebe */
    {"6",  "ɐ",  VOWEL, true, true, {30,  65}, { 80, 250}}, /* Wasser */
    {"i",  "i",  VOWEL, true, true, {50, 110}, {140, 450}}, /* Lied */
    {"I",  "ɪ",  VOWEL, true, true, {40,  80}, {140, 350}}, /* still */
    {"o",  "o",  VOWEL, true, true, {40, 110}, {140, 450}}, /* rot */
    {"O",  "ɔ",  VOWEL, true, true, {40,  80}, {140, 400}}, /* Sonne */
    {"u",  "u",  VOWEL, true, true, {40, 100}, {140, 450}}, /* Ruh */
    {"U",  "ʊ",  VOWEL, true, true, {30,  70}, {140, 350}}, /* Brust */
    {"y",  "y",  VOWEL, true, true, {40, 100}, {140, 450}}, /* müde */
    {"Y",  "ʏ",  VOWEL, true, true, {30,  70}, {140, 350}}, /* Hütte */
    {"2",  "ø",  VOWEL, true, true, {70, 140}, {140, 450}}, /* schön */
    {"9",  "œ",  VOWEL, true, true, {50, 100}, {140, 400}}, /* Götter */

    /* Second parts of diphthongs; U^ is [w] as well. */
    {"I^", "ɪ̯", GLIDE, true, false, {30, 60}, {40, 110}}, /* mein */
    {"U^", "ʊ̯", GLIDE, true, false, {30, 60}, {40, 110}}, /* Traum; English was */
    {"Y^", "ʏ̯", GLIDE, true, false, {30, 60}, {40, 110}}, /* Freude */

    {"m",  "m",  NASAL,  true, true,  {40, 80}, {40, 110}},
    {"n",  "n",  NASAL,  true, true,  {30, 70}, {40, 110}},
    {"N",  "ŋ",  NASAL,  true, true,  {40, 90}, {40, 120}}, /* lang */
    {"l",  "l",  LIQUID, true, true,  {30, 75}, {40, 110}},
    {"r",  "r",  LIQUID, true, false, {30, 55}, {40,  90}}, /* rolled, tapped or uvular */
    {"j",  "j",  LIQUID, true, false, {40, 90}, {40,  90}}, /* ja */

    {"f",  "f",  FRICATIVE, false, false, {50,  95}, {40, 110}},
    {"v",  "v",  FRICATIVE, true,  false, {40,  70}, {40,  90}}, /* Wein */
    {"s",  "s",  FRICATIVE, false, false, {50, 110}, {40, 120}},
    {"z",  "z",  FRICATIVE, true,  false, {60,  95}, {40, 100}}, /* Seele */
    {"S",  "ʃ",  FRICATIVE, false, false, {60, 130}, {40, 130}}, /* schön */
    {"Z",  "ʒ",  FRICATIVE, true,  false, {50, 100}, {40, 100}}, /* Genie */
    {"C",  "ç",  FRICATIVE, false, false, {40,  85}, {40, 110}}, /* ich */
    {"x",  "x",  FRICATIVE, false, false, {40,  80}, {40, 110}}, /* Nacht */
    {"h",  "h",  FRICATIVE, false, false, {40,  85}, {40,  80}},

    {"p",  "p",  PLOSIVE, false, false, {30, 70}, {40, 100}},
    {"b",  "b",  PLOSIVE, true,  false, {40, 70}, {40,  80}},
    {"t",  "t",  PLOSIVE, false, false, {30, 80}, {40, 100}},
    {"d",  "d",  PLOSIVE, true,  false, {30, 65}, {40,  80}},
    {"k",  "k",  PLOSIVE, false, false, {50, 80}, {40, 100}},
    {"g",  "ɡ",  PLOSIVE, true,  false, {30, 60}, {40,  80}}, /* U+0261, not g */
};
/* clang-format on */

const silbe_phone_info *silbe_phone_get(size_t phone)
{
    return phone < SILBE_N_PHONES ? &table[phone] : NULL;
}

static bool is_name(const char *known, const char *name, size_t n_bytes)
{
    return strlen(known) == n_bytes && memcmp(known, name, n_bytes) == 0;
}

size_t silbe_phone_find(const char *name, size_t n_bytes)
{
    for (size_t i = 0; i < SILBE_N_PHONES; i++) {
        if (is_name(table[i].symbol, name, n_bytes) || is_name(table[i].ipa, name, n_bytes)) {
            return i;
        }
    }
    return SILBE_PHONE_NONE;
}

const char *silbe_phone_class_str(silbe_phone_class phone_class)
{
    static const char *const names[SILBE_N_PHONE_CLASSES] = {
        "silence", "vowel", "glide", "nasal", "liquid", "fricative", "plosive",
    };
    return (unsigned)phone_class < SILBE_N_PHONE_CLASSES ? names[phone_class] : NULL;
}

bool silbe_phone_is_nucleus(silbe_phone phone)
{
    if ((phone.marks & SILBE_MARK_SYLLABIC) != 0) {
        return true;
    }
    return phone.phone < SILBE_N_PHONES && table[phone.phone].phone_class == VOWEL &&
           (phone.marks & SILBE_MARK_GLIDE) == 0;
}

static bool take(const char **at, const char *end, const char *mark)
{
    size_t n = strlen(mark);
    if ((size_t)(end - *at) < n || memcmp(*at, mark, n) != 0) {
        return false;
    }
    *at += n;
    return true;
}

static bool take_last(const char *begin, const char **end, const char *mark)
{
    size_t n = strlen(mark);
    if ((size_t)(*end - begin) <= n || memcmp(*end - n, mark, n) != 0) {
        return false;
    }
    *end -= n;
    return true;
}

silbe_status silbe_phones_read(const char *text, size_t n_bytes, silbe_phone *phones,
                               size_t capacity, size_t *n_phones, silbe_err *err)
{
    const char *end = text + n_bytes;
    for (const char *at = text; at < end;) {
        if (*at == ' ') {
            at++;
            continue;
        }
        const char *begin = at;
        while (at < end && *at != ' ') {
            at++;
        }
        const char *stop = at;
        uint8_t marks = 0;
        const char *first = begin;
        if (take(&first, stop, "=") || take(&first, stop, "ˈ")) {
            marks |= SILBE_MARK_STRESS;
        }
        if (take_last(first, &stop, ":") || take_last(first, &stop, "ː")) {
            marks |= SILBE_MARK_LONG;
        }
        size_t phone = silbe_phone_find(first, (size_t)(stop - first));
        if (phone == SILBE_PHONE_NONE || phone == SILBE_PHONE_SILENCE) {
            return silbe_fail(err, SILBE_ERR_FORMAT, "\"%.*s\" is no phone of the phone set",
                              at - begin > 40 ? 40 : (int)(at - begin), begin);
        }
        if (*n_phones == capacity) {
            return silbe_fail(err, SILBE_ERR_DATA, "more than %zu phones", capacity);
        }
        if (table[phone].phone_class == GLIDE && *n_phones > 0 &&
            table[phones[*n_phones - 1].phone].phone_class == VOWEL) {
            marks |= SILBE_MARK_GLIDE;
        }
        phones[(*n_phones)++] = (silbe_phone){(uint8_t)phone, marks};
    }
    return SILBE_OK;
}

size_t silbe_phones_write(const silbe_phone *phones, size_t n_phones, char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < n_phones; i++) {
        const char *symbol = table[phones[i].phone].symbol;
        for (const char *c = i > 0 ? " " : ""; *c != '\0'; c++, length++) {
            if (length + 1 < size) {
                text[length] = *c;
            }
        }
        for (const char *c = symbol; *c != '\0'; c++, length++) {
            if (length + 1 < size) {
                text[length] = *c;
            }
        }
    }
    if (size > 0) {
        text[length < size ? length : size - 1] = '\0';
    }
    return length;
}
