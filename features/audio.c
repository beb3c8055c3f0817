#define _POSIX_C_SOURCE 200809L /* stat */

#include "features/audio.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sndfile.h>
#include <soxr.h>

#include "features/audio_header.h"
#include "features/base/memory.h"

enum {
    BLOCK_VALUES = 1 << 16, /* samples of all channels decoded at a time; >= SF_MAX_CHANNELS */
    MAX_CHANNELS = 1024,    /* libsndfile's own limit */
    PAIRS = 4096,           /* samples of mid and side at a time */
};

static const double MIN_FILE_RATE_HZ = 1000.0;
static const double MAX_FILE_RATE_HZ = 1e6;
static const float CLIP_LEVEL = 0.9995F;
/* Powers of samples beyond this would leave the range of float in the spectra. */
static const double MAX_PEAK = 1e6;

/* A failed sf_open leaves its reason in static variables of libsndfile (sndfile.c), so opening and
 * asking for the reason must be one step among threads. */
static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;

struct silbe_audio_reader {
    char *path;
    SNDFILE *file;
    soxr_t resampler; /* NULL when the file has the working rate */
    silbe_audio_options options;
    silbe_audio_facts facts;
    silbe_audio_header header;
    size_t n_channels;
    size_t n_mixed;                /* signals that are made of the channels: mid, or mid and side */
    float *interleaved;            /* block_frames * n_channels */
    float *mixed;                  /* block_frames * n_mixed */
    float *pairs;                  /* PAIRS * n_mixed: what read_sides hands out next */
    size_t block_frames;           /* capacity of a block */
    size_t mixed_begin, mixed_end; /* frames of the block that are not used up */
    bool source_ended;             /* the file has no more samples, and passed the last checks */
    double sum, sum_squares;       /* over the mono signal at the file's rate */
    double side_squares;
    double lowest, highest;
    uint64_t n_clipped;
};

silbe_audio_options silbe_audio_options_default(void)
{
    return (silbe_audio_options){
        .rate_hz = 22050.0,
        .min_duration_s = 0.5,
        .silence_peak = 1e-4,
        .allow_truncated = false,
    };
}

static silbe_status check_options(const silbe_audio_options *options, silbe_err *err)
{
    if (!(options->rate_hz >= 4000.0 && options->rate_hz <= 192000.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "working rate should be 4000 .. 192000 Hz, got %g", options->rate_hz);
    }
    if (!(options->min_duration_s >= 0.0) || !(options->silence_peak >= 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "min_duration_s and silence_peak should be >= 0, got %g and %g",
                          options->min_duration_s, options->silence_peak);
    }
    return SILBE_OK;
}

static silbe_status check_is_file(const char *path, silbe_err *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot open the recording: %s", path,
                          strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: is %s, not a file; give the path of a recording",
                          path, S_ISDIR(info.st_mode) ? "a folder" : "a device or pipe");
    }
    if (info.st_size == 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: the file is empty (0 bytes); copy or download it again", path);
    }
    return SILBE_OK;
}

static void open_file(silbe_audio_reader *reader, SF_INFO *info, silbe_err *err)
{
    silbe_try(err, check_is_file(reader->path, err));
    if (silbe_failed(err)) {
        return;
    }
    (void)pthread_mutex_lock(&open_mutex);
    errno = 0;
    reader->file = sf_open(reader->path, SFM_READ, info);
    if (reader->file == NULL) {
        /* libsndfile's own words for it are "internal error: SF_INFO struct incomplete". */
        bool bad_header = strstr(sf_strerror(NULL), "SF_INFO") != NULL;
        bool unreadable = errno == EACCES || errno == EPERM || errno == EIO;
        (void)(unreadable
                   ? silbe_fail(err, SILBE_ERR_IO, "%s: cannot read the recording: %s",
                                reader->path, strerror(errno))
                   : silbe_fail(err, SILBE_ERR_FORMAT,
                                "%s: not a sound file that can be read (%s); convert it to WAV or "
                                "FLAC",
                                reader->path,
                                bad_header ? "its header gives no valid sample rate, such as 0 Hz"
                                           : sf_strerror(NULL)));
    }
    (void)pthread_mutex_unlock(&open_mutex);
}

