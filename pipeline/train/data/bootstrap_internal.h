/* The bootstrap's inside: not for others. */
#ifndef SILBE_TRAIN_BOOTSTRAP_INTERNAL_H
#define SILBE_TRAIN_BOOTSTRAP_INTERNAL_H

#include "pipeline/train/data/bootstrap.h"

/* Makes the folder and its settings.txt, or compares with the one that is there:
 * SILBE_ERR_MISMATCH for a run with other settings or recordings. */
SILBE_MUST_CHECK silbe_status silbe_bootstrap_check_settings(const silbe_bootstrap_options *options,
                                                             const silbe_corpus *corpus,
                                                             silbe_err *err);

#endif
