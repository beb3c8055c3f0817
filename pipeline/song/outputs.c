#define _XOPEN_SOURCE 700
#include "pipeline/song/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/digest.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/song/notes.h"

void silbe_song_outputs_free(silbe_song_outputs *outputs)
{
    for (size_t i = 0; i < outputs->n; i++) {
        free(outputs->paths[i]);
    }
    *outputs = (silbe_song_outputs)SILBE_SONG_OUTPUTS_INIT;
}

/* "FOLDER/SONG", where the song's files go without their endings. */
static char *stem_of(const silbe_song *song, const char *folder, silbe_err *err)
{
    const char *slash = strrchr(song->audio, '/');
    int length = slash != NULL ? (int)(slash - song->audio) + 1 : 0;
    return folder != NULL ? silbe_join_path(folder, song->name, err)
                          : silbe_format(err, "%.*s%s", length, song->audio, song->name);
}

silbe_status silbe_song_outputs_new(const silbe_song *song, const char *folder, unsigned formats,
                                    silbe_song_outputs *outputs, silbe_err *err)
{
    silbe_err own;
    size_t n_formats = 0;
    const silbe_output_format *rows = silbe_output_formats(&n_formats);
    err = silbe_err_begin(err, &own);
    char *stem = stem_of(song, folder, err);
    for (size_t f = 0; f < n_formats && !silbe_failed(err); f++) {
        if (formats & (1u << f)) {
            outputs->paths[outputs->n++] =
                silbe_format(err, "%s.words.%s", stem, rows[f].extension);
        }
    }
    free(stem);
    return err->status;
}

/* A song and where its files go. */
typedef struct {
    char *stem;     /* as it was typed */
    char *resolved; /* the same where there is no such folder yet */
    const silbe_song *song;
} place;

static int compare_places(const void *a, const void *b)
{
    return strcmp(((const place *)a)->resolved, ((const place *)b)->resolved);
}

static place place_of(const silbe_song *song, const char *folder, silbe_err *err)
{
    char *stem = stem_of(song, folder, err);
    char *resolved = stem != NULL ? silbe_note_resolve(stem, err) : NULL;
    return (place){
        .stem = stem,
        .resolved = resolved != NULL ? resolved : silbe_copy_text(stem, err),
        .song = song,
    };
}

static void compare_neighbours(const place *before, const place *next, silbe_err *err)
{
    if (!silbe_failed(err) && compare_places(before, next) == 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "%s and %s would both become %s.words.*; rename one, or align them one "
                         "at a time",
                         before->song->audio, next->song->audio, next->stem);
    }
}

silbe_status silbe_song_outputs_check(const silbe_songs *songs, const char *folder, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (folder != NULL && folder[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "-o needs the name of a folder; . is the current one");
    }
    place *places = silbe_alloc(songs->n, sizeof *places, "songs", err);
    for (size_t i = 0; i < songs->n && !silbe_failed(err); i++) {
        places[i] = place_of(&songs->items[i], folder, err);
    }
    if (!silbe_failed(err)) {
        qsort(places, songs->n, sizeof *places, compare_places);
    }
    for (size_t i = 1; i < songs->n; i++) {
        compare_neighbours(&places[i - 1], &places[i], err);
    }
    for (size_t i = 0; places != NULL && i < songs->n; i++) {
        free(places[i].stem);
        free(places[i].resolved);
    }
    free(places);
    return err->status;
}

silbe_status silbe_song_outputs_may_write(const silbe_song_outputs *outputs, const char *cache,
                                          bool overwrite, silbe_err *err)
{
    for (size_t i = 0; i < outputs->n && !overwrite; i++) {
        if (access(outputs->paths[i], F_OK) == 0 && !silbe_note_is_ours(cache, outputs->paths[i])) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "%s is there and is not as silbe wrote it; --overwrite writes over "
                              "it, -o FOLDER elsewhere",
                              outputs->paths[i]);
        }
    }
    return SILBE_OK;
}

/* A new folder beside the files of the song, in place of what a killed run of the same process
 * number left there. */
static void make_temporary(const char *folder, const char *first_path, silbe_err *err)
{
    silbe_try(err, silbe_remove_tree(folder, err));
    if (!silbe_failed(err) && mkdir(folder, 0777) != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be written: %s; check the folder's rights",
                         first_path, strerror(errno));
    }
}

