/* Memory and steps of building a trellis, and what callers may ask of one. */
#include "align/trellis/graph.h"

static silbe_scaled_row take_scaled(silbe_arena *arena, size_t n)
{
    silbe_scaled_row row = {silbe_arena_take(arena, n, sizeof(double)),
                            silbe_arena_take(arena, n, sizeof(int64_t))};
    return row;
}

static silbe_trellis_arcs take_arcs(silbe_arena *arena, size_t n_nodes, size_t n_arcs)
{
    silbe_trellis_arcs arcs = {silbe_arena_take(arena, n_nodes + 1, sizeof(uint32_t)),
                               silbe_arena_take(arena, n_arcs, sizeof(uint32_t)),
                               silbe_arena_take(arena, n_arcs, sizeof(double)),
                               take_scaled(arena, n_arcs)};
    return arcs;
}

static void carve_graph(silbe_arena *arena, const silbe_trellis_counts *c, silbe_trellis *g)
{
    size_t states = c->n_states;
    size_t nodes = states + c->n_junctions;
    g->class_of = silbe_arena_take(arena, states + SILBE_TRELLIS_PAD, sizeof *g->class_of);
    g->stay = silbe_arena_take(arena, states + SILBE_TRELLIS_PAD, sizeof *g->stay);
    g->next = silbe_arena_take(arena, states + SILBE_TRELLIS_PAD, sizeof *g->next);
    g->jump = silbe_arena_take(arena, states + SILBE_TRELLIS_PAD, sizeof *g->jump);
    g->w_stay = take_scaled(arena, states + SILBE_TRELLIS_PAD);
    g->w_next = take_scaled(arena, states + SILBE_TRELLIS_PAD);
    g->w_jump = take_scaled(arena, states + SILBE_TRELLIS_PAD);
    g->word_of = silbe_arena_take(arena, states, sizeof *g->word_of);
    g->pronunciation_of = silbe_arena_take(arena, states, sizeof *g->pronunciation_of);
    g->position_of = silbe_arena_take(arena, states, sizeof *g->position_of);
    g->copy_of = silbe_arena_take(arena, states, sizeof *g->copy_of);
    g->kind_of = silbe_arena_take(arena, states, sizeof *g->kind_of);
    g->in = take_arcs(arena, nodes, c->n_arcs);
    g->out = take_arcs(arena, nodes, c->n_arcs);
    g->slow = silbe_arena_take(arena, states, sizeof *g->slow);
    g->slow_out = silbe_arena_take(arena, states, sizeof *g->slow_out);
    g->entries = silbe_arena_take(arena, c->n_entries, sizeof *g->entries);
    g->lo = silbe_arena_take(arena, nodes, sizeof *g->lo);
    g->hi = silbe_arena_take(arena, nodes, sizeof *g->hi);
    g->first = silbe_arena_take(arena, nodes, sizeof *g->first);
    g->end = silbe_arena_take(arena, nodes, sizeof *g->end);
    g->reach = silbe_arena_take(arena, states, sizeof *g->reach);
}

size_t silbe_trellis_carve(const silbe_trellis_text *text, const silbe_trellis_counts *counts,
                           void *memory, silbe_trellis **g, silbe_draft *draft)
{
    silbe_arena arena = silbe_arena_at(memory);
    silbe_trellis counted;
    silbe_trellis *made = silbe_arena_take(&arena, 1, sizeof *made);
    carve_graph(&arena, counts, made == NULL ? &counted : made);
    size_t contexts = text->topology == SILBE_TRELLIS_CTC ? text->n_symbols + 1 : 1;
    draft->states = silbe_arena_take(&arena, counts->n_states, sizeof *draft->states);
    draft->junctions = silbe_arena_take(&arena, counts->n_junctions, sizeof *draft->junctions);
    draft->arcs = silbe_arena_take(&arena, counts->n_arcs, sizeof *draft->arcs);
    draft->order =
        silbe_arena_take(&arena, counts->n_states + counts->n_junctions, sizeof *draft->order);
    draft->windows = silbe_arena_take(&arena, text->n_words, sizeof *draft->windows);
    draft->before = silbe_arena_take(&arena, contexts, sizeof *draft->before);
    draft->after = silbe_arena_take(&arena, contexts, sizeof *draft->after);
    draft->line = silbe_arena_take(&arena, contexts, sizeof *draft->line);
    draft->entry = silbe_arena_take(&arena, contexts, sizeof *draft->entry);
    draft->last_state =
        silbe_arena_take(&arena, counts->most_pronunciations, sizeof *draft->last_state);
    *g = made;
    return arena.used;
}

