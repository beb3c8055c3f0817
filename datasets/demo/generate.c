#define _POSIX_C_SOURCE 200809L
#include "datasets/demo/generate.h"

#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
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
#include "features/base/array.h"
#include "features/base/atomic_file.h"
#include "features/base/path.h"

#define PATH_SIZE 4096

/* Every file of the dataset, relative to its folder, in the order in which it is announced. */
typedef struct {
    char **names;
    size_t n;
} file_list;

/* All that an item needs and shares with nobody who writes. */
typedef struct {
    const silbe_demo_song *song;
    const silbe_demo_sung *sung;
    const silbe_demo_version *version;
    const char *folder;
    silbe_status status;
    silbe_err err;
} item;

typedef struct {
    silbe_demo_song *songs;
    silbe_demo_sung **sung;
    size_t n_songs;
    item *items;
    size_t n_items;
} plan;

static silbe_status join(char path[PATH_SIZE], silbe_err *err, const char *format, ...)
    SILBE_PRINTF(3, 4);

static silbe_status join(char path[PATH_SIZE], silbe_err *err, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(path, PATH_SIZE, format, list);
    va_end(list);
    if (length < 0 || length >= PATH_SIZE) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%.60s...: the name of the folder is too long",
                          path);
    }
    return SILBE_OK;
}

static silbe_status announce(file_list *files, silbe_err *err, const char *folder, const char *work,
                             const char *version, const char *extension)
{
    char **grown = silbe_array_append(files->names, files->n, sizeof *grown);
    if (grown != NULL) {
        files->names = grown;
        files->names[files->n] = silbe_path_format(
            "%s%s%s%s%s", folder, work, version[0] == '\0' ? "" : "_", version, extension);
    }
    if (grown == NULL || files->names[files->n] == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "list of files: out of memory");
    }
    files->n++;
    return SILBE_OK;
}

static silbe_status list_files(file_list *files, const plan *all, silbe_err *err)
{
    silbe_status status = announce(files, err, "README.txt", "", "", "");
    if (status == SILBE_OK) {
        status = announce(files, err, "02_Annotations/ann_audio_globalkey.csv", "", "", "");
    }
    if (status == SILBE_OK) {
        status =
            announce(files, err, "03_ExtraMaterial/ann_audio_globalkey-tuning.csv", "", "", "");
    }
    for (size_t i = 0; status == SILBE_OK && i < all->n_songs; i++) {
        const char *work = all->songs[i].source->work;
        status = announce(files, err, "01_RawData/lyrics_txt/", work, "", ".txt");
        if (status == SILBE_OK) {
            status = announce(files, err, "01_RawData/score_musicxml/", work, "", ".xml");
        }
    }
    static const char *const folders[] = {"01_RawData/audio_wav/", "02_Annotations/ann_audio_note/",
                                          "02_Annotations/ann_audio_measure/",
                                          "03_ExtraMaterial/ann_audio_word/"};
    for (size_t i = 0; status == SILBE_OK && i < all->n_items; i++) {
        for (size_t k = 0; status == SILBE_OK && k < 4; k++) {
            status = announce(files, err, folders[k], all->items[i].song->source->work,
                              all->items[i].version->name, k == 0 ? ".wav" : ".csv");
        }
    }
    return status;
}

static void free_files(file_list *files)
{
    for (size_t i = 0; i < files->n; i++) {
        free(files->names[i]);
    }
    free(files->names);
}

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

/* Reads the songs and pronounces them: libespeak-ng wants one thread. */
static silbe_status prepare(plan *all, const char *folder, silbe_err *err)
{
    size_t n_songs = 0;
    size_t n_versions = 0;
    while (silbe_demo_song_at(n_songs) != NULL) {
        n_songs++;
    }
    while (silbe_demo_version_at(n_versions) != NULL) {
        n_versions++;
    }
    all->songs = calloc(n_songs, sizeof *all->songs);
    all->sung = calloc(n_songs, sizeof *all->sung);
    all->items = calloc(n_songs * n_versions, sizeof *all->items);
    if (all->songs == NULL || all->sung == NULL || all->items == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "demo dataset: out of memory");
    }
    for (size_t i = 0; i < n_songs; i++) {
        silbe_demo_song *song = &all->songs[i];
        silbe_status status = silbe_demo_song_read(song, silbe_demo_song_at(i), err);
        if (status != SILBE_OK) {
            return status;
        }
        all->n_songs++;
        all->sung[i] = calloc(song->n_syllables, sizeof **all->sung);
        if (all->sung[i] == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "demo dataset: out of memory");
        }
        status = silbe_demo_pronounce(song, all->sung[i], NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        for (size_t k = 0; k < n_versions; k++) {
            all->items[all->n_items++] = (item){.song = song,
                                                .sung = all->sung[i],
                                                .version = silbe_demo_version_at(k),
                                                .folder = folder,
                                                .status = SILBE_ERR_MEMORY};
        }
    }
    return SILBE_OK;
}

