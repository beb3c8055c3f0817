/*
 * How many samples a sound file promises. Used by audio.c alone.
 */
#ifndef SILBE_AUDIO_HEADER_H
#define SILBE_AUDIO_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sndfile.h>

typedef struct {
    uint64_t frames;   /* samples per channel that libsndfile expects to read, 0 if unknown */
    uint64_t promised; /* samples per channel that the header promises, 0 if unknown */
    bool is_estimate;  /* promised may be a few per cent off (MPEG without a frame count) */
    bool ends_early;   /* an Ogg stream without its end */
} silbe_audio_header;

/* Fills *header and format (a text for people) right after sf_open. */
void silbe_audio_header_read(const char *path, SNDFILE *file, const SF_INFO *info,
                             silbe_audio_header *header, char *format, size_t format_size);

/* Samples per channel that are missing when n_read were read; 0 if the file is whole. */
uint64_t silbe_audio_header_missing(const silbe_audio_header *header, uint64_t n_read);

#endif
