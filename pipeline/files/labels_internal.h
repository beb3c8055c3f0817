/*
 * Between the files of labels_file.h: labels_file.c writes, labels_read.c reads, labels_check.c
 * holds the rules that both keep.
 */
#ifndef SILBE_LABELS_INTERNAL_H
#define SILBE_LABELS_INTERNAL_H

#include "pipeline/files/labels_file.h"

#define SILBE_LABELS_FORMAT "silbe-labels"

/* The words for silbe_syllabic and back; -1 / NULL if unknown. */
const char *silbe_syllabic_str(silbe_syllabic syllabic);
int silbe_syllabic_parse(const char *text);

/* Checks every value and index; raises status with the name of the first field that is wrong, in
 * the words of the file. */
SILBE_MUST_CHECK silbe_status silbe_labels_check(const silbe_labels *labels, silbe_status status,
                                                 silbe_err *err);

#endif
