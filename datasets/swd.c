#define _XOPEN_SOURCE 700
#include "datasets/swd.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/listing.h"
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

/* *level = the folder that holds 01_RawData/audio_wav: root itself, one below, or one or two above.
 */
static silbe_status find_level(const char *root, char **level, silbe_err *err)
{
    static const char *const UPWARDS[] = {"..", "../.."};
    if (has_folder(root, AUDIO_FOLDER)) {
        *level = strdup(root);
        return *level != NULL ? SILBE_OK : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (has_folder(root, "01_RawData")) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: the folder %s is missing; %s", root,
                          AUDIO_FOLDER, FETCH_HINT);
    }
    size_t n_below = search_below(root, level);
    if (n_below == 1) {
        return SILBE_OK;
    }
    if (n_below > 1) {
        silbe_fail(err, SILBE_ERR_FORMAT,
                   "%s: holds %zu datasets (%s is the first); let SWD_ROOT name one of them", root,
                   n_below, *level);
        free(*level);
        *level = NULL;
        return SILBE_ERR_FORMAT;
    }
    /* Only from inside the dataset's own folders: elsewhere a dataset above is a coincidence. */
    char *real = realpath(root, NULL);
    bool is_inside = real != NULL && (strstr(real, "/01_RawData") != NULL ||
                                      strstr(real, "/02_Annotations") != NULL ||
                                      strstr(real, "/03_ExtraMaterial") != NULL);
    for (size_t i = 0; is_inside && i < sizeof UPWARDS / sizeof *UPWARDS; i++) {
        char *path = silbe_path_join(real, UPWARDS[i]);
        if (path != NULL && has_folder(path, AUDIO_FOLDER)) {
            *level = realpath(path, NULL);
            free(path);
            free(real);
            return *level != NULL ? SILBE_OK : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
        }
        free(path);
    }
    free(real);
    return silbe_fail(err, SILBE_ERR_FORMAT,
                      "%s: not the Schubert Winterreise Dataset: no folder %s in it; %s", root,
                      AUDIO_FOLDER, FETCH_HINT);
}

/* ---- items ---- */

/* One item from the stem `<work>_<version>` of its audio; the caller frees it whatever happens. */
static silbe_status fill_item(const silbe_listing *audio, const silbe_listing *folders,
                              const char *stem, silbe_item *item, silbe_err *err)
{
    const char *underscore = strrchr(stem, '_');
    item->work = strndup(stem, (size_t)(underscore - stem));
    item->version = strdup(underscore + 1);
    item->name = item->work != NULL && item->version != NULL
                     ? silbe_path_format("%s_%s", item->work, item->version)
                     : NULL;
    if (item->name == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", stem);
    }
    const struct {
        const silbe_listing *listing;
        const char *stem;
        const char *const *extensions;
        char **path;
    } parts[] = {
        {audio, stem, SILBE_AUDIO_EXTENSIONS, &item->audio_path},
        {&folders[LYRICS], item->work, LYRICS_EXTENSIONS, &item->lyrics_path},
        {&folders[SCORES], item->work, SILBE_SCORE_EXTENSIONS, &item->score_path},
        {&folders[NOTES], stem, CSV_EXTENSIONS, &item->ref_notes_path},
        {&folders[MEASURES], stem, CSV_EXTENSIONS, &item->ref_measures_path},
        {&folders[WORDS], stem, CSV_EXTENSIONS, &item->ref_words_path},
    };
    silbe_status status = SILBE_OK;
    for (size_t i = 0; status == SILBE_OK && i < sizeof parts / sizeof *parts; i++) {
        status = silbe_listing_find(parts[i].listing, parts[i].stem, parts[i].extensions,
                                    parts[i].path, err);
    }
    return status;
}

