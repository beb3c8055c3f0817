/* Figures as JSON, alike in every report. */
#ifndef SILBE_REPORT_FIGURES_JSON_H
#define SILBE_REPORT_FIGURES_JSON_H

#include <jansson.h>

#include "pipeline/evaluate/report/report.h"

/* A number with six decimals, or null; the figures of a group as members of object. *failed becomes
 * nonzero if memory is short. */
json_t *silbe_report_number(double value);
json_t *silbe_report_string(const char *text);
void silbe_report_put(json_t *object, const char *key, json_t *value, int *failed);
/* Bins of confidence, and how far their means lie from what came true. */
json_t *silbe_report_reliability(const silbe_report_figures *figures, int *failed);
void silbe_report_put_metrics(json_t *object, const silbe_onset_metrics *metrics, int *failed);
void silbe_report_put_figures(json_t *object, const silbe_report_figures *figures, int *failed);

#endif
