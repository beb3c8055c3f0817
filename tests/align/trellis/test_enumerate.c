/* The trellis against the sum over all paths, written down from the text without any graph. */
#include "trellis_test.h"

#include <math.h>

enum { MOST_UNITS = 40 };

/* Something that lasts: a symbol of a word, a silence or a wildcard. */
typedef struct {
    size_t class_index; /* symbol, or S for the wildcard */
    bool in_gap;
    bool begins_word;
    size_t word;
    silbe_trellis_duration duration;
} unit;

typedef struct {
    const trellis_case *c;
    double e[8][MOST_SYMBOLS + 1];
    unit units[MOST_UNITS];
    size_t n_units;
    double total; /* sum of probabilities, not logarithms: tiny cases */
    double best;
    double mass[8][MOST_SYMBOLS + 1];
    double onset[8][MOST_WORDS];
    size_t frame_class[8];
    size_t unit_begin[MOST_UNITS];
} enumeration;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The formulas of emissions.h. */
static void fill_emissions(enumeration *n)
{
    const silbe_trellis_emissions *em = &n->c->emissions;
    size_t size = em->n_symbols;
    for (size_t t = 0; t < em->n_frames; t++) {
        double sorted[MOST_SYMBOLS];
        size_t m = 0;
        double sum = 0.0;
        for (size_t k = 0; k < size; k++) {
            double x = (double)em->values[t * size + k];
            x -= em->log_prior == NULL ? 0.0 : em->prior_scale * em->log_prior[k];
            x *= em->scale == 0.0 ? 1.0 : em->scale;
            x -= n->c->text.topology == SILBE_TRELLIS_CTC && k == 0 ? em->blank_penalty : 0.0;
            n->e[t][k] = x;
            if (em->wildcard_symbols == NULL || em->wildcard_symbols[k]) {
                sorted[m++] = x;
                sum += exp(x);
            }
        }
        qsort(sorted, m, sizeof *sorted, ascending);
        double any = em->wildcard_rule == SILBE_WILDCARD_MAX ? sorted[m - 1]
                     : em->wildcard_rule == SILBE_WILDCARD_LOGSUM
                         ? log(sum)
                         : sorted[(size_t)(em->wildcard_percentile * (double)(m - 1))];
        n->e[t][size] = any - em->wildcard_penalty;
    }
}

static bool in_region(const trellis_case *c, size_t t)
{
    for (size_t i = 0; i < c->text.n_regions; i++) {
        if (t >= c->regions[i].begin_frame && t < c->regions[i].end_frame) {
            return true;
        }
    }
    return false;
}

static bool anchors_hold(const trellis_case *c, size_t word, size_t t)
{
    for (size_t i = 0; i < c->text.n_anchors; i++) {
        const silbe_trellis_anchor *a = &c->anchors[i];
        size_t of = a->is_line ? c->lines[a->index].begin_word : a->index;
        if (of == word && (t < a->begin_frame || t >= a->end_frame)) {
            return false;
        }
    }
    return true;
}

static void count_path(enumeration *n, double logp)
{
    double p = exp(logp);
    n->total += p;
    n->best = logp > n->best ? logp : n->best;
    for (size_t t = 0; t < n->c->n_frames; t++) {
        n->mass[t][n->frame_class[t]] += p;
    }
    for (size_t i = 0; i < n->n_units; i++) {
        if (n->units[i].begins_word) {
            n->onset[n->unit_begin[i]][n->units[i].word] += p;
        }
    }
}

static void place(enumeration *n, size_t i, size_t t, double logp);

static size_t binomial(size_t n, size_t k)
{
    size_t product = 1;
    for (size_t i = 0; i < k; i++) {
        product = product * (n - i) / (i + 1);
    }
    return k <= n ? product : 0;
}

/* Unit i for all durations from frame t on. */
static void place_unit(enumeration *n, size_t i, size_t t, double logp)
{
    const unit *u = &n->units[i];
    size_t copies = u->duration.min_frames;
    double a = u->duration.short_logp;
    double tail = u->duration.expected_frames - (double)copies + 1.0;
    bool model = u->duration.expected_frames > 0.0;
    if (u->begins_word && !anchors_hold(n->c, u->word, t)) {
        return;
    }
    n->unit_begin[i] = t;
    for (size_t f = t; f < n->c->n_frames; f++) {
        if (!u->in_gap && in_region(n->c, f)) {
            return;
        }
        n->frame_class[f] = u->class_index;
        logp += n->e[f][u->class_index];
        size_t length = f - t + 1;
        /* All ways to leave out `left` copies, no two neighbours and not the first or last. */
        for (size_t left = 0; left <= (a < 0.0 ? (copies - 1) / 2 : 0); left++) {
            size_t taken = copies - left;
            if (length < taken) {
                continue;
            }
            double more = (double)(length - taken);
            double weight =
                !model ? 0.0 : (more > 0.0 ? more * log1p(-1.0 / tail) : 0.0) - log(tail);
            for (size_t way = 0; way < binomial(taken - 1, left); way++) {
                place(n, i + 1, f + 1, logp + weight + (left > 0 ? (double)left * a : 0.0));
            }
        }
    }
}

