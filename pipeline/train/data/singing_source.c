#include "pipeline/train/data/singing_source.h"

#include <stdlib.h>

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

static silbe_status prepare(silbe_singing_source *s, silbe_err *err)
{
    size_t n_batch = s->options.n_batch;
    s->aligned = calloc(s->corpus->n_utterances + 1, sizeof *s->aligned);
    s->places = calloc(n_batch, sizeof *s->places);
    s->batch = calloc(n_batch, sizeof *s->batch);
    if (s->aligned == NULL || s->places == NULL || s->batch == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for batches of %zu items", n_batch);
    }
    for (size_t i = 0; i < s->corpus->n_utterances; i++) {
        if (s->alignments->items[i].n_segments > 0) {
            s->aligned[s->n_aligned++] = i;
        }
    }
    silbe_status status = silbe_bands_new(&s->options.logmel, 110.0, &s->bands, err);
    for (size_t i = 0; i < n_batch && status == SILBE_OK; i++) {
        status = silbe_singing_item_new(&s->places[i].item, err);
    }
    if (status == SILBE_OK) {
        status = silbe_epochs_new(s->aligned, s->n_aligned, s->options.seed, &s->epochs, err);
    }
    return status;
}

silbe_status silbe_singing_source_new(const silbe_singing_source_options *options,
                                      const silbe_corpus *corpus,
                                      const silbe_alignments *alignments,
                                      const silbe_accompaniment_bank *bank,
                                      silbe_singing_source **source, silbe_err *err)
{
    *source = NULL;
    if (options->n_batch == 0 || options->stride == 0 || options->join.max_utterances == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "n_batch, stride and join.max_utterances must be > 0, got %zu, %zu, %zu",
                          options->n_batch, options->stride, options->join.max_utterances);
    }
    silbe_singing_source *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a source of batches");
    }
    s->options = *options;
    s->corpus = corpus;
    s->alignments = alignments;
    s->bank = bank;
    silbe_status status = prepare(s, err);
    if (status != SILBE_OK) {
        silbe_singing_source_free(s);
        return status;
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

static silbe_status add_pause(const silbe_singing_source *s, place *p, const silbe_matrix *logmel,
                              double p_pause, double max_s, silbe_random *random, silbe_err *err)
{
    double frame_s = s->options.logmel.hop_s * (double)s->options.stride;
    double is = silbe_random_uniform(random), length = silbe_random_uniform(random);
    return is < p_pause ? silbe_join_pause(&p->join, logmel, 1 + (size_t)(length * max_s / frame_s),
                                           s->options.stride, 0.0F, err)
                        : SILBE_OK;
}

/* The utterance of the place and others of its voice, until the source is long enough. */
static silbe_status join(const silbe_singing_source *s, place *p, silbe_random *random,
                         silbe_err *err)
{
    const silbe_join_options *o = &s->options.join;
    size_t next = p->utterance, begin = 0, end = 0;
    silbe_status status = SILBE_OK;
    find_set(s, next, &begin, &end);
    silbe_join_begin(&p->join, s->options.logmel.n_bands);
    for (size_t i = 0; i < o->max_utterances && status == SILBE_OK; i++) {
        const silbe_matrix *logmel = &s->corpus->utterances[next].logmel;
        if (i == 0) {
            status = add_pause(s, p, logmel, o->p_prelude, o->prelude_s, random, err);
        }
        float gain = (float)(o->gain_nats * (2.0 * silbe_random_uniform(random) - 1.0));
        if (status == SILBE_OK) {
            status = silbe_join_utterance(&p->join, logmel, &s->alignments->items[next],
                                          s->options.stride, gain, err);
        }
        if (status == SILBE_OK) {
            status = add_pause(s, p, logmel, o->p_pause, o->pause_s, random, err);
        }
        if (p->join.logmel.n_rows >= o->n_rows) {
            break;
        }
        next = s->aligned[begin + silbe_random_below(random, end - begin)];
    }
    return status;
}

static silbe_status make_item(const silbe_singing_source *s, place *p,
                              silbe_train_utterance *utterance, silbe_err *err)
{
    const silbe_utterance *u = &s->corpus->utterances[p->utterance];
    silbe_random random = silbe_epochs_random(s->options.seed, p->epoch, p->utterance);
    silbe_random which = silbe_random_fork(&random, 1000); /* beyond the streams of singing.c */
    silbe_accompaniment accompaniment = {NULL, 0};
    silbe_singing singing;
    if (s->bank != NULL && s->bank->n_pieces > 0) {
        const silbe_matrix *piece =
            &s->bank->pieces[silbe_random_below(&which, s->bank->n_pieces)].logmel;
        accompaniment = (silbe_accompaniment){piece->data, piece->n_rows};
    }
    silbe_status status = join(s, p, &which, err);
    if (status == SILBE_OK) {
        status = silbe_singing_run(&s->options.singing, &s->bands, s->options.logmel.hop_s,
                                   &p->join.logmel, &p->join.alignment, s->options.stride,
                                   &accompaniment, random, p->item, &singing, err);
    }
    if (status == SILBE_OK) {
        p->target = (silbe_frames_target){singing.labels, NULL, singing.n_labels};
        *utterance =
            (silbe_train_utterance){u->item->file, singing.logmel, singing.n_frames, &p->target};
    }
    return status;
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
        s->places[i].err.status = make_item(s, &s->places[i], &s->batch[i], &s->places[i].err);
    }
    for (size_t i = 0; i < n; i++) {
        if (s->places[i].err.status != SILBE_OK) {
            return silbe_fail(err, s->places[i].err.status, "%s: %s",
                              s->corpus->utterances[s->places[i].utterance].item->file,
                              s->places[i].err.message);
        }
    }
    *batch = (silbe_train_batch){s->batch, n};
    return SILBE_OK;
}
