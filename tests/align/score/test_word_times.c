/* Events to words: by hand, what holds for any input, malformed input. */
#include "tests/check.h"

#include <stdbool.h>
#include <string.h>

#include "align/score/word_times.h"

enum { MAX = 60 };

static silbe_syllable syllable(size_t word, double onset_q, double end_q)
{
    static char text[] = "la";
    return (silbe_syllable){.text = text, .word = word, .onset_q = onset_q, .end_q = end_q};
}

static const double EVENT_Q[] = {1, 2, 4}, EVENT_S[] = {10, 12, 13}, CONFIDENCE[] = {0.9, 0.5, 0.7};
static const silbe_score_times TIMES = {EVENT_Q, EVENT_S, CONFIDENCE, 3, 20};

static void time_of_a_position(void **state)
{
    (void)state;
    check_close(silbe_score_time(&TIMES, 1), 10, 0);
    check_close(silbe_score_time(&TIMES, 1.5), 11, 1e-12);
    check_close(silbe_score_time(&TIMES, 2), 12, 0);
    check_close(silbe_score_time(&TIMES, 2 + 5e-7), 12, 0); /* the same moment */
    check_close(silbe_score_time(&TIMES, 3), 12.5, 1e-12);
    check_close(silbe_score_time(&TIMES, 5), 14, 1e-12); /* 3 s for 3 quarters on the whole */
    check_close(silbe_score_time(&TIMES, 0), 9, 1e-12);
    check_close(silbe_score_time(&TIMES, -100), 0, 0);
    check_close(silbe_score_time(&TIMES, 100), 20, 0);
    silbe_score_times one = TIMES;
    one.n_events = 1;
    check_close(silbe_score_time(&one, 7), 16, 1e-12); /* a second for each quarter */
    check_close(silbe_score_time(&one, 0), 9, 1e-12);
}

static void by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_syllable syllables[] = {syllable(0, 1, 2), syllable(0, 1.5, 1.75), syllable(1, 2, 3),
                                  syllable(2, 3, 5)};
    silbe_word words[] = {{.first_syllable = 0, .n_syllables = 2},
                          {.first_syllable = 2, .n_syllables = 1},
                          {.first_syllable = 3, .n_syllables = 1}};
    silbe_lyrics lyrics = {.syllables = syllables, .n_syllables = 4, .words = words, .n_words = 3};
    silbe_word_times times;
    check_ok(silbe_score_word_times(&lyrics, &TIMES, &times, &err), err);
    static const double WANT[][3] = {
        {10, 11, 0.9}, {11, 11.5, 0.5}, {12, 12.5, 0.5}, {12.5, 14, 0.5}};
    assert_int_equal(times.n_syllables, 4);
    assert_int_equal(times.n_words, 3);
    for (size_t i = 0; i < 4; i++) {
        check_close(times.syllables[i].start_s, WANT[i][0], 1e-12);
        check_close(times.syllables[i].end_s, WANT[i][1], 1e-12);
        check_close(times.syllables[i].confidence, WANT[i][2], 0);
    }
    check_close(times.words[0].start_s, 10, 1e-12);
    check_close(times.words[0].end_s, 11.5, 1e-12);
    check_close(times.words[0].confidence, 0.9, 0);
    check_close(times.words[2].end_s, 14, 1e-12);
    silbe_word_times_free(&times);
}

/* Whatever the score: starts increase, ends do not reach into the next syllable, words span their
 * syllables. */
