#include "pipeline/compare/word_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

/* Cuts the text, a copy of that of from, at its blanks, into words. */
static void add_words(const silbe_timed_text *from, char *text, double *reached_s,
                      silbe_word_list *list)
{
    bool is_first = true;
    for (char *word = text + strspn(text, " "); *word != '\0';) {
        size_t n_bytes = strcspn(word, " ");
        char *next = word + n_bytes + strspn(word + n_bytes, " ");
        word[n_bytes] = '\0';
        double start_s = is_first ? from->start_s : NAN;
        *reached_s = isnan(start_s) ? *reached_s : start_s;
        list->words[list->n_words] = (silbe_listed_word){word,        start_s,    from->confidence,
                                                         from->voice, *reached_s, list->n_words};
        list->n_words++;
        word = next;
        is_first = false;
    }
}

void silbe_word_list_new(const silbe_time_list *times, silbe_word_list *list, silbe_err *err)
{
    size_t n_bytes = 1, n_words = 0;
    *list = (silbe_word_list){0};
    for (size_t i = 0; i < times->n_texts; i++) {
        const char *text = times->texts[i].text;
        n_bytes += strlen(text) + 1;
        n_words++;
        for (const char *p = text; *p != '\0'; p++) {
            n_words += *p == ' ' && p[1] != ' ';
        }
    }
    list->words = silbe_alloc(n_words, sizeof *list->words, "words", err);
    list->buffer = silbe_alloc(n_bytes, 1, "bytes of text", err);
    double *reached_s = silbe_alloc(times->n_voices, sizeof *reached_s, "voices", err);
    char *at = list->buffer;
    for (size_t i = 0; i < times->n_texts && !silbe_failed(err); i++) {
        const silbe_timed_text *text = &times->texts[i];
        size_t size = strlen(text->text) + 1;
        memcpy(at, text->text, size);
        add_words(text, at, &reached_s[text->voice], list);
        at += size;
    }
    free(reached_s);
}

void silbe_word_list_free(silbe_word_list *list)
{
    free(list->words);
    free(list->buffer);
    *list = (silbe_word_list){0};
}
