#include "pipeline/evaluate/report/table.h"

#include <math.h>

#define WORK_WIDTH SILBE_TABLE_WORK_WIDTH
#define VERSION_WIDTH SILBE_TABLE_VERSION_WIDTH

void silbe_table_put_number(FILE *stream, int width, int decimals, double value)
{
    if (isnan(value)) {
        (void)fprintf(stream, "%*s", width, "-");
    } else {
        (void)fprintf(stream, "%*.*f", width, decimals, value);
    }
}

void silbe_table_put_ms(FILE *stream, int width, double value_s)
{
    double ms = value_s * 1e3;
    silbe_table_put_number(stream, width, fabs(ms) < 9999 ? 1 : 0, ms + 0.0);
}

void silbe_table_put_rule(FILE *stream)
{
    for (int i = 0; i < WORK_WIDTH + 1 + VERSION_WIDTH + 7 + 24 + 36 + 5; i++) {
        (void)fputc('-', stream);
    }
    (void)fputc('\n', stream);
}

void silbe_table_put_head(FILE *stream, const char *work, const char *version)
{
    (void)fprintf(stream, "%-*s %-*s%7s%8s%8s%8s%36s%5s\n", WORK_WIDTH, "", VERSION_WIDTH, "", "",
                  "mean", "median", "median", "words within ... s, in %      ", "perc");
    (void)fprintf(stream, "%-*s %-*s%7s%8s%8s%8s%6s%6s%6s%6s%6s%6s%5s\n", WORK_WIDTH, work,
                  VERSION_WIDTH, version, "words", "|e| ms", "|e| ms", "e ms", "0.05", "0.1", "0.2",
                  "0.3", "0.5", "1.0", "0..1");
    silbe_table_put_rule(stream);
}

void silbe_table_put_metrics(FILE *stream, const silbe_onset_metrics *metrics)
{
    (void)fprintf(stream, "%7zu", metrics->n);
    silbe_table_put_ms(stream, 8, metrics->mean_abs_s);
    silbe_table_put_ms(stream, 8, metrics->median_abs_s);
    silbe_table_put_ms(stream, 8, metrics->bias_s);
    for (size_t w = 0; w < SILBE_N_WINDOWS; w++) {
        silbe_table_put_number(stream, 6, 1, 100 * metrics->within[w]);
    }
    silbe_table_put_number(stream, 5, 2, metrics->perceptual);
    (void)fputc('\n', stream);
}

void silbe_table_put_summary(FILE *stream, const silbe_report_figures *figures)
{
    (void)fputs("\ne = estimate - reference (positive: late), perc = perceptual score\n", stream);
    (void)fputs("correct segments ", stream);
    silbe_table_put_number(stream, 0, 1, 100 * figures->correct_segments);
    (void)fputs(" %, 95 % of words within ", stream);
    silbe_table_put_ms(stream, 0, figures->words.p95_abs_s);
    (void)fputs(" ms, worst ", stream);
    silbe_table_put_ms(stream, 0, figures->words.max_abs_s);
    (void)fputs(" ms\nconfidence AUC ", stream);
    silbe_table_put_number(stream, 0, 3, figures->confidence_auc);
    (void)fputs(" (off by more than 0.1 s), ", stream);
    silbe_table_put_number(stream, 0, 3, figures->confidence_auc_plain);
    (void)fprintf(stream, " (0.3 s), derailed ");
    silbe_table_put_number(stream, 0, 1, 100 * figures->words.derailed);
    (void)fputs(" %\n", stream);
    if (figures->words.n_missing > 0) {
        (void)fprintf(stream,
                      "%zu words got no time: errors without bound, left out of mean and bias\n",
                      figures->words.n_missing);
    }
}
