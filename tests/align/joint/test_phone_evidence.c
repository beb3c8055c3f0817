/* What phones say about the score: nothing if all are alike, and by hand where they are not. */
#include "tests/check.h"

#include <string.h>

#include "align/joint/phone_evidence.h"

enum { SIL, L, A, U, S, T = 20 };

static const double HOP_S = 0.02;
static const uint8_t LA[] = {L, A};
static const uint8_t LU[] = {L, U};
static const silbe_sung_syllable SYLLABLES[] = {{0, 1, LA, 2, 1}, {1, 2, LU, 2, 1}};
static const silbe_sung_text TEXT = {SYLLABLES, 2, S, SIL, 0.25};

/* A posteriorgram in which A is heard up to frame 10, and U from there on. */
static silbe_phone_costs a_then_u(void)
{
    silbe_err err = SILBE_ERR_INIT;
    float values[T * S];
    for (size_t t = 0; t < T; t++) {
        for (size_t k = 0; k < S; k++) {
            values[t * S + k] = k == (t < 10 ? A : U) ? 0 : -10;
        }
    }
    silbe_matrix posteriors = {.data = values, .n_rows = T, .n_cols = S};
    silbe_phone_costs costs;
    check_ok(silbe_phone_costs_new(&posteriors, HOP_S, NULL, 0, 4, &costs, &err), err);
    return costs;
}

static silbe_phone_evidence evidence_of(const silbe_phone_costs *costs)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_evidence evidence = {.costs = costs,
                                     .text = &TEXT,
                                     .match_weight = 2,
                                     .hold_weight = 10,
                                     .onset_weight = 3,
                                     .before_s = 0.1,
                                     .after_s = 0.1};
    check_ok(silbe_phone_evidence_check(&evidence, &err), err);
    return evidence;
}

static void by_hand(void **state)
{
    (void)state;
    silbe_phone_costs costs = a_then_u();
    const silbe_phone_evidence evidence = evidence_of(&costs);
    const silbe_score_evidence of = silbe_phone_evidence_for_score(&evidence);
    float match[T];
    double hold[T], onset[T];
    for (size_t t = 0; t < T; t++) {
        match[t] = 1;
        hold[t] = onset[t] = 5;
    }
    of.add_match(of.context, 0.5, HOP_S, 0, T, match);  /* A is due */
    of.add_hold(of.context, 1, 1.5, HOP_S, 0, T, hold); /* U is due */
    of.add_onset(of.context, 1, HOP_S, 0, T, onset);
    for (size_t t = 0; t < T; t++) {
        check_close(match[t], t < 10 ? 1 : 3, 1e-6);
        check_close(hold[t], 5 + (t < 10 ? 10 * HOP_S * 4 : 0), 1e-9);
        assert_true(t == 10 || onset[t] > onset[10]);
    }
    check_close(onset[10], 5 - 3 * 4, 1e-9); /* U is heard from there on and not before */
    /* No syllable begins at an event between. */
    for (size_t t = 0; t < T; t++) {
        onset[t] = 5;
    }
    of.add_onset(of.context, 1.5, HOP_S, 0, T, onset);
    for (size_t t = 0; t < T; t++) {
        assert_true(onset[t] == 5);
    }
    check_close(silbe_phone_misfit(&evidence, 0, 0.5, 0, 0.4), 2, 1e-9);
    silbe_phone_costs_free(&costs);
}

/* All phones alike, or weights of 0: the same bytes as before. */
static void says_nothing(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(7004);
    for (int round = 0; round < 2; round++) {
        float values[T * S];
        for (size_t i = 0; i < T * S; i++) {
            values[i] = round == 0 ? -1.386F : (float)-check_uniform(&rng);
        }
        silbe_matrix posteriors = {.data = values, .n_rows = T, .n_cols = S};
        silbe_phone_costs costs;
        check_ok(silbe_phone_costs_new(&posteriors, HOP_S, NULL, 0, 4, &costs, &err), err);
        silbe_phone_evidence evidence = evidence_of(&costs);
        if (round == 1) {
            evidence.match_weight = evidence.hold_weight = evidence.onset_weight = 0;
        }
        const silbe_score_evidence of = silbe_phone_evidence_for_score(&evidence);
        for (int i = 0; i < 100; i++) {
            float match[T], match_before[T];
            double cost[T], cost_before[T];
            double q = 3 * check_uniform(&rng) - 0.5, next_q = q + check_uniform(&rng);
            for (size_t t = 0; t < T; t++) {
                match[t] = match_before[t] = (float)check_uniform(&rng);
                cost[t] = cost_before[t] = check_uniform(&rng);
            }
            of.add_match(of.context, q, 0.1, 3, 3 + T, match);
            of.add_hold(of.context, q, next_q, 0.01, 7, T, cost);
            of.add_onset(of.context, floor(q + 0.5), 0.01, 2, T, cost);
            assert_memory_equal(match, match_before, sizeof match);
            assert_memory_equal(cost, cost_before, sizeof cost);
        }
        silbe_phone_costs_free(&costs);
    }
}

static void check_refused(silbe_phone_evidence evidence)
{
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_phone_evidence_check(&evidence, &err), SILBE_ERR_ARGUMENT);
}

static void refuses(void **state)
{
    (void)state;
    silbe_phone_costs costs = a_then_u();
    const silbe_phone_evidence good = evidence_of(&costs);
    silbe_sung_text text = TEXT;
    silbe_phone_evidence bad = good;
    bad.match_weight = -1;
    check_refused(bad);
    bad = good;
    bad.hold_weight = NAN;
    check_refused(bad);
    bad = good;
    bad.after_s = 0;
    check_refused(bad);
    bad = good;
    bad.text = &text;
    text.n_phones_set = S + 1;
    check_refused(bad);
    silbe_phone_costs_free(&costs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(says_nothing),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
