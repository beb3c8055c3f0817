/*
 * What silbe wrote beside songs, so that it is told from files of the user: digests in the cache,
 * by the file's path. What cannot be noted counts as the user's.
 */
#ifndef SILBE_SONG_NOTES_H
#define SILBE_SONG_NOTES_H

#include <stdbool.h>
#include <stddef.h>

/* All take the cache's folder, or NULL, and the path of a file whose folder exists. */

/* Whether the file is as silbe left it, or as a run that was killed did. */
bool silbe_note_is_ours(const char *cache, const char *path);

/* Before the files of a song are written, which differ in their endings alone, and after all of
 * them were; what is there of them is ours, or may be. */
void silbe_note_begin(const char *cache, char *const *paths, size_t n_paths);
void silbe_note_end(const char *cache, const char *path);

/* Takes down what was written to path. */
void silbe_note_written(const char *cache, const char *path);

#endif
