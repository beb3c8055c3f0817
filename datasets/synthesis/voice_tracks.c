#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/synthesis/random.h"
#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

#define TAU 6.283185307179586
#define FRAME_S ((double)SILBE_SYNTH_CONTROL / SILBE_SYNTH_RATE_HZ)
#define GLIDE_AHEAD_S 0.03    /* pitch changes are centred this long before the note */
#define VIBRATO_DELAY_S 0.25  /* vibrato sets in after this time ... */
#define VIBRATO_GROWTH_S 0.35 /* ... and is fully grown after this more */
#define BURST_S 0.014
#define MOST_HALF 32
#define CLOSURE_SHARE 0.6 /* of a plosive, before its burst */

static size_t frame_of(double time_s, size_t n_frames)
{
    double frame = ceil(time_s / FRAME_S);
    return frame <= 0.0 ? 0 : frame >= (double)n_frames ? n_frames : (size_t)frame;
}

/* Moving average of width 2 * half + 1 over one field, twice: a triangle, symmetric in time, so
 * that a change stays centred where it was. Both ends repeat the outermost value. half <=
 * MOST_HALF; scratch holds n_frames + 2 * MOST_HALF + 1 values. */
static void smooth(silbe_synth_control *controls, size_t n_frames, size_t field, size_t half,
                   float *scratch)
{
    size_t width = 2 * half + 1;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n_frames + 2 * half; i++) {
            size_t from = i < half ? 0 : i - half;
            from = from < n_frames ? from : n_frames - 1;
            scratch[i] = ((const float *)&controls[from])[field];
        }
        double sum = 0.0;
        for (size_t i = 0; i + 1 < width; i++) {
            sum += (double)scratch[i];
        }
        for (size_t i = 0; i < n_frames; i++) {
            sum += (double)scratch[i + width - 1];
            ((float *)&controls[i])[field] = (float)(sum / (double)width);
            sum -= (double)scratch[i];
        }
    }
}

#define FIELD(name) (offsetof(silbe_synth_control, name) / sizeof(float))

/* Formant targets of a phone at a share (0..1) of its time. F4 and F5 of all phones and, by half,
 * F3 of voiced ones go to the singer's formant. */
static void aim_formants(const silbe_synth_segment *segment, double age_s, double left_s,
                         const silbe_synth_singer *singer, float *formant_hz)
{
    const silbe_synth_phone *phone = segment->phone;
    const float *target =
        phone->formant_hz[0] > 0.0F ? phone->formant_hz : segment->vowel->formant_hz;
    double length_s = age_s + left_s;
    double glide = 0.0; /* a diphthong moves at its end, as singers hold its first vowel */
    if (phone->glide_hz[0] > 0.0F) {
        double glide_s = fmin(0.20, 0.45 * length_s);
        glide = fmax(0.0, 1.0 - left_s / glide_s);
    }
    for (int k = 0; k < 3; k++) {
        double hz = (1.0 - glide) * (double)target[k] + glide * (double)phone->glide_hz[k];
        formant_hz[k] = (float)(hz * singer->formant_scale);
    }
    /* Velar closures are made where the vowel's tongue already is. */
    bool velar = strcmp(phone->ipa, "k") == 0 || strcmp(phone->ipa, "ɡ") == 0 ||
                 strcmp(phone->ipa, "x") == 0 || strcmp(phone->ipa, "ŋ") == 0;
    if (velar) {
        double hz = 0.5 * (double)formant_hz[1] +
                    0.5 * (double)segment->vowel->formant_hz[1] * singer->formant_scale;
        formant_hz[1] = (float)hz;
    }
    /* Two formants that meet would ring: F3 keeps its distance from F4. */
    double third_hz = 0.55 * (double)formant_hz[2] + 0.45 * (singer->singers_hz - 250.0);
    formant_hz[2] = (float)fmin(third_hz, singer->singers_hz - 220.0);
    formant_hz[3] = (float)(singer->singers_hz + 130.0);
    formant_hz[4] = (float)(singer->singers_hz + 550.0);
}

