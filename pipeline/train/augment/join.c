#include "pipeline/train/augment/augment.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

silbe_join_options silbe_join_options_default(void)
{
    return (silbe_join_options){.max_utterances = 8,
                                .n_rows = 450,
                                .p_prelude = 0.3,
                                .prelude_s = 2.0,
                                .p_pause = 0.5,
                                .pause_s = 0.8,
                                .gain_nats = 0.7};
}

void silbe_join_free(silbe_join *join)
{
    free(join->logmel.data);
    free(join->alignment.segments);
    *join = (silbe_join)SILBE_JOIN_INIT;
}

void silbe_join_begin(silbe_join *join, size_t n_bands)
{
    if (n_bands != join->logmel.n_cols) {
        free(join->logmel.data);
        join->logmel.data = NULL;
        join->row_capacity = 0;
        join->logmel.n_cols = n_bands;
    }
    join->logmel.n_rows = 0;
    join->alignment.n_segments = 0;
    join->alignment.n_frames = 0;
}

/* items with room for n at least; twice as many where it grows. */
static void *make_room(void *items, size_t n, size_t *capacity, size_t item_size, silbe_err *err)
{
    if (silbe_failed(err) || n <= *capacity) {
        return items;
    }
    void *moved = realloc(items, 2 * n * item_size);
    if (moved == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu frames or segments", 2 * n);
        return items;
    }
    *capacity = 2 * n;
    return moved;
}

/* Room for n_rows more rows and n_segments more segments. */
static void extend(silbe_join *join, size_t n_rows, size_t n_segments, silbe_err *err)
{
    silbe_matrix *m = &join->logmel;
    silbe_alignment *a = &join->alignment;
    m->data = make_room(m->data, m->n_rows + n_rows, &join->row_capacity,
                        m->n_cols * sizeof *m->data, err);
    a->segments = make_room(a->segments, a->n_segments + n_segments, &join->segment_capacity,
                            sizeof *a->segments, err);
}

/* Rows [0, n) of from, the last one again where there are fewer, behind what there is. */
static void append_rows(silbe_join *join, const silbe_matrix *from, size_t n, float gain)
{
    size_t n_cols = join->logmel.n_cols;
    float *to = join->logmel.data + join->logmel.n_rows * n_cols;
    for (size_t t = 0; t < n; t++, to += n_cols) {
        const float *row = from->data + (t < from->n_rows ? t : from->n_rows - 1) * n_cols;
        for (size_t b = 0; b < n_cols; b++) {
            to[b] = row[b] + gain;
        }
    }
    join->logmel.n_rows += n;
}

silbe_status silbe_join_utterance(silbe_join *join, const silbe_matrix *logmel,
                                  const silbe_alignment *alignment, size_t stride, float gain_nats,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    extend(join, alignment->n_frames * stride, alignment->n_segments, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    uint32_t offset = (uint32_t)join->alignment.n_frames;
    for (size_t i = 0; i < alignment->n_segments; i++) {
        silbe_segment segment = alignment->segments[i];
        segment.begin_frame += offset;
        segment.end_frame += offset;
        join->alignment.segments[join->alignment.n_segments++] = segment;
    }
    join->alignment.n_frames += alignment->n_frames;
    append_rows(join, logmel, alignment->n_frames * stride, gain_nats);
    return SILBE_OK;
}

static size_t quietest_row(const silbe_matrix *logmel)
{
    size_t best = 0;
    double least = 0.0;
    for (size_t t = 0; t < logmel->n_rows; t++) {
        double sum = 0.0;
        for (size_t b = 0; b < logmel->n_cols; b++) {
            sum += (double)logmel->data[t * logmel->n_cols + b];
        }
        if (t == 0 || sum < least) {
            least = sum;
            best = t;
        }
    }
    return best;
}

silbe_status silbe_join_pause(silbe_join *join, const silbe_matrix *logmel, size_t n_frames,
                              size_t stride, float gain_nats, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    extend(join, n_frames * stride, 1, err);
    if (silbe_failed(err) || n_frames == 0) {
        return err->status;
    }
    uint32_t offset = (uint32_t)join->alignment.n_frames;
    join->alignment.segments[join->alignment.n_segments++] = (silbe_segment){
        .begin_frame = offset, .end_frame = offset + (uint32_t)n_frames, .word = 0, .phone = 0};
    join->alignment.n_frames += n_frames;
    silbe_matrix row = *logmel;
    row.data = logmel->data + quietest_row(logmel) * logmel->n_cols;
    row.n_rows = 1;
    append_rows(join, &row, n_frames * stride, gain_nats);
    return SILBE_OK;
}
