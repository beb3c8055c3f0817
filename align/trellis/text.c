/* What a text is made of: checks, and upper bounds of its graph. */
#include <math.h>

#include "align/trellis/graph.h"

static silbe_status check_logp(double logp, const char *what, size_t index, silbe_err *err)
{
    if (!(logp <= 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: %s %zu: logarithm of a probability should be <= 0, got %g",
                          what, index, logp);
    }
    return SILBE_OK;
}

static silbe_status check_duration(silbe_trellis_duration duration, const char *what, size_t index,
                                   silbe_err *err)
{
    double least = (double)silbe_trellis_min_of(duration);
    bool good = duration.expected_frames == 0.0 ||
                (isfinite(duration.expected_frames) && duration.expected_frames >= least);
    if (!good) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: duration of %s %zu: %g frames expected, should be 0 (no model) "
                          "or at least min_frames = %g",
                          what, index, duration.expected_frames, least);
    }
    if (!(duration.short_logp <= 0.0) || !isfinite(duration.short_logp)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: duration of %s %zu: short_logp %g, should be finite and <= 0",
                          what, index, duration.short_logp);
    }
    return SILBE_OK;
}

static silbe_status check_symbols(const silbe_trellis_text *text, size_t word, size_t p,
                                  silbe_err *err)
{
    const silbe_trellis_pronunciation *pron = &text->words[word].pronunciations[p];
    if (pron->symbols == NULL || pron->n_symbols == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: pronunciation %zu of word %zu has no symbols", p, word);
    }
    for (size_t i = 0; i < pron->n_symbols; i++) {
        int32_t symbol = pron->symbols[i];
        if (symbol == SILBE_TRELLIS_WILDCARD) {
            continue;
        }
        if (symbol < 0 || (size_t)symbol >= text->n_symbols) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "trellis: symbol %zu of word %zu (pronunciation %zu) is %ld; there "
                              "are symbols 0 to %zu",
                              i, word, p, (long)symbol, text->n_symbols - 1);
        }
        if (text->topology == SILBE_TRELLIS_CTC && symbol == text->blank) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "trellis: symbol %zu of word %zu (pronunciation %zu) is the blank, "
                              "%ld; blanks are set by the topology",
                              i, word, p, (long)symbol);
        }
    }
    return check_logp(pron->logp, "pronunciation of word", word, err);
}

static silbe_status check_words(const silbe_trellis_text *text, silbe_err *err)
{
    for (size_t w = 0; w < text->n_words; w++) {
        const silbe_trellis_word *word = &text->words[w];
        if (word->pronunciations == NULL || word->n_pronunciations == 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: word %zu has no pronunciation", w);
        }
        silbe_status status = check_logp(word->skip_logp, "skipping word", w, err);
        for (size_t p = 0; status == SILBE_OK && p < word->n_pronunciations; p++) {
            status = check_symbols(text, w, p, err);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status check_lines(const silbe_trellis_text *text, silbe_err *err)
{
    size_t at = 0;
    for (size_t i = 0; i < text->n_lines; i++) {
        const silbe_trellis_line *line = &text->lines[i];
        if (line->begin_word < at || line->begin_word >= line->end_word ||
            line->end_word > text->n_words) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "trellis: line %zu has words [%zu, %zu); lines should be in order, "
                              "not empty, from word %zu on and within %zu words",
                              i, line->begin_word, line->end_word, at, text->n_words);
        }
        at = line->end_word;
        silbe_status status = check_logp(line->skip_logp, "skipping line", i, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

static silbe_status check_gap(const silbe_trellis_text *text, size_t index, silbe_err *err)
{
    const silbe_trellis_gap *gap = silbe_trellis_gap_at(text, index);
    bool known = (unsigned)gap->silence <= SILBE_TRELLIS_REQUIRED &&
                 (unsigned)gap->wildcard <= SILBE_TRELLIS_OPTIONAL;
    if (!known) {
        return silbe_fail(
            err, SILBE_ERR_ARGUMENT,
            "trellis: gap %zu: silence %d, wildcard %d; silence may be never, optional "
            "or required, the wildcard never or optional",
            index, (int)gap->silence, (int)gap->wildcard);
    }
    if (gap->silence != SILBE_TRELLIS_NEVER && text->silence == SILBE_TRELLIS_NONE) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: gap %zu allows silence, but no symbol stands for it", index);
    }
    silbe_status status = SILBE_OK;
    if (gap->silence != SILBE_TRELLIS_NEVER) {
        status = check_logp(gap->silence_logp, "silence of gap", index, err);
    }
    if (status == SILBE_OK && gap->silence != SILBE_TRELLIS_NEVER) {
        status =
            check_duration(silbe_trellis_silence_of(text, gap), "the silence of gap", index, err);
    }
    if (status == SILBE_OK && gap->wildcard != SILBE_TRELLIS_NEVER) {
        status = check_logp(gap->wildcard_logp, "wildcard of gap", index, err);
    }
    return status;
}

static silbe_status check_times(const silbe_trellis_text *text, silbe_err *err)
{
    for (size_t i = 0; i < text->n_anchors; i++) {
        const silbe_trellis_anchor *a = &text->anchors[i];
        size_t most = a->is_line ? text->n_lines : text->n_words;
        if (a->index >= most) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "trellis: anchor %zu is on %s %zu; there are %zu", i,
                              a->is_line ? "line" : "word", a->index, most);
        }
        if (a->begin_frame >= a->end_frame) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "trellis: anchor %zu has frames [%zu, %zu), which is empty", i,
                              a->begin_frame, a->end_frame);
        }
    }
    size_t at = 0;
    for (size_t i = 0; i < text->n_regions; i++) {
        const silbe_trellis_region *r = &text->regions[i];
        if (r->begin_frame < at || r->begin_frame >= r->end_frame) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "trellis: region %zu has frames [%zu, %zu); regions should be in "
                              "order, not empty and from frame %zu on",
                              i, r->begin_frame, r->end_frame, at);
        }
        at = r->end_frame;
    }
    return SILBE_OK;
}

