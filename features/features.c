#include "features/features.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/array.h"
#include "features/base/memory.h"
#include "features/filterbank.h"

enum { BLOCK_SAMPLES = 1 << 14 };

struct silbe_features_plan {
    silbe_features_options options;
    silbe_stft_plan *tuning, *chroma, *onset, *logmel;
    silbe_filterbank mel;
};

/* A recording between the two passes. */
typedef struct {
    const char *path;
    float *kept; /* n_samples values, or NULL if it must be decoded again */
    size_t n_samples;
} sound;

/* The band energies that the second pass fills. */
typedef struct {
    silbe_filterbank chroma_bank, onset_bank;
    silbe_band_stream *chroma, *onset, *logmel;
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
    silbe_filterbank_free(&plan->mel);
    free(plan);
}

/* Keeps a block of the first pass, or gives up keeping. */
static void keep(sound *s, const float *block, size_t n, size_t max_kept, size_t *capacity)
{
    size_t wanted = s->n_samples + n;
    while (s->kept != NULL && wanted > *capacity) {
        void *grown = wanted <= max_kept
                          ? silbe_array_grow(s->kept, *capacity, capacity, sizeof(float))
                          : NULL;
        if (grown == NULL) {
            free(s->kept);
        }
        s->kept = grown;
    }
    if (s->kept != NULL) {
        memcpy(s->kept + s->n_samples, block, n * sizeof(float));
    }
}

/* First pass: checks, facts and tuning of the whole recording. */
static void listen(const silbe_features_plan *plan, sound *s, silbe_features *features,
                   silbe_err *err)
{
    float block[BLOCK_SAMPLES];
    silbe_audio_reader *reader = NULL;
    silbe_tuning_stream *tuning = NULL;
    silbe_try(err, silbe_audio_reader_open(s->path, &plan->options.audio, &reader, err));
    if (plan->tuning != NULL) {
        silbe_try(err, silbe_tuning_stream_new(&plan->options.tuning, plan->tuning, &tuning, err));
    }
    size_t capacity = reader != NULL ? silbe_audio_reader_expected_samples(reader) : 0;
    capacity += BLOCK_SAMPLES;
    if (capacity <= plan->options.max_kept_samples) {
        s->kept = malloc(capacity * sizeof(float));
    }
    for (size_t n = 1; n > 0 && !silbe_failed(err);) {
        silbe_try(err, silbe_audio_reader_read(reader, block, BLOCK_SAMPLES, &n, err));
        if (tuning != NULL) {
            silbe_try(err, silbe_tuning_stream_push(tuning, block, n, err));
        }
        keep(s, block, n, plan->options.max_kept_samples, &capacity);
        s->n_samples += n;
    }
    if (tuning != NULL) {
        silbe_try(err, silbe_tuning_stream_finish(tuning, &features->tuning, err));
    }
    if (!silbe_failed(err)) {
        features->audio = *silbe_audio_reader_facts(reader);
    }
    silbe_tuning_stream_free(tuning);
    silbe_audio_reader_close(reader);
}

/* The semitones low_pitch .. high_pitch of a stream of n_samples. */
static void pitch_stream_new(const silbe_stft_plan *plan, int low_pitch, int high_pitch,
                             double tuning_cents, size_t n_samples, silbe_filterbank *bank,
                             silbe_band_stream **stream, silbe_err *err)
{
    silbe_try(err, silbe_filterbank_pitch(bank, plan, low_pitch, high_pitch, tuning_cents, err));
    silbe_try(err, silbe_band_stream_new(plan, bank, n_samples, stream, err));
}

static void bands_new(const silbe_features_plan *plan, double tuning_cents, size_t n_samples,
                      bands *b, silbe_err *err)
{
    const silbe_features_options *o = &plan->options;
    if (o->want_pitches) {
        pitch_stream_new(plan->chroma, o->chroma.low_pitch, o->chroma.high_pitch, tuning_cents,
                         n_samples, &b->chroma_bank, &b->chroma, err);
        pitch_stream_new(plan->onset, o->onset.low_pitch, o->onset.high_pitch, tuning_cents,
                         n_samples, &b->onset_bank, &b->onset, err);
    }
    if (plan->logmel != NULL) {
        silbe_try(err, silbe_band_stream_new(plan->logmel, &plan->mel, n_samples, &b->logmel, err));
    }
}

static void bands_free(bands *b)
{
    silbe_band_stream_free(b->chroma);
    silbe_band_stream_free(b->onset);
    silbe_band_stream_free(b->logmel);
    silbe_filterbank_free(&b->chroma_bank);
    silbe_filterbank_free(&b->onset_bank);
}

static void bands_push(bands *b, float *block, size_t n, float offset, silbe_err *err)
{
    silbe_band_stream *const streams[] = {b->chroma, b->onset, b->logmel};
    for (size_t i = 0; i < n; i++) {
        block[i] -= offset;
    }
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        if (streams[i] != NULL) {
            silbe_try(err, silbe_band_stream_push(streams[i], block, n, err));
        }
    }
}

static void decode_again(const silbe_features_plan *plan, const sound *s, float offset, bands *b,
                         silbe_err *err)
{
    float block[BLOCK_SAMPLES];
    silbe_audio_reader *reader = NULL;
    size_t n_samples = 0;
    silbe_try(err, silbe_audio_reader_open(s->path, &plan->options.audio, &reader, err));
    for (size_t n = 1; n > 0 && !silbe_failed(err); n_samples += n) {
        silbe_try(err, silbe_audio_reader_read(reader, block, BLOCK_SAMPLES, &n, err));
        bands_push(b, block, n, offset, err);
    }
    if (n_samples != s->n_samples) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_IO,
                                  "%s: changed while it was read: %zu samples, then %zu; run again",
                                  s->path, s->n_samples, n_samples));
    }
    silbe_audio_reader_close(reader);
}

/* Second pass: every sample, without the recording's mean, through every transform. */
static void analyse(const silbe_features_plan *plan, sound *s, double dc_offset, bands *b,
                    silbe_err *err)
{
    float offset = (float)dc_offset;
    if (s->kept == NULL) {
        decode_again(plan, s, offset, b, err);
        return;
    }
    for (size_t begin = 0; begin < s->n_samples && !silbe_failed(err); begin += BLOCK_SAMPLES) {
        size_t left = s->n_samples - begin;
        size_t n = left < BLOCK_SAMPLES ? left : BLOCK_SAMPLES;
        bands_push(b, s->kept + begin, n, offset, err);
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

silbe_status silbe_features_run(const silbe_features_plan *plan, const char *path,
                                silbe_features *features, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *features = (silbe_features)SILBE_FEATURES_INIT;
    sound s = {.path = path};
    bands b = {0};
    listen(plan, &s, features, err);
    bands_new(plan, features->tuning.cents, s.n_samples, &b, err);
    analyse(plan, &s, features->audio.dc_offset, &b, err);
    free(s.kept);
    if (plan->options.want_pitches) {
        finish_chroma(plan, &b, features, err);
        finish_onsets(plan, &b, features, err);
    }
    finish_logmel(plan, &b, features, err);
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
    *features = (silbe_features)SILBE_FEATURES_INIT;
}
