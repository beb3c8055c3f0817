#include "pipeline/train/augment/augment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/train/augment/steps.h"

/* Streams of random numbers. */
enum { STRETCH, WINDOW, WARP, SINGER, MELODY, COLOUR, ROOM, PIANO, NOISE, DISC, MASK };

#define FLOOR_DB (-70.0) /* under the voice: no band of a real recording is emptier */

struct silbe_singing_item {
    silbe_stretch plan;
    size_t n_frames; /* room for */
    size_t n_bands;
    float *power; /* n_frames x n_bands; the block that the next three lie in */
    float *other; /* likewise: accompaniment */
    float *strength;
    float *f0_hz;
    uint8_t *phones;
    int32_t *labels;
};

silbe_singing_options silbe_singing_options_default(void)
{
    return (silbe_singing_options){.stretch = true,
                                   .melody = true,
                                   .warp_low = 0.8,
                                   .warp_high = 1.18,
                                   .equalise_db = 6.0,
                                   .p_formant = 0.6,
                                   .p_room = 0.6,
                                   .p_accompaniment = 0.92,
                                   .voice_low_db = -3.0,
                                   .voice_high_db = 20.0,
                                   .p_noise = 0.8,
                                   .p_disc = 0.25,
                                   .n_masks = 2,
                                   .mask_bands = 10,
                                   .max_frames = 800};
}

silbe_singing_options silbe_singing_options_neutral(void)
{
    return (silbe_singing_options){.warp_low = 1.0, .warp_high = 1.0};
}

silbe_status silbe_singing_item_new(silbe_singing_item **item, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *item = silbe_alloc(1, sizeof **item, "augmented item", err);
    return err->status;
}

static void free_arrays(silbe_singing_item *item)
{
    free(item->power);
    free(item->phones);
    free(item->labels);
    item->n_frames = 0;
}

void silbe_singing_item_free(silbe_singing_item *item)
{
    if (item != NULL) {
        free_arrays(item);
        silbe_stretch_free(&item->plan);
        free(item);
    }
}

static void make_room(silbe_singing_item *item, size_t n_frames, size_t n_bands, silbe_err *err)
{
    if (silbe_failed(err) || (n_frames <= item->n_frames && n_bands == item->n_bands)) {
        return;
    }
    free_arrays(item);
    item->n_bands = n_bands;
    size_t n_values = (n_frames + 1) * n_bands; /* a row of scratch for the steps */
    item->power = silbe_alloc(2 * (n_values + n_frames), sizeof *item->power, "powers", err);
    item->phones = silbe_alloc(n_frames, sizeof *item->phones, "frames", err);
    item->labels = silbe_alloc(n_frames, sizeof *item->labels, "frames", err);
    if (!silbe_failed(err)) {
        item->other = item->power + n_values;
        item->strength = item->other + n_values;
        item->f0_hz = item->strength + n_frames;
        item->n_frames = n_frames;
    }
}

void silbe_remove_band_means(float *logmel, size_t n_frames, size_t n_bands)
{
    for (size_t b = 0; b < n_bands; b++) {
        double sum = 0.0;
        for (size_t t = 0; t < n_frames; t++) {
            sum += (double)logmel[t * n_bands + b];
        }
        float mean = (float)(sum / (double)n_frames);
        for (size_t t = 0; t < n_frames; t++) {
            logmel[t * n_bands + b] -= mean;
        }
    }
}

void silbe_mask_bands(size_t n_masks, size_t max_width, size_t n_frames, size_t n_bands,
                      silbe_random *random, float *logmel)
{
    for (size_t i = 0; i < n_masks; i++) {
        size_t width = silbe_random_below(random, max_width + 1);
        width = width < n_bands ? width : n_bands;
        size_t begin = silbe_random_below(random, n_bands - width + 1);
        for (size_t t = 0; t < n_frames; t++) {
            memset(logmel + t * n_bands + begin, 0, width * sizeof *logmel);
        }
    }
}

static double from_db(double db)
{
    return pow(10.0, 0.1 * db);
}

