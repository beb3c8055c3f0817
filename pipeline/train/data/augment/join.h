/*
 * Several utterances of one voice, one after another with pauses, as one source for singing.h:
 * songs have interludes, and a network that has never met a long one takes the piano for phones.
 *
 * A pause repeats the quietest frame of the utterance before it (of the one behind it at the very
 * beginning) and is silence in the alignment. Each utterance has its own gain.
 */
#ifndef SILBE_AUGMENT_JOIN_H
#define SILBE_AUGMENT_JOIN_H

#include <stddef.h>

#include "pipeline/train/data/alignment.h"

typedef struct {
    size_t max_utterances; /* >= 1; default 8 */
    size_t n_rows;         /* no more are joined once there are so many rows; default 450 */
    double p_prelude;      /* probability of a pause before the first; default 0.3 */
    double prelude_s;      /* up to so long; default 2 */
    double p_pause;        /* of one behind each; default 0.5 */
    double pause_s;        /* up to so long (before stretching); default 0.8 */
    double gain_nats;      /* gains are uniform in -gain_nats..gain_nats; default 0.7 */
} silbe_join_options;

silbe_join_options silbe_join_options_default(void);

/* All memory is owned, grows only, and is used again. */
typedef struct {
    silbe_matrix logmel;       /* n_rows x n_cols of what was joined; data has room for more */
    silbe_alignment alignment; /* of it, n_segments used */
    size_t row_capacity;
    size_t segment_capacity;
} silbe_join;

#define SILBE_JOIN_INIT                                                                            \
    {                                                                                              \
        {0}, {0}, 0, 0                                                                             \
    }

void silbe_join_free(silbe_join *join);

/* Empties it for n_bands bands. */
void silbe_join_begin(silbe_join *join, size_t n_bands);

/*
 * Appends an utterance (n_bands columns, at least one segment) with gain_nats added to every value.
 * What is appended is cut to a whole number of alignment frames, `stride` rows each.
 * SILBE_ERR_MEMORY.
 */
SILBE_MUST_CHECK silbe_status silbe_join_utterance(silbe_join *join, const silbe_matrix *logmel,
                                                   const silbe_alignment *alignment, size_t stride,
                                                   float gain_nats, silbe_err *err);

/* Appends a pause of n_frames alignment frames that sounds like the quietest row of logmel. */
SILBE_MUST_CHECK silbe_status silbe_join_pause(silbe_join *join, const silbe_matrix *logmel,
                                               size_t n_frames, size_t stride, float gain_nats,
                                               silbe_err *err);

#endif
