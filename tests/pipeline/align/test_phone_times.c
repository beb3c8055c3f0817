#define _POSIX_C_SOURCE 200809L
#include "pipeline/align/phone_times.h"

#include "pipeline/align/matched.h"
#include "tests/pipeline/align/sung.h"

static const char LYRICS[] = "Fremd bin ich\neingezogen, fremd\nMai\n";

static silbe_phone_times times_of(const sung *s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_search result = SILBE_PHONE_SEARCH_INIT;
    silbe_phone_times times;
    check_ok(silbe_phone_search_run(&s->config, &s->facts, &s->posteriors, &s->text, &result, &err),
             err);
    check_ok(silbe_phone_times_make(&s->config, &s->text, &result.found, SUNG_HOP_S,
                                    s->facts.duration_s, &times, &err),
             err);
    silbe_phone_search_free(&result);
    return times;
}

/* Words start with their first vowel; what is heard of them before is told beside. */
static void test_words(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_times times = times_of(&s);
    assert_int_equal(times.n_phones, s.n_phones);
    size_t i = 0;
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        const silbe_pronunciation *p = &s.text.words[w].items[0];
        size_t first = i, nucleus = i;
        while (!silbe_phone_is_nucleus(p->phones[nucleus - first])) {
            nucleus++;
        }
        check_close(times.times.words[w].start_s, (double)s.first_frames[nucleus] * SUNG_HOP_S,
                    1e-9);
        check_close(times.sounding_start_s[w], (double)s.first_frames[first] * SUNG_HOP_S, 1e-9);
        for (; i < first + p->n_phones; i++) {
            assert_int_equal(times.phones[i].word, w);
            assert_string_equal(times.phones[i].symbol,
                                silbe_phone_get(p->phones[i - first].phone)->symbol);
            check_close(times.phones[i].span.start_s, (double)s.first_frames[i] * SUNG_HOP_S, 1e-9);
        }
        check_close(times.times.words[w].end_s, times.phones[i - 1].span.end_s, 1e-9);
    }
    silbe_phone_times_free(&times);
    sung_free(&s);
}

static void test_settings(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_times before = times_of(&s);
    s.config.lyrics.start = SILBE_START_FIRST_PHONE;
    s.config.lyrics.offset_ms = 30;
    silbe_phone_times times = times_of(&s);
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        check_close(times.times.words[w].start_s, before.sounding_start_s[w] + 0.03, 1e-9);
        check_close(times.sounding_start_s[w], times.times.words[w].start_s, 1e-9);
    }
    silbe_phone_times_free(&times);
    /* Nothing goes past the ends of the recording. */
    s.config.lyrics.offset_ms = -1000;
    times = times_of(&s);
    assert_true(times.times.words[0].start_s == 0 && times.times.words[0].end_s > 0);
    silbe_phone_times_free(&times);
    silbe_phone_times_free(&before);
    sung_free(&s);
}

/* A word of several syllables: each starts with its own nucleus. */
static void test_syllables(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, "gewogen\n", 6);
    static const char *const PARTS[] = {"ge", "wo", "gen"};
    silbe_syllable *syllables = calloc(3, sizeof *syllables);
    assert_non_null(syllables);
    for (size_t i = 0; i < 3; i++) {
        syllables[i] = (silbe_syllable){strdup(PARTS[i]), 0, NAN, NAN};
    }
    free(s.lyrics.syllables[0].text);
    free(s.lyrics.syllables);
    s.lyrics.syllables = syllables;
    s.lyrics.n_syllables = s.lyrics.words[0].n_syllables = 3;
    silbe_phone_times times = times_of(&s);
    const silbe_pronunciation *p = &s.text.words[0].items[0];
    size_t n = 0;
    for (size_t k = 0; k < p->n_phones; k++) {
        if (silbe_phone_is_nucleus(p->phones[k])) {
            check_close(times.times.syllables[n++].start_s, (double)s.first_frames[k] * SUNG_HOP_S,
                        1e-9);
        }
    }
    assert_int_equal(n, 3);
    check_close(times.times.syllables[2].end_s, times.times.words[0].end_s, 1e-9);
    silbe_phone_times_free(&times);
    sung_free(&s);
}

/* Lines that were not found are listed with their words, the others keep all that they have. */
static void test_matched(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_phone_times times = times_of(&s);
    const bool is_matched[] = {true, false, true};
    const bool none[] = {false, false, false};
    silbe_matched matched;
    silbe_output_item output = {0};
    check_ok(silbe_matched_make(&s.lyrics, &times, is_matched, &matched, &err), err);
    silbe_matched_fill(&matched, &output);
    assert_int_equal(output.lyrics->n_lines, 2);
    assert_int_equal(output.lyrics->n_words, 4);
    assert_int_equal(output.line_numbers[1], 3);
    assert_string_equal(output.lyrics->words[3].text, "Mai");
    check_close(output.times->words[3].start_s, times.times.words[5].start_s, 0);
    check_close(output.sounding_start_s[3], times.sounding_start_s[5], 0);
    assert_int_equal(output.n_unmatched, 2);
    assert_string_equal(output.unmatched[1].text, "fremd");
    assert_int_equal(output.unmatched[1].line, 2);
    assert_int_equal(output.unmatched[1].word, 2);
    check_close(output.unmatched[1].start_s, times.times.words[4].start_s, 0);
    size_t n_left_out = s.text.words[3].items[0].n_phones + s.text.words[4].items[0].n_phones;
    assert_int_equal(output.n_phones, times.n_phones - n_left_out);
    assert_int_equal(output.phones[output.n_phones - 1].word, 3);
    assert_int_equal(output.phones[0].word, 0);
    silbe_matched_free(&matched);
    assert_int_equal(silbe_matched_make(&s.lyrics, &times, none, &matched, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "none of the 3 lines"));
    silbe_matched_free(&matched);
    silbe_phone_times_free(&times);
    sung_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words), cmocka_unit_test(test_settings),
        cmocka_unit_test(test_syllables), cmocka_unit_test(test_matched)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
