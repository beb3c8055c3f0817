/*
 * Two files of word times against each other, in any of the formats that are read
 * (pipeline/output/time_list.h): which words of the one are which of the other, and how far their
 * starts lie apart.
 *
 *     silbe_compare_files("song.words.csv", "by_hand.TextGrid", &comparison, &err);
 *     silbe_file_comparison_print / _print_json
 *     silbe_file_comparison_free(&comparison);
 */
#ifndef SILBE_COMPARE_COMPARE_H
#define SILBE_COMPARE_COMPARE_H

#include <stddef.h>
#include <stdio.h>

#include "features/base/status.h"
#include "pipeline/evaluate/report/report.h"
#include "pipeline/output/time_list.h"

/* Words without partner that are listed of each file; all are counted. */
#define SILBE_COMPARE_N_LISTED 10

typedef struct {
    char *text;     /* owned */
    double start_s; /* NAN if not known */
} silbe_unpaired_word;

/* One of the two files. */
typedef struct {
    char *path; /* owned */
    silbe_time_level level;
    size_t n_words;
    size_t n_unpaired;                                  /* of these without partner */
    silbe_unpaired_word listed[SILBE_COMPARE_N_LISTED]; /* the first of them, in order */
    size_t n_listed;
} silbe_compared_file;

typedef struct {
    silbe_compared_file estimate;
    silbe_compared_file reference;
    silbe_time_level level; /* lines, if either file has the times of lines alone: then the starts
                               of lines are compared, as far as they begin with the same word */
    size_t n_paired;        /* words that both texts have */
    /* Of the pairs whose starts both files tell, figures.words.n of them. What confidences are
     * worth is in them if each of these words has one; figures.mean_confidence is NAN if not. */
    silbe_report_figures figures;
} silbe_file_comparison;

#define SILBE_FILE_COMPARISON_INIT                                                                 \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Words are paired in order, as many as possible, by their letters (datasets/word_pairing.h); where
 * both files have several voices, within those of the same name. *comparison is freed by the
 * caller, also after a failure.
 *
 * Errors of silbe_time_list_read; SILBE_ERR_MISMATCH, naming both files, if fewer than half of the
 * words have a partner; SILBE_ERR_DATA if no pair has a start in both, or the texts are too long
 * and too different to be paired.
 */
SILBE_MUST_CHECK silbe_status silbe_compare_files(const char *estimate, const char *reference,
                                                  silbe_file_comparison *comparison,
                                                  silbe_err *err);
void silbe_file_comparison_free(silbe_file_comparison *comparison);

/* The table for the terminal, 100 columns at most, and the words without partner. SILBE_ERR_IO if
 * stream fails. */
SILBE_MUST_CHECK silbe_status silbe_file_comparison_print(const silbe_file_comparison *comparison,
                                                          FILE *stream, silbe_err *err);

/*
 * The same for programs: estimate and reference, each {file, level, words, unpaired, listed[]
 * {text, start_s}}; level, paired, compared; the figures of report.json (errors in seconds, shares
 * 0..1); confidence_auc, confidence_auc_0.3, mean_confidence and, if there are confidences,
 * reliability. What does not exist is null.
 */
SILBE_MUST_CHECK silbe_status silbe_file_comparison_print_json(
    const silbe_file_comparison *comparison, FILE *stream, silbe_err *err);

#endif
