/* The graph of a text as trellis.h describes it, with all its junctions. */
#include <math.h>
#include <string.h>

#include "align/trellis/graph.h"

#define NONE UINT32_MAX

silbe_draft_node *silbe_draft_node_of(const silbe_draft *d, uint32_t node)
{
    return (node & SILBE_JUNCTION_BIT) != 0 ? &d->junctions[node & ~SILBE_JUNCTION_BIT]
                                            : &d->states[node];
}

void silbe_draft_link(silbe_draft *d, uint32_t from, uint32_t to, double logw)
{
    if (logw == SILBE_NEG_INF) {
        return;
    }
    uint32_t index = d->free_arc;
    if (index != SILBE_NO_ARC) {
        d->free_arc = d->arcs[index].next_in;
    } else {
        index = (uint32_t)d->n_arcs++;
    }
    silbe_draft_node *source = silbe_draft_node_of(d, from);
    silbe_draft_node *target = silbe_draft_node_of(d, to);
    d->arcs[index] = (silbe_draft_arc){
        logw, from, to, target->first_in, SILBE_NO_ARC, source->first_out, SILBE_NO_ARC};
    if (target->first_in != SILBE_NO_ARC) {
        d->arcs[target->first_in].prev_in = index;
    }
    if (source->first_out != SILBE_NO_ARC) {
        d->arcs[source->first_out].prev_out = index;
    }
    target->first_in = index;
    source->first_out = index;
    target->n_in++;
    source->n_out++;
}

static silbe_draft_node empty_node(void)
{
    return (silbe_draft_node){SILBE_NO_ARC, SILBE_NO_ARC, 0, 0, NONE, NONE, 0, NONE, NONE};
}

static uint32_t new_junction(silbe_draft *d, uint32_t word)
{
    uint32_t index = (uint32_t)d->g->n_junctions++;
    d->junctions[index] = empty_node();
    d->junctions[index].word = word;
    d->order[d->n_order++] = index | SILBE_JUNCTION_BIT;
    return index | SILBE_JUNCTION_BIT;
}

/* What a state is, but for its copy. */
typedef struct {
    silbe_trellis_state_kind kind;
    size_t class_index;
    size_t word;
    size_t pronunciation;
    size_t position;
} state_sort;

static uint32_t new_state(silbe_draft *d, const state_sort *sort, size_t copy, double stay)
{
    silbe_trellis *g = d->g;
    size_t s = g->n_states++;
    d->states[s] = empty_node();
    d->order[d->n_order++] = (uint32_t)s;
    g->class_of[s] = (int32_t)sort->class_index;
    g->kind_of[s] = (uint8_t)sort->kind;
    g->word_of[s] = (uint32_t)sort->word;
    g->pronunciation_of[s] = (uint32_t)sort->pronunciation;
    g->position_of[s] = (uint32_t)sort->position;
    g->copy_of[s] = (uint32_t)copy;
    g->stay[s] = stay;
    return (uint32_t)s;
}

/* Copies of a state; where to enter, where and at what price to leave. */
typedef struct {
    uint32_t first;
    uint32_t last;
    double leave;   /* ln of the geometric tail's end */
    size_t context; /* what may not follow at once; n_contexts - 1: anything may */
} chain;

static chain new_chain(silbe_draft *d, const state_sort *sort, silbe_trellis_duration duration,
                       size_t context)
{
    size_t n = silbe_trellis_min_of(duration);
    double stay = 0.0;
    double leave = 0.0;
    if (duration.expected_frames > 0.0) {
        double tail = duration.expected_frames - (double)n + 1.0;
        stay = log1p(-1.0 / tail);
        leave = -log(tail);
    }
    chain made = {0, 0, leave, context};
    for (size_t i = 0; i < n; i++) {
        bool is_last = i + 1 == n;
        uint32_t s = new_state(d, sort, i, is_last ? stay : SILBE_NEG_INF);
        if (i == 0) {
            made.first = s;
        } else {
            silbe_draft_link(d, s - 1, s, 0.0);
        }
        if (i >= 2 && duration.short_logp < 0.0) {
            silbe_draft_link(d, s - 2, s, duration.short_logp);
        }
        made.last = s;
    }
    return made;
}

static size_t n_contexts(const silbe_draft *d)
{
    return d->text->topology == SILBE_TRELLIS_CTC ? d->text->n_symbols + 1 : 1;
}

/* What follows a symbol must not be the same symbol, in CTC. */
static size_t context_of(const silbe_draft *d, int32_t symbol)
{
    return d->text->topology == SILBE_TRELLIS_CTC && symbol >= 0 ? (size_t)symbol
                                                                 : n_contexts(d) - 1;
}

