/* Writes the whole demo dataset into a folder. */
#ifndef SILBE_DEMO_GENERATE_H
#define SILBE_DEMO_GENERATE_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/*
 * Makes the dataset in folder, with n_threads threads (0: as many as OpenMP likes); the result does
 * not depend on them. Nothing happens (*made = false) if folder already holds this version, whole.
 * The dataset is written beside it as FOLDER.tmp.PID and then renamed; an older demo dataset in
 * folder is replaced. SILBE_ERR_ARGUMENT if folder holds anything else: it is left alone.
 * One call at a time in a process (libespeak-ng).
 */
SILBE_MUST_CHECK silbe_status silbe_demo_generate(const char *folder, int n_threads, bool *made,
                                                  silbe_err *err);

#endif
