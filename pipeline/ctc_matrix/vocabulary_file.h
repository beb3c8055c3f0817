/* The tokens of a vocabulary file in their order: internal to vocabulary.c. */
#ifndef SILBE_CTC_MATRIX_VOCABULARY_FILE_H
#define SILBE_CTC_MATRIX_VOCABULARY_FILE_H

#include <stddef.h>

#include "features/base/status.h"

/* *tokens: *n_tokens texts, all different, each owned by the caller. language: which one to take
 * from an object of objects, or "". Errors as silbe_vocabulary_read. */
SILBE_MUST_CHECK silbe_status silbe_vocabulary_file_read(const char *path, const char *language,
                                                         char ***tokens, size_t *n_tokens,
                                                         silbe_err *err);

#endif
