#include "align/lyrics/pronounce_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "align/lyrics/pronounce.h"
#include "align/lyrics/spelling.h"
#include "features/base/array.h"

void silbe_pronunciation_list_free(silbe_pronunciation_list *list)
{
    for (size_t i = 0; i < list->n_items; i++) {
        free(list->items[i].word);
        free(list->items[i].phones);
    }
    free(list->items);
    *list = (silbe_pronunciation_list)SILBE_PRONUNCIATION_LIST_INIT;
}

static int compare_items(const void *a, const void *b)
{
    const silbe_listed_word *x = a;
    const silbe_listed_word *y = b;
    int order = strcmp(x->word, y->word);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool same_phones(const silbe_listed_word *a, const silbe_listed_word *b)
{
    bool same = a->n_phones == b->n_phones;
    for (size_t i = 0; same && i < a->n_phones; i++) {
        same = a->phones[i].phone == b->phones[i].phone;
    }
    return same;
}

/* The key of the bytes before the tab. */
static silbe_status read_word(const char *line, size_t n, char **word, silbe_err *err)
{
    char *raw = malloc(n + 1);
    if (raw == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a word of %zu bytes", n);
    }
    memcpy(raw, line, n);
    raw[n] = '\0';
    silbe_status status = silbe_spelling_key(raw, word, err);
    if (status == SILBE_OK && (*word)[0] == '\0') {
        status = silbe_fail(err, SILBE_ERR_FORMAT, "no word before the tab");
    }
    free(raw);
    return status;
}

/* One line that is neither blank nor a comment. */
static silbe_status read_line(const char *line, size_t n, silbe_listed_word *item, silbe_err *err)
{
    const char *tab = memchr(line, '\t', n);
    if (tab == NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "no tab; write the word, a tab, then phones with blanks between");
    }
    size_t n_word = (size_t)(tab - line);
    size_t n_phones_text = n - n_word - 1;
    if (memchr(tab + 1, '\t', n_phones_text) != NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "more than one tab");
    }
    silbe_status status = read_word(line, n_word, &item->word, err);
    if (status != SILBE_OK) {
        return status;
    }
    silbe_phone phones[SILBE_MAX_WORD_PHONES];
    status = silbe_phones_read(tab + 1, n_phones_text, phones, SILBE_MAX_WORD_PHONES,
                               &item->n_phones, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (item->n_phones == 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "\"%.100s\" has no phones", item->word);
    }
    item->phones = malloc(item->n_phones * sizeof *item->phones);
    if (item->phones == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu phones", item->n_phones);
    }
    memcpy(item->phones, phones, item->n_phones * sizeof *phones);
    return SILBE_OK;
}

static bool is_skipped(const char *line, size_t n)
{
    size_t blanks = 0;
    while (blanks < n && (line[blanks] == ' ' || line[blanks] == '\t')) {
        blanks++;
    }
    return blanks == n || line[0] == '#';
}

/* "name:line: " in front of the message. */
static silbe_status at_line(const char *name, size_t line, silbe_status status, silbe_err *err)
{
    char place[SILBE_ERR_MESSAGE_SIZE];
    snprintf(place, sizeof place, "%.400s:%zu", name, line);
    return silbe_fail_prefix(err, status, place);
}

static silbe_status check_doubles(const char *name, const silbe_pronunciation_list *list,
                                  silbe_err *err)
{
    for (size_t i = 1; i < list->n_items; i++) {
        const silbe_listed_word *item = &list->items[i];
        for (size_t k = i; k > 0 && strcmp(list->items[k - 1].word, item->word) == 0; k--) {
            if (same_phones(&list->items[k - 1], item)) {
                silbe_status status = silbe_fail(err, SILBE_ERR_FORMAT,
                                                 "\"%.100s\" has these phones in line %zu already",
                                                 item->word, list->items[k - 1].line);
                return at_line(name, item->line, status, err);
            }
        }
    }
    return SILBE_OK;
}

silbe_status silbe_pronunciation_list_parse(const char *name, const char *text, size_t n_bytes,
                                            silbe_pronunciation_list *list, silbe_err *err)
{
    silbe_status status = SILBE_ERR_FORMAT;
    size_t capacity = 0;
    size_t line = 1;
    size_t at = n_bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < n_bytes) {
        size_t n = 0;
        while (at + n < n_bytes && text[at + n] != '\n' && text[at + n] != '\r') {
            n++;
        }
        if (u8_check((const uint8_t *)text + at, n) != NULL || memchr(text + at, 0, n) != NULL) {
            status = silbe_fail(err, SILBE_ERR_FORMAT, "not UTF-8");
            goto done;
        }
        if (!is_skipped(text + at, n)) {
            silbe_listed_word *moved =
                silbe_array_grow(list->items, list->n_items, &capacity, sizeof *moved);
            if (moved == NULL) {
                status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the list");
                goto done;
            }
            list->items = moved;
            list->items[list->n_items] = (silbe_listed_word){NULL, NULL, 0, line};
            list->n_items++;
            status = read_line(text + at, n, &list->items[list->n_items - 1], err);
            if (status != SILBE_OK) {
                goto done;
            }
        }
        at += n;
        at += at + 1 < n_bytes && text[at] == '\r' && text[at + 1] == '\n';
        at++;
        line++;
    }
    status = SILBE_OK;
done:
    if (status != SILBE_OK) {
        status = at_line(name, line, status, err);
    } else {
        if (list->n_items > 1) {
            qsort(list->items, list->n_items, sizeof *list->items, compare_items);
        }
        status = check_doubles(name, list, err);
    }
    if (status != SILBE_OK) {
        silbe_pronunciation_list_free(list);
    }
    return status;
}

const silbe_listed_word *silbe_pronunciation_list_find(const silbe_pronunciation_list *list,
                                                       const char *key, size_t *n)
{
    size_t low = 0;
    size_t high = list->n_items;
    while (low < high) { /* the first that is not before key */
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->items[middle].word, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *n = 0;
    while (low + *n < list->n_items && strcmp(list->items[low + *n].word, key) == 0) {
        (*n)++;
    }
    return *n > 0 ? &list->items[low] : NULL;
}
