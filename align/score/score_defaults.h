/*
 * Defaults of the synchroniser that are settings, too: they stand here alone, and
 * silbe_score_sync_options_default and the table of settings take them from here.
 */
#ifndef SILBE_SCORE_DEFAULTS_H
#define SILBE_SCORE_DEFAULTS_H

#define SILBE_SCORE_MAX_TRANSPOSITION 6 /* semitones */
#define SILBE_SCORE_COARSE_HOP_MS 100
#define SILBE_SCORE_COARSE_MAX_FRAMES 8000
#define SILBE_SCORE_COARSE_BAND_S 3
#define SILBE_SCORE_COARSE_ONSET_WEIGHT 0.3
#define SILBE_SCORE_ONSET_DECAY_S 0.2
#define SILBE_SCORE_WIDE_WINDOW_S 1.5
#define SILBE_SCORE_NARROW_WINDOW_S 0.2
#define SILBE_SCORE_ONSET_WEIGHT 12 /* nats */
#define SILBE_SCORE_HOLD_WEIGHT 40  /* nats per second */
#define SILBE_SCORE_TEMPO_WEIGHT 1
#define SILBE_SCORE_TEMPO_SIGMA_S 0.02
#define SILBE_SCORE_TEMPO_SIGMA_RELATIVE 0.15
#define SILBE_SCORE_TEMPO_WINDOW_S 1.5
#define SILBE_SCORE_PARTIALS 10
#define SILBE_SCORE_PARTIAL_FALLOFF 0.8
#define SILBE_SCORE_MISMATCH_KEY_RATIO 0.70
#define SILBE_SCORE_MISMATCH_SHARPNESS 0.845

#endif
