#include "datasets/synthesis/voice.h"

#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/random.h"

#define TAU 6.283185307179586
#define RATE ((double)SILBE_SYNTH_RATE_HZ)
#define SOURCE_CORNER_HZ 150.0
#define TRILL_HZ 26.0
#define MURMUR_HZ 320.0
#define NOISE_GAIN 17.0 /* makes the phone table's gains relative to a sung vowel */
#define N_UPPER 6       /* resonances above the fifth formant, the same for all phones */

/* y[n] = a x[n] + b y[n-1] + c y[n-2] with a = 1 - b - c. Klatt 1980, eq. 1: unity gain at 0 Hz.
 * b and c move in straight lines from control frame to control frame: jumps would be heard as a
 * buzz of the frame rate. Stable on the way too, the stable (b, c) form a triangle. */
typedef struct {
    double b, c;
    double b_step, c_step; /* per sample */
    double y1, y2;
} resonator;

static void resonator_set(resonator *r, double hz, double bandwidth_hz)
{
    double radius = exp(-TAU / 2.0 * bandwidth_hz / RATE);
    r->c = -radius * radius;
    r->b = 2.0 * radius * cos(TAU * hz / RATE);
    r->b_step = 0.0;
    r->c_step = 0.0;
}

/* Reaches hz and bandwidth_hz after SILBE_SYNTH_CONTROL samples. */
static void resonator_aim(resonator *r, double hz, double bandwidth_hz)
{
    resonator target = *r;
    resonator_set(&target, hz, bandwidth_hz);
    r->b_step = (target.b - r->b) / SILBE_SYNTH_CONTROL;
    r->c_step = (target.c - r->c) / SILBE_SYNTH_CONTROL;
}

static double resonator_run(resonator *r, double x)
{
    r->b += r->b_step;
    r->c += r->c_step;
    double y = (1.0 - r->b - r->c) * x + r->b * r->y1 + r->c * r->y2;
    r->y2 = r->y1;
    r->y1 = y;
    return y;
}

/* Band-pass with peak gain 1: the resonator on x[n] - x[n-2]. */
typedef struct {
    resonator pole;
    double gain;
    double x1, x2;
} band;

static void band_set(band *b, double hz, double bandwidth_hz)
{
    resonator_set(&b->pole, hz, bandwidth_hz);
    b->gain = 0.5 * (1.0 + b->pole.c); /* exact at the centre: (1 - r^2) / 2 */
}

static double band_run(band *b, double x)
{
    double y = b->gain * (x - b->x2) + b->pole.b * b->pole.y1 + b->pole.c * b->pole.y2;
    b->x2 = b->x1;
    b->x1 = x;
    b->pole.y2 = b->pole.y1;
    b->pole.y1 = y;
    return y;
}

static double low_pass_factor(double corner_hz)
{
    return 1.0 - exp(-TAU * corner_hz / RATE);
}

/* Everything that goes on from sample to sample. */
typedef struct {
    resonator formants[SILBE_SYNTH_N_FORMANTS];
    resonator upper[N_UPPER];
    band noise[2];
    double phase;     /* of the glottal cycle, 0..1 */
    double slope[2];  /* states of the two low-pass filters of the source */
    double murmur[2]; /* ... of the closed mouth */
    double trill_phase;
    silbe_synth_random random;
} singer_state;

/* Sum of all cosines below the Nyquist frequency, amplitude 2 each, without the constant. */
static double pulse(double phase, double frequency_hz)
{
    double harmonics = floor(0.5 * RATE / frequency_hz);
    double order = 2.0 * harmonics + 1.0;
    double below = sin(TAU / 2.0 * phase);
    if (fabs(below) < 1e-9) {
        return order - 1.0;
    }
    return sin(TAU / 2.0 * order * phase) / below - 1.0;
}

/* Bandwidths of an open vocal tract, Hz; wider where nose or closure damp it. */
static void set_filters(singer_state *state, const silbe_synth_control *control,
                        const silbe_synth_control *next, double next_f0_hz, bool first)
{
    static const double width_hz[SILBE_SYNTH_N_FORMANTS] = {70.0, 110.0, 160.0, 180.0, 240.0};
    double damping = 1.0 + 1.2 * (double)next->murmur;
    for (int k = 0; k < SILBE_SYNTH_N_FORMANTS; k++) {
        double hz = (double)next->formant_hz[k];
        if (k == 0 && hz < next_f0_hz) {
            hz = next_f0_hz; /* singers open the mouth rather than let F1 fall below the pitch */
        }
        if (first) {
            resonator_set(&state->formants[k], fmin(hz, 0.45 * RATE), width_hz[k] * damping);
        } else {
            resonator_aim(&state->formants[k], fmin(hz, 0.45 * RATE), width_hz[k] * damping);
        }
    }
    for (int k = 0; k < 2; k++) {
        if (control->noise_gain[k] > 0.0F) {
            band_set(&state->noise[k], (double)control->noise_hz[k],
                     (double)control->noise_bandwidth_hz[k]);
        }
    }
}

/* A vocal tract of 17 cm has a resonance about every 1000 Hz; without those above F5 the cascade
 * would fall off far too steeply. */
