#include "features/features.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/filterbank.h"
#include "features/sound.h"

/* Channels that differ by less, or a middle that is weaker, against the mean of the channels:
 * amplitude and energy of it. Then there is no middle worth hearing. */
static const double LEAST_SIDE = 0.01, LEAST_MIDDLE = 0.01;

struct silbe_features_plan {
    silbe_features_options options;
    silbe_stft_plan *tuning, *chroma, *onset, *logmel;
    silbe_middle_plan *middle;
    silbe_filterbank mel;
};

/* The middle of a stereo recording on its way to bands. */
typedef struct {
    silbe_middle *stream; /* NULL: there is none */
    float *block;         /* a block and what was delayed */
    double energy;        /* of the samples so far */
    double mid_energy;
} middle_part;

/* The band energies that the second pass fills. */
typedef struct {
    silbe_filterbank chroma_bank, onset_bank;
    silbe_band_stream *chroma, *onset, *logmel, *logmel_middle;
    middle_part middle;
} bands;

silbe_features_options silbe_features_options_default(void)
{
    return (silbe_features_options){
        .audio = silbe_audio_options_default(),
        .hop_s = 0.01,
        .tuning = silbe_tuning_options_default(),
        .chroma = silbe_chroma_options_default(),
        .onset = silbe_onset_options_default(),
        .logmel = silbe_logmel_options_default(),
        .want_pitches = true,
        .want_logmel = true,
        .middle = silbe_middle_options_default(),
        .max_kept_samples = (size_t)1 << 24,
    };
}

silbe_status silbe_features_plan_new(const silbe_features_options *options,
                                     silbe_features_plan **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    silbe_features_plan *plan = silbe_alloc(1, sizeof *plan, "plan of features", err);
    if (plan == NULL) {
        return err->status;
    }
    plan->options = *options;
    double rate_hz = options->audio.rate_hz, hop_s = options->hop_s;
    if (options->want_pitches) {
        silbe_try(err, silbe_tuning_plan_new(&options->tuning, rate_hz, &plan->tuning, err));
        silbe_try(err, silbe_chroma_plan_new(&options->chroma, rate_hz, hop_s, &plan->chroma, err));
        silbe_try(err, silbe_onset_plan_new(&options->onset, rate_hz, hop_s, &plan->onset, err));
    }
    if (options->want_logmel) {
        const silbe_logmel_options *mel = &options->logmel;
        silbe_try(err, silbe_logmel_plan_new(mel, rate_hz, &plan->logmel, err));
        silbe_try(err, silbe_filterbank_mel(&plan->mel, plan->logmel, mel->n_bands, mel->low_hz,
                                            mel->high_hz, mel->scale, err));
    }
    if (options->want_logmel && options->want_middle) {
        plan->options.audio.want_side = true;
        silbe_try(err, silbe_middle_plan_new(&options->middle, rate_hz, &plan->middle, err));
    }
    if (silbe_failed(err)) {
        silbe_features_plan_free(plan);
    } else {
        *out = plan;
    }
    return err->status;
}

void silbe_features_plan_free(silbe_features_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    silbe_stft_plan_free(plan->tuning);
    silbe_stft_plan_free(plan->chroma);
    silbe_stft_plan_free(plan->onset);
    silbe_stft_plan_free(plan->logmel);
    silbe_middle_plan_free(plan->middle);
    silbe_filterbank_free(&plan->mel);
    free(plan);
}

/* First pass: checks, facts and tuning of the whole recording. */
static void listen(const silbe_features_plan *plan, silbe_sound *sound, silbe_features *features,
                   silbe_err *err)
{
    float mid[SILBE_SOUND_BLOCK], side[SILBE_SOUND_BLOCK];
    silbe_tuning_stream *tuning = NULL;
    if (plan->tuning != NULL) {
        silbe_try(err, silbe_tuning_stream_new(&plan->options.tuning, plan->tuning, &tuning, err));
    }
    for (size_t n = 1; n > 0 && !silbe_failed(err);) {
        silbe_try(err, silbe_sound_next(sound, mid, side, &n, err));
        if (tuning != NULL) {
            silbe_try(err, silbe_tuning_stream_push(tuning, mid, n, err));
        }
    }
    if (tuning != NULL) {
        silbe_try(err, silbe_tuning_stream_finish(tuning, &features->tuning, err));
    }
    if (!silbe_failed(err)) {
        features->audio = *silbe_sound_facts(sound);
    }
    silbe_tuning_stream_free(tuning);
}

