#include "features/model/posteriors.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/model/layers.h"
#include "features/model/weights_internal.h"

enum {
    TILE = SILBE_POSTERIOR_TILE,
    RING_TILES = 3, /* the tile in hand, the one before, the one after */
    RING = RING_TILES * TILE,
};

/* The outputs of one layer that the next one still needs: frame t in row t % RING. */
typedef struct {
    float *rows;    /* RING x n_channels */
    size_t n_tiles; /* received; the last may be cut when the end is known */
} level;

struct silbe_posteriors_stream {
    const silbe_model *model;
    silbe_posteriors_fn *on_frames;
    void *context;
    float *floats; /* one block for all of the following */
    float *means;  /* n_bands */

    float *input;       /* rows of log-mel, means removed, from frame input_begin on */
    size_t input_begin; /* frame */
    size_t input_end;   /* frames received */
    size_t input_capacity;
    size_t n_frames; /* output frames; SIZE_MAX until the end is known */

    level levels[SILBE_NET_MAX_BLOCKS + 1];
    float *columns; /* TILE x input_width * n_bands */
    float *branch;  /* TILE x n_channels */
    float *hidden;  /* TILE x n_hidden */
    float *scores;  /* TILE x n_classes */
};

/* Frames of tile i that exist. */
static size_t tile_frames(const silbe_posteriors_stream *stream, size_t i)
{
    size_t begin = i * TILE;
    return stream->n_frames - begin < TILE ? stream->n_frames - begin : TILE;
}

static float *tile_rows(const silbe_posteriors_stream *stream, size_t at, size_t i)
{
    size_t row = i % RING_TILES * TILE;
    return stream->levels[at].rows + row * stream->model->shape.n_channels;
}

/* A tile out of the last block. */
static void run_output(silbe_posteriors_stream *stream, size_t i, silbe_err *err)
{
    const silbe_model *model = stream->model;
    const silbe_net_shape *shape = &model->shape;
    const silbe_net_layout *layout = &model->layout;
    size_t n = tile_frames(stream, i);
    silbe_layer_norm(tile_rows(stream, shape->n_blocks, i),
                     model->params + layout->output_norm_gain,
                     model->params + layout->output_norm_offset, TILE, shape->n_channels,
                     stream->branch, NULL, NULL);
    silbe_layer_linear(stream->branch, model->params + layout->output_weight,
                       model->params + layout->output_bias, TILE, shape->n_channels,
                       shape->n_classes, stream->scores);
    silbe_layer_log_softmax(stream->scores, n, shape->n_classes);
    silbe_try(err, stream->on_frames(stream->context, stream->scores, i * TILE, n, err));
}

/* Tile i of level b to tile i of level b + 1. Products always have TILE rows, so that a row is
 * computed in the same way wherever the recording ends; rows beyond its end are zeros. */
static void run_block(silbe_posteriors_stream *stream, size_t b, size_t i)
{
    const silbe_model *model = stream->model;
    const silbe_net_shape *shape = &model->shape;
    const silbe_net_block_layout *at = &model->layout.blocks[b];
    const float *params = model->params;
    size_t c = shape->n_channels;
    size_t n = tile_frames(stream, i);
    float *out = tile_rows(stream, b + 1, i);
    memset(stream->branch + n * c, 0, (TILE - n) * c * sizeof *stream->branch);
    silbe_layer_depthwise(stream->levels[b].rows, RING, params + at->depthwise_weight,
                          params + at->depthwise_bias, stream->n_frames, i * TILE, i * TILE + n, c,
                          shape->block_width, shape->dilations[b], stream->branch);
    silbe_layer_norm(stream->branch, params + at->norm_gain, params + at->norm_offset, TILE, c,
                     stream->branch, NULL, NULL);
    silbe_layer_linear(stream->branch, params + at->up_weight, NULL, TILE, c, shape->n_hidden,
                       stream->hidden);
    silbe_layer_bias_relu(stream->hidden, params + at->up_bias, TILE, shape->n_hidden);
    memcpy(out, tile_rows(stream, b, i), TILE * c * sizeof *out);
    silbe_layer_linear_add(stream->hidden, params + at->down_weight, params + at->down_bias, TILE,
                           shape->n_hidden, c, out);
}

/* A tile has come to level 0: whatever can go on goes on. A block works on a tile when the next one
 * is there, or when there will be none. */
