/*
 * Inside of the trellis: not for callers.
 *
 * Nodes are states, which take a frame each, and junctions, which take none: a junction is crossed
 * between frames, "before frame u". Nodes are numbered 0 .. n_states - 1 (states) and n_states ..
 * n_states + n_junctions - 1 (junctions); both kinds in the order of the text, and every arc leads
 * onward. Junction 0 is the start, crossed before frame 0; the last is the end, crossed before
 * frame T.
 *
 * Arcs into state s from s, s - 1 and s - 2 lie in the arrays stay, next and jump (-INFINITY: no
 * arc), which vector loops run over; all others are in lists. Most junctions that the text gives
 * rise to are gone from the compiled graph: where in x out arcs are not more than in + out, the
 * arcs are joined.
 */
#ifndef SILBE_ALIGN_TRELLIS_GRAPH_H
#define SILBE_ALIGN_TRELLIS_GRAPH_H

#include "align/base/arena.h"
#include "align/base/logmath.h"
#include "align/base/scaled.h"
#include "align/trellis/emissions.h"

/* A state's emission is row[class_of[s]] of these: symbols 0 .. S - 1, then */
enum {
    SILBE_CLASS_WILDCARD = 0, /* + S: as a symbol of a word */
    SILBE_CLASS_GAP_BLANK,    /* from here on: allowed in regions */
    SILBE_CLASS_GAP_SILENCE,
    SILBE_CLASS_GAP_WILDCARD,
    SILBE_N_EXTRA_CLASSES,
};

/* Vector loops run in steps of 4 states and look 2 states to either side. */
enum { SILBE_TRELLIS_LANES = 4, SILBE_TRELLIS_PAD = 8 };

#define SILBE_TRELLIS_NO_FRAME UINT32_MAX

/* Lists of arcs per node: arcs begin[n] .. begin[n + 1] - 1. */
typedef struct {
    uint32_t *begin; /* n_nodes + 1 */
    uint32_t *node;  /* the other end */
    double *logw;
    silbe_scaled_row w; /* the same, exponentiated */
} silbe_trellis_arcs;

struct silbe_trellis {
    size_t n_states;
    size_t n_junctions;
    size_t n_nodes;
    size_t n_frames;
    size_t n_words;
    size_t n_symbols;
    size_t n_classes; /* S + SILBE_N_EXTRA_CLASSES */
    size_t min_frames;
    size_t n_cells;
    silbe_trellis_topology topology;
    int32_t blank;
    int32_t silence;
    const silbe_trellis_region *regions;
    size_t n_regions;

    /* per state */
    int32_t *class_of;
    double *stay;
    double *next;
    double *jump;
    silbe_scaled_row w_stay; /* the same, exponentiated; two more values behind the last state */
    silbe_scaled_row w_next;
    silbe_scaled_row w_jump;
    uint32_t *word_of; /* word, or gap */
    uint32_t *pronunciation_of;
    uint32_t *position_of;
    uint32_t *copy_of;
    uint8_t *kind_of;

    silbe_trellis_arcs in;  /* by destination: states latest first, then junctions latest first */
    silbe_trellis_arcs out; /* the same arcs by source */

    /* States and, behind them, junctions that have arcs in lists (all junctions): where the
     * kernels leave the vector loop. */
    uint32_t *slow; /* n_slow_states states, rising */
    size_t n_slow_states;
    uint32_t *slow_out; /* states with arcs out in lists, rising */
    size_t n_slow_out;

    /* First states of pronunciations. */
    uint32_t *entries;
    size_t n_entries;

    /* per node: frames [lo, hi) in which it can be (states) or before which it can be crossed
     * (junctions); NO_FRAME and 0 if never. */
    uint32_t *lo;
    uint32_t *hi;
    /* Hulls, each kind of node for itself: first[n] = min of lo over n and all later ones, end[n] =
     * max of hi over n and all earlier ones; both never fall. */
    uint32_t *first;
    uint32_t *end;
    /* Farthest state + 1 that the states up to s can reach in one frame. */
    uint32_t *reach;
};

/* Range of states or junctions. */
typedef struct {
    size_t begin;
    size_t end;
} silbe_trellis_range;

/* States that can be in frame t; a hull. */
silbe_trellis_range silbe_trellis_states_at(const silbe_trellis *g, size_t t);
/* Junctions that can be crossed before frame u (0 .. T), as indices from 0; a hull. */
silbe_trellis_range silbe_trellis_junctions_at(const silbe_trellis *g, size_t u);
/* First index i with list[i] >= value. */
size_t silbe_trellis_lower_bound(const uint32_t *list, size_t n, size_t value);
/* Whether junction j may be crossed before frame u. */
static inline int silbe_trellis_is_open(const silbe_trellis *g, size_t node, size_t u)
{
    return g->lo[node] <= u && u < g->hi[node];
}

