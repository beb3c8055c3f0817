/*
 * The modes of alignment side by side, judged by the same words: those of the items that have
 * results in every mode. A word that a mode did not find counts as an error without bound of that
 * mode (align/metrics.h). Modes in which no item succeeded are listed without figures.
 *
 *     silbe_comparison_new(reports, n_reports, &comparison, &err);      after silbe_report_finish
 *     silbe_comparison_write_json / _write_markdown / _print
 *     silbe_comparison_free(comparison);
 */
#ifndef SILBE_REPORT_COMPARISON_H
#define SILBE_REPORT_COMPARISON_H

#include <stdio.h>

#include "features/base/status.h"
#include "pipeline/evaluate/report/report.h"

typedef struct silbe_comparison silbe_comparison;

/* How the words are split by the confidence of the first mode that has figures. */
#define SILBE_COMPARISON_N_BINS 3

/*
 * One report for each mode, in the order of the table; all of the same dataset and references. The
 * reports are borrowed and must outlive *comparison. SILBE_ERR_MISMATCH if an item has other
 * references in one mode than in another, SILBE_ERR_ARGUMENT without reports.
 */
SILBE_MUST_CHECK silbe_status silbe_comparison_new(const silbe_report *const *reports,
                                                   size_t n_reports, silbe_comparison **comparison,
                                                   silbe_err *err);
void silbe_comparison_free(silbe_comparison *comparison);

/* Items that all modes are compared on; their words with a reference; items left out because not
 * every mode has them. */
size_t silbe_comparison_n_items(const silbe_comparison *comparison);
size_t silbe_comparison_n_words(const silbe_comparison *comparison);
size_t silbe_comparison_n_left_out(const silbe_comparison *comparison);

/* Figures of report m on these items, or NULL if no item succeeded in it. */
const silbe_report_figures *silbe_comparison_mode(const silbe_comparison *comparison, size_t m);

/*
 * report.json of the dataset: dataset, rule, items, words, left_out[] {work, version, without[]
 * (modes)}, modes[] {mode, items, failed, and the figures of report.json, or nulls}, by_confidence
 * {mode, bins[] {from, to, words, modes {NAME: figures of the words}}}, run. Equal runs give equal
 * bytes but for the lines of "wall_s" and "command".
 */
SILBE_MUST_CHECK silbe_status silbe_comparison_write_json(const silbe_comparison *comparison,
                                                          const char *path, silbe_err *err);

/* The same for reading. */
SILBE_MUST_CHECK silbe_status silbe_comparison_write_markdown(const silbe_comparison *comparison,
                                                              const char *path, silbe_err *err);

/* The table for the terminal: 100 columns at most; then what was left out and what failed. */
SILBE_MUST_CHECK silbe_status silbe_comparison_print(const silbe_comparison *comparison,
                                                     FILE *stream, silbe_err *err);

#endif
