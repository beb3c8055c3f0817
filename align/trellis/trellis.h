/*
 * A left-to-right graph of states for lyrics: words in order, each with one or more pronunciations,
 * with silence, music and unknown sounds between them, and what is known about where they are.
 *
 * Between words b - 1 and b lies gap b (0 before the first word, n_words after the last). A path
 * through the text is
 *
 *     gap 0, word 0, gap 1, word 1, ... gap n_words,
 *
 *     word  one of its pronunciations, its symbols in order; or, if it is optional, it is skipped
 *           together with the gap before it, for skip_logp. A line that is optional is skipped as a
 *           whole, likewise, for its own skip_logp.
 *     gap   [silence] [wildcard [silence]], each part where the gap allows it.
 *
 * Topologies.
 *     HMM  Symbols follow each other directly (Rabiner 1989, section IV.B).
 *     CTC  In addition a blank may stand before, between and after symbols, silences and wildcards,
 *          and must stand between two equal symbols (Graves et al. 2006, section 4.1). One word
 *          after another, mandatory, without silence and wildcard, is plain CTC: the same states as
 *          in align/ctc/problem.h, in the same order.
 *
 * Durations. A symbol with min_frames d and expected_frames E is d copies of one state in a row
 * with one emission; only the last can be stayed in. Its duration is d - 1 plus a geometric number
 * of frames of mean E - d + 1: staying costs ln(1 - 1 / (E - d + 1)), leaving ln(1 / (E - d + 1)).
 * E = 0 means no model: both cost 0, as in CTC. With short_logp a < 0 it may be shorter than d,
 * down to d / 2 + 1 frames (d / 2 rounded down): between two copies that are taken one may be left
 * out, for a. So n frames without k of the copies cost k a, and can be had in binomial(d - k - 1,
 * k) ways; the best path pays a for each frame less than d. (Copies, not a counter: they keep the
 * graph first order, so that one kernel, and one vector loop, serves all; with d = 5 to 9 for
 * vowels and 2 for consonants, and no blanks, a song has not more than twice the states of CTC.)
 *
 * All sums over paths count every way through this graph once; no two ways give the same sequence
 * of states and skips.
 */
#ifndef SILBE_ALIGN_TRELLIS_TRELLIS_H
#define SILBE_ALIGN_TRELLIS_TRELLIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

enum {
    SILBE_TRELLIS_NONE = -1,     /* no such symbol */
    SILBE_TRELLIS_WILDCARD = -2, /* in a pronunciation: any sound, see emissions.h */
    SILBE_TRELLIS_MAX_FRAMES = 1 << 25,
    SILBE_TRELLIS_MAX_STATES = 1 << 29,
};

#define SILBE_TRELLIS_NO_WORD SIZE_MAX

typedef struct {
    size_t min_frames;      /* >= 1; 0 counts as 1 */
    double expected_frames; /* >= min_frames, or 0 for no duration model */
    double short_logp;      /* < 0: for each frame less than min_frames; 0: never less */
} silbe_trellis_duration;

typedef struct {
    const int32_t *symbols; /* n_symbols, each in [0, S) and not the blank, or _WILDCARD */
    size_t n_symbols;       /* >= 1 */
    double logp;            /* ln P(this pronunciation), <= 0 */
} silbe_trellis_pronunciation;

typedef struct {
    const silbe_trellis_pronunciation *pronunciations;
    size_t n_pronunciations; /* >= 1 */
    double skip_logp;        /* <= 0; -INFINITY: the word must be sung */
} silbe_trellis_word;

/* Words [begin_word, end_word). Lines do not overlap and are in order; a word may be in none. */
typedef struct {
    size_t begin_word;
    size_t end_word;
    double skip_logp; /* <= 0; -INFINITY: the line must be sung */
} silbe_trellis_line;

typedef enum {
    SILBE_TRELLIS_NEVER = 0,
    SILBE_TRELLIS_OPTIONAL,
    SILBE_TRELLIS_REQUIRED, /* silence only */
} silbe_trellis_presence;

typedef struct {
    silbe_trellis_presence silence;
    double silence_logp; /* <= 0, once on entering it */
    silbe_trellis_presence wildcard;
    double wildcard_logp; /* <= 0, once on entering it */
    /* Expected frames of this gap's silence, not less than those that silence_duration asks for;
     * 0: as there. */
    double silence_frames;
} silbe_trellis_gap;

/* The word, or the line's first word, if it is sung, starts in a frame of [begin_frame, end_frame).
 * (With pronunciations of several words the start is the first frame of the first symbol.) */
