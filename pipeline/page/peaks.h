/*
 * The outline of a recording, for drawing: the greatest absolute sample of each hundredth of a
 * second.
 */
#ifndef SILBE_PAGE_PEAKS_H
#define SILBE_PAGE_PEAKS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

enum { SILBE_PEAKS_PER_S = 100 };

typedef struct {
    uint8_t *values; /* n_values: values[i] is the peak of [i, i + 1) / SILBE_PEAKS_PER_S seconds,
                        255 for the recording's greatest; owned */
    size_t n_values;
    double duration_s;
} silbe_peaks;

#define SILBE_PEAKS_INIT                                                                           \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/* Reads the recording in blocks. Errors are those of features/audio.h, without a check for silence
 * or length. The caller frees *peaks. */
SILBE_MUST_CHECK silbe_status silbe_peaks_read(const char *audio_path, silbe_peaks *peaks,
                                               silbe_err *err);

/* The values in base64, allocated; NULL if memory is short. */
char *silbe_peaks_base64(const silbe_peaks *peaks);

void silbe_peaks_free(silbe_peaks *peaks);

#endif
