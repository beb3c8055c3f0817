/* A plain chain: the kernels of align/ctc and the sweeps over the trellis find the same. */
#include "trellis_test.h"

#include "align/trellis/solve.h"

enum { FRAMES = 60 };

/* Results and the arrays that they are in. */
typedef struct {
    silbe_trellis_word_result words[MOST_WORDS];
    silbe_trellis_label_result labels[MOST_WORDS * MOST_LENGTH];
    silbe_trellis_line_result lines[MOST_WORDS];
    uint32_t path[FRAMES];
    silbe_trellis_alignment a;
} outcome;

static void outcome_new(outcome *o)
{
    memset(o, 0, sizeof *o);
    o->a = (silbe_trellis_alignment){.words = o->words,
                                     .labels = o->labels,
                                     .label_capacity = MOST_WORDS * MOST_LENGTH,
                                     .lines = o->lines,
                                     .path = o->path};
}

/* Whatever trellis_random_case made, without what a plain chain must not have. */
static void make_plain(check_rng *rng, bool integers, trellis_case *c)
{
    silbe_trellis_text *text = &c->text;
    bool silent = text->n_symbols > 2 && trellis_chance(rng, 0.5);
    silbe_trellis_gap never = {SILBE_TRELLIS_NEVER, 0.0, SILBE_TRELLIS_NEVER, 0.0};
    silbe_trellis_gap inner = never;
    text->topology = SILBE_TRELLIS_CTC;
    text->durations = NULL;
    text->silence_duration = (silbe_trellis_duration){0, 0.0, 0.0};
    text->n_anchors = text->n_regions = 0;
    text->silence = silent ? (int32_t)text->n_symbols - 1 : SILBE_TRELLIS_NONE;
    inner.silence = silent ? SILBE_TRELLIS_REQUIRED : SILBE_TRELLIS_NEVER;
    text->gap_words = text->gap_lines = inner;
    text->gap_first = text->gap_last = trellis_chance(rng, 0.2) ? inner : never;
    for (size_t w = 0; w < text->n_words; w++) {
        c->words[w].n_pronunciations = 1;
        c->words[w].skip_logp = -(double)INFINITY;
        c->prons[w][0].logp = 0.0;
        for (size_t i = 0; i < c->prons[w][0].n_symbols; i++) {
            c->symbols[w][0][i] = (int32_t)(1 + trellis_below(rng, text->n_symbols - 1));
        }
    }
    for (size_t i = 0; i < text->n_lines; i++) {
        c->lines[i].skip_logp = -(double)INFINITY;
    }
    c->emissions.scale = trellis_chance(rng, 0.5) ? 1.0 : 0.0;
    c->emissions.blank_penalty = integers ? 1.5 : c->emissions.blank_penalty;
    c->emissions.logits = !integers && trellis_chance(rng, 0.3);
}

static silbe_trellis_align_options random_options(check_rng *rng)
{
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    options.near_frames = trellis_below(rng, 6);
    options.window_frames = FRAMES; /* so that nothing lies outside */
    options.llr_threshold = -2.0;
    options.kernel.portable = trellis_chance(rng, 0.3);
    return options;
}

/* By the sweeps, whatever the text is. */
static silbe_status align(const trellis_case *c, const silbe_trellis_align_options *options,
                          outcome *o, silbe_err *err)
{
    void *memory = NULL;
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    outcome_new(o);
    silbe_status status = trellis_build(&c->text, c->n_frames, &memory, &g, err);
    if (status == SILBE_OK) {
        check_ok(silbe_trellis_align_size(g, options, &bytes, err), *err);
        void *scratch = trellis_alloc(bytes);
        status =
            silbe_trellis_align(&c->text, g, &c->emissions, options, scratch, bytes, &o->a, err);
        free(scratch);
    }
    free(memory);
    return status;
}

static void check_words(const trellis_case *c, const outcome *x, const outcome *y)
{
    for (size_t w = 0; w < c->text.n_words; w++) {
        const silbe_trellis_word_result *one = &x->words[w], *other = &y->words[w];
        assert_int_equal(one->begin_frame, other->begin_frame);
        assert_int_equal(one->end_frame, other->end_frame);
        assert_int_equal(one->lo_frame, other->lo_frame);
        assert_int_equal(one->hi_frame, other->hi_frame);
        assert_int_equal(one->matched, other->matched);
        assert_int_equal(one->skipped, other->skipped);
        assert_int_equal(one->pronunciation, other->pronunciation);
        check_close(one->llr, other->llr, 0);
        check_close(one->p_sung, other->p_sung, 1e-9);
        check_close(one->mass_near, other->mass_near, 1e-9);
        check_close(one->confidence, other->confidence, 1e-9);
        check_close(one->expected_frame, other->expected_frame, 1e-7);
        check_close(one->spread_frames, other->spread_frames, 1e-5);
    }
}