static silbe_status check_format(const silbe_audio_reader *reader, const SF_INFO *info,
                                 silbe_err *err)
{
    if (!(info->samplerate >= MIN_FILE_RATE_HZ && info->samplerate <= MAX_FILE_RATE_HZ)) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: the header says %d Hz, expected %g .. %g; the header is damaged, "
                          "export the recording again",
                          reader->path, info->samplerate, MIN_FILE_RATE_HZ, MAX_FILE_RATE_HZ);
    }
    if (info->channels < 1 || info->channels > MAX_CHANNELS) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: the header says %d channels, expected 1 .. %d; the header is "
                          "damaged, export the recording again",
                          reader->path, info->channels, MAX_CHANNELS);
    }
    return SILBE_OK;
}

static void make_resampler(silbe_audio_reader *reader, silbe_err *err)
{
    if (silbe_failed(err) || reader->facts.file_rate_hz == reader->options.rate_hz) {
        return;
    }
    soxr_error_t reason = NULL;
    soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    reader->resampler = soxr_create(reader->facts.file_rate_hz, reader->options.rate_hz,
                                    (unsigned)reader->n_mixed, &reason, &io, &quality, &runtime);
    if (reader->resampler == NULL || reason != NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: cannot resample from %g to %g Hz: %s",
                         reader->path, reader->facts.file_rate_hz, reader->options.rate_hz,
                         soxr_strerror(reason));
    }
}

static void prepare(silbe_audio_reader *reader, silbe_err *err)
{
    SF_INFO info = {0};
    open_file(reader, &info, err);
    silbe_try(err, check_format(reader, &info, err));
    if (silbe_failed(err)) {
        return;
    }
    silbe_audio_header_read(reader->path, reader->file, &info, &reader->header,
                            reader->facts.format, sizeof reader->facts.format);
    reader->facts.file_rate_hz = info.samplerate;
    reader->facts.n_channels = info.channels;
    reader->n_channels = (size_t)info.channels;
    reader->block_frames = BLOCK_VALUES / reader->n_channels;
    reader->interleaved =
        silbe_alloc(reader->block_frames * reader->n_channels, sizeof(float), "samples", err);
    reader->n_mixed = reader->options.want_side && reader->n_channels == 2 ? 2 : 1;
    reader->mixed =
        silbe_alloc(reader->block_frames * reader->n_mixed, sizeof(float), "samples", err);
    reader->pairs = silbe_alloc(PAIRS * reader->n_mixed, sizeof(float), "samples", err);
    make_resampler(reader, err);
}

silbe_status silbe_audio_reader_open(const char *path, const silbe_audio_options *options,
                                     silbe_audio_reader **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    silbe_try(err, check_options(options, err));
    silbe_audio_reader *reader = silbe_alloc(1, sizeof *reader, "recording", err);
    if (reader == NULL) {
        return err->status;
    }
    reader->path = silbe_copy_text(path, err);
    reader->options = *options;
    reader->lowest = INFINITY;
    reader->highest = -INFINITY;
    prepare(reader, err);
    if (silbe_failed(err)) {
        silbe_audio_reader_close(reader);
    } else {
        *out = reader;
    }
    return err->status;
}

void silbe_audio_reader_close(silbe_audio_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->file != NULL) {
        (void)sf_close(reader->file); /* opened for reading: nothing can be lost */
    }
    soxr_delete(reader->resampler);
    free(reader->interleaved);
    free(reader->mixed);
    free(reader->pairs);
    free(reader->path);
    free(reader);
}

static void fail_not_finite(const silbe_audio_reader *reader, size_t n_values, silbe_err *err)
{
    size_t at = 0;
    while (at < n_values && isfinite(reader->interleaved[at])) {
        at++;
    }
    uint64_t frame = reader->facts.file_frames + at / reader->n_channels;
    (void)silbe_fail(err, SILBE_ERR_DATA,
                     "%s: sample %llu (%.4f s), channel %zu is %s; repair or export the recording "
                     "again",
                     reader->path, (unsigned long long)frame,
                     (double)frame / reader->facts.file_rate_hz, at % reader->n_channels + 1,
                     isnan(reader->interleaved[at]) ? "not a number" : "infinite");
}

