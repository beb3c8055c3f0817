#define _XOPEN_SOURCE 700
#include "pipeline/song/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/digest.h"
#include "pipeline/host/read_text.h"
#include "pipeline/song/cache.h"

/* The files of a song appear within so many seconds of each other. */
enum { SONG_S = 10 };

/* The path with its folder resolved, since the same file may be named in many ways. */
static char *resolve(const char *path, silbe_err *err)
{
    char *folder = silbe_copy_text(path, err);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL) {
        slash[1] = '\0';
    }
    char *resolved = folder != NULL ? realpath(slash != NULL ? folder : ".", NULL) : NULL;
    const char *name = strrchr(path, '/');
    char *full =
        resolved != NULL ? silbe_join_path(resolved, name != NULL ? name + 1 : path, err) : NULL;
    free(folder);
    free(resolved);
    return full;
}

/* Where the cache keeps what is known of path; NULL where it cannot. */
static char *note_of(const char *cache, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    char key[SILBE_DIGEST_HEX_SIZE];
    char *resolved = cache != NULL && path != NULL ? resolve(path, &err) : NULL;
    if (resolved == NULL) {
        return NULL;
    }
    silbe_digest_bytes(resolved, strlen(resolved), key);
    free(resolved);
    return silbe_cache_path(cache, SILBE_CACHE_NOTES, key, &err);
}

/* Of the song: the path without its ending. */
static char *song_note_of(const char *cache, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    char *stem = silbe_copy_text(path, &err), *dot = stem != NULL ? strrchr(stem, '.') : NULL;
    if (dot != NULL) {
        *dot = '\0';
    }
    char *note = note_of(cache, stem);
    free(stem);
    return note;
}

static bool is_as_noted(const char *note, const char *path)
{
    char digest[SILBE_DIGEST_HEX_SIZE], *noted = NULL;
    size_t n_bytes = 0;
    bool is_same = note != NULL && silbe_digest_file(path, digest, NULL) == SILBE_OK &&
                   silbe_read_text(note, &noted, &n_bytes, NULL) == SILBE_OK &&
                   strcmp(noted, digest) == 0;
    free(noted);
    return is_same;
}

/* Whether the file came to its place while a run was at work that did not end. */
static bool is_of_killed(const char *song_note, const char *path)
{
    struct stat note, file;
    return song_note != NULL && stat(song_note, &note) == 0 && lstat(path, &file) == 0 &&
           S_ISREG(file.st_mode) && file.st_ctime >= note.st_mtime &&
           file.st_ctime <= note.st_mtime + SONG_S;
}

bool silbe_note_is_ours(const char *cache, const char *path)
{
    char *note = note_of(cache, path), *song_note = song_note_of(cache, path);
    bool is_ours = is_as_noted(note, path) || is_of_killed(song_note, path);
    free(note);
    free(song_note);
    return is_ours;
}

static void write_note(char *note, const char *text, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *slash = strrchr(note, '/');
    *slash = '\0';
    silbe_try(err, silbe_make_folders(note, err));
    *slash = '/';
    silbe_try(err, silbe_atomic_open(&file, note, err));
    if (!silbe_failed(err)) {
        (void)fputs(text, file.stream); /* commit checks the stream */
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
}

void silbe_note_written(const char *cache, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    char digest[SILBE_DIGEST_HEX_SIZE];
    char *note = note_of(cache, path);
    silbe_try(&err, silbe_digest_file(path, digest, &err));
    if (note != NULL && !silbe_failed(&err)) {
        write_note(note, digest, &err);
    }
    free(note);
}

void silbe_note_begin(const char *cache, char *const *paths, size_t n_paths)
{
    silbe_err err = SILBE_ERR_INIT;
    char *note = n_paths > 0 ? song_note_of(cache, paths[0]) : NULL;
    if (note != NULL && access(note, F_OK) == 0) {
        for (size_t i = 0; i < n_paths; i++) {
            silbe_note_written(cache, paths[i]); /* by the run that was killed */
        }
        (void)unlink(note); /* its time is what counts */
    }
    if (note != NULL) {
        write_note(note, "begun\n", &err);
    }
    free(note);
}

void silbe_note_end(const char *cache, const char *path)
{
    char *note = song_note_of(cache, path);
    if (note != NULL) {
        (void)unlink(note);
    }
    free(note);
}
