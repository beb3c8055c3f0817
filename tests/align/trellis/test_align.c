/* Words, lines, confidence: planted songs in which everything is known. */
#include "trellis_test.h"

#include <math.h>

enum { N_SYMBOLS = 20, N_WORDS = 40, LENGTH = 4, N_LINES = 8, PER_LINE = N_WORDS / N_LINES };
enum { MOST_FRAMES = 4000 };

/* A song: lines of words, silences between lines, one line that nobody sings, one instrumental, and
 * some passages so noisy that nothing is heard. */
typedef struct {
    int32_t symbols[N_WORDS][LENGTH];
    silbe_trellis_pronunciation prons[N_WORDS];
    silbe_trellis_word words[N_WORDS];
    silbe_trellis_line lines[N_LINES];
    silbe_trellis_duration durations[N_SYMBOLS];
    silbe_trellis_text text;
    float *values;
    size_t n_frames;
    size_t truth[N_WORDS];
    size_t unsung_line;
    size_t instrumental_begin;
    size_t instrumental_end;
    silbe_trellis_emissions emissions;
} song;

/* One frame of symbol k; the higher the noise, the less it is heard. Not normalised: logits. */
static void sing(check_rng *rng, song *s, size_t k, double noise)
{
    float *row = s->values + s->n_frames++ * N_SYMBOLS;
    assert_true(s->n_frames < MOST_FRAMES);
    for (size_t i = 0; i < N_SYMBOLS; i++) {
        double gauss = 0.0;
        for (size_t j = 0; j < 12; j++) {
            gauss += check_uniform(rng) - 0.5;
        }
        row[i] = (float)(noise * gauss + (i == k ? 4.0 : 0.0));
    }
}

static void sing_word(check_rng *rng, song *s, size_t w, double noise)
{
    s->truth[w] = s->n_frames;
    for (size_t i = 0; i < LENGTH; i++) {
        size_t frames = 2 + trellis_below(rng, 5);
        for (size_t f = 0; f < frames; f++) {
            sing(rng, s, (size_t)s->symbols[w][i], noise);
        }
    }
}

/* Music: every frame sounds like some symbol, never for long. */
static void play(check_rng *rng, song *s, size_t frames)
{
    for (size_t f = 0; f < frames; f++) {
        sing(rng, s, 1 + trellis_below(rng, N_SYMBOLS - 1), 1.0);
    }
}

static void song_new(check_rng *rng, double most_noise, double skip_logp, song *s)
{
    *s = (song){.values = trellis_alloc(MOST_FRAMES * N_SYMBOLS * sizeof(float))};
    s->unsung_line = 2 + trellis_below(rng, 3);
    for (size_t w = 0; w < N_WORDS; w++) {
        for (size_t i = 0; i < LENGTH; i++) {
            s->symbols[w][i] = (int32_t)(1 + trellis_below(rng, N_SYMBOLS - 1));
        }
        s->prons[w] = (silbe_trellis_pronunciation){s->symbols[w], LENGTH, 0.0};
        s->words[w] = (silbe_trellis_word){&s->prons[w], 1, -(double)INFINITY};
    }
    for (size_t line = 0; line < N_LINES; line++) {
        s->lines[line] = (silbe_trellis_line){line * PER_LINE, (line + 1) * PER_LINE, skip_logp};
        if (line == 6) {
            s->instrumental_begin = s->n_frames;
            play(rng, s, 120);
            s->instrumental_end = s->n_frames;
        }
        for (size_t w = line * PER_LINE; line != s->unsung_line && w < (line + 1) * PER_LINE; w++) {
            sing_word(rng, s, w, 0.7 + most_noise * check_uniform(rng) * check_uniform(rng));
        }
        for (size_t f = 0; f < 12; f++) {
            sing(rng, s, 0, 1.0);
        }
    }
    for (size_t k = 0; k < N_SYMBOLS; k++) {
        s->durations[k] = (silbe_trellis_duration){2, 4.0, 0.0};
    }
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, 0.0, SILBE_TRELLIS_OPTIONAL, -2.0};
    silbe_trellis_gap within = {SILBE_TRELLIS_OPTIONAL, 0.0, SILBE_TRELLIS_NEVER, 0.0};
    s->text = (silbe_trellis_text){.words = s->words,
                                   .n_words = N_WORDS,
                                   .lines = s->lines,
                                   .n_lines = N_LINES,
                                   .n_symbols = N_SYMBOLS,
                                   .durations = s->durations,
                                   .silence_duration = {2, 10.0},
                                   .wildcard_duration = {5, 50.0},
                                   .gap_first = gap,
                                   .gap_last = gap,
                                   .gap_lines = gap,
                                   .gap_words = within};
    s->emissions = (silbe_trellis_emissions){.values = s->values,
                                             .n_frames = s->n_frames,
                                             .n_symbols = N_SYMBOLS,
                                             .row_stride = N_SYMBOLS,
                                             .logits = true,
                                             .wildcard_penalty = 1.0};
}

