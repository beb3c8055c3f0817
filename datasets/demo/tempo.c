/* The tempo map: how fast each tick passes. */
#include <math.h>

#include "datasets/demo/perform.h"
#include "datasets/synthesis/random.h"

#define TAU 6.283185307179586
#define Q ((double)SILBE_SYNTH_TICKS_PER_QUARTER)

/* Periods of the rubato's waves, in quarter notes: from phrases down to single bars. No wave is
 * shorter, so the tempo never jumps. */
static const double period_q[] = {37.0, 19.0, 11.0, 7.0, 4.5};
#define N_WAVES (sizeof period_q / sizeof period_q[0])

/* 0 below 0, 1 above 1, smooth between. */
static double smooth_step(double x)
{
    if (x <= 0.0) {
        return 0.0;
    }
    return x >= 1.0 ? 1.0 : x * x * (3.0 - 2.0 * x);
}

/* 1 in [begin, end], falling smoothly to 0 over width outside. All in quarter notes. */
static double plateau(double q, double begin, double end, double width)
{
    return smooth_step((q - begin + width) / width) * smooth_step((end + width - q) / width);
}

/* How much slower than the steady tempo the end of a phrase, a fermata and the end of the song make
 * position q: 0 = not at all. */
static double slowing(const silbe_synth_song *song, double q)
{
    double slower = 0.0;
    for (size_t i = 0; i < song->n_lines; i++) {
        const silbe_synth_line *line = &song->lines[i];
        const silbe_synth_word *last = &song->words[line->first_word + line->n_words - 1];
        size_t syllable = last->first_syllable + last->n_syllables - 1;
        const silbe_synth_event *event = &song->events[song->syllables[syllable].last_event];
        double end = (double)(event->onset + event->duration) / Q;
        slower += 0.16 * plateau(q, end - 0.75, end - 0.25, 1.5);
    }
    for (size_t i = 0; i < song->n_events; i++) {
        const silbe_synth_event *event = &song->events[i];
        if (event->fermata && event->staff == 0) {
            double begin = (double)event->onset / Q;
            slower += 0.7 * plateau(q, begin + 0.5, begin + (double)event->duration / Q - 0.5, 0.5);
        }
    }
    double end = (double)song->end / Q;
    slower += 0.45 * smooth_step((q - end + 5.0) / 5.0);
    return slower;
}

void silbe_demo_tempo_map(const silbe_synth_song *song, const silbe_synth_version *version,
                          double *tick_s)
{
    silbe_synth_random random = silbe_synth_random_new(song->source->work, version->name, "tempo");
    double amplitude[N_WAVES];
    double phase[N_WAVES];
    for (size_t i = 0; i < N_WAVES; i++) {
        /* A sine of amplitude a has variance a^2/2; the waves share version->rubato^2. */
        amplitude[i] = version->rubato * sqrt(2.0 / (double)N_WAVES);
        phase[i] = silbe_synth_between(&random, 0.0, TAU);
    }
    double steady_s = 60.0 / (song->source->tempo_qpm * version->tempo * Q);
    tick_s[0] = version->lead_s;
    for (long tick = 0; tick < song->end; tick++) {
        double q = ((double)tick + 0.5) / Q;
        double wave = 0.0;
        for (size_t i = 0; i < N_WAVES; i++) {
            wave += amplitude[i] * sin(TAU * q / period_q[i] + phase[i]);
        }
        tick_s[tick + 1] = tick_s[tick] + steady_s * exp(wave) * (1.0 + slowing(song, q));
    }
}