/* Emissions of all classes in frame t, regions applied. row: n_classes doubles; order: as
 * silbe_trellis_emission_row. */
SILBE_MUST_CHECK silbe_status silbe_trellis_class_row(const silbe_trellis *g,
                                                      const silbe_trellis_emissions *emissions,
                                                      size_t t, double *row, double *order,
                                                      size_t *chosen, silbe_err *err);

/* The error of a trellis without a path: n_alive frames have one, `state` is the last state in the
 * last of them. */
SILBE_MUST_CHECK silbe_status silbe_trellis_dead(const silbe_trellis *g, size_t n_alive,
                                                 size_t state, bool beam, silbe_err *err);

/* ---- while building ---- */

/* Upper bounds of what the text gives rise to. */
typedef struct {
    size_t n_states;
    size_t n_junctions;
    size_t n_arcs;
    size_t n_entries;
    size_t most_pronunciations;
} silbe_trellis_counts;

SILBE_MUST_CHECK silbe_status silbe_trellis_text_check(const silbe_trellis_text *text,
                                                       silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_trellis_count(const silbe_trellis_text *text,
                                                  silbe_trellis_counts *counts, silbe_err *err);
const silbe_trellis_gap *silbe_trellis_gap_at(const silbe_trellis_text *text, size_t gap);
/* symbol: of a pronunciation. */
silbe_trellis_duration silbe_trellis_duration_of(const silbe_trellis_text *text, int32_t symbol);
/* Of the gap's silence. */
silbe_trellis_duration silbe_trellis_silence_of(const silbe_trellis_text *text,
                                                const silbe_trellis_gap *gap);
static inline size_t silbe_trellis_min_of(silbe_trellis_duration duration)
{
    return duration.min_frames == 0 ? 1 : duration.min_frames;
}

#define SILBE_NO_ARC UINT32_MAX
#define SILBE_JUNCTION_BIT 0x80000000u

/* An arc under construction, in the lists of both its ends. */
typedef struct {
    double logw;
    uint32_t from; /* state, or junction with SILBE_JUNCTION_BIT */
    uint32_t to;
    uint32_t next_in, prev_in;   /* other arcs into `to` */
    uint32_t next_out, prev_out; /* other arcs out of `from` */
} silbe_draft_arc;

/* A node under construction. */
typedef struct {
    uint32_t first_in, first_out;
    uint32_t n_in, n_out;
    uint32_t word;       /* junction: word that it lets begin, or UINT32_MAX */
    uint32_t provenance; /* anchor that decides lo, or UINT32_MAX */
    uint32_t compiled;   /* junction: its number in the compiled graph, UINT32_MAX if removed */
    uint32_t lo, last;   /* frames; last is inclusive */
} silbe_draft_node;

/* What anchors say about a word. */
typedef struct {
    size_t begin_frame, end_frame;
    uint32_t begin_anchor, end_anchor; /* UINT32_MAX: none */
} silbe_anchor_window;

typedef struct {
    const silbe_trellis_text *text;
    silbe_trellis *g;
    silbe_trellis_counts most;
    silbe_draft_node *states;
    silbe_draft_node *junctions;
    silbe_draft_arc *arcs;
    size_t n_arcs;     /* used, dead ones included */
    uint32_t free_arc; /* list of dead arcs through next_in */
    uint32_t *order;   /* nodes in the order of creation, which is topological */
    size_t n_order;
    silbe_anchor_window *windows; /* n_words */
    /* junction of each context (last symbol, or S: any) before the gap, before the gap behind it,
     * and before the line in hand; UINT32_MAX: none */
    uint32_t *before, *after, *line, *entry;
    uint32_t *last_state; /* per pronunciation of the word in hand */
} silbe_draft;

/* Carves graph and draft; returns bytes used, SIZE_MAX on overflow. */
size_t silbe_trellis_carve(const silbe_trellis_text *text, const silbe_trellis_counts *counts,
                           void *memory, silbe_trellis **g, silbe_draft *draft);

silbe_draft_node *silbe_draft_node_of(const silbe_draft *d, uint32_t node);
void silbe_draft_link(silbe_draft *d, uint32_t from, uint32_t to, double logw);
void silbe_draft_text(silbe_draft *d);                                            /* draft.c */
void silbe_draft_join(silbe_draft *d);                                            /* join.c */
void silbe_draft_windows(silbe_draft *d);                                         /* ranges.c */
SILBE_MUST_CHECK silbe_status silbe_draft_ranges(silbe_draft *d, silbe_err *err); /* ranges.c */
void silbe_draft_compile(silbe_draft *d);                                         /* compile.c */

#endif
