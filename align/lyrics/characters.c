#include "align/lyrics/characters.h"

#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "align/lyrics/spelling.h"

/* After "sil", "a" to "z". */
enum { A = 1, A_UMLAUT = 27, O_UMLAUT, U_UMLAUT, APOSTROPHE };

static const char *const names[SILBE_N_CHARACTERS] = {
    "sil", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
    "p",   "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "ä", "ö", "ü", "'",
};

/* Letters that have no decomposition. */
static const struct {
    ucs4_t point;
    const char *letters;
} apart[] = {
    {0xdf, "ss"}, {0xe6, "ae"}, {0x153, "oe"}, {0xf8, "o"},  {0xf0, "d"},
    {0xfe, "th"}, {0x111, "d"}, {0x142, "l"},  {0x131, "i"}, {0x127, "h"},
};

const char *silbe_character_get(size_t character)
{
    return character < SILBE_N_CHARACTERS ? names[character] : NULL;
}

/* Labels of one code point (at most 4) into to; the number of them, or -1 for a stranger. */
static int labels_of(ucs4_t point, uint8_t *to)
{
    static const ucs4_t umlauts[] = {0xe4, 0xf6, 0xfc};
    for (size_t i = 0; i < 3; i++) {
        if (point == umlauts[i]) {
            to[0] = (uint8_t)(A_UMLAUT + i);
            return 1;
        }
    }
    if (point == '\'') {
        to[0] = APOSTROPHE;
        return 1;
    }
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        if (point == apart[i].point) {
            int n = 0;
            for (const char *c = apart[i].letters; *c != '\0'; c++) {
                to[n++] = (uint8_t)(A + *c - 'a');
            }
            return n;
        }
    }
    ucs4_t base = point;
    ucs4_t decomposed[UC_DECOMPOSITION_MAX_LENGTH];
    while (uc_canonical_decomposition(base, decomposed) > 0) {
        base = decomposed[0];
    }
    if (base >= 'a' && base <= 'z') {
        to[0] = (uint8_t)(A + base - 'a');
        return 1;
    }
    return uc_is_general_category(point, UC_LETTER) || uc_is_general_category(point, UC_NUMBER) ? -1
                                                                                                : 0;
}

silbe_status silbe_characters_of_word(const char *text, uint8_t **labels, size_t *n_labels,
                                      silbe_err *err)
{
    silbe_status status = SILBE_ERR_DATA;
    char *key = NULL;
    *labels = NULL;
    *n_labels = 0;
    status = silbe_spelling_key(text, &key, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t n = strlen(key);
    uint8_t *out = malloc(4 * n + 4);
    if (out == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a word of %zu bytes", n);
        goto done;
    }
    size_t n_out = 0;
    for (size_t i = 0; i < n;) {
        ucs4_t point = 0;
        size_t step = (size_t)u8_mbtouc(&point, (const uint8_t *)key + i, n - i);
        int found = labels_of(point, out + n_out);
        if (found < 0) {
            status = silbe_fail(err, SILBE_ERR_DATA, "word \"%.100s\": no label for \"%.*s\"%s",
                                text, (int)step, key + i, point < 128 ? "; write numbers out" : "");
            goto done;
        }
        n_out += (size_t)found;
        i += step;
    }
    if (n_out == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "word \"%.100s\": no letters", text);
        goto done;
    }
    *labels = out;
    *n_labels = n_out;
    out = NULL;
    status = SILBE_OK;
done:
    free(out);
    free(key);
    return status;
}
