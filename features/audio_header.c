#include "features/audio_header.h"

#include <stdio.h>
#include <string.h>

enum { LOG_SIZE = 16384 };

/* Programs that write WAV to a pipe put sizes from here on into the header; they promise nothing.
 */
static const uint64_t STREAMING_SIZE = 0x7FFFF000;

/* Promised and actual size of the sound data from one line of the log, as in
 * "data : 176400 (should be 88178)". W64 reports only the size of the whole file, "riff". */
static bool parse_sizes(const char *line, uint64_t *promised, uint64_t *actual)
{
    static const struct {
        const char *name;
        uint64_t overhead; /* bytes in the size that are not sound */
    } KEYS[] = {{"data", 0}, {"SSND", 8}, {"Data Size", 0}, {"riff", 0}};
    unsigned long long a = 0, b = 0;
    line += strspn(line, " ");
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        size_t length = strlen(KEYS[i].name);
        if (strncmp(line, KEYS[i].name, length) == 0 &&
            sscanf(line + length, " : %llu (should be %llu)", &a, &b) == 2 &&
            a > KEYS[i].overhead && b > KEYS[i].overhead) {
            *promised = a - KEYS[i].overhead;
            *actual = b - KEYS[i].overhead;
            return true;
        }
    }
    return false;
}

/* Samples per channel in promised bytes, when n_frames of them are in actual bytes. */
static uint64_t frames_in(uint64_t promised, uint64_t actual, uint64_t n_frames)
{
    uint64_t frame_bytes = n_frames > 0 ? actual / n_frames : 0;
    if (frame_bytes > 0 && actual - frame_bytes * n_frames < frame_bytes) {
        return promised / frame_bytes; /* uncompressed: exact, whatever is left of the last one */
    }
    return (uint64_t)((double)n_frames * ((double)promised / (double)actual) + 0.5);
}

static void parse_line(const char *line, silbe_audio_header *header)
{
    uint64_t promised = 0, actual = 0;
    if (parse_sizes(line, &promised, &actual)) {
        if (promised > actual && actual > 0 && promised < STREAMING_SIZE) {
            header->promised = frames_in(promised, actual, header->frames);
        }
        return;
    }
    unsigned long long found = 0, declared = 0;
    if (sscanf(line,
               "*** Calculated frame count %llu does not match value from 'ds64' chunk of %llu",
               &found, &declared) == 2) {
        header->promised = declared;
    }
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

void silbe_audio_header_read(SNDFILE *file, const SF_INFO *info, silbe_audio_header *header,
                             char *format, size_t format_size)
{
    char log[LOG_SIZE] = "";
    *header = (silbe_audio_header){0};
    if (info->frames > 0 && info->frames < SF_COUNT_MAX) {
        header->frames = (uint64_t)info->frames;
    }
    header->promised = header->frames;
    /* libsndfile looks for the page that ends the stream to know its length. */
    header->ends_early =
        (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG && info->frames == SF_COUNT_MAX;
    header->is_estimate = (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;
    (void)sf_command(file, SFC_GET_LOG_INFO, log, (int)sizeof log - 1);
    for (const char *line = log; line != NULL && *line != '\0';) {
        parse_line(line, header);
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
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
