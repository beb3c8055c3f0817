/*
 * Songs to word times, in one process: recordings are read once, and what one step makes the next
 * one takes from memory.
 */
#ifndef SILBE_ALIGN_SONGS_H
#define SILBE_ALIGN_SONGS_H

#include <stdbool.h>

#include "pipeline/settings/cli.h"
#include "pipeline/song/songs.h"

typedef struct {
    const char *folder;       /* where word times go; NULL: beside each recording; "-": to stdout */
    bool adapt;               /* by weights adapted to the songs, where that helps */
    bool overwrite;           /* also files that silbe did not write */
    const silbe_config *page; /* settings whose work folder gets what a page is made of; or NULL */
} silbe_align_songs_options;

/*
 * Aligns each song in the mode of align.mode (auto: lyrics for a text alone, score for a score
 * alone, joint for both), several at the same time, and reports for each how many words were
 * placed, which are unsure or were not found, and where the files are. A song that fails does not
 * stop the others. Returns an exit code of settings/cli.h.
 */
int silbe_align_songs(silbe_cli *cli, const silbe_songs *songs,
                      const silbe_align_songs_options *options);

#endif