static void spans_are_in_order(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(151);
    for (int round = 0; round < 200; round++) {
        silbe_err err = SILBE_ERR_INIT;
        double event_q[MAX], event_s[MAX], confidence[MAX];
        silbe_syllable syllables[MAX];
        silbe_word words[MAX];
        size_t n_events = 1 + check_random(&rng) % MAX, n = check_random(&rng) % MAX, n_words = 0;
        for (size_t k = 0; k < n_events; k++) {
            event_q[k] = (k > 0 ? event_q[k - 1] : 0) + 0.05 + check_uniform(&rng);
            event_s[k] = (k > 0 ? event_s[k - 1] : 0) + 1e-4 + pow(check_uniform(&rng), 4);
            confidence[k] = check_uniform(&rng);
        }
        double at_q = 0;
        for (size_t i = 0; i < n; i++) {
            at_q += check_random(&rng) % 4 == 0 ? 0 : check_uniform(&rng); /* two on one note */
            bool is_new = i == 0 || check_random(&rng) % 2 == 0;
            if (is_new) {
                words[n_words++] = (silbe_word){.first_syllable = i};
            }
            words[n_words - 1].n_syllables++;
            syllables[i] = syllable(n_words - 1, at_q, at_q + 2 * check_uniform(&rng));
        }
        silbe_lyrics lyrics = {
            .syllables = syllables, .n_syllables = n, .words = words, .n_words = n_words};
        silbe_score_times map = {event_q, event_s, confidence, n_events,
                                 event_s[n_events - 1] * (0.5 + check_uniform(&rng))};
        silbe_word_times times;
        check_ok(silbe_score_word_times(&lyrics, &map, &times, &err), err);
        for (size_t i = 0; i < n; i++) {
            const silbe_span *span = &times.syllables[i];
            assert_true(span->end_s >= span->start_s + 0.99e-3 && span->start_s >= 0);
            assert_true(i == 0 || span->start_s >= times.syllables[i - 1].end_s);
            assert_true(span->confidence >= 0 && span->confidence <= 1);
        }
        for (size_t w = 0; w < n_words; w++) {
            size_t first = words[w].first_syllable, last = first + words[w].n_syllables - 1;
            assert_true(times.words[w].start_s == times.syllables[first].start_s);
            assert_true(times.words[w].end_s == times.syllables[last].end_s);
        }
        silbe_word_times_free(&times);
    }
}

static void check_refused(const silbe_score_times *map, double onset_q, double end_q,
                          silbe_status want, const char *message)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_syllable syllables[] = {syllable(0, 1, 2), syllable(0, onset_q, end_q)};
    silbe_word words[] = {{.first_syllable = 0, .n_syllables = 2}};
    silbe_lyrics lyrics = {.syllables = syllables, .n_syllables = 2, .words = words, .n_words = 1};
    silbe_word_times times;
    assert_int_equal(silbe_score_word_times(&lyrics, map, &times, &err), want);
    if (strstr(err.message, message) == NULL) {
        print_error("%s\n", err.message);
        fail();
    }
    assert_null(times.words);
    assert_null(times.syllables);
    silbe_word_times_free(&times);
}

static void malformed(void **state)
{
    (void)state;
    static const double BACK_S[] = {10, 12, 11.9}, SAME_S[] = {10, 12, 12}, NAN_S[] = {10, NAN, 13};
    silbe_score_times map = TIMES;
    check_refused(&map, NAN, 3, SILBE_ERR_ARGUMENT, "syllable 2 (\"la\")");
    check_refused(&map, INFINITY, INFINITY, SILBE_ERR_ARGUMENT, "syllable 2");
    check_refused(&map, 2, NAN, SILBE_ERR_ARGUMENT, "syllable 2");
    check_refused(&map, 2, 1, SILBE_ERR_ARGUMENT, "syllable 2");
    map.event_s = BACK_S;
    check_refused(&map, 2, 3, SILBE_ERR_DATA, "event 3");
    map.event_s = SAME_S;
    check_refused(&map, 2, 3, SILBE_ERR_DATA, "event 3");
    map.event_s = NAN_S;
    check_refused(&map, 2, 3, SILBE_ERR_DATA, "event 2");
    map.n_events = 0;
    check_refused(&map, 2, 3, SILBE_ERR_ARGUMENT, "no events");

    silbe_err err = SILBE_ERR_INIT; /* no words are no error */
    silbe_lyrics none = SILBE_LYRICS_INIT;
    silbe_word_times times;
    check_ok(silbe_score_word_times(&none, &TIMES, &times, &err), err);
    assert_int_equal(times.n_words + times.n_syllables, 0);
    silbe_word_times_free(&times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_of_a_position),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(spans_are_in_order),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
