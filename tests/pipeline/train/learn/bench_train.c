/*
 * Seconds of audio per second of training; not a test.
 *
 *     OMP_NUM_THREADS=2 bench_train [STEPS]
 *
 * The default network with 36 classes, batches of 12 x 8 s of made-up log-mel, frame-wise
 * cross-entropy; forward, backward and update.
 */
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "pipeline/train/learn/trainer.h"

enum { N_CLASSES = 36, BATCH = 12, N_FRAMES = 800 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    size_t n_steps = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = silbe_net_shape_default(N_CLASSES);
    silbe_trainer_options options = silbe_trainer_options_default(&shape, n_steps + 2);
    const silbe_frames_settings settings = {0.05};
    silbe_loss loss = silbe_loss_frames(&settings);
    silbe_trainer *trainer;
    silbe_train_utterance utterances[BATCH];
    silbe_train_report report;
    silbe_random random = {3};
    size_t n_values = (size_t)N_FRAMES * shape.n_bands;
    size_t n_out = silbe_net_output_frames(&shape, N_FRAMES);
    float *x = malloc(n_values * sizeof *x);
    int32_t *labels = malloc(n_out * sizeof *labels);
    const silbe_frames_target target = {labels, NULL, n_out};
    openblas_set_num_threads(1);
    if (x == NULL || labels == NULL || silbe_trainer_new(&options, &trainer, &err) != SILBE_OK) {
        fprintf(stderr, "bench_train: %s\n", err.message);
        return 1;
    }
    for (size_t i = 0; i < n_values; i++) {
        x[i] = (float)silbe_random_normal(&random);
    }
    for (size_t i = 0; i < n_out; i++) {
        labels[i] = (int32_t)silbe_random_below(&random, N_CLASSES);
    }
    for (size_t i = 0; i < BATCH; i++) {
        utterances[i] = (silbe_train_utterance){"made-up", x, N_FRAMES, &target};
    }
    double start_s = 0.0, best_s = 1e30;
    for (size_t step = 0; step < n_steps + 1; step++) {
        double step_s = now_s();
        if (step == 1) {
            start_s = step_s; /* buffers have their size now */
        }
        if (silbe_trainer_step(trainer, &loss, utterances, BATCH, &report, &err) != SILBE_OK) {
            fprintf(stderr, "bench_train: %s\n", err.message);
            return 1;
        }
        step_s = now_s() - step_s;
        best_s = step_s < best_s ? step_s : best_s;
    }
    double per_step_s = (now_s() - start_s) / (double)n_steps;
    double audio_s = BATCH * N_FRAMES * 0.01;
    printf("%d threads, %zu steps of %.0f s of audio: %.0f s of audio per second, best step %.0f; "
           "loss %.3f\n",
           omp_get_max_threads(), n_steps, audio_s, audio_s / per_step_s, audio_s / best_s,
           report.loss);
    silbe_trainer_free(trainer);
    free(x);
    free(labels);
    return 0;
}