static uint32_t junction_of(silbe_draft *d, uint32_t *map, size_t context, uint32_t word)
{
    if (map[context] == NONE) {
        map[context] = new_junction(d, word);
    }
    return map[context];
}

static void clear(const silbe_draft *d, uint32_t *map)
{
    memset(map, 0xff, n_contexts(d) * sizeof *map);
}

/* Arcs from all junctions of a map to a state, except where the context forbids it. */
static void enter(silbe_draft *d, const uint32_t *map, uint32_t to, size_t context, double logw)
{
    size_t any = n_contexts(d) - 1;
    for (size_t c = 0; c <= any; c++) {
        if (map[c] != NONE && (c != context || c == any)) {
            silbe_draft_link(d, map[c], to, logw);
        }
    }
}

static chain new_blank(silbe_draft *d, size_t gap)
{
    state_sort sort = {SILBE_TRELLIS_GAP_BLANK, d->text->n_symbols + SILBE_CLASS_GAP_BLANK, gap, 0,
                       0};
    return new_chain(d, &sort, (silbe_trellis_duration){1, 0.0, 0.0}, n_contexts(d) - 1);
}

/* A part of a gap and, in CTC, the blank behind it, which is returned too: n ends in ends. */
static size_t new_filler(silbe_draft *d, const state_sort *sort, silbe_trellis_duration duration,
                         size_t context, chain *ends)
{
    ends[0] = new_chain(d, sort, duration, context);
    if (d->text->topology != SILBE_TRELLIS_CTC) {
        return 1;
    }
    ends[1] = new_blank(d, sort->word);
    silbe_draft_link(d, ends[0].last, ends[1].first, ends[0].leave);
    return 2;
}

/* Arcs from the ends of fillers. */
static void follow(silbe_draft *d, const chain *ends, size_t n, uint32_t to, double logw)
{
    for (size_t i = 0; i < n; i++) {
        silbe_draft_link(d, ends[i].last, to, ends[i].leave + logw);
    }
}

/*
 * Gap b between the junctions d->before and those that are made in d->entry:
 *     [blank] [silence [blank]] [wildcard [blank] [silence [blank]]]
 */
static void draft_gap(silbe_draft *d, size_t b)
{
    const silbe_trellis_text *text = d->text;
    const silbe_trellis_gap *gap = silbe_trellis_gap_at(text, b);
    size_t any = n_contexts(d) - 1;
    size_t quiet = context_of(d, text->silence);
    state_sort silence = {SILBE_TRELLIS_GAP_SILENCE, text->n_symbols + SILBE_CLASS_GAP_SILENCE, b,
                          0, 0};
    state_sort wildcard = {SILBE_TRELLIS_GAP_WILDCARD, text->n_symbols + SILBE_CLASS_GAP_WILDCARD,
                           b, 0, 0};
    bool required = gap->silence == SILBE_TRELLIS_REQUIRED;
    silbe_trellis_duration silence_duration = silbe_trellis_silence_of(text, gap);
    chain ends[7];
    size_t n = 0;
    size_t n_early = 0; /* ends in front of a required silence: no way out */
    if (text->topology == SILBE_TRELLIS_CTC) {
        ends[n++] = new_blank(d, b);
        enter(d, d->before, ends[0].first, any, 0.0);
    }
    if (gap->silence != SILBE_TRELLIS_NEVER) {
        size_t n_blank = n;
        n += new_filler(d, &silence, silence_duration, quiet, ends + n);
        enter(d, d->before, ends[n_blank].first, quiet, gap->silence_logp);
        follow(d, ends, n_blank, ends[n_blank].first, gap->silence_logp);
        n_early = required ? n_blank : 0;
    }
    if (gap->wildcard != SILBE_TRELLIS_NEVER) {
        size_t at = n;
        n += new_filler(d, &wildcard, text->wildcard_duration, any, ends + n);
        if (!required) {
            enter(d, d->before, ends[at].first, any, gap->wildcard_logp);
        }
        follow(d, ends + n_early, at - n_early, ends[at].first, gap->wildcard_logp);
        if (gap->silence != SILBE_TRELLIS_NEVER) {
            size_t second = n;
            n += new_filler(d, &silence, silence_duration, quiet, ends + n);
            follow(d, ends + at, second - at, ends[second].first, gap->silence_logp);
        }
    }
    clear(d, d->entry);
    for (size_t c = 0; c <= any && !required; c++) {
        if (d->before[c] != NONE) {
            silbe_draft_link(d, d->before[c], junction_of(d, d->entry, c, (uint32_t)b), 0.0);
        }
    }
    for (size_t i = n_early; i < n; i++) {
        silbe_draft_link(d, ends[i].last, junction_of(d, d->entry, ends[i].context, (uint32_t)b),
                         ends[i].leave);
    }
}

