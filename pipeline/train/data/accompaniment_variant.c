#include "pipeline/train/data/accompaniment_variant.h"

#include "pipeline/train/random.h"

/* Programs of General MIDI, from 0. */
enum {
    GRAND_PIANO = 0,
    BRIGHT_PIANO = 1,
    HONKY_TONK = 3,
    VIOLIN = 40,
    VIOLA = 41,
    CELLO = 42,
    CONTRABASS = 43,
    STRINGS = 48,
    SLOW_STRINGS = 49,
    HORN = 60,
    OBOE = 68,
    BASSOON = 70,
    CLARINET = 71,
    FLUTE = 73,
};
enum { N_CHOICES = 5 };

static const double BASS_WINDOW_S = 0.5, SHORTEST_PEDAL_S = 0.3, LONGEST_PEDAL_S = 4.0;

static void draw_orchestra(silbe_variant *v, silbe_random *random)
{
    static const unsigned char choices[SILBE_VARIANT_GROUPS][N_CHOICES] = {
        {CONTRABASS, CELLO, CONTRABASS, STRINGS, BASSOON},
        {CELLO, HORN, STRINGS, BASSOON, SLOW_STRINGS},
        {STRINGS, CLARINET, HORN, VIOLA, SLOW_STRINGS},
        {OBOE, FLUTE, STRINGS, VIOLIN, CLARINET},
    };
    static const int lowest[SILBE_VARIANT_GROUPS] = {0, 43, 55, 67};
    for (size_t g = 0; g < SILBE_VARIANT_GROUPS; g++) {
        v->programs[g] = choices[g][silbe_random_below(random, N_CHOICES)];
        v->lowest[g] = g == 0 ? 0 : lowest[g] - 2 + (int)silbe_random_below(random, 5);
    }
}

silbe_variant silbe_variant_draw(const char *name, size_t number, uint64_t seed, size_t n_fonts)
{
    silbe_random base = {seed};
    for (const char *c = name; *c != '\0'; c++) {
        base.state = base.state * 1099511628211ULL + (unsigned char)*c;
    }
    silbe_random random = silbe_random_fork(&base, number);
    silbe_random seeds = {seed};
    silbe_variant v = {.font = silbe_random_below(&random, n_fonts),
                       .note_seed = number == 0 ? seed : silbe_random_fork(&seeds, number).state};
    double kind = silbe_random_uniform(&random);
    for (int g = 1; g < SILBE_VARIANT_GROUPS; g++) {
        v.lowest[g] = SILBE_MIDI_N_CHANNELS * SILBE_MIDI_N_CHANNELS; /* above all pitches */
    }
    v.programs[0] = GRAND_PIANO;
    if (kind < 0.25) {
        v.is_orchestral = true;
        draw_orchestra(&v, &random);
    } else if (kind < 0.35) {
        v.programs[0] = silbe_random_below(&random, 2) == 0 ? BRIGHT_PIANO : HONKY_TONK;
    }
    v.reverb = silbe_random_uniform(&random) < 0.5;
    v.pedal = silbe_random_uniform(&random) < 0.6 && !v.is_orchestral;
    v.velocity_scale = 0.8 + 0.5 * silbe_random_uniform(&random);
    return v;
}

size_t silbe_variant_group(const silbe_variant *variant, int pitch)
{
    size_t group = 0;
    while (group + 1 < SILBE_VARIANT_GROUPS && pitch >= variant->lowest[group + 1]) {
        group++;
    }
    return group;
}

/* Whether no other note that sounds near the start of note i is lower. */
static bool is_bass(const silbe_piano_notes *notes, size_t i)
{
    const silbe_piano_note *n = &notes->notes[i];
    for (size_t k = i; k > 0; k--) {
        const silbe_piano_note *other = &notes->notes[k - 1];
        if (other->start_s < n->start_s - 10.0) {
            break;
        }
        if (other->pitch < n->pitch &&
            (other->end_s > n->start_s + 0.05 || other->start_s > n->start_s - BASS_WINDOW_S)) {
            return false;
        }
    }
    for (size_t k = i + 1; k < notes->n_notes; k++) {
        const silbe_piano_note *other = &notes->notes[k];
        if (other->start_s > n->start_s + BASS_WINDOW_S) {
            break;
        }
        if (other->pitch < n->pitch) {
            return false;
        }
    }
    return true;
}

size_t silbe_variant_pedal(const silbe_piano_notes *notes, double *times)
{
    size_t n = 0;
    int last_pitch = -1;
    for (size_t i = 0; i < notes->n_notes; i++) {
        const silbe_piano_note *note = &notes->notes[i];
        double since_s = n == 0 ? LONGEST_PEDAL_S : note->start_s - times[n - 1];
        if (since_s < SHORTEST_PEDAL_S) {
            continue;
        }
        bool is_new = is_bass(notes, i) && note->pitch != last_pitch;
        if (is_new || since_s >= LONGEST_PEDAL_S) {
            last_pitch = is_new ? note->pitch : last_pitch;
            times[n++] = note->start_s;
        }
    }
    return n;
}
