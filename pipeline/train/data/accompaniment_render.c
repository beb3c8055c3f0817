#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/accompaniment_render.h"

#include <stdlib.h>
#include <unistd.h>

#include "datasets/synthesis/piano.h"
#include "datasets/synthesis/voice.h"
#include "features/audio.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/train/data/fluidsynth.h"
#include "pipeline/train/learn/random.h"

_Static_assert(SILBE_ACCOMPANIMENT_RATE_HZ == SILBE_SYNTH_RATE_HZ, "one rate for both ways");

/* Programs of General MIDI, from 0. */
enum {
    GRAND_PIANO = 0,
    BRIGHT_PIANO = 1,
    HONKY_TONK = 3,
    VIOLIN = 40,
    VIOLA = 41,
    CELLO = 42,
    CONTRABASS = 43,
    STRINGS = 48,
    SLOW_STRINGS = 49,
    HORN = 60,
    OBOE = 68,
    BASSOON = 70,
    CLARINET = 71,
    FLUTE = 73,
};
enum { N_CHOICES = 5 };

static const double BASS_WINDOW_S = 0.5, SHORTEST_PEDAL_S = 0.3, LONGEST_PEDAL_S = 4.0;

static void draw_orchestra(silbe_variant *v, silbe_random *random)
{
    static const unsigned char choices[SILBE_VARIANT_GROUPS][N_CHOICES] = {
        {CONTRABASS, CELLO, CONTRABASS, STRINGS, BASSOON},
        {CELLO, HORN, STRINGS, BASSOON, SLOW_STRINGS},
        {STRINGS, CLARINET, HORN, VIOLA, SLOW_STRINGS},
        {OBOE, FLUTE, STRINGS, VIOLIN, CLARINET},
    };
    static const int lowest[SILBE_VARIANT_GROUPS] = {0, 43, 55, 67};
    for (size_t g = 0; g < SILBE_VARIANT_GROUPS; g++) {
        v->programs[g] = choices[g][silbe_random_below(random, N_CHOICES)];
        v->lowest[g] = g == 0 ? 0 : lowest[g] - 2 + (int)silbe_random_below(random, 5);
    }
}

silbe_variant silbe_variant_draw(const char *name, size_t number, uint64_t seed, size_t n_fonts)
{
    silbe_random base = silbe_random_named(seed, name);
    silbe_random random = silbe_random_fork(&base, number);
    silbe_random seeds = {seed};
    silbe_variant v = {.font = silbe_random_below(&random, n_fonts),
                       .note_seed = number == 0 ? seed : silbe_random_fork(&seeds, number).state};
    double kind = silbe_random_uniform(&random);
    for (int g = 1; g < SILBE_VARIANT_GROUPS; g++) {
        v.lowest[g] = SILBE_MIDI_N_CHANNELS * SILBE_MIDI_N_CHANNELS; /* above all pitches */
    }
    v.programs[0] = GRAND_PIANO;
    if (kind < 0.25) {
        v.is_orchestral = true;
        draw_orchestra(&v, &random);
    } else if (kind < 0.35) {
        v.programs[0] = silbe_random_below(&random, 2) == 0 ? BRIGHT_PIANO : HONKY_TONK;
    }
    v.reverb = silbe_random_uniform(&random) < 0.5;
    v.pedal = silbe_random_uniform(&random) < 0.6 && !v.is_orchestral;
    v.velocity_scale = 0.8 + 0.5 * silbe_random_uniform(&random);
    return v;
}

size_t silbe_variant_group(const silbe_variant *variant, int pitch)
{
    size_t group = 0;
    while (group + 1 < SILBE_VARIANT_GROUPS && pitch >= variant->lowest[group + 1]) {
        group++;
    }
    return group;
}

/* Whether no other note that sounds near the start of note i is lower. */
static bool is_bass(const silbe_piano_notes *notes, size_t i)
{
    const silbe_piano_note *n = &notes->notes[i];
    for (size_t k = i; k > 0; k--) {
        const silbe_piano_note *other = &notes->notes[k - 1];
        if (other->start_s < n->start_s - 10.0) {
            break;
        }
        if (other->pitch < n->pitch &&
            (other->end_s > n->start_s + 0.05 || other->start_s > n->start_s - BASS_WINDOW_S)) {
            return false;
        }
    }
    for (size_t k = i + 1; k < notes->n_notes; k++) {
        const silbe_piano_note *other = &notes->notes[k];
        if (other->start_s > n->start_s + BASS_WINDOW_S) {
            break;
        }
        if (other->pitch < n->pitch) {
            return false;
        }
    }
    return true;
}

