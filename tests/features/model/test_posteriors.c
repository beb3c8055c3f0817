/* Streams give what the whole gives, to the last bit, and both what the reference network gives. */
#include <string.h>

#include "features/model/backprop.h"
#include "features/model/layers.h"
#include "features/model/posteriors.h"
#include "tests/features/model/net_reference.h"
#include "tests/features/model/small_net.h"

typedef struct {
    silbe_matrix rows;
    size_t n_received;
    size_t fail_at; /* frame at which the receiver fails */
} receiver;

static silbe_status receive(void *context, const float *posteriors, size_t first_frame,
                            size_t n_frames, silbe_err *err)
{
    receiver *r = context;
    assert_int_equal(first_frame, r->n_received);
    assert_true(n_frames > 0 && first_frame + n_frames <= r->rows.n_rows);
    if (first_frame >= r->fail_at) {
        return silbe_fail(err, SILBE_ERR_IO, "disk full");
    }
    memcpy(silbe_matrix_row(&r->rows, first_frame), posteriors,
           n_frames * r->rows.n_cols * sizeof *posteriors);
    r->n_received += n_frames;
    return SILBE_OK;
}

static silbe_matrix random_logmel(size_t n_frames, size_t n_bands, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix logmel;
    check_ok(silbe_matrix_new(&logmel, n_frames, n_bands, &err), err);
    for (size_t i = 0; i < n_frames * n_bands; i++) {
        logmel.data[i] = (float)(6.0 * check_uniform(rng) - 9.0 + (double)(i % n_bands));
    }
    return logmel;
}

/* Pushes of random lengths up to longest. */
static void check_stream(const silbe_model *model, const silbe_matrix *logmel,
                         const silbe_matrix *whole, size_t longest, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_posteriors_stream *stream;
    receiver r = {.fail_at = SIZE_MAX};
    double means[SILBE_NET_MAX_WIDTH];
    check_ok(silbe_posteriors_means(logmel, means, &err), err);
    check_ok(silbe_matrix_new(&r.rows, whole->n_rows, whole->n_cols, &err), err);
    check_ok(silbe_posteriors_stream_new(model, means, receive, &r, &stream, &err), err);
    size_t at = 0;
    while (at < logmel->n_rows) {
        size_t n = check_random(rng) % (longest + 1);
        n = n < logmel->n_rows - at ? n : logmel->n_rows - at;
        check_ok(silbe_posteriors_stream_push(stream, silbe_matrix_row(logmel, at), n, &err), err);
        at += n;
    }
    check_ok(silbe_posteriors_stream_finish(stream, &err), err);
    assert_int_equal(r.n_received, whole->n_rows);
    assert_memory_equal(r.rows.data, whole->data,
                        whole->n_rows * whole->n_cols * sizeof *whole->data);
    silbe_posteriors_stream_free(stream);
    silbe_matrix_free(&r.rows);
}

static void check_reference(const silbe_model *model, const silbe_matrix *logmel,
                            const silbe_matrix *whole)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t n = logmel->n_rows * logmel->n_cols;
    double means[SILBE_NET_MAX_WIDTH];
    check_ok(silbe_posteriors_means(logmel, means, &err), err);
    double *x = doubles_of(logmel->data, n);
    double *params = doubles_of(model->params, model->layout.n_params);
    double *logits = calloc(whole->n_rows * whole->n_cols, sizeof *logits);
    for (size_t i = 0; i < n; i++) {
        x[i] -= means[i % logmel->n_cols];
    }
    check_ok(
        silbe_net_reference(&model->shape, &model->layout, params, x, logmel->n_rows, logits, &err),
        err);
    for (size_t t = 0; t < whole->n_rows; t++) {
        double sum = 0.0;
        for (size_t k = 0; k < whole->n_cols; k++) {
            sum += exp(logits[t * whole->n_cols + k]);
        }
        double total = 0.0;
        for (size_t k = 0; k < whole->n_cols; k++) {
            float got = silbe_matrix_row(whole, t)[k];
            check_close(got, logits[t * whole->n_cols + k] - log(sum), 5e-5);
            total += exp((double)got);
        }
        check_close(total, 1.0, 1e-5);
    }
    free(x);
    free(params);
    free(logits);
}

