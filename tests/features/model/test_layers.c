/* Each layer: a case by hand, the double-precision reference, and gradients by finite differences
 * of that reference. */
#include <string.h>

#include "features/model/layers.h"
#include "tests/features/model/net_reference.h"
#include "tests/features/model/small_net.h"

enum { T = 13, C = 21, WIDTH = 5, DILATION = 2 };

static void test_linear_by_hand(void **state)
{
    (void)state;
    const float x[] = {1, 2, 3, 4}; /* 2 frames, 2 in */
    const float w[] = {1, 0, -1, 2, 1, 1};
    const float bias[] = {10, 20, 30};
    const float d_y[] = {1, 0, 0, 0, 1, 2};
    float y[6], sum[6] = {1, 1, 1, 1, 1, 1};
    float d_x[4], d_w[6] = {0}, d_bias[3] = {100, 0, 0};
    silbe_layer_linear(x, w, bias, 2, 2, 3, y);
    const float want[] = {15, 22, 31, 21, 24, 31};
    assert_memory_equal(y, want, sizeof want);
    silbe_layer_linear_add(x, w, bias, 2, 2, 3, sum);
    for (size_t i = 0; i < 6; i++) {
        check_close(sum[i], want[i] + 1.0F, 0.0);
    }
    silbe_layer_linear_backward(x, w, d_y, 2, 2, 3, d_x, d_w, d_bias);
    const float want_dx[] = {1, 2, -2, 3};
    const float want_dw[] = {1, 3, 6, 2, 4, 8};
    const float want_db[] = {101, 1, 2};
    assert_memory_equal(d_x, want_dx, sizeof want_dx);
    assert_memory_equal(d_w, want_dw, sizeof want_dw);
    assert_memory_equal(d_bias, want_db, sizeof want_db);
}

static void test_unfold_by_hand(void **state)
{
    (void)state;
    const float x[] = {1, 2, 3, 4, 5}; /* one band */
    float columns[9];
    silbe_layer_unfold(x, 0, 5, 1, 3, 2, 0, 3, columns);
    const float want[] = {0, 1, 2, 2, 3, 4, 4, 5, 0};
    assert_memory_equal(columns, want, sizeof want);
    /* Output frame 2 from the frames 3 and 4, all that a stream still has. */
    silbe_layer_unfold(x + 3, 3, 5, 1, 3, 2, 4, 1, columns);
    assert_memory_equal(columns, want + 6, 3 * sizeof *want);
}

static void test_relu(void **state)
{
    (void)state;
    float x[] = {1, -1, 0.5F, NAN};
    const float bias[] = {-2, 3, -0.5F, 0};
    silbe_layer_bias_relu(x, bias, 1, 4);
    check_close(x[0], 0.0, 0.0);
    check_close(x[1], 2.0, 0.0);
    check_close(x[2], 0.0, 0.0);
    assert_true(isnan(x[3])); /* noticed later, not hidden */
    float d[] = {5, 6, 7};
    silbe_layer_relu_backward(x, 3, d);
    check_close(d[0], 0.0, 0.0);
    check_close(d[1], 6.0, 0.0);
    check_close(d[2], 0.0, 0.0);
}

static void test_log_softmax(void **state)
{
    (void)state;
    float x[] = {0, logf(3.0F), 1000, 999, -1e30F, 0};
    silbe_layer_log_softmax(x, 3, 2);
    check_close(x[0], log(0.25), 1e-6);
    check_close(x[1], log(0.75), 1e-6);
    check_close(x[2], -log(1.0 + exp(-1.0)), 1e-4); /* no overflow */
    check_close(x[5], 0.0, 0.0);
}

/* An impulse comes back as the mirrored filter, cut at the edges. */
static void test_depthwise_impulse(void **state)
{
    (void)state;
    const float w[] = {1, 2, 3};
    const float bias[] = {0.5F};
    float x[7] = {0}, y[7];
    x[1] = 1.0F;
    silbe_layer_depthwise(x, 7, w, bias, 7, 0, 7, 1, 3, 2, y);
    const float want[] = {0.5F, 2.5F, 0.5F, 1.5F, 0.5F, 0.5F, 0.5F};
    assert_memory_equal(y, want, sizeof want);
}

static void test_depthwise_ring(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(11);
    float *x = random_floats(T * C, &rng), *w = random_floats(WIDTH * C, &rng);
    float *bias = random_floats(C, &rng), *whole = random_floats(T * C, &rng);
    float ring[9 * C], row[C];
    silbe_layer_depthwise(x, T, w, bias, T, 0, T, C, WIDTH, DILATION, whole);
    for (size_t t = 0; t < T; t++) {
        size_t end = t + 5 < T ? t + 5 : T; /* the last 9 frames up to t + 4 */
        for (size_t k = end > 9 ? end - 9 : 0; k < end; k++) {
            memcpy(ring + k % 9 * C, x + k * C, C * sizeof *x);
        }
        silbe_layer_depthwise(ring, 9, w, bias, T, t, t + 1, C, WIDTH, DILATION, row);
        assert_memory_equal(row, whole + t * C, C * sizeof *row);
    }
    free(x), free(w), free(bias), free(whole);
}