/* What the steps share. */
typedef struct {
    const silbe_singing_options *options;
    const silbe_bands *bands;
    double hop_s;
    silbe_random random;
    silbe_singing_item *item;
    size_t n_frames;
    float *scratch; /* n_bands */
    double level;   /* of the voice */
} stage;

static silbe_random stream(const stage *s, uint64_t which)
{
    return silbe_random_fork(&s->random, which);
}

static void sing(stage *s)
{
    silbe_singing_item *i = s->item;
    silbe_random warp = stream(s, WARP), voice = stream(s, SINGER), notes = stream(s, MELODY);
    double alpha = silbe_random_between(&warp, s->options->warp_low, s->options->warp_high);
    if (s->options->melody) {
        silbe_singer singer = silbe_singer_random(&voice);
        silbe_ripple_smooth(s->bands, i->strength, s->n_frames, i->power, s->scratch);
        silbe_band_warp(s->bands, alpha, s->n_frames, i->power, s->scratch);
        silbe_melody(&singer, i->phones, s->n_frames, s->hop_s, &notes, i->f0_hz);
        silbe_ripple_write(s->bands, i->f0_hz, i->strength, s->n_frames, i->power, s->scratch);
    } else {
        silbe_band_warp(s->bands, alpha, s->n_frames, i->power, s->scratch);
    }
}

static void colour(stage *s)
{
    silbe_random random = stream(s, COLOUR), room = stream(s, ROOM);
    const silbe_singing_options *o = s->options;
    float gain[SILBE_BANDS_MAX] = {0.0F};
    if (silbe_random_uniform(&random) < o->p_formant) {
        silbe_colour_formant(s->bands, silbe_random_between(&random, 2400.0, 3200.0),
                             silbe_random_between(&random, 3.0, 12.0), gain);
        silbe_colour_apply(gain, s->item->strength, s->n_frames, s->bands->n_bands, s->item->power);
    }
    if (o->equalise_db > 0.0) {
        silbe_colour_equalise(s->bands, o->equalise_db, &random, gain);
        silbe_colour_apply(gain, NULL, s->n_frames, s->bands->n_bands, s->item->power);
    }
    if (silbe_random_uniform(&room) < o->p_room) {
        double wet = silbe_random_between(&room, 0.1, 1.0),
               decay_s = silbe_random_between(&room, 0.3, 1.8);
        silbe_mix_room(wet, decay_s, s->hop_s, s->n_frames, s->bands->n_bands, s->item->power,
                       s->scratch);
    }
    s->level = silbe_mix_level(s->bands, s->item->power, s->item->strength, s->n_frames);
}

static void accompany(stage *s, const silbe_accompaniment *a)
{
    silbe_random random = stream(s, PIANO);
    const silbe_singing_options *o = s->options;
    double p = silbe_random_uniform(&random);
    double voice_db = silbe_random_between(&random, o->voice_low_db, o->voice_high_db);
    if (a == NULL || a->n_frames == 0 || p >= o->p_accompaniment) {
        return;
    }
    size_t n = s->bands->n_bands, at = silbe_random_below(&random, a->n_frames);
    float *other = s->item->other;
    for (size_t t = 0; t < s->n_frames; t++, at = at + 1 == a->n_frames ? 0 : at + 1) {
        const float *row = a->logmel + at * n;
        for (size_t b = 0; b < n; b++) {
            other[t * n + b] = expf(row[b]);
        }
    }
    double level = silbe_mix_level(s->bands, other, NULL, s->n_frames);
    if (level > 0.0) {
        silbe_mix_add(other, s->level / level / from_db(voice_db), s->n_frames * n, s->item->power);
    }
}