static void check_lengths(const silbe_model *model, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    /* Around the ends of tiles of 64 output frames of 1 or 2 input frames. */
    const size_t lengths[] = {1, 2, 3, 63, 64, 65, 126, 127, 128, 129, 130, 131, 257, 640, 1001};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        silbe_matrix logmel = random_logmel(lengths[i], model->shape.n_bands, rng);
        silbe_matrix whole;
        check_ok(silbe_posteriors_run(model, &logmel, &whole, &err), err);
        assert_int_equal(whole.n_rows, silbe_net_output_frames(&model->shape, lengths[i]));
        assert_int_equal(whole.n_cols, model->shape.n_classes);
        check_reference(model, &logmel, &whole);
        check_stream(model, &logmel, &whole, 1, rng);
        check_stream(model, &logmel, &whole, 100, rng);
        check_stream(model, &logmel, &whole, 2000, rng);
        silbe_matrix_free(&logmel);
        silbe_matrix_free(&whole);
    }
}

static void test_small(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(31);
    silbe_model model = small_model(&rng);
    check_lengths(&model, &rng);
    silbe_model_free(&model);
}

/* The furthest reach that a tile allows, without stride. */
static void test_far_reach(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(32);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    silbe_net_shape shape = small_shape();
    shape.input_stride = 1;
    shape.dilations[0] = 32;
    shape.dilations[2] = 32;
    check_ok(silbe_model_new(&shape, small_names, 0, &model, &err), err);
    small_params(&shape, &rng, model.params);
    check_lengths(&model, &rng);
    silbe_model_free(&model);
}

/* A frame depends on frames within reach and on no other. */
static void test_reach(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(33);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng);
    size_t reach = silbe_net_reach(&model.shape);
    enum { N = 400, AT = 201 };
    silbe_matrix logmel = random_logmel(N, model.shape.n_bands, &rng);
    silbe_matrix before, after;
    /* Equal amounts up and down leave the mean of the band as it is, at two places far apart. */
    check_ok(silbe_posteriors_run(&model, &logmel, &before, &err), err);
    silbe_matrix_row(&logmel, AT)[2] += 4.0F;
    silbe_matrix_row(&logmel, N - 1)[2] -= 4.0F;
    check_ok(silbe_posteriors_run(&model, &logmel, &after, &err), err);
    size_t first = N, last = 0;
    for (size_t t = 0; t < (N - 1 - reach) / 2 - 1; t++) {
        double largest = 0.0;
        for (size_t k = 0; k < before.n_cols; k++) {
            largest = fmax(largest, fabs((double)silbe_matrix_row(&before, t)[k] -
                                         (double)silbe_matrix_row(&after, t)[k]));
        }
        if (largest > 2e-5) {
            first = t < first ? t : first;
            last = t;
        }
    }
    assert_true(2 * first + reach >= AT && 2 * last <= AT + reach);
    assert_true(2 * first < AT && 2 * last > AT);
    silbe_matrix_free(&logmel);
    silbe_matrix_free(&before);
    silbe_matrix_free(&after);
    silbe_model_free(&model);
}

static void test_level_does_not_matter(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(34);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng);
    silbe_matrix logmel = random_logmel(100, model.shape.n_bands, &rng);
    silbe_matrix quiet, loud;
    check_ok(silbe_posteriors_run(&model, &logmel, &quiet, &err), err);
    for (size_t i = 0; i < logmel.n_rows * logmel.n_cols; i++) {
        logmel.data[i] += 3.0F; /* 13 dB */
    }
    check_ok(silbe_posteriors_run(&model, &logmel, &loud, &err), err);
    for (size_t i = 0; i < quiet.n_rows * quiet.n_cols; i++) {
        check_close(loud.data[i], quiet.data[i], 1e-4);
    }
    silbe_matrix_free(&logmel);
    silbe_matrix_free(&quiet);
    silbe_matrix_free(&loud);
    silbe_model_free(&model);
}

/* Means removed beforehand and a stream that is told none: the same bits. */
static void test_means_removed(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(36);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng);
    silbe_matrix logmel = random_logmel(200, model.shape.n_bands, &rng);
    silbe_matrix whole;
    silbe_posteriors_stream *stream;
    double means[5];
    check_ok(silbe_posteriors_run(&model, &logmel, &whole, &err), err);
    check_ok(silbe_posteriors_means(&logmel, means, &err), err);
    silbe_posteriors_remove_means(means, &logmel);
    receiver r = {.fail_at = SIZE_MAX};
    check_ok(silbe_matrix_new(&r.rows, whole.n_rows, whole.n_cols, &err), err);
    check_ok(silbe_posteriors_stream_new(&model, NULL, receive, &r, &stream, &err), err);
    check_ok(silbe_posteriors_stream_push(stream, logmel.data, logmel.n_rows, &err), err);
    check_ok(silbe_posteriors_stream_finish(stream, &err), err);
    assert_memory_equal(r.rows.data, whole.data, whole.n_rows * whole.n_cols * sizeof(float));
    check_ok(silbe_posteriors_means(&logmel, means, &err), err);
    for (size_t b = 0; b < 5; b++) {
        check_close(means[b], 0.0, 1e-5);
    }
    silbe_posteriors_stream_free(stream);
    silbe_matrix_free(&r.rows);
    silbe_matrix_free(&whole);
    silbe_matrix_free(&logmel);
    silbe_model_free(&model);
}

