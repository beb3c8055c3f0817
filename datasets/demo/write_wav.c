#include <math.h>
#include <sndfile.h>
#include <stdlib.h>

#include "datasets/demo/writers.h"
#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

static silbe_status write_shorts(const char *path, const short *shorts, size_t n, silbe_err *err)
{
    SF_INFO info = {.samplerate = SILBE_SYNTH_RATE_HZ,
                    .channels = 1,
                    .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    if (file == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be written: %s; check the folder's rights",
                          path, sf_strerror(NULL));
    }
    sf_count_t written = sf_write_short(file, shorts, (sf_count_t)n);
    int closed = sf_close(file);
    if (written != (sf_count_t)n || closed != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: writing failed; is the disk full?", path);
    }
    return SILBE_OK;
}

void silbe_demo_write_wav(const char *path, const float *samples, size_t n, silbe_err *err)
{
    short *shorts = silbe_alloc(n, sizeof *shorts, "samples", err);
    if (shorts == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double value = fmin(fmax((double)samples[i], -1.0), 1.0);
        shorts[i] = (short)lrint(value * 32767.0);
    }
/* libsndfile keeps the reason of a failed open in a static variable. */
#pragma omp critical(silbe_demo_sndfile)
    silbe_try(err, write_shorts(path, shorts, n, err));
    free(shorts);
}