static silbe_status check_scalars(const silbe_trellis_text *text, silbe_err *err)
{
    if (text == NULL || text->words == NULL || text->n_words == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: the text has no words");
    }
    if ((text->n_lines > 0 && text->lines == NULL) ||
        (text->n_anchors > 0 && text->anchors == NULL) ||
        (text->n_regions > 0 && text->regions == NULL)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s are missing (NULL)",
                          text->n_lines > 0 && text->lines == NULL       ? "lines"
                          : text->n_anchors > 0 && text->anchors == NULL ? "anchors"
                                                                         : "regions");
    }
    if ((unsigned)text->topology >= SILBE_TRELLIS_N_TOPOLOGIES) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: there is no topology %d",
                          (int)text->topology);
    }
    if (text->n_symbols == 0 || text->n_symbols > INT32_MAX - SILBE_N_EXTRA_CLASSES) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: number of symbols should be 1 to %ld, got %zu",
                          (long)(INT32_MAX - SILBE_N_EXTRA_CLASSES), text->n_symbols);
    }
    if (text->topology == SILBE_TRELLIS_CTC &&
        (text->blank < 0 || (size_t)text->blank >= text->n_symbols)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: the blank is %ld; there are symbols 0 to %zu",
                          (long)text->blank, text->n_symbols - 1);
    }
    if (text->silence != SILBE_TRELLIS_NONE &&
        (text->silence < 0 || (size_t)text->silence >= text->n_symbols)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: the silence is %ld; there are symbols 0 to %zu",
                          (long)text->silence, text->n_symbols - 1);
    }
    return SILBE_OK;
}

silbe_status silbe_trellis_text_check(const silbe_trellis_text *text, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, check_scalars(text, err));
    for (size_t i = 0; !silbe_failed(err) && text->durations != NULL && i < text->n_symbols; i++) {
        silbe_try(err, check_duration(text->durations[i], "symbol", i, err));
    }
    silbe_try(err, check_duration(text->silence_duration, "the silence", 0, err));
    silbe_try(err, check_duration(text->wildcard_duration, "the wildcard", 0, err));
    silbe_try(err, check_words(text, err));
    silbe_try(err, check_lines(text, err));
    for (size_t i = 0; !silbe_failed(err) && i <= text->n_words; i++) {
        silbe_try(err, check_gap(text, i, err));
    }
    silbe_try(err, check_times(text, err));
    return err->status;
}

