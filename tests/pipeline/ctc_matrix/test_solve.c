#include "pipeline/ctc_matrix/solve.h"

#include "pipeline/ctc_matrix/times.h"
#include "tests/pipeline/ctc_matrix/files.h"

/* Symbols of the tests: blank, boundary, three letters. */
enum { BLANK, BOUNDARY, A, B, C, N_SYMBOLS };

typedef struct {
    silbe_config config;
    silbe_vocabulary vocabulary;
    silbe_lyrics_text text;
    silbe_spelt spelt;
    silbe_matrix logp;
    silbe_frame_clock clock;
    silbe_ctc_matrix_problem problem;
} example;

static void set(example *e, const char *assignment)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_config_set(&e->config, assignment, &err), err);
}

/* Everything but the numbers, which are 0; hop 20 ms. */
static void example_new(example *e, const char *lyrics, size_t n_frames)
{
    silbe_err err = SILBE_ERR_INIT;
    memset(e, 0, sizeof *e);
    silbe_config_defaults(&e->config);
    write_file("solve_v.json", "[\"<blank>\", \"|\", \"a\", \"b\", \"c\"]");
    check_ok(silbe_vocabulary_read("solve_v.json", &e->config, &e->vocabulary, &err), err);
    check_ok(silbe_lyrics_text_parse(lyrics, strlen(lyrics), &e->text, &err), err);
    check_ok(silbe_spell(&e->text, "l", &e->vocabulary, "v", &e->config, &e->spelt, &err), err);
    check_ok(silbe_matrix_new(&e->logp, n_frames, N_SYMBOLS, &err), err);
    e->clock = (silbe_frame_clock){0.02, 0, n_frames};
    e->problem = (silbe_ctc_matrix_problem){&e->logp,  &e->vocabulary, &e->text, &e->spelt,
                                            &e->clock, NULL,           0,        &e->config};
}

static void example_free(example *e)
{
    silbe_vocabulary_free(&e->vocabulary);
    silbe_lyrics_text_free(&e->text);
    silbe_spelt_free(&e->spelt);
    silbe_matrix_free(&e->logp);
}

/* Frame t holds symbol frames[t] with probability 0.96, all others with 0.01. */
static void fill(example *e, const int *frames)
{
    for (size_t t = 0; t < e->logp.n_rows; t++) {
        for (int k = 0; k < N_SYMBOLS; k++) {
            silbe_matrix_row(&e->logp, t)[k] = logf(k == frames[t] ? 0.96F : 0.01F);
        }
    }
}

static void check_word(const silbe_aligned_word *word, size_t begin, size_t end)
{
    assert_true(word->matched);
    assert_int_equal(word->begin_frame, begin);
    assert_int_equal(word->end_frame, end);
    check_close(word->mean_logp, log(0.96), 1e-6);
    assert_true(word->confidence > 0.98 && word->confidence <= 1);
}

/* A segmentation that can be read off the numbers, of a plain chain and of another text. */
static void known(void **state)
{
    (void)state;
    static const int FRAMES[] = {BLANK, A, A, BLANK, B, BOUNDARY, BLANK, C, BLANK, C, C, BLANK};
    example e;
    example_new(&e, "ab\ncc", sizeof FRAMES / sizeof FRAMES[0]);
    fill(&e, FRAMES);
    for (int plain = 0; plain < 2; plain++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_ctc_matrix_result r = SILBE_CTC_MATRIX_RESULT_INIT;
        set(&e, plain ? "posteriors.wildcard=never" : "posteriors.wildcard=ends");
        check_ok(silbe_ctc_matrix_solve(&e.problem, &r, &err), err);
        check_close(r.logp, 12 * log(0.96), 1e-5);
        check_word(&r.words[0], 1, 5);
        check_word(&r.words[1], 7, 11);
        silbe_ctc_matrix_result_free(&r);
    }
    example_free(&e);
}

/* A line that is not sung is skipped; without leave to skip, its words are unmatched. */
static void missing_line(void **state)
{
    (void)state;
    static const int FRAMES[] = {BLANK, A,     BOUNDARY, B,        BLANK, BLANK,
                                 BLANK, BLANK, BLANK,    BLANK,    BLANK, BLANK,
                                 BLANK, A,     A,        BOUNDARY, B};
    example e;
    example_new(&e, "a b\nccc cc\na b", sizeof FRAMES / sizeof FRAMES[0]);
    fill(&e, FRAMES);
    for (int optional = 0; optional < 2; optional++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_item_report report = {0};
        silbe_ctc_matrix_result r = SILBE_CTC_MATRIX_RESULT_INIT;
        silbe_words words = SILBE_WORDS_INIT;
        set(&e, "posteriors.unmatched_logp=-2");
        set(&e, "posteriors.boundaries=optional");
        set(&e, optional ? "posteriors.optional_lines=true" : "posteriors.optional_lines=false");
        set(&e, "posteriors.skip_penalty=5");
        check_ok(silbe_ctc_matrix_solve(&e.problem, &r, &err), err);
        assert_int_equal(r.words[2].skipped, optional);
        assert_int_equal(r.words[3].skipped, optional);
        check_ok(silbe_ctc_matrix_fill_words(&e.problem, &r, &words, &report, &err), err);
        /* The whole text, and which of it was found. */
        assert_int_equal(words.lyrics.n_lines, 3);
        assert_int_equal(words.lyrics.n_words, 6);
        assert_int_equal(silbe_words_n_matched(&words), 4);
        assert_string_equal(words.lyrics.words[3].text, "cc");
        assert_int_equal(words.lyrics.words[3].line, 1);
        assert_false(words.is_matched[2] || words.is_matched[3]);
        assert_int_equal(isnan(words.times.words[3].start_s), optional);
        assert_true(words.times.words[3].confidence >= 0);
        check_close(words.times.words[0].start_s, 0.02, 1e-12);
        check_close(words.times.words[4].start_s, 0.26, 1e-12);
        check_close(words.times.words[5].end_s, 0.34, 1e-12);
        check_close(words.times.syllables[5].end_s, 0.34, 1e-12);
        check_close(words.duration_s, 0.34, 1e-12);
        assert_non_null(strstr(report.warnings, "unmatched: line 2, \"ccc cc\""));
        free(report.warnings);
        silbe_words_free(&words);
        silbe_ctc_matrix_result_free(&r);
    }
    example_free(&e);
}

