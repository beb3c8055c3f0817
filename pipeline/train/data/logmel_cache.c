#include "pipeline/train/data/logmel_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/audio.h"
#include "features/base/atomic_file.h"
#include "features/base/npy.h"
#include "pipeline/host/digest.h"

enum { PATH_SIZE = 4096, FORMAT_VERSION = 1 };

struct silbe_logmel_cache {
    silbe_logmel_options options;
    silbe_stft_plan *plan;
    char folder[PATH_SIZE]; /* "": nothing is cached */
};

silbe_status silbe_logmel_cache_new(const char *folder, const silbe_logmel_options *options,
                                    silbe_logmel_cache **cache, silbe_err *err)
{
    silbe_logmel_cache *c = calloc(1, sizeof *c);
    *cache = NULL;
    if (c == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the cache of features");
    }
    c->options = *options;
    silbe_status status = silbe_logmel_plan_new(options, SILBE_TRAIN_RATE_HZ, &c->plan, err);
    if (status == SILBE_OK && folder != NULL) {
        if ((size_t)snprintf(c->folder, sizeof c->folder, "%s/logmel", folder) >=
            sizeof c->folder - 80) {
            status = silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
        } else {
            status = silbe_make_folders(c->folder, err);
        }
    }
    if (status != SILBE_OK) {
        silbe_logmel_cache_free(c);
        return status;
    }
    *cache = c;
    return SILBE_OK;
}

void silbe_logmel_cache_free(silbe_logmel_cache *cache)
{
    if (cache != NULL) {
        silbe_stft_plan_free(cache->plan);
        free(cache);
    }
}

silbe_status silbe_logmel_cache_path(const silbe_logmel_cache *cache, const char *text, char *path,
                                     size_t size, silbe_err *err)
{
    const silbe_logmel_options *o = &cache->options;
    char hex[SILBE_DIGEST_HEX_SIZE];
    char whole[2 * PATH_SIZE];
    int n =
        snprintf(whole, sizeof whole, "logmel %d\n%.17g %zu %.17g %.17g %.17g %.17g %.17g %d\n%s",
                 FORMAT_VERSION, SILBE_TRAIN_RATE_HZ, o->n_bands, o->low_hz, o->high_hz,
                 o->window_s, o->hop_s, o->floor, (int)o->scale, text);
    if (cache->folder[0] == '\0' || n < 0 || (size_t)n >= sizeof whole) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the cache of features has no folder");
    }
    silbe_digest_bytes(whole, (size_t)n, hex);
    n = snprintf(path, size, "%s/%s.npy", cache->folder, hex);
    return n >= 0 && (size_t)n < size
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
}

static silbe_status compute(const silbe_logmel_cache *cache, const char *path, silbe_matrix *logmel,
                            silbe_err *err)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio = SILBE_AUDIO_INIT;
    options.rate_hz = SILBE_TRAIN_RATE_HZ;
    options.min_duration_s = 0.1;
    silbe_status status = silbe_audio_load(path, &options, &audio, err);
    if (status == SILBE_OK) {
        status = silbe_logmel_run(&cache->options, cache->plan, audio.samples, audio.n_samples,
                                  logmel, err);
    }
    silbe_audio_free(&audio);
    return status;
}

silbe_status silbe_logmel_cache_get(const silbe_logmel_cache *cache, const char *path,
                                    silbe_matrix *logmel, silbe_err *err)
{
    char hex[SILBE_DIGEST_HEX_SIZE], cached[PATH_SIZE];
    if (cache->folder[0] == '\0') {
        return compute(cache, path, logmel, err);
    }
    silbe_status status = silbe_digest_file(path, hex, err);
    if (status == SILBE_OK) {
        status = silbe_logmel_cache_path(cache, hex, cached, sizeof cached, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    if (silbe_npy_read_matrix(cached, cache->options.n_bands, logmel, NULL) == SILBE_OK) {
        if (logmel->n_rows > 0) {
            return SILBE_OK;
        }
        silbe_matrix_free(logmel);
    }
    status = compute(cache, path, logmel, err);
    if (status == SILBE_OK) {
        status = silbe_npy_write_matrix(cached, logmel, err);
    }
    if (status != SILBE_OK) {
        silbe_matrix_free(logmel);
    }
    return status;
}
