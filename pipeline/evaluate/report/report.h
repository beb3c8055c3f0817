/*
 * The evaluation report: collects what each item reached against the reference, computes the
 * figures per item, per song, per version and pooled, and writes them as report.json, report.md and
 * a table for the terminal.
 *
 *     silbe_report *report;
 *     silbe_report_new(&facts, &report, &err);
 *     silbe_report_add_item(report, &result, &err);          for each item, in the dataset's order
 *     silbe_report_add_failure(report, work, version, stage, reason, &err);
 *     silbe_report_finish(report, &err);
 *     silbe_report_write_json / _write_markdown / _print
 *     silbe_report_free(report);
 *
 * Not thread-safe: add items from one thread, after the parallel part, so that the order of the
 * report does not depend on the number of threads.
 */
#ifndef SILBE_REPORT_H
#define SILBE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "align/metrics.h"
#include "features/base/status.h"

/* An onset is an error for the confidence's ROC-AUC beyond this: confidence is defined as the
 * probability of being right to within it. */
#define SILBE_REPORT_ERROR_S 0.1
/* The same for a coarser question: is the word plainly wrong? */
#define SILBE_REPORT_PLAIN_ERROR_S 0.3

/* Sentences for silbe_report_facts.reference_note. */
#define SILBE_REFERENCE_NOTE_SWD                                                                   \
    "The reference is good to about 20 ms and marks onsets of notes, not the consonants before "   \
    "them."
#define SILBE_REFERENCE_NOTE_EXACT "The reference is exact: the recordings were generated from it."

/* About the run. Strings are copied; NULL = unknown. */
typedef struct {
    const char *dataset;         /* "swd"; required */
    const char *mode;            /* "score"; required */
    const char *program_version; /* "0.1.0" */
    const char *settings_digest;
    const char *command; /* as typed; the one thing here that may differ between equal runs */
    const char *reference_note; /* how precise the reference is */
} silbe_report_facts;

/* One item that was aligned. Everything is copied. */
typedef struct {
    const char *work;
    const char *version;
    double audio_s;                /* length of the recording */
    double wall_s;                 /* time that all stages took for it; NAN if not known */
    size_t n_placed;               /* words that got a time */
    size_t n_unmatched;            /* words of the lyrics without a reference or without a time */
    double mean_confidence;        /* of the words placed; NAN if there is none */
    size_t n_unsure;               /* words placed with a confidence below 0.5 */
    size_t n_words;                /* words that have a reference; 0 if the item has none */
    const double *reference_s;     /* n_words, reference onsets, not decreasing */
    const double *estimate_s;      /* n_words, estimated onsets */
    const bool *is_missing;        /* n_words, true: no time was found, an error without bound, and
                                      estimate_s is not read; NULL: all have one */
    const double *confidence;      /* n_words, 0..1; NULL if there is none */
    const char *const *word_texts; /* n_words, UTF-8; NULL if unknown */
    const size_t *line_numbers;    /* n_words, counted from 1; NULL if unknown */
    size_t n_measures;             /* evaluated measure positions; 0 if none */
    const double *measure_reference_s; /* n_measures */
    const double *measure_estimate_s;  /* n_measures */
} silbe_item_result;

/* Figures of a group: an item, a song, a version, or all. Missing ones are NAN. */
typedef struct {
    size_t n_items;
    size_t n_placed;
    size_t n_unmatched;
    double mean_confidence; /* of the words placed */
    size_t n_unsure;        /* of these with a confidence below 0.5 */
    double audio_s;
    double wall_s;
    silbe_onset_metrics words;           /* words.n == 0: no reference */
    double correct_segments;             /* share of the time from first to last word, 0..1 */
    double confidence_auc;               /* for errors beyond SILBE_REPORT_ERROR_S */
    double confidence_auc_plain;         /* for errors beyond SILBE_REPORT_PLAIN_ERROR_S */
    silbe_reliability reliability;       /* right to within SILBE_REPORT_ERROR_S */
    silbe_reliability reliability_plain; /* right to within SILBE_REPORT_PLAIN_ERROR_S */
    silbe_onset_metrics measures;        /* the same at measure positions */
} silbe_report_figures;

typedef struct silbe_report silbe_report;

SILBE_MUST_CHECK silbe_status silbe_report_new(const silbe_report_facts *facts,
                                               silbe_report **report, silbe_err *err);
void silbe_report_free(silbe_report *report);

/* SILBE_ERR_DATA, naming the item, for values out of range, and SILBE_ERR_MISMATCH for an item that
 * is there already; the report is then as before, and the item can be added as a failure. */
SILBE_MUST_CHECK silbe_status silbe_report_add_item(silbe_report *report,
                                                    const silbe_item_result *result,
                                                    silbe_err *err);

/* An item that failed: stage ("features", "align", ...) and reason (a message). */
SILBE_MUST_CHECK silbe_status silbe_report_add_failure(silbe_report *report, const char *work,
                                                       const char *version, const char *stage,
                                                       const char *reason, silbe_err *err);

/* A remark for the reader beside the table, for example where the reference is wrong. time_s is the
 * place in the recording or NAN. */
SILBE_MUST_CHECK silbe_status silbe_report_add_note(silbe_report *report, const char *work,
                                                    const char *version, double time_s,
                                                    const char *text, silbe_err *err);

/*
 * The table of mode joint, phone_onsets.json: how long the first consonant of a word is heard
 * before its musical onset. Shown as it is. SILBE_ERR_FORMAT for a file of another form.
 *   {"format": "silbe-phone-onsets", "phones": [{"phone": "S", "n": 12, "mean_s": 0.11,
 *     "median_s": 0.1}, ...]}; more keys are legal
 */
SILBE_MUST_CHECK silbe_status silbe_report_read_phones(silbe_report *report, const char *path,
                                                       silbe_err *err);

/* Computes the groups. Call once, after the last item; a report without items is legal. */
SILBE_MUST_CHECK silbe_status silbe_report_finish(silbe_report *report, silbe_err *err);

/* After silbe_report_finish: figures pooled over all words, the mean over songs of the songs'
 * figures (each pooled over its versions; counts and times are sums), and those of item i in order
 * of adding. The pointers live as long as the report. */
const silbe_report_figures *silbe_report_pooled(const silbe_report *report);
const silbe_report_figures *silbe_report_per_song(const silbe_report *report);
size_t silbe_report_n_items(const silbe_report *report);
size_t silbe_report_n_failed(const silbe_report *report);
const silbe_report_figures *silbe_report_item(const silbe_report *report, size_t i);

/*
 * report.json, of the same form in every mode. Shares are fractions 0..1, errors seconds, figures
 * that do not exist null. Objects: dataset, mode, items[], pooled (with reliability), per_song
 * (with songs[]), per_version[], phones[], failed[], notes[], run. Equal runs give equal bytes but
 * for the lines of the keys "wall_s" and "command" (tests/compare_results.sh knows them).
 */
SILBE_MUST_CHECK silbe_status silbe_report_write_json(const silbe_report *report, const char *path,
                                                      silbe_err *err);

/* report.md: the same for reading, with what each column means and the largest errors. No wall
 * time is in it; "Command:" is its one line that may differ between equal runs. */
SILBE_MUST_CHECK silbe_status silbe_report_write_markdown(const silbe_report *report,
                                                          const char *path, silbe_err *err);

/* The table for the terminal: at most 100 columns, errors in ms, shares in %. SILBE_ERR_IO if
 * stream fails. */
SILBE_MUST_CHECK silbe_status silbe_report_print(const silbe_report *report, FILE *stream,
                                                 silbe_err *err);

#endif
