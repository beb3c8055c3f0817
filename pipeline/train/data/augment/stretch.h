/*
 * Notes instead of speech: every phone of an utterance held for a while, times known exactly.
 *
 * A plan gives each segment a whole number of frames. Rendered frame j of the plan reads the source
 * at source(j), linear between frames: inside a segment the first and last frames (up to EDGE of
 * them) pass at their own speed, the middle is held. Where a segment keeps its length, source(j) is
 * a whole number: a plan that keeps all lengths is the identity.
 *
 * Vowels last as long as notes do, whatever they lasted in speech: 0.3 s exp(0.65 n), n standard
 * normal, at most 3 s; one in ten keeps its length, and none of speech gets shorter (those of sung
 * material, above 0.3 s, may shrink to a third). On development songs this brought no less than
 * factors of 1..9, and it knows long notes. Sonorants (nasals, liquids, glides) are multiplied by a
 * uniform 1..2.2, obstruents by 0.9..1.2, silence by exp(uniform -1..1.5).
 */
#ifndef SILBE_AUGMENT_STRETCH_H
#define SILBE_AUGMENT_STRETCH_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "pipeline/train/data/alignment.h"
#include "pipeline/train/random.h"

typedef struct {
    size_t source_begin; /* input frames of the source, half-open */
    size_t source_end;
    size_t begin; /* frames of the plan, half-open */
    size_t end;
    uint8_t phone;
} silbe_stretch_segment;

typedef struct {
    silbe_stretch_segment *segments; /* cover the plan; owned */
    size_t n_segments;
    size_t capacity;
    size_t n_frames; /* of the plan */
    size_t n_source; /* of the source */
} silbe_stretch;

#define SILBE_STRETCH_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0, 0, 0                                                                           \
    }

void silbe_stretch_free(silbe_stretch *plan);

/* Frames, >= 1, for a segment of n_frames >= 1 by the rule above. */
size_t silbe_stretch_length(uint8_t phone, size_t n_frames, double hop_s, silbe_random *random);

/*
 * Plan for an alignment whose frames are `stride` input frames of hop_s apart; n_source input
 * frames. The border before alignment frame s lies before input frame s * stride - stride / 2.
 * random NULL: everything keeps its length. plan is used again: memory grows only.
 */
SILBE_MUST_CHECK silbe_status silbe_stretch_plan(silbe_stretch *plan,
                                                 const silbe_alignment *alignment, size_t stride,
                                                 size_t n_source, double hop_s,
                                                 silbe_random *random, silbe_err *err);

/* source(j) of plan frame j inside the segment. */
double silbe_stretch_source(const silbe_stretch_segment *segment, size_t j);

/* Plan frames [begin, begin + n_frames) of source (n_source x n_bands, natural logarithms) into
 * out (n_frames x n_bands). begin + n_frames <= plan->n_frames. */
void silbe_stretch_render(const silbe_stretch *plan, const float *source, size_t n_bands,
                          size_t begin, size_t n_frames, float *out);

/* phones[j]: phone of plan frame begin + j. */
void silbe_stretch_phones(const silbe_stretch *plan, size_t begin, size_t n_frames,
                          uint8_t *phones);

#endif
