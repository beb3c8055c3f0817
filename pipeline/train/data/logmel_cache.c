#include "pipeline/train/data/logmel_cache.h"

#include <stdlib.h>
#include <string.h>

#include "features/audio.h"
#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/host/digest.h"

enum { FORMAT_VERSION = 1 };

struct silbe_logmel_cache {
    silbe_logmel_options options;
    silbe_stft_plan *plan;
    char *folder; /* NULL: nothing is cached */
};

silbe_status silbe_logmel_cache_new(const char *folder, const silbe_logmel_options *options,
                                    silbe_logmel_cache **cache, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *cache = NULL;
    silbe_logmel_cache *c = silbe_alloc(1, sizeof *c, "cache of features", err);
    if (c == NULL) {
        return err->status;
    }
    c->options = *options;
    silbe_try(err, silbe_logmel_plan_new(options, SILBE_TRAIN_RATE_HZ, &c->plan, err));
    if (folder != NULL) {
        c->folder = silbe_format(err, "%s/logmel", folder);
        silbe_try(err, silbe_make_folders(c->folder, err));
    }
    if (silbe_failed(err)) {
        silbe_logmel_cache_free(c);
        return err->status;
    }
    *cache = c;
    return SILBE_OK;
}

void silbe_logmel_cache_free(silbe_logmel_cache *cache)
{
    if (cache != NULL) {
        silbe_stft_plan_free(cache->plan);
        free(cache->folder);
        free(cache);
    }
}

char *silbe_logmel_cache_path(const silbe_logmel_cache *cache, const char *text, silbe_err *err)
{
    const silbe_logmel_options *o = &cache->options;
    char hex[SILBE_DIGEST_HEX_SIZE];
    if (!silbe_failed(err) && cache->folder == NULL) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "the cache of features has no folder");
    }
    char *whole = silbe_format(err, "logmel %d\n%.17g %zu %.17g %.17g %.17g %.17g %.17g %d\n%s",
                               FORMAT_VERSION, SILBE_TRAIN_RATE_HZ, o->n_bands, o->low_hz,
                               o->high_hz, o->window_s, o->hop_s, o->floor, (int)o->scale, text);
    if (whole == NULL) {
        return NULL;
    }
    silbe_digest_bytes(whole, strlen(whole), hex);
    free(whole);
    return silbe_format(err, "%s/%s.npy", cache->folder, hex);
}

static void compute(const silbe_logmel_cache *cache, const char *path, silbe_matrix *logmel,
                    silbe_err *err)
{
    silbe_audio_options options = silbe_audio_options_default();
    silbe_audio audio = SILBE_AUDIO_INIT;
    options.rate_hz = SILBE_TRAIN_RATE_HZ;
    options.min_duration_s = 0.1;
    silbe_try(err, silbe_audio_read(path, &options, &audio, err));
    silbe_try(err, silbe_logmel_run(&cache->options, cache->plan, audio.samples, audio.n_samples,
                                    logmel, err));
    silbe_audio_free(&audio);
}

silbe_status silbe_logmel_cache_get(const silbe_logmel_cache *cache, const char *path,
                                    silbe_matrix *logmel, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *logmel = (silbe_matrix)SILBE_MATRIX_INIT;
    if (cache->folder == NULL) {
        compute(cache, path, logmel, err);
        return err->status;
    }
    char hex[SILBE_DIGEST_HEX_SIZE] = "";
    silbe_try(err, silbe_digest_file(path, hex, err));
    char *cached = silbe_logmel_cache_path(cache, hex, err);
    bool is_there = cached != NULL &&
                    silbe_npy_read_matrix(cached, cache->options.n_bands, logmel, NULL) == SILBE_OK;
    if (!is_there || logmel->n_rows == 0) {
        silbe_matrix_free(logmel);
        compute(cache, path, logmel, err);
        silbe_try(err, silbe_npy_write_matrix(cached, logmel, err));
    }
    if (silbe_failed(err)) {
        silbe_matrix_free(logmel);
    }
    free(cached);
    return err->status;
}
