#include "pipeline/ctc_matrix/spell.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "align/trellis/trellis.h"
#include "features/base/array.h"

enum { WORD_MARK = 0x2581, ANY_SOUND = 0, MAX_PARTS = 18 };

/* The word in hand: code points, ANY_SOUND for a wildcard. */
typedef struct {
    const silbe_lyrics_text *text;
    const char *text_path;
    const silbe_vocabulary *vocabulary;
    const char *vocab_path;
    const silbe_config *config;
    silbe_spelt *spelt;
    size_t n_symbols;
    size_t symbols_capacity;
    size_t word;
    ucs4_t *points;
    size_t n_points;
    size_t points_capacity;
    silbe_err *err;
} speller;

static silbe_status fail_memory(const speller *s)
{
    return silbe_fail(s->err, SILBE_ERR_MEMORY, "%s: out of memory", s->text_path);
}

static silbe_status push_point(speller *s, ucs4_t point)
{
    void *grown = silbe_array_grow(s->points, s->n_points, &s->points_capacity, sizeof *s->points);
    if (grown == NULL) {
        return fail_memory(s);
    }
    s->points = grown;
    s->points[s->n_points++] = point;
    return SILBE_OK;
}

static silbe_status push_symbol(speller *s, int32_t symbol)
{
    void *grown = silbe_array_grow(s->spelt->symbols, s->n_symbols, &s->symbols_capacity,
                                   sizeof *s->spelt->symbols);
    if (grown == NULL) {
        return fail_memory(s);
    }
    s->spelt->symbols = grown;
    s->spelt->symbols[s->n_symbols++] = symbol;
    s->spelt->n_wildcards += symbol == SILBE_TRELLIS_WILDCARD;
    return SILBE_OK;
}

/* Whether all the points are there; then they are pushed. */
static bool take_parts(speller *s, const ucs4_t *points, size_t n, silbe_status *status)
{
    bool all = n > 0;
    for (size_t i = 0; i < n; i++) {
        all = all && silbe_vocabulary_has(s->vocabulary, points[i]);
    }
    for (size_t i = 0; all && i < n && *status == SILBE_OK; i++) {
        *status = push_point(s, points[i]);
    }
    return all;
}

static bool is_apostrophe(ucs4_t point)
{
    return point == 0x2019 || point == 0x2018 || point == 0x02bc || point == 0x00b4 ||
           point == 0x0060 || point == 0xff07;
}

/* "ae" for a with diaeresis and so on, in the letter's case. 0: not such a letter. */
static size_t german_parts(ucs4_t point, ucs4_t parts[2])
{
    static const struct {
        ucs4_t letter, first, second;
    } TABLE[] = {{0xe4, 'a', 'e'}, {0xf6, 'o', 'e'}, {0xfc, 'u', 'e'},
                 {0xc4, 'A', 'E'}, {0xd6, 'O', 'E'}, {0xdc, 'U', 'E'}};
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        if (TABLE[i].letter == point) {
            parts[0] = TABLE[i].first;
            parts[1] = TABLE[i].second;
            return 2;
        }
    }
    return 0;
}

static bool substitute(speller *s, ucs4_t point, const ucs4_t *nfd, size_t n_nfd,
                       silbe_status *status)
{
    ucs4_t parts[2];
    int how = s->config->posteriors.substitute;
    if (how == SILBE_SUBSTITUTE_NEVER) {
        return false;
    }
    if (how == SILBE_SUBSTITUTE_GERMAN &&
        take_parts(s, parts, german_parts(point, parts), status)) {
        return true;
    }
    if (point == 0xdf || point == 0x1e9e) { /* sharp s */
        parts[0] = parts[1] = s->vocabulary->folds_upper ? 'S' : 's';
        return take_parts(s, parts, 2, status);
    }
    return n_nfd > 1 && take_parts(s, nfd, 1, status);
}

static silbe_status fail_unknown(const speller *s, const char *character, ucs4_t point)
{
    const silbe_text_word *word = &s->text->words[s->word];
    const silbe_text_line *line = &s->text->lines[word->line];
    bool is_number = uc_is_general_category_withtable(point, UC_CATEGORY_MASK_N);
    return silbe_fail(s->err, SILBE_ERR_DATA,
                      "%s:%zu: word %zu, \"%.80s\": \"%s\" (U+%04X) is not in %s; %s, or --set "
                      "posteriors.unknown=wildcard or drop%s",
                      s->text_path, line->number, s->word - line->first_word + 1, word->text,
                      character, (unsigned)point, s->vocab_path,
                      is_number ? "write the number out" : "spell it otherwise",
                      is_number ? "" : ", or posteriors.substitute=accents or german");
}

/* What posteriors.unknown says: an error, or whether any sound stands for the character. */
static silbe_status treat_unknown(speller *s, ucs4_t point, bool *is_any_sound)
{
    uint8_t character[8] = {0};
    *is_any_sound = s->config->posteriors.unknown == SILBE_UNKNOWN_WILDCARD;
    if (s->config->posteriors.unknown == SILBE_UNKNOWN_ERROR) {
        (void)u8_uctomb(character, point, sizeof character - 1);
        return fail_unknown(s, (const char *)character, point);
    }
    s->spelt->n_dropped += !*is_any_sound;
    return SILBE_OK;
}