static silbe_status measure(const silbe_trellis_text *text, size_t n_frames,
                            silbe_trellis_counts *counts, size_t *bytes, silbe_err *err)
{
    silbe_trellis *g = NULL;
    silbe_draft draft;
    silbe_status status = silbe_trellis_text_check(text, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (n_frames == 0 || n_frames > SILBE_TRELLIS_MAX_FRAMES) {
        return silbe_fail(err, n_frames == 0 ? SILBE_ERR_ARGUMENT : SILBE_ERR_MEMORY,
                          "trellis: number of frames should be 1 to %ld, got %zu",
                          (long)SILBE_TRELLIS_MAX_FRAMES, n_frames);
    }
    status = silbe_trellis_count(text, counts, err);
    if (status != SILBE_OK) {
        return status;
    }
    *bytes = silbe_trellis_carve(text, counts, NULL, &g, &draft);
    if (*bytes == SIZE_MAX) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "trellis: %zu states do not fit into memory",
                          counts->n_states);
    }
    return SILBE_OK;
}

silbe_status silbe_trellis_size(const silbe_trellis_text *text, size_t n_frames, size_t *bytes,
                                silbe_err *err)
{
    silbe_trellis_counts counts;
    if (bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: bytes is NULL");
    }
    return measure(text, n_frames, &counts, bytes, err);
}

silbe_status silbe_trellis_init(const silbe_trellis_text *text, size_t n_frames, void *memory,
                                size_t memory_bytes, silbe_trellis **trellis, silbe_err *err)
{
    size_t bytes = 0;
    silbe_trellis *g = NULL;
    silbe_draft draft = {0};
    silbe_trellis_counts counts;
    silbe_status status = measure(text, n_frames, &counts, &bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (memory == NULL || trellis == NULL || memory_bytes < bytes) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: building needs %zu bytes of memory, got %zu", bytes,
                          memory == NULL ? 0 : memory_bytes);
    }
    (void)silbe_trellis_carve(text, &counts, memory, &g, &draft);
    g->n_states = 0;
    g->n_junctions = 0;
    g->n_entries = 0;
    g->n_frames = n_frames;
    g->n_words = text->n_words;
    g->n_symbols = text->n_symbols;
    g->n_classes = text->n_symbols + SILBE_N_EXTRA_CLASSES;
    g->topology = text->topology;
    g->blank = text->topology == SILBE_TRELLIS_CTC ? text->blank : SILBE_TRELLIS_NONE;
    g->silence = text->silence;
    g->regions = text->regions;
    g->n_regions = text->n_regions;
    draft.text = text;
    draft.g = g;
    draft.most = counts;
    draft.free_arc = SILBE_NO_ARC;
    silbe_draft_windows(&draft);
    silbe_draft_text(&draft);
    silbe_draft_join(&draft);
    status = silbe_draft_ranges(&draft, err);
    if (status != SILBE_OK) {
        return status;
    }
    silbe_draft_compile(&draft);
    *trellis = g;
    return SILBE_OK;
}

size_t silbe_trellis_n_states(const silbe_trellis *trellis)
{
    return trellis->n_states;
}

size_t silbe_trellis_min_frames(const silbe_trellis *trellis)
{
    return trellis->min_frames;
}

size_t silbe_trellis_n_cells(const silbe_trellis *trellis)
{
    return trellis->n_cells;
}

silbe_trellis_state silbe_trellis_state_at(const silbe_trellis *trellis, size_t state)
{
    return (silbe_trellis_state){(silbe_trellis_state_kind)trellis->kind_of[state],
                                 trellis->word_of[state], trellis->pronunciation_of[state],
                                 trellis->position_of[state], trellis->copy_of[state]};
}

size_t silbe_trellis_lower_bound(const uint32_t *list, size_t n, size_t value)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static silbe_trellis_range range_at(const silbe_trellis *g, size_t begin, size_t n, size_t t)
{
    silbe_trellis_range range = {silbe_trellis_lower_bound(g->end + begin, n, t + 1),
                                 silbe_trellis_lower_bound(g->first + begin, n, t + 1)};
    range.end = range.end < range.begin ? range.begin : range.end;
    return range;
}

silbe_trellis_range silbe_trellis_states_at(const silbe_trellis *g, size_t t)
{
    return range_at(g, 0, g->n_states, t);
}

silbe_trellis_range silbe_trellis_junctions_at(const silbe_trellis *g, size_t u)
{
    return range_at(g, g->n_states, g->n_junctions, u);
}
