#define _XOPEN_SOURCE 700
#include "datasets/readers.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/listing.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

static const char AUDIO_FOLDER[] = "01_RawData/audio_wav";
static const char FETCH_HINT[] = "SWD_ROOT must be the folder that holds 01_RawData and "
                                 "02_Annotations; `make fetch DATASET=swd` "
                                 "downloads the dataset";

static const char *const LYRICS_EXTENSIONS[] = {"txt", NULL};
static const char *const CSV_EXTENSIONS[] = {"csv", NULL};

/* The folders beside the audio, in this order in silbe_swd_folders. */
enum { LYRICS, SCORES, NOTES, MEASURES, WORDS, N_FOLDERS };

static const char *const FOLDERS[N_FOLDERS] = {
    [LYRICS] = "01_RawData/lyrics_txt",          [SCORES] = "01_RawData/score_musicxml",
    [NOTES] = "02_Annotations/ann_audio_note",   [MEASURES] = "02_Annotations/ann_audio_measure",
    [WORDS] = "03_ExtraMaterial/ann_audio_word",
};

/* ---- where the dataset begins ---- */

static bool has_folder(const char *root, const char *name)
{
    struct stat info;
    char *path = silbe_path_join(root, name);
    bool answer = path != NULL && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    free(path);
    return answer;
}

/* Counts the sub-folders of root that are datasets; *found = the first by name, to be freed. */
static size_t search_below(const char *root, char **found)
{
    size_t n_found = 0;
    *found = NULL;
    DIR *stream = opendir(root);
    if (stream == NULL) {
        return 0;
    }
    for (const struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char *path = silbe_path_join(root, entry->d_name);
        if (path != NULL && has_folder(path, AUDIO_FOLDER)) {
            n_found++;
            if (*found == NULL || strcmp(path, *found) < 0) {
                char *other = *found;
                *found = path;
                path = other;
            }
        }
        free(path);
    }
    (void)closedir(stream);
    return n_found;
}

/* The dataset that root lies in, one or two folders up, to be freed; NULL if there is none. Only
 * from inside the dataset's own folders: elsewhere a dataset above is a coincidence. */
static char *search_above(const char *root)
{
    static const char *const UPWARDS[] = {"..", "../.."};
    char *real = realpath(root, NULL);
    char *found = NULL;
    bool is_inside = real != NULL && (strstr(real, "/01_RawData") != NULL ||
                                      strstr(real, "/02_Annotations") != NULL ||
                                      strstr(real, "/03_ExtraMaterial") != NULL);
    for (size_t i = 0; is_inside && found == NULL && i < sizeof UPWARDS / sizeof *UPWARDS; i++) {
        char *path = silbe_path_join(real, UPWARDS[i]);
        found = path != NULL && has_folder(path, AUDIO_FOLDER) ? realpath(path, NULL) : NULL;
        free(path);
    }
    free(real);
    return found;
}

/* The folder that holds 01_RawData/audio_wav, to be freed: root itself, one below, or one or two
 * above. */
static char *find_level(const char *root, silbe_err *err)
{
    if (has_folder(root, AUDIO_FOLDER)) {
        return silbe_copy_text(root, err);
    }
    if (has_folder(root, "01_RawData")) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: the folder %s is missing; %s", root,
                         AUDIO_FOLDER, FETCH_HINT);
        return NULL;
    }
    char *below = NULL;
    size_t n_below = search_below(root, &below);
    if (n_below > 1) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: holds %zu datasets (%s is the first); let SWD_ROOT name one of them",
                         root, n_below, below);
        free(below);
        return NULL;
    }
    char *level = below != NULL ? below : search_above(root);
    if (level == NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: not the Schubert Winterreise Dataset: no folder %s in it; %s", root,
                         AUDIO_FOLDER, FETCH_HINT);
    }
    return level;
}

/* ---- items ---- */

/* What an item lacks, and the file that was looked for. */
static void warn_item(const silbe_item *item, silbe_dataset *dataset, silbe_err *err)
{
    silbe_messages *warnings = &dataset->warnings;
    if (item->lyrics_path == NULL) {
        silbe_try(err, silbe_messages_add(warnings, err, "%s: no lyrics, expected %s/%s/%s.txt",
                                          item->name, dataset->root, FOLDERS[LYRICS], item->work));
    }
    if (item->score_path == NULL) {
        silbe_try(err, silbe_messages_add(warnings, err, "%s: no score, expected %s/%s/%s.xml",
                                          item->name, dataset->root, FOLDERS[SCORES], item->work));
    }
    if (item->ref_notes_path == NULL && item->ref_words_path == NULL) {
        silbe_try(err, silbe_messages_add(warnings, err,
                                          "%s: nothing to evaluate its words against, expected "
                                          "%s/%s/%s.csv (version 2.0 of the dataset or later)",
                                          item->name, dataset->root, FOLDERS[NOTES], item->name));
    }
}

