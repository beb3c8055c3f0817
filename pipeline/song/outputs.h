/*
 * Where the word times of a song go: SONG.words.csv, SONG.words.lrc and so on, beside the recording
 * or in a folder, and never over a file that is not ours.
 */
#ifndef SILBE_SONG_OUTPUTS_H
#define SILBE_SONG_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/output/output.h"
#include "pipeline/song/songs.h"

enum { SILBE_SONG_MAX_OUTPUTS = 16 };

/* Paths of one song, in the order of the formats; owned. */
typedef struct {
    char *paths[SILBE_SONG_MAX_OUTPUTS];
    size_t n;
} silbe_song_outputs;

#define SILBE_SONG_OUTPUTS_INIT                                                                    \
    {                                                                                              \
        {NULL}, 0                                                                                  \
    }

void silbe_song_outputs_free(silbe_song_outputs *outputs);

/* Names them; folder: where they go, NULL: beside the recording. formats: bits of output.formats.
 * *outputs must be _INIT. */
SILBE_MUST_CHECK silbe_status silbe_song_outputs_new(const silbe_song *song, const char *folder,
                                                     unsigned formats, silbe_song_outputs *outputs,
                                                     silbe_err *err);

/* SILBE_ERR_ARGUMENT, naming both recordings, if the files of two songs would be the same, however
 * their paths are spelled; if folder is "". */
SILBE_MUST_CHECK silbe_status silbe_song_outputs_check(const silbe_songs *songs, const char *folder,
                                                       silbe_err *err);

/*
 * SILBE_ERR_DATA, naming the first of them, if one is there that silbe did not write, or that was
 * changed since: what it wrote is told by digests in the cache. overwrite: anything goes. cache:
 * the cache's folder, or NULL.
 */
SILBE_MUST_CHECK silbe_status silbe_song_outputs_may_write(const silbe_song_outputs *outputs,
                                                           const char *cache, bool overwrite,
                                                           silbe_err *err);

/* Writes them, each whole, and none of them unless all could be written, and takes down what was
 * written before any is moved into place: also what a killed run leaves is known to be ours.
 * SILBE_ERR_IO, naming the file. */
SILBE_MUST_CHECK silbe_status silbe_song_outputs_write(const silbe_song_outputs *outputs,
                                                       const char *cache, unsigned formats,
                                                       const silbe_words *words, silbe_err *err);

/* Writes the one format to stdout. SILBE_ERR_ARGUMENT unless formats is one bit; SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_song_print(unsigned formats, const silbe_words *words,
                                               silbe_err *err);

#endif
