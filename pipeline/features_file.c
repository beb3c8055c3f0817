#include "pipeline/features_file.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "pipeline/json_file.h"
#include "pipeline/run_info.h"

static const char FORMAT[] = "silbe-features";
enum { VERSION = 1, N_PITCH_CLASSES = 12, MAX_FRAMES = 1 << 30, N_MIDI = 128 };

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

static bool get_number(const json_t *object, const char *key, double low, double high,
                       double *value)
{
    const json_t *number = json_object_get(object, key);
    *value = json_number_value(number);
    return json_is_number(number) && *value >= low && *value <= high;
}

/* The shape of an array whose hop must be hop_s; false if it is not as it should be. */
static bool get_shape(const json_t *array, double hop_s, json_int_t *n_rows, json_int_t *n_cols)
{
    const json_t *shape = json_object_get(array, "shape");
    double hop = 0;
    *n_rows = json_integer_value(json_array_get(shape, 0));
    *n_cols = json_integer_value(json_array_get(shape, 1));
    return json_array_size(shape) == 2 && *n_rows > 0 && *n_rows <= MAX_FRAMES && *n_cols > 0 &&
           get_number(array, "hop_s", hop_s, hop_s, &hop);
}

/* The log-mel bands, which are optional. */
static silbe_status parse_logmel(const json_t *logmel, silbe_features_facts *facts, silbe_err *err)
{
    json_int_t n_frames = 0, n_bands = 0;
    if (logmel == NULL) {
        return SILBE_OK;
    }
    if (!get_number(logmel, "hop_s", 1e-6, 60, &facts->logmel_hop_s) ||
        !get_shape(logmel, facts->logmel_hop_s, &n_frames, &n_bands) ||
        !get_number(logmel, "low_hz", 0, HUGE_VAL, &facts->logmel_low_hz) ||
        !get_number(logmel, "high_hz", 0, HUGE_VAL, &facts->logmel_high_hz)) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "hop_s, shape, low_hz or high_hz in arrays.logmel is missing or wrong");
    }
    facts->n_logmel_frames = (size_t)n_frames;
    facts->n_logmel_bands = (size_t)n_bands;
    return SILBE_OK;
}

static silbe_status parse(const json_t *root, silbe_features_facts *facts, silbe_err *err)
{
    const json_t *arrays = json_object_get(root, "arrays");
    const json_t *pitch_onset = json_object_get(arrays, "pitch_onset");
    const char *format = json_string_value(json_object_get(root, "format"));
    json_int_t n_frames[3] = {0, 0, 0};
    json_int_t n_cols[3] = {0, 0, 0};
    double low_pitch = 0;
    if (format == NULL || strcmp(format, FORMAT) != 0 ||
        json_integer_value(json_object_get(root, "version")) != VERSION) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "is not a %s file of version %d", FORMAT, VERSION);
    }
    if (!get_number(root, "duration_s", 0, HUGE_VAL, &facts->duration_s) ||
        !get_number(root, "rate_hz", 1, HUGE_VAL, &facts->rate_hz) ||
        !get_number(root, "tuning_cents", -100, 100, &facts->tuning_cents)) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "duration_s, rate_hz or tuning_cents is missing or wrong");
    }
    if (!get_number(json_object_get(arrays, "chroma"), "hop_s", 1e-6, 60, &facts->hop_s) ||
        !get_shape(json_object_get(arrays, "chroma"), facts->hop_s, &n_frames[0], &n_cols[0]) ||
        !get_shape(json_object_get(arrays, "onset"), facts->hop_s, &n_frames[1], &n_cols[1]) ||
        !get_shape(pitch_onset, facts->hop_s, &n_frames[2], &n_cols[2]) ||
        !get_number(pitch_onset, "low_pitch", 0, N_MIDI - 1, &low_pitch) ||
        n_cols[0] != N_PITCH_CLASSES || n_cols[1] != N_PITCH_CLASSES || n_cols[2] > N_MIDI ||
        n_frames[0] != n_frames[1] || n_frames[0] != n_frames[2]) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "hop_s, shape or low_pitch in arrays is missing "
                          "or wrong");
    }
    facts->n_frames = (size_t)n_frames[0];
    facts->n_onset_pitches = (size_t)n_cols[2];
    facts->onset_low_pitch = (int)low_pitch;
    return parse_logmel(json_object_get(arrays, "logmel"), facts, err);
}

silbe_status silbe_features_file_read(const char *path, silbe_features_facts *facts, silbe_err *err)
{
    json_error_t error;
    *facts = (silbe_features_facts){0};
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        bool is_unreadable = json_error_code(&error) == json_error_cannot_open_file;
        return silbe_fail(err, is_unreadable ? SILBE_ERR_IO : SILBE_ERR_FORMAT, "%s:%d:%d: %s",
                          path, error.line, error.column, error.text);
    }
    silbe_status status = parse(root, facts, err);
    json_decref(root);
    return status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, path);
}
