/*
 * Notes to a standard MIDI file of format 0 (Standard MIDI Files 1.0, The MIDI Association,
 * RP-001): 480 ticks to a quarter of half a second, so that a tick is 1/960 s whatever the piece.
 *
 * At tick 0 each channel that is used gets its program and, by registered parameter 1 (fine tuning,
 * 8192 / 100 steps a cent), its tuning. Of two notes of one pitch and channel the former ends where
 * the latter begins, since MIDI has no other way to tell them apart; of two that begin at the same
 * tick the louder one is kept.
 */
#ifndef SILBE_TRAIN_MIDI_FILE_H
#define SILBE_TRAIN_MIDI_FILE_H

#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/train/data/accompaniment.h"

#define SILBE_MIDI_TICKS_PER_S 960
#define SILBE_MIDI_N_CHANNELS 16
#define SILBE_MIDI_DRUMS 9 /* the channel of General MIDI that has no programs */

/* All borrowed. */
typedef struct {
    const silbe_piano_note *notes; /* in any order; velocity 0..1 becomes 1..127 */
    size_t n_notes;
    const unsigned char *channels; /* n_notes, each below 16 and not SILBE_MIDI_DRUMS; NULL: 0 */
    unsigned char programs[SILBE_MIDI_N_CHANNELS]; /* of General MIDI, from 0 */
    double velocity_scale;                         /* velocities are multiplied by this */
    double tuning_hz;      /* of the a above middle c; 440 within a semitone */
    const double *pedal_s; /* n_pedal times, ascending, at which the sustaining pedal is lifted and
                              pressed again SILBE_MIDI_PEDAL_S later; none: never pressed */
    size_t n_pedal;
    double duration_s; /* the file ends here, and with it all notes */
} silbe_midi_piece;

#define SILBE_MIDI_PEDAL_S 0.1

/* *bytes, *n of them; the caller frees. SILBE_ERR_ARGUMENT: a number out of range, more than a day.
 */
SILBE_MUST_CHECK silbe_status silbe_midi_encode(const silbe_midi_piece *piece,
                                                unsigned char **bytes, size_t *n, silbe_err *err);

/* The same to a file. */
SILBE_MUST_CHECK silbe_status silbe_midi_write(const char *path, const silbe_midi_piece *piece,
                                               silbe_err *err);

#endif
