/* When each node of a draft can be used: from its ends inwards, through the anchors' windows. */
#include <math.h>

#include "align/trellis/graph.h"

#define NONE UINT32_MAX

void silbe_draft_windows(silbe_draft *d)
{
    const silbe_trellis_text *text = d->text;
    for (size_t w = 0; w < text->n_words; w++) {
        d->windows[w] = (silbe_anchor_window){0, SIZE_MAX, NONE, NONE};
    }
    for (size_t i = 0; i < text->n_anchors; i++) {
        const silbe_trellis_anchor *a = &text->anchors[i];
        size_t word = a->is_line ? text->lines[a->index].begin_word : a->index;
        silbe_anchor_window *window = &d->windows[word];
        if (window->begin_anchor == NONE || a->begin_frame > window->begin_frame) {
            window->begin_frame = a->begin_frame;
            window->begin_anchor = (uint32_t)i;
        }
        if (window->end_anchor == NONE || a->end_frame < window->end_frame) {
            window->end_frame = a->end_frame;
            window->end_anchor = (uint32_t)i;
        }
    }
}

static const silbe_anchor_window *window_of(const silbe_draft *d, uint32_t node)
{
    uint32_t word = (node & SILBE_JUNCTION_BIT) == 0 ? NONE : silbe_draft_node_of(d, node)->word;
    return word == NONE || word >= d->text->n_words || d->windows[word].begin_anchor == NONE
               ? NULL
               : &d->windows[word];
}

/* The first anchor that could not be kept. */
typedef struct {
    uint32_t word;
    uint32_t earlier; /* anchor that makes it too late, or NONE */
    uint32_t later;   /* the anchor itself */
    uint32_t at;      /* earliest frame of the word */
} conflict;

/* Earliest frame of each node; with anchors, also which of them decides it. */
static void forward(silbe_draft *d, bool anchors, conflict *clash)
{
    for (size_t i = 0; i < d->n_order; i++) {
        uint32_t node = d->order[i];
        silbe_draft_node *n = silbe_draft_node_of(d, node);
        n->lo = i == 0 ? 0 : NONE;
        n->provenance = NONE;
        for (uint32_t k = n->first_in; k != SILBE_NO_ARC; k = d->arcs[k].next_in) {
            uint32_t from = d->arcs[k].from;
            const silbe_draft_node *source = silbe_draft_node_of(d, from);
            uint32_t frame = source->lo + ((from & SILBE_JUNCTION_BIT) == 0);
            if (source->lo != NONE && frame < n->lo) {
                n->lo = frame;
                n->provenance = source->provenance;
            }
        }
        const silbe_anchor_window *window = anchors ? window_of(d, node) : NULL;
        if (window == NULL || n->lo == NONE) {
            continue;
        }
        uint32_t before = n->provenance;
        uint32_t was = n->lo;
        if (n->lo < window->begin_frame) {
            n->lo = window->begin_frame > SILBE_TRELLIS_MAX_FRAMES ? SILBE_TRELLIS_MAX_FRAMES + 1
                                                                   : (uint32_t)window->begin_frame;
            n->provenance = window->begin_anchor;
        }
        if (n->lo >= window->end_frame) {
            if (clash->later == NONE) {
                bool of_itself = was < window->end_frame; /* two anchors of the same word */
                *clash = (conflict){n->word, of_itself ? window->begin_anchor : before,
                                    window->end_anchor, of_itself ? n->lo : was};
            }
            n->lo = NONE;
        }
    }
}

/* Latest frame of each node that can be reached. */
static void backward(silbe_draft *d, uint32_t n_frames)
{
    for (size_t i = d->n_order; i-- > 0;) {
        uint32_t node = d->order[i];
        silbe_draft_node *n = silbe_draft_node_of(d, node);
        bool is_state = (node & SILBE_JUNCTION_BIT) == 0;
        bool any = i + 1 == d->n_order;
        uint32_t last = any ? n_frames : 0;
        for (uint32_t k = n->first_out; k != SILBE_NO_ARC; k = d->arcs[k].next_out) {
            const silbe_draft_node *target = silbe_draft_node_of(d, d->arcs[k].to);
            if (target->lo != NONE && (!is_state || target->last > 0)) {
                uint32_t frame = target->last - is_state;
                last = !any || frame > last ? frame : last;
                any = true;
            }
        }
        const silbe_anchor_window *window = window_of(d, node);
        if (window != NULL && last >= window->end_frame) {
            last = (uint32_t)window->end_frame - 1;
        }
        n->last = last;
        if (!any || n->lo == NONE || last < n->lo) {
            n->lo = NONE;
        }
    }
}

static const char *anchored(const silbe_draft *d, uint32_t anchor, size_t *index)
{
    *index = d->text->anchors[anchor].index;
    return d->text->anchors[anchor].is_line ? "line" : "word";
}

static silbe_status clash_error(const silbe_draft *d, const conflict *clash, silbe_err *err)
{
    size_t index;
    const char *what = anchored(d, clash->later, &index);
    size_t end = d->text->anchors[clash->later].end_frame;
    if (clash->earlier == NONE) {
        return silbe_fail(
            err, SILBE_ERR_INFEASIBLE,
            "trellis: anchor %lu wants %s %zu to start before frame %zu, but the text "
            "before it needs %lu frames",
            (unsigned long)clash->later, what, index, end, (unsigned long)clash->at);
    }
    size_t other_index;
    const char *other = anchored(d, clash->earlier, &other_index);
    return silbe_fail(
        err, SILBE_ERR_INFEASIBLE,
        "trellis: anchors %lu and %lu contradict each other: %s %zu starts at frame "
        "%zu or later, so that %s %zu cannot start before frame %lu; it should before "
        "frame %zu",
        (unsigned long)clash->earlier, (unsigned long)clash->later, other, other_index,
        d->text->anchors[clash->earlier].begin_frame, what, index, (unsigned long)clash->at, end);
}

silbe_status silbe_draft_ranges(silbe_draft *d, silbe_err *err)
{
    size_t n_frames = d->g->n_frames;
    conflict clash = {NONE, NONE, NONE, 0};
    const silbe_draft_node *end = &d->junctions[d->g->n_junctions - 1];
    forward(d, false, &clash);
    d->g->min_frames = end->lo;
    if (end->lo > n_frames) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "trellis: %zu words need at least %lu frames, there are %zu",
                          d->text->n_words, (unsigned long)end->lo, n_frames);
    }
    forward(d, true, &clash);
    if (end->lo == NONE) {
        return clash_error(d, &clash, err);
    }
    if (end->lo > n_frames) {
        size_t index = 0;
        uint32_t anchor = end->provenance;
        if (anchor == NONE) {
            return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                              "trellis: with its anchors the text needs at least %lu frames, there "
                              "are %zu",
                              (unsigned long)end->lo, n_frames);
        }
        const char *what = anchored(d, anchor, &index);
        return silbe_fail(
            err, SILBE_ERR_INFEASIBLE,
            "trellis: anchor %lu lets %s %zu start at frame %zu or later, so that the "
            "text ends at frame %lu at the earliest; there are %zu frames",
            (unsigned long)anchor, what, index, d->text->anchors[anchor].begin_frame,
            (unsigned long)end->lo, n_frames);
    }
    backward(d, (uint32_t)n_frames);
    return SILBE_OK;
}