static void advance(silbe_posteriors_stream *stream, silbe_err *err)
{
    size_t n_blocks = stream->model->shape.n_blocks;
    size_t n_written = stream->levels[n_blocks].n_tiles;
    for (size_t b = 0; b < n_blocks; b++) {
        level *from = &stream->levels[b];
        level *to = &stream->levels[b + 1];
        bool is_last = stream->n_frames != SIZE_MAX && from->n_tiles * TILE >= stream->n_frames;
        if (to->n_tiles + (is_last ? 0 : 1) < from->n_tiles) {
            run_block(stream, b, to->n_tiles);
            to->n_tiles++;
        }
    }
    if (stream->levels[n_blocks].n_tiles > n_written) {
        run_output(stream, n_written, err);
    }
}

/* The next tile of level 0 from the log-mel rows in hand, which are then dropped if no later tile
 * needs them. */
static void run_input(silbe_posteriors_stream *stream, silbe_err *err)
{
    const silbe_model *model = stream->model;
    const silbe_net_shape *shape = &model->shape;
    size_t i = stream->levels[0].n_tiles;
    size_t first_frame = i * TILE * shape->input_stride;
    size_t n = tile_frames(stream, i);
    size_t n_columns = shape->input_width * shape->n_bands;
    float *out = tile_rows(stream, 0, i);
    memset(stream->columns + n * n_columns, 0, (TILE - n) * n_columns * sizeof *stream->columns);
    silbe_layer_unfold(stream->input, stream->input_begin, stream->input_end, shape->n_bands,
                       shape->input_width, shape->input_stride, first_frame, n, stream->columns);
    silbe_layer_linear(stream->columns, model->params + model->layout.input_weight, NULL, TILE,
                       n_columns, shape->n_channels, out);
    silbe_layer_bias_relu(out, model->params + model->layout.input_bias, TILE, shape->n_channels);
    stream->levels[0].n_tiles++;

    size_t half = (shape->input_width - 1) / 2;
    size_t next_frame = first_frame + TILE * shape->input_stride;
    size_t keep_from = next_frame > half ? next_frame - half : 0;
    keep_from = keep_from < stream->input_end ? keep_from : stream->input_end;
    if (keep_from > stream->input_begin) {
        size_t n_kept = stream->input_end - keep_from;
        memmove(stream->input, stream->input + (keep_from - stream->input_begin) * shape->n_bands,
                n_kept * shape->n_bands * sizeof *stream->input);
        stream->input_begin = keep_from;
    }
    advance(stream, err);
}

/* Log-mel frames that must have come before tile i of level 0 can be made. */
static size_t frames_needed(const silbe_net_shape *shape, size_t i)
{
    return ((i + 1) * TILE - 1) * shape->input_stride + (shape->input_width - 1) / 2 + 1;
}

silbe_status silbe_posteriors_stream_push(silbe_posteriors_stream *stream, const float *logmel,
                                          size_t n_frames, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_net_shape *shape = &stream->model->shape;
    for (size_t t = 0; t < n_frames && !silbe_failed(err); t++) {
        const float *from = logmel + t * shape->n_bands;
        float *to = stream->input + (stream->input_end - stream->input_begin) * shape->n_bands;
        for (size_t b = 0; b < shape->n_bands; b++) {
            if (!isfinite(from[b])) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "log-mel frame %zu, band %zu is not finite (%g)",
                                  stream->input_end, b, (double)from[b]);
            }
            to[b] = from[b] - stream->means[b];
        }
        stream->input_end++;
        if (stream->input_end >= frames_needed(shape, stream->levels[0].n_tiles)) {
            run_input(stream, err);
        }
    }
    return err->status;
}

silbe_status silbe_posteriors_stream_finish(silbe_posteriors_stream *stream, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_net_shape *shape = &stream->model->shape;
    if (stream->input_end == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "no log-mel frames: the recording is empty");
    }
    stream->n_frames = silbe_net_output_frames(shape, stream->input_end);
    while (stream->levels[0].n_tiles * TILE < stream->n_frames && !silbe_failed(err)) {
        run_input(stream, err);
    }
    while (stream->levels[shape->n_blocks].n_tiles * TILE < stream->n_frames &&
           !silbe_failed(err)) {
        advance(stream, err);
    }
    return err->status;
}

void silbe_posteriors_stream_free(silbe_posteriors_stream *stream)
{
    if (stream != NULL) {
        free(stream->floats);
        free(stream);
    }
}

