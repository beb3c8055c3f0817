#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml.h"
#include "features/base/memory.h"
#include "pipeline/train/data/accompaniment.h"
#include "pipeline/train/learn/random.h"

void silbe_piano_notes_free(silbe_piano_notes *notes)
{
    free(notes->notes);
    *notes = (silbe_piano_notes){0};
}

static void add(silbe_piano_notes *notes, silbe_piano_note note, silbe_err *err)
{
    if (note.pitch < 21 || note.pitch > 108) {
        return;
    }
    notes->notes =
        silbe_grow(notes->notes, notes->n_notes, &notes->capacity, sizeof note, "notes", err);
    if (silbe_failed(err)) {
        return;
    }
    notes->notes[notes->n_notes++] = note;
    double end_s = note.end_s + 0.5;
    notes->duration_s = end_s > notes->duration_s ? end_s : notes->duration_s;
}

static int compare_notes(const void *left, const void *right)
{
    const silbe_piano_note *a = left, *b = right;
    if (a->start_s != b->start_s) {
        return a->start_s < b->start_s ? -1 : 1;
    }
    return a->pitch < b->pitch ? -1 : a->pitch > b->pitch;
}

/* In order, and no longer than max_s. */
static void finish(silbe_piano_notes *notes, double max_s)
{
    if (notes->n_notes > 0) {
        qsort(notes->notes, notes->n_notes, sizeof *notes->notes, compare_notes);
    }
    notes->duration_s = notes->duration_s > max_s ? max_s : notes->duration_s;
}

/* Loudness that swells with a period of some seconds. */
static double velocity_at(double time_s, double period_s, double phase, silbe_random *random)
{
    double swell = 0.5 + 0.18 * sin(6.283185307179586 * time_s / period_s + phase);
    return swell + silbe_random_between(random, -0.08, 0.08);
}

silbe_status silbe_piano_notes_of_score(const char *path, uint64_t seed, double max_s,
                                        silbe_piano_notes *notes, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_score score = SILBE_SCORE_INIT;
    silbe_try(err, silbe_musicxml_read(path, NULL, &score, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    const char *name = strrchr(path, '/');
    silbe_random random = silbe_random_named(seed, name == NULL ? path : name);
    (void)silbe_random_next(&random);
    double quarter_s = 60.0 / silbe_random_between(&random, 50.0, 110.0),
           phase = silbe_random_between(&random, 0.0, 6.28);
    double rubato = silbe_random_between(&random, 0.0, 0.15),
           rubato_q = silbe_random_between(&random, 8.0, 24.0);
    double swell_s = silbe_random_between(&random, 5.0, 15.0);
    int transposition = (int)silbe_random_below(&random, 7) - 3;
    notes->tuning_hz = silbe_random_between(&random, 432.0, 446.0);
    /* Time is the integral of quarter_s (1 + rubato cos(...)). */
    double turn = 6.283185307179586 / rubato_q;
    for (size_t i = 0; i < score.n_notes && !silbe_failed(err); i++) {
        const silbe_note *n = &score.notes[i];
        double q0 = n->onset_q, q1 = n->onset_q + n->duration_q;
        double start_s = quarter_s * (q0 + rubato / turn * (sin(turn * q0 + phase) - sin(phase)));
        double end_s = quarter_s * (q1 + rubato / turn * (sin(turn * q1 + phase) - sin(phase)));
        if (n->is_voice || start_s >= max_s) {
            continue;
        }
        start_s += silbe_random_between(&random, 0.0, 0.02);
        end_s = end_s < start_s + 0.05 ? start_s + 0.05 : end_s;
        add(notes,
            (silbe_piano_note){start_s, end_s, n->pitch + transposition,
                               velocity_at(start_s, swell_s, phase, &random)},
            err);
    }
    silbe_score_free(&score);
    finish(notes, max_s);
    return err->status;
}

/* A chord of three upper notes and a bass in one of the patterns. */
typedef struct {
    double start_s;
    double length_s;
    int bass;
    int upper[3];
    int pattern; /* 0 block, 1 broken upwards, 2 repeated, 3 bass and off-beats */
    double swell_s;
} chord;

static void play(silbe_piano_notes *notes, const chord *c, silbe_random *random, silbe_err *err)
{
    static const int strokes_of[4] = {1, 6, 4, 4};
    int n = strokes_of[c->pattern];
    double stroke_s = c->length_s / n, phase = (double)c->bass;
    add(notes,
        (silbe_piano_note){c->start_s, c->start_s + 0.95 * c->length_s, c->bass,
                           velocity_at(c->start_s, c->swell_s, phase, random)},
        err);
    for (int k = 0; k < n; k++) {
        if (c->pattern == 3 && k % 2 == 0) {
            continue;
        }
        for (int v = 0; v < 3; v++) {
            if (c->pattern == 1 && v != (k < 3 ? k : 5 - k)) {
                continue;
            }
            double start_s = c->start_s + k * stroke_s + silbe_random_between(random, 0.0, 0.015);
            add(notes,
                (silbe_piano_note){start_s, start_s + 0.9 * stroke_s, c->upper[v],
                                   velocity_at(start_s, c->swell_s, phase, random)},
                err);
        }
    }
}

silbe_status silbe_piano_notes_make_up(size_t number, uint64_t seed, double max_s,
                                       silbe_piano_notes *notes, silbe_err *err)
{
    /* Thirds above the degrees of a scale; weights by repetition. */
    static const int scales[2][7] = {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 11}};
    static const int degrees[12] = {0, 0, 0, 3, 4, 4, 5, 1, 2, 3, 4, 0};
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_random base = {seed};
    silbe_random random = silbe_random_fork(&base, number);
    int key = (int)silbe_random_below(&random, 12), minor = (int)silbe_random_below(&random, 2);
    chord c = {.pattern = (int)silbe_random_below(&random, 4)};
    double length_s = silbe_random_between(&random, 0.6, 2.4);
    c.swell_s = silbe_random_between(&random, 5.0, 15.0);
    notes->tuning_hz = silbe_random_between(&random, 432.0, 446.0);
    while (c.start_s < max_s && !silbe_failed(err)) {
        int degree = degrees[silbe_random_below(&random, 12)];
        int octave = 60 + 12 * (int)silbe_random_below(&random, 2);
        for (int v = 0; v < 3; v++) {
            int step = degree + 2 * v;
            c.upper[v] = octave + key - 5 + scales[minor][step % 7] + 12 * (step / 7);
        }
        c.bass = 36 + key + scales[minor][degree];
        c.length_s = length_s * silbe_random_between(&random, 0.95, 1.05);
        if (silbe_random_below(&random, 8) == 0) {
            c.pattern = (int)silbe_random_below(&random, 4);
        }
        if (silbe_random_below(&random, 12) != 0) { /* else: a rest */
            play(notes, &c, &random, err);
        }
        c.start_s += c.length_s;
    }
    finish(notes, max_s);
    return err->status;
}
