#define _POSIX_C_SOURCE 200809L
#include "datasets/demo/generate.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "datasets/demo/notation.h"
#include "datasets/demo/perform.h"
#include "datasets/demo/pronounce.h"
#include "datasets/demo/replace.h"
#include "datasets/demo/songs.h"
#include "datasets/demo/stamp.h"
#include "datasets/demo/writers.h"
#include "datasets/synthesis/recording.h"
#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

/* ---- the files ---- */

/* One for the whole dataset. */
static const struct {
    const char *name;
    void (*write)(const char *path, silbe_err *err);
} common_files[] = {
    {"README.txt", silbe_demo_write_readme},
    {"02_Annotations/ann_audio_globalkey.csv", silbe_demo_write_keys},
    {"03_ExtraMaterial/ann_audio_globalkey-tuning.csv", silbe_demo_write_tunings},
};

/* One for each song. */
static const struct {
    const char *folder, *extension;
    void (*write)(const char *path, const silbe_synth_song *song, silbe_err *err);
} song_files[] = {
    {"01_RawData/lyrics_txt", "txt", silbe_demo_write_lyrics},
    {"01_RawData/score_musicxml", "xml", silbe_demo_write_musicxml},
};

/* One for each version of a song. */
static const struct {
    const char *folder, *extension;
    void (*write)(const char *path, const silbe_synth_performance *performance, silbe_err *err);
} version_files[] = {
    {"01_RawData/audio_wav", "wav", NULL}, /* silbe_demo_write_wav */
    {"02_Annotations/ann_audio_note", "csv", silbe_demo_write_notes},
    {"02_Annotations/ann_audio_measure", "csv", silbe_demo_write_measures},
    {"03_ExtraMaterial/ann_audio_word", "csv", silbe_demo_write_words},
};

enum {
    N_COMMON_FILES = sizeof common_files / sizeof *common_files,
    N_SONG_FILES = sizeof song_files / sizeof *song_files,
    N_VERSION_FILES = sizeof version_files / sizeof *version_files,
};

/* All that an item needs and shares with nobody who writes. */
typedef struct {
    const silbe_synth_song *song;
    const silbe_synth_sung *sung;
    const silbe_synth_version *version;
    silbe_err err;
} item;

typedef struct {
    silbe_synth_song *songs;
    silbe_synth_sung **sung;
    size_t n_songs;
    item *items;
    size_t n_items;
} plan;

/* Names are relative to the dataset's folder, paths are not; both are freed by the caller. */

static char *song_name(size_t file, const silbe_synth_song *song, silbe_err *err)
{
    return silbe_format(err, "%s/%s.%s", song_files[file].folder, song->source->work,
                        song_files[file].extension);
}

static char *version_name(size_t file, const item *it, silbe_err *err)
{
    return silbe_format(err, "%s/%s_%s.%s", version_files[file].folder, it->song->source->work,
                        it->version->name, version_files[file].extension);
}

/* Frees the name. */
static char *path_of(const char *folder, char *name, silbe_err *err)
{
    char *path = name != NULL ? silbe_join_path(folder, name, err) : NULL;
    free(name);
    return path;
}

/* Every file of the dataset, in the order in which the stamp lists them. */
typedef struct {
    char **names;
    size_t n;
} file_list;

/* Takes over the name. */
static void announce(file_list *files, char *name, silbe_err *err)
{
    files->names = silbe_grow(files->names, files->n, NULL, sizeof *files->names, "files", err);
    if (silbe_failed(err)) {
        free(name);
    } else {
        files->names[files->n++] = name;
    }
}

static void list_files(file_list *files, const plan *all, silbe_err *err)
{
    for (size_t f = 0; f < N_COMMON_FILES; f++) {
        announce(files, silbe_copy_text(common_files[f].name, err), err);
    }
    for (size_t i = 0; i < all->n_songs; i++) {
        for (size_t f = 0; f < N_SONG_FILES; f++) {
            announce(files, song_name(f, &all->songs[i], err), err);
        }
    }
    for (size_t i = 0; i < all->n_items; i++) {
        for (size_t f = 0; f < N_VERSION_FILES; f++) {
            announce(files, version_name(f, &all->items[i], err), err);
        }
    }
}

static void free_files(file_list *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->names[i]);
    }
    free(files->names);
}

/* ---- making them ---- */

static void free_plan(plan *all)
{
    for (size_t i = 0; i < all->n_songs; i++) {
        silbe_demo_song_free(&all->songs[i]);
        free(all->sung[i]);
    }
    free(all->songs);
    free(all->sung);
    free(all->items);
}

/* Reads song i and pronounces it. */
static void prepare_song(plan *all, size_t i, silbe_err *err)
{
    silbe_synth_song *song = &all->songs[i];
    all->n_songs = i + 1;
    silbe_try(err, silbe_demo_song_read(song, silbe_demo_song_at(i), err));
    all->sung[i] = silbe_alloc(song->n_syllables, sizeof **all->sung, "syllables", err);
    silbe_try(err, silbe_demo_pronounce(song, all->sung[i], NULL, err));
    for (size_t k = 0; silbe_demo_version_at(k) != NULL; k++) {
        all->items[all->n_items++] =
            (item){.song = song, .sung = all->sung[i], .version = silbe_demo_version_at(k)};
    }
}

