#include "pipeline/align/phone_search.h"

#include "pipeline/align/phone_anchors.h"
#include "pipeline/align/phone_times.h"
#include "tests/pipeline/align/sung.h"

static const char LYRICS[] = "Fremd bin ich eingezogen,\nfremd zieh' ich wieder aus.\n"
                             "Der Mai war mir gewogen\nmit manchem Blumenstrau\xc3\x9f.\n";

static void search(const sung *s, silbe_phone_search *result)
{
    silbe_err err = SILBE_ERR_INIT;
    *result = (silbe_phone_search)SILBE_PHONE_SEARCH_INIT;
    check_ok(silbe_phone_search_run(&s->config, &s->facts, &s->posteriors, &s->text, result, &err),
             err);
}

/* Every phone begins where it is sung. */
static void expect_found(const sung *s, const silbe_phone_search *result)
{
    assert_int_equal(result->found.n_labels, s->n_phones);
    for (size_t i = 0; i < s->n_phones; i++) {
        assert_int_equal(result->found.labels[i].begin_frame, s->first_frames[i]);
    }
}

static void test_found(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_search result;
    search(&s, &result);
    expect_found(&s, &result);
    assert_int_equal(result.n_searches, 1);
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        assert_true(result.found.words[w].confidence > 0.95);
    }
    /* All phones in the mean: ln 0.9 against all with the same prior. */
    check_close(result.mean_llr, log(0.9), 0.01);
    silbe_phone_search_free(&result);
    sung_free(&s);
}

/* What is sung is another text: no line of it fits, and no word is trusted. */
static void test_other_text(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    static const char OTHER[] = "Guten Tag\ngute Nacht\n";
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_search result;
    silbe_phone_text_free(&s.text);
    silbe_lyrics_free(&s.lyrics);
    check_ok(silbe_lyrics_from_text(OTHER, strlen(OTHER), &s.lyrics, &err), err);
    sung_again(&s);
    search(&s, &result);
    for (size_t l = 0; l < s.lyrics.n_lines; l++) {
        assert_true(result.line_llr[l] < s.config.lyrics.mismatch_llr);
    }
    silbe_phone_search_free(&result);
    sung_free(&s);
}

/* In two searches as in one; and with lines of the text in another order it says so. */
static void test_long(void **state)
{
    (void)state;
    enum { N_TIMES = 16 };
    char *lyrics = calloc(N_TIMES + 1, sizeof LYRICS);
    assert_non_null(lyrics);
    for (size_t i = 0; i < N_TIMES; i++) {
        strcat(lyrics, LYRICS);
    }
    sung s;
    sung_make(&s, lyrics, 30);
    silbe_phone_search result;
    search(&s, &result);
    assert_int_equal(result.n_searches, 2);
    expect_found(&s, &result);
    silbe_phone_search_free(&result);
    s.config.lyrics.beam = 0.01;
    silbe_err err = SILBE_ERR_INIT;
    silbe_status status =
        silbe_phone_search_run(&s.config, &s.facts, &s.posteriors, &s.text, &result, &err);
    assert_true(status == SILBE_OK || strstr(err.message, "beam") != NULL);
    silbe_phone_search_free(&result);
    sung_free(&s);
    free(lyrics);
}

static void expect_error(const sung *s, silbe_status status, const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_search result = SILBE_PHONE_SEARCH_INIT;
    assert_int_equal(
        silbe_phone_search_run(&s->config, &s->facts, &s->posteriors, &s->text, &result, &err),
        status);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
    silbe_phone_search_free(&result);
}

static void test_too_long(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 6);
    s.posteriors.n_rows /= 10;
    s.facts.n_frames /= 10;
    s.facts.duration_s /= 10;
    expect_error(&s, SILBE_ERR_INFEASIBLE, "the text of 17 words takes");
    sung_free(&s);
    sung_make(&s, LYRICS, 6);
    s.config.lyrics.max_memory_mb = 0;
    expect_error(&s, SILBE_ERR_MEMORY, "lyrics.max_memory_mb allows 0; raise it");
    sung_free(&s);
}

/* Words keep the times that were set by hand, and the others their order. */
static void test_anchors(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_search result = SILBE_PHONE_SEARCH_INIT;
    silbe_phone_anchors anchors = SILBE_PHONE_ANCHORS_INIT;
    silbe_words times = SILBE_WORDS_INIT, moved = SILBE_WORDS_INIT;
    const char *path = "test_phone_search.words.csv";
    search(&s, &result);
    check_ok(silbe_phone_times_fill(&s.config, &s.text, &result.found, SUNG_HOP_S,
                                    s.facts.duration_s, &times, &err),
             err);
    silbe_phone_search_free(&result);
    double set_s = times.times.words[3].start_s + 0.043;
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    (void)fputs("start;end;word;line;confidence\n", stream);
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        (void)fprintf(stream, "%.3f;;\"%s\";;%d\n", w == 3 ? set_s : times.times.words[w].start_s,
                      s.lyrics.words[w].text, w == 3);
    }
    assert_int_equal(fclose(stream), 0);
    check_ok(silbe_phone_anchors_read(&s.config, path, SUNG_HOP_S, s.facts.duration_s, &s.text,
                                      &anchors, &err),
             err);
    assert_int_equal(anchors.n_anchors, 1);
    assert_int_equal(s.text.text.n_anchors, 1);
    assert_int_equal(anchors.anchors[0].index, 3);
    search(&s, &result);
    check_ok(silbe_phone_times_fill(&s.config, &s.text, &result.found, SUNG_HOP_S,
                                    s.facts.duration_s, &moved, &err),
             err);
    silbe_phone_anchors_apply(&anchors, &s.lyrics, &moved);
    check_close(moved.times.words[3].start_s, set_s, 0.0006);
    check_close(moved.times.words[3].confidence, 1, 0);
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        assert_true(w == 0 || moved.times.words[w].start_s >= moved.times.words[w - 1].start_s);
        assert_true(moved.sounding_start_s[w] <= moved.times.words[w].start_s);
        if (w != 3) {
            check_close(moved.times.words[w].start_s, times.times.words[w].start_s, 0.3);
        }
    }
    silbe_phone_anchors again = SILBE_PHONE_ANCHORS_INIT;
    assert_int_equal(
        silbe_phone_anchors_read(&s.config, path, SUNG_HOP_S, 0.5, &s.text, &again, &err),
        SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "but the recording ends at 0.500 s"));
    silbe_phone_anchors_free(&again);
    silbe_phone_anchors_free(&anchors);
    silbe_phone_search_free(&result);
    silbe_words_free(&times);
    silbe_words_free(&moved);
    sung_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_found),
                                       cmocka_unit_test(test_other_text),
                                       cmocka_unit_test(test_long), cmocka_unit_test(test_too_long),
                                       cmocka_unit_test(test_anchors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
