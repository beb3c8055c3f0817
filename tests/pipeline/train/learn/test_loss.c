/* Losses: by hand, and gradients by finite differences. */
#include <string.h>

#include "pipeline/train/learn/loss.h"
#include "pipeline/train/learn/random.h"
#include "tests/check.h"

enum { T = 9, S = 4 };

static void random_logits(float *logits, uint64_t seed)
{
    silbe_random random = {seed};
    for (size_t i = 0; i < T * S; i++) {
        logits[i] = (float)(2.0 * silbe_random_normal(&random));
    }
}

static silbe_loss_value run(const silbe_loss *loss, const void *target, const float *logits,
                            float *gradient, void *scratch, size_t bytes)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_train_utterance utterance = {"x", NULL, 2 * T, target};
    silbe_loss_value value;
    check_ok(loss->run(loss, &utterance, logits, T, S, gradient, scratch, bytes, &value, &err),
             err);
    return value;
}

/* Values are double, but logits are float: the differences divide by the steps really made. */
static void check_by_differences(const silbe_loss *loss, const void *target, void *scratch,
                                 size_t bytes, double tolerance)
{
    float logits[T * S], gradient[T * S];
    random_logits(logits, 5);
    (void)run(loss, target, logits, gradient, scratch, bytes);
    for (size_t i = 0; i < T * S; i++) {
        float kept = logits[i], up = kept + 1e-3F, down = kept - 1e-3F;
        logits[i] = up;
        double above = run(loss, target, logits, NULL, scratch, bytes).value;
        logits[i] = down;
        double below = run(loss, target, logits, NULL, scratch, bytes).value;
        logits[i] = kept;
        check_close(gradient[i], (above - below) / ((double)up - (double)down), tolerance);
    }
}

static void test_frames_by_hand(void **state)
{
    (void)state;
    const silbe_frames_settings plain = {0.0}, smooth = {0.2};
    silbe_loss loss = silbe_loss_frames(&plain);
    float logits[T * S] = {0}, gradient[T * S];
    int32_t labels[T];
    float weights[T];
    for (size_t t = 0; t < T; t++) {
        labels[t] = -1;
        weights[t] = 0.5F;
    }
    labels[0] = 2;
    labels[4] = 1;
    logits[4 * S + 1] = logf(3.0F); /* probability 3/6 */
    silbe_frames_target target = {labels, NULL, T};
    silbe_loss_value value = run(&loss, &target, logits, gradient, NULL, 0);
    check_close(value.value, log(4.0) + log(2.0), 1e-6);
    check_close(value.weight, 2.0, 0.0);
    assert_int_equal(value.n_frames, 2);
    assert_int_equal(value.n_right, 1); /* of four equals the first counts: class 0, wrong */
    check_close(gradient[2], 0.25 - 1.0, 1e-6);
    check_close(gradient[4 * S + 1], 0.5 - 1.0, 1e-6);
    check_close(gradient[1 * S + 1], 0.0, 0.0);

    target.weights = weights;
    value = run(&loss, &target, logits, gradient, NULL, 0);
    check_close(value.value, 0.5 * (log(4.0) + log(2.0)), 1e-6);
    check_close(value.weight, 1.0, 0.0);

    loss = silbe_loss_frames(&smooth);
    value = run(&loss, &target, logits, gradient, NULL, 0);
    double want = -(0.85 * log(0.5) + 3.0 * 0.05 * log(1.0 / 6.0)); /* q = 0.8 + 0.2 / 4 */
    check_close(value.value, 0.5 * (log(4.0) + want), 1e-6);
    check_close(gradient[2], 0.5 * (0.25 - 0.85), 1e-6);

    for (size_t t = 0; t < T; t++) {
        labels[t] = -1;
    }
    value = run(&loss, &target, logits, gradient, NULL, 0);
    assert_true(value.is_skipped);
    check_close(value.value, 0.0, 0.0);
    check_close(gradient[2], 0.0, 0.0);
}

