#include "align/lyrics/spelling.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "features/base/memory.h"

static bool is_letter(ucs4_t point)
{
    return uc_is_general_category(point, UC_LETTER) || uc_is_general_category(point, UC_MARK);
}

static bool is_digit(ucs4_t point)
{
    return uc_is_general_category(point, UC_DECIMAL_DIGIT_NUMBER);
}

static bool is_apostrophe(ucs4_t point)
{
    return point == '\'' || point == '`' || point == 0xb4 || point == 0x2bc || point == 0x2018 ||
           point == 0x2019 || point == 0x2032;
}

/* Soft hyphen, zero-width signs, byte order mark. */
static bool is_invisible(ucs4_t point)
{
    return point == 0xad || (point >= 0x200b && point <= 0x200f) || point == 0x2060 ||
           point == 0xfeff;
}

/* Copies with apostrophes alike and without invisible signs; to holds as many bytes. */
static size_t unify(const uint8_t *from, size_t n, uint8_t *to)
{
    size_t length = 0;
    for (size_t i = 0; i < n;) {
        ucs4_t point = 0;
        int step = u8_mbtouc(&point, from + i, n - i);
        if (is_apostrophe(point)) {
            to[length++] = '\'';
        } else if (!is_invisible(point)) {
            memcpy(to + length, from + i, (size_t)step);
            length += (size_t)step;
        }
        i += (size_t)step;
    }
    return length;
}

/* Narrows [*begin, *end) to what starts and ends with a letter, digit or apostrophe. */
static void trim(const uint8_t *text, size_t *begin, size_t *end)
{
    size_t last = *begin; /* end of the last character that stays */
    bool started = false;
    size_t first = *end;
    for (size_t i = *begin; i < *end;) {
        ucs4_t point = 0;
        int step = u8_mbtouc(&point, text + i, *end - i);
        if (is_letter(point) || is_digit(point) || point == '\'') {
            first = started ? first : i;
            started = true;
            last = i + (size_t)step;
        }
        i += (size_t)step;
    }
    *begin = started ? first : *end;
    *end = started ? last : *end;
}

static bool has_sound(const uint8_t *text, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (text[i] != '\'') {
            return true;
        }
    }
    return false;
}

silbe_status silbe_spelling_key(const char *text, char **key, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *key = NULL;
    size_t n = strlen(text);
    if (u8_check((const uint8_t *)text, n) != NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "a word is not UTF-8");
    }
    size_t n_lower = 0;
    uint8_t *lower = u8_tolower((const uint8_t *)text, n, NULL, UNINORM_NFC, NULL, &n_lower);
    if (n > 0) {
        (void)silbe_need(lower, "a word", err);
    }
    char *out = silbe_alloc(n_lower + 1, 1, "bytes of a word", err);
    if (out == NULL) {
        free(lower);
        return err->status;
    }
    uint8_t *bytes = (uint8_t *)out;
    size_t begin = 0;
    size_t end = n > 0 ? unify(lower, n_lower, bytes) : 0;
    free(lower);
    trim(bytes, &begin, &end);
    while (end - begin >= 2 && bytes[begin] == '\'' && bytes[end - 1] == '\'') {
        begin++;
        end--;
        trim(bytes, &begin, &end);
    }
    if (!has_sound(bytes, begin, end)) {
        end = begin;
    }
    memmove(out, out + begin, end - begin);
    out[end - begin] = '\0';
    *key = out;
    return SILBE_OK;
}

silbe_status silbe_spelling_parts(const char *key, char **parts, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = strlen(key);
    char *out = silbe_alloc(n + 1, 1, "bytes of a word", err);
    if (out == NULL) {
        *parts = NULL;
        return err->status;
    }
    size_t length = 0;
    bool after_digit = false;
    for (size_t i = 0; i < n;) {
        ucs4_t point = 0;
        size_t step = (size_t)u8_mbtouc(&point, (const uint8_t *)key + i, n - i);
        bool between_digits =
            (point == '.' || point == ',') && after_digit && key[i + 1] >= '0' && key[i + 1] <= '9';
        if (is_letter(point) || is_digit(point) || point == '\'' || between_digits) {
            memcpy(out + length, key + i, step);
            length += step;
        } else if (length > 0 && out[length - 1] != ' ') {
            out[length++] = ' ';
        }
        after_digit = is_digit(point);
        i += step;
    }
    length -= length > 0 && out[length - 1] == ' ';
    out[length] = '\0';
    *parts = out;
    return SILBE_OK;
}

