#include "pipeline/acoustic/make_posteriorgram.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "features/base/npy.h"
#include "tests/check.h"

enum { N_BANDS = 6, N_FRAMES = 5001 }; /* not a multiple of anything */
static const char IN[] = "test_make_posteriorgram.in.npy";
static const char MIDDLE[] = "test_make_posteriorgram.middle.npy";
static const char OUT[] = "test_make_posteriorgram.out.npy";

static silbe_model random_model(check_rng *rng, size_t n_blocks)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    silbe_net_shape shape = silbe_net_shape_default(SILBE_N_PHONES);
    const char *symbols[SILBE_N_PHONES];
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        symbols[k] = silbe_phone_get(k)->symbol;
    }
    shape.n_bands = N_BANDS;
    shape.n_channels = shape.n_hidden = 8;
    shape.n_blocks = n_blocks;
    check_ok(silbe_model_new(&shape, symbols, 0, &model, &err), err);
    for (size_t i = 0; i < silbe_net_n_tensors(&shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&shape, i);
        for (size_t v = 0; v < tensor.n_values; v++) {
            model.params[tensor.offset + v] = (float)(2 * check_uniform(rng) - 1);
        }
    }
    return model;
}

/* Networks of several depths, so that their frames come at different times. */
static silbe_ensemble random_ensemble(check_rng *rng, size_t n_models)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    for (size_t i = 0; i < n_models; i++) {
        silbe_model model = random_model(rng, 2 + i);
        check_ok(silbe_ensemble_add(&ensemble, &model, &err), err);
    }
    return ensemble;
}

static silbe_matrix random_logmel(check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, N_FRAMES, N_BANDS, &err), err);
    for (size_t i = 0; i < (size_t)N_FRAMES * N_BANDS; i++) {
        m.data[i] = (float)(-20 * check_uniform(rng));
    }
    return m;
}

/* The same bits as in memory. */
static void check_same(size_t n_models, bool with_middle)
{
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(91 + n_models);
    silbe_ensemble ensemble = random_ensemble(&rng, n_models);
    silbe_matrix logmels[SILBE_N_HEARINGS] = {random_logmel(&rng)}, whole, read;
    const char *const paths[SILBE_N_HEARINGS] = {IN, with_middle ? MIDDLE : NULL};
    silbe_posteriorgram_facts facts = {0};
    check_ok(silbe_npy_write_matrix(IN, &logmels[0], &err), err);
    if (with_middle) {
        logmels[1] = random_logmel(&rng);
        check_ok(silbe_npy_write_matrix(MIDDLE, &logmels[1], &err), err);
    }
    check_ok(silbe_ensemble_run(&ensemble, logmels, &whole, &err), err);
    check_ok(silbe_make_posteriorgram(&ensemble, paths, N_FRAMES, OUT, &facts, &err), err);
    check_ok(silbe_npy_read_matrix(OUT, SILBE_N_PHONES, &read, &err), err);
    assert_int_equal(read.n_rows, whole.n_rows);
    assert_int_equal(facts.n_frames, whole.n_rows);
    assert_memory_equal(read.data, whole.data, whole.n_rows * SILBE_N_PHONES * sizeof(float));
    double voice = 0;
    for (size_t t = 0; t < whole.n_rows; t++) {
        voice += 1 - exp((double)silbe_matrix_row(&whole, t)[0]);
    }
    check_close(facts.voice_share, voice / (double)whole.n_rows, 1e-6);
    check_close(facts.hop_s, silbe_model_hop_s(ensemble.models), 0);
    check_close(facts.log_prior[3], log(1.0 / SILBE_N_PHONES), 1e-6);
    silbe_matrix_free(&read);
    silbe_matrix_free(&whole);
    silbe_matrix_free(&logmels[0]);
    silbe_matrix_free(&logmels[1]);
    silbe_ensemble_free(&ensemble);
    assert_int_equal(unlink(IN), 0);
    assert_int_equal(unlink(OUT), 0);
    if (with_middle) {
        assert_int_equal(unlink(MIDDLE), 0);
    }
}

static void test_same(void **state)
{
    (void)state;
    for (size_t n_models = 1; n_models <= 4; n_models++) {
        check_same(n_models, false);
        check_same(n_models, true);
    }
}

static void expect_error(const silbe_ensemble *ensemble, size_t n_frames, silbe_status status,
                         const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_posteriorgram_facts facts = {0};
    const char *const paths[SILBE_N_HEARINGS] = {IN};
    assert_int_equal(silbe_make_posteriorgram(ensemble, paths, n_frames, OUT, &facts, &err),
                     status);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
    assert_int_not_equal(access(OUT, F_OK), 0);
}

static void test_errors(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(92);
    silbe_ensemble ensemble = random_ensemble(&rng, 2);
    silbe_matrix logmel = random_logmel(&rng);
    expect_error(&ensemble, N_FRAMES, SILBE_ERR_IO, IN);
    logmel.data[4000 * N_BANDS + 2] = INFINITY;
    check_ok(silbe_npy_write_matrix(IN, &logmel, &err), err);
    expect_error(&ensemble, N_FRAMES, SILBE_ERR_DATA, "frame 4000, band 2 is not finite");
    expect_error(&ensemble, N_FRAMES + 1, SILBE_ERR_MISMATCH, "has 5001 frames, 5002 are expected");
    logmel.n_cols = N_BANDS - 1;
    check_ok(silbe_npy_write_matrix(IN, &logmel, &err), err);
    expect_error(&ensemble, N_FRAMES, SILBE_ERR_MISMATCH, "5 values a frame, 6 are expected");
    logmel.n_rows = 0;
    logmel.n_cols = N_BANDS;
    check_ok(silbe_npy_write_matrix(IN, &logmel, &err), err);
    expect_error(&ensemble, 0, SILBE_ERR_MISMATCH, "has 0 frames");
    silbe_matrix_free(&logmel);
    silbe_ensemble_free(&ensemble);
    assert_int_equal(unlink(IN), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same), cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
