#include "pipeline/train/data/singing_source.h"

#include <stdlib.h>

#include "features/base/memory.h"
#include "pipeline/train/data/epoch.h"

/* One place of the batch. */
typedef struct {
    silbe_singing_item *item;
    silbe_join join;
    size_t utterance;
    size_t epoch;
    silbe_frames_target target;
    silbe_err err;
} place;

struct silbe_singing_source {
    silbe_singing_source_options options;
    const silbe_corpus *corpus;
    const silbe_alignments *alignments;
    const silbe_accompaniment_bank *bank;
    silbe_bands bands;
    size_t *aligned; /* n_aligned utterances */
    size_t n_aligned;
    silbe_epochs epochs;
    place *places;                /* n_batch */
    silbe_train_utterance *batch; /* n_batch */
};

void silbe_singing_source_free(silbe_singing_source *source)
{
    if (source == NULL) {
        return;
    }
    for (size_t i = 0; source->places != NULL && i < source->options.n_batch; i++) {
        silbe_singing_item_free(source->places[i].item);
        silbe_join_free(&source->places[i].join);
    }
    silbe_bands_free(&source->bands);
    silbe_epochs_free(&source->epochs);
    free(source->aligned);
    free(source->places);
    free(source->batch);
    free(source);
}

static void prepare(silbe_singing_source *s, silbe_err *err)
{
    size_t n_batch = s->options.n_batch;
    s->aligned = silbe_alloc(s->corpus->n_utterances, sizeof *s->aligned, "utterances", err);
    s->places = silbe_alloc(n_batch, sizeof *s->places, "items", err);
    s->batch = silbe_alloc(n_batch, sizeof *s->batch, "items", err);
    for (size_t i = 0; i < s->corpus->n_utterances && !silbe_failed(err); i++) {
        if (s->alignments->items[i].n_segments > 0) {
            s->aligned[s->n_aligned++] = i;
        }
    }
    silbe_try(err, silbe_bands_new(&s->options.logmel, 110.0, &s->bands, err));
    for (size_t i = 0; i < n_batch && !silbe_failed(err); i++) {
        silbe_try(err, silbe_singing_item_new(&s->places[i].item, err));
    }
    silbe_try(err, silbe_epochs_new(s->aligned, s->n_aligned, s->options.seed, &s->epochs, err));
}

silbe_status silbe_singing_source_new(const silbe_singing_source_options *options,
                                      const silbe_corpus *corpus,
                                      const silbe_alignments *alignments,
                                      const silbe_accompaniment_bank *bank,
                                      silbe_singing_source **source, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *source = NULL;
    if (options->n_batch == 0 || options->stride == 0 || options->join.max_utterances == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "n_batch, stride and join.max_utterances must be > 0, got %zu, %zu, %zu",
                          options->n_batch, options->stride, options->join.max_utterances);
    }
    silbe_singing_source *s = silbe_alloc(1, sizeof *s, "source of batches", err);
    if (s == NULL) {
        return err->status;
    }
    s->options = *options;
    s->corpus = corpus;
    s->alignments = alignments;
    s->bank = bank;
    prepare(s, err);
    if (silbe_failed(err)) {
        silbe_singing_source_free(s);
        return err->status;
    }
    *source = s;
    return SILBE_OK;
}

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Places [*begin, *end) in s->aligned with utterances of the set of `first`: its neighbours in the
 * manifest, where a set is one piece. */
static void find_set(const silbe_singing_source *s, size_t first, size_t *begin, size_t *end)
{
    const silbe_speech_set *set = s->corpus->utterances[first].item->set;
    const size_t *at = bsearch(&first, s->aligned, s->n_aligned, sizeof first, compare_sizes);
    *begin = (size_t)(at - s->aligned);
    *end = *begin + 1;
    while (*begin > 0 && s->corpus->utterances[s->aligned[*begin - 1]].item->set == set) {
        (*begin)--;
    }
    while (*end < s->n_aligned && s->corpus->utterances[s->aligned[*end]].item->set == set) {
        (*end)++;
    }
}