/* Half the difference of two channels. */
static void mix_side(silbe_audio_reader *reader, size_t n_frames)
{
    const float *in = reader->interleaved;
    for (size_t i = 0; i < n_frames; i++) {
        float side = (in[2 * i] - in[2 * i + 1]) * 0.5F;
        reader->side_squares += (double)side * (double)side;
        if (reader->n_mixed == 2) {
            reader->mixed[2 * i + 1] = side;
        }
    }
}

/* Mean of the channels, and the sums behind the facts. */
static void mix_down(silbe_audio_reader *reader, size_t n_frames)
{
    size_t n_channels = reader->n_channels, n_mixed = reader->n_mixed;
    const float *in = reader->interleaved;
    float share = 1.0F / (float)n_channels;
    for (size_t i = 0; i < n_frames; i++) {
        float sum = 0.0F;
        for (size_t c = 0; c < n_channels; c++) {
            sum += in[i * n_channels + c];
        }
        reader->mixed[i * n_mixed] = sum * share;
    }
    if (n_channels == 2) {
        mix_side(reader, n_frames);
    }
    for (size_t i = 0; i < n_frames; i++) {
        double x = reader->mixed[i * n_mixed];
        reader->sum += x;
        reader->sum_squares += x * x;
        reader->lowest = x < reader->lowest ? x : reader->lowest;
        reader->highest = x > reader->highest ? x : reader->highest;
    }
    uint64_t n_clipped = 0;
    for (size_t i = 0; i < n_frames * n_channels; i++) {
        n_clipped += fabsf(in[i]) >= CLIP_LEVEL;
    }
    reader->n_clipped += n_clipped;
}

static void complete_facts(silbe_audio_reader *reader)
{
    silbe_audio_facts *facts = &reader->facts;
    double n = (double)facts->file_frames;
    facts->duration_s = n / facts->file_rate_hz;
    facts->missing_frames = silbe_audio_header_missing(&reader->header, facts->file_frames);
    if (facts->file_frames > 0) {
        facts->peak = fmax(fabs(reader->lowest), fabs(reader->highest));
        facts->rms = sqrt(reader->sum_squares / n);
        facts->side_rms = sqrt(reader->side_squares / n);
        facts->dc_offset = reader->sum / n;
        facts->clipped_share = (double)reader->n_clipped / (n * (double)reader->n_channels);
    }
}

static silbe_status check_whole(const silbe_audio_reader *reader, silbe_err *err)
{
    const silbe_audio_facts *facts = &reader->facts;
    if (!reader->options.allow_truncated && reader->header.ends_early) {
        return silbe_fail(
            err, SILBE_ERR_FORMAT,
            "%s: truncated: the stream ends without its end mark after %llu samples "
            "per channel (%.3f s); copy it again or set features.allow_truncated=true",
            reader->path, (unsigned long long)facts->file_frames, facts->duration_s);
    }
    if (facts->missing_frames > 0 && !reader->options.allow_truncated) {
        uint64_t promised = facts->file_frames + facts->missing_frames;
        return silbe_fail(
            err, SILBE_ERR_FORMAT,
            "%s: truncated: the header says %llu samples per channel, the file has "
            "%llu (%.3f of %.3f s); copy it again or set features.allow_truncated=true",
            reader->path, (unsigned long long)promised, (unsigned long long)facts->file_frames,
            facts->duration_s, (double)promised / facts->file_rate_hz);
    }
    if (facts->file_frames == 0 || facts->duration_s < reader->options.min_duration_s) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: too short: %llu samples (%.3f s), expected at least %g s",
                          reader->path, (unsigned long long)facts->file_frames, facts->duration_s,
                          reader->options.min_duration_s);
    }
    if (!(facts->peak <= MAX_PEAK)) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: samples up to %g where full scale is 1; scale the recording to -1 "
                          ".. 1",
                          reader->path, facts->peak);
    }
    double half_range = 0.5 * (reader->highest - reader->lowest);
    if (half_range < reader->options.silence_peak) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: silent: its samples stay within +-%g of their middle, expected at "
                          "least %g; check that it is the right recording and channel",
                          reader->path, half_range, reader->options.silence_peak);
    }
    return SILBE_OK;
}