static void test_frames_gradient(void **state)
{
    (void)state;
    const silbe_frames_settings settings = {0.1};
    const int32_t labels[T] = {0, 1, 2, 3, -1, 3, 2, 1, 0};
    const float weights[T] = {1, 2, 0, 1, 1, 0.5F, 1, 1, 3};
    silbe_loss loss = silbe_loss_frames(&settings);
    silbe_frames_target target = {labels, weights, T};
    check_by_differences(&loss, &target, NULL, 0, 2e-6);
}

static void test_frames_bad_targets(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_frames_settings settings = {0.1};
    int32_t labels[T] = {0};
    float weights[T] = {0}, logits[T * S] = {0};
    silbe_loss loss = silbe_loss_frames(&settings);
    silbe_frames_target target = {labels, weights, T - 1};
    silbe_train_utterance utterance = {"x", NULL, 2 * T, &target};
    silbe_loss_value value;
    assert_int_equal(loss.run(&loss, &utterance, logits, T, S, NULL, NULL, 0, &value, &err),
                     SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "8 frames have labels, the network has 9"));
    target.n_frames = T;
    labels[3] = S;
    assert_int_equal(loss.run(&loss, &utterance, logits, T, S, NULL, NULL, 0, &value, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "label of frame 3 should be -1 .. 3, is 4"));
    labels[3] = -2;
    assert_int_equal(loss.run(&loss, &utterance, logits, T, S, NULL, NULL, 0, &value, &err),
                     SILBE_ERR_DATA);
    labels[3] = 0;
    weights[8] = NAN;
    assert_int_equal(loss.run(&loss, &utterance, logits, T, S, NULL, NULL, 0, &value, &err),
                     SILBE_ERR_DATA);
    weights[8] = 0.0F;
    settings.smoothing = 1.0;
    assert_int_equal(loss.run(&loss, &utterance, logits, T, S, NULL, NULL, 0, &value, &err),
                     SILBE_ERR_ARGUMENT);
}

static void test_ctc(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_settings settings = {.blank = 0, .skip_infeasible = false};
    const int32_t labels[] = {1, 3, 3, 2, 1, 1, 1, 1};
    silbe_loss loss = silbe_loss_ctc(&settings);
    silbe_sequence_target target = {labels, 4};
    silbe_train_utterance utterance = {"x", NULL, 2 * T, &target};
    size_t bytes;
    check_ok(loss.scratch_size(&loss, &utterance, T, S, &bytes, &err), err);
    void *scratch = aligned_alloc(64, bytes / 64 * 64 + 64);
    assert_non_null(scratch);
    check_by_differences(&loss, &target, scratch, bytes, 2e-6);

    /* One label in all frames, all classes equal: P = (paths blank* 1+ blank*) / 4^9 = 45 / 4^9. */
    float logits[T * S] = {0}, gradient[T * S];
    target.n_labels = 1;
    silbe_loss_value value = run(&loss, &target, logits, gradient, scratch, bytes);
    check_close(value.value, 9.0 * log(4.0) - log(45.0), 1e-9);
    check_close(value.weight, T, 0.0);

    /* 8 labels with 4 repeats need 12 frames. */
    target.n_labels = 8;
    silbe_status status =
        loss.run(&loss, &utterance, logits, T, S, gradient, scratch, bytes, &value, &err);
    assert_int_equal(status, SILBE_ERR_INFEASIBLE);
    settings.skip_infeasible = true;
    check_ok(loss.scratch_size(&loss, &utterance, T, S, &bytes, &err), err);
    value = run(&loss, &target, logits, gradient, scratch, bytes);
    assert_true(value.is_skipped);
    check_close(value.weight, 0.0, 0.0);
    check_close(gradient[5], 0.0, 0.0);
    free(scratch);
}

