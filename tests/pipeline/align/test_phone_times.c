#define _POSIX_C_SOURCE 200809L
#include "pipeline/align/phone_times.h"

#include "tests/pipeline/align/sung.h"

static const char LYRICS[] = "Fremd bin ich\neingezogen, fremd\nMai\n";

static silbe_words times_of(const sung *s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_search result = SILBE_PHONE_SEARCH_INIT;
    silbe_words times = SILBE_WORDS_INIT;
    check_ok(silbe_phone_search_run(&s->config, &s->facts, &s->posteriors, &s->text, &result, &err),
             err);
    check_ok(silbe_phone_times_fill(&s->config, &s->text, &result.found, SUNG_HOP_S,
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
    silbe_words times = times_of(&s);
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
    silbe_words_free(&times);
    sung_free(&s);
}

static void test_settings(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 6);
    silbe_words before = times_of(&s);
    s.config.lyrics.start = SILBE_START_FIRST_PHONE;
    s.config.lyrics.offset_ms = 30;
    silbe_words times = times_of(&s);
    for (size_t w = 0; w < s.lyrics.n_words; w++) {
        check_close(times.times.words[w].start_s, before.sounding_start_s[w] + 0.03, 1e-9);
        check_close(times.sounding_start_s[w], times.times.words[w].start_s, 1e-9);
    }
    silbe_words_free(&times);
    /* Nothing goes past the ends of the recording. */
    s.config.lyrics.offset_ms = -1000;
    times = times_of(&s);
    assert_true(times.times.words[0].start_s == 0 && times.times.words[0].end_s > 0);
    silbe_words_free(&times);
    silbe_words_free(&before);
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
    silbe_words times = times_of(&s);
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
    silbe_words_free(&times);
    sung_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words),
                                       cmocka_unit_test(test_settings),
                                       cmocka_unit_test(test_syllables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