static void check_same(const trellis_case *c, const outcome *x, const outcome *y)
{
    check_close(x->a.viterbi_logp, y->a.viterbi_logp, 0);
    check_close(x->a.loss, y->a.loss, 1e-9);
    assert_false(x->a.maybe_cut || y->a.maybe_cut);
    assert_memory_equal(x->path, y->path, c->n_frames * sizeof *x->path);
    check_words(c, x, y);
    assert_int_equal(x->a.n_labels, y->a.n_labels);
    for (size_t i = 0; i < x->a.n_labels; i++) {
        const silbe_trellis_label_result *one = &x->labels[i], *other = &y->labels[i];
        assert_int_equal(one->word, other->word);
        assert_int_equal(one->position, other->position);
        assert_int_equal(one->symbol, other->symbol);
        assert_int_equal(one->begin_frame, other->begin_frame);
        assert_int_equal(one->end_frame, other->end_frame);
        assert_int_equal(one->matched, other->matched);
        check_close(one->confidence, other->confidence, 1e-9);
    }
    for (size_t i = 0; i < c->text.n_lines; i++) {
        const silbe_trellis_line_result *one = &x->lines[i], *other = &y->lines[i];
        assert_int_equal(one->matched, other->matched);
        assert_int_equal(one->begin_frame, other->begin_frame);
        assert_int_equal(one->end_frame, other->end_frame);
        assert_int_equal(one->lo_frame, other->lo_frame);
        assert_int_equal(one->hi_frame, other->hi_frame);
        check_close(one->confidence, other->confidence, 1e-9);
    }
}

/* Solves both ways and compares; returns whether there is a path. */
static bool agree(const trellis_case *c, const silbe_trellis_align_options *options, bool is_chain)
{
    static outcome fast, slow;
    silbe_err err = SILBE_ERR_INIT;
    silbe_trellis_solution solution = {0};
    outcome_new(&fast);
    silbe_status status =
        silbe_trellis_solve(&c->text, &c->emissions, options, SIZE_MAX, &fast.a, &solution, &err);
    assert_int_equal(solution.is_chain, is_chain);
    assert_int_equal(status, align(c, options, &slow, &err));
    if (status == SILBE_OK) {
        check_same(c, &fast, &slow);
    } else {
        assert_int_equal(status, SILBE_ERR_INFEASIBLE);
    }
    return status == SILBE_OK;
}

/* Whole numbers, with ties, and others; now and then too few frames or no path. */
static void chains_agree(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    size_t n_solved = 0;
    enum { N_ROUNDS = 1500 };
    for (int round = 0; round < N_ROUNDS; round++) {
        bool integers = round % 2 == 0;
        trellis_case c;
        trellis_random_case(&rng, 4 + trellis_below(&rng, FRAMES - 4),
                            1 + trellis_below(&rng, MOST_WORDS), integers, &c);
        make_plain(&rng, integers, &c);
        silbe_trellis_align_options options = random_options(&rng);
        n_solved += agree(&c, &options, true);
        free(c.values);
    }
    assert_true(n_solved > N_ROUNDS / 2 && n_solved < N_ROUNDS);
}

/* A plain song of two words with a silence between, 40 frames, no impossible ones. */
static void plain_case(trellis_case *c)
{
    check_rng rng = check_rng_new(3);
    trellis_random_case(&rng, 40, 2, false, c);
    make_plain(&rng, false, c);
    free(c->values);
    c->text.n_symbols = c->emissions.n_symbols = c->emissions.row_stride = MOST_SYMBOLS;
    c->values = trellis_alloc(40 * MOST_SYMBOLS * sizeof *c->values);
    for (size_t i = 0; i < (size_t)40 * MOST_SYMBOLS; i++) {
        c->values[i] = (float)(-4.0 * check_uniform(&rng));
    }
    c->emissions.values = c->values;
    c->text.silence = MOST_SYMBOLS - 1;
    c->text.gap_words = c->text.gap_lines = (silbe_trellis_gap){.silence = SILBE_TRELLIS_REQUIRED};
    c->lines[0] = (silbe_trellis_line){0, 1, -(double)INFINITY};
    c->text.n_lines = 1;
    for (size_t k = 0; k < MOST_SYMBOLS; k++) {
        c->durations[k] = (silbe_trellis_duration){1, 0.0, 0.0};
    }
    c->text.durations = c->durations;
}

