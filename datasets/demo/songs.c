#include "datasets/demo/songs.h"

const silbe_synth_source *silbe_demo_song_at(size_t index)
{
    switch (index) {
    case 0:
        return &silbe_demo_mondnacht;
    case 1:
        return &silbe_demo_nachtlied;
    case 2:
        return &silbe_demo_wandern;
    case 3:
        return &silbe_demo_lorelei;
    default:
        return NULL;
    }
}

static const silbe_synth_version versions[] = {
    {
        .name = "TE24",
        .about = "tenor, at the score's pitch, A4 = 440 Hz, quiet room",
        .transposition = 0,
        .tuning_hz = 440.0,
        .tempo = 1.0,
        .rubato = 0.05,
        .lead_s = 0.65,
        .tail_s = 2.2,
        .peak = 0.80,
        .noise_db = -66.0,
        .voice_db = 2.5,
        .singer = {1.03, 2850.0, 5.7, 0.42, 0.035, 4200.0},
    },
    {
        .name = "BA07",
        .about = "baritone, two semitones lower, A4 = 435.3 Hz, slower and freer, softer recording",
        .transposition = -2,
        .tuning_hz = 435.3,
        .tempo = 0.93,
        .rubato = 0.08,
        .lead_s = 1.40,
        .tail_s = 3.0,
        .peak = 0.42,
        .noise_db = -58.0,
        .voice_db = 1.0,
        .singer = {0.95, 2600.0, 5.2, 0.50, 0.050, 3400.0},
    },
    {
        .name = "SC33",
        .about =
            "tenor, one semitone higher, A4 = 446 Hz, faster, like a shellac disc of the 1930s: "
            "100 to 4500 Hz, surface noise, crackle, wow, a little clipped",
        .transposition = 1,
        .tuning_hz = 446.0,
        .tempo = 1.07,
        .rubato = 0.07,
        .lead_s = 0.25,
        .tail_s = 1.2,
        .peak = 0.95,
        .noise_db = -44.0,
        .voice_db = 4.0,
        .disc = true,
        .singer = {1.00, 2750.0, 6.0, 0.55, 0.040, 4000.0},
    },
};

const silbe_synth_version *silbe_demo_version_at(size_t index)
{
    return index < sizeof versions / sizeof versions[0] ? &versions[index] : NULL;
}
