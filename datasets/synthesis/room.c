#include "datasets/synthesis/room.h"

#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/random.h"
#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

#define RATE ((double)SILBE_SYNTH_RATE_HZ)
#define N_LINES 8
#define DECAY_S 1.3 /* to -60 dB */
#define WET 0.22

/* Samples; mutually prime, 28 to 67 ms. */
static const size_t line_length[N_LINES] = {617, 743, 839, 967, 1091, 1213, 1361, 1483};

/* In place, orthonormal. */
static void hadamard8(double *x)
{
    for (int span = 1; span < N_LINES; span *= 2) {
        for (int i = 0; i < N_LINES; i += 2 * span) {
            for (int k = i; k < i + span; k++) {
                double a = x[k];
                double b = x[k + span];
                x[k] = a + b;
                x[k + span] = a - b;
            }
        }
    }
    for (int i = 0; i < N_LINES; i++) {
        x[i] *= 0.35355339059327379; /* 1 / sqrt(8) */
    }
}

silbe_status silbe_synth_reverberate(float *samples, size_t n, silbe_err *err)
{
    size_t total = 0;
    size_t start[N_LINES];
    double gain[N_LINES];
    double damped[N_LINES] = {0.0};
    size_t at[N_LINES] = {0};
    for (int k = 0; k < N_LINES; k++) {
        start[k] = total;
        total += line_length[k];
        gain[k] = pow(10.0, -3.0 * (double)line_length[k] / (DECAY_S * RATE));
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    double *lines = silbe_alloc(total, sizeof *lines, "samples of reverberation", err);
    if (lines == NULL) {
        return err->status;
    }
    for (size_t i = 0; i < n; i++) {
        double out[N_LINES];
        double wet = 0.0;
        for (int k = 0; k < N_LINES; k++) {
            /* High frequencies die sooner: a one-pole low-pass in each line. */
            damped[k] += 0.55 * (gain[k] * lines[start[k] + at[k]] - damped[k]);
            out[k] = damped[k];
            wet += k % 2 == 0 ? out[k] : -out[k];
        }
        hadamard8(out);
        for (int k = 0; k < N_LINES; k++) {
            lines[start[k] + at[k]] = out[k] + (double)samples[i];
            at[k] = at[k] + 1 == line_length[k] ? 0 : at[k] + 1;
        }
        samples[i] = (float)((double)samples[i] + WET * wet);
    }
    free(lines);
    return SILBE_OK;
}

void silbe_synth_add_noise(const silbe_synth_performance *performance, float *samples, size_t n)
{
    silbe_synth_random random = silbe_synth_random_new(performance->song->source->work,
                                                       performance->version->name, "noise");
    double level = pow(10.0, performance->version->noise_db / 20.0);
    double smooth = 0.0;
    for (size_t i = 0; i < n; i++) {
        double white = (double)silbe_synth_noise(&random);
        smooth += 0.3 * (white - smooth);
        samples[i] += (float)(level * (2.5 * smooth + 0.6 * white));
    }
}