/* 0 to 1 and back over ramp_s at both ends of a segment. */
static double trapezoid(double age_s, double left_s, double ramp_s)
{
    return fmin(1.0, fmin(age_s, left_s) / ramp_s);
}

static void aim_source(const silbe_synth_segment *segment, double age_s, double left_s,
                       const silbe_synth_singer *singer, silbe_synth_control *control)
{
    const silbe_synth_phone *phone = segment->phone;
    double length_s = age_s + left_s;
    double noise = 0.0;
    switch (phone->kind) {
    case SILBE_SYNTH_VOWEL:
        control->voicing = 1.0F;
        control->breath = (float)singer->breath;
        break;
    case SILBE_SYNTH_NASAL:
        control->voicing = 0.6F;
        control->murmur = 0.6F;
        break;
    case SILBE_SYNTH_LIQUID:
        control->voicing = 0.6F;
        break;
    case SILBE_SYNTH_TRILL:
        control->voicing = 0.7F;
        control->trill = 0.75F;
        break;
    case SILBE_SYNTH_FRICATIVE:
        control->voicing = phone->voiced ? 0.35F : 0.0F;
        control->murmur = phone->voiced ? 0.6F : 0.0F;
        noise = trapezoid(age_s, left_s, 0.025);
        break;
    case SILBE_SYNTH_PLOSIVE: {
        double after_s = age_s - CLOSURE_SHARE * length_s;
        if (after_s < 0.0) {
            control->voicing = phone->voiced ? 0.25F : 0.0F;
            control->murmur = 1.0F;
        } else if (after_s < BURST_S) {
            noise = 1.0;
        } else if (!phone->voiced && phone->noise_gain[0] > 0.0F) {
            control->breath = 0.60F;
        }
        break;
    }
    case SILBE_SYNTH_ASPIRATE:
        control->breath = 0.80F;
        break;
    }
    for (int k = 0; k < 2; k++) {
        control->noise_gain[k] = (float)(noise * (double)phone->noise_gain[k]);
        control->noise_hz[k] = phone->noise_hz[k];
        control->noise_bandwidth_hz[k] = phone->noise_bandwidth_hz[k];
    }
}

static void aim_phones(const silbe_synth_plan *plan, const silbe_synth_singer *singer,
                       silbe_synth_control *controls, size_t n_frames)
{
    size_t filled = 0;
    for (size_t i = 0; i < plan->n_segments; i++) {
        const silbe_synth_segment *segment = &plan->segments[i];
        size_t begin = frame_of(segment->start_s, n_frames);
        size_t end = frame_of(segment->end_s, n_frames);
        for (size_t f = begin; f < end; f++) {
            double time_s = (double)f * FRAME_S;
            double age_s = time_s - segment->start_s;
            double left_s = segment->end_s - time_s;
            aim_formants(segment, age_s, left_s, singer, controls[f].formant_hz);
            aim_source(segment, age_s, left_s, singer, &controls[f]);
        }
        /* In a silence the mouth is already shaped for what comes next. */
        for (size_t f = filled; f < begin && begin < n_frames && begin < end; f++) {
            memcpy(controls[f].formant_hz, controls[begin].formant_hz,
                   sizeof controls[f].formant_hz);
        }
        filled = end > filled ? end : filled;
    }
    for (size_t f = filled; f < n_frames && filled > 0; f++) {
        memcpy(controls[f].formant_hz, controls[filled - 1].formant_hz,
               sizeof controls[f].formant_hz);
    }
}