/* A message about a file in the temporary folder names the one that it was to become. */
static void name_as_known(const char *temporary, const char *path, silbe_err *err)
{
    char message[SILBE_ERR_MESSAGE_SIZE];
    size_t n = temporary != NULL ? strlen(temporary) : 0;
    if (silbe_failed(err) && n > 0 && strncmp(err->message, temporary, n) == 0 &&
        err->message[n] == '/') {
        (void)snprintf(message, sizeof message, "%.*s%s", (int)(silbe_note_last_part(path) - path),
                       path, err->message + n + 1);
        (void)silbe_fail(err, err->status, "%s", message);
    }
}

static bool is_same(const char *path, const char *other)
{
    char digest[SILBE_DIGEST_HEX_SIZE], of_other[SILBE_DIGEST_HEX_SIZE];
    return silbe_digest_file(path, digest, NULL) == SILBE_OK &&
           silbe_digest_file(other, of_other, NULL) == SILBE_OK && strcmp(digest, of_other) == 0;
}

/* Notes all of them, then moves them into place; what is there already stays as it is. */
static void move_files(const silbe_song_outputs *outputs, const char *cache, char *const *made,
                       silbe_err *err)
{
    for (size_t i = 0; i < outputs->n && !silbe_failed(err); i++) {
        silbe_note_take_down(cache, outputs->paths[i], made[i]);
    }
    for (size_t i = 0; i < outputs->n && !silbe_failed(err); i++) {
        if (!is_same(made[i], outputs->paths[i]) && rename(made[i], outputs->paths[i]) != 0) {
            (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be written: %s", outputs->paths[i],
                             strerror(errno));
        }
    }
}

silbe_status silbe_song_outputs_write(const silbe_song_outputs *outputs, const char *cache,
                                      unsigned formats, const silbe_words *words, silbe_err *err)
{
    silbe_err own;
    char *made[SILBE_SONG_MAX_OUTPUTS] = {NULL};
    err = silbe_err_begin(err, &own);
    if (outputs->n == 0) {
        return SILBE_OK;
    }
    char *temporary = silbe_format(err, "%s.tmp.%ld", outputs->paths[0], (long)getpid());
    make_temporary(temporary, outputs->paths[0], err);
    for (size_t i = 0; i < outputs->n; i++) {
        made[i] = silbe_join_path(temporary, silbe_note_last_part(outputs->paths[i]), err);
    }
    silbe_try(err, silbe_output_write_formats(words, formats, (const char *const *)made, err));
    name_as_known(temporary, outputs->paths[0], err);
    move_files(outputs, cache, made, err);
    if (temporary != NULL) {
        silbe_status removed = silbe_remove_tree(temporary, NULL);
        (void)removed; /* the first failure is the one to report */
    }
    for (size_t i = 0; i < outputs->n; i++) {
        free(made[i]);
    }
    free(temporary);
    return err->status;
}

static void copy_to_stdout(FILE *file, silbe_err *err)
{
    char buffer[1 << 14];
    size_t n = 0;
    while (!silbe_failed(err) && (n = fread(buffer, 1, sizeof buffer, file)) > 0 &&
           fwrite(buffer, 1, n, stdout) == n) {
    }
    if (!silbe_failed(err) && (ferror(file) || ferror(stdout) || fflush(stdout) != 0)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "standard output could not be written: %s",
                         strerror(errno));
        clearerr(stdout); /* it is said once */
    }
}

silbe_status silbe_song_print(unsigned formats, const silbe_words *words, silbe_err *err)
{
    silbe_err own;
    const char *folder = getenv("TMPDIR");
    err = silbe_err_begin(err, &own);
    if (formats == 0 || (formats & (formats - 1)) != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "-o - writes one format; name it with --format, csv for example");
    }
    /* The writers write whole files. */
    char *temporary = silbe_format(err, "%s/silbe-XXXXXX",
                                   folder != NULL && folder[0] != '\0' ? folder : P_tmpdir);
    if (temporary != NULL && mkdtemp(temporary) == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", temporary, strerror(errno));
        free(temporary);
        temporary = NULL;
    }
    char *path = silbe_join_path(temporary, "words", err);
    const char *const paths[] = {path};
    silbe_try(err, silbe_output_write_formats(words, formats, paths, err));
    FILE *file = silbe_failed(err) ? NULL : fopen(path, "rb");
    if (!silbe_failed(err) && file == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", path, strerror(errno));
    }
    if (temporary != NULL) {
        /* Before anything is written: a reader that has gone ends the program. */
        silbe_status removed = silbe_remove_tree(temporary, NULL);
        silbe_try(err, removed);
    }
    copy_to_stdout(file, err);
    if (file != NULL) {
        (void)fclose(file);
    }
    free(path);
    free(temporary);
    return err->status;
}
