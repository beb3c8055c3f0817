#include "pipeline/train/data/piece_source.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/train/data/epoch.h"

enum { MASK_BANDS = 10 };

struct silbe_piece_source {
    silbe_piece_source_options options;
    size_t *order; /* 0, 1, ... */
    silbe_epochs epochs;
    silbe_train_utterance *batch; /* n_batch, and what speech gives */
    size_t n_room;                /* of batch */
    float *logmel;                /* of the batch */
    size_t n_values;
};

void silbe_piece_source_free(silbe_piece_source *source)
{
    if (source != NULL) {
        silbe_epochs_free(&source->epochs);
        free(source->options.pieces);
        free(source->options.labels);
        free(source->order);
        free(source->batch);
        free(source->logmel);
        free(source);
    }
}

size_t silbe_piece_source_n_pieces(const silbe_piece_source *source)
{
    return source->options.n_pieces;
}

silbe_status silbe_piece_source_new(const silbe_piece_source_options *options,
                                    silbe_piece_source **source, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *source = NULL;
    silbe_piece_source *s = silbe_alloc(1, sizeof *s, "source of batches", err);
    if (s == NULL) {
        free(options->pieces);
        free(options->labels);
        return err->status;
    }
    s->options = *options;
    s->order = silbe_alloc(options->n_pieces, sizeof *s->order, "pieces", err);
    for (size_t i = 0; i < options->n_pieces && !silbe_failed(err); i++) {
        s->order[i] = i;
    }
    if (options->n_batch == 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "n_batch must be > 0, got 0");
    }
    silbe_try(err, silbe_epochs_new(s->order, options->n_pieces, options->seed, &s->epochs, err));
    if (silbe_failed(err)) {
        silbe_piece_source_free(s);
        return err->status;
    }
    *source = s;
    return SILBE_OK;
}

silbe_status silbe_piece_source_of_speech(const silbe_corpus *corpus,
                                          const silbe_alignments *alignments, size_t n_batch,
                                          uint64_t seed, silbe_piece_source **source,
                                          silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = corpus->n_utterances, n_frames = 0;
    for (size_t i = 0; i < n; i++) {
        n_frames += alignments->items[i].n_frames;
    }
    silbe_piece_source_options o = {.pieces = silbe_alloc(n, sizeof *o.pieces, "utterances", err),
                                    .labels =
                                        silbe_alloc(n_frames, sizeof *o.labels, "labels", err),
                                    .n_bands = n > 0 ? corpus->utterances[0].logmel.n_cols : 0,
                                    .removes_means = true,
                                    .n_batch = n_batch,
                                    .seed = seed};
    int32_t *labels = o.labels;
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        const silbe_alignment *a = &alignments->items[i];
        const silbe_utterance *u = &corpus->utterances[i];
        if (a->n_segments > 0) {
            silbe_alignment_labels(a, labels);
            o.pieces[o.n_pieces++] = (silbe_train_piece){
                u->item->file, u->logmel.data, u->logmel.n_rows, {labels, NULL, a->n_frames}};
            labels += a->n_frames;
        }
    }
    if (silbe_failed(err)) {
        free(o.pieces);
        free(o.labels);
        return err->status;
    }
    return silbe_piece_source_new(&o, source, err);
}

/* Piece number i of the step. */
static const silbe_train_piece *piece_at(silbe_piece_source *s, size_t step, size_t i,
                                         silbe_random *random)
{
    const silbe_piece_source_options *o = &s->options;
    size_t epoch, which = silbe_epochs_at(&s->epochs, step * o->n_batch + i, &epoch);
    *random = silbe_epochs_random(o->seed, epoch, which);
    return &o->pieces[which];
}

/* Room for the utterances of a batch and the features of its pieces. */
static void make_room(silbe_piece_source *s, size_t n_utterances, size_t n_values, silbe_err *err)
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

silbe_status silbe_piece_source_next(void *context, size_t step, silbe_random *random,
                                     silbe_train_batch *batch, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_piece_source *s = context;
    const silbe_piece_source_options *o = &s->options;
    const size_t n_bands = o->n_bands, mask_bands = MASK_BANDS < n_bands ? MASK_BANDS : n_bands;
    size_t n_values = 0;
    silbe_train_batch speech = {NULL, 0};
    silbe_random of_piece;
    if (o->speech != NULL) {
        silbe_try(err, silbe_singing_source_next(o->speech, step, random, &speech, err));
    }
    for (size_t i = 0; i < o->n_batch; i++) {
        n_values += piece_at(s, step, i, &of_piece)->n_frames * n_bands;
    }
    make_room(s, o->n_batch + speech.n, n_values, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    float *at = s->logmel;
    for (size_t i = 0; i < o->n_batch; i++) {
        const silbe_train_piece *p = piece_at(s, step, i, &of_piece);
        memcpy(at, p->logmel, p->n_frames * n_bands * sizeof *at);
        if (o->removes_means) {
            silbe_remove_band_means(at, p->n_frames, n_bands);
        }
        silbe_mask_bands(o->n_masks, mask_bands, p->n_frames, n_bands, &of_piece, at);
        s->batch[i] = (silbe_train_utterance){p->name, at, p->n_frames, &p->target};
        at += p->n_frames * n_bands;
    }
    if (speech.n > 0) {
        memcpy(s->batch + o->n_batch, speech.utterances, speech.n * sizeof *s->batch);
    }
    *batch = (silbe_train_batch){s->batch, o->n_batch + speech.n};
    return SILBE_OK;
}