/* Languages that are not written in Latin letters, with the scripts that their voices read. */
static const struct {
    const char *language;
    const char *scripts[3];
} writing[] = {
    {"am", {"Ethiopic"}},    {"ar", {"Arabic"}},
    {"as", {"Bengali"}},     {"ba", {"Cyrillic"}},
    {"be", {"Cyrillic"}},    {"bg", {"Cyrillic"}},
    {"bn", {"Bengali"}},     {"bpy", {"Bengali"}},
    {"chr", {"Cherokee"}},   {"cmn", {"Han"}},
    {"cv", {"Cyrillic"}},    {"el", {"Greek"}},
    {"fa", {"Arabic"}},      {"grc", {"Greek"}},
    {"gu", {"Gujarati"}},    {"he", {"Hebrew"}},
    {"hi", {"Devanagari"}},  {"hy", {"Armenian"}},
    {"hyw", {"Armenian"}},   {"ja", {"Hiragana", "Katakana"}},
    {"ka", {"Georgian"}},    {"kk", {"Cyrillic"}},
    {"kn", {"Kannada"}},     {"ko", {"Hangul"}},
    {"kok", {"Devanagari"}}, {"ky", {"Cyrillic"}},
    {"mk", {"Cyrillic"}},    {"ml", {"Malayalam"}},
    {"mr", {"Devanagari"}},  {"my", {"Myanmar"}},
    {"ne", {"Devanagari"}},  {"or", {"Oriya"}},
    {"pa", {"Gurmukhi"}},    {"ru", {"Cyrillic"}},
    {"sd", {"Arabic"}},      {"shn", {"Myanmar"}},
    {"si", {"Sinhala"}},     {"sr", {"Cyrillic", "Latin"}},
    {"ta", {"Tamil"}},       {"te", {"Telugu"}},
    {"th", {"Thai"}},        {"tt", {"Cyrillic"}},
    {"ug", {"Arabic"}},      {"uk", {"Cyrillic"}},
    {"ur", {"Arabic"}},      {"yue", {"Han"}},
    {"piqd", {"Latin"}},
};

/* "ru" of "ru-lv" and "ru+f2"; "fa-latn" and "cmn-latn-pinyin" are written in Latin letters. */
static bool is_language(const char *voice, const char *language)
{
    size_t n = strlen(language);
    return strncmp(voice, language, n) == 0 &&
           (voice[n] == '\0' || voice[n] == '-' || voice[n] == '+') &&
           strstr(voice, "-latn") == NULL;
}

static bool reads_script(const char *voice, const char *script)
{
    for (size_t i = 0; i < sizeof writing / sizeof writing[0]; i++) {
        if (is_language(voice, writing[i].language)) {
            bool found = false;
            for (size_t s = 0; s < 3 && writing[i].scripts[s] != NULL; s++) {
                found = found || strcmp(writing[i].scripts[s], script) == 0;
            }
            return found;
        }
    }
    return strcmp(script, "Latin") == 0;
}

bool silbe_spelling_voice_reads(const char *voice, const char *text, const char **script)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        ucs4_t point = 0;
        i += (size_t)u8_mbtouc(&point, (const uint8_t *)text + i, n - i);
        const uc_script_t *found = uc_script(point);
        if (found == NULL || !is_letter(point) || strcmp(found->name, "Common") == 0 ||
            strcmp(found->name, "Inherited") == 0) {
            continue;
        }
        if (!reads_script(voice, found->name)) {
            *script = found->name;
            return false;
        }
    }
    return true;
}