/* Gives each array its part of one block, at a multiple of 64 bytes. */
static void allocate_floats(silbe_posteriors_stream *s, silbe_err *err)
{
    const silbe_net_shape *shape = &s->model->shape;
    struct {
        float **array;
        size_t n;
    } parts[6 + SILBE_NET_MAX_BLOCKS + 1] = {
        {&s->means, shape->n_bands},
        {&s->input, s->input_capacity * shape->n_bands},
        {&s->columns, TILE * shape->input_width * shape->n_bands},
        {&s->branch, TILE * shape->n_channels},
        {&s->hidden, TILE * shape->n_hidden},
        {&s->scores, TILE * shape->n_classes},
    };
    size_t n_parts = 6 + shape->n_blocks + 1, n_floats = 0;
    for (size_t b = 0; b <= shape->n_blocks; b++) {
        parts[6 + b].array = &s->levels[b].rows;
        parts[6 + b].n = RING * shape->n_channels;
    }
    for (size_t i = 0; i < n_parts; i++) {
        parts[i].n = (parts[i].n + 15) / 16 * 16;
        n_floats += parts[i].n;
    }
    s->floats = silbe_model_floats_new(n_floats, err);
    float *at = s->floats;
    for (size_t i = 0; i < n_parts && at != NULL; at += parts[i++].n) {
        *parts[i].array = at;
    }
}

silbe_status silbe_posteriors_stream_new(const silbe_model *model, const double *means,
                                         silbe_posteriors_fn *on_frames, void *context,
                                         silbe_posteriors_stream **stream, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *stream = NULL;
    const silbe_net_shape *shape = &model->shape;
    silbe_posteriors_stream *s = silbe_alloc(1, sizeof *s, "network", err);
    if (s == NULL) {
        return err->status;
    }
    s->model = model;
    s->on_frames = on_frames;
    s->context = context;
    s->n_frames = SIZE_MAX;
    s->input_capacity = TILE * shape->input_stride + 2 * shape->input_width;
    allocate_floats(s, err);
    if (silbe_failed(err)) {
        silbe_posteriors_stream_free(s);
        return err->status;
    }
    for (size_t b = 0; means != NULL && b < shape->n_bands; b++) {
        s->means[b] = (float)means[b];
    }
    *stream = s;
    return SILBE_OK;
}

silbe_status silbe_posteriors_means(const silbe_matrix *logmel, double *means, silbe_err *err)
{
    if (logmel->n_rows == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "no log-mel frames: the recording is empty");
    }
    memset(means, 0, logmel->n_cols * sizeof *means);
    for (size_t t = 0; t < logmel->n_rows; t++) {
        const float *row = silbe_matrix_row(logmel, t);
        for (size_t b = 0; b < logmel->n_cols; b++) {
            if (!isfinite(row[b])) {
                return silbe_fail(err, SILBE_ERR_DATA,
                                  "log-mel frame %zu, band %zu is not finite (%g)", t, b,
                                  (double)row[b]);
            }
            means[b] += (double)row[b];
        }
    }
    for (size_t b = 0; b < logmel->n_cols; b++) {
        means[b] /= (double)logmel->n_rows;
    }
    return SILBE_OK;
}

void silbe_posteriors_remove_means(const double *means, silbe_matrix *logmel)
{
    for (size_t t = 0; t < logmel->n_rows; t++) {
        float *row = silbe_matrix_row(logmel, t);
        for (size_t b = 0; b < logmel->n_cols; b++) {
            row[b] -= (float)means[b];
        }
    }
}

static silbe_status copy_rows(void *context, const float *posteriors, size_t first_frame,
                              size_t n_frames, silbe_err *err)
{
    (void)err;
    silbe_matrix *to = context;
    memcpy(silbe_matrix_row(to, first_frame), posteriors, n_frames * to->n_cols * sizeof *to->data);
    return SILBE_OK;
}

silbe_status silbe_posteriors_run(const silbe_model *model, const silbe_matrix *logmel,
                                  silbe_matrix *posteriors, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_net_shape *shape = &model->shape;
    silbe_posteriors_stream *stream = NULL;
    *posteriors = (silbe_matrix)SILBE_MATRIX_INIT;
    if (logmel->n_cols != shape->n_bands) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "the log-mel spectrum has %zu bands, the model wants %zu", logmel->n_cols,
                          shape->n_bands);
    }
    double means[SILBE_NET_MAX_WIDTH];
    silbe_try(err, silbe_posteriors_means(logmel, means, err));
    silbe_try(err, silbe_matrix_new(posteriors, silbe_net_output_frames(shape, logmel->n_rows),
                                    shape->n_classes, err));
    silbe_try(err, silbe_posteriors_stream_new(model, means, copy_rows, posteriors, &stream, err));
    silbe_try(err, silbe_posteriors_stream_push(stream, logmel->data, logmel->n_rows, err));
    silbe_try(err, silbe_posteriors_stream_finish(stream, err));
    silbe_posteriors_stream_free(stream);
    if (silbe_failed(err)) {
        silbe_matrix_free(posteriors);
    }
    return err->status;
}
