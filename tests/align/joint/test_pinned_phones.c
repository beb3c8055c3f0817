/* Phones between two moments: by hand, against all placements, with too little time, malformed. */
#include "tests/check.h"

#include <string.h>

#include "align/joint/pinned_phones.h"

enum { SIL, A, B, C, S };

static const double HOP_S = 0.02;

/* Costs in which in each frame one phone is heard (0) and the others are not (4). */
static silbe_phone_costs heard(const uint8_t *phones, size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix posteriors = SILBE_MATRIX_INIT;
    silbe_phone_costs costs;
    check_ok(silbe_matrix_new(&posteriors, n, S, &err), err);
    for (size_t t = 0; t < n; t++) {
        for (size_t k = 0; k < S; k++) {
            posteriors.data[t * S + k] = k == phones[t] ? 0 : -10;
        }
    }
    check_ok(silbe_phone_costs_new(&posteriors, HOP_S, NULL, 0, 4, &costs, &err), err);
    silbe_matrix_free(&posteriors);
    return costs;
}

static void check_spans(const silbe_pinned_span *spans, size_t n, const double *frames)
{
    for (size_t i = 0; i < n; i++) {
        check_close(spans[i].start_s, frames[2 * i] * HOP_S, 1e-9);
        check_close(spans[i].end_s, frames[2 * i + 1] * HOP_S, 1e-9);
    }
}

static void by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const uint8_t frames[] = {SIL, A, A, A, A, B, B, SIL, SIL, SIL, C, C, A, A};
    silbe_phone_costs costs = heard(frames, sizeof frames);
    const silbe_pinned_phone phones[] = {{A, true}, {B, false}, {C, false}};
    silbe_pinned_text text = {phones, 3, 2, SIL, 2, 0.08};
    silbe_pinned_span spans[3];
    check_ok(silbe_pinned_phones(&costs, &text, 0.02, 0.24, spans, &err), err);
    check_spans(spans, 3, (double[]){1, 5, 5, 7, 10, 12});
    /* Silence where there is none: none is taken. */
    text.gap = 1;
    check_ok(silbe_pinned_phones(&costs, &text, 0.02, 0.14, spans, &err), err);
    check_spans(spans, 2, (double[]){1, 3, 3, 5});
    /* Nothing before but silence, nothing behind. */
    text = (silbe_pinned_text){phones + 2, 1, 0, SIL, 2, 0.08};
    check_ok(silbe_pinned_phones(&costs, &text, 0.14, 0.24, spans, &err), err);
    check_spans(spans, 1, (double[]){10, 12});
    text = (silbe_pinned_text){phones, 2, 2, SIL, 2, 0.08};
    check_ok(silbe_pinned_phones(&costs, &text, 0.02, 0.2, spans, &err), err);
    check_spans(spans, 2, (double[]){1, 5, 5, 7});
    silbe_phone_costs_free(&costs);
}

/* The pinned ends are kept as they are, although they lie between frames. */
static void ends_are_exact(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const uint8_t frames[] = {A, A, A, A, B, B, B, B};
    silbe_phone_costs costs = heard(frames, sizeof frames);
    const silbe_pinned_phone phones[] = {{A, true}, {B, false}};
    silbe_pinned_text text = {phones, 2, SILBE_PINNED_NO_GAP, SIL, 2, 0.08};
    silbe_pinned_span spans[2];
    check_ok(silbe_pinned_phones(&costs, &text, 0.0123, 0.1377, spans, &err), err);
    assert_true(spans[0].start_s == 0.0123 && spans[1].end_s == 0.1377);
    check_close(spans[0].end_s, 0.08, 1e-9);
    check_close(spans[1].start_s, 0.08, 1e-9);
    silbe_phone_costs_free(&costs);
}

/* Least cost over all placements of three phones, without silence. */
static double best_of_all(const silbe_phone_costs *costs, const silbe_pinned_text *text,
                          size_t n_frames)
{
    double best = INFINITY;
    for (size_t i = text->min_frames; i < n_frames; i++) {
        for (size_t j = i + text->min_frames; j + text->min_frames <= n_frames; j++) {
            size_t ends[] = {0, i, j, n_frames};
            double cost = 0;
            for (size_t k = 0; k < 3; k++) {
                for (size_t t = ends[k]; t < ends[k + 1]; t++) {
                    cost += silbe_phone_cost(costs, text->phones[k].phone, (double)t * HOP_S,
                                             (double)(t + 1) * HOP_S);
                }
                size_t extra = ends[k + 1] - ends[k] - text->min_frames;
                cost += text->phones[k].holdable ? 0 : (double)extra * HOP_S / text->consonant_s;
            }
            best = fmin(best, cost);
        }
    }
    return best;
}

