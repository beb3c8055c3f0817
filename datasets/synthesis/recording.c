#include "datasets/synthesis/recording.h"

#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/piano.h"
#include "datasets/synthesis/room.h"
#include "datasets/synthesis/voice.h"

#define LEVEL 0.1 /* root mean square of the piano before the mix is levelled */

/* Root mean square of what sounds: samples above a thousandth of the peak. */
static double loudness(const float *samples, size_t n)
{
    float peak = 0.0F;
    for (size_t i = 0; i < n; i++) {
        peak = fmaxf(peak, fabsf(samples[i]));
    }
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabsf(samples[i]) > 1e-3F * peak) {
            sum += (double)samples[i] * (double)samples[i];
            count++;
        }
    }
    return count == 0 ? 1.0 : sqrt(sum / (double)count);
}

static void level_to_peak(float *samples, size_t n, double peak)
{
    float highest = 1e-9F;
    for (size_t i = 0; i < n; i++) {
        highest = fmaxf(highest, fabsf(samples[i]));
    }
    for (size_t i = 0; i < n; i++) {
        samples[i] *= (float)peak / highest;
    }
}

/* Moves all annotated times to where the disc plays them. */
static void follow_disc(silbe_demo_performance *performance)
{
    for (size_t i = 0; i < performance->n_notes; i++) {
        silbe_demo_note *note = &performance->notes[i];
        note->start_s = silbe_demo_disc_time(note->start_s);
        note->end_s = silbe_demo_disc_time(note->end_s);
    }
    for (size_t i = 0; i < performance->song->n_words; i++) {
        silbe_demo_interval *word = &performance->words[i];
        word->start_s = silbe_demo_disc_time(word->start_s);
        word->end_s = silbe_demo_disc_time(word->end_s);
    }
    for (size_t i = 0; i < performance->song->n_measures; i++) {
        silbe_demo_interval *measure = &performance->measures[i];
        measure->start_s = silbe_demo_disc_time(measure->start_s);
        measure->end_s = silbe_demo_disc_time(measure->end_s);
    }
}

silbe_status silbe_demo_record(silbe_demo_performance *performance, const silbe_demo_sung *sung,
                               int parts, float **samples, size_t *n, silbe_err *err)
{
    const silbe_demo_version *version = performance->version;
    *n = (size_t)ceil(performance->duration_s * SILBE_DEMO_RATE_HZ);
    *samples = NULL;
    float *mix = calloc(*n + 1, sizeof *mix);
    float *voice = calloc(*n + 1, sizeof *voice);
    silbe_status status = SILBE_ERR_MEMORY;
    if (mix == NULL || voice == NULL) {
        status =
            silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", performance->song->source->work);
        goto done;
    }
    if (parts & SILBE_DEMO_PIANO) {
        silbe_demo_play_piano(performance, mix, *n);
    }
    if (parts & SILBE_DEMO_VOICE) {
        status = silbe_demo_sing(performance, sung, voice, *n, err);
        if (status != SILBE_OK) {
            goto done;
        }
    }
    double piano_gain = LEVEL / loudness(mix, *n);
    double voice_gain = LEVEL * pow(10.0, version->voice_db / 20.0) / loudness(voice, *n);
    for (size_t i = 0; i < *n; i++) {
        mix[i] = (float)(piano_gain * (double)mix[i] + voice_gain * (double)voice[i]);
    }
    if (parts & SILBE_DEMO_ROOM) {
        status = silbe_demo_reverberate(mix, *n, err);
        if (status != SILBE_OK) {
            goto done;
        }
        if (version->disc) {
            status = silbe_demo_press_disc(performance, mix, *n, err);
            if (status != SILBE_OK) {
                goto done;
            }
            follow_disc(performance);
        }
    }
    level_to_peak(mix, *n, version->peak);
    if ((parts & SILBE_DEMO_ROOM) && !version->disc) {
        silbe_demo_add_noise(performance, mix, *n);
    }
    *samples = mix;
    mix = NULL;
    status = SILBE_OK;
done:
    free(voice);
    free(mix);
    return status;
}