/* The semitones low_pitch .. high_pitch of a stream of n_samples. */
static void pitch_stream_new(const silbe_stft_plan *plan, int low_pitch, int high_pitch,
                             double tuning_cents, size_t n_samples, silbe_filterbank *bank,
                             silbe_band_stream **stream, silbe_err *err)
{
    silbe_try(err, silbe_filterbank_pitch(bank, plan, low_pitch, high_pitch, tuning_cents, err));
    silbe_try(err, silbe_band_stream_new(plan, bank, n_samples, stream, err));
}

/* The middle, if the channels differ. */
static void middle_new(const silbe_features_plan *plan, const silbe_audio_facts *audio,
                       size_t n_samples, bands *b, silbe_err *err)
{
    if (silbe_failed(err) || plan->middle == NULL || !(audio->side_rms > LEAST_SIDE * audio->rms)) {
        return;
    }
    silbe_try(err, silbe_middle_new(plan->middle, &b->middle.stream, err));
    b->middle.block = silbe_alloc(SILBE_SOUND_BLOCK + silbe_middle_delay(plan->middle),
                                  sizeof(float), "samples", err);
    silbe_try(err,
              silbe_band_stream_new(plan->logmel, &plan->mel, n_samples, &b->logmel_middle, err));
}

static void bands_new(const silbe_features_plan *plan, const silbe_features *features,
                      size_t n_samples, bands *b, silbe_err *err)
{
    const silbe_features_options *o = &plan->options;
    double tuning_cents = features->tuning.cents;
    if (o->want_pitches) {
        pitch_stream_new(plan->chroma, o->chroma.low_pitch, o->chroma.high_pitch, tuning_cents,
                         n_samples, &b->chroma_bank, &b->chroma, err);
        pitch_stream_new(plan->onset, o->onset.low_pitch, o->onset.high_pitch, tuning_cents,
                         n_samples, &b->onset_bank, &b->onset, err);
    }
    if (plan->logmel != NULL) {
        silbe_try(err, silbe_band_stream_new(plan->logmel, &plan->mel, n_samples, &b->logmel, err));
        middle_new(plan, &features->audio, n_samples, b, err);
    }
}

static void bands_free(bands *b)
{
    silbe_band_stream_free(b->chroma);
    silbe_band_stream_free(b->onset);
    silbe_band_stream_free(b->logmel);
    silbe_band_stream_free(b->logmel_middle);
    silbe_middle_free(b->middle.stream);
    free(b->middle.block);
    silbe_filterbank_free(&b->chroma_bank);
    silbe_filterbank_free(&b->onset_bank);
}

static double energy_of(const float *samples, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)samples[i] * (double)samples[i];
    }
    return sum;
}

/* n samples of the middle that have become complete. */
static void take_middle(bands *b, size_t n, silbe_err *err)
{
    b->middle.energy += energy_of(b->middle.block, n);
    silbe_try(err, silbe_band_stream_push(b->logmel_middle, b->middle.block, n, err));
}

static void bands_push(bands *b, float *mid, const float *side, size_t n, float offset,
                       silbe_err *err)
{
    silbe_band_stream *const streams[] = {b->chroma, b->onset, b->logmel};
    for (size_t i = 0; i < n; i++) {
        mid[i] -= offset;
    }
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        if (streams[i] != NULL) {
            silbe_try(err, silbe_band_stream_push(streams[i], mid, n, err));
        }
    }
    if (b->middle.stream != NULL) {
        b->middle.mid_energy += energy_of(mid, n);
        take_middle(b, silbe_middle_push(b->middle.stream, mid, side, n, b->middle.block), err);
    }
}

