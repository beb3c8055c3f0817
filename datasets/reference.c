#include "datasets/reference.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

/* Why the row has no place behind those before it; NULL, and *onset_q, if it has one. */
static const char *place_row(const silbe_score *score, const silbe_measure_row *row,
                             const silbe_reference_measures *before, double *onset_q)
{
    if (!silbe_score_position_to_q(score, row->position, 0, onset_q)) {
        return "the score has no such place";
    }
    if (before->n_measures > 0 && !(*onset_q > before->measures[before->n_measures - 1].onset_q)) {
        return "that place of the score is not after the row before";
    }
    return NULL;
}

silbe_status silbe_reference_measures_new(const silbe_score *score, const silbe_measure_rows *rows,
                                          silbe_reference_measures *measures, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *measures = (silbe_reference_measures)SILBE_REFERENCE_MEASURES_INIT;
    size_t n_rows = rows->n_rows;
    if (n_rows > 1) {
        /* The end of the last note is no place where something starts. */
        double last = rows->rows[n_rows - 1].position;
        n_rows -= last != floor(last);
    }
    measures->measures = silbe_alloc(n_rows, sizeof *measures->measures, "measures", err);
    for (size_t i = 0; i < n_rows && !silbe_failed(err); i++) {
        const silbe_measure_row *row = &rows->rows[i];
        double onset_q = 0.0;
        const char *why = place_row(score, row, measures, &onset_q);
        if (why == NULL) {
            measures->measures[measures->n_measures++] =
                (silbe_reference_measure){row->start_s, onset_q};
        } else {
            silbe_try(err, silbe_messages_add(&measures->reports, err,
                                              "line %zu: measure %.3f at %.3f s: %s", row->line,
                                              row->position, row->start_s, why));
        }
    }
    if (2 * measures->n_measures < n_rows || measures->n_measures == 0) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_MISMATCH,
                             "only %zu of %zu measure annotations have a place in the score (first "
                             "without: %s); the annotations may be of another work",
                             measures->n_measures, n_rows,
                             measures->reports.n > 0 ? measures->reports.texts[0] : "none"));
    }
    return err->status;
}

void silbe_reference_measures_free(silbe_reference_measures *measures)
{
    if (measures != NULL) {
        free(measures->measures);
        silbe_messages_free(&measures->reports);
        *measures = (silbe_reference_measures)SILBE_REFERENCE_MEASURES_INIT;
    }
}
