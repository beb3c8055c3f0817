/*
 * What a training was begun with, as text beside its checkpoint, so that it is not gone on with
 * otherwise.
 */
#ifndef SILBE_TRAIN_SETTINGS_FILE_H
#define SILBE_TRAIN_SETTINGS_FILE_H

#include "features/base/status.h"

/* Writes text to path if there is no such file, else compares: SILBE_ERR_MISMATCH with the first
 * line that differs; `advice` ends the message ("begin anew with --force"). */
SILBE_MUST_CHECK silbe_status silbe_settings_file_check(const char *path, const char *text,
                                                        const char *advice, silbe_err *err);

#endif