/* Second pass: every sample, without the recording's mean, through every transform. */
static void analyse(silbe_sound *sound, double dc_offset, bands *b, silbe_err *err)
{
    float mid[SILBE_SOUND_BLOCK], side[SILBE_SOUND_BLOCK];
    silbe_try(err, silbe_sound_again(sound, err));
    for (size_t n = 1; n > 0 && !silbe_failed(err);) {
        silbe_try(err, silbe_sound_next(sound, mid, side, &n, err));
        if (!silbe_failed(err)) {
            bands_push(b, mid, side, n, (float)dc_offset, err);
        }
    }
}

static void finish_chroma(const silbe_features_plan *plan, bands *b, silbe_features *features,
                          silbe_err *err)
{
    silbe_matrix energy = SILBE_MATRIX_INIT;
    silbe_try(err, silbe_band_stream_finish(b->chroma, &energy, err));
    silbe_try(err,
              silbe_chroma_from_energy(&plan->options.chroma, &energy, &features->chroma, err));
    silbe_matrix_free(&energy);
}

/* The semitones' onsets, and what they give folded onto pitch classes. */
static void finish_onsets(const silbe_features_plan *plan, bands *b, silbe_features *features,
                          silbe_err *err)
{
    const silbe_features_options *o = &plan->options;
    silbe_matrix *pitches = &features->pitch_onset; /* E, then F, then N */
    silbe_try(err, silbe_band_stream_finish(b->onset, pitches, err));
    silbe_try(err, silbe_onset_difference(&o->onset, o->hop_s, pitches, err));
    silbe_try(err, silbe_onset_normalise(&o->onset, o->hop_s, pitches, err));
    silbe_try(err, silbe_onset_fold(&o->onset, pitches, &features->onset, err));
    silbe_try(err, silbe_onset_decay(&o->onset, o->hop_s, &features->onset, err));
}

static void finish_logmel(const silbe_features_plan *plan, bands *b, silbe_features *features,
                          silbe_err *err)
{
    if (b->logmel != NULL) {
        silbe_try(err, silbe_band_stream_finish(b->logmel, &features->logmel, err));
        silbe_logmel_compress(&plan->options.logmel, &features->logmel);
    }
}

static void finish_middle(const silbe_features_plan *plan, bands *b, silbe_features *features,
                          silbe_err *err)
{
    if (b->middle.stream == NULL || silbe_failed(err)) {
        return;
    }
    take_middle(b, silbe_middle_finish(b->middle.stream, b->middle.block), err);
    silbe_try(err, silbe_band_stream_finish(b->logmel_middle, &features->middle, err));
    if (b->middle.energy < LEAST_MIDDLE * b->middle.mid_energy) {
        silbe_matrix_free(&features->middle);
    }
    silbe_logmel_compress(&plan->options.logmel, &features->middle);
}

silbe_status silbe_features_run(const silbe_features_plan *plan, const char *path,
                                silbe_features *features, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *features = (silbe_features)SILBE_FEATURES_INIT;
    bands b = {0};
    silbe_sound *sound = NULL;
    silbe_try(err, silbe_sound_open(path, &plan->options.audio, plan->options.max_kept_samples,
                                    &sound, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    listen(plan, sound, features, err);
    bands_new(plan, features, silbe_sound_n_samples(sound), &b, err);
    analyse(sound, features->audio.dc_offset, &b, err);
    silbe_sound_close(sound);
    if (plan->options.want_pitches) {
        finish_chroma(plan, &b, features, err);
        finish_onsets(plan, &b, features, err);
    }
    finish_logmel(plan, &b, features, err);
    finish_middle(plan, &b, features, err);
    bands_free(&b);
    if (silbe_failed(err)) {
        silbe_features_free(features);
        return err->status;
    }
    features->hop_s = plan->options.hop_s;
    features->logmel_hop_s = plan->options.logmel.hop_s;
    features->rate_hz = plan->options.audio.rate_hz;
    features->duration_s = features->audio.duration_s;
    return SILBE_OK;
}

void silbe_features_free(silbe_features *features)
{
    silbe_matrix_free(&features->chroma);
    silbe_matrix_free(&features->onset);
    silbe_matrix_free(&features->pitch_onset);
    silbe_matrix_free(&features->logmel);
    silbe_matrix_free(&features->middle);
    *features = (silbe_features)SILBE_FEATURES_INIT;
}
