/* The trainer: learns, gives the same bytes with any number of threads and when resumed, and stops
 * cleanly at what is not a number. */
#define _POSIX_C_SOURCE 200809L
#include <cblas.h>
#include <omp.h>
#include <unistd.h>

#include "tests/pipeline/train/learn/toy.h"

static const silbe_frames_settings smooth = {0.02};

static size_t n_bytes_of(const silbe_trainer *trainer)
{
    (void)trainer;
    silbe_net_shape shape = toy_shape();
    return silbe_net_layout_of(&shape).n_params * sizeof(float);
}

/* Steps from where the trainer stands up to n_steps; returns the last report. */
static silbe_train_report run_steps(silbe_trainer *trainer, toy_source *source, size_t n_steps)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_loss loss = silbe_loss_frames(&smooth);
    silbe_train_report report = {0};
    while (silbe_trainer_steps(trainer) < n_steps) {
        silbe_train_batch batch = {NULL, 0};
        check_ok(toy_next(source, silbe_trainer_steps(trainer), silbe_trainer_random(trainer),
                          &batch, &err),
                 err);
        check_ok(silbe_trainer_step(trainer, &loss, batch.utterances, batch.n, &report, &err), err);
        if (report.step == 0) {
            check_close(report.loss, log(TOY_CLASSES), 1.0);
        }
    }
    return report;
}

static void test_learns(void **state)
{
    (void)state;
    enum { STEPS = 150 };
    silbe_err err = SILBE_ERR_INIT;
    const silbe_frames_settings plain = {0.0};
    silbe_loss loss = silbe_loss_frames(&plain);
    silbe_trainer *trainer = toy_trainer(STEPS);
    toy_source *source = toy_source_new(), *held_out = toy_source_new();
    silbe_random other = {99};
    silbe_train_batch batch = {NULL, 0};
    silbe_train_report before, after;
    check_ok(toy_next(held_out, 0, &other, &batch, &err), err);
    check_ok(silbe_trainer_evaluate(trainer, &loss, batch.utterances, batch.n, &before, &err), err);
    silbe_train_report last = run_steps(trainer, source, STEPS);
    check_ok(silbe_trainer_evaluate(trainer, &loss, batch.utterances, batch.n, &after, &err), err);
    print_message("held-out loss %.4f -> %.4f, %.1f %% right\n", before.loss, after.loss,
                  100.0 * after.right);
    assert_true(after.loss < 0.2 * before.loss);
    assert_true(after.right > 0.97);
    assert_int_equal(last.step, STEPS - 1);
    assert_true(isfinite(last.gradient_norm) && last.gradient_norm > 0.0);
    silbe_trainer_free(trainer);
    free(source);
    free(held_out);
}

static void test_learns_by_ctc(void **state)
{
    (void)state;
    enum { STEPS = 120 };
    silbe_err err = SILBE_ERR_INIT;
    const silbe_ctc_settings settings = {.blank = 0};
    silbe_loss loss = silbe_loss_ctc(&settings);
    silbe_trainer *trainer = toy_trainer(STEPS);
    toy_source *source = toy_source_new();
    source->is_ctc = true;
    double first = 0.0, last = 0.0;
    for (size_t step = 0; step < STEPS; step++) {
        silbe_train_batch batch = {NULL, 0};
        silbe_train_report report;
        check_ok(toy_next(source, step, silbe_trainer_random(trainer), &batch, &err), err);
        check_ok(silbe_trainer_step(trainer, &loss, batch.utterances, batch.n, &report, &err), err);
        first += step < 3 ? report.loss / 3.0 : 0.0;
        last += step + 10 >= STEPS ? report.loss / 10.0 : 0.0;
    }
    print_message("CTC loss per frame %.4f -> %.4f\n", first, last);
    assert_true(last < 0.2 * first);
    silbe_trainer_free(trainer);
    free(source);
}

