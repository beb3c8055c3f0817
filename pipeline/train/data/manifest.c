#include "pipeline/train/data/manifest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "features/base/array.h"
#include "pipeline/host/read_text.h"

enum { N_COLUMNS = 6, PATH_SIZE = 4096 };
enum { SET, LANGUAGE, KIND, FILE_PATH, SECONDS, TEXT };

static const char *const columns[N_COLUMNS] = {"dataset", "lang",    "kind",
                                               "file",    "seconds", "text"};

typedef struct {
    const char *name;
    silbe_speech_manifest *manifest;
    size_t capacity;
    silbe_speech_selection selection;
    silbe_err *err;
} reader;

#define fail_line(r, line, ...) fail_at_line((r), (line), SILBE_ERR_FORMAT, __VA_ARGS__)
static silbe_status fail_at_line(reader *r, size_t line, silbe_status status, const char *what,
                                 const char *got)
{
    return silbe_fail(r->err, status, "%s:%zu: %s: \"%.120s\"", r->name, line, what, got);
}

/* Splits in place; false if there are more or fewer fields. */
static bool split(char *line, char *fields[N_COLUMNS])
{
    size_t n = 0;
    for (char *at = line; at != NULL && n < N_COLUMNS; n++) {
        fields[n] = at;
        at = strchr(at, '\t');
        if (at != NULL) {
            *at++ = '\0';
            if (n == N_COLUMNS - 1) {
                return false;
            }
        }
    }
    return n == N_COLUMNS;
}

static bool is_safe_path(const char *path)
{
    if (path[0] == '\0' || path[0] == '/' || strlen(path) >= 1024) {
        return false;
    }
    for (const char *at = path; at != NULL;) {
        size_t n = strcspn(at, "/");
        if (n == 0 || (n == 2 && at[0] == '.' && at[1] == '.')) {
            return false;
        }
        at = at[n] == '/' ? at + n + 1 : NULL;
    }
    return true;
}

static silbe_status add_row(reader *r, char *fields[N_COLUMNS], size_t line)
{
    silbe_speech_manifest *m = r->manifest;
    char *end;
    silbe_speech_item item = {.file = fields[FILE_PATH], .text = fields[TEXT], .line = line};
    bool is_speech = strcmp(fields[KIND], "speech") == 0;
    size_t index = 0;
    item.sung = strcmp(fields[KIND], "sung") == 0;
    if (!is_speech && !item.sung) {
        return fail_line(r, line, "kind is neither speech nor sung", fields[KIND]);
    }
    item.seconds = strtod(fields[SECONDS], &end);
    if (end == fields[SECONDS] || *end != '\0' || !(item.seconds > 0.0 && item.seconds < 1e6)) {
        return fail_line(r, line, "seconds must be a number above 0", fields[SECONDS]);
    }
    if (!is_safe_path(item.file)) {
        return fail_line(r, line, "the file must be a path below the manifest's folder", item.file);
    }
    while (silbe_speech_set_at(index) != NULL &&
           strcmp(silbe_speech_set_at(index)->name, fields[SET]) != 0) {
        index++;
    }
    item.set = silbe_speech_set_at(index);
    if (item.set == NULL) {
        return SILBE_OK;
    }
    if (strcmp(item.set->language, fields[LANGUAGE]) != 0) {
        return fail_at_line(r, line, SILBE_ERR_MISMATCH, "language is not that of the set",
                            fields[LANGUAGE]);
    }
    if ((r->selection >> index & 1U) == 0) {
        return SILBE_OK;
    }
    silbe_speech_item *items =
        silbe_array_grow(m->items, m->n_items, &r->capacity, sizeof *m->items);
    if (items == NULL) {
        return silbe_fail(r->err, SILBE_ERR_MEMORY, "%s: no memory for %zu rows", r->name,
                          m->n_items + 1);
    }
    m->items = items;
    m->items[m->n_items++] = item;
    m->seconds += item.seconds;
    return SILBE_OK;
}

