#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/random.h"
#include "datasets/synthesis/room.h"
#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

#define TAU 6.283185307179586
#define RATE ((double)SILBE_SYNTH_RATE_HZ)
#define TURN_HZ 1.3 /* 78 turns a minute */
#define WOW 0.0018  /* largest deviation of the speed: 3 cents */
#define CLICKS_PER_S 9.0
#define DRIVE 1.25 /* into the soft clipping; 1 = the recording's highest peak */

double silbe_synth_disc_time(double time_s)
{
    /* The disc plays at t what was recorded at t - shift sin(2 pi f t): solve for t. The map
     * contracts by WOW each round, so six rounds reach the last bit that matters. */
    double shift_s = WOW / (TAU * TURN_HZ);
    double t = time_s;
    for (int round = 0; round < 6; round++) {
        t = time_s + shift_s * sin(TAU * TURN_HZ * t);
    }
    return t;
}

/* Second-order sections after the audio equaliser cookbook of R. Bristow-Johnson. */
static void filter(float *samples, size_t n, double corner_hz, double q, int high_pass)
{
    double w = TAU * corner_hz / RATE;
    double alpha = sin(w) / (2.0 * q);
    double c = cos(w);
    double edge = high_pass ? (1.0 + c) / 2.0 : (1.0 - c) / 2.0;
    double a0 = 1.0 + alpha;
    double b0 = edge / a0;
    double b1 = (high_pass ? -2.0 : 2.0) * edge / a0;
    double a1 = -2.0 * c / a0;
    double a2 = (1.0 - alpha) / a0;
    double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
    for (size_t i = 0; i < n; i++) {
        double x = (double)samples[i];
        double y = b0 * x + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2;
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        samples[i] = (float)y;
    }
}

/* Sample at a fractional position: cubic through four neighbours (Catmull-Rom). The sound is below
 * 4500 Hz here, so that is smooth enough. */
static float sample_at(const float *samples, size_t n, double position)
{
    if (position < 1.0 || position >= (double)n - 2.0) {
        return 0.0F;
    }
    size_t i = (size_t)position;
    double f = position - (double)i;
    double a = (double)samples[i - 1], b = (double)samples[i];
    double c = (double)samples[i + 1], d = (double)samples[i + 2];
    return (float)(b + 0.5 * f *
                           (c - a +
                            f * (2.0 * a - 5.0 * b + 4.0 * c - d + f * (3.0 * (b - c) + d - a))));
}

static void add_surface(const silbe_synth_performance *performance, float *samples, size_t n)
{
    silbe_synth_random random = silbe_synth_random_new(performance->song->source->work,
                                                       performance->version->name, "surface");
    double level = pow(10.0, performance->version->noise_db / 20.0);
    double click = 0.0;
    double ring = 0.0;
    for (size_t i = 0; i < n; i++) {
        double turn = 1.0 + 0.35 * sin(TAU * TURN_HZ * (double)i / RATE);
        if (silbe_synth_uniform(&random) < CLICKS_PER_S / RATE) {
            double size = silbe_synth_uniform(&random);
            click = (silbe_synth_uniform(&random) < 0.5 ? -1.0 : 1.0) * 0.22 * size * size * size;
        }
        ring = 0.75 * ring + click;
        click *= 0.35;
        samples[i] += (float)(1.7 * level * turn * (double)silbe_synth_noise(&random) + ring);
    }
}

void silbe_synth_press_disc(const silbe_synth_performance *performance, float *samples, size_t n,
                            silbe_err *err)
{
    float *cut = silbe_alloc(n, sizeof *cut, "samples", err);
    if (cut == NULL) {
        return;
    }
    filter(samples, n, 100.0, 0.71, 1);
    filter(samples, n, 4500.0, 0.54, 0); /* the two halves of a fourth-order Butterworth */
    filter(samples, n, 4500.0, 1.31, 0);
    float peak = 1e-9F;
    for (size_t i = 0; i < n; i++) {
        peak = fmaxf(peak, fabsf(samples[i]));
    }
    for (size_t i = 0; i < n; i++) {
        cut[i] = (float)tanh(DRIVE * (double)samples[i] / (double)peak);
    }
    double shift_s = WOW / (TAU * TURN_HZ);
    for (size_t i = 0; i < n; i++) {
        double time_s = (double)i / RATE;
        double source_s = time_s - shift_s * sin(TAU * TURN_HZ * time_s);
        samples[i] = sample_at(cut, n, source_s * RATE);
    }
    free(cut);
    add_surface(performance, samples, n);
    filter(samples, n, 5500.0, 0.71, 0);
}