/* Decodes and mixes the next block; source_ended if there is none. */
static void decode_block(silbe_audio_reader *reader, silbe_err *err)
{
    sf_count_t got =
        sf_readf_float(reader->file, reader->interleaved, (sf_count_t)reader->block_frames);
    size_t n_frames = got > 0 ? (size_t)got : 0;
    reader->mixed_begin = 0;
    reader->mixed_end = n_frames;
    if (n_frames == 0) {
        complete_facts(reader);
        reader->source_ended = true;
        silbe_try(err, check_whole(reader, err));
        return;
    }
    size_t n_values = n_frames * reader->n_channels;
    float zero_if_finite = 0.0F; /* 0 * NaN and 0 * inf are NaN, and a NaN stays */
    for (size_t i = 0; i < n_values; i++) {
        zero_if_finite += 0.0F * reader->interleaved[i];
    }
    if (isnan(zero_if_finite)) {
        fail_not_finite(reader, n_values, err);
    }
    mix_down(reader, n_frames);
    reader->facts.file_frames += n_frames;
}

static size_t resample(silbe_audio_reader *reader, float *out, size_t capacity, silbe_err *err)
{
    size_t available = reader->mixed_end - reader->mixed_begin;
    size_t used = 0, n_written = 0;
    const float *in =
        reader->source_ended ? NULL : reader->mixed + reader->mixed_begin * reader->n_mixed;
    soxr_error_t reason =
        soxr_process(reader->resampler, in, available, &used, out, capacity, &n_written);
    if (reason != NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: resampling failed: %s", reader->path, reason);
    }
    reader->mixed_begin += used;
    return n_written;
}

/* Writes at most capacity frames of the block in hand, n_mixed samples each; how many. */
static size_t hand_out(silbe_audio_reader *reader, float *out, size_t capacity, silbe_err *err)
{
    if (silbe_failed(err)) {
        return 0;
    }
    if (reader->resampler != NULL) {
        return resample(reader, out, capacity, err);
    }
    size_t available = reader->mixed_end - reader->mixed_begin;
    size_t n = capacity < available ? capacity : available;
    memcpy(out, reader->mixed + reader->mixed_begin * reader->n_mixed,
           n * reader->n_mixed * sizeof(float));
    reader->mixed_begin += n;
    return n;
}

/* The next frames, fewer than capacity at the end alone. */
static void read_frames(silbe_audio_reader *reader, float *out, size_t capacity, size_t *n_read,
                        silbe_err *err)
{
    bool is_done = false;
    for (*n_read = 0; *n_read < capacity && !is_done && !silbe_failed(err);) {
        if (reader->mixed_begin == reader->mixed_end && !reader->source_ended) {
            decode_block(reader, err);
        }
        size_t n = hand_out(reader, out + *n_read * reader->n_mixed, capacity - *n_read, err);
        *n_read += n;
        is_done = n == 0 && reader->source_ended;
    }
}

silbe_status silbe_audio_reader_read(silbe_audio_reader *reader, float *block, size_t capacity,
                                     size_t *n_read, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (reader->n_mixed == 1) {
        read_frames(reader, block, capacity, n_read, err);
        return err->status;
    }
    return silbe_audio_reader_read_sides(reader, block, NULL, capacity, n_read, err);
}

silbe_status silbe_audio_reader_read_sides(silbe_audio_reader *reader, float *mid, float *side,
                                           size_t capacity, size_t *n_read, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    bool is_done = false;
    for (*n_read = 0; *n_read < capacity && !is_done && !silbe_failed(err);) {
        size_t wanted = capacity - *n_read < PAIRS ? capacity - *n_read : PAIRS, n = 0;
        read_frames(reader, reader->pairs, wanted, &n, err);
        for (size_t i = 0; i < n; i++) {
            mid[*n_read + i] = reader->pairs[i * reader->n_mixed];
        }
        for (size_t i = 0; i < n && side != NULL; i++) {
            side[*n_read + i] = reader->n_mixed == 2 ? reader->pairs[2 * i + 1] : 0.0F;
        }
        *n_read += n;
        is_done = n < wanted;
    }
    return err->status;
}

size_t silbe_audio_reader_expected_samples(const silbe_audio_reader *reader)
{
    double samples =
        (double)reader->header.frames * reader->options.rate_hz / reader->facts.file_rate_hz;
    /* A header may promise anything: believe it for at most a day. */
    double limit = reader->options.rate_hz * 86400.0;
    return samples < limit ? (size_t)ceil(samples) : 0;
}

const silbe_audio_facts *silbe_audio_reader_facts(const silbe_audio_reader *reader)
{
    return &reader->facts;
}
