#include "datasets/synthesis/recording.h"

#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/piano.h"
#include "datasets/synthesis/room.h"
#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

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
static void follow_disc(silbe_synth_performance *performance)
{
    for (size_t i = 0; i < performance->n_notes; i++) {
        silbe_synth_note *note = &performance->notes[i];
        note->start_s = silbe_synth_disc_time(note->start_s);
        note->end_s = silbe_synth_disc_time(note->end_s);
    }
    for (size_t i = 0; i < performance->song->n_words; i++) {
        silbe_synth_interval *word = &performance->words[i];
        word->start_s = silbe_synth_disc_time(word->start_s);
        word->end_s = silbe_synth_disc_time(word->end_s);
    }
    for (size_t i = 0; i < performance->song->n_measures; i++) {
        silbe_synth_interval *measure = &performance->measures[i];
        measure->start_s = silbe_synth_disc_time(measure->start_s);
        measure->end_s = silbe_synth_disc_time(measure->end_s);
    }
}

/* Voice and piano, each at its level, into mix. */
static void mix_parts(const silbe_synth_performance *performance, const silbe_synth_sung *sung,
                      int parts, float *mix, size_t n, silbe_err *err)
{
    float *voice = silbe_alloc(n, sizeof *voice, "samples", err);
    if (voice == NULL) {
        return;
    }
    if (parts & SILBE_SYNTH_PIANO) {
        silbe_synth_play_piano(performance, mix, n);
    }
    if (parts & SILBE_SYNTH_VOICE) {
        silbe_synth_sing(performance, sung, voice, n, err);
    }
    double piano_gain = LEVEL / loudness(mix, n);
    double voice_gain =
        LEVEL * pow(10.0, performance->version->voice_db / 20.0) / loudness(voice, n);
    for (size_t i = 0; i < n; i++) {
        mix[i] = (float)(piano_gain * (double)mix[i] + voice_gain * (double)voice[i]);
    }
    free(voice);
}

silbe_status silbe_synth_record(silbe_synth_performance *performance, const silbe_synth_sung *sung,
                                int parts, float **samples, size_t *n, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_synth_version *version = performance->version;
    bool has_room = (parts & SILBE_SYNTH_ROOM) != 0;
    *n = (size_t)ceil(performance->duration_s * SILBE_SYNTH_RATE_HZ);
    *samples = silbe_alloc(*n, sizeof **samples, "samples", err);
    mix_parts(performance, sung, parts, *samples, *n, err);
    if (has_room) {
        silbe_try(err, silbe_synth_reverberate(*samples, *n, err));
    }
    if (has_room && version->disc) {
        silbe_synth_press_disc(performance, *samples, *n, err);
        follow_disc(performance);
    }
    if (silbe_failed(err)) {
        free(*samples);
        *samples = NULL;
        return err->status;
    }
    level_to_peak(*samples, *n, version->peak);
    if (has_room && !version->disc) {
        silbe_synth_add_noise(performance, *samples, *n);
    }
    return SILBE_OK;
}
