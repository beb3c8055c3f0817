#include "align/lyrics/pronounce_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "align/lyrics/pronounce.h"
#include "align/lyrics/spelling.h"
#include "features/base/memory.h"

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
static char *read_word(const char *line, size_t n, silbe_err *err)
{
    char *word = NULL;
    char *raw = silbe_alloc(n + 1, 1, "bytes of a word", err);
    if (raw != NULL) {
        memcpy(raw, line, n);
        silbe_try(err, silbe_spelling_key(raw, &word, err));
    }
    if (word != NULL && word[0] == '\0') {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "no word before the tab");
    }
    free(raw);
    return word;
}

/* One line that is neither blank nor a comment. */
static void read_line(const char *line, size_t n, silbe_listed_word *item, silbe_err *err)
{
    const char *tab = memchr(line, '\t', n);
    if (tab == NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "no tab; write the word, a tab, then phones with blanks between");
        return;
    }
    size_t n_word = (size_t)(tab - line);
    size_t n_phones_text = n - n_word - 1;
    if (memchr(tab + 1, '\t', n_phones_text) != NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "more than one tab");
        return;
    }
    silbe_phone phones[SILBE_MAX_WORD_PHONES];
    item->word = read_word(line, n_word, err);
    silbe_try(err, silbe_phones_read(tab + 1, n_phones_text, phones, SILBE_MAX_WORD_PHONES,
                                     &item->n_phones, err));
    if (item->n_phones == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT, "\"%.100s\" has no phones", item->word));
    }
    item->phones = silbe_alloc(item->n_phones, sizeof *item->phones, "phones", err);
    if (item->phones != NULL) {
        memcpy(item->phones, phones, item->n_phones * sizeof *phones);
    }
}

static bool is_skipped(const char *line, size_t n)
{
    size_t blanks = 0;
    while (blanks < n && (line[blanks] == ' ' || line[blanks] == '\t')) {
        blanks++;
    }
    return blanks == n || line[0] == '#';
}

/* Puts "name:line: " in front of the message of a failure. */
static void name_line(const char *name, size_t line, silbe_err *err)
{
    if (silbe_failed(err)) {
        char place[SILBE_ERR_MESSAGE_SIZE];
        snprintf(place, sizeof place, "%.400s:%zu", name, line);
        (void)silbe_fail_prefix(err, err->status, place);
    }
}

static void check_doubles(const char *name, const silbe_pronunciation_list *list, silbe_err *err)
{
    for (size_t i = 1; i < list->n_items && !silbe_failed(err); i++) {
        const silbe_listed_word *item = &list->items[i];
        size_t k = i;
        while (k > 0 && strcmp(list->items[k - 1].word, item->word) == 0 &&
               !same_phones(&list->items[k - 1], item)) {
            k--;
        }
        if (k > 0 && strcmp(list->items[k - 1].word, item->word) == 0) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT,
                             "\"%.100s\" has these phones in line %zu already", item->word,
                             list->items[k - 1].line);
            name_line(name, item->line, err);
        }
    }
}

static void add_line(const char *text, size_t n, size_t line, silbe_pronunciation_list *list,
                     silbe_err *err)
{
    if (u8_check((const uint8_t *)text, n) != NULL || memchr(text, 0, n) != NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "not UTF-8");
    } else if (!is_skipped(text, n)) {
        list->items =
            silbe_grow(list->items, list->n_items, NULL, sizeof *list->items, "words", err);
        if (!silbe_failed(err)) {
            silbe_listed_word *item = &list->items[list->n_items++];
            *item = (silbe_listed_word){NULL, NULL, 0, line};
            read_line(text, n, item, err);
        }
    }
}

silbe_status silbe_pronunciation_list_parse(const char *name, const char *text, size_t n_bytes,
                                            silbe_pronunciation_list *list, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t at = n_bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (size_t line = 1; at < n_bytes && !silbe_failed(err); line++) {
        size_t n = 0;
        while (at + n < n_bytes && text[at + n] != '\n' && text[at + n] != '\r') {
            n++;
        }
        add_line(text + at, n, line, list, err);
        name_line(name, line, err);
        at += n;
        at += at + 1 < n_bytes && text[at] == '\r' && text[at + 1] == '\n';
        at++;
    }
    if (!silbe_failed(err) && list->n_items > 1) {
        qsort(list->items, list->n_items, sizeof *list->items, compare_items);
        check_doubles(name, list, err);
    }
    if (silbe_failed(err)) {
        silbe_pronunciation_list_free(list);
    }
    return err->status;
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
