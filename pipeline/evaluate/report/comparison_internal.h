/* The comparison's inside, shared by its writers. */
#ifndef SILBE_REPORT_COMPARISON_INTERNAL_H
#define SILBE_REPORT_COMPARISON_INTERNAL_H

#include "pipeline/evaluate/report/comparison.h"
#include "pipeline/evaluate/report/report_internal.h"

/* How words are counted, for reader and program. */
#define SILBE_COMPARISON_RULE                                                                      \
    "The same words in every mode: all with a reference, of the items that have results in every " \
    "mode listed with figures. A word that a mode did not find counts as an error without bound: " \
    "within no window, derailed, above all others in the median; mean and bias are over the "      \
    "others."

/* An item that some report lacks. */
typedef struct {
    const report_item *item;
    bool *lacks; /* for each report; owned */
} comparison_left_out;

struct silbe_comparison {
    const silbe_report *const *reports;
    size_t n_reports;
    silbe_report_figures *figures; /* one for each report */
    bool **is_compared;            /* for each report, for each of its items */
    comparison_left_out *left_out;
    size_t n_left_out;
    size_t first; /* the first report with items; n_reports if there is none */
    /* By the first mode's confidence: bin b is [edges[b], edges[b + 1]), the last one closed. */
    silbe_onset_metrics *bins[SILBE_COMPARISON_N_BINS]; /* for each report */
};

extern const double COMPARISON_EDGES[SILBE_COMPARISON_N_BINS + 1];

#endif
