/*
 * The table for the terminal: 100 columns, of which the first two name what is measured.
 */
#ifndef SILBE_REPORT_TABLE_H
#define SILBE_REPORT_TABLE_H

#include <stdio.h>

#include "pipeline/evaluate/report/report.h"

#define SILBE_TABLE_WORK_WIDTH 20
#define SILBE_TABLE_VERSION_WIDTH 7

/* Value in a column of width, or "-" if it does not exist. */
void silbe_table_put_number(FILE *stream, int width, int decimals, double value);

/* Seconds as ms: tenths while they fit. */
void silbe_table_put_ms(FILE *stream, int width, double value_s);

/* The names of the columns, in two lines, and the rule below; work and version head the first two.
 */
void silbe_table_put_head(FILE *stream, const char *work, const char *version);
void silbe_table_put_rule(FILE *stream);

/* The columns behind the first two, and the end of the line. */
void silbe_table_put_metrics(FILE *stream, const silbe_onset_metrics *metrics);

/* What the table has no column for, and what its columns mean; a few lines. */
void silbe_table_put_summary(FILE *stream, const silbe_report_figures *figures);

#endif