static void record(stage *s)
{
    silbe_random noise = stream(s, NOISE), disc = stream(s, DISC);
    const silbe_singing_options *o = s->options;
    float *power = s->item->power;
    size_t n = s->bands->n_bands;
    if (silbe_random_uniform(&noise) < o->p_noise) {
        double below_db = silbe_random_between(&noise, 10.0, 45.0),
               tilt_db = silbe_random_between(&noise, -4.0, 0.0);
        silbe_mix_noise(s->bands, s->level * from_db(-below_db), tilt_db, 0.5, s->n_frames, &noise,
                        power);
    }
    if (silbe_random_uniform(&disc) < o->p_disc) {
        float gain[SILBE_BANDS_MAX] = {0.0F};
        silbe_colour_disc(s->bands, silbe_random_between(&disc, 80.0, 300.0),
                          silbe_random_between(&disc, 3200.0, 5500.0), gain);
        silbe_colour_apply(gain, NULL, s->n_frames, n, power);
        silbe_mix_noise(s->bands, s->level * from_db(-silbe_random_between(&disc, 15.0, 40.0)), 0.0,
                        0.5, s->n_frames, &disc, power);
        silbe_mix_crackle(s->bands, s->level * from_db(-silbe_random_between(&disc, 5.0, 25.0)),
                          silbe_random_between(&disc, 0.0, 8.0), s->hop_s, s->n_frames, &disc,
                          power);
    }
}

/* Powers to logarithms above a floor far under the voice. */
static void to_log(stage *s)
{
    double width = (s->bands->edge_hz[s->bands->n_bands + 1] - s->bands->edge_hz[0]) /
                   (double)s->bands->n_bands;
    float least = (float)(s->level * from_db(FLOOR_DB) / width);
    float *power = s->item->power;
    for (size_t i = 0; i < s->n_frames * s->bands->n_bands; i++) {
        float p = power[i] > least ? power[i] : least;
        power[i] = logf(p > 1e-30F ? p : 1e-30F);
    }
}

static void set_labels(stage *s, size_t stride, silbe_singing *singing)
{
    size_t n = (s->n_frames - 1) / stride + 1;
    for (size_t k = 0; k < n; k++) {
        s->item->labels[k] = s->item->phones[k * stride];
    }
    singing->labels = s->item->labels;
    singing->n_labels = n;
}

silbe_status silbe_singing_run(const silbe_singing_options *options, const silbe_bands *bands,
                               double hop_s, const silbe_matrix *logmel,
                               const silbe_alignment *alignment, size_t stride,
                               const silbe_accompaniment *accompaniment, silbe_random random,
                               silbe_singing_item *item, silbe_singing *singing, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    stage s = {options, bands, hop_s, random, item, 0, NULL, 0.0};
    if (logmel->n_cols != bands->n_bands || logmel->n_rows == 0 || alignment->n_segments == 0) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%zu frames of %zu bands with %zu phones, expected %zu bands",
                          logmel->n_rows, logmel->n_cols, alignment->n_segments, bands->n_bands);
    }
    silbe_random stretch = stream(&s, STRETCH), window = stream(&s, WINDOW);
    silbe_random mask = stream(&s, MASK);
    silbe_try(err, silbe_stretch_plan(&item->plan, alignment, stride, logmel->n_rows, hop_s,
                                      options->stretch ? &stretch : NULL, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    size_t whole = item->plan.n_frames, n = bands->n_bands;
    s.n_frames =
        options->max_frames > 0 && whole > options->max_frames ? options->max_frames : whole;
    size_t begin = silbe_random_below(&window, whole - s.n_frames + 1);
    make_room(item, s.n_frames, n, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    s.scratch = item->other + s.n_frames * n;
    silbe_stretch_render(&item->plan, logmel->data, n, begin, s.n_frames, item->power);
    silbe_stretch_phones(&item->plan, begin, s.n_frames, item->phones);
    silbe_voicing_run(item->phones, s.n_frames, item->strength);
    for (size_t i = 0; i < s.n_frames * n; i++) {
        item->power[i] = expf(item->power[i]);
    }
    sing(&s);
    colour(&s);
    accompany(&s, accompaniment);
    record(&s);
    to_log(&s);
    silbe_remove_band_means(item->power, s.n_frames, n);
    silbe_mask_bands(options->n_masks, options->mask_bands, s.n_frames, n, &mask, item->power);
    *singing = (silbe_singing){.logmel = item->power,
                               .n_frames = s.n_frames,
                               .phones = item->phones,
                               .begin = begin,
                               .plan = &item->plan};
    set_labels(&s, stride, singing);
    return SILBE_OK;
}