static void refuse(example *e, silbe_status status, const char *part)
{
    silbe_err err;
    silbe_ctc_matrix_result r = SILBE_CTC_MATRIX_RESULT_INIT;
    check_fails(silbe_ctc_matrix_solve(&e->problem, &r, &err), status, part, err);
    assert_null(r.words);
}

static void refused(void **state)
{
    (void)state;
    example e;
    example_new(&e, "ab bc", 4); /* five labels, one of them the boundary */
    for (int plain = 0; plain < 2; plain++) {
        set(&e, plain ? "posteriors.wildcard=never" : "posteriors.wildcard=ends");
        refuse(&e, SILBE_ERR_INFEASIBLE, "4");
        refuse(&e, SILBE_ERR_INFEASIBLE, "5");
    }
    example_free(&e);

    example_new(&e, "a b", 10);
    for (size_t t = 0; t < 10; t++) {
        silbe_matrix_row(&e.logp, t)[B] = -INFINITY;
    }
    refuse(&e, SILBE_ERR_INFEASIBLE, "-infinity");
    silbe_trellis_anchor anchors[] = {{false, 0, 6, 8}, {false, 1, 2, 4}};
    e.problem.anchors = anchors;
    e.problem.n_anchors = 2;
    refuse(&e, SILBE_ERR_INFEASIBLE, "anchor");
    example_free(&e);

    char lyrics[2000 * 4 + 1] = "";
    for (size_t i = 0; i + 1 < sizeof lyrics; i += 4) {
        memcpy(lyrics + i, "abc ", 5);
    }
    example_new(&e, lyrics, 20000);
    set(&e, "posteriors.max_memory_mb=16");
    set(&e, "posteriors.wildcard=ends");
    refuse(&e, SILBE_ERR_MEMORY, "posteriors.max_memory_mb allows 16");
    example_free(&e);
}

/* Offsets move times; what lies before 0 s is cut there. */
static void clock_offsets(void **state)
{
    (void)state;
    static const int FRAMES[] = {A, BLANK, BOUNDARY, B};
    example e;
    silbe_err err = SILBE_ERR_INIT;
    silbe_item_report report = {0};
    silbe_ctc_matrix_result r = SILBE_CTC_MATRIX_RESULT_INIT;
    silbe_words words = SILBE_WORDS_INIT;
    example_new(&e, "a b", 4);
    fill(&e, FRAMES);
    check_ok(silbe_ctc_matrix_solve(&e.problem, &r, &err), err);
    e.clock.offset_s = 0.0125;
    check_ok(silbe_ctc_matrix_fill_words(&e.problem, &r, &words, &report, &err), err);
    check_close(words.times.words[0].start_s, 0.0125, 1e-12);
    check_close(words.times.words[0].end_s, 0.0325, 1e-12);
    check_close(words.times.words[1].start_s, 0.0725, 1e-12);
    check_close(words.duration_s, 0.0925, 1e-12);
    silbe_words_free(&words);
    e.clock.offset_s = -0.05;
    check_ok(silbe_ctc_matrix_fill_words(&e.problem, &r, &words, &report, &err), err);
    check_close(words.times.words[0].start_s, 0, 0);
    check_close(words.times.words[0].end_s, 0.01, 1e-12);
    check_close(words.times.words[1].start_s, 0.01, 1e-12);
    silbe_words_free(&words);
    e.clock.offset_s = -0.08;
    check_fails(silbe_ctc_matrix_fill_words(&e.problem, &r, &words, &report, &err), SILBE_ERR_DATA,
                "offset_ms -80 moves all 4 frames", err);
    silbe_words_free(&words);
    e.clock.offset_s = 0;
    e.config.posteriors.unmatched_logp = -0.001;
    r.words[0].matched = r.words[1].matched = false;
    check_fails(silbe_ctc_matrix_fill_words(&e.problem, &r, &words, &report, &err), SILBE_ERR_DATA,
                "none of the 2 words is in this recording", err);
    silbe_words_free(&words);
    free(report.warnings);
    silbe_ctc_matrix_result_free(&r);
    example_free(&e);
}

/* One frame is enough for a word of one letter. */
static void one_frame(void **state)
{
    (void)state;
    static const int FRAMES[] = {A};
    example e;
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_matrix_result r = SILBE_CTC_MATRIX_RESULT_INIT;
    example_new(&e, "a", 1);
    fill(&e, FRAMES);
    check_ok(silbe_ctc_matrix_solve(&e.problem, &r, &err), err);
    check_word(&r.words[0], 0, 1);
    silbe_ctc_matrix_result_free(&r);
    example_free(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),     cmocka_unit_test(missing_line),  cmocka_unit_test(refused),
        cmocka_unit_test(one_frame), cmocka_unit_test(clock_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