/* sum of y r, y the layer of x, in double. */
static double depthwise_score(const double *x, const double *w, const double *bias, const double *r)
{
    double y[T * C], sum = 0.0;
    silbe_reference_depthwise(x, w, bias, T, C, WIDTH, DILATION, y);
    for (size_t i = 0; i < T * C; i++) {
        sum += y[i] * r[i];
    }
    return sum;
}

static double norm_score(const double *x, const double *gain, const double *offset, const double *r)
{
    double y[T * C], sum = 0.0;
    silbe_reference_norm(x, gain, offset, T, C, y);
    for (size_t i = 0; i < T * C; i++) {
        sum += y[i] * r[i];
    }
    return sum;
}

typedef double score_fn(const double *a, const double *b, const double *c, const double *r);

/* Central differences of score with respect to every value of v, one of a, b, c. */
static void check_gradient(score_fn *score, double *const args[3], const double *r, size_t which,
                           size_t n, const float *gradient)
{
    const double step = 1e-5;
    for (size_t i = 0; i < n; i++) {
        double kept = args[which][i];
        args[which][i] = kept + step;
        double up = score(args[0], args[1], args[2], r);
        args[which][i] = kept - step;
        double down = score(args[0], args[1], args[2], r);
        args[which][i] = kept;
        check_close(gradient[i], (up - down) / (2.0 * step), 3e-5);
    }
}

static void test_depthwise_gradient(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(12);
    float *x = random_floats(T * C, &rng), *w = random_floats(WIDTH * C, &rng);
    float *bias = random_floats(C, &rng), *r = random_floats(T * C, &rng);
    float y[T * C], d_x[T * C] = {0}, d_w[WIDTH * C] = {0}, d_bias[C] = {0};
    double *args[3] = {doubles_of(x, T * C), doubles_of(w, WIDTH * C), doubles_of(bias, C)};
    double *r_double = doubles_of(r, T * C), want[T * C];
    silbe_layer_depthwise(x, T, w, bias, T, 0, T, C, WIDTH, DILATION, y);
    silbe_reference_depthwise(args[0], args[1], args[2], T, C, WIDTH, DILATION, want);
    for (size_t i = 0; i < T * C; i++) {
        check_close(y[i], want[i], 1e-6);
    }
    silbe_layer_depthwise_backward(x, w, r, T, C, WIDTH, DILATION, d_x, d_w, d_bias);
    check_gradient(depthwise_score, args, r_double, 0, T * C, d_x);
    check_gradient(depthwise_score, args, r_double, 1, WIDTH * C, d_w);
    check_gradient(depthwise_score, args, r_double, 2, C, d_bias);
    for (size_t i = 0; i < 3; i++) {
        free(args[i]);
    }
    free(x), free(w), free(bias), free(r), free(r_double);
}

static void test_norm_gradient(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(13);
    float *x = random_floats(T * C, &rng), *gain = random_floats(C, &rng);
    float *offset = random_floats(C, &rng), *r = random_floats(T * C, &rng);
    float y[T * C], normed[T * C], inverse_sd[T];
    float d_gain[C] = {0}, d_offset[C] = {0};
    double *args[3] = {doubles_of(x, T * C), doubles_of(gain, C), doubles_of(offset, C)};
    double *r_double = doubles_of(r, T * C), want[T * C];
    memcpy(normed, x, sizeof normed); /* in place */
    silbe_layer_norm(normed, gain, offset, T, C, y, normed, inverse_sd);
    silbe_reference_norm(args[0], args[1], args[2], T, C, want);
    for (size_t i = 0; i < T * C; i++) {
        check_close(y[i], want[i], 2e-6);
    }
    for (size_t t = 0; t < T; t++) { /* mean 0, variance 1 */
        double sum = 0.0, squares = 0.0;
        for (size_t c = 0; c < C; c++) {
            sum += (double)normed[t * C + c];
            squares += (double)normed[t * C + c] * (double)normed[t * C + c];
        }
        check_close(sum / C, 0.0, 1e-6);
        check_close(squares / C, 1.0, 1e-3);
    }
    silbe_layer_norm_backward(normed, inverse_sd, gain, r, T, C, y, d_gain, d_offset);
    check_gradient(norm_score, args, r_double, 0, T * C, y);
    check_gradient(norm_score, args, r_double, 1, C, d_gain);
    check_gradient(norm_score, args, r_double, 2, C, d_offset);
    for (size_t i = 0; i < 3; i++) {
        free(args[i]);
    }
    free(x), free(gain), free(offset), free(r), free(r_double);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_by_hand),
        cmocka_unit_test(test_unfold_by_hand),
        cmocka_unit_test(test_relu),
        cmocka_unit_test(test_log_softmax),
        cmocka_unit_test(test_depthwise_impulse),
        cmocka_unit_test(test_depthwise_ring),
        cmocka_unit_test(test_depthwise_gradient),
        cmocka_unit_test(test_norm_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