/* Everything about the song, in memory of its own. */
typedef struct {
    silbe_trellis_word_result words[N_WORDS];
    silbe_trellis_line_result lines[N_LINES];
    silbe_trellis_label_result labels[N_WORDS * LENGTH];
    uint32_t path[MOST_FRAMES];
    silbe_trellis_state_kind kinds[MOST_FRAMES];
    silbe_trellis_alignment a;
} answer;

static void align_song(const song *s, const silbe_trellis_align_options *options, answer *r)
{
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    r->a = (silbe_trellis_alignment){.words = r->words,
                                     .lines = r->lines,
                                     .labels = r->labels,
                                     .label_capacity = N_WORDS * LENGTH,
                                     .path = r->path};
    check_ok(trellis_build(&s->text, s->n_frames, &memory, &g, &err), err);
    check_ok(silbe_trellis_align_size(g, options, &bytes, &err), err);
    char *scratch = trellis_alloc(bytes + 1);
    memset(scratch, 0xff, bytes + 1);
    check_ok(
        silbe_trellis_align(&s->text, g, &s->emissions, options, scratch + 1, bytes, &r->a, &err),
        err);
    assert_int_equal(silbe_trellis_align(&s->text, g, &s->emissions, options, scratch + 1,
                                         bytes - 1, &r->a, &err),
                     SILBE_ERR_ARGUMENT);
    for (size_t t = 0; t < s->n_frames; t++) {
        r->kinds[t] = silbe_trellis_state_at(g, r->path[t]).kind;
    }
    free(scratch);
    free(memory);
}

/* What every answer must be: contiguous, in order, consistent. */
static void check_form(const song *s, const answer *r)
{
    size_t at = 0;
    size_t label = 0;
    for (size_t w = 0; w < N_WORDS; w++) {
        const silbe_trellis_word_result *word = &r->words[w];
        assert_true(word->p_sung >= 0.0 && word->p_sung <= 1.0);
        assert_true(word->confidence >= 0.0 && word->confidence <= 1.0);
        assert_true(word->mass_near <= word->p_sung + 1e-9);
        assert_true(word->lo_frame < word->hi_frame && word->hi_frame <= s->n_frames);
        if (word->skipped) {
            assert_false(word->matched);
            continue;
        }
        assert_true(word->begin_frame >= at && word->end_frame > word->begin_frame);
        at = word->begin_frame;
        for (size_t i = 0; i < LENGTH; i++, label++) {
            const silbe_trellis_label_result *l = &r->labels[label];
            assert_true(label < r->a.n_labels);
            assert_int_equal(l->word, w);
            assert_int_equal(l->position, i);
            assert_int_equal(l->symbol, s->symbols[w][i]);
            assert_int_equal(l->begin_frame, at); /* HMM: no blanks between */
            assert_true(l->end_frame >= at + 2);
            at = l->end_frame;
        }
        assert_int_equal(at, word->end_frame);
    }
    assert_int_equal(label, r->a.n_labels);
}

static void planted_line_and_instrumental(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20309);
    size_t n_right = 0;
    size_t n_matched = 0;
    size_t n_covered = 0;
    size_t n_sung = 0;
    size_t n_wild = 0;
    size_t n_music = 0;
    for (size_t i = 0; i < 10; i++) {
        static answer r;
        song s;
        song_new(&rng, 0.6, -10.0, &s);
        silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
        align_song(&s, &options, &r);
        check_form(&s, &r);
        for (size_t line = 0; line < N_LINES; line++) {
            assert_int_equal(r.lines[line].matched, line != s.unsung_line);
        }
        for (size_t w = 0; w < N_WORDS; w++) {
            if (w / PER_LINE == s.unsung_line) {
                assert_false(r.words[w].matched);
                assert_true(r.words[w].p_sung < 0.5);
                continue;
            }
            n_sung++;
            n_matched += r.words[w].matched;
            n_right += (size_t)llabs((long long)r.words[w].begin_frame - (long long)s.truth[w]) < 3;
            n_covered += r.words[w].lo_frame <= s.truth[w] && s.truth[w] < r.words[w].hi_frame;
        }
        for (size_t t = s.instrumental_begin; t < s.instrumental_end; t++) {
            n_wild += r.kinds[t] == SILBE_TRELLIS_GAP_WILDCARD;
            n_music++;
        }
        free(s.values);
    }
    print_message("of %zu sung words %zu within 2 frames, %zu matched, %zu inside their interval; "
                  "wildcard in %zu of %zu instrumental frames\n",
                  n_sung, n_right, n_matched, n_covered, n_wild, n_music);
    assert_true(n_right * 100 > n_sung * 97 && n_matched * 100 > n_sung * 97);
    assert_true(n_covered * 100 > n_sung * 90);
    assert_true(n_wild * 100 > n_music * 90);
}

