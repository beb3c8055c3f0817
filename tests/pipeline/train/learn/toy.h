/*
 * Made-up speech that a small network learns in seconds: each class has a pattern over the bands,
 * an utterance is a row of segments of 4 to 9 output frames, and noise lies over it. Utterance and
 * targets depend on the random number alone.
 */
#ifndef SILBE_TESTS_TOY_H
#define SILBE_TESTS_TOY_H

#include <string.h>

#include "pipeline/train/learn/loop.h"
#include "tests/check.h"

enum { TOY_BANDS = 12, TOY_CLASSES = 5, TOY_MAX_OUT = 64, TOY_BATCH = 5 };

static const char *const toy_names[TOY_CLASSES] = {"sil", "a", "e", "o", "s"};

typedef struct {
    float logmel[2 * TOY_MAX_OUT * TOY_BANDS];
    int32_t labels[TOY_MAX_OUT];
    int32_t sequence[TOY_MAX_OUT]; /* without silence */
    silbe_frames_target frames;
    silbe_sequence_target ctc;
    char name[32];
} toy_utterance;

static inline silbe_net_shape toy_shape(void)
{
    return (silbe_net_shape){.n_bands = TOY_BANDS,
                             .n_channels = 24,
                             .n_hidden = 32,
                             .n_classes = TOY_CLASSES,
                             .n_blocks = 2,
                             .dilations = {1, 2},
                             .block_width = 5,
                             .input_width = 3,
                             .input_stride = 2};
}

static inline float toy_pattern(size_t class, size_t band)
{
    return class == 0 ? 0.0F : 1.5F * (float)sin((double)((class * 2 + 1) * (band + 1)));
}

/* 33 .. 64 output frames; neighbouring segments differ in class. */
static inline void toy_make(toy_utterance *toy, silbe_random random, size_t number,
                            silbe_train_utterance *utterance)
{
    size_t n_out = 33 + silbe_random_below(&random, 32);
    size_t n_frames = 2 * n_out;
    size_t class = 0;
    toy->ctc = (silbe_sequence_target){toy->sequence, 0};
    toy->frames = (silbe_frames_target){toy->labels, NULL, n_out};
    for (size_t t = 0; t < n_out;) {
        size_t length = 4 + silbe_random_below(&random, 6);
        for (size_t end = t + length; t < end && t < n_out; t++) {
            toy->labels[t] = (int32_t) class;
        }
        if (class != 0) {
            toy->sequence[toy->ctc.n_labels++] = (int32_t) class;
        }
        class = (class + 1 + silbe_random_below(&random, TOY_CLASSES - 1)) % TOY_CLASSES;
    }
    for (size_t i = 0; i < n_frames * TOY_BANDS; i++) {
        size_t label = (size_t)toy->labels[i / TOY_BANDS / 2];
        toy->logmel[i] =
            toy_pattern(label, i % TOY_BANDS) + 0.5F * (float)(silbe_random_uniform(&random) - 0.5);
    }
    (void)snprintf(toy->name, sizeof toy->name, "toy%zu", number);
    *utterance = (silbe_train_utterance){toy->name, toy->logmel, n_frames, &toy->frames};
}

typedef struct {
    toy_utterance toys[TOY_BATCH];
    silbe_train_utterance utterances[TOY_BATCH];
    bool is_ctc;
    size_t nan_step;  /* at which toy3 of the batch is spoiled; SIZE_MAX: never */
    size_t fail_step; /* at which the source fails */
} toy_source;

static inline silbe_status toy_next(void *context, size_t step, silbe_random *random,
                                    silbe_train_batch *batch, silbe_err *err)
{
    toy_source *source = context;
    (void)silbe_random_next(random);
    for (size_t i = 0; i < TOY_BATCH; i++) {
        toy_make(&source->toys[i], silbe_random_fork(random, i), i, &source->utterances[i]);
        if (source->is_ctc) {
            source->utterances[i].target = &source->toys[i].ctc;
        }
    }
    if (step == source->nan_step) {
        source->toys[3].logmel[7 * TOY_BANDS + 2] = NAN;
    }
    if (step == source->fail_step) {
        return silbe_fail(err, SILBE_ERR_IO, "no more data");
    }
    *batch = (silbe_train_batch){source->utterances, TOY_BATCH};
    return SILBE_OK;
}

static inline toy_source *toy_source_new(void)
{
    toy_source *source = calloc(1, sizeof *source);
    assert_non_null(source);
    source->nan_step = SIZE_MAX;
    source->fail_step = SIZE_MAX;
    return source;
}

static inline silbe_trainer *toy_trainer(size_t n_steps)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = toy_shape();
    silbe_trainer_options options = silbe_trainer_options_default(&shape, n_steps);
    options.optimiser.warmup_steps = 5;
    options.optimiser.peak_rate = 1e-2;
    options.optimiser.average_decay = 0.8;
    options.n_lanes = 3;
    silbe_trainer *trainer;
    check_ok(silbe_trainer_new(&options, &trainer, &err), err);
    return trainer;
}

#endif
