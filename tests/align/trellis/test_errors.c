/* Bad input: an error each, which says what is wrong. */
#include "trellis_test.h"

#include <math.h>

enum { N_FRAMES = 40, N_SYMBOLS = 4 };

static const int32_t la[] = {1, 2};
static const int32_t le[] = {3};
static const silbe_trellis_pronunciation prons[] = {{la, 2, 0.0}, {le, 1, 0.0}};

/* Two words in two lines, silence between; every test breaks one thing. */
typedef struct {
    silbe_trellis_word words[2];
    silbe_trellis_line lines[2];
    silbe_trellis_text text;
    float values[N_FRAMES * N_SYMBOLS];
    silbe_trellis_emissions emissions;
    silbe_err err;
} good;

static void make_good(good *c)
{
    silbe_trellis_gap gap = {SILBE_TRELLIS_OPTIONAL, 0.0, SILBE_TRELLIS_OPTIONAL, -1.0};
    *c = (good){.words = {{&prons[0], 1, -(double)INFINITY}, {&prons[1], 1, -(double)INFINITY}},
                .lines = {{0, 1, -(double)INFINITY}, {1, 2, -(double)INFINITY}},
                .err = SILBE_ERR_INIT};
    c->text = (silbe_trellis_text){.words = c->words,
                                   .n_words = 2,
                                   .lines = c->lines,
                                   .n_lines = 2,
                                   .n_symbols = N_SYMBOLS,
                                   .gap_first = gap,
                                   .gap_last = gap,
                                   .gap_lines = gap,
                                   .gap_words = gap};
    for (size_t i = 0; i < N_FRAMES * N_SYMBOLS; i++) {
        c->values[i] = -1.0F - 0.01F * (float)(i % 17);
    }
    c->emissions = (silbe_trellis_emissions){
        .values = c->values, .n_frames = N_FRAMES, .n_symbols = N_SYMBOLS, .row_stride = N_SYMBOLS};
}

static silbe_status build_only(good *c, size_t n_frames)
{
    void *memory = NULL;
    silbe_trellis *g = NULL;
    silbe_status status = trellis_build(&c->text, n_frames, &memory, &g, &c->err);
    free(memory);
    return status;
}

/* Both kernels and the references must agree on what is wrong. */
static silbe_status run(good *c)
{
    void *memory = NULL;
    silbe_trellis *g = NULL;
    uint32_t path[N_FRAMES];
    silbe_trellis_viterbi_result best;
    double loss;
    size_t bytes = 0;
    check_ok(trellis_build(&c->text, N_FRAMES, &memory, &g, &c->err), c->err);
    check_ok(silbe_trellis_reference_size(g, &bytes, &c->err), c->err);
    void *scratch = trellis_alloc(bytes);
    silbe_trellis_reference_wanted nothing = {0};
    silbe_status status =
        silbe_trellis_viterbi_reference(g, &c->emissions, scratch, bytes, path, &loss, &c->err);
    assert_int_equal(status, silbe_trellis_posterior_reference(g, &c->emissions, scratch, bytes,
                                                               &nothing, &loss, &c->err));
    assert_int_equal(status, trellis_posterior(g, &c->emissions, NULL, NULL, &loss, &c->err));
    assert_int_equal(status, trellis_viterbi(g, &c->emissions, NULL, NULL, &best, &c->err));
    assert_int_equal(status, trellis_viterbi(g, &c->emissions, NULL, path, &best, &c->err));
    free(scratch);
    free(memory);
    return status;
}

