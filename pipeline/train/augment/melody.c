#include "pipeline/train/augment/steps.h"

#include <math.h>

#include "align/lyrics/phones.h"

#define PI 3.14159265358979323846
#define LOWEST_HZ 85.0
#define HIGHEST_HZ 480.0
#define VIBRATO_GROWS_S 0.3

silbe_singer silbe_singer_random(silbe_random *random)
{
    double span = 12.0 * log2(HIGHEST_HZ / LOWEST_HZ);
    double range = silbe_random_between(random, 10.0, 16.0);
    double low = LOWEST_HZ * exp2(silbe_random_between(random, 0.0, span - range) / 12.0);
    silbe_singer singer = {.low_hz = low,
                           .high_hz = low * exp2(range / 12.0),
                           .max_step_semitones = 4.0,
                           .glide_s = silbe_random_between(random, 0.03, 0.15),
                           .vibrato_hz = silbe_random_between(random, 4.5, 6.5),
                           .vibrato_semitones = silbe_random_between(random, 0.0, 0.9)};
    return singer;
}

static bool is_vowel(uint8_t phone)
{
    return silbe_phone_get(phone)->phone_class == SILBE_PHONE_CLASS_VOWEL;
}

/* Next note, semitones above low_hz. */
static double next_note(const silbe_singer *singer, double note, silbe_random *random)
{
    double range = 12.0 * log2(singer->high_hz / singer->low_hz);
    double step =
        silbe_random_between(random, -singer->max_step_semitones, singer->max_step_semitones);
    double next = note + step;
    if (next < 0.0 || next > range) {
        next = note - step;
    }
    return next < 0.0 ? 0.0 : (next > range ? range : next);
}

void silbe_melody(const silbe_singer *singer, const uint8_t *phones, size_t n_frames, double hop_s,
                  silbe_random *random, float *f0_hz)
{
    double range = 12.0 * log2(singer->high_hz / singer->low_hz);
    double note = silbe_random_between(random, 0.0, range), before = note;
    double phase = silbe_random_between(random, 0.0, 2.0 * PI);
    double half = 0.5 * singer->glide_s / hop_s; /* frames */
    double depth = 0.0;                          /* of the vibrato, 0..1 */
    bool is_first = true;
    long begin = -1000000; /* of the note */
    size_t ahead = 0;      /* frames looked at; a glide begins before its note */
    for (size_t t = 0; t < n_frames; t++) {
        size_t seen = t + (size_t)ceil(half);
        for (; ahead <= seen && ahead < n_frames; ahead++) {
            bool starts =
                is_vowel(phones[ahead]) && (ahead == 0 || phones[ahead] != phones[ahead - 1]);
            if (starts) {
                double x = half > 0.0 ? ((double)((long)t - begin) + half) / (2.0 * half) : 1.0;
                x = x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x);
                before += (note - before) * 0.5 * (1.0 - cos(PI * x)); /* where the pitch is now */
                note = is_first ? note : next_note(singer, note, random);
                before = is_first ? note : before;
                is_first = false;
                begin = (long)ahead;
            }
        }
        double since = (double)((long)t - begin);
        double x = half > 0.0 ? (since + half) / (2.0 * half) : (since >= 0.0 ? 1.0 : 0.0);
        x = x < 0.0 ? 0.0 : (x > 1.0 ? 1.0 : x);
        double pitch = before + (note - before) * 0.5 * (1.0 - cos(PI * x));
        /* Vibrato fades while the pitch moves on to the next note, so that nothing jumps. */
        depth += since < 0.0 && half > 0.0 ? -0.5 / half : hop_s / VIBRATO_GROWS_S;
        depth = depth < 0.0 ? 0.0 : (depth > 1.0 ? 1.0 : depth);
        phase += 2.0 * PI * singer->vibrato_hz * hop_s;
        pitch += depth * singer->vibrato_semitones * sin(phase);
        f0_hz[t] = (float)(singer->low_hz * exp2(pitch / 12.0));
    }
}

static float voicing(uint8_t phone)
{
    const silbe_phone_info *info = silbe_phone_get(phone);
    switch (info->phone_class) {
    case SILBE_PHONE_CLASS_VOWEL:
    case SILBE_PHONE_CLASS_GLIDE:
    case SILBE_PHONE_CLASS_NASAL:
    case SILBE_PHONE_CLASS_LIQUID:
        return 1.0F;
    case SILBE_PHONE_CLASS_FRICATIVE:
        return info->voiced ? 0.5F : 0.0F;
    case SILBE_PHONE_CLASS_PLOSIVE:
        return info->voiced ? 0.7F : 0.0F;
    default:
        return 0.0F;
    }
}

void silbe_voicing_run(const uint8_t *phones, size_t n_frames, float *strength)
{
    for (size_t t = 0; t < n_frames; t++) {
        float before = voicing(phones[t > 0 ? t - 1 : 0]);
        float after = voicing(phones[t + 1 < n_frames ? t + 1 : t]);
        strength[t] = 0.25F * before + 0.5F * voicing(phones[t]) + 0.25F * after;
    }
}
