#include "datasets/readers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/annotations.h"
#include "datasets/listing.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

static const char *const LYRICS_EXTENSIONS[] = {"txt", NULL};
static const char *const WORDS_EXTENSIONS[] = {"words.csv", NULL};

/* A score without recording was meant as an item: its recording is expected beside it, and the
 * stage that reads it reports that it is missing. */
static char *expected_recording(const char *root, const char *stem, silbe_err *err)
{
    char *file = silbe_format(err, "%s.wav", stem);
    char *path = file != NULL ? silbe_join_path(root, file, err) : NULL;
    free(file);
    return path;
}

/* NAME.words.csv, unless all its rows are estimates: word times that lie beside their recording.
 * One that cannot be read is kept, for the stage that needs it to say why. */
static char *find_reference(const silbe_listing *listing, const char *stem, silbe_err *err)
{
    char *path = silbe_listing_find(listing, stem, WORDS_EXTENSIONS, err);
    silbe_word_rows rows = SILBE_WORD_ROWS_INIT;
    if (path != NULL && silbe_word_rows_read(path, &rows, NULL) == SILBE_OK && rows.n_rows > 0) {
        bool has_set = false;
        for (size_t i = 0; i < rows.n_rows; i++) {
            has_set = has_set || silbe_word_row_is_set(&rows.rows[i]);
        }
        if (!has_set) {
            free(path);
            path = NULL;
        }
    }
    silbe_word_rows_free(&rows);
    return path;
}

static void add_item(const silbe_listing *listing, const char *root, const char *stem,
                     silbe_dataset *dataset, silbe_err *err)
{
    silbe_item *item = silbe_dataset_add(dataset, err);
    if (item == NULL) {
        return;
    }
    item->work = silbe_copy_text(stem, err);
    item->version = silbe_copy_text("", err);
    item->name = silbe_copy_text(stem, err);
    item->audio_path = silbe_listing_find(listing, stem, SILBE_AUDIO_EXTENSIONS, err);
    item->lyrics_path = silbe_listing_find(listing, stem, LYRICS_EXTENSIONS, err);
    item->score_path = silbe_listing_find(listing, stem, SILBE_SCORE_EXTENSIONS, err);
    item->ref_words_path = find_reference(listing, stem, err);
    if (item->audio_path == NULL) {
        item->audio_path = expected_recording(root, stem, err);
    }
}

static void fail_without_audio(const char *root, silbe_err *err)
{
    struct stat info;
    char *swd = silbe_path_join(root, "01_RawData");
    bool looks_like_swd = swd != NULL && stat(swd, &info) == 0;
    free(swd);
    if (looks_like_swd) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "%s: no audio files in the folder itself; it looks like the Schubert "
                         "Winterreise Dataset: use SWD_ROOT=%s with DATASET=swd",
                         root, root);
        return;
    }
    (void)silbe_fail(
        err, SILBE_ERR_DATA,
        "%s: no audio files; expected NAME.wav (or .flac, .ogg, .opus, .mp3, .aiff) with "
        "NAME.txt and/or NAME.musicxml",
        root);
}

/* One item for each name that has a recording or a score. */
static void add_items(const silbe_listing *listing, const char *root, silbe_dataset *dataset,
                      silbe_err *err)
{
    size_t n_recordings = 0;
    for (size_t i = 0; i < listing->n_files && !silbe_failed(err); i++) {
        const silbe_listed_file *file = &listing->files[i];
        bool is_audio = silbe_listed_as(file->extension, SILBE_AUDIO_EXTENSIONS);
        n_recordings += is_audio;
        /* The listing is sorted by name: what was added last has the same one or none has. */
        bool is_known = dataset->n_items > 0 &&
                        strcmp(dataset->items[dataset->n_items - 1].name, file->stem) == 0;
        if (!is_known && (is_audio || silbe_listed_as(file->extension, SILBE_SCORE_EXTENSIONS))) {
            add_item(listing, root, file->stem, dataset, err);
        }
    }
    if (n_recordings == 0 && !silbe_failed(err)) {
        fail_without_audio(root, err);
    }
}

/* Lyrics and references that belong to no recording: probably a misspelt name. */
static void warn_strays(const silbe_listing *listing, silbe_dataset *dataset, silbe_err *err)
{
    for (size_t i = 0; i < listing->n_files && !silbe_failed(err); i++) {
        const silbe_listed_file *file = &listing->files[i];
        bool is_ours = silbe_listed_as(file->extension, LYRICS_EXTENSIONS) ||
                       silbe_listed_as(file->extension, WORDS_EXTENSIONS);
        if (is_ours && silbe_dataset_find(dataset, file->stem) == NULL) {
            silbe_try(err, silbe_messages_add(&dataset->warnings, err,
                                              "%s: no recording of the name \"%s\" beside it",
                                              file->path, file->stem));
        }
    }
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        const silbe_item *item = &dataset->items[i];
        if (item->lyrics_path == NULL && item->score_path == NULL) {
            silbe_try(
                err, silbe_messages_add(&dataset->warnings, err,
                                        "%s: neither lyrics (%s.txt) nor score (%s.musicxml, .xml, "
                                        ".mxl) beside it",
                                        item->audio_path, item->name, item->name));
        }
    }
}

void silbe_folder_open(const char *root, silbe_dataset *dataset, silbe_err *err)
{
    silbe_listing listing = SILBE_LISTING_INIT;
    dataset->root = silbe_copy_text(root, err);
    silbe_listing_read(root, &listing, err);
    add_items(&listing, root, dataset, err);
    warn_strays(&listing, dataset, err);
    silbe_listing_free(&listing);
}
