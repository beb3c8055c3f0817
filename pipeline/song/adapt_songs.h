/*
 * The acoustic model adapted to songs that are no dataset's: for as long as that takes they are
 * one, in a folder of the cache, where the stage of pipeline/adapt works and goes on after it was
 * stopped. What it made becomes an entry of the cache, by the content of all that it depends on, so
 * that the same songs are adapted to once.
 */
#ifndef SILBE_ADAPT_SONGS_H
#define SILBE_ADAPT_SONGS_H

#include <stdbool.h>

#include "pipeline/acoustic/adapted.h"
#include "pipeline/settings/cli.h"
#include "pipeline/song/songs.h"

/* What it works on; all is borrowed. */
typedef struct {
    const silbe_songs *songs;
    const bool *is_wanted;  /* of each song; others are left alone */
    const char *cache;      /* folder, or NULL */
    const char *stdin_text; /* the text of the song whose text is "-" */
    size_t stdin_bytes;
} silbe_adapt_songs_source;

typedef struct {
    silbe_adapted result;
    char **names; /* of each song: its item in result; NULL: it was left alone. Owned */
    size_t n_songs;
    char *temporary; /* folder that goes when this is freed, or NULL; owned */
} silbe_song_adaptation;

#define SILBE_SONG_ADAPTATION_INIT                                                                 \
    {                                                                                              \
        .names = NULL                                                                              \
    }

void silbe_song_adaptation_free(silbe_song_adaptation *adaptation);

/* What was found about a song; NULL: it was left alone. */
const silbe_adapted_item *silbe_song_adaptation_of(const silbe_song_adaptation *adaptation,
                                                   size_t song);

/*
 * All wanted songs together; another run that works on the same ones is waited for. *adaptation
 * must be _INIT; the caller frees it, also after a failure. Returns an exit code; has reported
 * everything but results itself.
 */
int silbe_adapt_songs(silbe_cli *cli, const silbe_adapt_songs_source *source,
                      silbe_song_adaptation *adaptation);

#endif
