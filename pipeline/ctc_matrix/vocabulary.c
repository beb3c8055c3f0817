#define _POSIX_C_SOURCE 200809L
#include "pipeline/ctc_matrix/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "pipeline/ctc_matrix/vocabulary_file.h"

#define WORD_MARK "\xe2\x96\x81" /* U+2581, lower one eighth block: SentencePiece's blank */

/* In order of precedence: "-" and "_" are letters of some models that also have "<pad>". */
static const char *const BLANKS[] = {"<blank>", "<blk>", "[BLANK]", "<ctc>", "<pad>",
                                     "[PAD]",   "<eps>", "-",       "_",     NULL};
static const char *const BOUNDARIES[] = {"|", "<space>", " ", NULL};

static int32_t find(const silbe_vocabulary *v, const char *token)
{
    for (size_t i = 0; i < v->n_symbols; i++) {
        if (strcmp(v->tokens[i], token) == 0) {
            return (int32_t)i;
        }
    }
    return SILBE_NO_TOKEN;
}

static int32_t find_first(const silbe_vocabulary *v, const char *const *names)
{
    int32_t found = SILBE_NO_TOKEN;
    for (size_t i = 0; names[i] != NULL && found == SILBE_NO_TOKEN; i++) {
        found = find(v, names[i]);
    }
    return found;
}

/* A nameless blank behind the last token. */
static silbe_status append_blank(silbe_vocabulary *v, const char *path, silbe_err *err)
{
    char **more = realloc(v->tokens, (v->n_symbols + 1) * sizeof *more);
    char *name = strdup("");
    if (more != NULL) {
        v->tokens = more;
    }
    if (more == NULL || name == NULL) {
        free(name);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    v->blank = (int32_t)v->n_symbols;
    v->tokens[v->n_symbols++] = name;
    return SILBE_OK;
}

static silbe_status find_blank(silbe_vocabulary *v, const char *path, const char *setting,
                               silbe_err *err)
{
    v->blank = setting[0] != '\0' ? find(v, setting) : find_first(v, BLANKS);
    if (v->blank != SILBE_NO_TOKEN) {
        return SILBE_OK;
    }
    if (setting[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: has no blank among its %zu tokens (<blank>, <pad>, [PAD], -, ...); "
                          "name it with --set posteriors.blank=TOKEN, or its number",
                          path, v->n_symbols);
    }
    char *end = NULL;
    unsigned long number = strtoul(setting, &end, 10);
    bool is_number = setting[0] >= '0' && setting[0] <= '9' && *end == '\0';
    if (!is_number || number > v->n_symbols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "posteriors.blank \"%.60s\" is no token of %s, nor a number from 0 to "
                          "%zu",
                          setting, path, v->n_symbols);
    }
    v->blank = (int32_t)number;
    return number == v->n_symbols ? append_blank(v, path, err) : SILBE_OK;
}

static silbe_status find_boundary(silbe_vocabulary *v, const char *path, const char *setting,
                                  silbe_err *err)
{
    v->boundary = setting[0] != '\0' ? find(v, setting) : find_first(v, BOUNDARIES);
    if (setting[0] != '\0' && v->boundary == SILBE_NO_TOKEN) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "posteriors.boundary \"%.60s\" is no token of %s", setting, path);
    }
    if (v->boundary == v->blank) {
        v->boundary = SILBE_NO_TOKEN;
    }
    return SILBE_OK;
}

/* Names such as <s> and [UNK], and the star that stands for any sound. */
static bool is_special(const char *token)
{
    size_t n = strlen(token);
    return n == 0 || strcmp(token, "*") == 0 ||
           (n > 2 &&
            ((token[0] == '<' && token[n - 1] == '>') || (token[0] == '[' && token[n - 1] == ']')));
}