/* Same seed, 1 and 2 threads (and 2 again): same bytes. */
static void test_threads(void **state)
{
    (void)state;
    enum { STEPS = 12 };
    const int threads[] = {1, 2, 2};
    silbe_trainer *trainers[3];
    int before = omp_get_max_threads();
    for (int k = 0; k < 3; k++) {
        omp_set_num_threads(threads[k]);
        toy_source *source = toy_source_new();
        trainers[k] = toy_trainer(STEPS);
        (void)run_steps(trainers[k], source, STEPS);
        free(source);
    }
    omp_set_num_threads(before);
    for (int k = 1; k < 3; k++) {
        assert_memory_equal(silbe_trainer_params(trainers[0]), silbe_trainer_params(trainers[k]),
                            n_bytes_of(trainers[0]));
        assert_memory_equal(silbe_trainer_average(trainers[0]), silbe_trainer_average(trainers[k]),
                            n_bytes_of(trainers[0]));
    }
    for (int k = 0; k < 3; k++) {
        silbe_trainer_free(trainers[k]);
    }
}

/* Loss and gradient of a batch are those of its utterances: a batch of one utterance taken five
 * times makes the same step as the utterance alone. */
static void test_batch_is_mean(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_loss loss = silbe_loss_frames(&smooth);
    silbe_trainer *a = toy_trainer(10), *b = toy_trainer(10);
    toy_source *source = toy_source_new();
    silbe_train_batch batch = {NULL, 0};
    silbe_train_report one, five;
    silbe_train_utterance same[5];
    check_ok(toy_next(source, 0, silbe_trainer_random(a), &batch, &err), err);
    for (size_t i = 0; i < 5; i++) {
        same[i] = batch.utterances[1];
    }
    check_ok(silbe_trainer_step(a, &loss, same, 1, &one, &err), err);
    check_ok(silbe_trainer_step(b, &loss, same, 5, &five, &err), err);
    check_close(one.loss, five.loss, 1e-9);
    check_close(one.gradient_norm, five.gradient_norm, 1e-5 * one.gradient_norm);
    assert_int_equal(five.n_frames, 5 * one.n_frames);
    const float *p = silbe_trainer_params(a), *q = silbe_trainer_params(b);
    for (size_t i = 0; i < n_bytes_of(a) / sizeof(float); i++) {
        check_close(p[i], q[i], 1e-4); /* the first step is the gradient's sign times 2e-3 */
    }
    silbe_trainer_free(a);
    silbe_trainer_free(b);
    free(source);
}

static void test_checkpoint(void **state)
{
    (void)state;
    const char *path = "test_trainer.ckp";
    silbe_err err = SILBE_ERR_INIT;
    silbe_trainer *whole = toy_trainer(20), *first = toy_trainer(20), *second = toy_trainer(20);
    toy_source *source = toy_source_new();
    (void)run_steps(whole, source, 20);
    (void)run_steps(first, source, 7);
    check_ok(silbe_trainer_write(first, path, &err), err);
    check_ok(silbe_trainer_read(second, path, &err), err);
    assert_int_equal(silbe_trainer_steps(second), 7);
    (void)run_steps(second, source, 20);
    assert_memory_equal(silbe_trainer_params(whole), silbe_trainer_params(second),
                        n_bytes_of(whole));
    assert_memory_equal(silbe_trainer_average(whole), silbe_trainer_average(second),
                        n_bytes_of(whole));
    assert_true(silbe_trainer_random(whole)->state == silbe_trainer_random(second)->state);

    /* Another schedule is refused by name, and the trainer stays as it was. */
    silbe_trainer *other = toy_trainer(21);
    assert_int_equal(silbe_trainer_read(other, path, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "n_steps was 20"));
    assert_int_equal(silbe_trainer_steps(other), 0);
    silbe_trainer_free(other);
    silbe_net_shape shape = toy_shape();
    shape.dilations[1] = 3;
    silbe_trainer_options options = silbe_trainer_options_default(&shape, 20);
    check_ok(silbe_trainer_new(&options, &other, &err), err);
    assert_int_equal(silbe_trainer_read(other, path, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "dilation was 2"));
    silbe_trainer_free(other);
    silbe_trainer_free(whole);
    silbe_trainer_free(first);
    silbe_trainer_free(second);
    free(source);
    assert_int_equal(unlink(path), 0);
}

