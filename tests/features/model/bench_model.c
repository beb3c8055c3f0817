/*
 * Figures of the acoustic model on one thread; not a test.
 *
 *     bench_model [SECONDS]     default 180 s of made-up log-mel
 *
 * Prints times real time of the posteriorgram, of training's forward and backward pass, and what
 * share that is of this processor's rate in a large matrix product.
 */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "features/model/backprop.h"
#include "features/model/posteriors.h"

enum { N_CLASSES = 36, REPEATS = 5, PEAK_SIZE = 768 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *floats(size_t n)
{
    float *values = aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64);
    if (values == NULL) {
        exit(1);
    }
    unsigned state = 1;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525U + 1013904223U;
        values[i] = (float)(state >> 8) * 0x1.0p-23F - 1.0F;
    }
    return values;
}

/* Best of REPEATS in floating-point operations a second. */
static double peak_flops(void)
{
    size_t n = PEAK_SIZE;
    float *a = floats(n * n), *b = floats(n * n), *c = floats(n * n);
    double best = 1e30;
    for (int r = 0; r < 2 * REPEATS; r++) {
        double start = now_s();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, PEAK_SIZE, PEAK_SIZE, PEAK_SIZE,
                    1.0F, a, PEAK_SIZE, b, PEAK_SIZE, 0.0F, c, PEAK_SIZE);
        double s = now_s() - start;
        best = s < best ? s : best;
    }
    free(a);
    free(b);
    free(c);
    return 2.0 * (double)(n * n * n) / best;
}

/* Multiplications and additions of the matrix products for one output frame. */
static double frame_flops(const silbe_net_shape *shape)
{
    double n = (double)(shape->input_width * shape->n_bands * shape->n_channels) +
               (double)(shape->n_blocks * 2 * shape->n_channels * shape->n_hidden) +
               (double)(shape->n_channels * shape->n_classes);
    return 2.0 * n;
}

static void print_line(const char *what, double audio_s, double best_s, double flops, double peak)
{
    printf(
        "%-28s %8.1f s of audio in %7.3f s: %6.0f x real time, %5.1f GFLOP/s, %3.0f %% of peak\n",
        what, audio_s, best_s, audio_s / best_s, flops / best_s * 1e-9,
        100.0 * flops / best_s / peak);
}

static void bench_posteriors(const silbe_model *model, double audio_s, double peak)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix logmel = {NULL, (size_t)(audio_s / model->logmel.hop_s), model->shape.n_bands};
    logmel.data = floats(logmel.n_rows * logmel.n_cols);
    double best = 1e30;
    size_t n_frames = 0;
    for (int r = 0; r < REPEATS; r++) {
        silbe_matrix posteriors;
        double start = now_s();
        if (silbe_posteriors_run(model, &logmel, &posteriors, &err) != SILBE_OK) {
            fprintf(stderr, "%s\n", err.message);
            exit(1);
        }
        double s = now_s() - start;
        best = s < best ? s : best;
        n_frames = posteriors.n_rows;
        silbe_matrix_free(&posteriors);
    }
    print_line("posteriorgram, 1 thread", audio_s, best,
               frame_flops(&model->shape) * (double)n_frames, peak);
    free(logmel.data);
}

static void bench_training(const silbe_model *model, double peak)
{
    const double audio_s = 8.0;
    size_t n_frames = (size_t)(audio_s / model->logmel.hop_s);
    float *x = floats(n_frames * model->shape.n_bands);
    float *workspace = floats(silbe_net_workspace_size(&model->shape, n_frames));
    float *gradient = floats(model->layout.n_params);
    size_t n_out = silbe_net_output_frames(&model->shape, n_frames);
    double best[2] = {1e30, 1e30};
    for (int r = 0; r < 4 * REPEATS; r++) {
        double start = now_s();
        (void)silbe_net_forward(&model->shape, &model->layout, model->params, x, n_frames,
                                workspace);
        double middle = now_s();
        silbe_net_backward(&model->shape, &model->layout, model->params, n_frames, workspace,
                           gradient);
        double end = now_s();
        best[0] = middle - start < best[0] ? middle - start : best[0];
        best[1] = end - start < best[1] ? end - start : best[1];
    }
    double flops = frame_flops(&model->shape) * (double)n_out;
    double input = 2.0 * (double)(model->shape.input_width * model->shape.n_bands *
                                  model->shape.n_channels * n_out);
    print_line("training forward, 1 thread", audio_s, best[0], flops, peak);
    print_line("... and backward, 1 thread", audio_s, best[1], 3.0 * flops - input, peak);
    free(x);
    free(workspace);
    free(gradient);
}

int main(int argc, char **argv)
{
    double audio_s = argc > 1 ? strtod(argv[1], NULL) : 180.0;
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    silbe_net_shape shape = silbe_net_shape_default(N_CLASSES);
    const char *names[N_CLASSES];
    char texts[N_CLASSES][4];
    for (int k = 0; k < N_CLASSES; k++) {
        (void)snprintf(texts[k], sizeof texts[k], "c%d", k % 100);
        names[k] = texts[k];
    }
    openblas_set_num_threads(1);
    if (!(audio_s > 0.1 && audio_s < 1e6) ||
        silbe_model_new(&shape, names, 0, &model, &err) != SILBE_OK) {
        fprintf(stderr, "bench_model: %s\n", err.message);
        return 1;
    }
    for (size_t i = 0; i < silbe_net_n_tensors(&shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&shape, i);
        float *values = floats(tensor.n_values);
        for (size_t k = 0; k < tensor.n_values; k++) {
            model.params[tensor.offset + k] = values[k] * 0.1F;
        }
        free(values);
    }
    double peak = peak_flops();
    printf("%zu parameters, BLAS %s, peak %.1f GFLOP/s\n", silbe_net_n_values(&shape),
           openblas_get_corename(), peak * 1e-9);
    bench_posteriors(&model, audio_s, peak);
    bench_training(&model, peak);
    silbe_model_free(&model);
    return 0;
}