static int by_confidence(const void *a, const void *b)
{
    double x = ((const double *)a)[0];
    double y = ((const double *)b)[0];
    return x < y ? -1 : x > y;
}

/* Nothing may be skipped here: the unsung line is squeezed in, and noisy words go astray. Area
 * under the ROC curve: chance that a right word has more confidence than a wrong one. */
static void confidence_predicts_errors(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(20310);
    static double pairs[40 * N_WORDS][2]; /* confidence, right */
    size_t n = 0;
    size_t n_wrong = 0;
    for (size_t i = 0; i < 40; i++) {
        static answer r;
        song s;
        song_new(&rng, 6.0, -(double)INFINITY, &s);
        silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
        align_song(&s, &options, &r);
        check_form(&s, &r);
        for (size_t w = 0; w < N_WORDS; w++) {
            if (r.words[w].skipped) {
                continue;
            }
            bool sung = w / PER_LINE != s.unsung_line;
            long long error = llabs((long long)r.words[w].begin_frame - (long long)s.truth[w]);
            bool right = sung && error <= 5;
            pairs[n][0] = r.words[w].confidence;
            pairs[n++][1] = right;
            n_wrong += !right;
        }
        free(s.values);
    }
    qsort(pairs, n, sizeof *pairs, by_confidence);
    double area = 0.0;
    double wrong_below = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (pairs[i][1] > 0.5) {
            area += wrong_below;
        } else {
            wrong_below += 1.0;
        }
    }
    area /= (double)n_wrong * (double)(n - n_wrong);
    print_message("%zu of %zu words wrong, AUC %.3f\n", n_wrong, n, area);
    assert_true(n_wrong > 50 && n_wrong * 2 < n);
    assert_true(area > 0.8);
}

/* A word of two pronunciations: the one that is sung is found; the interval is exact. */
static void small_and_exact(void **state)
{
    (void)state;
    static const int32_t a[] = {1};
    static const int32_t b[] = {2};
    const silbe_trellis_pronunciation prons[] = {{a, 1, 0.0}, {b, 1, 0.0}};
    const silbe_trellis_word words[] = {{prons, 2, -(double)INFINITY}};
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, 0.0, SILBE_TRELLIS_NEVER, 0.0};
    silbe_trellis_text text = {.words = words, .n_words = 1, .n_symbols = 3, .gap_first = gap};
    /* silence, then b; in frame 1 both are as likely, so that the onset is 1 or 2 */
    float values[] = {0.F, -20.F, -20.F, -1.F, -20.F, -1.F, -20.F, -20.F, 0.F};
    silbe_trellis_emissions emissions = {
        .values = values, .n_frames = 3, .n_symbols = 3, .row_stride = 3};
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    uint32_t path[3];
    silbe_trellis_word_result word;
    silbe_trellis_label_result label;
    silbe_trellis_alignment r = {
        .words = &word, .labels = &label, .label_capacity = 1, .path = path};
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    options.near_frames = 0;
    check_ok(trellis_build(&text, 3, &memory, &g, &err), err);
    check_ok(silbe_trellis_align_size(g, &options, &bytes, &err), err);
    void *scratch = trellis_alloc(bytes);
    check_ok(silbe_trellis_align(&text, g, &emissions, &options, scratch, bytes, &r, &err), err);
    assert_int_equal(word.pronunciation, 1);
    assert_int_equal(word.begin_frame, 1); /* of equals the later state: the word, not silence */
    assert_int_equal(word.end_frame, 3);
    assert_int_equal(label.symbol, 2);
    check_close(word.p_sung, 1.0, 1e-12);
    check_close(word.mass_near, 0.5, 1e-6);
    check_close(word.expected_frame, 1.5, 1e-6);
    check_close(word.spread_frames, 0.5, 1e-6);
    assert_int_equal(word.lo_frame, 1);
    assert_int_equal(word.hi_frame, 3);
    check_close(word.llr, 0.0, 1e-12); /* no penalty: the wildcard is the best symbol */
    check_close(word.confidence, 0.25, 1e-6);
    check_close(r.viterbi_logp, -1.0, 1e-12);
    assert_true(word.matched);
    options.interval_mass = 0.1; /* tails of at most 0.45: neither half may go */
    check_ok(silbe_trellis_align(&text, g, &emissions, &options, scratch, bytes, &r, &err), err);
    assert_int_equal(word.lo_frame, 1);
    assert_int_equal(word.hi_frame, 3);
    values[5] = -2.0F; /* onset 1 with e^-2, onset 2 with e^-1: 0.269 and 0.731 */
    check_ok(silbe_trellis_align(&text, g, &emissions, &options, scratch, bytes, &r, &err), err);
    check_close(word.mass_near, 1.0 / (1.0 + exp(-1.0)), 1e-6);
    assert_int_equal(word.lo_frame, 2);
    assert_int_equal(word.hi_frame, 3);
    options.interval_mass = 0.5; /* tails of at most 0.25 */
    check_ok(silbe_trellis_align(&text, g, &emissions, &options, scratch, bytes, &r, &err), err);
    assert_int_equal(word.lo_frame, 1);
    free(scratch);
    free(memory);
}

