#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/accompaniment_render.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "datasets/synthesis/piano.h"
#include "datasets/synthesis/voice.h"
#include "features/audio.h"
#include "pipeline/train/data/fluidsynth.h"

_Static_assert(SILBE_ACCOMPANIMENT_RATE_HZ == SILBE_DEMO_RATE_HZ, "one rate for both ways");

enum { PATH_SIZE = 4096 };
static const double GAIN = 0.6;

static size_t samples_of(double duration_s)
{
    return (size_t)(duration_s * SILBE_ACCOMPANIMENT_RATE_HZ) + 1;
}

silbe_status silbe_render_own_piano(const silbe_piano_notes *piece, float **samples,
                                    size_t *n_samples, silbe_err *err)
{
    *n_samples = samples_of(piece->duration_s);
    *samples = calloc(*n_samples, sizeof **samples);
    silbe_demo_note *notes = calloc(piece->n_notes + 1, sizeof *notes);
    if (*samples == NULL || notes == NULL) {
        free(notes);
        free(*samples);
        *samples = NULL;
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu samples", *n_samples);
    }
    for (size_t i = 0; i < piece->n_notes; i++) {
        const silbe_piano_note *n = &piece->notes[i];
        notes[i] = (silbe_demo_note){
            .start_s = n->start_s, .end_s = n->end_s, .pitch = n->pitch, .velocity = n->velocity};
    }
    const silbe_demo_source source = {.work = "accompaniment"};
    const silbe_demo_song song = {.source = &source};
    const silbe_demo_version version = {.name = "piano", .tuning_hz = piece->tuning_hz};
    const silbe_demo_performance performance = {
        .song = &song, .version = &version, .notes = notes, .n_notes = piece->n_notes};
    silbe_demo_play_piano(&performance, *samples, *n_samples);
    free(notes);
    return SILBE_OK;
}

static silbe_status write_midi(const silbe_piano_notes *piece, const silbe_variant *v,
                               const char *path, silbe_err *err)
{
    unsigned char *channels = calloc(piece->n_notes + 1, 1);
    double *pedal_s = calloc(piece->n_notes + 1, sizeof *pedal_s);
    silbe_status status = SILBE_ERR_MEMORY;
    if (channels == NULL || pedal_s == NULL) {
        (void)silbe_fail(err, status, "no memory for %zu notes", piece->n_notes);
    } else {
        silbe_midi_piece m = {.notes = piece->notes,
                              .n_notes = piece->n_notes,
                              .channels = channels,
                              .velocity_scale = v->velocity_scale,
                              .tuning_hz = piece->tuning_hz,
                              .pedal_s = pedal_s,
                              .n_pedal = v->pedal ? silbe_variant_pedal(piece, pedal_s) : 0,
                              .duration_s = piece->duration_s};
        for (size_t i = 0; i < piece->n_notes; i++) {
            channels[i] = (unsigned char)silbe_variant_group(v, piece->notes[i].pitch);
        }
        for (size_t g = 0; g < SILBE_VARIANT_GROUPS; g++) {
            m.programs[g] = v->programs[g];
        }
        status = silbe_midi_write(path, &m, err);
    }
    free(channels);
    free(pedal_s);
    return status;
}

static silbe_status read_wav(const char *path, double duration_s, float **samples,
                             size_t *n_samples, silbe_err *err)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio = SILBE_AUDIO_INIT;
    options.rate_hz = SILBE_ACCOMPANIMENT_RATE_HZ;
    silbe_status status = silbe_audio_load(path, &options, &audio, err);
    if (status != SILBE_OK) {
        return status;
    }
    /* Its blocks end a little after the piece does. */
    size_t most = samples_of(duration_s);
    if (audio.n_samples + SILBE_ACCOMPANIMENT_RATE_HZ / 2 < most) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "fluidsynth: %.2f s of sound where %.2f s should "
                            "be",
                            audio.facts.duration_s, duration_s);
        silbe_audio_free(&audio);
        return status;
    }
    *n_samples = audio.n_samples < most ? audio.n_samples : most;
    *samples = audio.samples;
    return SILBE_OK;
}

silbe_status silbe_render_by_font(const silbe_piano_notes *notes, const silbe_variant *variant,
                                  const char *font, const char *base, float **samples,
                                  size_t *n_samples, silbe_err *err)
{
    char midi[PATH_SIZE], wav[PATH_SIZE], log[PATH_SIZE];
    long process = (long)getpid();
    *samples = NULL;
    /* Names by which later runs know and remove what a killed one left. */
    int n = snprintf(midi, sizeof midi, "%s.mid.tmp.%ld", base, process);
    if (n < 0 || (size_t)n >= sizeof midi) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
    }
    (void)snprintf(wav, sizeof wav, "%s.wav.tmp.%ld", base, process);
    (void)snprintf(log, sizeof log, "%s.log.tmp.%ld", base, process);
    silbe_status status = write_midi(notes, variant, midi, err);
    if (status == SILBE_OK) {
        const silbe_fluidsynth_job job = {.font = font,
                                          .midi = midi,
                                          .wav = wav,
                                          .log = log,
                                          .rate_hz = SILBE_ACCOMPANIMENT_RATE_HZ,
                                          .reverb = variant->reverb,
                                          .gain = GAIN,
                                          .timeout_s = 120.0 + 10.0 * notes->duration_s};
        status = silbe_fluidsynth_render(&job, err);
        if (status == SILBE_OK) {
            status = read_wav(wav, notes->duration_s, samples, n_samples, err);
        }
    }
    (void)unlink(midi);
    (void)unlink(wav);
    (void)unlink(log);
    return status;
}