static void write_bytes(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void test_damaged_checkpoint(void **state)
{
    (void)state;
    const char *path = "test_trainer.bad";
    enum { ROOM = 1 << 20 };
    silbe_err err = SILBE_ERR_INIT;
    silbe_trainer *trainer = toy_trainer(20);
    toy_source *source = toy_source_new();
    (void)run_steps(trainer, source, 2);
    check_ok(silbe_trainer_write(trainer, path, &err), err);
    (void)run_steps(trainer, source, 3);
    unsigned char *bytes = malloc(ROOM);
    FILE *file = fopen(path, "rb");
    assert_non_null(bytes);
    assert_non_null(file);
    size_t size = fread(bytes, 1, ROOM, file);
    assert_int_equal(fclose(file), 0);
    assert_true(size > 1000 && size < ROOM);
    const size_t cuts[] = {0, 7, 23, 31, 32, 100, size / 2, size - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        write_bytes(path, bytes, cuts[i]);
        assert_int_equal(silbe_trainer_read(trainer, path, &err), SILBE_ERR_FORMAT);
    }
    const size_t flips[] = {0, 8, 12, 16, 24, 500, size / 2, size - 1};
    for (size_t i = 0; i < sizeof flips / sizeof *flips; i++) {
        bytes[flips[i]] ^= 1U;
        write_bytes(path, bytes, size);
        assert_int_equal(silbe_trainer_read(trainer, path, &err), SILBE_ERR_FORMAT);
        assert_non_null(strstr(err.message, path));
        bytes[flips[i]] ^= 1U;
    }
    assert_int_equal(silbe_trainer_steps(trainer), 3);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(silbe_trainer_read(trainer, path, &err), SILBE_ERR_IO);
    free(bytes);
    free(source);
    silbe_trainer_free(trainer);
}

/* The number of the loss, and its gradient, can be spoiled from outside. */
typedef struct {
    float d_logit;
    double value;
} spoiled_settings;

static silbe_status run_spoiled(const silbe_loss *loss, const silbe_train_utterance *utterance,
                                const float *logits, size_t n_frames, size_t n_classes,
                                float *d_logits, void *scratch, size_t scratch_bytes,
                                silbe_loss_value *value, silbe_err *err)
{
    const spoiled_settings *settings = loss->settings;
    (void)logits, (void)scratch, (void)scratch_bytes, (void)err;
    /* In lanes 1, 2 and 0: neither the first nor the last lane to fail has the first utterance. */
    bool is_spoiled = utterance->name[3] >= '1' && utterance->name[3] <= '3';
    for (size_t i = 0; i < n_frames * n_classes; i++) {
        d_logits[i] = is_spoiled ? settings->d_logit : 0.0F;
    }
    *value = (silbe_loss_value){.value = is_spoiled ? settings->value : 1.0, .weight = 1.0};
    return SILBE_OK;
}

static void test_not_a_number(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_loss loss = silbe_loss_frames(&smooth);
    silbe_trainer *trainer = toy_trainer(20);
    toy_source *source = toy_source_new();
    silbe_train_batch batch = {NULL, 0};
    silbe_train_report report;
    (void)run_steps(trainer, source, 4);
    size_t n_bytes = n_bytes_of(trainer);
    float *kept = malloc(n_bytes);
    assert_non_null(kept);
    memcpy(kept, silbe_trainer_params(trainer), n_bytes);

    source->nan_step = 4;
    check_ok(toy_next(source, 4, silbe_trainer_random(trainer), &batch, &err), err);
    assert_int_equal(silbe_trainer_step(trainer, &loss, batch.utterances, batch.n, &report, &err),
                     SILBE_ERR_DATA);
    assert_string_equal(err.message,
                        "step 4, utterance 'toy3': log-mel frame 7, band 2 is not finite");

    source->nan_step = SIZE_MAX;
    check_ok(toy_next(source, 4, silbe_trainer_random(trainer), &batch, &err), err);
    const struct {
        spoiled_settings settings;
        const char *message;
    } rows[] = {
        {{0.0F, (double)NAN}, "step 4, utterance 'toy1': the loss is not finite"},
        {{NAN, 1.0}, "step 4, utterance 'toy1': the loss's gradient is not finite in frame 0"},
        {{3e38F, 1.0}, "step 4, utterance 'toy1': the gradient is not finite"},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        silbe_loss spoiled = {"spoiled", run_spoiled, NULL, &rows[r].settings};
        silbe_status status =
            silbe_trainer_step(trainer, &spoiled, batch.utterances, batch.n, &report, &err);
        assert_int_equal(status, SILBE_ERR_DATA);
        if (strstr(err.message, rows[r].message) == NULL) {
            print_error("row %zu says: %s\n", r, err.message);
        }
        assert_non_null(strstr(err.message, rows[r].message));
    }
    assert_int_equal(silbe_trainer_steps(trainer), 4);
    assert_memory_equal(kept, silbe_trainer_params(trainer), n_bytes);
    check_ok(silbe_trainer_step(trainer, &loss, batch.utterances, batch.n, &report, &err), err);
    free(kept);
    free(source);
    silbe_trainer_free(trainer);
}

static void test_models(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = toy_shape();
    silbe_model model, other;
    silbe_trainer *trainer = toy_trainer(20), *next = toy_trainer(20);
    toy_source *source = toy_source_new();
    (void)run_steps(trainer, source, 5);
    check_ok(silbe_model_new(&shape, toy_names, 0, &model, &err), err);
    check_ok(silbe_trainer_get_model(trainer, &model, &err), err);
    assert_memory_equal(model.params, silbe_trainer_average(trainer), n_bytes_of(trainer));
    (void)run_steps(next, source, 3);
    check_ok(silbe_trainer_set_params(next, &model, &err), err);
    assert_int_equal(silbe_trainer_steps(next), 0);
    assert_memory_equal(model.params, silbe_trainer_params(next), n_bytes_of(next));
    assert_memory_equal(model.params, silbe_trainer_average(next), n_bytes_of(next));
    shape.n_hidden++;
    check_ok(silbe_model_new(&shape, toy_names, 0, &other, &err), err);
    assert_int_equal(silbe_trainer_set_params(next, &other, &err), SILBE_ERR_MISMATCH);
    assert_int_equal(silbe_trainer_get_model(next, &other, &err), SILBE_ERR_MISMATCH);
    silbe_model_free(&model);
    silbe_model_free(&other);
    silbe_trainer_free(trainer);
    silbe_trainer_free(next);
    free(source);
}

static void test_too_short_for_ctc(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_ctc_settings settings = {.blank = 0};
    silbe_loss loss = silbe_loss_ctc(&settings);
    silbe_trainer *trainer = toy_trainer(20);
    float logmel[4 * TOY_BANDS] = {0};
    const int32_t labels[] = {1, 1, 1, 1};
    const silbe_sequence_target target = {labels, 4};
    const silbe_train_utterance utterance = {"short", logmel, 4, &target};
    silbe_train_report report;
    assert_int_equal(silbe_trainer_step(trainer, &loss, &utterance, 1, &report, &err),
                     SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(err.message, "step 0, utterance 'short': "));
    silbe_trainer_free(trainer);
}

/* A batch of which nothing counts is a step that changes nothing; no frames are an error. */
static void test_nothing_to_learn(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_ctc_settings settings = {.blank = 0, .skip_infeasible = true};
    silbe_loss loss = silbe_loss_ctc(&settings);
    silbe_trainer *trainer = toy_trainer(20);
    float logmel[4 * TOY_BANDS] = {0};
    const int32_t labels[] = {1, 1, 1, 1};
    const silbe_sequence_target target = {labels, 4};
    silbe_train_utterance utterance = {"short", logmel, 4, &target};
    silbe_train_report report;
    size_t n_bytes = n_bytes_of(trainer);
    float *kept = malloc(n_bytes);
    assert_non_null(kept);
    memcpy(kept, silbe_trainer_params(trainer), n_bytes);
    check_ok(silbe_trainer_step(trainer, &loss, &utterance, 1, &report, &err), err);
    assert_int_equal(report.n_skipped, 1);
    assert_int_equal(silbe_trainer_steps(trainer), 1);
    assert_memory_equal(kept, silbe_trainer_params(trainer), n_bytes);
    assert_int_equal(silbe_trainer_step(trainer, &loss, &utterance, 0, &report, &err),
                     SILBE_ERR_ARGUMENT);
    utterance.n_frames = 0;
    assert_int_equal(silbe_trainer_step(trainer, &loss, &utterance, 1, &report, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "'short'"));
    free(kept);
    silbe_trainer_free(trainer);
}

int main(void)
{
    openblas_set_num_threads(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_learns_by_ctc),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_batch_is_mean),
        cmocka_unit_test(test_checkpoint),
        cmocka_unit_test(test_damaged_checkpoint),
        cmocka_unit_test(test_not_a_number),
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_too_short_for_ctc),
        cmocka_unit_test(test_nothing_to_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