/* The wildcard cannot sound in two of the word's frames: the word is certain, its figures finite.
 */
static void impossible_wildcard(void **state)
{
    (void)state;
    static const int32_t a[] = {1};
    const silbe_trellis_pronunciation pron = {a, 1, 0.0};
    const silbe_trellis_word words[] = {{&pron, 1, -(double)INFINITY}};
    silbe_trellis_text text = {.words = words, .n_words = 1, .n_symbols = 2};
    const float values[] = {-INFINITY, -1.F, -INFINITY, -1.F};
    silbe_trellis_emissions emissions = {.values = values,
                                         .n_frames = 2,
                                         .n_symbols = 2,
                                         .row_stride = 2,
                                         .wildcard_rule = SILBE_WILDCARD_PERCENTILE};
    silbe_err err = SILBE_ERR_INIT;
    void *memory = NULL;
    silbe_trellis *g = NULL;
    size_t bytes = 0;
    uint32_t path[2];
    silbe_trellis_word_result word;
    silbe_trellis_label_result label;
    silbe_trellis_alignment r = {
        .words = &word, .labels = &label, .label_capacity = 1, .path = path};
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    check_ok(trellis_build(&text, 2, &memory, &g, &err), err);
    check_ok(silbe_trellis_align_size(g, &options, &bytes, &err), err);
    void *scratch = trellis_alloc(bytes);
    check_ok(silbe_trellis_align(&text, g, &emissions, &options, scratch, bytes, &r, &err), err);
    assert_true(word.matched);
    check_close(word.llr, 1e6, 1e-6);
    check_close(word.confidence, 1.0, 1e-12);
    check_close(label.confidence, 1.0, 1e-12);
    free(scratch);
    free(memory);
}

/* One symbol of five copies that may be left out for a each, or silence of two frames in the mean:
 * all ways to fill so many frames, by hand. */
static void short_symbol(void **state)
{
    (void)state;
    static const int32_t a[] = {1};
    const silbe_trellis_pronunciation pron = {a, 1, 0.0};
    const silbe_trellis_word word = {&pron, 1, -(double)INFINITY};
    const double cost = -1.5;
    const silbe_trellis_duration durations[] = {{1, 0.0, 0.0}, {5, 0.0, cost}};
    const silbe_trellis_text text = {
        .words = &word, .n_words = 1, .n_symbols = 2, .durations = durations};
    /* Frames, ways without two copies, without one, with all; the rest of the frames is stayed. */
    const struct {
        size_t n_frames;
        double two, one, none;
    } cases[] = {{3, 1, 0, 0}, {4, 1, 3, 0}, {5, 1, 3, 1}, {7, 1, 3, 1}};
    float values[2 * 7];
    float *zeros = memset(values, 0, sizeof values);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const silbe_trellis_emissions emissions = {
            .values = zeros, .n_frames = cases[i].n_frames, .n_symbols = 2, .row_stride = 2};
        silbe_err err = SILBE_ERR_INIT;
        void *memory = NULL;
        silbe_trellis *g = NULL;
        double loss = 0;
        check_ok(trellis_build(&text, cases[i].n_frames, &memory, &g, &err), err);
        assert_int_equal(silbe_trellis_min_frames(g), 3);
        const silbe_trellis_wanted wanted = {0};
        const silbe_trellis_options options = SILBE_TRELLIS_OPTIONS_INIT;
        check_ok(trellis_posterior(g, &emissions, &wanted, &options, &loss, &err), err);
        check_close(exp(-loss),
                    cases[i].two * exp(2 * cost) + cases[i].one * exp(cost) + cases[i].none, 1e-12);
        free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_and_exact), cmocka_unit_test(impossible_wildcard),
        cmocka_unit_test(short_symbol), cmocka_unit_test(planted_line_and_instrumental),
        cmocka_unit_test(confidence_predicts_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
