#include "datasets/synthesis/piano.h"

#include <math.h>

#include "datasets/synthesis/random.h"
#include "datasets/synthesis/voice.h"

#define TAU 6.283185307179586
#define RATE ((double)SILBE_SYNTH_RATE_HZ)
#define N_PARTIALS 16
#define N_SLOW 6 /* so many of the lowest partials have a slow after-sound (Weinreich 1977) */
#define N_STRINGS (N_PARTIALS + N_SLOW)
#define HIGHEST_HZ 8500.0
#define DAMPER_S 0.09 /* time constant after the key is released, pedal and dampers together */
#define KNOCK_S 0.03

/* Partials of one note as two-term recursions y[n] = b y[n-1] + c y[n-2]. */
typedef struct {
    float b[N_STRINGS], c[N_STRINGS];
    float y1[N_STRINGS], y2[N_STRINGS];
    float cosine[N_STRINGS];
    int n;
} strings;

static void set_decay(strings *s, int k, double radius)
{
    s->b[k] = (float)(2.0 * radius * (double)s->cosine[k]);
    s->c[k] = (float)(-radius * radius);
}

static void add_partial(strings *s, double hz, double amplitude, double decay_s)
{
    int k = s->n++;
    s->cosine[k] = (float)cos(TAU * hz / RATE);
    s->y1[k] = 0.0F;
    s->y2[k] = (float)(-amplitude * sin(TAU * hz / RATE)); /* begins as a sine at 0 */
    set_decay(s, k, exp(-1.0 / (decay_s * RATE)));
}

static void strike(strings *s, double f1_hz, double velocity, silbe_synth_random *random)
{
    s->n = 0;
    double inharmonicity = 3.5e-4 * pow(f1_hz / 261.6, 0.9);
    double slow_decay_s = 3.2 * pow(261.6 / f1_hz, 0.5);
    double felt_hz = 700.0 + 2600.0 * velocity * velocity; /* harder strokes sound brighter */
    for (int k = 1; k <= N_PARTIALS; k++) {
        double hz = k * f1_hz * sqrt(1.0 + inharmonicity * k * k);
        if (hz > HIGHEST_HZ) {
            break;
        }
        double amplitude = fabs(sin(TAU / 2.0 * k / 7.3)) / pow(k, 0.7) * exp(-hz / felt_hz) *
                           silbe_synth_between(random, 0.85, 1.15);
        double decay_s = slow_decay_s / (1.0 + 0.25 * (k - 1));
        add_partial(s, hz, 0.75 * amplitude, 0.3 * decay_s);
        if (k <= N_SLOW) { /* the strings of a unison are never exactly in tune */
            add_partial(s, hz * (1.0 + 0.0003 * silbe_synth_gauss(random)), 0.4 * amplitude,
                        decay_s);
        }
    }
}

static void play_note(const silbe_synth_note *note, double f1_hz, silbe_synth_random *random,
                      float *samples, size_t n)
{
    strings s;
    double gain = 0.5 * note->velocity * note->velocity;
    strike(&s, f1_hz, note->velocity, random);
    size_t begin = (size_t)lround(note->start_s * RATE);
    size_t release = (size_t)lround(note->end_s * RATE);
    double knock = 0.0;
    for (size_t i = begin; i < n; i++) {
        if (i == release) {
            for (int k = 0; k < s.n; k++) {
                set_decay(&s, k, exp(-1.0 / (DAMPER_S * RATE)));
            }
        }
        float sum = 0.0F;
        for (int k = 0; k < s.n; k++) {
            float y = s.b[k] * s.y1[k] + s.c[k] * s.y2[k];
            s.y2[k] = s.y1[k];
            s.y1[k] = y;
        }
        for (int k = 0; k < s.n; k++) {
            sum += s.y1[k];
        }
        double age_s = (double)(i - begin) / RATE;
        if (age_s < KNOCK_S) {
            double white = (double)silbe_synth_noise(random);
            knock += 0.25 * (white * (1.0 - age_s / KNOCK_S) - knock);
            sum += (float)(0.25 * knock);
        }
        samples[i] += (float)gain * sum;
        if (i > release + (size_t)(DAMPER_S * 11.0 * RATE)) {
            break; /* e^-11: 96 dB down */
        }
    }
}

void silbe_synth_play_piano(const silbe_synth_performance *performance, float *samples, size_t n)
{
    silbe_synth_random random = silbe_synth_random_new(performance->song->source->work,
                                                       performance->version->name, "piano");
    for (size_t i = performance->n_voice; i < performance->n_notes; i++) {
        const silbe_synth_note *note = &performance->notes[i];
        play_note(note, silbe_synth_frequency_hz(performance->version, note->pitch), &random,
                  samples, n);
    }
}
