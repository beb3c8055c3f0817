/* A whole recording in memory: silbe_audio_read of audio.h. */
#include "features/audio.h"

#include <stdlib.h>

#include "features/base/memory.h"

enum {
    SPARE_SAMPLES = 1 << 16
}; /* behind what the header promises, so that a read finds the end */

static void read_all(silbe_audio_reader *reader, silbe_audio *audio, silbe_err *err)
{
    size_t capacity = silbe_audio_reader_expected_samples(reader) + SPARE_SAMPLES;
    audio->samples = silbe_need(malloc(capacity * sizeof(float)), "samples", err);
    for (size_t n_read = 1; n_read > 0 && !silbe_failed(err);) {
        audio->samples =
            silbe_grow(audio->samples, audio->n_samples, &capacity, sizeof(float), "samples", err);
        silbe_try(err, silbe_audio_reader_read(reader, audio->samples + audio->n_samples,
                                               capacity - audio->n_samples, &n_read, err));
        audio->n_samples += n_read;
    }
}

silbe_status silbe_audio_read(const char *path, const silbe_audio_options *options,
                              silbe_audio *audio, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *audio = (silbe_audio)SILBE_AUDIO_INIT;
    silbe_audio_reader *reader = NULL;
    silbe_try(err, silbe_audio_reader_open(path, options, &reader, err));
    if (reader != NULL) {
        read_all(reader, audio, err);
        audio->rate_hz = options->rate_hz;
        audio->facts = *silbe_audio_reader_facts(reader);
        float offset = (float)audio->facts.dc_offset;
        for (size_t i = 0; i < audio->n_samples && !silbe_failed(err); i++) {
            audio->samples[i] -= offset;
        }
    }
    if (silbe_failed(err)) {
        silbe_audio_free(audio);
    }
    silbe_audio_reader_close(reader);
    return err->status;
}

void silbe_audio_free(silbe_audio *audio)
{
    free(audio->samples);
    *audio = (silbe_audio)SILBE_AUDIO_INIT;
}
