/* What libsndfile reads here: a few samples written to memory in each format, and read back. */
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/commands/doctor_checks.h"

static const char GROUP[] = "audio";

enum { MEMORY_BYTES = 1 << 16, N_FRAMES = 4800, RATE_HZ = 48000 /* Opus has it */ };

/* A file without a disk, for libsndfile. */
typedef struct {
    unsigned char *bytes; /* MEMORY_BYTES */
    sf_count_t n_bytes, at;
} memory_file;

static sf_count_t file_length(void *data)
{
    return ((const memory_file *)data)->n_bytes;
}

static sf_count_t file_tell(void *data)
{
    return ((const memory_file *)data)->at;
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *data)
{
    memory_file *file = data;
    sf_count_t at = offset + (whence == SEEK_CUR   ? file->at
                              : whence == SEEK_END ? file->n_bytes
                                                   : 0);
    if (at < 0 || at > MEMORY_BYTES) {
        return -1;
    }
    return file->at = at;
}

static sf_count_t file_read(void *bytes, sf_count_t n_bytes, void *data)
{
    memory_file *file = data;
    sf_count_t n_left = file->n_bytes > file->at ? file->n_bytes - file->at : 0;
    n_bytes = n_bytes < n_left ? n_bytes : n_left;
    memcpy(bytes, file->bytes + file->at, (size_t)n_bytes);
    file->at += n_bytes;
    return n_bytes;
}

static sf_count_t file_write(const void *bytes, sf_count_t n_bytes, void *data)
{
    memory_file *file = data;
    sf_count_t n_left = MEMORY_BYTES - file->at;
    n_bytes = n_bytes < n_left ? n_bytes : n_left;
    memcpy(file->bytes + file->at, bytes, (size_t)n_bytes);
    file->at += n_bytes;
    file->n_bytes = file->n_bytes > file->at ? file->n_bytes : file->at;
    return n_bytes;
}

static SF_VIRTUAL_IO FILE_CALLS = {file_length, file_seek, file_read, file_write, file_tell};

static bool write_samples(memory_file *file, int format)
{
    static const float SILENCE[N_FRAMES] = {0};
    SF_INFO info = {.samplerate = RATE_HZ, .channels = 1, .format = format};
    SNDFILE *sound = sf_open_virtual(&FILE_CALLS, SFM_WRITE, &info, file);
    bool writes = sound != NULL && sf_writef_float(sound, SILENCE, N_FRAMES) == N_FRAMES;
    return sound != NULL && sf_close(sound) == 0 && writes;
}

static bool read_samples(memory_file *file)
{
    float samples[256];
    SF_INFO info = {0};
    file->at = 0;
    SNDFILE *sound = sf_open_virtual(&FILE_CALLS, SFM_READ, &info, file);
    bool reads = sound != NULL && sf_readf_float(sound, samples, 256) > 0;
    if (sound != NULL) {
        (void)sf_close(sound);
    }
    return reads;
}

/* Of every format's library, if this libsndfile was built with it. */
static const struct {
    const char *name;
    int format;
    bool is_needed;
} FORMATS[] = {
    {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, true},
    {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, false},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, false},
    {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, false},
    {"opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, false},
    {"mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, false},
};

void silbe_doctor_audio(silbe_findings *findings, silbe_err *err)
{
    unsigned char *bytes = silbe_alloc(MEMORY_BYTES, 1, "bytes of sound", err);
    silbe_findings_add(findings, GROUP, "libsndfile", SILBE_FOUND_GOOD,
                       silbe_format(err, "%s", sf_version_string()), err);
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0] && !silbe_failed(err); i++) {
        memory_file file = {bytes, 0, 0};
        bool reads = write_samples(&file, FORMATS[i].format) && read_samples(&file);
        silbe_findings_add(findings, GROUP, FORMATS[i].name,
                           reads                  ? SILBE_FOUND_GOOD
                           : FORMATS[i].is_needed ? SILBE_FOUND_BROKEN
                                                  : SILBE_FOUND_ABSENT,
                           silbe_format(err, "%s",
                                        reads ? "is read"
                                              : "this libsndfile does not read it; turn such "
                                                "recordings into wav or flac"),
                           err);
    }
    silbe_findings_add(findings, GROUP, "m4a, wma", SILBE_FOUND_ABSENT,
                       silbe_format(err, "are not read; ffmpeg -i song.m4a song.flac"), err);
    free(bytes);
}
