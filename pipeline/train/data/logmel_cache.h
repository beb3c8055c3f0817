/*
 * Log-mel of recordings, computed once: WORK/logmel/DIGEST.npy, where DIGEST is the SHA-256 of the
 * recording's bytes and of everything that the features depend on. So a cached file is never stale:
 * another recording or other options have another name.
 */
#ifndef SILBE_TRAIN_LOGMEL_CACHE_H
#define SILBE_TRAIN_LOGMEL_CACHE_H

#include <stddef.h>

#include "features/logmel.h"
#include "pipeline/train/augment/steps.h"

typedef struct silbe_logmel_cache silbe_logmel_cache;

/* folder: WORK, made if need be; NULL: nothing is cached. Call from one thread. Free with _free. */
SILBE_MUST_CHECK silbe_status silbe_logmel_cache_new(const char *folder,
                                                     const silbe_logmel_options *options,
                                                     silbe_logmel_cache **cache, silbe_err *err);
void silbe_logmel_cache_free(silbe_logmel_cache *cache);

/*
 * Log-mel of a recording at SILBE_TRAIN_RATE_HZ, frames x n_bands; the caller frees *logmel. A
 * cached file that is damaged is made again. Thread-safe. Errors of silbe_audio_read, with the
 * path.
 */
SILBE_MUST_CHECK silbe_status silbe_logmel_cache_get(const silbe_logmel_cache *cache,
                                                     const char *path, silbe_matrix *logmel,
                                                     silbe_err *err);

/* For features that are no recording's: path of the entry whose description is `text`, to be freed
 * by the caller; a step (status.h, failure that sticks). SILBE_ERR_ARGUMENT if the cache has no
 * folder. */
char *silbe_logmel_cache_path(const silbe_logmel_cache *cache, const char *text, silbe_err *err);

#endif
