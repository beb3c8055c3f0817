/*
 * Remarks on places where a dataset's annotations are wrong, shown beside the figures: a CSV file
 * with the header work;version;time;note, time in seconds of the recording. They change no figure.
 */
#ifndef SILBE_REFERENCE_NOTES_H
#define SILBE_REFERENCE_NOTES_H

#include "datasets/dataset.h"
#include "features/base/status.h"
#include "pipeline/evaluate/report/report.h"
#include "pipeline/settings/config.h"

/* Adds the remarks on the items that run.items selects. Errors as silbe_csv_read. */
SILBE_MUST_CHECK silbe_status silbe_reference_notes_add(const char *path,
                                                        const silbe_dataset *dataset,
                                                        const silbe_config *config,
                                                        silbe_report *report, silbe_err *err);

#endif
