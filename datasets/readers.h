/*
 * The readers of datasets, one for each kind. Both fill items, root, notes and warnings of
 * *dataset, which the caller has initialised; they are steps (features/base/status.h).
 */
#ifndef SILBE_DATASETS_READERS_H
#define SILBE_DATASETS_READERS_H

#include "datasets/items.h"

/*
 * A plain folder as a dataset: NAME.wav (or any format of libsndfile) is an item, with NAME.txt as
 * lyrics, NAME.musicxml, NAME.xml or NAME.mxl as score and NAME.words.csv as reference, where they
 * exist. NAME may be anything that UTF-8 can write. Sub-folders are not entered.
 */
void silbe_folder_open(const char *root, silbe_dataset *dataset, silbe_err *err);

/*
 * The Schubert Winterreise Dataset as published (versions 1.x, 2.0, 2.1), and every dataset in the
 * same layout:
 *
 *     01_RawData/audio_wav/<work>_<version>.wav             decides what is an item
 *     01_RawData/lyrics_txt/<work>.txt
 *     01_RawData/score_musicxml/<work>.xml
 *     02_Annotations/ann_audio_note/<work>_<version>.csv    from version 2.0 on
 *     02_Annotations/ann_audio_measure/<work>_<version>.csv
 *     03_ExtraMaterial/ann_audio_word/<work>_<version>.csv    words; not in the published dataset
 *
 * <version> is what follows the last `_`. Extensions in any case; audio in any format of
 * libsndfile.
 *
 * root may be a folder too high (the archive unpacks into a folder of its own) or up to two too
 * low.
 */
void silbe_swd_open(const char *root, silbe_dataset *dataset, silbe_err *err);

#endif
