#include "pipeline/train/run/recording_source.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/train/augment/augment.h"
#include "pipeline/train/data/epoch.h"

enum { MASK_BANDS = 10 };

typedef struct {
    const silbe_recording *recording;
    silbe_piece_span span;
} piece;

struct silbe_recording_source {
    silbe_recording_source_options options;
    piece *pieces;
    size_t n_pieces;
    size_t *order;
    silbe_epochs epochs;
    silbe_frames_target *targets; /* n_batch */
    silbe_train_utterance *batch; /* n_batch, and what speech gives */
    size_t n_room;                /* of batch */
    float *logmel;                /* of the batch */
    size_t n_values;
};

void silbe_recording_source_free(silbe_recording_source *source)
{
    if (source != NULL) {
        silbe_epochs_free(&source->epochs);
        free(source->pieces);
        free(source->order);
        free(source->targets);
        free(source->batch);
        free(source->logmel);
        free(source);
    }
}

size_t silbe_recording_source_n_pieces(const silbe_recording_source *source)
{
    return source->n_pieces;
}

static void list_pieces(silbe_recording_source *s, silbe_err *err)
{
    const silbe_recordings *all = s->options.recordings;
    size_t n = 0;
    for (size_t i = 0; i < all->n_items; i++) {
        n += all->items[i].n_pieces;
    }
    s->pieces = silbe_alloc(n, sizeof *s->pieces, "pieces", err);
    s->order = silbe_alloc(n, sizeof *s->order, "pieces", err);
    for (size_t i = 0; i < all->n_items && !silbe_failed(err); i++) {
        const silbe_recording *r = &all->items[i];
        bool is_used = s->options.left_out == NULL || !s->options.left_out[i];
        for (size_t k = 0; is_used && k < r->n_pieces; k++) {
            s->order[s->n_pieces] = s->n_pieces;
            s->pieces[s->n_pieces++] = (piece){r, r->pieces[k]};
        }
    }
    if (!silbe_failed(err) && s->n_pieces == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "no part of the recordings is sure enough to learn from "
                         "(adapt.min_confidence)");
    }
    silbe_try(err, silbe_epochs_new(s->order, s->n_pieces, s->options.seed, &s->epochs, err));
}

silbe_status silbe_recording_source_new(const silbe_recording_source_options *options,
                                        silbe_recording_source **source, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *source = NULL;
    if (options->n_batch == 0 || options->stride == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "n_batch and stride must be > 0, got %zu, %zu",
                          options->n_batch, options->stride);
    }
    silbe_recording_source *s = silbe_alloc(1, sizeof *s, "source of batches", err);
    if (s == NULL) {
        return err->status;
    }
    s->options = *options;
    s->targets = silbe_alloc(options->n_batch, sizeof *s->targets, "pieces", err);
    list_pieces(s, err);
    s->options.left_out = NULL;
    if (silbe_failed(err)) {
        silbe_recording_source_free(s);
        return err->status;
    }
    *source = s;
    return SILBE_OK;
}

/* Room for the utterances of a batch and the features of its pieces. */
static void make_room(silbe_recording_source *s, size_t n_utterances, size_t n_values,
                      silbe_err *err)
{
    if (n_utterances > s->n_room) {
        free(s->batch);
        s->batch = silbe_alloc(n_utterances, sizeof *s->batch, "utterances", err);
        s->n_room = s->batch == NULL ? 0 : n_utterances;
    }
    if (n_values > s->n_values) {
        free(s->logmel);
        s->logmel = silbe_alloc(2 * n_values, sizeof *s->logmel, "values of log-mel", err);
        s->n_values = s->logmel == NULL ? 0 : 2 * n_values;
    }
}

/* Input frames of a piece: output frame s is centred on input frame stride * s. */
static size_t input_frames(const silbe_recording_source *s, const piece *p)
{
    return (p->span.end_frame - p->span.begin_frame - 1) * s->options.stride + 1;
}

/* Writes its features to `at`. */
static void make_piece(const silbe_recording_source *s, const piece *p, silbe_random random,
                       float *at, silbe_frames_target *target, silbe_train_utterance *utterance)
{
    const silbe_recording *r = p->recording;
    size_t begin = p->span.begin_frame, n = input_frames(s, p), n_bands = r->logmel.n_cols;
    memcpy(at, silbe_matrix_row(&r->logmel, begin * s->options.stride), n * n_bands * sizeof *at);
    silbe_mask_bands(s->options.n_masks, MASK_BANDS < n_bands ? MASK_BANDS : n_bands, n, n_bands,
                     &random, at);
    *target =
        (silbe_frames_target){r->phones + begin, r->weights + begin, p->span.end_frame - begin};
    *utterance = (silbe_train_utterance){r->name, at, n, target};
}

silbe_status silbe_recording_source_next(void *context, size_t step, silbe_random *random,
                                         silbe_train_batch *batch, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_recording_source *s = context;
    size_t n = s->options.n_batch, n_values = 0, epoch;
    silbe_train_batch speech = {NULL, 0};
    if (s->options.speech != NULL) {
        silbe_try(err, silbe_singing_source_next(s->options.speech, step, random, &speech, err));
    }
    for (size_t i = 0; i < n; i++) {
        const piece *p = &s->pieces[silbe_epochs_at(&s->epochs, step * n + i, &epoch)];
        n_values += input_frames(s, p) * p->recording->logmel.n_cols;
    }
    make_room(s, n + speech.n, n_values, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    float *at = s->logmel;
    for (size_t i = 0; i < n; i++) {
        size_t which = silbe_epochs_at(&s->epochs, step * n + i, &epoch);
        const piece *p = &s->pieces[which];
        make_piece(s, p, silbe_epochs_random(s->options.seed, epoch, which), at, &s->targets[i],
                   &s->batch[i]);
        at += input_frames(s, p) * p->recording->logmel.n_cols;
    }
    if (speech.n > 0) {
        memcpy(s->batch + n, speech.utterances, speech.n * sizeof *s->batch);
    }
    *batch = (silbe_train_batch){s->batch, n + speech.n};
    return SILBE_OK;
}
