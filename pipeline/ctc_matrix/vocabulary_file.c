#define _POSIX_C_SOURCE 200809L
#include "pipeline/ctc_matrix/vocabulary_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "features/base/compare.h"
#include "pipeline/host/read_text.h"

enum { MAX_SYMBOLS = 1 << 20 };

typedef struct {
    const char *path;
    char **tokens; /* by number; NULL: not seen */
    size_t n_tokens;
    silbe_err *err;
} reader;

static silbe_status fail_memory(const reader *r)
{
    return silbe_fail(r->err, SILBE_ERR_MEMORY, "%s: out of memory", r->path);
}

static silbe_status allocate(reader *r, size_t n)
{
    if (n == 0 || n > MAX_SYMBOLS) {
        return silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: has %zu tokens; 1 to %d are expected",
                          r->path, n, MAX_SYMBOLS);
    }
    r->tokens = calloc(n, sizeof *r->tokens);
    r->n_tokens = r->tokens != NULL ? n : 0;
    return r->tokens != NULL ? SILBE_OK : fail_memory(r);
}

static silbe_status put(reader *r, size_t number, const char *token)
{
    r->tokens[number] = strdup(token);
    return r->tokens[number] != NULL ? SILBE_OK : fail_memory(r);
}

static silbe_status read_object(reader *r, json_t *object)
{
    const char *token;
    json_t *value;
    silbe_status status = allocate(r, json_object_size(object));
    json_object_foreach(object, token, value)
    {
        json_int_t number = json_integer_value(value);
        if (status != SILBE_OK) {
            break;
        }
        if (!json_is_integer(value) || number < 0) {
            status = silbe_fail(r->err, SILBE_ERR_FORMAT,
                                "%s: token \"%.60s\": its number should be 0, 1, 2, ...", r->path,
                                token);
        } else if ((size_t)number >= r->n_tokens) {
            status = silbe_fail(r->err, SILBE_ERR_FORMAT,
                                "%s: token \"%.60s\" has number %lld, but with %zu tokens the "
                                "numbers should be 0 to %zu, none left out",
                                r->path, token, (long long)number, r->n_tokens, r->n_tokens - 1);
        } else if (r->tokens[number] != NULL) {
            status = silbe_fail(r->err, SILBE_ERR_FORMAT,
                                "%s: tokens \"%.60s\" and \"%.60s\" have the same number, %lld",
                                r->path, r->tokens[number], token, (long long)number);
        } else {
            status = put(r, (size_t)number, token);
        }
    }
    return status;
}

/* In an object that is JSON's part; lists may hold a token twice. */
static silbe_status check_different(const reader *r)
{
    silbe_status status = SILBE_OK;
    char **sorted = calloc(r->n_tokens, sizeof *sorted);
    if (sorted == NULL) {
        return fail_memory(r);
    }
    memcpy(sorted, r->tokens, r->n_tokens * sizeof *sorted);
    qsort(sorted, r->n_tokens, sizeof *sorted, silbe_compare_texts);
    for (size_t i = 1; i < r->n_tokens && status == SILBE_OK; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0) {
            status = silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: token \"%.60s\" is there twice",
                                r->path, sorted[i]);
        }
    }
    free(sorted);
    return status;
}

static silbe_status read_array(reader *r, json_t *array)
{
    size_t i;
    json_t *value;
    silbe_status status = allocate(r, json_array_size(array));
    json_array_foreach(array, i, value)
    {
        if (status == SILBE_OK) {
            status = json_is_string(value)
                         ? put(r, i, json_string_value(value))
                         : silbe_fail(r->err, SILBE_ERR_FORMAT,
                                      "%s: element %zu of the list is no text", r->path, i);
        }
    }
    return status == SILBE_OK ? check_different(r) : status;
}

/* One token a line. */
static silbe_status read_lines(reader *r, char *text, size_t n_bytes)
{
    size_t n_lines = 0;
    const uint8_t *bad = u8_check((const uint8_t *)text, n_bytes);
    if (bad != NULL || memchr(text, '\0', n_bytes) != NULL) {
        return silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: is not UTF-8 text", r->path);
    }
    for (size_t i = 0; i < n_bytes; i++) {
        n_lines += text[i] == '\n' || (i + 1 == n_bytes);
    }
    silbe_status status = allocate(r, n_lines);
    for (size_t i = 0; i < n_lines && status == SILBE_OK; i++) {
        char *next = strchr(text, '\n');
        if (next != NULL) {
            *next = '\0';
        }
        text[strcspn(text, "\r")] = '\0';
        status = text[0] != '\0'
                     ? put(r, i, text)
                     : silbe_fail(r->err, SILBE_ERR_FORMAT, "%s:%zu: is empty; a token is expected",
                                  r->path, i + 1);
        text = next != NULL ? next + 1 : text;
    }
    return status == SILBE_OK ? check_different(r) : status;
}

/* The object of tokens in an object of objects, or root itself. */
static silbe_status choose_language(const reader *r, json_t *root, const char *language,
                                    json_t **chosen)
{
    json_t *first = json_object_iter_value(json_object_iter(root));
    *chosen = root;
    if (!json_is_object(first)) {
        return SILBE_OK;
    }
    *chosen = language[0] != '\0' ? json_object_get(root, language) : NULL;
    if (language[0] == '\0' && json_object_size(root) == 1) {
        *chosen = first;
    }
    if (!json_is_object(*chosen)) {
        return silbe_fail(r->err, SILBE_ERR_ARGUMENT,
                          "%s: has %zu vocabularies, one for each language (\"%.40s\", ...), and "
                          "none is called \"%.40s\"; say which with --set posteriors.language=...",
                          r->path, json_object_size(root),
                          json_object_iter_key(json_object_iter(root)), language);
    }
    return SILBE_OK;
}

static silbe_status read_json(reader *r, const char *text, size_t n_bytes, const char *language)
{
    json_error_t problem;
    json_t *chosen = NULL;
    silbe_status status;
    json_t *root = json_loadb(text, n_bytes, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL) {
        return silbe_fail(r->err, SILBE_ERR_FORMAT,
                          "%s:%d:%d: %s; a vocabulary is JSON: "
                          "{\"token\": number, ...} or [\"token\", ...]",
                          r->path, problem.line, problem.column, problem.text);
    }
    if (json_is_array(root)) {
        status = read_array(r, root);
    } else {
        status = choose_language(r, root, language, &chosen);
        status = status == SILBE_OK ? read_object(r, chosen) : status;
    }
    json_decref(root);
    return status;
}

silbe_status silbe_vocabulary_file_read(const char *path, const char *language, char ***tokens,
                                        size_t *n_tokens, silbe_err *err)
{
    reader r = {.path = path, .err = err};
    char *text = NULL;
    size_t n_bytes = 0;
    size_t length = strlen(path);
    bool is_lines = length > 4 && strcmp(path + length - 4, ".txt") == 0;
    silbe_status status = silbe_read_text(path, &text, &n_bytes, err);
    if (status == SILBE_OK) {
        status = is_lines ? read_lines(&r, text, n_bytes) : read_json(&r, text, n_bytes, language);
    }
    for (size_t i = 0; status != SILBE_OK && i < r.n_tokens; i++) {
        free(r.tokens[i]);
    }
    if (status != SILBE_OK) {
        free(r.tokens);
        r = (reader){0};
    }
    *tokens = r.tokens;
    *n_tokens = r.n_tokens;
    free(text);
    return status;
}
