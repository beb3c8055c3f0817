#include "tests/align/score/synthetic.h"

#include "align/score/events.h"
#include "align/score/score_sync.h"

static double ONSETS_Q[] = {0, 1, 2, 3, 4, 5};
static const silbe_score_events EVENTS = {.onset_q = ONSETS_Q, .n_events = 6};

static void anchors_find_their_events(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_score_anchor anchors[] = {{3.00004, 7}, {1, 2}, {1, 2.5}, {1.5, 9}, {9, 9}};
    double anchor_s[6];
    check_ok(silbe_anchors_of_events(&EVENTS, anchors, 5, anchor_s, &err), err);
    for (size_t k = 0; k < 6; k++) {
        assert_int_equal(isnan(anchor_s[k]), k != 1 && k != 3);
    }
    check_close(anchor_s[1], 2, 0);
    check_close(anchor_s[3], 7, 0);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_score_anchor backwards[] = {{1, 5}, {3, 4}};
    const silbe_score_anchor crowded[] = {{1, 5}, {3, 5.0001}};
    double anchor_s[6];
    assert_int_equal(silbe_anchors_of_events(&EVENTS, backwards, 2, anchor_s, &err),
                     SILBE_ERR_INFEASIBLE);
    assert_non_null(strstr(err.message, "5.0000 s"));
    assert_non_null(strstr(err.message, "4.0000 s"));
    assert_int_equal(silbe_anchors_of_events(&EVENTS, crowded, 2, anchor_s, &err),
                     SILBE_ERR_INFEASIBLE);
}

static void a_guess_is_bent(void **state)
{
    (void)state;
    const double anchor_s[] = {NAN, 12, NAN, 20, NAN, NAN};
    double guess[] = {5, 10, 11, 14, 15, 30};
    const double want[] = {5, 12, 14, 20, 20, 30};
    silbe_anchors_bend(anchor_s, 6, guess);
    for (size_t k = 0; k < 6; k++) {
        check_close(guess[k], want[k], 1e-12);
    }
    /* Without anchors nothing changes; a guess without length is spread by number. */
    const double none[] = {NAN, NAN}, both[] = {1, NAN, NAN, 4};
    double pair[] = {1, 2}, flat[] = {7, 7, 7, 7};
    silbe_anchors_bend(none, 2, pair);
    check_close(pair[0], 1, 0);
    check_close(pair[1], 2, 0);
    silbe_anchors_bend(both, 4, flat);
    check_close(flat[1], 2, 1e-12);
    check_close(flat[2], 3, 1e-12);
}

/* Anchors hold to the last digit, also far from what is heard; the rest is found as before. */
static void anchors_hold(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(97);
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 150);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_score_events events;
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    const size_t at[] = {20, 60, 100};
    silbe_score_anchor anchors[3];
    for (size_t i = 0; i < 3; i++) {
        double room_s = p->event_s[at[i] + 1] - p->event_s[at[i]];
        anchors[i] = (silbe_score_anchor){events.onset_q[at[i]], p->event_s[at[i]] + 0.4 * room_s};
    }
    options.anchors = anchors;
    options.n_anchors = 3;
    silbe_score_sync sync;
    check_ok(silbe_score_sync_run(&score, &p->recording, &options, &sync, &err), err);
    size_t n_far = 0;
    for (size_t k = 0; k < p->n_events; k++) {
        assert_true(k == 0 || sync.event_s[k] > sync.event_s[k - 1]);
        n_far += fabs(sync.event_s[k] - p->event_s[k]) > 0.03;
    }
    for (size_t i = 0; i < 3; i++) {
        assert_true(sync.event_s[at[i]] == anchors[i].time_s);
        assert_true(sync.confidence[at[i]] == 1);
    }
    assert_true(n_far <= 9);
    silbe_score_sync_free(&sync);
    silbe_score_events_free(&events);
    synthetic_free(p);
    silbe_score_free(&score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_find_their_events),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(a_guess_is_bent),
        cmocka_unit_test(anchors_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
