#define _XOPEN_SOURCE 700
#include "pipeline/song/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/digest.h"
#include "pipeline/host/read_text.h"
#include "pipeline/song/cache.h"

const char *silbe_note_last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

char *silbe_note_resolve(const char *path, silbe_err *err)
{
    const char *name = silbe_note_last_part(path);
    char *folder = silbe_format(err, "%.*s.", (int)(name - path), path);
    char *resolved = folder != NULL ? realpath(folder, NULL) : NULL;
    char *whole = resolved != NULL ? silbe_join_path(resolved, name, err) : NULL;
    free(resolved);
    free(folder);
    return whole;
}

/* Where the cache keeps what was written to path, which need not be there; NULL where it cannot. */
static char *note_of(const char *cache, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    char key[SILBE_DIGEST_HEX_SIZE], *note = NULL;
    char *final = silbe_note_resolve(path, &err);
    if (final != NULL) {
        silbe_digest_bytes(final, strlen(final), key);
        note = silbe_cache_path(cache, SILBE_CACHE_NOTES, key, &err);
    }
    free(final);
    return note;
}

bool silbe_note_is_ours(const char *cache, const char *path)
{
    char digest[SILBE_DIGEST_HEX_SIZE], *noted = NULL;
    size_t n_bytes = 0;
    char *note = note_of(cache, path);
    bool is_noted = note != NULL && silbe_digest_file(path, digest, NULL) == SILBE_OK &&
                    silbe_read_text(note, &noted, &n_bytes, NULL) == SILBE_OK &&
                    strstr(noted, digest) != NULL;
    free(noted);
    free(note);
    return is_noted;
}

void silbe_note_take_down(const char *cache, const char *path, const char *made)
{
    silbe_err err = SILBE_ERR_INIT;
    char digest[SILBE_DIGEST_HEX_SIZE], before[SILBE_DIGEST_HEX_SIZE] = "";
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *note = note_of(cache, path), *slash = note != NULL ? strrchr(note, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        silbe_try(&err, silbe_make_folders(note, &err));
        *slash = '/';
        silbe_try(&err, silbe_digest_file(made, digest, &err));
        if (silbe_note_is_ours(cache, path)) {
            silbe_try(&err, silbe_digest_file(path, before, &err));
        }
        silbe_try(&err, silbe_atomic_open(&file, note, &err));
        if (!silbe_failed(&err)) {
            (void)fprintf(file.stream, "%s\n%s\n", digest, before); /* commit checks the stream */
            silbe_try(&err, silbe_atomic_commit(&file, &err));
        }
        silbe_atomic_abort(&file);
    }
    free(note);
}
