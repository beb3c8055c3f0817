#include "pipeline/train/data/manifest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/read_text.h"

enum { N_COLUMNS = 6 };
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

static void bad(reader *r, size_t line, silbe_status status, const char *what, const char *got)
{
    (void)silbe_fail(r->err, status, "%s:%zu: %s: \"%.120s\"", r->name, line, what, got);
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

/* Index of a set; where the table lacks it, the first that is none. */
static size_t find_set(const char *name)
{
    size_t index = 0;
    while (silbe_speech_set_at(index) != NULL &&
           strcmp(silbe_speech_set_at(index)->name, name) != 0) {
        index++;
    }
    return index;
}

static void add_row(reader *r, char *fields[N_COLUMNS], size_t line)
{
    silbe_speech_manifest *m = r->manifest;
    const silbe_status format = SILBE_ERR_FORMAT;
    char *end;
    size_t index = find_set(fields[SET]);
    silbe_speech_item item = {.set = silbe_speech_set_at(index),
                              .file = fields[FILE_PATH],
                              .text = fields[TEXT],
                              .seconds = strtod(fields[SECONDS], &end),
                              .sung = strcmp(fields[KIND], "sung") == 0,
                              .line = line};
    if (!item.sung && strcmp(fields[KIND], "speech") != 0) {
        bad(r, line, format, "kind is neither speech nor sung", fields[KIND]);
    } else if (end == fields[SECONDS] || *end != '\0' ||
               !(item.seconds > 0.0 && item.seconds < 1e6)) {
        bad(r, line, format, "seconds must be a number above 0", fields[SECONDS]);
    } else if (!is_safe_path(item.file)) {
        bad(r, line, format, "the file must be a path below the manifest's folder", item.file);
    } else if (item.set != NULL && strcmp(item.set->language, fields[LANGUAGE]) != 0) {
        bad(r, line, SILBE_ERR_MISMATCH, "language is not that of the set", fields[LANGUAGE]);
    } else if (item.set != NULL && (r->selection >> index & 1U) != 0) {
        m->items = silbe_grow(m->items, m->n_items, &r->capacity, sizeof item, "rows", r->err);
        if (!silbe_failed(r->err)) {
            m->items[m->n_items++] = item;
            m->seconds += item.seconds;
        }
    }
}

static int compare_files(const void *a, const void *b)
{
    const silbe_speech_item *const *x = a, *const *y = b;
    int order = strcmp((*x)->file, (*y)->file);
    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static void check_sets(reader *r)
{
    const silbe_speech_manifest *m = r->manifest;
    for (size_t s = 0; silbe_speech_set_at(s) != NULL && !silbe_failed(r->err); s++) {
        size_t i = 0;
        while (i < m->n_items && m->items[i].set != silbe_speech_set_at(s)) {
            i++;
        }
        if ((r->selection >> s & 1U) != 0 && i == m->n_items) {
            (void)silbe_fail(r->err, SILBE_ERR_DATA, "%s: no row of speech set \"%s\"", r->name,
                             silbe_speech_set_at(s)->name);
        }
    }
}

static void check_files(reader *r)
{
    const silbe_speech_manifest *m = r->manifest;
    const silbe_speech_item **sorted = silbe_alloc(m->n_items, sizeof *sorted, "rows", r->err);
    if (sorted == NULL) {
        return;
    }
    for (size_t i = 0; i < m->n_items; i++) {
        sorted[i] = &m->items[i];
    }
    qsort(sorted, m->n_items, sizeof *sorted, compare_files);
    for (size_t i = 1; i < m->n_items && !silbe_failed(r->err); i++) {
        if (strcmp(sorted[i]->file, sorted[i - 1]->file) == 0) {
            bad(r, sorted[i]->line, SILBE_ERR_DATA, "the file is in the manifest twice",
                sorted[i]->file);
        }
    }
    free(sorted);
}

void silbe_speech_manifest_free(silbe_speech_manifest *manifest)
{
    free(manifest->items);
    free(manifest->storage);
    *manifest = (silbe_speech_manifest)SILBE_SPEECH_MANIFEST_INIT;
}

static void check_header(reader *r, char *fields[N_COLUMNS])
{
    for (size_t c = 0; c < N_COLUMNS && !silbe_failed(r->err); c++) {
        if (strcmp(fields[c], columns[c]) != 0) {
            (void)silbe_fail(r->err, SILBE_ERR_FORMAT,
                             "%s:1: column %zu of the header is \"%.80s\", expected \"%s\"",
                             r->name, c + 1, fields[c], columns[c]);
        }
    }
}

static void parse_lines(reader *r)
{
    char *fields[N_COLUMNS] = {NULL};
    size_t line = 0;
    for (char *at = r->manifest->storage; !silbe_failed(r->err) && *at != '\0';) {
        size_t n = strcspn(at, "\n");
        char *next = at[n] == '\n' ? at + n + 1 : at + n;
        at[n] = '\0';
        if (n > 0 && at[n - 1] == '\r') {
            at[n - 1] = '\0';
        }
        line++;
        if (!split(at, fields)) {
            bad(r, line, SILBE_ERR_FORMAT, "a row must have 6 columns, separated by tabs", at);
        } else if (line == 1) {
            check_header(r, fields);
        } else {
            add_row(r, fields, line);
        }
        at = next;
    }
    if (!silbe_failed(r->err) && line == 0) {
        (void)silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: the file is empty", r->name);
    }
}

silbe_status silbe_speech_manifest_parse(const char *name, const char *text, size_t n_bytes,
                                         silbe_speech_selection selection,
                                         silbe_speech_manifest *manifest, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const uint8_t *wrong = u8_check((const uint8_t *)text, n_bytes);
    const char *zero = memchr(text, '\0', n_bytes);
    if (wrong != NULL || zero != NULL) {
        size_t at = wrong != NULL ? (size_t)((const char *)wrong - text) : (size_t)(zero - text);
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: byte %zu is not UTF-8 text", name, at);
    }
    reader r = {.name = name, .manifest = manifest, .selection = selection, .err = err};
    manifest->storage = silbe_alloc(n_bytes + 1, 1, "bytes", err);
    if (!silbe_failed(err)) {
        memcpy(manifest->storage, text, n_bytes);
        parse_lines(&r);
        check_sets(&r);
        check_files(&r);
    }
    if (silbe_failed(err)) {
        silbe_speech_manifest_free(manifest);
    }
    return err->status;
}

silbe_status silbe_speech_manifest_read(const char *root, silbe_speech_selection selection,
                                        silbe_speech_manifest *manifest, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *text = NULL, *path = silbe_format(err, "%s/manifest.tsv", root);
    size_t n_bytes = 0;
    silbe_try(err, silbe_read_text(path, &text, &n_bytes, err));
    silbe_try(err, silbe_speech_manifest_parse(path, text, n_bytes, selection, manifest, err));
    free(text);
    free(path);
    return err->status;
}
