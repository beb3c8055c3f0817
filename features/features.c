#include "features/features.h"

#include <stdlib.h>
#include <string.h>

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
        .want_logmel = true,
        .max_kept_samples = (size_t)1 << 24,
    };
}

silbe_status silbe_features_plan_new(const silbe_features_options *options,
                                     silbe_features_plan **out, silbe_err *err)
{
    *out = NULL;
    silbe_features_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for the features");
    }
    plan->options = *options;
    double rate_hz = options->audio.rate_hz;
    silbe_status status = silbe_tuning_plan_new(&options->tuning, rate_hz, &plan->tuning, err);
    if (status == SILBE_OK) {
        status =
            silbe_chroma_plan_new(&options->chroma, rate_hz, options->hop_s, &plan->chroma, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_plan_new(&options->onset, rate_hz, options->hop_s, &plan->onset, err);
    }
    if (status == SILBE_OK && options->want_logmel) {
        const silbe_logmel_options *mel = &options->logmel;
        status = silbe_logmel_plan_new(mel, rate_hz, &plan->logmel, err);
        if (status == SILBE_OK) {
            status = silbe_filterbank_mel(&plan->mel, plan->logmel, mel->n_bands, mel->low_hz,
                                          mel->high_hz, mel->scale, err);
        }
    }
    if (status != SILBE_OK) {
        silbe_features_plan_free(plan);
        return status;
    }
    *out = plan;
    return SILBE_OK;
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
    if (s->kept == NULL) {
        return;
    }
    size_t wanted = s->n_samples + n;
    if (wanted > *capacity) {
        size_t larger = wanted + wanted / 2;
        float *grown = wanted <= max_kept ? realloc(s->kept, larger * sizeof(float)) : NULL;
        if (grown == NULL) {
            free(s->kept);
            s->kept = NULL;
            return;
        }
        s->kept = grown;
        *capacity = larger;
    }
    memcpy(s->kept + s->n_samples, block, n * sizeof(float));
}

/* First pass: checks, facts and tuning of the whole recording. */
static silbe_status listen(const silbe_features_plan *plan, sound *s, silbe_features *features,
                           silbe_err *err)
{
    float block[BLOCK_SAMPLES];
    silbe_audio_reader *reader = NULL;
    silbe_tuning_stream *tuning = NULL;
    size_t n = 0;
    silbe_status status = silbe_audio_reader_open(s->path, &plan->options.audio, &reader, err);
    if (status == SILBE_OK) {
        status = silbe_tuning_stream_new(&plan->options.tuning, plan->tuning, &tuning, err);
    }
    if (status != SILBE_OK) {
        goto done;
    }
    size_t capacity = silbe_audio_reader_expected_samples(reader) + BLOCK_SAMPLES;
    if (capacity <= plan->options.max_kept_samples) {
        s->kept = malloc(capacity * sizeof(float));
    }
    for (;;) {
        status = silbe_audio_reader_read(reader, block, BLOCK_SAMPLES, &n, err);
        if (status != SILBE_OK || n == 0) {
            break;
        }
        status = silbe_tuning_stream_push(tuning, block, n, err);
        if (status != SILBE_OK) {
            break;
        }
        keep(s, block, n, plan->options.max_kept_samples, &capacity);
        s->n_samples += n;
    }
    if (status == SILBE_OK) {
        features->audio = *silbe_audio_reader_facts(reader);
        status = silbe_tuning_stream_finish(tuning, &features->tuning, err);
    }
done:
    silbe_tuning_stream_free(tuning);
    silbe_audio_reader_close(reader);
    return status;
}

/* The semitones low_pitch .. high_pitch of a stream of n_samples. */
static silbe_status pitch_stream_new(const silbe_stft_plan *plan, int low_pitch, int high_pitch,
                                     double tuning_cents, size_t n_samples, silbe_filterbank *bank,
                                     silbe_band_stream **stream, silbe_err *err)
{
    silbe_status status =
        silbe_filterbank_pitch(bank, plan, low_pitch, high_pitch, tuning_cents, err);
    if (status == SILBE_OK) {
        status = silbe_band_stream_new(plan, bank, n_samples, stream, err);
    }
    return status;
}

static silbe_status bands_new(const silbe_features_plan *plan, double tuning_cents,
                              size_t n_samples, bands *b, silbe_err *err)
{
    const silbe_features_options *o = &plan->options;
    silbe_status status =
        pitch_stream_new(plan->chroma, o->chroma.low_pitch, o->chroma.high_pitch, tuning_cents,
                         n_samples, &b->chroma_bank, &b->chroma, err);
    if (status == SILBE_OK) {
        status = pitch_stream_new(plan->onset, o->onset.low_pitch, o->onset.high_pitch,
                                  tuning_cents, n_samples, &b->onset_bank, &b->onset, err);
    }
    if (status == SILBE_OK && plan->logmel != NULL) {
        status = silbe_band_stream_new(plan->logmel, &plan->mel, n_samples, &b->logmel, err);
    }
    return status;
}

