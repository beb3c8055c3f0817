#define _XOPEN_SOURCE 700
#include "pipeline/song/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
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
    char *stem;
    const silbe_song *song;
} place;

static int compare_places(const void *a, const void *b)
{
    return strcmp(((const place *)a)->stem, ((const place *)b)->stem);
}

silbe_status silbe_song_outputs_check(const silbe_songs *songs, const char *folder, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    place *places = silbe_alloc(songs->n, sizeof *places, "songs", err);
    size_t n = 0;
    for (size_t i = 0; i < songs->n && !silbe_failed(err); i++) {
        places[n].song = &songs->items[i];
        places[n].stem = stem_of(&songs->items[i], folder, err);
        n += places[n].stem != NULL;
    }
    if (!silbe_failed(err)) {
        qsort(places, n, sizeof *places, compare_places);
    }
    for (size_t i = 1; i < n && !silbe_failed(err); i++) {
        if (strcmp(places[i - 1].stem, places[i].stem) == 0) {
            (void)silbe_fail(
                err, SILBE_ERR_ARGUMENT,
                "%s and %s would both become %s.words.*; rename one, or align them one "
                "at a time",
                places[i - 1].song->audio, places[i].song->audio, places[i].stem);
        }
    }
    for (size_t i = 0; i < n; i++) {
        free(places[i].stem);
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

silbe_status silbe_song_outputs_write(const silbe_song_outputs *outputs, const char *cache,
                                      unsigned formats, const silbe_words *words, silbe_err *err)
{
    silbe_note_begin(cache, outputs->paths, outputs->n);
    silbe_status status =
        silbe_output_write_formats(words, formats, (const char *const *)outputs->paths, err);
    for (size_t i = 0; i < outputs->n && status == SILBE_OK; i++) {
        silbe_note_written(cache, outputs->paths[i]);
    }
    if (status == SILBE_OK && outputs->n > 0) {
        silbe_note_end(cache, outputs->paths[0]);
    }
    return status;
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