static float *log_softmax_of(const float *logits, size_t n_rows, size_t n_cols)
{
    float *logp = malloc(n_rows * n_cols * sizeof *logp);
    assert_non_null(logp);
    memcpy(logp, logits, n_rows * n_cols * sizeof *logp);
    silbe_layer_log_softmax(logp, n_rows, n_cols);
    return logp;
}

/* The real size, where BLAS takes its fast paths: streams bit for bit, and what training sees. */
static void test_prototype(void **state)
{
    (void)state;
    enum { N_FRAMES = 1111 };
    check_rng rng = check_rng_new(37);
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = silbe_net_shape_default(4);
    silbe_model model;
    silbe_matrix whole;
    double means[80];
    check_ok(silbe_model_new(&shape, small_names, 0, &model, &err), err);
    small_params(&shape, &rng, model.params);
    silbe_matrix logmel = random_logmel(N_FRAMES, shape.n_bands, &rng);
    check_ok(silbe_posteriors_run(&model, &logmel, &whole, &err), err);
    check_stream(&model, &logmel, &whole, 7, &rng);
    check_stream(&model, &logmel, &whole, 300, &rng);

    check_ok(silbe_posteriors_means(&logmel, means, &err), err);
    silbe_posteriors_remove_means(means, &logmel);
    float *workspace = random_floats(silbe_net_workspace_size(&shape, N_FRAMES), &rng);
    const float *logits =
        silbe_net_forward(&shape, &model.layout, model.params, logmel.data, N_FRAMES, workspace);
    float *logp = log_softmax_of(logits, whole.n_rows, whole.n_cols);
    for (size_t i = 0; i < whole.n_rows * whole.n_cols; i++) {
        check_close(logp[i], whole.data[i], 2e-4);
    }
    free(logp);
    free(workspace);
    silbe_matrix_free(&logmel);
    silbe_matrix_free(&whole);
    silbe_model_free(&model);
}

static void test_bad_input(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(35);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng);
    silbe_matrix posteriors;
    silbe_matrix logmel = random_logmel(300, 5, &rng);
    silbe_matrix empty = {NULL, 0, 5};
    silbe_matrix wide = {logmel.data, 200, 6};
    assert_int_equal(silbe_posteriors_run(&model, &empty, &posteriors, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_posteriors_run(&model, &wide, &posteriors, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "6 bands, the model wants 5"));
    assert_null(posteriors.data);

    /* A receiver's failure comes back as it is. */
    silbe_posteriors_stream *stream;
    receiver r = {.rows = {NULL, 150, 4}, .fail_at = 0};
    check_ok(silbe_posteriors_stream_new(&model, NULL, receive, &r, &stream, &err), err);
    silbe_status status = silbe_posteriors_stream_push(stream, logmel.data, 300, &err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_stream_finish(stream, &err);
    }
    assert_int_equal(status, SILBE_ERR_IO);
    assert_string_equal(err.message, "disk full");
    silbe_posteriors_stream_free(stream);

    silbe_matrix_row(&logmel, 123)[4] = NAN;
    assert_int_equal(silbe_posteriors_run(&model, &logmel, &posteriors, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "frame 123, band 4"));
    check_ok(silbe_posteriors_stream_new(&model, NULL, receive, &r, &stream, &err), err);
    assert_int_equal(silbe_posteriors_stream_finish(stream, &err), SILBE_ERR_DATA);
    silbe_posteriors_stream_free(stream);
    silbe_posteriors_stream_free(NULL);
    silbe_matrix_free(&logmel);
    silbe_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small),         cmocka_unit_test(test_far_reach),
        cmocka_unit_test(test_reach),         cmocka_unit_test(test_level_does_not_matter),
        cmocka_unit_test(test_means_removed), cmocka_unit_test(test_prototype),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