/* Staircase of the notes with what a singer does to long and first notes; smoothed later. */
static void aim_notes(const silbe_synth_performance *performance, silbe_synth_control *controls,
                      size_t n_frames)
{
    for (size_t i = 0; i < performance->n_voice; i++) {
        const silbe_synth_note *note = &performance->notes[i];
        bool after_rest = i == 0 || note->start_s - performance->notes[i - 1].end_s > 0.02;
        double from_s = note->start_s - GLIDE_AHEAD_S;
        if (after_rest) { /* its consonants already have its pitch and loudness */
            double rest_s = i == 0 ? 1.0 : note->start_s - performance->notes[i - 1].end_s;
            from_s = note->start_s - 0.6 * rest_s;
        }
        double length_s = note->end_s - note->start_s;
        for (size_t f = frame_of(from_s, n_frames); f < n_frames; f++) {
            double age_s = (double)f * FRAME_S - note->start_s;
            double swell = age_s > 0.0 && age_s < length_s && length_s > 0.6
                               ? 0.15 * sin(TAU / 2.0 * age_s / length_s)
                               : 0.0;
            double scoop = after_rest && age_s < 0.05 ? -0.35 : 0.0;
            controls[f].pitch = (float)(note->pitch + scoop);
            controls[f].level = (float)(note->velocity * (1.0 + swell));
        }
    }
    for (size_t f = 0; f < n_frames && performance->n_voice > 0; f++) {
        if (controls[f].pitch < 1.0F) { /* before the first note */
            controls[f].pitch = (float)performance->notes[0].pitch;
        }
    }
}

/* Vibrato, drift and jitter, on top of the smoothed pitch. */
static void add_vibrato(const silbe_synth_performance *performance, silbe_synth_control *controls,
                        size_t n_frames)
{
    const silbe_synth_singer *singer = &performance->version->singer;
    silbe_synth_random random = silbe_synth_random_new(performance->song->source->work,
                                                       performance->version->name, "vibrato");
    double phase = 0.0;
    double rate = 0.0; /* smooth random deviation of rate, depth and pitch */
    double depth = 0.0;
    double drift = 0.0;
    double jitter = 0.0;
    size_t n = 0;
    for (size_t f = 0; f < n_frames; f++) {
        double time_s = (double)f * FRAME_S;
        while (n + 1 < performance->n_voice && performance->notes[n + 1].start_s <= time_s) {
            n++;
        }
        const silbe_synth_note *note = &performance->notes[n];
        double age_s = time_s - note->start_s;
        double grown = (age_s - VIBRATO_DELAY_S) / VIBRATO_GROWTH_S;
        double size = note->end_s - note->start_s < 0.45 ? 0.0 : fmin(1.0, fmax(0.0, grown));
        rate = 0.995 * rate + 0.02 * silbe_synth_gauss(&random);
        depth = 0.995 * depth + 0.02 * silbe_synth_gauss(&random);
        drift = 0.995 * drift + 0.1 * 0.03 * silbe_synth_gauss(&random);
        jitter = 0.6 * jitter + 0.8 * 0.02 * silbe_synth_gauss(&random);
        phase += FRAME_S * singer->vibrato_hz * (1.0 + 0.25 * rate);
        phase -= floor(phase);
        double wave = sin(TAU * phase);
        double vibrato = singer->vibrato_semitones * size * (1.0 + depth) * wave;
        controls[f].pitch += (float)(vibrato + drift + jitter);
        controls[f].level *= (float)(1.0 + 0.08 * size * wave);
    }
}

silbe_synth_control *silbe_synth_voice_controls(const silbe_synth_performance *performance,
                                                const silbe_synth_plan *plan, size_t n_frames,
                                                silbe_err *err)
{
    silbe_synth_control *controls = silbe_alloc(n_frames, sizeof *controls, "control frames", err);
    float *scratch =
        silbe_alloc(n_frames + 2 * MOST_HALF + 1, sizeof *scratch, "control frames", err);
    if (scratch == NULL) {
        free(controls);
        return NULL;
    }
    aim_phones(plan, &performance->version->singer, controls, n_frames);
    aim_notes(performance, controls, n_frames);
    for (size_t k = 0; k < SILBE_SYNTH_N_FORMANTS; k++) {
        smooth(controls, n_frames, FIELD(formant_hz) + k, 6, scratch);
    }
    smooth(controls, n_frames, FIELD(voicing), 2, scratch);
    smooth(controls, n_frames, FIELD(murmur), 2, scratch);
    smooth(controls, n_frames, FIELD(breath), 2, scratch);
    smooth(controls, n_frames, FIELD(trill), 3, scratch);
    smooth(controls, n_frames, FIELD(level), 8, scratch);
    smooth(controls, n_frames, FIELD(pitch), 8, scratch);
    add_vibrato(performance, controls, n_frames);
    free(scratch);
    return controls;
}
