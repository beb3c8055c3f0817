/*
 * Where each label, word and line of a text lies, and how sure that is.
 *
 * Per word, with onset = first frame on the Viterbi path and p(t) = P(sung, begins in frame t):
 *
 *     p_sung     sum over t of p(t): that the word is sung at all
 *     mass_near  sum of p(t) over |t - onset| <= near_frames: that it begins where we say
 *     interval   [lo, hi): of p(t) / p_sung at most (1 - interval_mass) / 2 lies before lo and as
 *                much from hi on. An end that falls outside the window kept (window_frames on
 *                either side of the onset) is moved outwards to frame 0 or T, never inwards.
 *     llr        mean over the word's frames on the path, its blanks left out, of
 *                e(t, state) - e(t, *): how much better the text explains the sound than the
 *                wildcard (with its penalty) does, nats per frame; a frame where the wildcard
 *                is impossible counts 1e6
 *     confidence mass_near / (1 + exp(-(llr - llr_threshold) / llr_width)): begins here AND sounds
 *                like the text
 *
 * A word is unmatched, and has no times, if the path skips it; it is unmatched, and keeps the times
 * of the path for inspection, if p_sung < min_sung or llr < llr_threshold. A line is matched if at
 * least line_share of its words are.
 *
 * Posteriors of an acoustic model are too sharp, as neighbouring frames are not independent; set
 * posterior_scale below 1 (it multiplies emissions->scale for the posteriors alone).
 */
#ifndef SILBE_ALIGN_TRELLIS_ALIGNMENT_H
#define SILBE_ALIGN_TRELLIS_ALIGNMENT_H

#include "align/trellis/viterbi.h"

typedef struct {
    silbe_trellis_options kernel;
    size_t near_frames;     /* w */
    size_t window_frames;   /* >= near_frames */
    double interval_mass;   /* inside (0, 1) */
    double min_sung;        /* 0 .. 1 */
    double llr_threshold;   /* nats per frame */
    double llr_width;       /* nats per frame, > 0 */
    double line_share;      /* 0 .. 1 */
    double posterior_scale; /* > 0 */
} silbe_trellis_align_options;

#define SILBE_TRELLIS_ALIGN_OPTIONS_INIT                                                           \
    {                                                                                              \
        SILBE_TRELLIS_OPTIONS_INIT, 5, 250, 0.9, 0.5, 0.0, 1.0, 0.5, 1.0                           \
    }

typedef struct {
    bool matched;
    bool skipped;       /* the path leaves the word out: begin = end = 0 */
    size_t begin_frame; /* half-open */
    size_t end_frame;
    size_t pronunciation; /* the one on the path */
    double confidence;    /* 0 .. 1; 0 for skipped words */
    double p_sung;
    double mass_near;
    double llr;      /* nats per frame; 0 for skipped words */
    size_t lo_frame; /* interval, half-open */
    size_t hi_frame;
    double expected_frame; /* mean onset, given that the word is sung */
    double spread_frames;
} silbe_trellis_word_result;

/* A symbol of the pronunciation that the path took; blanks belong to none. */
typedef struct {
    size_t word;
    size_t position; /* in the pronunciation */
    int32_t symbol;
    size_t begin_frame;
    size_t end_frame;
    bool matched;      /* that of the word */
    double confidence; /* logistic function of the label's own llr, times mass_near of the word */
} silbe_trellis_label_result;

typedef struct {
    bool matched;
    size_t begin_frame; /* of the first word that is not skipped; 0 if all are */
    size_t end_frame;   /* of the last one */
    double confidence;  /* mean over its words */
    size_t lo_frame;    /* interval of the first word that is not skipped */
    size_t hi_frame;
} silbe_trellis_line_result;

typedef struct {
    silbe_trellis_word_result *words; /* n_words, caller's */
    /* Caller's, or NULL; silbe_trellis_label_capacity is always enough. */
    silbe_trellis_label_result *labels;
    size_t label_capacity;
    size_t n_labels;                  /* output */
    silbe_trellis_line_result *lines; /* n_lines, caller's, or NULL */
    uint32_t *path;                   /* T states, caller's */
    double viterbi_logp;              /* output */
    double loss;                      /* output, of the posteriors (posterior_scale) */
    bool maybe_cut;                   /* output, see viterbi.h */
} silbe_trellis_alignment;

/* Sum over words of the longest pronunciation. */
size_t silbe_trellis_label_capacity(const silbe_trellis_text *text);

/* SILBE_ERR_ARGUMENT for NULL and what is out of range. */
SILBE_MUST_CHECK silbe_status
silbe_trellis_align_options_check(const silbe_trellis_align_options *options, silbe_err *err);

/* SILBE_ERR_ARGUMENT for arrays that are missing or too short for the text. */
SILBE_MUST_CHECK silbe_status silbe_trellis_alignment_check(
    const silbe_trellis_text *text, const silbe_trellis_alignment *alignment, silbe_err *err);

#endif
