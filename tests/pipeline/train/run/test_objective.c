/* Frame-wise batches to what each loss wants; schedules follow the step. */
#include "pipeline/train/run/objective.h"

#include "align/lyrics/phones.h"
#include "tests/check.h"

enum { N_CLASSES = SILBE_N_PHONES };

static const int32_t first[] = {0, 0, 5, 5, 7, -1, 7, 0, 7, 7, -1, 9, 0};
static const int32_t silence[] = {0, 0, -1, 0};
static const silbe_frames_target targets[] = {{first, NULL, 13}, {silence, NULL, 4}};
static const float sound[13] = {0};
static const silbe_train_utterance pieces[] = {{"first", sound, 13, &targets[0]},
                                               {"silence", sound, 4, &targets[1]}};

static silbe_status next(void *context, size_t step, silbe_random *random, silbe_train_batch *batch,
                         silbe_err *err)
{
    (void)step;
    (void)random;
    (void)err;
    *batch = *(const silbe_train_batch *)context;
    return SILBE_OK;
}

static silbe_objective *make(int loss, silbe_train_batch *batch)
{
    silbe_config config;
    silbe_err err = SILBE_ERR_INIT;
    silbe_objective *o;
    double log_prior[N_CLASSES] = {0};
    silbe_config_defaults(&config);
    config.train.loss = loss;
    config.train.gamma_begin = 8.0;
    config.train.gamma_end = 2.0;
    config.train.gamma_share = 0.5;
    config.train.diagonal_weight = 3.0;
    check_ok(silbe_objective_new(&config, 40, log_prior, N_CLASSES, next, batch, &o, &err), err);
    return o;
}

static void test_frames(void **state)
{
    (void)state;
    silbe_train_batch frames = {pieces, 2}, batch;
    silbe_err err = SILBE_ERR_INIT;
    silbe_objective *o = make(SILBE_TRAIN_FRAMES, &frames);
    check_ok(silbe_objective_next(o, 0, NULL, &batch, &err), err);
    assert_string_equal(silbe_objective_loss(o)->name, "frames");
    assert_ptr_equal(batch.utterances, pieces);
    assert_int_equal(batch.n, 2);
    silbe_objective_free(o);
}

static void test_ctc(void **state)
{
    (void)state;
    silbe_train_batch frames = {pieces, 2}, batch;
    silbe_err err = SILBE_ERR_INIT;
    silbe_objective *o = make(SILBE_TRAIN_CTC, &frames);
    check_ok(silbe_objective_next(o, 0, NULL, &batch, &err), err);
    assert_string_equal(silbe_objective_loss(o)->name, "ctc");
    assert_int_equal(batch.n, 1); /* silence alone has no labels */
    const silbe_sequence_target *t = batch.utterances[0].target;
    const int32_t wanted[] = {5, 7, 7, 9}; /* apart by silence: two labels */
    assert_int_equal(t->n_labels, 4);
    assert_memory_equal(t->labels, wanted, sizeof wanted);
    assert_ptr_equal(batch.utterances[0].logmel, sound);

    silbe_train_batch kept;
    check_ok(silbe_objective_hold_out(o, &frames, &kept, &err), err);
    check_ok(silbe_objective_next(o, 1, NULL, &batch, &err), err);
    assert_int_equal(kept.n, 1);
    assert_ptr_not_equal(kept.utterances[0].target, batch.utterances[0].target);

    frames = (silbe_train_batch){pieces + 1, 1};
    assert_int_equal(silbe_objective_next(o, 2, NULL, &batch, &err), SILBE_ERR_DATA);
    silbe_objective_free(o);
}

static void test_softdtw(void **state)
{
    (void)state;
    silbe_train_batch frames = {pieces, 2}, batch;
    silbe_err err = SILBE_ERR_INIT;
    silbe_objective *o = make(SILBE_TRAIN_SOFTDTW, &frames);
    const silbe_softdtw_settings *s = silbe_objective_loss(o)->settings;
    check_ok(silbe_objective_next(o, 0, NULL, &batch, &err), err);
    assert_int_equal(batch.n, 2);
    const silbe_sequence_target *t = batch.utterances[0].target;
    const int32_t wanted[] = {0, 5, 7, 0, 7, 9, 0};
    assert_int_equal(t->n_labels, 7);
    assert_memory_equal(t->labels, wanted, sizeof wanted);
    check_close(s->gamma, 8.0, 1e-12);
    check_close(s->prior_weight, 3.0, 1e-12);
    check_ok(silbe_objective_next(o, 10, NULL, &batch, &err), err);
    check_close(s->gamma, 4.0, 1e-12); /* half-way of 20 steps, exponentially */
    check_close(s->prior_weight, 1.5, 1e-12);
    check_ok(silbe_objective_next(o, 35, NULL, &batch, &err), err);
    check_close(s->gamma, 2.0, 1e-12);
    check_close(s->prior_weight, 0.0, 1e-12);
    silbe_objective_free(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_ctc),
        cmocka_unit_test(test_softdtw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