/* All songs, one after the other: libespeak-ng wants one thread. */
static void prepare(plan *all, silbe_err *err)
{
    size_t n_songs = 0;
    size_t n_versions = 0;
    while (silbe_demo_song_at(n_songs) != NULL) {
        n_songs++;
    }
    while (silbe_demo_version_at(n_versions) != NULL) {
        n_versions++;
    }
    all->songs = silbe_alloc(n_songs, sizeof *all->songs, "songs", err);
    all->sung = silbe_alloc(n_songs, sizeof *all->sung, "songs", err);
    all->items = silbe_alloc(n_songs * n_versions, sizeof *all->items, "performances", err);
    for (size_t i = 0; i < n_songs && !silbe_failed(err); i++) {
        prepare_song(all, i, err);
    }
}

static void write_item(const char *folder, const item *it, silbe_err *err)
{
    silbe_synth_performance performance = SILBE_SYNTH_PERFORMANCE_INIT;
    float *samples = NULL;
    size_t n = 0;
    silbe_try(err, silbe_demo_perform(&performance, it->song, it->version, err));
    silbe_try(
        err, silbe_synth_record(&performance, it->sung, SILBE_SYNTH_EVERYTHING, &samples, &n, err));
    for (size_t f = 0; f < N_VERSION_FILES && !silbe_failed(err); f++) {
        char *path = path_of(folder, version_name(f, it, err), err);
        if (path != NULL && version_files[f].write == NULL) {
            silbe_demo_write_wav(path, samples, n, err);
        } else if (path != NULL) {
            version_files[f].write(path, &performance, err);
        }
        free(path);
    }
    free(samples);
    silbe_demo_performance_free(&performance);
}

static void make_folder(const char *dataset, const char *name, silbe_err *err)
{
    char *path = silbe_join_path(dataset, name, err);
    silbe_try(err, silbe_make_folders(path, err));
    free(path);
}

/* What all versions share: folders, scores, lyrics, keys, README. */
static void write_common(const char *folder, const plan *all, silbe_err *err)
{
    for (size_t f = 0; f < N_SONG_FILES; f++) {
        make_folder(folder, song_files[f].folder, err);
    }
    for (size_t f = 0; f < N_VERSION_FILES; f++) {
        make_folder(folder, version_files[f].folder, err);
    }
    for (size_t i = 0; i < all->n_songs * N_SONG_FILES && !silbe_failed(err); i++) {
        const silbe_synth_song *song = &all->songs[i / N_SONG_FILES];
        char *path = path_of(folder, song_name(i % N_SONG_FILES, song, err), err);
        song_files[i % N_SONG_FILES].write(path, song, err);
        free(path);
    }
    for (size_t f = 0; f < N_COMMON_FILES && !silbe_failed(err); f++) {
        char *path = silbe_join_path(folder, common_files[f].name, err);
        common_files[f].write(path, err);
        free(path);
    }
}

static void write_items(const char *folder, const plan *all, int n_threads, silbe_err *err)
{
    size_t n_items = silbe_failed(err) ? 0 : all->n_items;
    int threads = n_threads > 0 ? n_threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < n_items; i++) {
        write_item(folder, &all->items[i], &all->items[i].err);
    }
    for (size_t i = 0; i < n_items && !silbe_failed(err); i++) {
        *err = all->items[i].err;
    }
}

static void make_dataset(const char *folder, int n_threads, bool is_old, silbe_err *err)
{
    plan all = {0};
    file_list files = {0};
    char *made = silbe_format(err, "%s.tmp.%ld", folder, (long)getpid());
    if (made == NULL) {
        return;
    }
    prepare(&all, err);
    write_common(made, &all, err);
    write_items(made, &all, n_threads, err);
    list_files(&files, &all, err);
    silbe_demo_stamp_write(made, files.names, files.n, err);
    bool exists = silbe_demo_put_folder(made, folder, is_old, err);
    /* Another run was faster: what it made is as good, if it is the same. */
    if (exists && silbe_demo_stamp_check(folder) != SILBE_DEMO_FOLDER_CURRENT) {
        (void)silbe_fail(err, SILBE_ERR_BUSY,
                         "%s: somebody else just put something there; look, and try again", folder);
    }
    if (silbe_failed(err) || exists) {
        silbe_demo_remove_tree(made);
    }
    free_files(&files);
    free_plan(&all);
    free(made);
}

silbe_status silbe_demo_generate(const char *folder, int n_threads, bool *made, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *made = false;
    if (folder[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the name of the folder is empty");
    }
    char *path = silbe_copy_text(folder, err);
    if (path == NULL) {
        return err->status;
    }
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/';) {
        path[--n] = '\0'; /* FOLDER/.tmp.PID would lie inside */
    }
    silbe_demo_sweep(path);
    silbe_demo_folder_state state = silbe_demo_stamp_check(path);
    if (state == SILBE_DEMO_FOLDER_FOREIGN) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "%s: exists and is not a demo dataset; name another folder or remove it",
                         path);
    } else if (state != SILBE_DEMO_FOLDER_CURRENT) {
        make_dataset(path, n_threads, state == SILBE_DEMO_FOLDER_OLD, err);
        *made = !silbe_failed(err);
    }
    free(path);
    return err->status;
}
