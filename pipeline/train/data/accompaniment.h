/*
 * A bank of accompaniments as log-mel: rendered from scores, or made up, computed once and cached.
 *
 * Scores: MusicXML files of the Schubert Winterreise Dataset (01_RawData/score_musicxml), all but
 * those of the works left out; only notes that are not the voice's. Made-up pieces: chord
 * progressions in a random key, as block chords, broken chords or repeated chords over a bass.
 * Every piece is played n_variants times, each time in a tempo (50..110 quarters a minute), rubato,
 * transposition (-3..3 semitones), tuning (432..446 Hz) and with a loudness curve of its own.
 *
 * With sound fonts the program fluidsynth plays them, by one of the fonts: 65 % on a grand piano,
 * 10 % on another one, 25 % by an orchestra; with pedal, or without, in a room, or without
 * (accompaniment_render.h). Without fonts the piano of the demo dataset plays (datasets/demo),
 * which needs nothing but Silbe and is clearly worse to learn from: accuracy within 0.3 s on
 * songs for development was 74 instead of 83 %.
 *
 * Powers are those of 22,050 Hz in the bands of the given log-mel, which differ from those at
 * another rate by a constant factor: mixing (augment/steps.h) sets the level anyway.
 */
#ifndef SILBE_TRAIN_ACCOMPANIMENT_H
#define SILBE_TRAIN_ACCOMPANIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/train/data/logmel_cache.h"

typedef struct {
    char name[128];
    silbe_matrix logmel; /* n_frames x n_bands */
} silbe_piece;

typedef struct {
    silbe_piece *pieces;
    size_t n_pieces;
} silbe_accompaniment_bank;

#define SILBE_ACCOMPANIMENT_BANK_INIT                                                              \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

typedef struct {
    const char *scores;   /* folder of MusicXML files, or NULL: made-up pieces only */
    const char *left_out; /* names that a score's file name must not contain, separated by blanks;
                             default "D911-18 D911-22": the works of the evaluation */
    size_t n_made_up;     /* pieces made up; default 24 */
    size_t n_variants;    /* of each piece, 1..1000; default 1 */
    const char *fonts;    /* sound fonts (fluidsynth.h); default NULL: none */
    const char *folder;   /* FOLDER/accompaniment is where files lie while fluidsynth works on them;
                             made if need be; NULL: in TMPDIR, or /tmp */
    bool (*should_stop)(void *context); /* asked before each piece; NULL: never. May be called from
                                           several threads */
    void *stop_context;
    double max_piece_s; /* longer ones are cut; default 120 */
    uint64_t seed;      /* default 1 */
    silbe_logmel_options logmel;
} silbe_accompaniment_options;

silbe_accompaniment_options silbe_accompaniment_options_default(void);

/* cache NULL: nothing is cached. *bank must be _INIT; the caller frees it. OpenMP over pieces; the
 * same with any number of threads. Errors of silbe_musicxml_read with the file; of
 * silbe_sound_fonts_open and silbe_fluidsynth_render; SILBE_ERR_DATA: no piece, or a folder of
 * scores without any; SILBE_ERR_IO, too, if should_stop says so before all is done. After an error
 * no further piece is begun; what was made is in the cache. */
SILBE_MUST_CHECK silbe_status silbe_accompaniment_bank_new(
    const silbe_accompaniment_options *options, const silbe_logmel_cache *cache,
    silbe_accompaniment_bank *bank, silbe_err *err);
void silbe_accompaniment_bank_free(silbe_accompaniment_bank *bank);

/* One note of a piece. */
typedef struct {
    double start_s;
    double end_s; /* > start_s */
    int pitch;    /* MIDI */
    double velocity;
} silbe_piano_note;

typedef struct {
    silbe_piano_note *notes; /* by start; owned */
    size_t n_notes;
    size_t capacity;
    double duration_s;
    double tuning_hz;
} silbe_piano_notes;

void silbe_piano_notes_free(silbe_piano_notes *notes);

/* Notes of a piece of at most max_s seconds: from a score, or made up. *notes: zeros before. */
SILBE_MUST_CHECK silbe_status silbe_piano_notes_of_score(const char *path, uint64_t seed,
                                                         double max_s, silbe_piano_notes *notes,
                                                         silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_piano_notes_make_up(size_t number, uint64_t seed, double max_s,
                                                        silbe_piano_notes *notes, silbe_err *err);

#endif