size_t silbe_variant_pedal(const silbe_piano_notes *notes, double *times)
{
    size_t n = 0;
    int last_pitch = -1;
    for (size_t i = 0; i < notes->n_notes; i++) {
        const silbe_piano_note *note = &notes->notes[i];
        double since_s = n == 0 ? LONGEST_PEDAL_S : note->start_s - times[n - 1];
        if (since_s < SHORTEST_PEDAL_S) {
            continue;
        }
        bool is_new = is_bass(notes, i) && note->pitch != last_pitch;
        if (is_new || since_s >= LONGEST_PEDAL_S) {
            last_pitch = is_new ? note->pitch : last_pitch;
            times[n++] = note->start_s;
        }
    }
    return n;
}

static const double GAIN = 0.6;

static size_t samples_of(double duration_s)
{
    return (size_t)(duration_s * SILBE_ACCOMPANIMENT_RATE_HZ) + 1;
}

silbe_status silbe_render_own_piano(const silbe_piano_notes *piece, float **samples,
                                    size_t *n_samples, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *n_samples = samples_of(piece->duration_s);
    *samples = silbe_alloc(*n_samples, sizeof **samples, "samples", err);
    silbe_synth_note *notes = silbe_alloc(piece->n_notes, sizeof *notes, "notes", err);
    if (notes == NULL) {
        free(*samples);
        *samples = NULL;
        return err->status;
    }
    for (size_t i = 0; i < piece->n_notes; i++) {
        const silbe_piano_note *n = &piece->notes[i];
        notes[i] = (silbe_synth_note){
            .start_s = n->start_s, .end_s = n->end_s, .pitch = n->pitch, .velocity = n->velocity};
    }
    const silbe_synth_source source = {.work = "accompaniment"};
    const silbe_synth_song song = {.source = &source};
    const silbe_synth_version version = {.name = "piano", .tuning_hz = piece->tuning_hz};
    const silbe_synth_performance performance = {
        .song = &song, .version = &version, .notes = notes, .n_notes = piece->n_notes};
    silbe_synth_play_piano(&performance, *samples, *n_samples);
    free(notes);
    return SILBE_OK;
}

static void write_midi(const silbe_piano_notes *piece, const silbe_variant *v, const char *path,
                       silbe_err *err)
{
    unsigned char *channels = silbe_alloc(piece->n_notes, 1, "notes", err);
    double *pedal_s = silbe_alloc(piece->n_notes, sizeof *pedal_s, "notes", err);
    if (!silbe_failed(err)) {
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
        silbe_try(err, silbe_midi_write(path, &m, err));
    }
    free(channels);
    free(pedal_s);
}

static void read_wav(const char *path, double duration_s, float **samples, size_t *n_samples,
                     silbe_err *err)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio = SILBE_AUDIO_INIT;
    size_t most = samples_of(duration_s); /* its blocks end a little after the piece does */
    options.rate_hz = SILBE_ACCOMPANIMENT_RATE_HZ;
    silbe_try(err, silbe_audio_read(path, &options, &audio, err));
    if (!silbe_failed(err) && audio.n_samples + SILBE_ACCOMPANIMENT_RATE_HZ / 2 < most) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "fluidsynth: %.2f s of sound where %.2f s should be",
                         audio.facts.duration_s, duration_s);
    }
    if (silbe_failed(err)) {
        silbe_audio_free(&audio);
        return;
    }
    *n_samples = audio.n_samples < most ? audio.n_samples : most;
    *samples = audio.samples;
}

silbe_status silbe_render_by_font(const silbe_piano_notes *notes, const silbe_variant *variant,
                                  const char *font, const char *base, float **samples,
                                  size_t *n_samples, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    long process = (long)getpid();
    *samples = NULL;
    /* Names by which later runs know and remove what a killed one left. */
    char *midi = silbe_format(err, "%s.mid.tmp.%ld", base, process);
    char *wav = silbe_format(err, "%s.wav.tmp.%ld", base, process);
    char *log = silbe_format(err, "%s.log.tmp.%ld", base, process);
    const silbe_fluidsynth_job job = {.font = font,
                                      .midi = midi,
                                      .wav = wav,
                                      .log = log,
                                      .rate_hz = SILBE_ACCOMPANIMENT_RATE_HZ,
                                      .reverb = variant->reverb,
                                      .gain = GAIN,
                                      .timeout_s = 120.0 + 10.0 * notes->duration_s};
    char *const files[] = {midi, wav, log};
    write_midi(notes, variant, midi, err);
    silbe_try(err, silbe_fluidsynth_render(&job, err));
    read_wav(wav, notes->duration_s, samples, n_samples, err);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (files[i] != NULL) {
            (void)unlink(files[i]);
        }
        free(files[i]);
    }
    return err->status;
}