/* One thing that makes a chain no plain one. */
static void spoil(size_t what, trellis_case *c, silbe_trellis_align_options *options)
{
    silbe_trellis_text *text = &c->text;
    c->anchors[0] = (silbe_trellis_anchor){false, 1, 10, 30};
    c->regions[0] = (silbe_trellis_region){0, 2};
    c->prons[0][1] = c->prons[0][0];
    switch (what) {
    case 0:
        text->topology = SILBE_TRELLIS_HMM;
        break;
    case 1:
        text->n_anchors = 1;
        break;
    case 2:
        text->n_regions = 1;
        break;
    case 3:
        c->lines[0].skip_logp = -1.0;
        break;
    case 4:
        c->words[1].skip_logp = -1.0;
        break;
    case 5:
        c->words[0].n_pronunciations = 2;
        break;
    case 6:
        c->prons[0][0].logp = -1.0;
        break;
    case 7:
        c->symbols[0][0][0] = SILBE_TRELLIS_WILDCARD;
        break;
    case 8:
        text->gap_first.wildcard = SILBE_TRELLIS_OPTIONAL;
        break;
    case 9:
        text->gap_words.silence = text->gap_lines.silence = SILBE_TRELLIS_OPTIONAL;
        break;
    case 10:
        text->gap_words.silence_logp = text->gap_lines.silence_logp = -1.0;
        break;
    case 11:
        text->silence = text->blank;
        break;
    case 12:
        text->silence_duration = (silbe_trellis_duration){2, 0.0, 0.0};
        break;
    case 13:
        c->durations[c->symbols[1][0][0]] = (silbe_trellis_duration){1, 3.0, 0.0};
        break;
    case 14:
        c->durations[c->symbols[1][0][0]] = (silbe_trellis_duration){2, 0.0, 0.0};
        break;
    case 15:
        c->emissions.scale = 0.5;
        break;
    case 16:
        options->posterior_scale = 0.5;
        break;
    case 17:
        options->kernel.beam_logp = 1000.0;
        break;
    default:
        break;
    }
}

/* What is not plain goes to the sweeps, and only that. */
static void not_plain(void **state)
{
    (void)state;
    enum { N_WAYS = 18 };
    for (size_t what = 0; what <= N_WAYS; what++) {
        trellis_case c;
        silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
        plain_case(&c);
        spoil(what, &c, &options);
        bool plain = what == N_WAYS;
        assert_true(agree(&c, &options, plain));
        free(c.values);
    }
}

static void refuse(const trellis_case *c, const silbe_trellis_align_options *options,
                   size_t most_bytes, silbe_status status, const char *part)
{
    outcome o;
    silbe_err err = SILBE_ERR_INIT;
    silbe_trellis_solution solution = {0};
    outcome_new(&o);
    silbe_status got =
        silbe_trellis_solve(&c->text, &c->emissions, options, most_bytes, &o.a, &solution, &err);
    if (got != status || strstr(err.message, part) == NULL) {
        print_error("status %d, \"%s\"; wanted %d, \"%s\"\n", got, err.message, status, part);
        fail();
    }
}

static void refused(void **state)
{
    (void)state;
    for (int plain = 0; plain < 2; plain++) {
        trellis_case c;
        silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
        plain_case(&c);
        c.text.gap_last.wildcard = plain ? SILBE_TRELLIS_NEVER : SILBE_TRELLIS_OPTIONAL;
        refuse(&c, &options, 64, SILBE_ERR_MEMORY, "64 are allowed");
        refuse(&c, &options, 4096, SILBE_ERR_MEMORY, "40 frames and 2 words need");
        c.values[7] = NAN;
        refuse(&c, &options, SIZE_MAX, SILBE_ERR_DATA, "frame 1, symbol 2");
        c.emissions.n_frames = 1;
        refuse(&c, &options, SIZE_MAX, SILBE_ERR_INFEASIBLE, "at least");
        c.emissions.n_symbols--;
        refuse(&c, &options, SIZE_MAX, plain ? SILBE_ERR_MISMATCH : SILBE_ERR_INFEASIBLE, "");
        c.symbols[0][0][0] = MOST_SYMBOLS;
        refuse(&c, &options, SIZE_MAX, SILBE_ERR_DATA, "word 0");
        options.interval_mass = 1.0;
        c.symbols[0][0][0] = 1;
        refuse(&c, &options, SIZE_MAX, SILBE_ERR_ARGUMENT, "interval_mass");
        refuse(&c, NULL, SIZE_MAX, SILBE_ERR_ARGUMENT, "options");
        free(c.values);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_agree),
        cmocka_unit_test(not_plain),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
