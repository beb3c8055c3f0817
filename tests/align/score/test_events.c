/* Onsets of a score: by hand, against the definition, malformed. */
#include "tests/check.h"

#include <string.h>

#include "align/score/events.h"

static silbe_note note(double onset_q, double duration_q)
{
    return (silbe_note){.onset_q = onset_q, .duration_q = duration_q, .pitch = 60};
}

static void by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    /* The first ends a rounding error behind the event at which it ends. */
    silbe_note notes[] = {note(0, 1 + 5e-7), note(0, 2), note(1, 1), note(1 + 5e-7, 0.5),
                          note(3, 9)};
    static const size_t EVENT[] = {0, 0, 1, 1, 2}, END[] = {1, 2, 2, 2, 3};
    static const double ONSET_Q[] = {0, 1, 3};
    silbe_score score = {.notes = notes, .n_notes = 5, .end_q = 12};
    silbe_score_events events;
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    assert_int_equal(events.n_events, 3);
    assert_int_equal(events.n_notes, 5);
    assert_memory_equal(events.onset_q, ONSET_Q, sizeof ONSET_Q);
    assert_memory_equal(events.event_of_note, EVENT, sizeof EVENT);
    assert_memory_equal(events.end_of_note, END, sizeof END);
    silbe_score_events_free(&events);
    assert_null(events.onset_q);
    silbe_score_events_free(&events); /* twice is legal */
}

/* Notes that each lie within the tolerance of the one before do not all become one event. */
static void tolerance_does_not_add_up(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_note notes[] = {note(0, 1), note(8e-7, 1), note(16e-7, 1), note(24e-7, 1)};
    static const size_t EVENT[] = {0, 0, 1, 1};
    silbe_score score = {.notes = notes, .n_notes = 4, .end_q = 2};
    silbe_score_events events;
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    assert_int_equal(events.n_events, 2);
    assert_memory_equal(events.event_of_note, EVENT, sizeof EVENT);
    silbe_score_events_free(&events);
}

static void against_the_definition(void **state)
{
    (void)state;
    enum { MAX = 200 };
    check_rng rng = check_rng_new(101);
    silbe_note notes[MAX];
    for (int round = 0; round < 100; round++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_score_events events;
        size_t n = 1 + check_random(&rng) % MAX;
        double at_q = 0;
        for (size_t i = 0; i < n; i++) {
            at_q += 0.25 * (double)(check_random(&rng) % 3);
            notes[i] = note(at_q, 0.125 * (double)(1 + check_random(&rng) % 40));
        }
        silbe_score score = {.notes = notes, .n_notes = n, .end_q = at_q + 5};
        check_ok(silbe_score_events_new(&score, &events, &err), err);
        for (size_t i = 0; i < n; i++) {
            size_t event = 0, end = 0;
            while (events.onset_q[event] != notes[i].onset_q) {
                event++;
            }
            while (end < events.n_events &&
                   events.onset_q[end] < notes[i].onset_q + notes[i].duration_q) {
                end++;
            }
            assert_int_equal(events.event_of_note[i], event);
            assert_int_equal(events.end_of_note[i], end);
        }
        for (size_t k = 1; k < events.n_events; k++) {
            assert_true(events.onset_q[k] > events.onset_q[k - 1]);
        }
        silbe_score_events_free(&events);
    }
}

static void check_refused(silbe_note *notes, size_t n, silbe_status want, const char *message)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_score score = {.notes = notes, .n_notes = n, .end_q = 9};
    silbe_score_events events;
    assert_int_equal(silbe_score_events_new(&score, &events, &err), want);
    assert_non_null(strstr(err.message, message));
    silbe_score_events_free(&events);
}

static void malformed(void **state)
{
    (void)state;
    silbe_note unsorted[] = {note(0, 1), note(2, 1), note(1, 1)};
    silbe_note nan_onset[] = {note(0, 1), note(NAN, 1)};
    silbe_note nan_first[] = {note(NAN, 1)};
    silbe_note endless[] = {note(0, 1), note(INFINITY, 1)};
    silbe_note nan_duration[] = {note(0, 1), note(1, NAN)};
    check_refused(NULL, 0, SILBE_ERR_DATA, "no notes");
    check_refused(unsorted, 3, SILBE_ERR_ARGUMENT, "note 3");
    check_refused(nan_onset, 2, SILBE_ERR_ARGUMENT, "note 2");
    check_refused(nan_first, 1, SILBE_ERR_ARGUMENT, "note 1");
    check_refused(endless, 2, SILBE_ERR_ARGUMENT, "note 2");
    check_refused(nan_duration, 2, SILBE_ERR_ARGUMENT, "note 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(tolerance_does_not_add_up),
        cmocka_unit_test(against_the_definition),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
