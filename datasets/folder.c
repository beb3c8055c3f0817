#define _POSIX_C_SOURCE 200809L
#include "datasets/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/listing.h"
#include "features/base/path.h"

static const char *const LYRICS_EXTENSIONS[] = {"txt", NULL};
static const char *const WORDS_EXTENSIONS[] = {"words.csv", NULL};

/* One item; *item is zeroed and counted by the caller, which frees it whatever happens. */
static silbe_status fill_item(const silbe_listing *listing, const char *stem, silbe_item *item,
                              silbe_err *err)
{
    item->work = strdup(stem);
    item->version = strdup("");
    item->name = strdup(stem);
    if (item->work == NULL || item->version == NULL || item->name == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", stem);
    }
    silbe_status status =
        silbe_listing_find(listing, stem, SILBE_AUDIO_EXTENSIONS, &item->audio_path, err);
    if (status == SILBE_OK) {
        status = silbe_listing_find(listing, stem, LYRICS_EXTENSIONS, &item->lyrics_path, err);
    }
    if (status == SILBE_OK) {
        status = silbe_listing_find(listing, stem, SILBE_SCORE_EXTENSIONS, &item->score_path, err);
    }
    if (status == SILBE_OK) {
        status = silbe_listing_find(listing, stem, WORDS_EXTENSIONS, &item->ref_words_path, err);
    }
    return status;
}

static silbe_status no_audio(const char *root, silbe_err *err)
{
    struct stat info;
    char *swd = silbe_path_join(root, "01_RawData");
    bool looks_like_swd = swd != NULL && stat(swd, &info) == 0;
    free(swd);
    if (looks_like_swd) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s: no audio files in the folder itself; it looks like the Schubert "
                          "Winterreise Dataset: use SWD_ROOT=%s with DATASET=swd",
                          root, root);
    }
    return silbe_fail(
        err, SILBE_ERR_DATA,
        "%s: no audio files; expected NAME.wav (or .flac, .ogg, .opus, .mp3, .aiff) with "
        "NAME.txt and/or NAME.musicxml",
        root);
}

/* A score without recording was meant as an item: its recording is expected beside it, and the
 * stage that reads it reports that it is missing. */
static silbe_status expect_recording(const char *root, silbe_item *item, silbe_err *err)
{
    size_t size = strlen(item->name) + sizeof ".wav";
    char *file = malloc(size);
    if (file != NULL) {
        (void)snprintf(file, size, "%s.wav", item->name);
        item->audio_path = silbe_path_join(root, file);
    }
    free(file);
    return item->audio_path != NULL ? SILBE_OK
                                    : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", root);
}

/* One item for each name that has a recording or a score. */
static silbe_status add_items(const silbe_listing *listing, const char *root,
                              silbe_dataset *dataset, size_t *n_recordings, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    *n_recordings = 0;
    for (size_t i = 0; status == SILBE_OK && i < listing->n_files; i++) {
        const silbe_listed_file *file = &listing->files[i];
        bool is_audio = silbe_listed_as(file->extension, SILBE_AUDIO_EXTENSIONS);
        *n_recordings += is_audio;
        /* The listing is sorted by name: what was added last has the same one or none has. */
        bool is_known = dataset->n_items > 0 &&
                        strcmp(dataset->items[dataset->n_items - 1].name, file->stem) == 0;
        if (is_known || !(is_audio || silbe_listed_as(file->extension, SILBE_SCORE_EXTENSIONS))) {
            continue;
        }
        silbe_item *item = &dataset->items[dataset->n_items++];
        status = fill_item(listing, file->stem, item, err);
        if (status == SILBE_OK && item->audio_path == NULL) {
            status = expect_recording(root, item, err);
        }
    }
    return status;
}

/* Lyrics and references that belong to no recording: probably a misspelt name. */
static silbe_status warn_strays(const silbe_listing *listing, silbe_dataset *dataset,
                                silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; status == SILBE_OK && i < listing->n_files; i++) {
        const silbe_listed_file *file = &listing->files[i];
        bool is_ours = silbe_listed_as(file->extension, LYRICS_EXTENSIONS) ||
                       silbe_listed_as(file->extension, WORDS_EXTENSIONS);
        if (is_ours && silbe_dataset_find(dataset, file->stem) == NULL) {
            status = silbe_messages_add(&dataset->warnings, err,
                                        "%s: no recording of the name \"%s\" beside it", file->path,
                                        file->stem);
        }
    }
    for (size_t i = 0; status == SILBE_OK && i < dataset->n_items; i++) {
        const silbe_item *item = &dataset->items[i];
        if (item->lyrics_path == NULL && item->score_path == NULL) {
            status = silbe_messages_add(&dataset->warnings, err,
                                        "%s: neither lyrics (%s.txt) nor score (%s.musicxml, .xml, "
                                        ".mxl) beside it",
                                        item->audio_path, item->name, item->name);
        }
    }
    return status;
}

silbe_status silbe_folder_open(const char *root, silbe_dataset *dataset, silbe_err *err)
{
    silbe_listing listing = SILBE_LISTING_INIT;
    size_t n_recordings = 0;
    silbe_status status = silbe_listing_read(root, &listing, err);
    if (status != SILBE_OK) {
        goto done;
    }
    dataset->root = strdup(root);
    dataset->items = calloc(listing.n_files + 1, sizeof *dataset->items);
    if (dataset->root == NULL || dataset->items == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", root);
        goto done;
    }
    status = add_items(&listing, root, dataset, &n_recordings, err);
    if (status == SILBE_OK) {
        status = n_recordings == 0 ? no_audio(root, err) : warn_strays(&listing, dataset, err);
    }
done:
    silbe_listing_free(&listing);
    return status;
}
