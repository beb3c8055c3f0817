#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/compare.h"
#include "pipeline/train/data/align_utterance.h"

/* Output frames [*begin, *end) that are not silence at the ends. */
static silbe_status find_speech(const silbe_utterance *utterance, size_t stride, size_t n_frames,
                                size_t *begin, size_t *end, silbe_err *err)
{
    const silbe_matrix *m = &utterance->logmel;
    float *level = malloc(2 * n_frames * sizeof *level);
    if (level == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu frames", n_frames);
    }
    float *sorted = level + n_frames;
    for (size_t s = 0; s < n_frames; s++) {
        const float *row = silbe_matrix_row(m, s * stride);
        float sum = 0.0F;
        for (size_t b = 0; b < m->n_cols; b++) {
            sum += row[b];
        }
        level[s] = sum / (float)m->n_cols;
    }
    memcpy(sorted, level, n_frames * sizeof *level);
    qsort(sorted, n_frames, sizeof *sorted, silbe_compare_floats);
    float quiet = sorted[n_frames / 10], loud = sorted[n_frames - 1 - n_frames / 10];
    float threshold = quiet + 0.3F * (loud - quiet);
    *begin = 0;
    *end = n_frames;
    while (*begin + 1 < *end && level[*begin] < threshold) {
        ++*begin;
    }
    while (*begin + 1 < *end && level[*end - 1] < threshold) {
        --*end;
    }
    free(level);
    return SILBE_OK;
}

silbe_status silbe_align_flat(const silbe_corpus *corpus, const silbe_utterance *utterance,
                              size_t stride, silbe_alignment *alignment, silbe_err *err)
{
    size_t n_phones = 0, begin = 0, end = 0;
    double whole = 0.0, before = 0.0;
    for (size_t w = 0; w < utterance->n_words; w++) {
        const silbe_pronunciation *p = corpus->lexicon.words[utterance->words[w]].phones.items;
        n_phones += p->n_phones;
        for (size_t i = 0; i < p->n_phones; i++) {
            whole += (double)silbe_phone_get(p->phones[i].phone)->speech.expected_ms;
        }
    }
    silbe_status status = find_speech(utterance, stride, alignment->n_frames, &begin, &end, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (end - begin < n_phones) { /* the ends were no silence */
        begin = 0;
        end = alignment->n_frames;
    }
    if (end - begin < n_phones) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "%zu phones in %zu frames", n_phones,
                          alignment->n_frames);
    }
    silbe_segment *segments = calloc(n_phones + 2, sizeof *segments);
    if (segments == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu segments", n_phones + 2);
    }
    size_t n = 0, at = begin, left = n_phones;
    if (begin > 0) {
        segments[n++] = (silbe_segment){0, (uint32_t)begin, 0, SILBE_PHONE_SILENCE};
    }
    for (size_t w = 0; w < utterance->n_words; w++) {
        const silbe_pronunciation *p = corpus->lexicon.words[utterance->words[w]].phones.items;
        for (size_t i = 0; i < p->n_phones; i++) {
            before += (double)silbe_phone_get(p->phones[i].phone)->speech.expected_ms;
            left--;
            size_t next = begin + (size_t)lround(before / whole * (double)(end - begin));
            next = next < at + 1 ? at + 1 : next; /* at least a frame for each */
            next = next > end - left || left == 0 ? end - left : next;
            segments[n++] = (silbe_segment){(uint32_t)at, (uint32_t)next, (uint32_t)(w + 1),
                                            p->phones[i].phone};
            at = next;
        }
    }
    if (end < alignment->n_frames) {
        segments[n++] =
            (silbe_segment){(uint32_t)end, (uint32_t)alignment->n_frames, 0, SILBE_PHONE_SILENCE};
    }
    free(alignment->segments);
    alignment->segments = segments;
    alignment->n_segments = n;
    return SILBE_OK;
}
