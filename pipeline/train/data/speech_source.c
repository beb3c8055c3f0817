#include "pipeline/train/data/speech_source.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/train/augment/augment.h"
#include "pipeline/train/data/epoch.h"

struct silbe_speech_source {
    const silbe_corpus *corpus;
    size_t n_batch;
    size_t *aligned; /* utterances to draw from */
    silbe_epochs epochs;
    int32_t *labels;              /* of all utterances, one after another */
    silbe_frames_target *targets; /* one per utterance of the corpus */
    silbe_train_utterance *batch;
    float *logmel; /* of the batch, band means removed */
    size_t n_values;
};

void silbe_speech_source_free(silbe_speech_source *source)
{
    if (source != NULL) {
        silbe_epochs_free(&source->epochs);
        free(source->aligned);
        free(source->labels);
        free(source->targets);
        free(source->batch);
        free(source->logmel);
        free(source);
    }
}

static void prepare(silbe_speech_source *s, const silbe_alignments *alignments, uint64_t seed,
                    silbe_err *err)
{
    size_t n = s->corpus->n_utterances, n_frames = 0, n_aligned = 0;
    for (size_t i = 0; i < n; i++) {
        n_frames += alignments->items[i].n_frames;
    }
    s->aligned = silbe_alloc(n, sizeof *s->aligned, "utterances", err);
    s->labels = silbe_alloc(n_frames, sizeof *s->labels, "labels", err);
    s->targets = silbe_alloc(n, sizeof *s->targets, "utterances", err);
    s->batch = silbe_alloc(s->n_batch, sizeof *s->batch, "utterances", err);
    int32_t *labels = s->labels;
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        const silbe_alignment *a = &alignments->items[i];
        if (a->n_segments > 0) {
            silbe_alignment_labels(a, labels);
            s->targets[i] = (silbe_frames_target){labels, NULL, a->n_frames};
            s->aligned[n_aligned++] = i;
            labels += a->n_frames;
        }
    }
    silbe_try(err, silbe_epochs_new(s->aligned, n_aligned, seed, &s->epochs, err));
}

silbe_status silbe_speech_source_new(const silbe_corpus *corpus, const silbe_alignments *alignments,
                                     size_t n_batch, uint64_t seed, silbe_speech_source **source,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *source = NULL;
    if (n_batch == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "n_batch must be > 0, got 0");
    }
    silbe_speech_source *s = silbe_alloc(1, sizeof *s, "source of batches", err);
    if (s == NULL) {
        return err->status;
    }
    s->corpus = corpus;
    s->n_batch = n_batch;
    prepare(s, alignments, seed, err);
    if (silbe_failed(err)) {
        silbe_speech_source_free(s);
        return err->status;
    }
    *source = s;
    return SILBE_OK;
}

/* Sets the batch's utterances and makes room for their features. */
static void choose(silbe_speech_source *s, size_t step, silbe_err *err)
{
    size_t n_values = 0;
    for (size_t i = 0; i < s->n_batch; i++) {
        size_t epoch;
        size_t u = silbe_epochs_at(&s->epochs, step * s->n_batch + i, &epoch);
        const silbe_utterance *utterance = &s->corpus->utterances[u];
        s->batch[i] = (silbe_train_utterance){utterance->item->file, utterance->logmel.data,
                                              utterance->logmel.n_rows, &s->targets[u]};
        n_values += utterance->logmel.n_rows * utterance->logmel.n_cols;
    }
    if (n_values > s->n_values) {
        free(s->logmel);
        s->logmel = silbe_alloc(2 * n_values, sizeof *s->logmel, "values of log-mel", err);
        s->n_values = s->logmel == NULL ? 0 : 2 * n_values;
    }
}

silbe_status silbe_speech_source_next(void *context, size_t step, silbe_random *random,
                                      silbe_train_batch *batch, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_speech_source *s = context;
    size_t n_bands = s->corpus->utterances[0].logmel.n_cols;
    (void)random;
    choose(s, step, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    float *at = s->logmel;
    for (size_t i = 0; i < s->n_batch; i++) {
        size_t n_values = s->batch[i].n_frames * n_bands;
        memcpy(at, s->batch[i].logmel, n_values * sizeof *at);
        silbe_remove_band_means(at, s->batch[i].n_frames, n_bands);
        s->batch[i].logmel = at;
        at += n_values;
    }
    *batch = (silbe_train_batch){s->batch, s->n_batch};
    return SILBE_OK;
}
