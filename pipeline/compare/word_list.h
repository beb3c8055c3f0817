/*
 * The words of a file, one by one, whatever its level: of a line only the first has a start.
 */
#ifndef SILBE_COMPARE_WORD_LIST_H
#define SILBE_COMPARE_WORD_LIST_H

#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/output/time_list.h"

typedef struct {
    const char *text;  /* lies in the list's buffer */
    double start_s;    /* NAN if not known */
    double confidence; /* NAN if not known */
    size_t voice;
    double reached_s; /* last known start of its voice up to here: where it stands in time */
    size_t number;    /* in the file, from 0 */
} silbe_listed_word;

typedef struct {
    silbe_listed_word *words; /* in the order of the file */
    size_t n_words;
    char *buffer;
} silbe_word_list;

/* A step (features/base/status.h); freed by silbe_word_list_free, also after a failure. */
void silbe_word_list_new(const silbe_time_list *times, silbe_word_list *list, silbe_err *err);
void silbe_word_list_free(silbe_word_list *list);

#endif
