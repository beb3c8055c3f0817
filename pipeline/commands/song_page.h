/*
 * The listening page of songs that are not a dataset's.
 */
#ifndef SILBE_SONG_PAGE_H
#define SILBE_SONG_PAGE_H

#include <stdbool.h>

#include "pipeline/settings/cli.h"
#include "pipeline/song/songs.h"

typedef struct {
    char *folder; /* SONG.page, of several songs songs.page; owned, as is work */
    char *work;   /* where the page's sources are meanwhile; removed by silbe_song_page_end */
    silbe_config config; /* with that work folder */
} silbe_song_page;

#define SILBE_SONG_PAGE_INIT                                                                       \
    {                                                                                              \
        .folder = NULL                                                                             \
    }

/* Names the page's folder, in `out` or beside the first recording, and makes the temporary one.
 * SILBE_ERR_DATA if there is something by that name that is no such page, unless overwrite. *page
 * must be _INIT; the caller ends it, also after a failure. */
SILBE_MUST_CHECK silbe_status silbe_song_page_begin(const silbe_config *config,
                                                    const silbe_songs *songs, const char *out,
                                                    bool overwrite, silbe_song_page *page,
                                                    silbe_err *err);

/* Writes the page of the songs whose files are there, if any, and says how to open it. */
SILBE_MUST_CHECK silbe_status silbe_song_page_write(silbe_cli *cli, const silbe_songs *songs,
                                                    const silbe_song_page *page, silbe_err *err);

void silbe_song_page_end(silbe_song_page *page);

#endif
