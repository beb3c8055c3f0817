/* The whole network against the double-precision reference: values, and gradients of every
 * parameter by finite differences; values of an independent implementation in NumPy. */
#include <string.h>

#include "features/model/backprop.h"
#include "tests/features/model/golden_forward.h"
#include "tests/features/model/net_reference.h"
#include "tests/features/model/small_net.h"

enum { N_FRAMES = 24 };

typedef struct {
    silbe_net_shape shape;
    silbe_net_layout layout;
    size_t n_out;
    float *params, *x, *workspace, *gradient, *r; /* r: weights of the logits in the score */
    double *params_double, *x_double, *logits;
} fixture;

static fixture make_fixture(check_rng *rng)
{
    fixture f = {.shape = small_shape()};
    f.layout = silbe_net_layout_of(&f.shape);
    f.n_out = silbe_net_output_frames(&f.shape, N_FRAMES);
    f.params = calloc(f.layout.n_params, sizeof *f.params);
    f.gradient = calloc(f.layout.n_params, sizeof *f.gradient);
    small_params(&f.shape, rng, f.params);
    f.x = random_floats(N_FRAMES * f.shape.n_bands, rng);
    f.r = random_floats(f.n_out * f.shape.n_classes, rng);
    f.workspace = random_floats(silbe_net_workspace_size(&f.shape, N_FRAMES), rng);
    f.params_double = doubles_of(f.params, f.layout.n_params);
    f.x_double = doubles_of(f.x, N_FRAMES * f.shape.n_bands);
    f.logits = calloc(f.n_out * f.shape.n_classes, sizeof *f.logits);
    return f;
}

static void free_fixture(fixture *f)
{
    free(f->params), free(f->x), free(f->workspace), free(f->gradient), free(f->r);
    free(f->params_double), free(f->x_double), free(f->logits);
}

static double score(fixture *f)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_net_reference(&f->shape, &f->layout, f->params_double, f->x_double, N_FRAMES,
                                 f->logits, &err),
             err);
    double sum = 0.0;
    for (size_t i = 0; i < f->n_out * f->shape.n_classes; i++) {
        sum += f->logits[i] * (double)f->r[i];
    }
    return sum;
}

static void run_backward(fixture *f)
{
    (void)silbe_net_forward(&f->shape, &f->layout, f->params, f->x, N_FRAMES, f->workspace);
    memcpy(silbe_net_d_logits(&f->shape, N_FRAMES, f->workspace), f->r,
           f->n_out * f->shape.n_classes * sizeof *f->r);
    silbe_net_backward(&f->shape, &f->layout, f->params, N_FRAMES, f->workspace, f->gradient);
}

static void test_forward_is_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(21);
    fixture f = make_fixture(&rng);
    (void)score(&f);
    const float *logits =
        silbe_net_forward(&f.shape, &f.layout, f.params, f.x, N_FRAMES, f.workspace);
    double largest = 0.0;
    for (size_t i = 0; i < f.n_out * f.shape.n_classes; i++) {
        check_close(logits[i], f.logits[i], 2e-5);
        largest = fmax(largest, fabs(f.logits[i]));
    }
    assert_true(largest > 0.5); /* there is something to compare */
    free_fixture(&f);
}

static void test_gradient_by_differences(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(22);
    const double step = 1e-6; /* small, so that hardly a ReLU changes sides on the way */
    fixture f = make_fixture(&rng);
    run_backward(&f);
    double norm = 0.0;
    size_t n_wrong = 0;
    for (size_t i = 0; i < f.layout.n_params; i++) {
        double kept = f.params_double[i];
        f.params_double[i] = kept + step;
        double up = score(&f);
        f.params_double[i] = kept - step;
        double down = score(&f);
        f.params_double[i] = kept;
        double want = (up - down) / (2.0 * step);
        double got = (double)f.gradient[i];
        assert_true(isfinite(got));
        n_wrong += !(fabs(got - want) <= 1e-4 * (1.0 + fabs(want)));
        norm += want * want;
    }
    assert_true(sqrt(norm) > 1.0);
    assert_int_equal(n_wrong, 0);
    free_fixture(&f);
}

/* Gradients add up; gaps between tensors stay zero. */
static void test_gradient_accumulates(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(23);
    fixture f = make_fixture(&rng);
    run_backward(&f);
    float *once = calloc(f.layout.n_params, sizeof *once);
    memcpy(once, f.gradient, f.layout.n_params * sizeof *once);
    run_backward(&f);
    size_t end = 0;
    for (size_t i = 0; i < silbe_net_n_tensors(&f.shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&f.shape, i);
        for (; end < tensor.offset; end++) {
            check_close(f.gradient[end], 0.0, 0.0);
        }
        double largest = 0.0;
        for (size_t k = 0; k < tensor.n_values; k++) {
            double one = (double)once[tensor.offset + k];
            check_close(f.gradient[tensor.offset + k], 2.0 * one, 1e-4 * (1.0 + fabs(one)));
            largest = fmax(largest, fabs(one));
        }
        assert_true(largest > 0.0); /* every tensor matters */
        end = tensor.offset + tensor.n_values;
    }
    free(once);
    free_fixture(&f);
}

/* Parameters and input by the integer formula of golden_forward.py. */
static float golden_value(size_t i)
{
    return (float)((int)(i * 7919 % 2003) - 1001) / 1001.0F;
}

static void test_golden(void **state)
{
    (void)state;
    silbe_net_shape shape = small_shape();
    silbe_net_layout layout = silbe_net_layout_of(&shape);
    float *params = calloc(layout.n_params, sizeof *params);
    float *workspace =
        aligned_alloc(64, silbe_net_workspace_size(&shape, GOLDEN_N_FRAMES) * sizeof *workspace);
    float x[GOLDEN_N_FRAMES * 5];
    assert_non_null(params);
    assert_non_null(workspace);
    size_t n = 0;
    for (size_t i = 0; i < silbe_net_n_tensors(&shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&shape, i);
        for (size_t k = 0; k < tensor.n_values; k++) {
            params[tensor.offset + k] = golden_value(n++) * 0.5F;
        }
    }
    for (size_t i = 0; i < GOLDEN_N_FRAMES * 5; i++) {
        x[i] = golden_value(i + 17) * 2.0F;
    }
    const float *logits = silbe_net_forward(&shape, &layout, params, x, GOLDEN_N_FRAMES, workspace);
    for (size_t i = 0; i < sizeof golden_logits / sizeof *golden_logits; i++) {
        check_close(logits[i], golden_logits[i], 5e-5);
    }
    free(params);
    free(workspace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forward_is_reference),
        cmocka_unit_test(test_gradient_by_differences),
        cmocka_unit_test(test_gradient_accumulates),
        cmocka_unit_test(test_golden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
