/*
 * What the listening page wants of songs, as files in the places where the stages of a dataset
 * leave theirs (run/chain.h), below work.folder of the settings.
 */
#ifndef SILBE_PAGE_FILES_H
#define SILBE_PAGE_FILES_H

#include "datasets/items.h"
#include "pipeline/align/mode.h"
#include "pipeline/song/songs.h"

/* A step (features/base/status.h): the songs that have word times in config's work folder, as items
 * of *dataset, which must be _INIT and which the caller frees. SILBE_ERR_ARGUMENT for two songs of
 * one name. */
void silbe_page_files_list(const silbe_config *config, const silbe_songs *songs,
                           silbe_dataset *dataset, silbe_err *err);

/* Steps: write the labels of a song; its word times and score positions. */
void silbe_page_files_put_labels(const silbe_config *config, const silbe_song *song,
                                 const silbe_labels *labels, silbe_err *err);
void silbe_page_files_put_result(const silbe_config *config, const silbe_song *song,
                                 silbe_stage_id mode, const silbe_align_result *result,
                                 silbe_err *err);

#endif