static void test_softdtw(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_softdtw_settings settings = {.gamma = 1.0};
    const int32_t labels[] = {0, 1, 1, 3, 0, 2, 1, 0, 1, 2};
    silbe_loss loss = silbe_loss_softdtw(&settings);
    silbe_sequence_target target = {labels, 5};
    silbe_train_utterance utterance = {"x", NULL, 2 * T, &target};
    size_t bytes;
    check_ok(loss.scratch_size(&loss, &utterance, T, S, &bytes, &err), err);
    void *scratch = aligned_alloc(64, bytes / 64 * 64 + 64);
    assert_non_null(scratch);
    check_by_differences(&loss, &target, scratch, bytes, 2e-6);
    settings.gamma = 0.3;
    settings.prior_weight = 2.0;
    settings.prior_power = 1.0;
    check_by_differences(&loss, &target, scratch, bytes, 2e-6);

    settings.is_sparse = true; /* its gradient has kinks: differences are less exact */
    check_by_differences(&loss, &target, scratch, bytes, 2e-3);

    /* All classes equal, gamma 1, two labels: 8 places to change, each path of cost 9 ln 4. */
    float logits[T * S] = {0}, gradient[T * S];
    settings = (silbe_softdtw_settings){.gamma = 1.0};
    target.n_labels = 2;
    silbe_loss_value value = run(&loss, &target, logits, gradient, scratch, bytes);
    check_close(value.value, 9.0 * log(4.0) - log(8.0), 1e-9);
    check_close(value.weight, T, 0.0);
    check_close(gradient[0], 0.25 - 1.0, 1e-6);     /* the first frame is the first label's */
    check_close(gradient[4 * S], 0.25 - 0.5, 1e-6); /* the middle one: either */

    /* Sparsemin, by its definition for two candidates whose difference is below 1: q = (1 - d) / 2
     * for the one that is lower by -d. */
    double d = 0.0; /* D(t, 1) - D(t, 0); both are (t + 1) ln 4 without the minimum's gain */
    for (size_t t = 2; t < T; t++) {
        double q = fmin(1.0, 0.5 * (1.0 - d));
        d = q * d + 0.5 * (q * q + (1.0 - q) * (1.0 - q) - 1.0);
    }
    settings.is_sparse = true;
    value = run(&loss, &target, logits, gradient, scratch, bytes);
    check_close(value.value, 9.0 * log(4.0) + d, 1e-9);

    /* The prior, summed up along each of the 8 paths. */
    settings = (silbe_softdtw_settings){.gamma = 1.0, .prior_weight = 2.0, .prior_power = 1.0};
    double sum = 0.0;
    for (size_t change = 1; change < T; change++) {
        double prior = 0.0;
        for (size_t t = 0; t < T; t++) {
            prior += 2.0 * fabs((double)t / 8.0 - (t < change ? 0.0 : 1.0));
        }
        sum += exp(-prior);
    }
    value = run(&loss, &target, logits, gradient, scratch, bytes);
    check_close(value.value, 9.0 * log(4.0) - log(sum), 1e-9);

    const int32_t bad[] = {0, 4};
    target.labels = bad;
    silbe_status status =
        loss.run(&loss, &utterance, logits, T, S, gradient, scratch, bytes, &value, &err);
    assert_int_equal(status, SILBE_ERR_DATA);
    target = (silbe_sequence_target){labels, 10};
    assert_int_equal(loss.scratch_size(&loss, &utterance, T, S, &bytes, &err),
                     SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(err.message, "9 frames are too few for 10 labels"));
    settings.skip_infeasible = true;
    check_ok(loss.scratch_size(&loss, &utterance, T, S, &bytes, &err), err);
    value = run(&loss, &target, logits, gradient, scratch, bytes);
    assert_true(value.is_skipped);
    check_close(gradient[0], 0.0, 0.0);
    free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_by_hand),
        cmocka_unit_test(test_frames_gradient),
        cmocka_unit_test(test_frames_bad_targets),
        cmocka_unit_test(test_ctc),
        cmocka_unit_test(test_softdtw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
