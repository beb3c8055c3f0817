#include "pipeline/train/data/alignment.h"

#include <math.h>
#include <stdlib.h>

silbe_status silbe_alignments_new(const silbe_corpus *corpus, size_t stride, double hop_s,
                                  silbe_alignments *alignments, silbe_err *err)
{
    *alignments = (silbe_alignments)SILBE_ALIGNMENTS_INIT;
    if (stride == 0 || !(hop_s > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "stride and hop_s must be > 0, got %zu and %g",
                          stride, hop_s);
    }
    alignments->items = calloc(corpus->n_utterances + 1, sizeof *alignments->items);
    if (alignments->items == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu alignments",
                          corpus->n_utterances);
    }
    alignments->n_items = corpus->n_utterances;
    alignments->hop_s = hop_s;
    for (size_t i = 0; i < corpus->n_utterances; i++) {
        alignments->items[i].n_frames = (corpus->utterances[i].logmel.n_rows - 1) / stride + 1;
    }
    return SILBE_OK;
}

void silbe_alignments_free(silbe_alignments *alignments)
{
    for (size_t i = 0; i < alignments->n_items; i++) {
        free(alignments->items[i].segments);
    }
    free(alignments->items);
    *alignments = (silbe_alignments)SILBE_ALIGNMENTS_INIT;
}

void silbe_alignment_labels(const silbe_alignment *alignment, int32_t *labels)
{
    for (size_t i = 0; i < alignment->n_segments; i++) {
        const silbe_segment *s = &alignment->segments[i];
        for (size_t t = s->begin_frame; t < s->end_frame; t++) {
            labels[t] = s->phone;
        }
    }
}

void silbe_alignments_log_prior(const silbe_alignments *alignments, double *log_prior)
{
    double counts[SILBE_N_PHONES], total = 0.0;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        counts[p] = 1.0;
    }
    for (size_t i = 0; i < alignments->n_items; i++) {
        for (size_t k = 0; k < alignments->items[i].n_segments; k++) {
            const silbe_segment *s = &alignments->items[i].segments[k];
            counts[s->phone] += (double)(s->end_frame - s->begin_frame);
        }
    }
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        total += counts[p];
    }
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = log(counts[p] / total);
    }
}

/* Both cover the same frames; walks over the borders of both. */
static size_t count_changed(const silbe_alignment *a, const silbe_alignment *b)
{
    size_t changed = 0, i = 0, k = 0, t = 0;
    while (i < a->n_segments && k < b->n_segments) {
        size_t end_a = a->segments[i].end_frame, end_b = b->segments[k].end_frame;
        size_t end = end_a < end_b ? end_a : end_b;
        changed += a->segments[i].phone != b->segments[k].phone ? end - t : 0;
        t = end;
        i += end_a == end;
        k += end_b == end;
    }
    return changed;
}

double silbe_alignments_changed(const silbe_alignments *a, const silbe_alignments *b)
{
    size_t changed = 0, total = 0;
    for (size_t i = 0; i < a->n_items && i < b->n_items; i++) {
        if (a->items[i].n_segments > 0 && b->items[i].n_segments > 0) {
            changed += count_changed(&a->items[i], &b->items[i]);
            total += a->items[i].n_frames;
        }
    }
    return total > 0 ? (double)changed / (double)total : 0.0;
}