static silbe_status add_character(speller *s, ucs4_t point)
{
    ucs4_t nfd[MAX_PARTS];
    silbe_status status = SILBE_OK;
    if (take_parts(s, &point, 1, &status)) {
        return status;
    }
    if (is_apostrophe(point) && take_parts(s, &(ucs4_t){'\''}, 1, &status)) {
        return status;
    }
    size_t n_nfd = MAX_PARTS;
    if (u32_normalize(UNINORM_NFD, &point, 1, nfd, &n_nfd) != nfd) {
        n_nfd = 0;
    }
    if (take_parts(s, nfd, n_nfd, &status) || substitute(s, point, nfd, n_nfd, &status)) {
        return status;
    }
    bool is_any_sound = false;
    if (uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                    UC_CATEGORY_MASK_N)) {
        status = treat_unknown(s, point, &is_any_sound);
    }
    /* One stretch of any sound, however many letters. */
    if (is_any_sound && (s->n_points == 0 || s->points[s->n_points - 1] != ANY_SOUND)) {
        status = push_point(s, ANY_SOUND);
    }
    return status;
}

/* Symbols of points [begin, end), which hold no wildcard. */
static silbe_status cut(speller *s, size_t begin, size_t end)
{
    size_t length = 0, at = 0;
    silbe_status status = SILBE_OK;
    char *run = (char *)u32_to_u8(s->points + begin, end - begin, NULL, &length);
    if (run == NULL) {
        return end > begin ? fail_memory(s) : SILBE_OK;
    }
    while (at < length && status == SILBE_OK) {
        size_t n_taken = 0;
        int32_t symbol = silbe_vocabulary_match(s->vocabulary, run + at, length - at, &n_taken);
        if (symbol != SILBE_NO_TOKEN) {
            status = push_symbol(s, symbol);
        } else { /* occurs in longer tokens only */
            ucs4_t point;
            n_taken = (size_t)u8_mbtouc(&point, (const uint8_t *)run + at, length - at);
            bool is_any_sound = false;
            status = point == WORD_MARK ? SILBE_OK : treat_unknown(s, point, &is_any_sound);
            if (status == SILBE_OK && is_any_sound) {
                status = push_symbol(s, SILBE_TRELLIS_WILDCARD);
            }
        }
        at += n_taken;
    }
    free(run);
    return status;
}

static silbe_status spell_word(speller *s)
{
    const uint8_t *text = (const uint8_t *)s->text->words[s->word].text;
    const silbe_vocabulary *v = s->vocabulary;
    size_t n_bytes = strlen((const char *)text), length = 0;
    uint8_t *folded = v->folds_upper   ? u8_toupper(text, n_bytes, NULL, UNINORM_NFC, NULL, &length)
                      : v->folds_lower ? u8_tolower(text, n_bytes, NULL, UNINORM_NFC, NULL, &length)
                                       : u8_normalize(UNINORM_NFC, text, n_bytes, NULL, &length);
    if (folded == NULL) {
        return fail_memory(s);
    }
    s->n_points = 0;
    silbe_status status = v->is_pieces ? push_point(s, WORD_MARK) : SILBE_OK;
    for (size_t at = 0; at < length && status == SILBE_OK;) {
        ucs4_t point;
        at += (size_t)u8_mbtouc(&point, folded + at, length - at);
        status = add_character(s, point);
    }
    free(folded);
    size_t first_symbol = s->n_symbols;
    for (size_t begin = 0; begin < s->n_points && status == SILBE_OK;) {
        size_t end = begin;
        while (end < s->n_points && s->points[end] != ANY_SOUND) {
            end++;
        }
        status = cut(s, begin, end);
        if (status == SILBE_OK && end < s->n_points) {
            status = push_symbol(s, SILBE_TRELLIS_WILDCARD);
        }
        begin = end + 1;
    }
    if (status == SILBE_OK && s->n_symbols == first_symbol) {
        status = push_symbol(s, SILBE_TRELLIS_WILDCARD);
    }
    return status;
}

silbe_status silbe_spell(const silbe_lyrics_text *text, const char *text_path,
                         const silbe_vocabulary *vocabulary, const char *vocab_path,
                         const silbe_config *config, silbe_spelt *spelt, silbe_err *err)
{
    speller s = {.text = text,
                 .text_path = text_path,
                 .vocabulary = vocabulary,
                 .vocab_path = vocab_path,
                 .config = config,
                 .spelt = spelt,
                 .err = err};
    spelt->first = calloc(text->n_words + 1, sizeof *spelt->first);
    silbe_status status = spelt->first != NULL ? SILBE_OK : fail_memory(&s);
    for (size_t w = 0; w < text->n_words && status == SILBE_OK; w++) {
        s.word = w;
        status = spell_word(&s);
        spelt->first[w + 1] = s.n_symbols;
    }
    free(s.points);
    spelt->n_words = text->n_words;
    if (status != SILBE_OK) {
        silbe_spelt_free(spelt);
    }
    return status;
}

void silbe_spelt_free(silbe_spelt *spelt)
{
    free(spelt->symbols);
    free(spelt->first);
    *spelt = (silbe_spelt)SILBE_SPELT_INIT;
}
