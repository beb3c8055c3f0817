/* Means of log posteriors: against doubles, of one, in streams, and what does not belong together.
 */
#include "features/model/ensemble.h"

#include <math.h>

#include "features/model/posteriors.h"
#include "tests/features/model/small_net.h"

enum { N_FRAMES = 403 };

static silbe_matrix random_logmel(check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix logmel;
    check_ok(silbe_matrix_new(&logmel, N_FRAMES, small_shape().n_bands, &err), err);
    for (size_t i = 0; i < logmel.n_rows * logmel.n_cols; i++) {
        logmel.data[i] = (float)(6.0 * check_uniform(rng) - 9.0);
    }
    return logmel;
}

static silbe_model with_blocks(check_rng *rng, size_t n_blocks)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    silbe_net_shape shape = small_shape();
    shape.n_blocks = n_blocks;
    check_ok(silbe_model_new(&shape, small_names, 0, &model, &err), err);
    small_params(&shape, rng, model.params);
    for (size_t k = 0; k < shape.n_classes; k++) {
        model.log_prior[k] = (float)log(0.1 + 0.1 * (double)(k + n_blocks));
    }
    return model;
}

/* Three networks; the second hears the middle where there is one. */
static void check_mean(bool has_middle)
{
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(31);
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    silbe_matrix logmel[SILBE_N_HEARINGS] = {random_logmel(&rng)}, one[3], mean;
    if (has_middle) {
        logmel[SILBE_HEARS_MIDDLE] = random_logmel(&rng);
    }
    for (size_t i = 0; i < 3; i++) {
        silbe_model model = with_blocks(&rng, 1 + i);
        check_ok(silbe_posteriors_run(&model, &logmel[i == 1 && has_middle], &one[i], &err), err);
        check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
        assert_null(model.params);
    }
    check_ok(silbe_ensemble_run(&ensemble, logmel, &mean, &err), err);
    assert_int_equal(mean.n_rows, one[0].n_rows);
    for (size_t t = 0; t < mean.n_rows; t++) {
        double logs[4], sum = 0;
        for (size_t k = 0; k < 4; k++) {
            logs[k] = 0;
            for (size_t i = 0; i < 3; i++) {
                logs[k] += (double)silbe_matrix_row(&one[i], t)[k] / 3;
            }
            sum += exp(logs[k]);
        }
        for (size_t k = 0; k < 4; k++) {
            check_close(silbe_matrix_row(&mean, t)[k], logs[k] - log(sum), 1e-5);
        }
    }
    silbe_matrix_free(&mean);
    for (size_t i = 0; i < 3; i++) {
        silbe_matrix_free(&one[i]);
    }
    silbe_matrix_free(&logmel[0]);
    silbe_matrix_free(&logmel[1]);
    silbe_ensemble_free(&ensemble);
}

static void test_mean(void **state)
{
    (void)state;
    check_mean(false);
    check_mean(true);
}

/* One is itself, bit for bit, and hears the mean; twice the same is nearly itself. */
static void test_one(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(32);
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    silbe_matrix logmel[SILBE_N_HEARINGS] = {random_logmel(&rng), random_logmel(&rng)}, alone, mean;
    check_rng again = rng;
    silbe_model model = with_blocks(&rng, 3), twin = with_blocks(&again, 3);
    double prior[4];
    check_ok(silbe_posteriors_run(&model, &logmel[0], &alone, &err), err);
    check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
    check_ok(silbe_ensemble_run(&ensemble, logmel, &mean, &err), err);
    assert_memory_equal(mean.data, alone.data, alone.n_rows * alone.n_cols * sizeof(float));
    silbe_ensemble_log_prior(&ensemble, prior);
    check_close(prior[2], log(0.1 + 0.5), 1e-6);
    silbe_matrix_free(&mean);
    silbe_matrix_free(&logmel[SILBE_HEARS_MIDDLE]);
    check_ok(silbe_ensemble_add(&ensemble, &twin, &err), err);
    check_ok(silbe_ensemble_run(&ensemble, logmel, &mean, &err), err);
    for (size_t i = 0; i < mean.n_rows * mean.n_cols; i++) {
        check_close(mean.data[i], alone.data[i], 1e-5);
    }
    silbe_matrix_free(&mean);
    silbe_matrix_free(&alone);
    silbe_matrix_free(&logmel[0]);
    silbe_ensemble_free(&ensemble);
}

/* The mean of shares 0.2 0.3 0.4 0.5 and 0.3 0.4 0.5 0.6, geometric, adds up to 1. */
static void test_prior(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(33);
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    double prior[4], wanted[4], sum = 0;
    for (size_t i = 0; i < 2; i++) {
        silbe_model model = with_blocks(&rng, 1 + i);
        check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
    }
    for (size_t k = 0; k < 4; k++) {
        wanted[k] = sqrt((0.2 + 0.1 * (double)k) * (0.3 + 0.1 * (double)k));
        sum += wanted[k];
    }
    silbe_ensemble_log_prior(&ensemble, prior);
    for (size_t k = 0; k < 4; k++) {
        check_close(prior[k], log(wanted[k] / sum), 1e-6);
    }
    silbe_ensemble_free(&ensemble);
}

static void expect_refused(silbe_ensemble *ensemble, silbe_model model, const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t n_models = ensemble->n_models;
    assert_int_equal(silbe_ensemble_add(ensemble, &model, &err), SILBE_ERR_MISMATCH);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
    assert_int_equal(ensemble->n_models, n_models);
    assert_null(model.params);
}

static void test_mismatch(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(34);
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    silbe_model model = with_blocks(&rng, 1);
    check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
    model = with_blocks(&rng, 1);
    (void)strcpy(model.class_names[2], "x");
    expect_refused(&ensemble, model, "other classes");
    model = with_blocks(&rng, 1);
    model.blank = 1;
    expect_refused(&ensemble, model, "other classes");
    model = with_blocks(&rng, 1);
    model.logmel.hop_s *= 2;
    expect_refused(&ensemble, model, "other log-mel bands");
    silbe_net_shape shape = small_shape();
    shape.input_stride = 1;
    check_ok(silbe_model_new(&shape, small_names, 0, &model, &err), err);
    expect_refused(&ensemble, model, "other frames");
    silbe_matrix logmel[SILBE_N_HEARINGS] = {random_logmel(&rng), random_logmel(&rng)}, out;
    logmel[SILBE_HEARS_MIDDLE].n_rows--;
    assert_int_equal(silbe_ensemble_run(&ensemble, logmel, &out, &err), SILBE_ERR_MISMATCH);
    silbe_matrix_free(&logmel[0]);
    silbe_matrix_free(&logmel[1]);
    err = (silbe_err)SILBE_ERR_INIT;
    while (ensemble.n_models < SILBE_ENSEMBLE_MAX_MODELS) {
        model = with_blocks(&rng, 1);
        check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
    }
    model = with_blocks(&rng, 1);
    assert_int_equal(silbe_ensemble_add(&ensemble, &model, &err), SILBE_ERR_ARGUMENT);
    silbe_ensemble_free(&ensemble);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mean), cmocka_unit_test(test_one),
                                       cmocka_unit_test(test_prior),
                                       cmocka_unit_test(test_mismatch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