/* Units i and later from frame t on, with all blanks that may lie before them. */
static void place(enumeration *n, size_t i, size_t t, double logp)
{
    const trellis_case *c = n->c;
    bool end = i == n->n_units;
    if (logp == -(double)INFINITY) {
        return;
    }
    if (end && t == c->n_frames) {
        count_path(n, logp);
        return;
    }
    bool ctc = c->text.topology == SILBE_TRELLIS_CTC;
    bool same = ctc && !end && i > 0 && n->units[i].class_index == n->units[i - 1].class_index &&
                n->units[i].class_index < c->text.n_symbols;
    if (!end && !same) {
        place_unit(n, i, t, logp);
    }
    bool inside = i > 0 && !end && !n->units[i].in_gap && !n->units[i].begins_word;
    for (size_t f = t; ctc && f < c->n_frames; f++) {
        if (inside && in_region(c, f)) {
            return;
        }
        logp += n->e[f][0];
        n->frame_class[f] = 0;
        if (end) {
            if (f + 1 == c->n_frames && logp > -(double)INFINITY) {
                count_path(n, logp);
            }
        } else if (logp > -(double)INFINITY) {
            place_unit(n, i, f + 1, logp);
            /* what follows overwrote the frames behind f only */
        }
    }
}

static void choose(enumeration *n, size_t w, double logp);

static void add_filler(enumeration *n, const silbe_trellis_gap *gap, bool wildcard)
{
    const silbe_trellis_text *text = &n->c->text;
    silbe_trellis_duration silence = text->silence_duration;
    silence.expected_frames =
        gap->silence_frames > 0.0 ? gap->silence_frames : silence.expected_frames;
    n->units[n->n_units++] = (unit){wildcard ? text->n_symbols : (size_t)text->silence, true, false,
                                    0, wildcard ? text->wildcard_duration : silence};
}

static void choose_word(enumeration *n, size_t w, double logp)
{
    const silbe_trellis_text *text = &n->c->text;
    size_t kept = n->n_units;
    if (w == text->n_words) {
        place(n, 0, 0, logp);
        return;
    }
    for (size_t p = 0; p < text->words[w].n_pronunciations; p++) {
        const silbe_trellis_pronunciation *pron = &text->words[w].pronunciations[p];
        for (size_t i = 0; i < pron->n_symbols; i++) {
            int32_t k = pron->symbols[i];
            silbe_trellis_duration plain = {1, 0.0, 0.0};
            silbe_trellis_duration d = k < 0                     ? text->wildcard_duration
                                       : text->durations != NULL ? text->durations[k]
                                                                 : plain;
            n->units[n->n_units++] =
                (unit){k < 0 ? text->n_symbols : (size_t)k, false, i == 0, w, d};
        }
        choose(n, w + 1, logp + pron->logp);
        n->n_units = kept;
    }
}

/* All ways through gap w, word w and what follows. */
static void choose(enumeration *n, size_t w, double logp)
{
    const silbe_trellis_text *text = &n->c->text;
    bool edge = false;
    for (size_t i = 0; i < text->n_lines; i++) {
        const silbe_trellis_line *line = &text->lines[i];
        edge = edge || line->begin_word == w || line->end_word == w;
        if (line->begin_word == w && w < text->n_words && line->skip_logp > -(double)INFINITY) {
            choose(n, line->end_word, logp + line->skip_logp);
        }
    }
    if (w < text->n_words && text->words[w].skip_logp > -(double)INFINITY) {
        choose(n, w + 1, logp + text->words[w].skip_logp);
    }
    silbe_trellis_gap gap = w == 0               ? text->gap_first
                            : w == text->n_words ? text->gap_last
                            : edge               ? text->gap_lines
                                                 : text->gap_words;
    bool silence = gap.silence != SILBE_TRELLIS_NEVER;
    size_t kept = n->n_units;
    for (int form = 0; form < 8; form++) { /* silence 1, wildcard 2, silence behind it 4 */
        bool first = form & 1;
        bool any = (form & 2) != 0;
        bool second = (form & 4) != 0;
        if ((!silence && (first || second)) || (second && !any) ||
            (any && gap.wildcard == SILBE_TRELLIS_NEVER) ||
            (gap.silence == SILBE_TRELLIS_REQUIRED && !first)) {
            continue;
        }
        double w_logp =
            (first + second) * (silence ? gap.silence_logp : 0.0) + (any ? gap.wildcard_logp : 0.0);
        if (first) {
            add_filler(n, &gap, false);
        }
        if (any) {
            add_filler(n, &gap, true);
        }
        if (second) {
            add_filler(n, &gap, false);
        }
        choose_word(n, w, logp + w_logp);
        n->n_units = kept;
    }
}

