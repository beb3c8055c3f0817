/*
 * A plain folder as a dataset: NAME.wav (or any format of libsndfile) is an item, with NAME.txt as
 * lyrics, NAME.musicxml, NAME.xml or NAME.mxl as score and NAME.words.csv as reference, where they
 * exist. NAME may be anything that UTF-8 can write. Sub-folders are not entered.
 */
#ifndef SILBE_FOLDER_H
#define SILBE_FOLDER_H

#include "datasets/items.h"

/* Fills items, root, notes and warnings of *dataset, which the caller has initialised (a step). */
void silbe_folder_open(const char *root, silbe_dataset *dataset, silbe_err *err);

#endif