static void set_upper(singer_state *state, double scale)
{
    static const double hz[N_UPPER] = {4300.0, 5200.0, 6200.0, 7300.0, 8500.0, 9700.0};
    static const double width_hz[N_UPPER] = {250.0, 300.0, 400.0, 500.0, 650.0, 800.0};
    for (int k = 0; k < N_UPPER; k++) {
        resonator_set(&state->upper[k], hz[k] * scale, width_hz[k]);
    }
}

/* A singer gives closed vowels more force, so that they carry as far as open ones: half of the
 * difference that F1 makes to the loudness is made up. */
static double vowel_balance(const silbe_synth_control *control)
{
    return control->formant_hz[0] > 0.0F ? pow(600.0 / (double)control->formant_hz[0], 0.6) : 1.0;
}

static double one_sample(singer_state *state, const silbe_synth_control *control, double f0_hz,
                         double bright)
{
    state->phase += f0_hz / RATE;
    state->phase -= floor(state->phase);
    state->trill_phase += TRILL_HZ / RATE;
    state->trill_phase -= floor(state->trill_phase);
    double white = (double)silbe_synth_noise(&state->random);

    double source = pulse(state->phase, f0_hz) * f0_hz / 200.0;
    state->slope[0] += low_pass_factor(SOURCE_CORNER_HZ) * (source - state->slope[0]);
    state->slope[1] += bright * (state->slope[0] - state->slope[1]);
    double voiced = (double)control->voicing * state->slope[1];
    /* Breath comes while the glottis is open: half of each cycle. */
    double open = 0.6 + 0.4 * cos(TAU * state->phase);
    double mouth = voiced + (double)control->breath * white * open;
    for (int k = SILBE_SYNTH_N_FORMANTS - 1; k >= 0; k--) {
        mouth = resonator_run(&state->formants[k], mouth);
    }
    for (int k = 0; k < N_UPPER; k++) {
        mouth = resonator_run(&state->upper[k], mouth);
    }
    double closed = voiced;
    for (int k = 0; k < 2; k++) {
        state->murmur[k] += low_pass_factor(MURMUR_HZ) * (closed - state->murmur[k]);
        closed = state->murmur[k];
    }
    double beating = 0.5 - 0.5 * cos(TAU * state->trill_phase);
    double open_mouth = 1.0 - (double)control->murmur;
    double sound = open_mouth * mouth * (1.0 - (double)control->trill * beating) +
                   (double)control->murmur * (1.5 * closed + 0.12 * mouth);
    for (int k = 0; k < 2; k++) {
        sound += NOISE_GAIN * (double)control->noise_gain[k] *
                 band_run(&state->noise[k], control->noise_gain[k] > 0.0F ? white : 0.0);
    }
    return sound;
}

static void synthesise(const silbe_synth_performance *performance,
                       const silbe_synth_control *controls, size_t n_frames, float *samples,
                       size_t n)
{
    const silbe_synth_version *version = performance->version;
    singer_state state = {
        .random = silbe_synth_random_new(performance->song->source->work, version->name, "voice")};
    set_upper(&state, version->singer.formant_scale);
    for (size_t f = 0; f < n_frames; f++) {
        const silbe_synth_control *control = &controls[f];
        const silbe_synth_control *next = &controls[f + 1 < n_frames ? f + 1 : f];
        double f0_hz = silbe_synth_frequency_hz(version, (double)control->pitch);
        double next_f0_hz = silbe_synth_frequency_hz(version, (double)next->pitch);
        double level = (double)control->level;
        double bright = low_pass_factor(version->singer.brightness_hz * (0.4 + level));
        set_filters(&state, control, next, next_f0_hz, f == 0);
        double force = vowel_balance(control);
        double next_force = vowel_balance(next);
        size_t begin = f * SILBE_SYNTH_CONTROL;
        for (size_t i = 0; i < SILBE_SYNTH_CONTROL && begin + i < n; i++) {
            double part = (double)i / SILBE_SYNTH_CONTROL;
            silbe_synth_control now = *control;
            now.voicing += (float)(part * (double)(next->voicing - control->voicing));
            now.voicing *= (float)(force + part * (next_force - force));
            now.murmur += (float)(part * (double)(next->murmur - control->murmur));
            double hz = f0_hz + part * (next_f0_hz - f0_hz);
            double gain = level + part * ((double)next->level - level);
            samples[begin + i] = (float)(gain * one_sample(&state, &now, hz, bright));
        }
    }
}

void silbe_synth_sing(const silbe_synth_performance *performance, const silbe_synth_sung *sung,
                      float *samples, size_t n, silbe_err *err)
{
    silbe_synth_plan plan = SILBE_SYNTH_PLAN_INIT;
    size_t n_frames = n / SILBE_SYNTH_CONTROL + 1;
    silbe_try(err, silbe_synth_plan_voice(&plan, performance, sung, err));
    silbe_synth_control *controls = silbe_synth_voice_controls(performance, &plan, n_frames, err);
    if (controls != NULL) {
        synthesise(performance, controls, n_frames, samples, n);
    }
    silbe_synth_plan_free(&plan);
    free(controls);
}