/* Mass of symbols from that of classes: the wildcard's goes to whom its rule says. */
static void check_gradient(const enumeration *n, const float *gradient)
{
    const silbe_trellis_emissions *em = &n->c->emissions;
    size_t size = em->n_symbols;
    double scale = em->scale == 0.0 ? 1.0 : em->scale;
    for (size_t t = 0; t < em->n_frames; t++) {
        double any = n->mass[t][size] / n->total;
        double sum = 0.0;
        for (size_t k = 0; k < size; k++) {
            double rest = -(double)gradient[t * size + k] / scale - n->mass[t][k] / n->total;
            sum += rest;
            if (em->wildcard_rule == SILBE_WILDCARD_LOGSUM) {
                bool in = em->wildcard_symbols == NULL || em->wildcard_symbols[k];
                double part =
                    in && any > 0.0 ? exp(n->e[t][k] - n->e[t][size] - em->wildcard_penalty) : 0.0;
                check_close(rest, any * part, 1e-6);
            } else if (fabs(rest) > 1e-6) { /* all of it to a symbol with the chosen value */
                check_close(rest, any, 1e-6);
                check_close(n->e[t][k] - em->wildcard_penalty, n->e[t][size], 1e-12);
            }
        }
        check_close(sum, any, 1e-6);
    }
}

static void check_case(const trellis_case *c, bool small, size_t *n_feasible)
{
    silbe_err err = SILBE_ERR_INIT;
    enumeration n = {.c = c, .best = -(double)INFINITY};
    fill_emissions(&n);
    choose(&n, 0, 0.0);
    void *memory = NULL;
    silbe_trellis *g = NULL;
    silbe_trellis_options options = {small ? 1 : 0, 0.0, small};
    silbe_status status = trellis_build(&c->text, c->n_frames, &memory, &g, &err);
    uint32_t path[8];
    double p[MOST_WORDS][8];
    float gradient[8 * MOST_SYMBOLS];
    silbe_trellis_onset onsets[MOST_WORDS] = {0};
    for (size_t w = 0; w < c->text.n_words; w++) {
        onsets[w] = (silbe_trellis_onset){.end_frame = c->n_frames, .p = p[w]};
    }
    silbe_trellis_wanted wanted = {
        .gradient = gradient, .gradient_stride = c->text.n_symbols, .onsets = onsets};
    silbe_trellis_viterbi_result best = {0};
    double loss = 0.0;
    if (status == SILBE_OK) {
        status = trellis_viterbi(g, &c->emissions, &options, path, &best, &err);
        assert_int_equal(status,
                         trellis_posterior(g, &c->emissions, &wanted, &options, &loss, &err));
    }
    if (n.total == 0.0) {
        assert_int_equal(status, SILBE_ERR_INFEASIBLE);
        free(memory);
        return;
    }
    check_ok(status, err);
    ++*n_feasible;
    check_close(best.logp, n.best, 1e-5);
    check_close(-loss, log(n.total), 1e-10);
    for (size_t w = 0; w < c->text.n_words; w++) {
        double total = 0.0;
        for (size_t t = 0; t < c->n_frames; t++) {
            check_close(p[w][t], n.onset[t][w] / n.total, 1e-10);
            total += p[w][t];
        }
        check_close(onsets[w].total, total, 1e-12);
    }
    check_gradient(&n, gradient);
    free(memory);
}

static void all_paths(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20301);
    size_t n_feasible = 0;
    for (size_t i = 0; i < 3000; i++) {
        trellis_case c;
        size_t n_frames = 1 + trellis_below(&rng, 7);
        trellis_random_case(&rng, n_frames, 1 + trellis_below(&rng, 3), false, &c);
        check_case(&c, i % 2 == 0, &n_feasible);
        free(c.values);
    }
    print_message("%zu of 3000 have a path\n", n_feasible);
    assert_true(n_feasible > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_paths)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
