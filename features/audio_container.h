/*
 * What the container of a sound file promises: libsndfile quietly trims a truncated file to what is
 * there, and whether it says so, and how, depends on its version. Used by audio_header.c alone.
 *
 *   WAV (RIFF, RIFX), RF64 (EBU Tech 3306), AIFF and AIFF-C, Wave64, AU, CAF: the size of the
 *   sound.
 *   Ogg (RFC 3533): whether the last page is whole and carries the mark that ends the stream.
 */
#ifndef SILBE_AUDIO_CONTAINER_H
#define SILBE_AUDIO_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t promised; /* bytes of sound by the header; 0: it says nothing */
    uint64_t present;  /* bytes of the file from the sound's first on, padding and all */
    bool ends_early;   /* an Ogg stream without its end */
} silbe_audio_container;

/* Another container, and a file that cannot be read or is damaged before its sound, promises
 * nothing. */
silbe_audio_container silbe_audio_container_read(const char *path);

#endif