/* One pronunciation, entered from d->entry. */
static chain draft_pronunciation(silbe_draft *d, size_t w, size_t p)
{
    const silbe_trellis_text *text = d->text;
    const silbe_trellis_pronunciation *pron = &text->words[w].pronunciations[p];
    chain before = {0};
    for (size_t i = 0; i < pron->n_symbols; i++) {
        int32_t symbol = pron->symbols[i];
        size_t class_index = symbol == SILBE_TRELLIS_WILDCARD
                                 ? text->n_symbols + SILBE_CLASS_WILDCARD
                                 : (size_t)symbol;
        chain blank = {0};
        bool with_blank = text->topology == SILBE_TRELLIS_CTC && i > 0;
        if (with_blank) {
            state_sort sort = {SILBE_TRELLIS_WORD_BLANK, (size_t)text->blank, w, p, i - 1};
            blank = new_chain(d, &sort, (silbe_trellis_duration){1, 0.0, 0.0}, n_contexts(d) - 1);
            silbe_draft_link(d, before.last, blank.first, before.leave);
        }
        state_sort sort = {SILBE_TRELLIS_SYMBOL, class_index, w, p, i};
        chain now =
            new_chain(d, &sort, silbe_trellis_duration_of(text, symbol), context_of(d, symbol));
        if (i == 0) {
            enter(d, d->entry, now.first, now.context, pron->logp);
            d->g->entries[d->g->n_entries++] = now.first;
        } else if (before.context != now.context || now.context == n_contexts(d) - 1) {
            silbe_draft_link(d, before.last, now.first, before.leave);
        }
        if (with_blank) {
            silbe_draft_link(d, blank.last, now.first, 0.0);
        }
        before = now;
    }
    d->last_state[p] = before.last;
    return before;
}

/* Word w and the junctions behind it, in d->after. */
static void draft_word(silbe_draft *d, size_t w)
{
    const silbe_trellis_word *word = &d->text->words[w];
    for (size_t p = 0; p < word->n_pronunciations; p++) {
        (void)draft_pronunciation(d, w, p);
    }
    clear(d, d->after);
    for (size_t p = 0; p < word->n_pronunciations; p++) {
        const silbe_trellis_pronunciation *pron = &word->pronunciations[p];
        int32_t symbol = pron->symbols[pron->n_symbols - 1];
        silbe_trellis_duration duration = silbe_trellis_duration_of(d->text, symbol);
        double tail = duration.expected_frames - (double)silbe_trellis_min_of(duration) + 1.0;
        double leave = duration.expected_frames > 0.0 ? -log(tail) : 0.0;
        silbe_draft_link(d, d->last_state[p], junction_of(d, d->after, context_of(d, symbol), NONE),
                         leave);
    }
}

/* Ways from the junctions in `from` to those behind the word in hand. */
static void draft_skip(silbe_draft *d, const uint32_t *from, double logw)
{
    for (size_t c = 0; c < n_contexts(d) && logw > SILBE_NEG_INF; c++) {
        if (from[c] != NONE) {
            silbe_draft_link(d, from[c], junction_of(d, d->after, c, NONE), logw);
        }
    }
}

void silbe_draft_text(silbe_draft *d)
{
    const silbe_trellis_text *text = d->text;
    size_t line = 0;
    clear(d, d->before);
    (void)junction_of(d, d->before, n_contexts(d) - 1, NONE);
    for (size_t w = 0; w < text->n_words; w++) {
        draft_gap(d, w);
        draft_word(d, w);
        draft_skip(d, d->before, text->words[w].skip_logp);
        if (line < text->n_lines && text->lines[line].begin_word == w) {
            memcpy(d->line, d->before, n_contexts(d) * sizeof *d->line);
        }
        if (line < text->n_lines && text->lines[line].end_word == w + 1) {
            draft_skip(d, d->line, text->lines[line].skip_logp);
            line++;
        }
        uint32_t *behind = d->after;
        d->after = d->before;
        d->before = behind;
    }
    draft_gap(d, text->n_words);
    uint32_t end = new_junction(d, NONE);
    for (size_t c = 0; c < n_contexts(d); c++) {
        if (d->entry[c] != NONE) {
            silbe_draft_link(d, d->entry[c], end, 0.0);
        }
    }
}