static silbe_status write_item(const item *it, silbe_err *err)
{
    silbe_demo_performance performance = SILBE_DEMO_PERFORMANCE_INIT;
    float *samples = NULL;
    size_t n = 0;
    char path[PATH_SIZE];
    const char *work = it->song->source->work;
    const char *name = it->version->name;
    silbe_status status = silbe_demo_perform(&performance, it->song, it->version, err);
    if (status == SILBE_OK) {
        status =
            silbe_demo_record(&performance, it->sung, SILBE_DEMO_EVERYTHING, &samples, &n, err);
    }
    if (status == SILBE_OK) {
        status = join(path, err, "%s/01_RawData/audio_wav/%s_%s.wav", it->folder, work, name);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_wav(path, samples, n, err);
    }
    if (status == SILBE_OK) {
        status =
            join(path, err, "%s/02_Annotations/ann_audio_note/%s_%s.csv", it->folder, work, name);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_notes(path, &performance, err);
    }
    if (status == SILBE_OK) {
        status = join(path, err, "%s/02_Annotations/ann_audio_measure/%s_%s.csv", it->folder, work,
                      name);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_measures(path, &performance, err);
    }
    if (status == SILBE_OK) {
        status =
            join(path, err, "%s/03_ExtraMaterial/ann_audio_word/%s_%s.csv", it->folder, work, name);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_words(path, &performance, err);
    }
    free(samples);
    silbe_demo_performance_free(&performance);
    return status;
}

/* What all versions share: scores, lyrics, keys, README. */
static silbe_status write_common(const char *folder, const plan *all, silbe_err *err)
{
    static const char *const folders[] = {"01_RawData/audio_wav",
                                          "01_RawData/lyrics_txt",
                                          "01_RawData/score_musicxml",
                                          "02_Annotations/ann_audio_note",
                                          "02_Annotations/ann_audio_measure",
                                          "03_ExtraMaterial/ann_audio_word"};
    char path[PATH_SIZE];
    silbe_status status = SILBE_OK;
    for (size_t i = 0; status == SILBE_OK && i < sizeof folders / sizeof folders[0]; i++) {
        status = join(path, err, "%s/%s", folder, folders[i]);
        if (status == SILBE_OK) {
            status = silbe_make_folders(path, err);
        }
    }
    for (size_t i = 0; status == SILBE_OK && i < all->n_songs; i++) {
        const silbe_demo_song *song = &all->songs[i];
        status = join(path, err, "%s/01_RawData/lyrics_txt/%s.txt", folder, song->source->work);
        if (status == SILBE_OK) {
            status = silbe_demo_write_lyrics(path, song, err);
        }
        if (status == SILBE_OK) {
            status =
                join(path, err, "%s/01_RawData/score_musicxml/%s.xml", folder, song->source->work);
        }
        if (status == SILBE_OK) {
            status = silbe_demo_write_musicxml(path, song, err);
        }
    }
    if (status == SILBE_OK) {
        status = join(path, err, "%s/02_Annotations/ann_audio_globalkey.csv", folder);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_keys(path, err);
    }
    if (status == SILBE_OK) {
        status = join(path, err, "%s/03_ExtraMaterial/ann_audio_globalkey-tuning.csv", folder);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_tunings(path, err);
    }
    if (status == SILBE_OK) {
        status = join(path, err, "%s/README.txt", folder);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_write_readme(path, err);
    }
    return status;
}

static silbe_status write_items(const plan *all, int n_threads, silbe_err *err)
{
    int threads = n_threads > 0 ? n_threads : omp_get_max_threads();
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t i = 0; i < all->n_items; i++) {
        all->items[i].status = write_item(&all->items[i], &all->items[i].err);
    }
    for (size_t i = 0; i < all->n_items; i++) {
        if (all->items[i].status != SILBE_OK) {
            *err = all->items[i].err;
            return all->items[i].status;
        }
    }
    return SILBE_OK;
}

static silbe_status make_dataset(const char *folder, int n_threads, bool is_old, silbe_err *err)
{
    bool exists = false;
    plan all = {0};
    file_list files = {0};
    char made[PATH_SIZE];
    silbe_status status = join(made, err, "%s.tmp.%ld", folder, (long)getpid());
    if (status != SILBE_OK) {
        return status;
    }
    status = prepare(&all, made, err);
    if (status == SILBE_OK) {
        status = write_common(made, &all, err);
    }
    if (status == SILBE_OK) {
        status = write_items(&all, n_threads, err);
    }
    if (status == SILBE_OK) {
        status = list_files(&files, &all, err);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_stamp_write(made, files.names, files.n, err);
    }
    if (status == SILBE_OK) {
        status = silbe_demo_put_folder(made, folder, is_old, &exists, err);
    }
    /* Another run was faster: what it made is as good, if it is the same. */
    if (exists && silbe_demo_stamp_check(folder) != SILBE_DEMO_FOLDER_CURRENT) {
        status = silbe_fail(err, SILBE_ERR_BUSY,
                            "%s: somebody else just put something there; "
                            "look, and try again",
                            folder);
    }
    if (status != SILBE_OK || exists) {
        silbe_demo_remove_tree(made);
    }
    free_files(&files);
    free_plan(&all);
    return status;
}

silbe_status silbe_demo_generate(const char *folder, int n_threads, bool *made, silbe_err *err)
{
    char path[PATH_SIZE];
    *made = false;
    silbe_status status = join(path, err, "%s", folder);
    if (status != SILBE_OK) {
        return status;
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') { /* FOLDER/.tmp.PID would lie inside */
        path[--length] = '\0';
    }
    if (length == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the name of the folder is empty");
    }
    silbe_demo_sweep(path);
    switch (silbe_demo_stamp_check(path)) {
    case SILBE_DEMO_FOLDER_CURRENT:
        return SILBE_OK;
    case SILBE_DEMO_FOLDER_FOREIGN:
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "%s: exists and is not a demo dataset; name another folder or remove it",
                          path);
    case SILBE_DEMO_FOLDER_OLD:
        status = make_dataset(path, n_threads, true, err);
        break;
    case SILBE_DEMO_FOLDER_FREE:
        status = make_dataset(path, n_threads, false, err);
        break;
    }
    *made = status == SILBE_OK;
    return status;
}