static int compare_files(const void *a, const void *b)
{
    const silbe_speech_item *const *x = a, *const *y = b;
    int order = strcmp((*x)->file, (*y)->file);
    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static silbe_status check_whole(reader *r, silbe_speech_selection selection)
{
    silbe_speech_manifest *m = r->manifest;
    for (size_t s = 0; silbe_speech_set_at(s) != NULL; s++) {
        size_t i = 0;
        while (i < m->n_items && m->items[i].set != silbe_speech_set_at(s)) {
            i++;
        }
        if ((selection >> s & 1U) != 0 && i == m->n_items) {
            return silbe_fail(r->err, SILBE_ERR_DATA, "%s: no row of speech set \"%s\"", r->name,
                              silbe_speech_set_at(s)->name);
        }
    }
    const silbe_speech_item **sorted = calloc(m->n_items + 1, sizeof *sorted);
    if (sorted == NULL) {
        return silbe_fail(r->err, SILBE_ERR_MEMORY, "%s: no memory for %zu rows", r->name,
                          m->n_items);
    }
    for (size_t i = 0; i < m->n_items; i++) {
        sorted[i] = &m->items[i];
    }
    qsort(sorted, m->n_items, sizeof *sorted, compare_files);
    silbe_status status = SILBE_OK;
    for (size_t i = 1; i < m->n_items && status == SILBE_OK; i++) {
        if (strcmp(sorted[i]->file, sorted[i - 1]->file) == 0) {
            status = fail_at_line(r, sorted[i]->line, SILBE_ERR_DATA,
                                  "the file is in the manifest twice", sorted[i]->file);
        }
    }
    free(sorted);
    return status;
}

void silbe_speech_manifest_free(silbe_speech_manifest *manifest)
{
    free(manifest->items);
    free(manifest->storage);
    *manifest = (silbe_speech_manifest)SILBE_SPEECH_MANIFEST_INIT;
}

static silbe_status parse_lines(reader *r)
{
    char *fields[N_COLUMNS] = {NULL};
    size_t line = 0;
    for (char *at = r->manifest->storage; *at != '\0';) {
        size_t n = strcspn(at, "\n");
        char *next = at[n] == '\n' ? at + n + 1 : at + n;
        at[n] = '\0';
        if (n > 0 && at[n - 1] == '\r') {
            at[n - 1] = '\0';
        }
        line++;
        if (!split(at, fields)) {
            return fail_line(r, line, "a row must have 6 columns, separated by tabs", at);
        }
        for (size_t c = 0; line == 1 && c < N_COLUMNS; c++) {
            if (strcmp(fields[c], columns[c]) != 0) {
                return silbe_fail(r->err, SILBE_ERR_FORMAT,
                                  "%s:1: column %zu of the header is \"%.80s\", expected \"%s\"",
                                  r->name, c + 1, fields[c], columns[c]);
            }
        }
        if (line > 1) {
            silbe_status status = add_row(r, fields, line);
            if (status != SILBE_OK) {
                return status;
            }
        }
        at = next;
    }
    return line > 0 ? SILBE_OK
                    : silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: the file is empty", r->name);
}

silbe_status silbe_speech_manifest_parse(const char *name, const char *text, size_t n_bytes,
                                         silbe_speech_selection selection,
                                         silbe_speech_manifest *manifest, silbe_err *err)
{
    const uint8_t *bad = u8_check((const uint8_t *)text, n_bytes);
    const char *zero = memchr(text, '\0', n_bytes);
    if (bad != NULL || zero != NULL) {
        size_t at = bad != NULL ? (size_t)((const char *)bad - text) : (size_t)(zero - text);
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: byte %zu is not UTF-8 text", name, at);
    }
    manifest->storage = malloc(n_bytes + 1);
    if (manifest->storage == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for %zu bytes", name, n_bytes);
    }
    memcpy(manifest->storage, text, n_bytes);
    manifest->storage[n_bytes] = '\0';
    reader r = {.name = name, .manifest = manifest, .selection = selection, .err = err};
    silbe_status status = parse_lines(&r);
    if (status == SILBE_OK) {
        status = check_whole(&r, selection);
    }
    if (status != SILBE_OK) {
        silbe_speech_manifest_free(manifest);
    }
    return status;
}

silbe_status silbe_speech_manifest_read(const char *root, silbe_speech_selection selection,
                                        silbe_speech_manifest *manifest, silbe_err *err)
{
    char path[PATH_SIZE];
    char *text = NULL;
    size_t n_bytes = 0;
    if ((size_t)snprintf(path, sizeof path, "%s/manifest.tsv", root) >= sizeof path) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the speech folder is too long");
    }
    silbe_status status = silbe_read_text(path, &text, &n_bytes, err);
    if (status == SILBE_OK) {
        status = silbe_speech_manifest_parse(path, text, n_bytes, selection, manifest, err);
    }
    free(text);
    return status;
}
