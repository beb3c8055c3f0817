/* Takes out of a draft the junctions that cost more than the arcs that replace them. */
#include "align/trellis/graph.h"

static void unlink_arc(silbe_draft *d, uint32_t index)
{
    silbe_draft_arc *arc = &d->arcs[index];
    silbe_draft_node *source = silbe_draft_node_of(d, arc->from);
    silbe_draft_node *target = silbe_draft_node_of(d, arc->to);
    if (arc->prev_in != SILBE_NO_ARC) {
        d->arcs[arc->prev_in].next_in = arc->next_in;
    } else {
        target->first_in = arc->next_in;
    }
    if (arc->next_in != SILBE_NO_ARC) {
        d->arcs[arc->next_in].prev_in = arc->prev_in;
    }
    if (arc->prev_out != SILBE_NO_ARC) {
        d->arcs[arc->prev_out].next_out = arc->next_out;
    } else {
        source->first_out = arc->next_out;
    }
    if (arc->next_out != SILBE_NO_ARC) {
        d->arcs[arc->next_out].prev_out = arc->prev_out;
    }
    target->n_in--;
    source->n_out--;
}

static void free_arc(silbe_draft *d, uint32_t index)
{
    d->arcs[index].next_in = d->free_arc;
    d->free_arc = index;
}

/* One end of an arc that went through a junction. */
typedef struct {
    uint32_t node;
    double logw;
} other_end;

enum { MOST_JOINED = 64 }; /* in + out of junctions with one arc on one side */

static void join(silbe_draft *d, silbe_draft_node *junction)
{
    other_end ins[MOST_JOINED];
    other_end outs[MOST_JOINED];
    size_t n_in = 0;
    size_t n_out = 0;
    while (junction->first_in != SILBE_NO_ARC) {
        uint32_t index = junction->first_in;
        ins[n_in++] = (other_end){d->arcs[index].from, d->arcs[index].logw};
        unlink_arc(d, index);
        free_arc(d, index);
    }
    while (junction->first_out != SILBE_NO_ARC) {
        uint32_t index = junction->first_out;
        outs[n_out++] = (other_end){d->arcs[index].to, d->arcs[index].logw};
        unlink_arc(d, index);
        free_arc(d, index);
    }
    for (size_t i = 0; i < n_in; i++) {
        for (size_t o = 0; o < n_out; o++) {
            silbe_draft_link(d, ins[i].node, outs[o].node, ins[i].logw + outs[o].logw);
        }
    }
}

void silbe_draft_join(silbe_draft *d)
{
    /* The start and the end stay, and so do junctions with a window: that is where it is checked.
     */
    for (size_t j = 1; j + 1 < d->g->n_junctions; j++) {
        silbe_draft_node *junction = &d->junctions[j];
        bool anchored = junction->word != UINT32_MAX && junction->word < d->text->n_words &&
                        (d->windows[junction->word].begin_anchor != UINT32_MAX);
        size_t in = junction->n_in;
        size_t out = junction->n_out;
        if (!anchored && in <= MOST_JOINED && out <= MOST_JOINED && in * out <= in + out) {
            join(d, junction);
            junction->compiled = UINT32_MAX;
        }
    }
}
