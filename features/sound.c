#include "features/sound.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/array.h"
#include "features/base/memory.h"

enum { MID, SIDE, N_SIGNALS };

struct silbe_sound {
    const char *path;
    const silbe_audio_options *options;
    silbe_audio_reader *reader; /* NULL in a second pass over what was kept */
    silbe_audio_facts facts;    /* of the first pass */
    size_t n_signals;           /* that are kept: mid, or mid and side */
    size_t max_kept;            /* of each */
    bool is_kept;
    float *kept[N_SIGNALS];
    size_t capacity[N_SIGNALS];
    size_t n_samples; /* of the whole; in the first pass, so far */
    size_t at;        /* in the second pass */
    bool is_second;
};

silbe_status silbe_sound_open(const char *path, const silbe_audio_options *options,
                              size_t max_kept_samples, silbe_sound **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    silbe_sound *s = silbe_alloc(1, sizeof *s, "recording", err);
    if (s == NULL) {
        return err->status;
    }
    s->path = path;
    s->options = options;
    silbe_try(err, silbe_audio_reader_open(path, options, &s->reader, err));
    if (silbe_failed(err)) {
        silbe_sound_close(s);
        return err->status;
    }
    s->n_signals =
        options->want_side && silbe_audio_reader_facts(s->reader)->n_channels == 2 ? 2 : 1;
    s->max_kept = max_kept_samples / s->n_signals;
    size_t expected = silbe_audio_reader_expected_samples(s->reader) + SILBE_SOUND_BLOCK;
    s->is_kept = expected <= s->max_kept;
    for (size_t i = 0; i < s->n_signals && s->is_kept; i++) {
        s->kept[i] = malloc(expected * sizeof(float));
        s->capacity[i] = expected;
        s->is_kept = s->kept[i] != NULL;
    }
    *out = s;
    return SILBE_OK;
}

static void forget(silbe_sound *s)
{
    for (size_t i = 0; i < N_SIGNALS; i++) {
        free(s->kept[i]);
        s->kept[i] = NULL;
    }
    s->is_kept = false;
}

void silbe_sound_close(silbe_sound *sound)
{
    if (sound != NULL) {
        forget(sound);
        silbe_audio_reader_close(sound->reader);
        free(sound);
    }
}

/* Keeps a block of the first pass, or gives up keeping. */
static void keep(silbe_sound *s, const float *const blocks[N_SIGNALS], size_t n)
{
    size_t wanted = s->n_samples + n;
    for (size_t i = 0; i < s->n_signals; i++) {
        while (s->is_kept && wanted > s->capacity[i]) {
            void *grown = wanted <= s->max_kept ? silbe_array_grow(s->kept[i], s->capacity[i],
                                                                   &s->capacity[i], sizeof(float))
                                                : NULL;
            if (grown == NULL) {
                forget(s);
            } else {
                s->kept[i] = grown;
            }
        }
        if (s->is_kept) {
            memcpy(s->kept[i] + s->n_samples, blocks[i], n * sizeof(float));
        }
    }
}

static void decode(silbe_sound *s, float *mid, float *side, size_t *n, silbe_err *err)
{
    silbe_try(err,
              s->options->want_side
                  ? silbe_audio_reader_read_sides(s->reader, mid, side, SILBE_SOUND_BLOCK, n, err)
                  : silbe_audio_reader_read(s->reader, mid, SILBE_SOUND_BLOCK, n, err));
}

static void copy_kept(const silbe_sound *s, float *mid, float *side, size_t *n)
{
    size_t n_left = s->n_samples - s->at;
    *n = n_left < SILBE_SOUND_BLOCK ? n_left : SILBE_SOUND_BLOCK;
    memcpy(mid, s->kept[MID] + s->at, *n * sizeof(float));
    if (s->kept[SIDE] != NULL) {
        memcpy(side, s->kept[SIDE] + s->at, *n * sizeof(float));
    } else if (s->options->want_side) {
        memset(side, 0, *n * sizeof(float));
    }
}

silbe_status silbe_sound_next(silbe_sound *s, float *mid, float *side, size_t *n, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *n = 0;
    if (!s->is_second) {
        const float *const blocks[N_SIGNALS] = {mid, side};
        decode(s, mid, side, n, err);
        if (!silbe_failed(err)) {
            keep(s, blocks, *n);
            s->n_samples += *n;
            s->facts = *silbe_audio_reader_facts(s->reader);
        }
        return err->status;
    }
    if (s->is_kept) {
        copy_kept(s, mid, side, n);
    } else {
        decode(s, mid, side, n, err);
    }
    s->at += *n;
    if (!silbe_failed(err) && *n == 0 && s->at != s->n_samples) {
        (void)silbe_fail(err, SILBE_ERR_IO,
                         "%s: changed while it was read: %zu samples, then %zu; run again", s->path,
                         s->n_samples, s->at);
    }
    return err->status;
}

silbe_status silbe_sound_again(silbe_sound *s, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    s->is_second = true;
    s->at = 0;
    silbe_audio_reader_close(s->reader);
    s->reader = NULL;
    if (!s->is_kept) {
        silbe_try(err, silbe_audio_reader_open(s->path, s->options, &s->reader, err));
    }
    return err->status;
}

size_t silbe_sound_n_samples(const silbe_sound *sound)
{
    return sound->n_samples;
}

const silbe_audio_facts *silbe_sound_facts(const silbe_sound *sound)
{
    return &sound->facts;
}