typedef struct {
    bool is_line;
    size_t index; /* of the word or line */
    size_t begin_frame;
    size_t end_frame; /* > begin_frame; may lie beyond the last frame */
} silbe_trellis_anchor;

/* Frames [begin_frame, end_frame) that are not to be aligned: only the parts of gaps (their
 * silence, wildcard and blanks) are allowed there, so that no word reaches into a region. Regions
 * are in order and do not overlap. */
typedef struct {
    size_t begin_frame;
    size_t end_frame;
} silbe_trellis_region;

typedef enum {
    SILBE_TRELLIS_HMM = 0,
    SILBE_TRELLIS_CTC,
    SILBE_TRELLIS_N_TOPOLOGIES
} silbe_trellis_topology;

/* All pointers are borrowed. They are read while building, except that regions must live as long as
 * the trellis. */
typedef struct {
    const silbe_trellis_word *words;
    size_t n_words; /* >= 1 */
    const silbe_trellis_line *lines;
    size_t n_lines; /* 0: no lines */

    silbe_trellis_topology topology;
    size_t n_symbols; /* S, of the emissions */
    int32_t blank;    /* CTC: < S; HMM: ignored */
    int32_t silence;  /* symbol of silence and music, < S; _NONE: gaps must have no silence */

    const silbe_trellis_duration *durations; /* S, or NULL: all {1, 0} */
    silbe_trellis_duration silence_duration; /* of the silence in gaps */
    silbe_trellis_duration wildcard_duration;

    silbe_trellis_gap gap_first;   /* gap 0 */
    silbe_trellis_gap gap_last;    /* gap n_words */
    silbe_trellis_gap gap_lines;   /* gaps where a line begins or ends */
    silbe_trellis_gap gap_words;   /* all others */
    const silbe_trellis_gap *gaps; /* n_words + 1, instead of these four; or NULL */

    const silbe_trellis_anchor *anchors;
    size_t n_anchors;
    const silbe_trellis_region *regions;
    size_t n_regions;
} silbe_trellis_text;

/* The compiled graph, read-only once built; lies inside the caller's memory. */
typedef struct silbe_trellis silbe_trellis;

/* What a state stands for. */
typedef enum {
    SILBE_TRELLIS_SYMBOL = 0, /* a symbol of a word */
    SILBE_TRELLIS_WORD_BLANK, /* CTC: blank between two symbols of a word */
    SILBE_TRELLIS_GAP_BLANK,  /* CTC: blank in a gap */
    SILBE_TRELLIS_GAP_SILENCE,
    SILBE_TRELLIS_GAP_WILDCARD,
} silbe_trellis_state_kind;

typedef struct {
    silbe_trellis_state_kind kind;
    size_t word;          /* of the word; in a gap: number of the gap (= of the word after it) */
    size_t pronunciation; /* of the word */
    size_t position;      /* index into the pronunciation's symbols (a blank: of the one before) */
    size_t copy;          /* 0 .. min_frames - 1 */
} silbe_trellis_state;

/* Bytes of memory for silbe_trellis_init; checks the whole text first: errors as there. */
SILBE_MUST_CHECK silbe_status silbe_trellis_size(const silbe_trellis_text *text, size_t n_frames,
                                                 size_t *bytes, silbe_err *err);

/*
 * Compiles the graph for n_frames frames into memory (any alignment, at least silbe_trellis_size
 * bytes), which belongs to the caller and must live as long as *trellis. One graph may serve many
 * threads.
 *
 * SILBE_ERR_ARGUMENT: NULL, empty text, word or pronunciation, bad settings, overlapping lines or
 *   regions, anchors that name no word or line.
 * SILBE_ERR_DATA: a symbol that does not exist, or is the blank, with word and place.
 * SILBE_ERR_MEMORY: sizes that overflow.
 * SILBE_ERR_INFEASIBLE: anchors that contradict each other (names both), an anchor that the text
 *   before or after it does not fit (names it), text that needs more frames than there are (names
 *   both lengths).
 */
SILBE_MUST_CHECK silbe_status silbe_trellis_init(const silbe_trellis_text *text, size_t n_frames,
                                                 void *memory, size_t memory_bytes,
                                                 silbe_trellis **trellis, silbe_err *err);

size_t silbe_trellis_n_states(const silbe_trellis *trellis);
/* Least number of frames of the text, anchors aside. */
size_t silbe_trellis_min_frames(const silbe_trellis *trellis);
/* Cells (frame, state) that the kernels visit: those that anchors and the two corners leave. */
size_t silbe_trellis_n_cells(const silbe_trellis *trellis);
/* state < n_states. States are numbered in the order of the text. */
silbe_trellis_state silbe_trellis_state_at(const silbe_trellis *trellis, size_t state);

#endif
