/*
 * Notes of a piece to samples, by FluidSynth and a sound font, or by the piano of the demo dataset;
 * and how one variant of it is played: by which font and instruments, with or without pedal and
 * room. Everything is drawn from the seed, the piece's name and the variant's number.
 */
#ifndef SILBE_TRAIN_ACCOMPANIMENT_RENDER_H
#define SILBE_TRAIN_ACCOMPANIMENT_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/train/data/accompaniment.h"
#include "pipeline/train/data/midi_file.h"

/* Four instruments share the pitches of an orchestral variant; a piano has them all. */
#define SILBE_VARIANT_GROUPS 4

typedef struct {
    size_t font;        /* below n_fonts */
    bool is_orchestral; /* 25 %; else a grand piano (65 %), a bright or a honky-tonk one (10 %) */
    unsigned char programs[SILBE_VARIANT_GROUPS]; /* from low to high pitches; a piano: one */
    int lowest[SILBE_VARIANT_GROUPS];             /* pitch; of the first group 0 */
    bool pedal;                                   /* pianos: 6 of 10 */
    bool reverb;                                  /* half of all */
    double velocity_scale;                        /* 0.8..1.3 */
    uint64_t
        note_seed; /* of tempo, transposition, tuning and dynamics; number 0: the seed itself */
} silbe_variant;

/* n_fonts >= 1. */
silbe_variant silbe_variant_draw(const char *name, size_t number, uint64_t seed, size_t n_fonts);

/* The instrument of a pitch: 0 .. SILBE_VARIANT_GROUPS - 1. */
size_t silbe_variant_group(const silbe_variant *variant, int pitch);

/*
 * Where a pianist changes the pedal: at the notes that become a new bass (no note that sounds or
 * begins within half a second is lower, and the pitch differs from the last such note's), at least
 * 0.3 s apart, and after 4 s without such a note at the next note. At most one for each note, into
 * times[n_notes]; returns their number. Notes by start.
 */
size_t silbe_variant_pedal(const silbe_piano_notes *notes, double *times);

/* Of all that is rendered, which is that of datasets/demo. */
#define SILBE_ACCOMPANIMENT_RATE_HZ 22050

/* *samples: mono, at most duration_s of them; the caller frees. */
SILBE_MUST_CHECK silbe_status silbe_render_own_piano(const silbe_piano_notes *notes,
                                                     float **samples, size_t *n_samples,
                                                     silbe_err *err);

/* base: path that the files made on the way begin with; they are removed. Errors of
 * silbe_fluidsynth_render. */
SILBE_MUST_CHECK silbe_status silbe_render_by_font(const silbe_piano_notes *notes,
                                                   const silbe_variant *variant, const char *font,
                                                   const char *base, float **samples,
                                                   size_t *n_samples, silbe_err *err);

#endif
