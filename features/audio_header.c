#define _POSIX_C_SOURCE 200809L
#include "features/audio_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* ---- bytes that the container promises ---- */

/*
 * What the container of a sound file promises: libsndfile quietly trims a truncated file to what is
 * there, and whether it says so, and how, depends on its version.
 *
 *   WAV (RIFF, RIFX), RF64 (EBU Tech 3306), AIFF and AIFF-C, Wave64, AU, CAF: the size of the
 *   sound.
 *   Ogg (RFC 3533): whether the last page is whole and carries the mark that ends the stream.
 */
typedef struct {
    uint64_t promised; /* bytes of sound by the header; 0: it says nothing */
    uint64_t present;  /* bytes of the file from the sound's first on, padding and all */
    bool ends_early;   /* an Ogg stream without its end */
} container;

/* Programs that write WAV to a pipe put sizes from here on into the header; they promise nothing.
 */
#define STREAMING_SIZE UINT64_C(0x7FFFF000)

enum {
    MAX_CHUNKS = 4096,       /* before the sound; a damaged file could have any number */
    MAX_PAGE_BYTES = 65307,  /* of Ogg: 27 + 255 + 255 * 255 */
    PAGE_HEADER_BYTES = 27,  /* and as many bytes as byte 26 says */
    PAGE_ENDS_STREAM = 0x04, /* in byte 5 */
    GUID_BYTES = 16
};

typedef struct {
    FILE *file;
    uint64_t size; /* of the file */
    bool is_big_endian;
} reader;

/* n bytes at offset; false if they are not there. */
static bool read_at(const reader *r, uint64_t offset, void *bytes, size_t n)
{
    return offset <= r->size && r->size - offset >= n &&
           fseeko(r->file, (off_t)offset, SEEK_SET) == 0 && fread(bytes, 1, n, r->file) == n;
}

static uint64_t number(const reader *r, const unsigned char *bytes, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++) {
        value = value << 8 | bytes[r->is_big_endian ? i : n - 1 - i];
    }
    return value;
}

static bool is(const unsigned char *bytes, const char *id)
{
    return memcmp(bytes, id, 4) == 0;
}

static container sound_at(const reader *r, uint64_t offset, uint64_t promised)
{
    container found = {.promised = promised};
    found.present = offset < r->size ? r->size - offset : 0;
    return found;
}

/* RIFF, and AIFF (is_riff false): chunks of id, size (4 bytes each) and content, padded to an even
 * length. */
static container read_chunks(const reader *r, bool is_riff)
{
    uint64_t offset = 12;
    uint64_t size_64 = 0; /* by RF64's ds64 */
    unsigned char head[8];
    for (int i = 0; i < MAX_CHUNKS && read_at(r, offset, head, sizeof head); i++) {
        uint64_t size = number(r, head + 4, 4);
        uint64_t content = offset + sizeof head;
        unsigned char sizes[16];
        if (is(head, "ds64") && size >= sizeof sizes && read_at(r, content, sizes, sizeof sizes)) {
            size_64 = number(r, sizes + 8, 8);
        } else if (is(head, "data") && is_riff) {
            bool is_streamed = size >= STREAMING_SIZE;
            return sound_at(r, content, size_64 > 0 ? size_64 : is_streamed ? 0 : size);
        } else if (is(head, "SSND") && !is_riff) { /* offset and block size come before the sound */
            return sound_at(r, content + 8, size > 8 ? size - 8 : 0);
        }
        offset = content + size + (size & 1);
    }
    return (container){0};
}

/* Wave64: chunks of GUID, size (8 bytes; of all) and content, padded to eight bytes. */
static container read_wave64(const reader *r)
{
    static const unsigned char DATA[GUID_BYTES] = {'d',  'a',  't',  'a',  0xf3, 0xac, 0xd3, 0x11,
                                                   0x8c, 0xd1, 0x00, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a};
    uint64_t offset = GUID_BYTES + 8 + GUID_BYTES;
    unsigned char head[GUID_BYTES + 8];
    for (int i = 0; i < MAX_CHUNKS && read_at(r, offset, head, sizeof head); i++) {
        uint64_t size = number(r, head + GUID_BYTES, 8);
        if (size < sizeof head || size > UINT64_MAX / 2) {
            break;
        }
        if (memcmp(head, DATA, sizeof DATA) == 0) {
            return sound_at(r, offset + sizeof head, size - sizeof head);
        }
        offset += (size + 7) / 8 * 8;
    }
    return (container){0};
}