static double cost_of(const silbe_phone_costs *costs, const silbe_pinned_text *text,
                      const silbe_pinned_span *spans)
{
    double cost = 0;
    for (size_t k = 0; k < 3; k++) {
        size_t n = (size_t)lround((spans[k].end_s - spans[k].start_s) / HOP_S);
        cost += (double)n *
                silbe_phone_cost(costs, text->phones[k].phone, spans[k].start_s, spans[k].end_s);
        cost += text->phones[k].holdable
                    ? 0
                    : (double)(n - text->min_frames) * HOP_S / text->consonant_s;
    }
    return cost;
}

static void against_all_placements(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(7003);
    for (int round = 0; round < 200; round++) {
        size_t n = 6 + check_random(&rng) % 10;
        silbe_matrix posteriors = SILBE_MATRIX_INIT;
        silbe_phone_costs costs;
        check_ok(silbe_matrix_new(&posteriors, n, S, &err), err);
        for (size_t i = 0; i < n * S; i++) {
            posteriors.data[i] = (float)(-3 * check_uniform(&rng));
        }
        check_ok(silbe_phone_costs_new(&posteriors, HOP_S, NULL, 0, 4, &costs, &err), err);
        const silbe_pinned_phone phones[] = {{A, true}, {B, false}, {C, false}};
        silbe_pinned_text text = {phones, 3, SILBE_PINNED_NO_GAP, SIL, 1 + check_random(&rng) % 2,
                                  0.05};
        silbe_pinned_span spans[3];
        check_ok(silbe_pinned_phones(&costs, &text, 0, (double)n * HOP_S, spans, &err), err);
        for (size_t k = 0; k < 3; k++) {
            assert_true(spans[k].end_s - spans[k].start_s >
                        ((double)text.min_frames - 0.01) * HOP_S);
            assert_true(k == 0 || spans[k].start_s == spans[k - 1].end_s);
        }
        check_close(cost_of(&costs, &text, spans), best_of_all(&costs, &text, n), 1e-9);
        silbe_phone_costs_free(&costs);
        silbe_matrix_free(&posteriors);
    }
}

/* Less time than phones: all alike; beyond the posteriorgram: its last frame. */
static void too_little_time(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const uint8_t frames[] = {A, A, B, B};
    silbe_phone_costs costs = heard(frames, sizeof frames);
    const silbe_pinned_phone phones[] = {{A, true}, {B, false}, {C, false}};
    silbe_pinned_text text = {phones, 3, SILBE_PINNED_NO_GAP, SIL, 2, 0.08};
    silbe_pinned_span spans[3];
    check_ok(silbe_pinned_phones(&costs, &text, 0, 0.03, spans, &err), err);
    for (size_t k = 0; k < 3; k++) {
        check_close(spans[k].start_s, 0.01 * (double)k, 1e-9);
        check_close(spans[k].end_s, 0.01 * (double)(k + 1), 1e-9);
    }
    check_ok(silbe_pinned_phones(&costs, &text, 0, 0.06, spans, &err), err);
    check_spans(spans, 3, (double[]){0, 1, 1, 2, 2, 3});
    check_ok(silbe_pinned_phones(&costs, &text, 5, 5.2, spans, &err), err);
    silbe_phone_costs_free(&costs);
}

static void refuses(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const uint8_t frames[] = {A, A, B, B};
    silbe_phone_costs costs = heard(frames, sizeof frames);
    const silbe_pinned_phone phones[] = {{A, true}, {S, false}};
    const silbe_pinned_text good = {phones, 1, SILBE_PINNED_NO_GAP, SIL, 2, 0.08};
    silbe_pinned_span spans[2];
    silbe_pinned_text texts[] = {good, good, good, good, good};
    texts[0].n_phones = 0;
    texts[1].n_phones = 2;
    texts[2].gap = 2;
    texts[3].min_frames = 0;
    texts[4].consonant_s = NAN;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(silbe_pinned_phones(&costs, &texts[i], 0, 1, spans, &err),
                         SILBE_ERR_ARGUMENT);
    }
    assert_int_equal(silbe_pinned_phones(&costs, &good, 1, 1, spans, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_pinned_phones(&costs, &good, 0, NAN, spans, &err), SILBE_ERR_ARGUMENT);
    silbe_phone_costs_free(&costs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(ends_are_exact),
        cmocka_unit_test(against_all_placements),
        cmocka_unit_test(too_little_time),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
