/*
 * What silbe wrote beside songs, so that it is told from files of the user: digests in the cache,
 * by the file's path. What cannot be noted counts as the user's.
 */
#ifndef SILBE_SONG_NOTES_H
#define SILBE_SONG_NOTES_H

#include <stdbool.h>

#include "features/base/status.h"

/* The file's name, without the folder. */
const char *silbe_note_last_part(const char *path);

/* The path with its folder as the system knows it, allocated: a file has one, however it is
 * spelled. NULL where there is no such folder. A step. */
char *silbe_note_resolve(const char *path, silbe_err *err);

/* All take the cache's folder, or NULL. */

/* Whether the file is as silbe left it: a note holds one digest or more. */
bool silbe_note_is_ours(const char *cache, const char *path);

/* Notes what path is about to become, the content of the file `made`, and what of ours it is until
 * then, so that a run that is killed in between leaves nothing that the next one takes for the
 * user's. What cannot be noted is asked about the next time. */
void silbe_note_take_down(const char *cache, const char *path, const char *made);

#endif
