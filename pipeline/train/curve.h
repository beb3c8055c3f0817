/*
 * The learning curve as CSV; its columns are in loop.h. Rows are flushed as they are written.
 */
#ifndef SILBE_TRAIN_CURVE_H
#define SILBE_TRAIN_CURVE_H

#include <stddef.h>
#include <stdio.h>

#include "features/base/status.h"
#include "pipeline/train/trainer.h"

typedef struct {
    FILE *stream;     /* NULL: no curve is kept */
    const char *path; /* borrowed */
} silbe_train_curve;

/* Keeps the rows of steps before first_step of a curve that is there, drops the others. path NULL:
 * all functions do nothing. */
SILBE_MUST_CHECK silbe_status silbe_train_curve_open(silbe_train_curve *curve, const char *path,
                                                     size_t first_step, silbe_err *err);

/* held_out NULL: empty fields. */
SILBE_MUST_CHECK silbe_status silbe_train_curve_add(silbe_train_curve *curve,
                                                    const silbe_train_report *report,
                                                    const silbe_train_report *held_out,
                                                    silbe_err *err);

/* Legal on a curve that was never opened. */
silbe_status silbe_train_curve_close(silbe_train_curve *curve, silbe_err *err);

#endif
