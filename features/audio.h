/*
 * Recordings as one channel of float32 samples at one working rate.
 *
 * Every format that libsndfile opens (WAV, AIFF, FLAC, Ogg, MP3, ...) is mixed down to the mean of
 * its channels (of two channels half their difference can be had, too), resampled by libsoxr (its
 * HQ recipe: 20 bits, linear phase, delay compensated) and delivered in blocks, so that a whole
 * opera act needs no more memory than one block. Sample i is the sound at i / rate_hz seconds; full
 * scale is +-1.
 */
#ifndef SILBE_AUDIO_H
#define SILBE_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

typedef struct {
    double rate_hz;        /* working rate, 4000 .. 192000; default 22050 */
    double min_duration_s; /* a shorter recording is SILBE_ERR_DATA; default 0.5 */
    double silence_peak;   /* half the range of the mono samples below which a recording counts as
                              silent, SILBE_ERR_DATA; default 1e-4 (-80 dB of full scale) */
    bool allow_truncated;  /* true: a file with fewer samples than its header says is read as far as
                              it goes and facts.missing_frames says how many are missing; default
                              false: SILBE_ERR_FORMAT */
    bool want_side;        /* for silbe_audio_reader_read_sides; default false */
} silbe_audio_options;

silbe_audio_options silbe_audio_options_default(void);

/* What is worth a line in a log. Complete once the last block has been read. */
typedef struct {
    char format[96];      /* libsndfile's words, for example "WAV (Microsoft), Signed 16 bit PCM" */
    double file_rate_hz;  /* rate in the file */
    int n_channels;       /* in the file */
    uint64_t file_frames; /* samples per channel that were read from the file */
    uint64_t missing_frames; /* samples per channel that the header promises and the file lacks */
    double duration_s;       /* file_frames / file_rate_hz */
    double peak;             /* greatest |sample| of the mono signal at the file's rate */
    double rms;              /* root mean square of the mono signal, offset included */
    double side_rms;         /* the same of half the difference of two channels; else 0 */
    double dc_offset;        /* mean of the mono signal */
    double clipped_share;    /* 0..1: share of the samples of all channels with |x| >= 0.9995 */
} silbe_audio_facts;

typedef struct {
    float *samples; /* n_samples values, owned */
    size_t n_samples;
    double rate_hz;
    silbe_audio_facts facts;
} silbe_audio;

#define SILBE_AUDIO_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

/*
 * Reads a whole recording; the mean of the signal (facts.dc_offset) is removed. The caller frees
 * *audio with silbe_audio_free. Errors, each with file, position and what to do:
 *   SILBE_ERR_IO      the file is missing, a folder, unreadable
 *   SILBE_ERR_FORMAT  empty, not audio, rate or channel count absurd, truncated
 *   SILBE_ERR_DATA    NaN or infinity (with its time), silent, shorter than min_duration_s
 *   SILBE_ERR_ARGUMENT, SILBE_ERR_MEMORY
 * Safe to call from several threads at once.
 */
SILBE_MUST_CHECK silbe_status silbe_audio_read(const char *path, const silbe_audio_options *options,
                                               silbe_audio *audio, silbe_err *err);

void silbe_audio_free(silbe_audio *audio);

/* The same in blocks; the mean is not removed (it is known only at the end). */
typedef struct silbe_audio_reader silbe_audio_reader;

/* Opens path. The caller closes *reader, which is NULL after a failure. */
SILBE_MUST_CHECK silbe_status silbe_audio_reader_open(const char *path,
                                                      const silbe_audio_options *options,
                                                      silbe_audio_reader **reader, silbe_err *err);

/* Writes the next samples, at most capacity, to block. *n_read == 0 is the end of the recording;
 * the call that finds the end makes the checks that need the whole recording (truncated, silent,
 * too short). The samples do not depend on the capacities asked for. */
SILBE_MUST_CHECK silbe_status silbe_audio_reader_read(silbe_audio_reader *reader, float *block,
                                                      size_t capacity, size_t *n_read,
                                                      silbe_err *err);

/* The same, and half the difference of the first and second channel of a recording with two (zeros
 * of any other): options.want_side must be true. mid holds the same bits as block above. */
SILBE_MUST_CHECK silbe_status silbe_audio_reader_read_sides(silbe_audio_reader *reader, float *mid,
                                                            float *side, size_t capacity,
                                                            size_t *n_read, silbe_err *err);

/* Samples at the working rate that the header promises; 0 if it does not say. A hint only. */
size_t silbe_audio_reader_expected_samples(const silbe_audio_reader *reader);

/* Owned by the reader; complete after the end of the recording has been read. */
const silbe_audio_facts *silbe_audio_reader_facts(const silbe_audio_reader *reader);

void silbe_audio_reader_close(silbe_audio_reader *reader);

#endif
