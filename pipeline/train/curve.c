#include "pipeline/train/curve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"

static const char header[] =
    "step,loss,right,held_out_loss,held_out_right,rate,gradient_norm,frames,skipped\n";

enum { LINE_SIZE = 512 };

/* Copies the rows of steps before first_step; a row without its end of line is not one. */
static void copy_rows(FILE *from, FILE *to, size_t first_step)
{
    char line[LINE_SIZE];
    bool is_first = true;
    while (fgets(line, sizeof line, from) != NULL) {
        char *end;
        unsigned long long step = strtoull(line, &end, 10);
        bool is_row = end != line && *end == ',' && strchr(line, '\n') != NULL;
        if (!is_first && is_row && step < first_step) {
            (void)fputs(line, to); /* commit checks the stream */
        }
        is_first = false;
    }
}

silbe_status silbe_train_curve_open(silbe_train_curve *curve, const char *path, size_t first_step,
                                    silbe_err *err)
{
    *curve = (silbe_train_curve){NULL, path};
    if (path == NULL) {
        return SILBE_OK;
    }
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    (void)fputs(header, file.stream);
    FILE *old = first_step > 0 ? fopen(path, "r") : NULL;
    if (old != NULL) {
        copy_rows(old, file.stream, first_step);
        (void)fclose(old);
    }
    status = silbe_atomic_commit(&file, err);
    silbe_atomic_abort(&file);
    if (status != SILBE_OK) {
        return status;
    }
    curve->stream = fopen(path, "a");
    if (curve->stream == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
    return SILBE_OK;
}

silbe_status silbe_train_curve_add(silbe_train_curve *curve, const silbe_train_report *report,
                                   const silbe_train_report *held_out, silbe_err *err)
{
    if (curve->stream == NULL) {
        return SILBE_OK;
    }
    char measured[64] = ",";
    if (held_out != NULL) {
        (void)snprintf(measured, sizeof measured, "%.9g,%.9g", held_out->loss, held_out->right);
    }
    (void)fprintf(curve->stream, "%zu,%.9g,%.9g,%s,%.9g,%.9g,%zu,%zu\n", report->step, report->loss,
                  report->right, measured, report->rate, report->gradient_norm, report->n_frames,
                  report->n_skipped);
    if (fflush(curve->stream) != 0 || ferror(curve->stream)) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot write: %s", curve->path, strerror(errno));
    }
    return SILBE_OK;
}

silbe_status silbe_train_curve_close(silbe_train_curve *curve, silbe_err *err)
{
    FILE *stream = curve->stream;
    curve->stream = NULL;
    if (stream != NULL && fclose(stream) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot close: %s", curve->path, strerror(errno));
    }
    return SILBE_OK;
}