/* Whether a line begins at word w or ended before it. */
static bool at_line(const silbe_trellis_text *text, size_t w)
{
    size_t low = 0;
    size_t high = text->n_lines;
    while (low < high) { /* first line with begin_word >= w */
        size_t middle = low + (high - low) / 2;
        if (text->lines[middle].begin_word < w) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (low < text->n_lines && text->lines[low].begin_word == w) ||
           (low > 0 && text->lines[low - 1].end_word == w);
}

const silbe_trellis_gap *silbe_trellis_gap_at(const silbe_trellis_text *text, size_t gap)
{
    if (text->gaps != NULL) {
        return &text->gaps[gap];
    }
    if (gap == 0) {
        return &text->gap_first;
    }
    if (gap == text->n_words) {
        return &text->gap_last;
    }
    return at_line(text, gap) ? &text->gap_lines : &text->gap_words;
}

silbe_trellis_duration silbe_trellis_duration_of(const silbe_trellis_text *text, int32_t symbol)
{
    silbe_trellis_duration none = {1, 0.0};
    if (symbol == SILBE_TRELLIS_WILDCARD) {
        return text->wildcard_duration;
    }
    return text->durations == NULL ? none : text->durations[symbol];
}

silbe_trellis_duration silbe_trellis_silence_of(const silbe_trellis_text *text,
                                                const silbe_trellis_gap *gap)
{
    silbe_trellis_duration duration = text->silence_duration;
    if (gap->silence_frames != 0.0) {
        duration.expected_frames = gap->silence_frames;
    }
    return duration;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* States and arcs of the words' pronunciations themselves. */
static void count_word(const silbe_trellis_text *text, const silbe_trellis_word *word,
                       silbe_trellis_counts *c)
{
    for (size_t p = 0; p < word->n_pronunciations; p++) {
        const silbe_trellis_pronunciation *pron = &word->pronunciations[p];
        size_t states = text->topology == SILBE_TRELLIS_CTC ? pron->n_symbols : 0;
        for (size_t i = 0; i < pron->n_symbols; i++) {
            states = silbe_size_add(
                states, silbe_trellis_min_of(silbe_trellis_duration_of(text, pron->symbols[i])));
        }
        c->n_states = silbe_size_add(c->n_states, states);
        /* Two into each copy, one more past each blank, and the ends. */
        size_t arcs = silbe_size_add(silbe_size_mul(2, states), silbe_size_mul(2, pron->n_symbols));
        c->n_arcs = silbe_size_add(c->n_arcs, silbe_size_add(arcs, 2));
    }
    c->n_entries = silbe_size_add(c->n_entries, word->n_pronunciations);
    if (word->n_pronunciations > c->most_pronunciations) {
        c->most_pronunciations = word->n_pronunciations;
    }
}

silbe_status silbe_trellis_count(const silbe_trellis_text *text, silbe_trellis_counts *counts,
                                 silbe_err *err)
{
    silbe_trellis_counts c = {0};
    c.n_junctions = 1;
    size_t contexts = 1; /* in front of the gap */
    size_t line_contexts = 1;
    size_t line = 0;
    size_t most_contexts = text->topology == SILBE_TRELLIS_CTC ? text->n_symbols + 1 : 1;
    size_t filler = silbe_size_add(
        4, silbe_size_add(silbe_size_mul(2, silbe_trellis_min_of(text->silence_duration)),
                          silbe_trellis_min_of(text->wildcard_duration)));
    for (size_t w = 0; w <= text->n_words; w++) {
        size_t next = w < text->n_words ? text->words[w].n_pronunciations : 1;
        const silbe_trellis_gap *gap = silbe_trellis_gap_at(text, w);
        bool filled = gap->silence != SILBE_TRELLIS_NEVER || gap->wildcard != SILBE_TRELLIS_NEVER;
        c.n_states = silbe_size_add(c.n_states, filled ? filler : 1);
        c.n_junctions = silbe_size_add(c.n_junctions, 2 * contexts + 2);
        c.n_arcs = silbe_size_add(c.n_arcs, 6 * contexts + 16);
        c.n_arcs = silbe_size_add(c.n_arcs, filled ? silbe_size_mul(2, filler) : 1);
        c.n_arcs = silbe_size_add(c.n_arcs, silbe_size_mul(contexts + 2, next));
        if (w == text->n_words) {
            break;
        }
        const silbe_trellis_word *word = &text->words[w];
        count_word(text, word, &c);
        if (line < text->n_lines && text->lines[line].begin_word == w) {
            line_contexts = contexts;
        }
        contexts =
            silbe_size_add(word->n_pronunciations, word->skip_logp > -INFINITY ? contexts : 0);
        if (line < text->n_lines && text->lines[line].end_word == w + 1) {
            contexts = silbe_size_add(contexts,
                                      text->lines[line].skip_logp > -INFINITY ? line_contexts : 0);
            line++;
        }
        contexts = least(contexts, most_contexts);
    }
    if (c.n_states > SILBE_TRELLIS_MAX_STATES || c.n_arcs > UINT32_MAX / 2 ||
        c.n_junctions > SILBE_TRELLIS_MAX_STATES) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "trellis: %zu words need up to %zu states and %zu arcs, more than %ld; "
                          "are the minimum durations meant to be so long?",
                          text->n_words, c.n_states, c.n_arcs, (long)SILBE_TRELLIS_MAX_STATES);
    }
    *counts = c;
    return SILBE_OK;
}
