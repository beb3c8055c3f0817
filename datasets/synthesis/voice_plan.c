#include <math.h>
#include <stdlib.h>

#include "datasets/synthesis/voice.h"
#include "features/base/memory.h"

#define LEGATO_S 0.05    /* a shorter silence between two syllables is none */
#define VOWEL_SHARE 0.55 /* of a note that its vowel keeps at least */
#define SLOWER 1.1       /* sung consonants against spoken ones */

/* A syllable's place in time. */
typedef struct {
    double start_s;
    double end_s;
} span;

/* The phones before and after the vowel, with their natural length. */
typedef struct {
    const silbe_synth_phone *phones[2 * SILBE_SYNTH_MAX_PHONES + 1];
    const silbe_synth_phone *vowels[2 * SILBE_SYNTH_MAX_PHONES + 1];
    size_t syllables[2 * SILBE_SYNTH_MAX_PHONES + 1];
    size_t n;
    double length_s;
} cluster;

static void add(cluster *to, const silbe_synth_phone *phone, const silbe_synth_sung *sung,
                size_t syllable)
{
    to->phones[to->n] = phone;
    to->vowels[to->n] = sung[syllable].phones[sung[syllable].nucleus];
    to->syllables[to->n] = syllable;
    to->n++;
    /* A vowel in a cluster is a fallback's surplus vowel: a quick glide. */
    to->length_s += SLOWER * (phone->kind == SILBE_SYNTH_VOWEL ? 0.06 : (double)phone->duration_s);
}

static void add_coda(cluster *to, const silbe_synth_sung *sung, size_t syllable)
{
    for (size_t i = sung[syllable].nucleus + 1; i < sung[syllable].n_phones; i++) {
        add(to, sung[syllable].phones[i], sung, syllable);
    }
}

/* A word that begins with a vowel begins with a glottal stop, in German also when sung. */
static void add_onset(cluster *to, const silbe_synth_sung *sung, const silbe_synth_song *song,
                      size_t syllable)
{
    size_t length = 0;
    const silbe_synth_word *word = &song->words[song->syllables[syllable].word];
    if (sung[syllable].nucleus == 0 && word->first_syllable == syllable) {
        add(to, silbe_synth_phone_find("ʔ", &length), sung, syllable);
    }
    for (size_t i = 0; i < sung[syllable].nucleus; i++) {
        add(to, sung[syllable].phones[i], sung, syllable);
    }
}

/* Places the cluster so that it ends at end_s, in no more than room_s; returns where it begins. */
static double place(silbe_synth_plan *plan, const cluster *from, double end_s, double room_s)
{
    double scale = from->length_s > room_s ? room_s / from->length_s : 1.0;
    double start_s = end_s - scale * from->length_s;
    double now_s = start_s;
    for (size_t i = 0; i < from->n; i++) {
        const silbe_synth_phone *phone = from->phones[i];
        double natural_s =
            SLOWER * (phone->kind == SILBE_SYNTH_VOWEL ? 0.06 : (double)phone->duration_s);
        double next_s = i + 1 == from->n ? end_s : now_s + scale * natural_s;
        plan->segments[plan->n_segments++] =
            (silbe_synth_segment){phone, from->vowels[i], now_s, next_s, from->syllables[i]};
        now_s = next_s;
    }
    return start_s;
}

/* Vowel of a syllable, from its note to end_s. */
static void place_vowel(silbe_synth_plan *plan, const silbe_synth_sung *sung, size_t syllable,
                        double start_s, double end_s)
{
    const silbe_synth_phone *vowel = sung[syllable].phones[sung[syllable].nucleus];
    plan->segments[plan->n_segments++] =
        (silbe_synth_segment){vowel, vowel, start_s, end_s, syllable};
}

static int by_start(const void *left, const void *right)
{
    double a = ((const silbe_synth_segment *)left)->start_s;
    double b = ((const silbe_synth_segment *)right)->start_s;
    return a < b ? -1 : a > b;
}

static void place_syllables(silbe_synth_plan *plan, const span *spans, const silbe_synth_sung *sung,
                            const silbe_synth_song *song)
{
    cluster first = {0};
    add_onset(&first, sung, song, 0);
    (void)place(plan, &first, spans[0].start_s, 1e9);
    for (size_t i = 0; i < song->n_syllables; i++) {
        double length_s = spans[i].end_s - spans[i].start_s;
        bool last = i + 1 == song->n_syllables;
        cluster coda = {0};
        add_coda(&coda, sung, i);
        double vowel_end_s = 0.0;
        if (!last && spans[i + 1].start_s - spans[i].end_s < LEGATO_S) {
            double room_s = (1.0 - VOWEL_SHARE) * (spans[i + 1].start_s - spans[i].start_s);
            add_onset(&coda, sung, song, i + 1);
            vowel_end_s = place(plan, &coda, spans[i + 1].start_s, room_s);
        } else {
            vowel_end_s = place(plan, &coda, spans[i].end_s, (1.0 - VOWEL_SHARE) * length_s);
            if (!last) {
                cluster onset = {0};
                add_onset(&onset, sung, song, i + 1);
                (void)place(plan, &onset, spans[i + 1].start_s,
                            spans[i + 1].start_s - spans[i].end_s - 0.01);
            }
        }
        place_vowel(plan, sung, i, spans[i].start_s, vowel_end_s);
    }
    qsort(plan->segments, plan->n_segments, sizeof *plan->segments, by_start);
}

silbe_status silbe_synth_plan_voice(silbe_synth_plan *plan,
                                    const silbe_synth_performance *performance,
                                    const silbe_synth_sung *sung, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_synth_song *song = performance->song;
    size_t most = song->n_syllables * (SILBE_SYNTH_MAX_PHONES + 1);
    *plan = (silbe_synth_plan)SILBE_SYNTH_PLAN_INIT;
    plan->segments = silbe_alloc(most, sizeof *plan->segments, "phones", err);
    span *spans = silbe_alloc(song->n_syllables, sizeof *spans, "syllables", err);
    if (silbe_failed(err)) {
        silbe_synth_plan_free(plan);
        return err->status;
    }
    for (size_t i = performance->n_voice; i-- > 0;) {
        const silbe_synth_note *note = &performance->notes[i];
        spans[note->syllable].start_s = note->start_s;
        spans[note->syllable].end_s = fmax(spans[note->syllable].end_s, note->end_s);
    }
    place_syllables(plan, spans, sung, song);
    free(spans);
    return SILBE_OK;
}

void silbe_synth_plan_free(silbe_synth_plan *plan)
{
    free(plan->segments);
    *plan = (silbe_synth_plan)SILBE_SYNTH_PLAN_INIT;
}
