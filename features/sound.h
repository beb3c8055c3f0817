/*
 * A recording that is gone through twice, block by block: kept in memory in between if it is short
 * enough, decoded again if not. Inside of features.c, not for callers.
 */
#ifndef SILBE_SOUND_H
#define SILBE_SOUND_H

#include "features/audio.h"

enum { SILBE_SOUND_BLOCK = 1 << 14 }; /* samples */

typedef struct silbe_sound silbe_sound;

/* path and options are borrowed. max_kept_samples: of all signals together. Errors of
 * silbe_audio_reader_open. */
SILBE_MUST_CHECK silbe_status silbe_sound_open(const char *path, const silbe_audio_options *options,
                                               size_t max_kept_samples, silbe_sound **sound,
                                               silbe_err *err);
void silbe_sound_close(silbe_sound *sound);

/* The next block, at most SILBE_SOUND_BLOCK samples; n = 0 is the end of this pass. side: half the
 * difference of two channels, or zeros; written only if options->want_side. Errors of
 * silbe_audio_reader_read; SILBE_ERR_IO if the second pass finds another length. */
SILBE_MUST_CHECK silbe_status silbe_sound_next(silbe_sound *sound, float *mid, float *side,
                                               size_t *n, silbe_err *err);

/* Back to the beginning, after the end. */
SILBE_MUST_CHECK silbe_status silbe_sound_again(silbe_sound *sound, silbe_err *err);

/* Of the whole recording, after the first pass. */
size_t silbe_sound_n_samples(const silbe_sound *sound);
const silbe_audio_facts *silbe_sound_facts(const silbe_sound *sound);

#endif
