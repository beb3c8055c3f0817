#include "pipeline/ctc_matrix/emissions.h"

#include "features/base/npy.h"
#include "tests/pipeline/ctc_matrix/files.h"

enum { N_FRAMES = 4, N_SYMBOLS = 3 };

static const float LOGITS[N_FRAMES][N_SYMBOLS] = {
    {1, -2, 0.5F}, {0, 3, -1}, {-4, -4, 5}, {2, 2, -7}};

static void save(const char *path, const float *values, size_t n_rows, size_t n_cols)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m = SILBE_MATRIX_INIT;
    check_ok(silbe_matrix_new(&m, n_rows, n_cols, &err), err);
    if (n_rows * n_cols > 0) {
        memcpy(m.data, values, n_rows * n_cols * sizeof *values);
    }
    check_ok(silbe_npy_write_matrix(path, &m, &err), err);
    silbe_matrix_free(&m);
}

/* scale * softmax, or its logarithm. */
static void softmax(float *out, bool take_log, double scale)
{
    for (size_t t = 0; t < N_FRAMES; t++) {
        double sum = 0;
        for (size_t k = 0; k < N_SYMBOLS; k++) {
            sum += exp((double)LOGITS[t][k]);
        }
        for (size_t k = 0; k < N_SYMBOLS; k++) {
            double p = exp((double)LOGITS[t][k]) / sum;
            out[t * N_SYMBOLS + k] = (float)(scale * (take_log ? log(p) : p));
        }
    }
}

static silbe_status read(int kind, silbe_matrix *m, int *found, silbe_err *err)
{
    return silbe_ctc_matrix_read("emissions_x.npy", N_SYMBOLS, kind, m, found, err);
}

/* All three kinds, told or found out, come to the same log-probabilities. */
static void kinds(void **state)
{
    (void)state;
    float values[N_FRAMES * N_SYMBOLS], want[N_FRAMES * N_SYMBOLS];
    softmax(want, true, 1);
    for (int kind = SILBE_KIND_LOGP; kind <= SILBE_KIND_PROB; kind++) {
        softmax(values, kind == SILBE_KIND_LOGP, 1);
        save("emissions_x.npy", kind == SILBE_KIND_LOGITS ? LOGITS[0] : values, N_FRAMES,
             N_SYMBOLS);
        for (int asked = 0; asked < 2; asked++) {
            silbe_err err = SILBE_ERR_INIT;
            silbe_matrix m = SILBE_MATRIX_INIT;
            int found = -1;
            check_ok(read(asked ? kind : SILBE_KIND_AUTO, &m, &found, &err), err);
            assert_int_equal(found, kind);
            for (size_t i = 0; i < N_FRAMES * N_SYMBOLS; i++) {
                check_close(m.data[i], want[i], 2e-6);
            }
            silbe_matrix_free(&m);
        }
    }
}

/* Probability 0 is log-probability -infinity; numbers in half precision are still told. */
static void zeros_and_halves(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m = SILBE_MATRIX_INIT;
    int found = -1;
    const float halves[] = {0.333F, 0.333F, 0.333F, 0, 0.995F, 0};
    save("emissions_x.npy", halves, 2, N_SYMBOLS);
    check_ok(read(SILBE_KIND_AUTO, &m, &found, &err), err);
    assert_int_equal(found, SILBE_KIND_PROB);
    assert_true(isinf(m.data[3]) && m.data[3] < 0);
    silbe_matrix_free(&m);
    const float masked[] = {-INFINITY, 0, -INFINITY};
    save("emissions_x.npy", masked, 1, N_SYMBOLS);
    check_ok(read(SILBE_KIND_AUTO, &m, &found, &err), err);
    assert_int_equal(found, SILBE_KIND_LOGP);
    silbe_matrix_free(&m);
}

static void refuse(const float *values, int kind, const char *part)
{
    silbe_err err;
    silbe_matrix m = SILBE_MATRIX_INIT;
    int found;
    save("emissions_x.npy", values, 1, N_SYMBOLS);
    check_fails(read(kind, &m, &found, &err), SILBE_ERR_DATA, part, err);
    assert_null(m.data);
}

static void refused(void **state)
{
    (void)state;
    refuse((float[]){0.1F, 0.2F, 0.3F}, SILBE_KIND_AUTO, "cannot tell what the numbers are");
    refuse((float[]){-1, -2, -0.1F}, SILBE_KIND_AUTO, "posteriors.kind");
    refuse((float[]){1.5F, 3, 0}, SILBE_KIND_AUTO, "posteriors.kind");
    refuse((float[]){1.6094F, 0.5108F, 1.6094F}, SILBE_KIND_AUTO, "change their sign");
    refuse((float[]){-1, -2, -0.1F}, SILBE_KIND_PROB, "-2 to -0.1, which are no probabilities");
    refuse((float[]){0.5F, 0.7F, 2}, SILBE_KIND_PROB, "should be logp or logits");
    refuse((float[]){-1, -2, 3}, SILBE_KIND_LOGP, "numbers up to 3");
    refuse((float[]){0, 0, 0}, SILBE_KIND_PROB, "frame 0: all 3 symbols have probability 0");
    refuse((float[]){0, NAN, 0}, SILBE_KIND_AUTO, "frame 0, symbol 1 is NaN");
    refuse((float[]){0, 0, INFINITY}, SILBE_KIND_LOGITS, "symbol 2 is +infinity");
    refuse((float[]){-INFINITY, -INFINITY, -INFINITY}, SILBE_KIND_LOGP,
           "frame 0: all 3 symbols are -infinity");
}

static void shapes(void **state)
{
    (void)state;
    silbe_err err;
    silbe_matrix m = SILBE_MATRIX_INIT;
    int found;
    save("emissions_x.npy", LOGITS[0], N_SYMBOLS, N_FRAMES);
    check_fails(
        read(SILBE_KIND_AUTO, &m, &found, &err), SILBE_ERR_MISMATCH,
        "emissions_x.npy: has 4 values a frame (3 frames), but the vocabulary has 3 symbols; "
        "transpose it",
        err);
    save("emissions_x.npy", LOGITS[0], 2, 5);
    check_fails(read(SILBE_KIND_AUTO, &m, &found, &err), SILBE_ERR_MISMATCH,
                "has 5 values a frame (2 frames), but the vocabulary has 3", err);
    save("emissions_x.npy", LOGITS[0], 5, 1);
    check_fails(read(SILBE_KIND_AUTO, &m, &found, &err), SILBE_ERR_MISMATCH, "two dimensions", err);
    save("emissions_x.npy", NULL, 0, N_SYMBOLS);
    check_fails(read(SILBE_KIND_AUTO, &m, &found, &err), SILBE_ERR_DATA,
                "is empty: 0 frames of 3 symbols", err);
    write_file("emissions_x.npy", "no array");
    check_fails(read(SILBE_KIND_AUTO, &m, &found, &err), SILBE_ERR_FORMAT, "not a .npy file", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test(zeros_and_halves),
        cmocka_unit_test(refused),
        cmocka_unit_test(shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