#define check_says(c, words)                                                                       \
    do {                                                                                           \
        if (strstr((c).err.message, words) == NULL) {                                              \
            print_error("\"%s\" does not say \"%s\"\n", (c).err.message, words);                   \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

static void good_is_good(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    check_ok(run(&c), c.err);
}

static void texts(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    c.text.n_words = 0;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "no words");
    make_good(&c);
    c.words[1].n_pronunciations = 0;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "word 1");
    make_good(&c);
    silbe_trellis_pronunciation empty = {la, 0, 0.0};
    c.words[0].pronunciations = &empty;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "word 0");
    make_good(&c);
    int32_t unknown[] = {1, N_SYMBOLS};
    silbe_trellis_pronunciation wrong = {unknown, 2, 0.0};
    c.words[1].pronunciations = &wrong;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_DATA);
    check_says(c, "symbol 1 of word 1");
    unknown[1] = -7;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_DATA);
    unknown[1] = 0;
    c.text.topology = SILBE_TRELLIS_CTC;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_DATA);
    check_says(c, "blank");
    make_good(&c);
    c.words[0].skip_logp = NAN;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    c.words[0].skip_logp = 0.5;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    make_good(&c);
    c.lines[1].begin_word = 0;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "line 1");
    make_good(&c);
    c.text.silence = SILBE_TRELLIS_NONE;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "silence");
    make_good(&c);
    assert_int_equal(build_only(&c, 0), SILBE_ERR_ARGUMENT);
    assert_int_equal(build_only(&c, SIZE_MAX), SILBE_ERR_MEMORY);
}

static void lengths(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    assert_int_equal(build_only(&c, 3), SILBE_OK);
    assert_int_equal(build_only(&c, 2), SILBE_ERR_INFEASIBLE);
    check_says(c, "at least 3 frames, there are 2");
    silbe_trellis_duration durations[N_SYMBOLS] = {{1, 0.0}, {30, 0.0}, {11, 20.0}, {1, 0.0}};
    c.text.durations = durations;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    check_says(c, "at least 42 frames, there are 40");
    durations[1].min_frames = SIZE_MAX;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_MEMORY);
    durations[1].min_frames = SIZE_MAX / 2;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_MEMORY);
    durations[1] = (silbe_trellis_duration){3, 2.0, 0.0};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "symbol 1");
    durations[1] = (silbe_trellis_duration){3, NAN, 0.0};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    durations[1] = (silbe_trellis_duration){3, 0.0, 0.5};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "short_logp 0.5");
    durations[1] = (silbe_trellis_duration){40, 0.0, -1.0}; /* 21 at least */
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_OK);
    c.text.gap_lines.silence_frames = 0.5;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "silence of gap");
    c.text.gap_lines.silence_frames = 3.5;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_OK);
    /* Everything of fixed length, and nothing to fill the rest. */
    make_good(&c);
    for (size_t k = 0; k < N_SYMBOLS; k++) {
        durations[k] = (silbe_trellis_duration){2, 2.0, 0.0};
    }
    c.text.durations = durations;
    c.text.gap_first = c.text.gap_last = c.text.gap_lines = (silbe_trellis_gap){0};
    assert_int_equal(run(&c), SILBE_ERR_INFEASIBLE);
    check_says(c, "reaches frame 6 of 40");
}

static void anchors(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    silbe_trellis_anchor list[] = {{false, 0, 20, 30}, {true, 1, 5, 21}};
    c.text.anchors = list;
    c.text.n_anchors = 2;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    check_says(c, "anchors 0 and 1 contradict");
    check_says(c, "line 1 cannot start before frame 22");
    list[1].end_frame = 23;
    check_ok(run(&c), c.err);
    list[1] = (silbe_trellis_anchor){false, 0, 0, 20};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    check_says(c, "contradict");
    list[1] = (silbe_trellis_anchor){false, 1, 38, 39};
    check_ok(run(&c), c.err);
    list[0] = (silbe_trellis_anchor){false, 0, 38, 39};
    c.text.n_anchors = 1;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    check_says(c, "anchor 0");
    check_says(c, "40 frames");
    list[0] = (silbe_trellis_anchor){false, 1, 0, 2};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    check_says(c, "before frame 2");
    list[0] = (silbe_trellis_anchor){false, 1, SIZE_MAX - 1, SIZE_MAX};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_INFEASIBLE);
    list[0] = (silbe_trellis_anchor){false, 2, 0, 2};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    list[0] = (silbe_trellis_anchor){true, 0, 2, 2};
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
}

