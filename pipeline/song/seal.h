/*
 * A file in a folder that says what the folder's other files hold, by digest, so that damage does
 * not pass for data.
 */
#ifndef SILBE_SEAL_H
#define SILBE_SEAL_H

#include <stdbool.h>

#include "features/base/status.h"

/* Takes down what the files hold; folders in it are an error. SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_seal_write(const char *folder, silbe_err *err);

/* Whether there is a seal, and the files are those that were sealed, no more, no less. */
bool silbe_seal_holds(const char *folder);

#endif
