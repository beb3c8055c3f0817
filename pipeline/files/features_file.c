#include "pipeline/files/features_file.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "pipeline/host/json_file.h"
#include "pipeline/host/run_info.h"

static const char FORMAT[] = "silbe-features";
enum { VERSION = 1, N_PITCH_CLASSES = 12, N_MIDI = 128 };
#define MIN_HOP_S 1e-6
#define MAX_HOP_S 60.0

silbe_features_options silbe_features_options_from(const silbe_config *config)
{
    silbe_features_options o = silbe_features_options_default();
    o.audio.rate_hz = config->features.rate_hz;
    o.audio.min_duration_s = config->features.min_duration_s;
    o.audio.silence_peak = pow(10, config->features.silence_db / 20);
    o.audio.allow_truncated = config->features.allow_truncated;
    /* Divided, not multiplied by 1e-3: gives the double nearest to the decimal. */
    o.hop_s = config->features.hop_ms / 1000;
    o.chroma.window_samples = (size_t)config->features.chroma_window_samples;
    o.chroma.low_pitch = config->features.chroma_low_pitch;
    o.chroma.high_pitch = config->features.chroma_high_pitch;
    o.chroma.compression = config->features.chroma_compression;
    o.onset.window_samples = (size_t)config->features.onset_window_samples;
    o.onset.low_pitch = config->features.onset_low_pitch;
    o.onset.high_pitch = config->features.onset_high_pitch;
    o.onset.lag_s = config->features.onset_lag_ms / 1000;
    o.onset.compression = config->features.onset_compression;
    o.onset.norm_half_s = config->features.onset_norm_half_s;
    o.onset.norm_floor = config->features.onset_norm_floor;
    o.onset.norm_quantile = config->features.onset_norm_quantile;
    o.onset.decay_s = config->features.onset_decay_s;
    o.want_logmel = config->features.logmel;
    o.logmel.n_bands = (size_t)config->features.logmel_bands;
    o.logmel.low_hz = config->features.logmel_low_hz;
    o.logmel.high_hz = config->features.logmel_high_hz;
    o.logmel.window_s = config->features.logmel_window_ms / 1000;
    o.logmel.hop_s = config->features.logmel_hop_ms / 1000;
    o.want_middle = config->features.logmel && config->features.middle;
    return o;
}

static json_t *array_facts(const char *file, const silbe_matrix *matrix, double hop_s)
{
    return json_pack("{s:s, s:[I, I], s:f}", "file", file, "shape", (json_int_t)matrix->n_rows,
                     (json_int_t)matrix->n_cols, "hop_s", hop_s);
}

static json_t *pitch_classes(void)
{
    return json_pack("[s, s, s, s, s, s, s, s, s, s, s, s]", "C", "C#", "D", "D#", "E", "F", "F#",
                     "G", "G#", "A", "A#", "B");
}

/* NULL if memory is short. */
static json_t *as_json(const silbe_features_options *options, const silbe_features *f)
{
    json_t *chroma = array_facts("chroma.npy", &f->chroma, f->hop_s);
    json_t *onset = array_facts("onset.npy", &f->onset, f->hop_s);
    json_t *pitch_onset = array_facts("pitch_onset.npy", &f->pitch_onset, f->hop_s);
    json_t *arrays = json_object();
    /* Each _new call takes its value over, and fails on NULL. */
    int failed = json_object_set_new(chroma, "symbols", pitch_classes());
    failed |= json_object_set_new(onset, "symbols", pitch_classes());
    failed |= json_object_set_new(pitch_onset, "low_pitch", json_integer(options->onset.low_pitch));
    failed |= json_object_set_new(arrays, "chroma", chroma);
    failed |= json_object_set_new(arrays, "onset", onset);
    failed |= json_object_set_new(arrays, "pitch_onset", pitch_onset);
    if (options->want_logmel) {
        json_t *logmel = array_facts("logmel.npy", &f->logmel, f->logmel_hop_s);
        failed |= json_object_set_new(logmel, "low_hz", json_real(options->logmel.low_hz));
        failed |= json_object_set_new(logmel, "high_hz", json_real(options->logmel.high_hz));
        failed |= json_object_set_new(arrays, "logmel", logmel);
    }
    if (options->want_middle && f->middle.n_rows > 0) {
        failed |= json_object_set_new(arrays, "middle",
                                      array_facts("middle.npy", &f->middle, f->logmel_hop_s));
    }
    if (failed) {
        json_decref(arrays);
        return NULL;
    }
    json_t *format = json_string(f->audio.format);
    return json_pack(
        "{s:s, s:i, s:s, s:f, s:f, s:f, s:f, s:{s:o, s:f, s:i, s:f, s:f, s:f}, s:o}", "format",
        FORMAT, "version", VERSION, "program_version", silbe_version(), "duration_s", f->duration_s,
        "rate_hz", f->rate_hz, "tuning_cents", f->tuning.cents, "tuning_confidence",
        f->tuning.confidence, "audio", "format", format != NULL ? format : json_string("unknown"),
        "rate_hz", f->audio.file_rate_hz, "channels", f->audio.n_channels, "peak", f->audio.peak,
        "rms", f->audio.rms, "clipped_share", f->audio.clipped_share, "arrays", arrays);
}

silbe_status silbe_features_file_write(const char *path, const silbe_features_options *options,
                                       const silbe_features *features, silbe_err *err)
{
    return silbe_json_write(path, as_json(options, features), 2, err);
}

