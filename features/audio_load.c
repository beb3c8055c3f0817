/* A whole recording in memory: silbe_audio_load of audio.h. */
#include "features/audio.h"

#include <stdlib.h>

enum {
    SPARE_SAMPLES = 1 << 16
}; /* behind what the header promises, so that a read finds the end */

static silbe_status read_all(silbe_audio_reader *reader, const char *path, silbe_audio *audio,
                             silbe_err *err)
{
    size_t capacity = silbe_audio_reader_expected_samples(reader) + SPARE_SAMPLES;
    for (;;) {
        if (audio->samples == NULL || audio->n_samples == capacity) {
            capacity = audio->samples == NULL ? capacity : capacity + capacity / 2;
            float *grown = realloc(audio->samples, capacity * sizeof(float));
            if (grown == NULL) {
                return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory for %zu samples", path,
                                  capacity);
            }
            audio->samples = grown;
        }
        size_t n_read = 0;
        silbe_status status = silbe_audio_reader_read(reader, audio->samples + audio->n_samples,
                                                      capacity - audio->n_samples, &n_read, err);
        if (status != SILBE_OK) {
            return status;
        }
        if (n_read == 0) {
            return SILBE_OK;
        }
        audio->n_samples += n_read;
    }
}

silbe_status silbe_audio_load(const char *path, const silbe_audio_options *options,
                              silbe_audio *audio, silbe_err *err)
{
    *audio = (silbe_audio)SILBE_AUDIO_INIT;
    silbe_audio_reader *reader = NULL;
    silbe_status status = silbe_audio_reader_open(path, options, &reader, err);
    if (status == SILBE_OK) {
        status = read_all(reader, path, audio, err);
    }
    if (status == SILBE_OK) {
        audio->rate_hz = options->rate_hz;
        audio->facts = *silbe_audio_reader_facts(reader);
        float offset = (float)audio->facts.dc_offset;
        for (size_t i = 0; i < audio->n_samples; i++) {
            audio->samples[i] -= offset;
        }
    } else {
        silbe_audio_free(audio);
    }
    silbe_audio_reader_close(reader);
    return status;
}

void silbe_audio_free(silbe_audio *audio)
{
    free(audio->samples);
    *audio = (silbe_audio)SILBE_AUDIO_INIT;
}
