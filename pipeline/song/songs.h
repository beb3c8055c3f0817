/*
 * What stands on the command line of `silbe align`, as songs: each recording with its text, its
 * score, or both.
 */
#ifndef SILBE_SONGS_H
#define SILBE_SONGS_H

#include <stddef.h>

#include "features/base/status.h"

/* All owned. */
typedef struct {
    char *audio; /* path as it was typed */
    char *name;  /* the file's name without folder and ending */
    char *text;  /* path of the lyrics, "-" for standard input; NULL: none */
    char *score; /* path of the score; NULL: none. One of the two is there */
} silbe_song;

typedef struct {
    silbe_song *items;
    size_t n;
} silbe_songs;

#define SILBE_SONGS_INIT                                                                           \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/*
 * Sorts files into recordings, texts (.txt, "-", or what is UTF-8 by its content) and scores
 * (.musicxml, .xml, .mxl), and gives each recording its text and score: of one recording all that
 * there are, of several those of its name, "Lied.txt" being also for "Lied_Hotter.wav" and
 * "Lied-1948.mp3". A recording with neither gets what lies beside it: NAME.txt, NAME.musicxml, .xml
 * or .mxl. Recordings keep their order; word times (SONG.words.csv) are left out.
 *
 * *songs must be _INIT; the caller frees it, also after a failure. SILBE_ERR_ARGUMENT, naming the
 * file: there is no such file, or it is a folder; a recording with nothing to align; a text or
 * score that is for none of several recordings; two for one; no recording at all; a file whose name
 * says text and whose content says recording.
 */
SILBE_MUST_CHECK silbe_status silbe_songs_sort(const char *const *files, size_t n_files,
                                               silbe_songs *songs, silbe_err *err);

void silbe_songs_free(silbe_songs *songs);

#endif