/* What an item lacks, and the file that was looked for. */
static silbe_status warn_item(const silbe_item *item, silbe_dataset *dataset, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    if (item->lyrics_path == NULL) {
        status = silbe_messages_add(&dataset->warnings, err, "%s: no lyrics, expected %s/%s/%s.txt",
                                    item->name, dataset->root, FOLDERS[LYRICS], item->work);
    }
    if (status == SILBE_OK && item->score_path == NULL) {
        status = silbe_messages_add(&dataset->warnings, err, "%s: no score, expected %s/%s/%s.xml",
                                    item->name, dataset->root, FOLDERS[SCORES], item->work);
    }
    if (status == SILBE_OK && item->ref_notes_path == NULL && item->ref_words_path == NULL) {
        status =
            silbe_messages_add(&dataset->warnings, err,
                               "%s: nothing to evaluate its words against, expected %s/%s/%s.csv "
                               "(version 2.0 of the dataset or later)",
                               item->name, dataset->root, FOLDERS[NOTES], item->name);
    }
    return status;
}

/* How many annotated recordings come without audio. */
static silbe_status note_missing_audio(const silbe_listing *measures, silbe_dataset *dataset,
                                       silbe_err *err)
{
    size_t n_annotated = 0;
    size_t n_missing = 0;
    for (size_t i = 0; i < measures->n_files; i++) {
        if (silbe_listed_as(measures->files[i].extension, CSV_EXTENSIONS)) {
            n_annotated++;
            n_missing += silbe_dataset_find(dataset, measures->files[i].stem) == NULL;
        }
    }
    if (n_missing == 0) {
        return SILBE_OK;
    }
    return silbe_messages_add(
        &dataset->notes, err,
        "%s: %zu of %zu annotated recordings have no audio in %s and are left "
        "out",
        dataset->root, n_missing, n_annotated, AUDIO_FOLDER);
}

static silbe_status add_items(const silbe_listing *audio, const silbe_listing *folders,
                              silbe_dataset *dataset, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    dataset->items = calloc(audio->n_files + 1, sizeof *dataset->items);
    if (dataset->items == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", dataset->root);
    }
    for (size_t i = 0; status == SILBE_OK && i < audio->n_files; i++) {
        const silbe_listed_file *file = &audio->files[i];
        const char *underscore = strrchr(file->stem, '_');
        if (!silbe_listed_as(file->extension, SILBE_AUDIO_EXTENSIONS)) {
            continue;
        }
        if (underscore == NULL || underscore == file->stem || underscore[1] == '\0') {
            status = silbe_messages_add(&dataset->warnings, err,
                                        "%s: left out: the name is not WORK_VERSION like "
                                        "Schubert_D911-01_HU33",
                                        file->path);
            continue;
        }
        silbe_item *item = &dataset->items[dataset->n_items++];
        status = fill_item(audio, folders, file->stem, item, err);
        if (status == SILBE_OK) {
            status = warn_item(item, dataset, err);
        }
    }
    if (status == SILBE_OK && dataset->n_items == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "%s/%s: no audio files of the name WORK_VERSION.wav; %s", dataset->root,
                            AUDIO_FOLDER, FETCH_HINT);
    }
    return status;
}

silbe_status silbe_swd_open(const char *root, silbe_dataset *dataset, silbe_err *err)
{
    silbe_listing audio = SILBE_LISTING_INIT;
    silbe_listing folders[N_FOLDERS] = {{NULL, 0}};
    char *path = NULL;
    silbe_status status = find_level(root, &dataset->root, err);
    if (status != SILBE_OK) {
        goto done;
    }
    path = silbe_path_join(dataset->root, AUDIO_FOLDER);
    status = path != NULL ? silbe_listing_read(path, &audio, err)
                          : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", root);
    for (size_t i = 0; status == SILBE_OK && i < N_FOLDERS; i++) {
        /* A missing folder is an empty one: each item that lacks its file says so. */
        if (!has_folder(dataset->root, FOLDERS[i])) {
            continue;
        }
        free(path);
        path = silbe_path_join(dataset->root, FOLDERS[i]);
        status = path != NULL ? silbe_listing_read(path, &folders[i], err)
                              : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", root);
    }
    if (status == SILBE_OK) {
        status = add_items(&audio, folders, dataset, err);
    }
    if (status == SILBE_OK) {
        status = note_missing_audio(&folders[MEASURES], dataset, err);
    }
done:
    free(path);
    silbe_listing_free(&audio);
    for (size_t i = 0; i < N_FOLDERS; i++) {
        silbe_listing_free(&folders[i]);
    }
    return status;
}