/* One item from the stem `<work>_<version>` of its audio. */
static void add_item(const silbe_listing *audio, const silbe_listing *folders, const char *stem,
                     silbe_dataset *dataset, silbe_err *err)
{
    silbe_item *item = silbe_dataset_add(dataset, err);
    if (item == NULL) {
        return;
    }
    const char *underscore = strrchr(stem, '_');
    item->work = silbe_need(strndup(stem, (size_t)(underscore - stem)), "a work's name", err);
    item->version = silbe_copy_text(underscore + 1, err);
    item->name = silbe_copy_text(stem, err);
    item->audio_path = silbe_listing_find(audio, stem, SILBE_AUDIO_EXTENSIONS, err);
    item->lyrics_path = silbe_listing_find(&folders[LYRICS], item->work, LYRICS_EXTENSIONS, err);
    item->score_path =
        silbe_listing_find(&folders[SCORES], item->work, SILBE_SCORE_EXTENSIONS, err);
    item->ref_notes_path = silbe_listing_find(&folders[NOTES], stem, CSV_EXTENSIONS, err);
    item->ref_measures_path = silbe_listing_find(&folders[MEASURES], stem, CSV_EXTENSIONS, err);
    item->ref_words_path = silbe_listing_find(&folders[WORDS], stem, CSV_EXTENSIONS, err);
    warn_item(item, dataset, err);
}

/* How many annotated recordings come without audio. */
static void note_missing_audio(const silbe_listing *measures, silbe_dataset *dataset,
                               silbe_err *err)
{
    size_t n_annotated = 0;
    size_t n_missing = 0;
    for (size_t i = 0; i < measures->n_files && !silbe_failed(err); i++) {
        if (silbe_listed_as(measures->files[i].extension, CSV_EXTENSIONS)) {
            n_annotated++;
            n_missing += silbe_dataset_find(dataset, measures->files[i].stem) == NULL;
        }
    }
    if (n_missing > 0) {
        silbe_try(err, silbe_messages_add(&dataset->notes, err,
                                          "%s: %zu of %zu annotated recordings have no audio in %s "
                                          "and are left out",
                                          dataset->root, n_missing, n_annotated, AUDIO_FOLDER));
    }
}

static void add_items(const silbe_listing *audio, const silbe_listing *folders,
                      silbe_dataset *dataset, silbe_err *err)
{
    for (size_t i = 0; i < audio->n_files && !silbe_failed(err); i++) {
        const silbe_listed_file *file = &audio->files[i];
        const char *underscore = strrchr(file->stem, '_');
        if (!silbe_listed_as(file->extension, SILBE_AUDIO_EXTENSIONS)) {
            continue;
        }
        if (underscore == NULL || underscore == file->stem || underscore[1] == '\0') {
            silbe_try(err, silbe_messages_add(&dataset->warnings, err,
                                              "%s: left out: the name is not WORK_VERSION like "
                                              "Schubert_D911-01_HU33",
                                              file->path));
        } else {
            add_item(audio, folders, file->stem, dataset, err);
        }
    }
    if (dataset->n_items == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "%s/%s: no audio files of the name WORK_VERSION.wav; %s",
                                  dataset->root, AUDIO_FOLDER, FETCH_HINT));
    }
}

static void list_folder(const char *root, const char *name, silbe_listing *listing, silbe_err *err)
{
    char *path = silbe_join_path(root, name, err);
    silbe_listing_read(path, listing, err);
    free(path);
}

void silbe_swd_open(const char *root, silbe_dataset *dataset, silbe_err *err)
{
    silbe_listing audio = SILBE_LISTING_INIT;
    silbe_listing folders[N_FOLDERS] = {{NULL, 0}};
    dataset->root = silbe_failed(err) ? NULL : find_level(root, err);
    if (silbe_failed(err)) {
        return;
    }
    list_folder(dataset->root, AUDIO_FOLDER, &audio, err);
    for (size_t i = 0; i < N_FOLDERS; i++) {
        /* A missing folder is an empty one: each item that lacks its file says so. */
        if (has_folder(dataset->root, FOLDERS[i])) {
            list_folder(dataset->root, FOLDERS[i], &folders[i], err);
        }
    }
    add_items(&audio, folders, dataset, err);
    note_missing_audio(&folders[MEASURES], dataset, err);
    silbe_listing_free(&audio);
    for (size_t i = 0; i < N_FOLDERS; i++) {
        silbe_listing_free(&folders[i]);
    }
}
