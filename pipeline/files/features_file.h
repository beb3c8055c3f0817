/*
 * work/<dataset>/features/<item>.features.json: what is needed to read the item's .npy files.
 *
 *   { "format": "silbe-features", "version": 1, "program_version": "0.1.0", "duration_s": ...,
 *     "rate_hz": ..., "tuning_cents": ..., "tuning_confidence": ...,
 *     "audio": {"format": "...", "rate_hz": ..., "channels": n, "peak": ..., "rms": ...,
 *               "clipped_share": ...},
 *     "arrays": {"chroma":      {"file": "chroma.npy", "shape": [frames, 12], "hop_s": ...,
 *                                "symbols": ["C", "C#", ...]},
 *                "onset":       the same,
 *                "pitch_onset": {..., "low_pitch": 36},       column c is MIDI note low_pitch + c
 *                "logmel":      {..., "low_hz": ..., "high_hz": ...},         or absent
 *                "middle":      {...}} }     or absent: there is none
 *
 * Frame t of an array is centred on t * hop_s seconds.
 */
#ifndef SILBE_FEATURES_FILE_H
#define SILBE_FEATURES_FILE_H

#include "features/features.h"
#include "pipeline/settings/config.h"

/* The options of the library that the settings ask for. */
silbe_features_options silbe_features_options_from(const silbe_config *config);

SILBE_MUST_CHECK silbe_status silbe_features_file_write(const char *path,
                                                        const silbe_features_options *options,
                                                        const silbe_features *features,
                                                        silbe_err *err);

/* What later stages need of the file. */
typedef struct {
    double hop_s; /* of chroma, onset and pitch_onset */
    double duration_s;
    double tuning_cents;
    int onset_low_pitch;    /* MIDI note of column 0 of pitch_onset */
    size_t n_frames;        /* of chroma, onset and pitch_onset */
    size_t n_onset_pitches; /* columns of pitch_onset */
    double rate_hz;         /* of the samples */
    size_t n_logmel_frames; /* 0 if there are no log-mel bands; so are those below */
    size_t n_logmel_bands;
    size_t n_middle_frames; /* as n_logmel_frames, or 0 */
    double logmel_hop_s;
    double logmel_low_hz;
    double logmel_high_hz;
} silbe_features_facts;

/* What the file would say of features that were made with these options. */
silbe_features_facts silbe_features_facts_of(const silbe_features_options *options,
                                             const silbe_features *features);

/* SILBE_ERR_IO; SILBE_ERR_FORMAT if it is not such a file, naming the field. */
SILBE_MUST_CHECK silbe_status silbe_features_file_read(const char *path,
                                                       silbe_features_facts *facts, silbe_err *err);

#endif