static void regions(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    silbe_trellis_region list[] = {{0, 10}, {12, SIZE_MAX}};
    c.text.regions = list;
    c.text.n_regions = 2;
    assert_int_equal(run(&c), SILBE_ERR_INFEASIBLE); /* two frames for three symbols */
    list[1].begin_frame = 13;
    check_ok(run(&c), c.err);
    list[1].begin_frame = 9;
    assert_int_equal(build_only(&c, N_FRAMES), SILBE_ERR_ARGUMENT);
    check_says(c, "region 1");
}

static void emissions(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    c.values[7 * N_SYMBOLS + 2] = NAN;
    assert_int_equal(run(&c), SILBE_ERR_DATA);
    check_says(c, "frame 7, symbol 2 is NaN");
    c.values[7 * N_SYMBOLS + 2] = INFINITY;
    assert_int_equal(run(&c), SILBE_ERR_DATA);
    make_good(&c);
    for (size_t i = 0; i < N_FRAMES * N_SYMBOLS; i++) {
        c.values[i] = -INFINITY;
    }
    assert_int_equal(run(&c), SILBE_ERR_INFEASIBLE);
    check_says(c, "from the first frame on");
    make_good(&c);
    for (size_t k = 0; k < N_SYMBOLS; k++) {
        c.values[30 * N_SYMBOLS + k] = -1e30F; /* stands for -INFINITY */
    }
    assert_int_equal(run(&c), SILBE_ERR_INFEASIBLE);
    check_says(c, "reaches frame 30 of 40");
    make_good(&c);
    c.emissions.n_frames--;
    assert_int_equal(run(&c), SILBE_ERR_MISMATCH);
    make_good(&c);
    c.emissions.row_stride = N_SYMBOLS - 1;
    assert_int_equal(run(&c), SILBE_ERR_ARGUMENT);
    c.emissions.row_stride = SIZE_MAX / 8;
    assert_int_equal(run(&c), SILBE_ERR_MEMORY);
    make_good(&c);
    c.emissions.scale = -1.0;
    assert_int_equal(run(&c), SILBE_ERR_ARGUMENT);
    make_good(&c);
    bool none[N_SYMBOLS] = {false};
    c.emissions.wildcard_symbols = none;
    assert_int_equal(run(&c), SILBE_ERR_ARGUMENT);
    check_says(c, "wildcard");
    make_good(&c);
    c.emissions.values = NULL;
    assert_int_equal(run(&c), SILBE_ERR_ARGUMENT);
}

static void memory(void **state)
{
    (void)state;
    good c;
    make_good(&c);
    size_t bytes = 0;
    silbe_trellis *g = NULL;
    check_ok(silbe_trellis_size(&c.text, N_FRAMES, &bytes, &c.err), c.err);
    void *data = trellis_alloc(bytes);
    assert_int_equal(silbe_trellis_init(&c.text, N_FRAMES, data, bytes - 1, &g, &c.err),
                     SILBE_ERR_ARGUMENT);
    check_ok(silbe_trellis_init(&c.text, N_FRAMES, data, bytes, &g, &c.err), c.err);
    silbe_trellis_viterbi_result best;
    silbe_trellis_posterior_result sum;
    char few[64];
    assert_int_equal(
        silbe_trellis_viterbi(g, &c.emissions, NULL, few, sizeof few, NULL, &best, &c.err),
        SILBE_ERR_ARGUMENT);
    assert_int_equal(
        silbe_trellis_posterior(g, &c.emissions, NULL, NULL, few, sizeof few, &sum, &c.err),
        SILBE_ERR_ARGUMENT);
    silbe_trellis_onset onsets[2] = {{.begin_frame = 0, .end_frame = N_FRAMES + 1}, {0}};
    silbe_trellis_wanted wanted = {.onsets = onsets};
    double loss;
    assert_int_equal(trellis_posterior(g, &c.emissions, &wanted, NULL, &loss, &c.err),
                     SILBE_ERR_ARGUMENT);
    check_says(c, "word 0");
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_is_good), cmocka_unit_test(texts),
                                       cmocka_unit_test(lengths),      cmocka_unit_test(anchors),
                                       cmocka_unit_test(regions),      cmocka_unit_test(emissions),
                                       cmocka_unit_test(memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
