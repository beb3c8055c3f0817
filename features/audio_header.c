#include "features/audio_header.h"

#include <stdio.h>

#include "features/audio_container.h"

/* Samples per channel in promised bytes, when n_frames of them are in actual bytes. */
static uint64_t frames_in(uint64_t promised, uint64_t actual, uint64_t n_frames)
{
    uint64_t frame_bytes = n_frames > 0 ? actual / n_frames : 0;
    if (frame_bytes > 0 && actual - frame_bytes * n_frames < frame_bytes) {
        return promised / frame_bytes; /* uncompressed: exact, whatever is left of the last one */
    }
    return (uint64_t)((double)n_frames * ((double)promised / (double)actual) + 0.5);
}

static void describe(SNDFILE *file, const SF_INFO *info, char *format, size_t format_size)
{
    SF_FORMAT_INFO major = {.format = info->format & SF_FORMAT_TYPEMASK};
    SF_FORMAT_INFO minor = {.format = info->format & SF_FORMAT_SUBMASK};
    bool known = sf_command(file, SFC_GET_FORMAT_INFO, &major, sizeof major) == 0 &&
                 sf_command(file, SFC_GET_FORMAT_INFO, &minor, sizeof minor) == 0 &&
                 major.name != NULL && minor.name != NULL;
    (void)snprintf(format, format_size, "%s, %s", known ? major.name : "unknown",
                   known ? minor.name : "unknown");
}

void silbe_audio_header_read(const char *path, SNDFILE *file, const SF_INFO *info,
                             silbe_audio_header *header, char *format, size_t format_size)
{
    silbe_audio_container container = silbe_audio_container_read(path);
    *header = (silbe_audio_header){.ends_early = container.ends_early};
    if (info->frames > 0 && info->frames < SF_COUNT_MAX) {
        header->frames = (uint64_t)info->frames;
    }
    header->promised = header->frames;
    if (container.promised > container.present && container.present > 0) {
        header->promised = frames_in(container.promised, container.present, header->frames);
    }
    header->is_estimate = (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;
    describe(file, info, format, format_size);
}

uint64_t silbe_audio_header_missing(const silbe_audio_header *header, uint64_t n_read)
{
    if (header->promised <= n_read) {
        return 0;
    }
    uint64_t missing = header->promised - n_read;
    if (header->is_estimate && missing <= header->promised / 20) {
        return 0;
    }
    return missing;
}
