#include "pipeline/train/augment/steps.h"

#include <math.h>
#include <stdlib.h>

#include "align/lyrics/phones.h"
#include "features/base/memory.h"

enum { EDGE = 3 };

#define NOTE_MEDIAN_S 0.3
#define NOTE_SPREAD 0.65 /* of its logarithm */
#define NOTE_MAX_S 3.0

void silbe_stretch_free(silbe_stretch *plan)
{
    free(plan->segments);
    *plan = (silbe_stretch)SILBE_STRETCH_INIT;
}

/* A note's length in frames, see the header. */
static double note_frames(size_t n_frames, double hop_s, silbe_random *random)
{
    double own = silbe_random_uniform(random);
    double seconds = NOTE_MEDIAN_S * exp(NOTE_SPREAD * silbe_random_normal(random));
    double target = (seconds < NOTE_MAX_S ? seconds : NOTE_MAX_S) / hop_s;
    double least =
        (double)n_frames * hop_s > NOTE_MEDIAN_S ? (double)n_frames / 3.0 : (double)n_frames;
    if (own < 0.1) {
        return (double)n_frames;
    }
    return target > least ? target : least;
}

size_t silbe_stretch_length(uint8_t phone, size_t n_frames, double hop_s, silbe_random *random)
{
    double length = (double)n_frames;
    switch (silbe_phone_get(phone)->phone_class) {
    case SILBE_PHONE_CLASS_VOWEL:
        length = note_frames(n_frames, hop_s, random);
        break;
    case SILBE_PHONE_CLASS_GLIDE:
    case SILBE_PHONE_CLASS_NASAL:
    case SILBE_PHONE_CLASS_LIQUID:
        length *= 1.0 + 1.2 * silbe_random_uniform(random);
        break;
    case SILBE_PHONE_CLASS_SILENCE:
        length *= exp(-1.0 + 2.5 * silbe_random_uniform(random));
        break;
    default:
        length *= 0.9 + 0.3 * silbe_random_uniform(random);
    }
    return length < 1.0 ? 1 : (size_t)lround(length);
}

/* Input frame before which the border before alignment frame s lies. */
static size_t border(size_t s, size_t stride, size_t n_source, size_t n_frames)
{
    if (s == 0) {
        return 0;
    }
    size_t at = s * stride - stride / 2;
    return s >= n_frames || at > n_source ? n_source : at;
}

silbe_status silbe_stretch_plan(silbe_stretch *plan, const silbe_alignment *alignment,
                                size_t stride, size_t n_source, double hop_s, silbe_random *random,
                                silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (plan->capacity < alignment->n_segments) {
        free(plan->segments);
        plan->segments =
            silbe_alloc(2 * alignment->n_segments, sizeof *plan->segments, "segments", err);
        plan->capacity = plan->segments == NULL ? 0 : 2 * alignment->n_segments;
    }
    plan->n_segments = 0;
    plan->n_frames = 0;
    plan->n_source = n_source;
    for (size_t i = 0; i < alignment->n_segments && !silbe_failed(err); i++) {
        const silbe_segment *from = &alignment->segments[i];
        size_t begin = border(from->begin_frame, stride, n_source, alignment->n_frames);
        size_t end = border(from->end_frame, stride, n_source, alignment->n_frames);
        if (end == begin) {
            continue; /* the last half frame */
        }
        size_t length = random == NULL
                            ? end - begin
                            : silbe_stretch_length(from->phone, end - begin, hop_s, random);
        plan->segments[plan->n_segments++] = (silbe_stretch_segment){
            begin, end, plan->n_frames, plan->n_frames + length, from->phone};
        plan->n_frames += length;
    }
    return err->status;
}

/* source(j) of plan frame j inside the segment. */
static double source_of(const silbe_stretch_segment *segment, size_t j)
{
    size_t n = segment->source_end - segment->source_begin, m = segment->end - segment->begin;
    size_t at = j - segment->begin;
    size_t edge = n / 3 < EDGE ? n / 3 : EDGE;
    if (m < 2 * edge + 1) {
        edge = (m - 1) / 2 < n / 3 ? (m - 1) / 2 : n / 3;
    }
    if (at < edge) {
        return (double)(segment->source_begin + at);
    }
    if (at >= m - edge) {
        return (double)(segment->source_end - (m - at));
    }
    double middle = ((double)(at - edge) + 0.5) * (double)(n - 2 * edge) / (double)(m - 2 * edge);
    return (double)(segment->source_begin + edge) + middle - 0.5;
}

/* Segment that holds plan frame j. */
static size_t find(const silbe_stretch *plan, size_t j)
{
    size_t low = 0, high = plan->n_segments;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (plan->segments[middle].begin <= j) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void silbe_stretch_render(const silbe_stretch *plan, const float *source, size_t n_bands,
                          size_t begin, size_t n_frames, float *out)
{
    size_t i = n_frames > 0 ? find(plan, begin) : 0;
    for (size_t j = begin; j < begin + n_frames; j++, out += n_bands) {
        i += j >= plan->segments[i].end;
        double at = source_of(&plan->segments[i], j);
        at = at < 0.0 ? 0.0 : at;
        at = at > (double)(plan->n_source - 1) ? (double)(plan->n_source - 1) : at;
        size_t t = (size_t)at;
        float share = (float)(at - (double)t);
        const float *a = source + t * n_bands;
        const float *b = t + 1 < plan->n_source ? a + n_bands : a;
        for (size_t k = 0; k < n_bands; k++) {
            out[k] = a[k] + share * (b[k] - a[k]);
        }
    }
}

void silbe_stretch_phones(const silbe_stretch *plan, size_t begin, size_t n_frames, uint8_t *phones)
{
    size_t i = n_frames > 0 ? find(plan, begin) : 0;
    for (size_t j = 0; j < n_frames; j++) {
        i += begin + j >= plan->segments[i].end;
        phones[j] = plan->segments[i].phone;
    }
}