static void bands_free(bands *b)
{
    silbe_band_stream_free(b->chroma);
    silbe_band_stream_free(b->onset);
    silbe_band_stream_free(b->logmel);
    silbe_filterbank_free(&b->chroma_bank);
    silbe_filterbank_free(&b->onset_bank);
}

static silbe_status bands_push(bands *b, float *block, size_t n, float offset, silbe_err *err)
{
    silbe_band_stream *const streams[] = {b->chroma, b->onset, b->logmel};
    for (size_t i = 0; i < n; i++) {
        block[i] -= offset;
    }
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        silbe_status status =
            streams[i] == NULL ? SILBE_OK : silbe_band_stream_push(streams[i], block, n, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status decode_again(const silbe_features_plan *plan, const sound *s, float offset,
                                 bands *b, silbe_err *err)
{
    float block[BLOCK_SAMPLES];
    silbe_audio_reader *reader = NULL;
    size_t n = 0;
    size_t n_samples = 0;
    silbe_status status = silbe_audio_reader_open(s->path, &plan->options.audio, &reader, err);
    while (status == SILBE_OK) {
        status = silbe_audio_reader_read(reader, block, BLOCK_SAMPLES, &n, err);
        if (status != SILBE_OK || n == 0) {
            break;
        }
        n_samples += n;
        status = bands_push(b, block, n, offset, err);
    }
    if (status == SILBE_OK && n_samples != s->n_samples) {
        status = silbe_fail(err, SILBE_ERR_IO,
                            "%s: changed while it was read: %zu samples, then %zu; run again",
                            s->path, s->n_samples, n_samples);
    }
    silbe_audio_reader_close(reader);
    return status;
}

/* Second pass: every sample, without the recording's mean, through every transform. */
static silbe_status analyse(const silbe_features_plan *plan, sound *s, double dc_offset, bands *b,
                            silbe_err *err)
{
    float offset = (float)dc_offset;
    if (s->kept == NULL) {
        return decode_again(plan, s, offset, b, err);
    }
    for (size_t begin = 0; begin < s->n_samples; begin += BLOCK_SAMPLES) {
        size_t left = s->n_samples - begin;
        size_t n = left < BLOCK_SAMPLES ? left : BLOCK_SAMPLES;
        silbe_status status = bands_push(b, s->kept + begin, n, offset, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status finish_chroma(const silbe_features_plan *plan, bands *b,
                                  silbe_features *features, silbe_err *err)
{
    silbe_matrix energy = SILBE_MATRIX_INIT;
    silbe_status status = silbe_band_stream_finish(b->chroma, &energy, err);
    if (status == SILBE_OK) {
        status = silbe_chroma_from_energy(&plan->options.chroma, &energy, &features->chroma, err);
    }
    silbe_matrix_free(&energy);
    return status;
}

/* The semitones' onsets, and what they give folded onto pitch classes. */
static silbe_status finish_onsets(const silbe_features_plan *plan, bands *b,
                                  silbe_features *features, silbe_err *err)
{
    const silbe_features_options *o = &plan->options;
    silbe_matrix *pitches = &features->pitch_onset; /* E, then F, then N */
    silbe_status status = silbe_band_stream_finish(b->onset, pitches, err);
    if (status == SILBE_OK) {
        status = silbe_onset_difference(&o->onset, o->hop_s, pitches, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_normalise(&o->onset, o->hop_s, pitches, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_fold(&o->onset, pitches, &features->onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_decay(&o->onset, o->hop_s, &features->onset, err);
    }
    return status;
}

static silbe_status finish_logmel(const silbe_features_plan *plan, bands *b,
                                  silbe_features *features, silbe_err *err)
{
    if (b->logmel == NULL) {
        return SILBE_OK;
    }
    silbe_status status = silbe_band_stream_finish(b->logmel, &features->logmel, err);
    if (status == SILBE_OK) {
        silbe_logmel_compress(&plan->options.logmel, &features->logmel);
    }
    return status;
}

silbe_status silbe_features_run(const silbe_features_plan *plan, const char *path,
                                silbe_features *features, silbe_err *err)
{
    *features = (silbe_features)SILBE_FEATURES_INIT;
    sound s = {.path = path};
    bands b = {0};
    silbe_status status = listen(plan, &s, features, err);
    if (status == SILBE_OK) {
        status = bands_new(plan, features->tuning.cents, s.n_samples, &b, err);
    }
    if (status == SILBE_OK) {
        status = analyse(plan, &s, features->audio.dc_offset, &b, err);
    }
    free(s.kept);
    if (status == SILBE_OK) {
        status = finish_chroma(plan, &b, features, err);
    }
    if (status == SILBE_OK) {
        status = finish_onsets(plan, &b, features, err);
    }
    if (status == SILBE_OK) {
        status = finish_logmel(plan, &b, features, err);
    }
    bands_free(&b);
    if (status != SILBE_OK) {
        silbe_features_free(features);
        return status;
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
