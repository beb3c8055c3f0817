#define _POSIX_C_SOURCE 200809L
#include "pipeline/song/page_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/run/chain.h"

/* The song as an item of a dataset; borrowed. */
static silbe_item item_of(const silbe_song *song)
{
    static char no_version[] = "";
    return (silbe_item){.work = song->name,
                        .version = no_version,
                        .name = song->name,
                        .audio_path = song->audio,
                        .lyrics_path = song->text,
                        .score_path = song->score};
}

/* Where the song's file goes; the folder is made. */
static char *place_of(const silbe_config *config, const silbe_song *song, silbe_file file,
                      silbe_stage_id mode, silbe_err *err)
{
    const silbe_item item = item_of(song);
    char *path = silbe_chain_path(config, file, mode, &item, err);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash != NULL) {
        *slash = '\0';
        silbe_try(err, silbe_make_folders(path, err));
        *slash = '/';
    }
    return path;
}

void silbe_page_files_put_labels(const silbe_config *config, const silbe_song *song,
                                 const silbe_labels *labels, silbe_err *err)
{
    char *path = place_of(config, song, SILBE_FILE_LABELS, SILBE_STAGE_MODES, err);
    silbe_try(err, silbe_labels_write(path, labels, err));
    free(path);
}

void silbe_page_files_put_result(const silbe_config *config, const silbe_song *song,
                                 silbe_stage_id mode, const silbe_align_result *result,
                                 silbe_err *err)
{
    char *words = place_of(config, song, SILBE_FILE_WORDS, mode, err);
    silbe_try(err, silbe_output_write_json(words, &result->words, err));
    free(words);
    if (result->path != NULL) {
        char *path = place_of(config, song, SILBE_FILE_PATH, mode, err);
        silbe_try(err, silbe_npy_write_doubles(path, &result->path[0][0], result->n_path, 3, err));
        free(path);
    }
}

static bool has_words(const silbe_config *config, const silbe_song *song, silbe_err *err)
{
    const silbe_item item = item_of(song);
    bool has = false;
    for (int m = SILBE_STAGE_MODES; m < SILBE_N_STAGES && !has; m++) {
        char *path = silbe_chain_path(config, SILBE_FILE_WORDS, (silbe_stage_id)m, &item, err);
        has = path != NULL && access(path, F_OK) == 0;
        free(path);
    }
    return has;
}

void silbe_page_files_list(const silbe_config *config, const silbe_songs *songs,
                           silbe_dataset *dataset, silbe_err *err)
{
    for (size_t i = 0; i < songs->n && !silbe_failed(err); i++) {
        const silbe_song *song = &songs->items[i];
        if (!has_words(config, song, err)) {
            continue;
        }
        if (silbe_dataset_find(dataset, song->name) != NULL) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                             "%s: a page shows songs by their names, and another is called %s, too",
                             song->audio, song->name);
            return;
        }
        silbe_item *item = silbe_dataset_add(dataset, err);
        if (item != NULL) {
            *item = (silbe_item){.work = silbe_copy_text(song->name, err),
                                 .version = silbe_copy_text("", err),
                                 .name = silbe_copy_text(song->name, err),
                                 .audio_path = silbe_copy_text(song->audio, err),
                                 .lyrics_path = silbe_copy_text(song->text, err),
                                 .score_path = silbe_copy_text(song->score, err)};
        }
    }
}