static int compare_entries(const void *a, const void *b)
{
    const silbe_vocabulary_entry *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static int compare_characters(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static silbe_status make_entries(silbe_vocabulary *v, const char *path, silbe_err *err)
{
    size_t n_bytes = 0;
    v->entries = calloc(v->n_symbols, sizeof *v->entries);
    v->texts = calloc(v->n_symbols, sizeof *v->texts);
    if (v->entries == NULL || v->texts == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t i = 0; i < v->n_symbols; i++) {
        size_t length = 0;
        if ((int32_t)i == v->blank || (int32_t)i == v->boundary || is_special(v->tokens[i])) {
            continue;
        }
        uint8_t *text = u8_normalize(UNINORM_NFC, (const uint8_t *)v->tokens[i],
                                     strlen(v->tokens[i]) + 1, NULL, &length);
        if (text == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
        }
        v->texts[v->n_entries] = (char *)text;
        v->entries[v->n_entries++] = (silbe_vocabulary_entry){(char *)text, (int32_t)i};
        v->longest = length - 1 > v->longest ? length - 1 : v->longest;
        n_bytes += length;
        v->is_pieces = v->is_pieces || (length - 1 > strlen(WORD_MARK) &&
                                        strncmp((char *)text, WORD_MARK, strlen(WORD_MARK)) == 0);
    }
    if (v->n_entries == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: holds no token that a text could be made of",
                          path);
    }
    qsort(v->entries, v->n_entries, sizeof *v->entries, compare_entries);
    v->characters = calloc(n_bytes, sizeof *v->characters);
    return v->characters != NULL ? SILBE_OK
                                 : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
}

static void note_characters(silbe_vocabulary *v)
{
    bool has_upper = false, has_lower = false;
    size_t n = 0;
    for (size_t i = 0; i < v->n_entries; i++) {
        ucs4_t point;
        const uint8_t *at = (const uint8_t *)v->entries[i].text;
        while ((at = u8_next(&point, at)) != NULL) {
            v->characters[n++] = point;
            has_upper = has_upper || uc_tolower(point) != point;
            has_lower = has_lower || uc_toupper(point) != point;
        }
    }
    qsort(v->characters, n, sizeof *v->characters, compare_characters);
    for (size_t i = 0; i < n; i++) {
        if (v->n_characters == 0 || v->characters[v->n_characters - 1] != v->characters[i]) {
            v->characters[v->n_characters++] = v->characters[i];
        }
    }
    v->folds_upper = has_upper && !has_lower;
    v->folds_lower = has_lower && !has_upper;
}

silbe_status silbe_vocabulary_read(const char *path, const silbe_config *config,
                                   silbe_vocabulary *vocabulary, silbe_err *err)
{
    silbe_vocabulary v = SILBE_VOCABULARY_INIT;
    silbe_status status =
        silbe_vocabulary_file_read(path, config->posteriors.language, &v.tokens, &v.n_symbols, err);
    if (status == SILBE_OK) {
        status = find_blank(&v, path, config->posteriors.blank, err);
    }
    if (status == SILBE_OK) {
        status = find_boundary(&v, path, config->posteriors.boundary, err);
    }
    if (status == SILBE_OK) {
        status = make_entries(&v, path, err);
    }
    if (status == SILBE_OK) {
        note_characters(&v);
        *vocabulary = v;
    } else {
        silbe_vocabulary_free(&v);
    }
    return status;
}

void silbe_vocabulary_free(silbe_vocabulary *vocabulary)
{
    for (size_t i = 0; i < vocabulary->n_symbols; i++) {
        free(vocabulary->tokens[i]);
    }
    for (size_t i = 0; i < vocabulary->n_entries; i++) {
        free(vocabulary->texts[i]);
    }
    free(vocabulary->tokens);
    free(vocabulary->texts);
    free(vocabulary->entries);
    free(vocabulary->characters);
    *vocabulary = (silbe_vocabulary)SILBE_VOCABULARY_INIT;
}

/* Entry whose text is exactly the n bytes at text, lowest symbol first; NULL if there is none. */
static const silbe_vocabulary_entry *look_up(const silbe_vocabulary *v, const char *text, size_t n)
{
    size_t low = 0, high = v->n_entries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *entry = v->entries[middle].text;
        int order = strncmp(entry, text, n);
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    /* First entry that begins with text or is greater: the exact one sorts first among them. */
    bool found = low < v->n_entries && strncmp(v->entries[low].text, text, n) == 0 &&
                 v->entries[low].text[n] == '\0';
    return found ? &v->entries[low] : NULL;
}

int32_t silbe_vocabulary_match(const silbe_vocabulary *vocabulary, const char *text, size_t n_bytes,
                               size_t *n_taken)
{
    for (size_t n = n_bytes < vocabulary->longest ? n_bytes : vocabulary->longest; n > 0; n--) {
        bool is_whole = n == n_bytes || ((unsigned char)text[n] & 0xc0) != 0x80;
        const silbe_vocabulary_entry *entry = is_whole ? look_up(vocabulary, text, n) : NULL;
        if (entry != NULL) {
            *n_taken = n;
            return entry->symbol;
        }
    }
    *n_taken = 0;
    return SILBE_NO_TOKEN;
}

bool silbe_vocabulary_has(const silbe_vocabulary *vocabulary, uint32_t character)
{
    return bsearch(&character, vocabulary->characters, vocabulary->n_characters, sizeof character,
                   compare_characters) != NULL;
}