silbe_features_facts silbe_features_facts_of(const silbe_features_options *options,
                                             const silbe_features *f)
{
    silbe_features_facts facts = {.hop_s = f->hop_s,
                                  .duration_s = f->duration_s,
                                  .tuning_cents = f->tuning.cents,
                                  .onset_low_pitch = options->onset.low_pitch,
                                  .n_frames = f->chroma.n_rows,
                                  .n_onset_pitches = f->pitch_onset.n_cols,
                                  .rate_hz = f->rate_hz};
    if (options->want_logmel) {
        facts.n_logmel_frames = f->logmel.n_rows;
        facts.n_logmel_bands = f->logmel.n_cols;
        facts.logmel_hop_s = f->logmel_hop_s;
        facts.logmel_low_hz = options->logmel.low_hz;
        facts.logmel_high_hz = options->logmel.high_hz;
    }
    if (options->want_middle) {
        facts.n_middle_frames = f->middle.n_rows;
    }
    return facts;
}

/* Those of the middle, which not every recording has. */
static void parse_middle(const json_t *middle, silbe_features_facts *facts, silbe_err *err)
{
    size_t n_bands = 0;
    if (middle == NULL) {
        return;
    }
    silbe_try(err, silbe_json_take_shape(middle, "arrays.middle: ", &facts->n_middle_frames,
                                         &n_bands, err));
    if (!silbe_failed(err) &&
        (facts->n_middle_frames != facts->n_logmel_frames || n_bands != facts->n_logmel_bands)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "arrays.middle: %zu frames of %zu bands, but arrays.logmel has %zu of %zu",
                         facts->n_middle_frames, n_bands, facts->n_logmel_frames,
                         facts->n_logmel_bands);
    }
}

/* The log-mel bands, which are optional. */
static void parse_logmel(const json_t *logmel, silbe_features_facts *facts, silbe_err *err)
{
    static const char place[] = "arrays.logmel: ";
    const silbe_json_field wanted[] = {
        {"hop_s", 'F', &facts->logmel_hop_s, MIN_HOP_S, MAX_HOP_S},
        {"low_hz", 'F', &facts->logmel_low_hz, 0, HUGE_VAL},
        {"high_hz", 'F', &facts->logmel_high_hz, 0, HUGE_VAL},
    };
    if (logmel != NULL) {
        silbe_try(err, silbe_json_take(logmel, place, wanted, 3, false, err));
        silbe_try(err, silbe_json_take_shape(logmel, place, &facts->n_logmel_frames,
                                             &facts->n_logmel_bands, err));
    }
}

/* One of the arrays that must be there; all have the same frames. */
static void parse_array(const json_t *arrays, const char *name, silbe_features_facts *facts,
                        size_t *n_cols, silbe_err *err)
{
    char place[64];
    double hop_s = 0.0;
    size_t n_frames = 0;
    const json_t *array = json_object_get(arrays, name);
    bool is_first = facts->n_frames == 0;
    (void)snprintf(place, sizeof place, "arrays.%s: ", name);
    const silbe_json_field wanted[] = {{"hop_s", 'F', &hop_s, is_first ? MIN_HOP_S : facts->hop_s,
                                        is_first ? MAX_HOP_S : facts->hop_s}};
    silbe_try(err, silbe_json_take(array, place, wanted, 1, false, err));
    silbe_try(err, silbe_json_take_shape(array, place, &n_frames, n_cols, err));
    if (!silbe_failed(err) && !is_first && n_frames != facts->n_frames) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s%zu frames, but arrays.chroma has %zu", place,
                         n_frames, facts->n_frames);
    }
    facts->hop_s = hop_s;
    facts->n_frames = n_frames;
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    silbe_features_facts *facts = target;
    const json_t *arrays = NULL;
    json_int_t low_pitch = 0;
    size_t n_chroma = 0, n_onset = 0;
    const silbe_json_field head[] = {
        {"duration_s", 'F', &facts->duration_s, 0, HUGE_VAL},
        {"rate_hz", 'F', &facts->rate_hz, 1, HUGE_VAL},
        {"tuning_cents", 'F', &facts->tuning_cents, -100, 100},
        {"arrays", 'o', &arrays},
    };
    const silbe_json_field pitch[] = {{"low_pitch", 'I', &low_pitch, 0, N_MIDI - 1}};
    silbe_try(err, silbe_json_check_format(root, FORMAT, VERSION, err));
    silbe_try(err, silbe_json_take(root, "", head, sizeof head / sizeof head[0], false, err));
    parse_array(arrays, "chroma", facts, &n_chroma, err);
    parse_array(arrays, "onset", facts, &n_onset, err);
    parse_array(arrays, "pitch_onset", facts, &facts->n_onset_pitches, err);
    silbe_try(err, silbe_json_take(json_object_get(arrays, "pitch_onset"),
                                   "arrays.pitch_onset: ", pitch, 1, false, err));
    if (!silbe_failed(err) && (n_chroma != N_PITCH_CLASSES || n_onset != N_PITCH_CLASSES ||
                               facts->n_onset_pitches > N_MIDI)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "arrays of %zu, %zu and %zu columns, should be 12, 12 and at most %d",
                         n_chroma, n_onset, facts->n_onset_pitches, N_MIDI);
    }
    facts->onset_low_pitch = (int)low_pitch;
    parse_logmel(json_object_get(arrays, "logmel"), facts, err);
    parse_middle(json_object_get(arrays, "middle"), facts, err);
}

silbe_status silbe_features_file_read(const char *path, silbe_features_facts *facts, silbe_err *err)
{
    *facts = (silbe_features_facts){0};
    return silbe_json_parse(path, parse, facts, err);
}