static void add_pause(const silbe_singing_source *s, place *p, const silbe_matrix *logmel,
                      double p_pause, double max_s, silbe_random *random, silbe_err *err)
{
    double frame_s = s->options.logmel.hop_s * (double)s->options.stride;
    double is = silbe_random_uniform(random), length = silbe_random_uniform(random);
    if (is < p_pause) {
        silbe_try(err, silbe_join_pause(&p->join, logmel, 1 + (size_t)(length * max_s / frame_s),
                                        s->options.stride, 0.0F, err));
    }
}

/* The utterance of the place and others of its voice, until the source is long enough. */
static void join(const silbe_singing_source *s, place *p, silbe_random *random, silbe_err *err)
{
    const silbe_join_options *o = &s->options.join;
    size_t next = p->utterance, begin = 0, end = 0;
    find_set(s, next, &begin, &end);
    silbe_join_begin(&p->join, s->options.logmel.n_bands);
    for (size_t i = 0; i < o->max_utterances && !silbe_failed(err); i++) {
        const silbe_matrix *logmel = &s->corpus->utterances[next].logmel;
        if (i == 0) {
            add_pause(s, p, logmel, o->p_prelude, o->prelude_s, random, err);
        }
        float gain = (float)(o->gain_nats * (2.0 * silbe_random_uniform(random) - 1.0));
        silbe_try(err, silbe_join_utterance(&p->join, logmel, &s->alignments->items[next],
                                            s->options.stride, gain, err));
        add_pause(s, p, logmel, o->p_pause, o->pause_s, random, err);
        if (p->join.logmel.n_rows >= o->n_rows) {
            break;
        }
        next = s->aligned[begin + silbe_random_below(random, end - begin)];
    }
}

static void make_item(const silbe_singing_source *s, place *p, silbe_train_utterance *utterance,
                      silbe_err *err)
{
    silbe_random random = silbe_epochs_random(s->options.seed, p->epoch, p->utterance);
    silbe_random which = silbe_random_fork(&random, 1000); /* beyond the streams of singing.c */
    silbe_accompaniment accompaniment = {NULL, 0};
    silbe_singing singing;
    if (s->bank != NULL && s->bank->n_pieces > 0) {
        const silbe_matrix *piece =
            &s->bank->pieces[silbe_random_below(&which, s->bank->n_pieces)].logmel;
        accompaniment = (silbe_accompaniment){piece->data, piece->n_rows};
    }
    join(s, p, &which, err);
    silbe_try(err, silbe_singing_run(&s->options.singing, &s->bands, s->options.logmel.hop_s,
                                     &p->join.logmel, &p->join.alignment, s->options.stride,
                                     &accompaniment, random, p->item, &singing, err));
    if (!silbe_failed(err)) {
        p->target = (silbe_frames_target){singing.labels, NULL, singing.n_labels};
        *utterance = (silbe_train_utterance){s->corpus->utterances[p->utterance].item->file,
                                             singing.logmel, singing.n_frames, &p->target};
    }
}

silbe_status silbe_singing_source_next(void *context, size_t step, silbe_random *random,
                                       silbe_train_batch *batch, silbe_err *err)
{
    silbe_singing_source *s = context;
    size_t n = s->options.n_batch;
    (void)random;
    for (size_t i = 0; i < n; i++) {
        place *p = &s->places[i];
        p->err.status = SILBE_OK;
        p->utterance = silbe_epochs_at(&s->epochs, step * n + i, &p->epoch);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < n; i++) {
        make_item(s, &s->places[i], &s->batch[i], &s->places[i].err);
    }
    for (size_t i = 0; i < n; i++) {
        const place *p = &s->places[i];
        if (silbe_failed(&p->err)) {
            return silbe_fail(err, p->err.status, "%s: %s",
                              s->corpus->utterances[p->utterance].item->file, p->err.message);
        }
    }
    *batch = (silbe_train_batch){s->batch, n};
    return SILBE_OK;
}