static container read_au(const reader *r)
{
    unsigned char head[8];
    if (!read_at(r, 4, head, sizeof head)) {
        return (container){0};
    }
    uint64_t size = number(r, head + 4, 4);
    return sound_at(r, number(r, head, 4), size == UINT32_MAX ? 0 : size);
}

/* Core Audio Format: chunks of type, size (8 bytes) and content. */
static container read_caf(const reader *r)
{
    uint64_t offset = 8;
    unsigned char head[12];
    for (int i = 0; i < MAX_CHUNKS && read_at(r, offset, head, sizeof head); i++) {
        uint64_t size = number(r, head + 4, 8);
        offset += sizeof head;
        if (is(head, "data")) { /* an edit count comes before the sound; -1: to the end */
            return sound_at(r, offset + 4, size > 4 && size <= INT64_MAX ? size - 4 : 0);
        }
        if (size > r->size) {
            break;
        }
        offset += size;
    }
    return (container){0};
}

/* Whether the last page that begins in the n bytes ends the stream and is whole. */
static bool ends_stream(const unsigned char *bytes, size_t n)
{
    for (size_t at = n; at-- > 0;) {
        size_t left = n - at;
        if (left < 5 || !is(bytes + at, "OggS") || bytes[at + 4] != 0) {
            continue; /* the fifth byte is the version, and always 0 */
        }
        if (left < PAGE_HEADER_BYTES) {
            return false;
        }
        size_t n_segments = bytes[at + 26];
        size_t length = PAGE_HEADER_BYTES + n_segments;
        if (left < length) {
            return false;
        }
        for (size_t i = 0; i < n_segments; i++) {
            length += bytes[at + PAGE_HEADER_BYTES + i];
        }
        return left >= length && (bytes[at + 5] & PAGE_ENDS_STREAM) != 0;
    }
    return false;
}

static container read_ogg(const reader *r)
{
    container found = {0};
    size_t n = r->size < MAX_PAGE_BYTES ? (size_t)r->size : MAX_PAGE_BYTES;
    unsigned char *tail = malloc(n + 1);
    /* Without memory the promise is not looked at; decoding will say that there is none. */
    if (tail != NULL && read_at(r, r->size - n, tail, n)) {
        found.ends_early = !ends_stream(tail, n);
    }
    free(tail);
    return found;
}

static container read_open(reader *r)
{
    static const unsigned char WAVE64[] = {'r', 'i', 'f', 'f', 0x2e, 0x91, 0xcf, 0x11};
    unsigned char head[12];
    off_t size = fseeko(r->file, 0, SEEK_END) == 0 ? ftello(r->file) : -1;
    r->size = size > 0 ? (uint64_t)size : 0;
    if (!read_at(r, 0, head, sizeof head)) {
        return (container){0};
    }
    r->is_big_endian = is(head, "RIFX") || is(head, "FORM") || is(head, ".snd") || is(head, "caff");
    if ((is(head, "RIFF") || is(head, "RIFX") || is(head, "RF64")) && is(head + 8, "WAVE")) {
        return read_chunks(r, true);
    }
    if (is(head, "FORM") && (is(head + 8, "AIFF") || is(head + 8, "AIFC"))) {
        return read_chunks(r, false);
    }
    if (memcmp(head, WAVE64, sizeof WAVE64) == 0) {
        return read_wave64(r);
    }
    if (is(head, ".snd") || is(head, "dns.")) {
        return read_au(r);
    }
    if (is(head, "caff")) {
        return read_caf(r);
    }
    return is(head, "OggS") ? read_ogg(r) : (container){0};
}

/* Another container, and a file that cannot be read or is damaged before its sound, promises
 * nothing. */
static container read_container(const char *path)
{
    reader r = {.file = fopen(path, "rb")};
    if (r.file == NULL) {
        return (container){0};
    }
    container found = read_open(&r);
    (void)fclose(r.file);
    return found;
}

/* ---- samples that it promises ---- */

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
    container of_file = read_container(path);
    *header = (silbe_audio_header){.ends_early = of_file.ends_early};
    if (info->frames > 0 && info->frames < SF_COUNT_MAX) {
        header->frames = (uint64_t)info->frames;
    }
    header->promised = header->frames;
    if (of_file.promised > of_file.present && of_file.present > 0) {
        header->promised = frames_in(of_file.promised, of_file.present, header->frames);
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
