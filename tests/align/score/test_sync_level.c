/* One level of the coarse synchronisation: places, bands, costs of other keys, malformed input. */
#include "tests/align/score/synthetic.h"

#include "align/score/sync_level.h"

static const silbe_sync_level LEVEL = {.pad_s = 1,
                                       .hop_s = 0.1,
                                       .smoothing_s = 0.2,
                                       .onset_weight = 0.3,
                                       .onset_decay_s = 0.2,
                                       .side_weight = 2};

typedef struct {
    silbe_score score;
    silbe_score_events events;
    synthetic_performance *p;
    double *event_s;
} fixture;

static fixture fixture_new(check_rng *rng, size_t n_events, const synthetic_options *o)
{
    silbe_err err = SILBE_ERR_INIT;
    fixture f = {.score = synthetic_score(rng, n_events)};
    check_ok(silbe_score_events_new(&f.score, &f.events, &err), err);
    f.p = synthetic_perform(&f.score, o, rng);
    f.event_s = calloc(f.events.n_events, sizeof *f.event_s);
    assert_non_null(f.event_s);
    return f;
}

static void fixture_free(fixture *f)
{
    free(f->event_s);
    synthetic_free(f->p);
    silbe_score_events_free(&f->events);
    silbe_score_free(&f->score);
}

static silbe_status run(const fixture *f, const silbe_sync_level *level, silbe_err *err)
{
    return silbe_sync_level_run(&f->score, &f->events, &f->p->recording, level, f->event_s, err);
}

/* Greatest distance of any event from where it was played; times never decrease. */
static double worst_s(const fixture *f)
{
    double worst = 0;
    for (size_t k = 0; k < f->events.n_events; k++) {
        assert_true(f->event_s[k] >= 0 && f->event_s[k] <= f->p->duration_s);
        assert_true(k == 0 || f->event_s[k] >= f->event_s[k - 1]);
        worst = fmax(worst, fabs(f->event_s[k] - f->p->event_s[k]));
    }
    return worst;
}

/* Three notes, each at its frame: no tempo curve, no noise, the score as it is laid out. */
static void three_notes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(161);
    silbe_err err = SILBE_ERR_INIT;
    silbe_note notes[] = {{.onset_q = 0, .duration_q = 2, .pitch = 60},
                          {.onset_q = 2, .duration_q = 2, .pitch = 66},
                          {.onset_q = 4, .duration_q = 2, .pitch = 62}};
    silbe_score score = {.notes = notes, .n_notes = 3, .end_q = 6};
    synthetic_options o = {
        .hop_s = 0.01, .lead_s = 1, .tail_s = 1, .seconds_per_q = 0.5, .noise = 1e-3};
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    silbe_score_events events;
    double event_s[3];
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    check_ok(silbe_sync_level_run(&score, &events, &p->recording, &LEVEL, event_s, &err), err);
    check_close(event_s[0], 1, 0.1);
    check_close(event_s[1], 2, 0.1);
    check_close(event_s[2], 3, 0.1);
    silbe_score_events_free(&events);
    synthetic_free(p);
}

static void tempo_curves(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(162);
    for (int round = 0; round < 6; round++) {
        silbe_err err = SILBE_ERR_INIT;
        synthetic_options o = synthetic_options_default();
        o.seconds_per_q = synthetic_between(&rng, 0.4, 1.2);
        o.lead_s = synthetic_between(&rng, 0, 5);
        o.tail_s = synthetic_between(&rng, 0, 5);
        o.transposition_semitones = (int)(check_random(&rng) % 12) - 6;
        fixture f = fixture_new(&rng, 150, &o);
        silbe_sync_level level = LEVEL;
        level.transposition_semitones = o.transposition_semitones;
        check_ok(run(&f, &level, &err), err);
        assert_true(worst_s(&f) < 0.5);

        /* Around its own result a band changes nothing; around a guess that is 1 s off a band of 3
         * s finds the same again. */
        double *before = malloc(f.events.n_events * sizeof *before);
        assert_non_null(before);
        memcpy(before, f.event_s, f.events.n_events * sizeof *before);
        level.band_s = 3;
        check_ok(run(&f, &level, &err), err);
        assert_memory_equal(before, f.event_s, f.events.n_events * sizeof *before);
        for (size_t k = 0; k < f.events.n_events; k++) {
            f.event_s[k] += sin(0.1 * (double)k);
        }
        check_ok(run(&f, &level, &err), err);
        assert_memory_equal(before, f.event_s, f.events.n_events * sizeof *before);

        /* A narrow band around a wrong guess is kept to. */
        for (size_t k = 0; k < f.events.n_events; k++) {
            f.event_s[k] = before[k] + 20;
        }
        level.band_s = 1;
        check_ok(run(&f, &level, &err), err);
        size_t middle = f.events.n_events / 2;
        assert_true(f.event_s[middle] >= fmin(before[middle] + 17, f.p->duration_s - 3));
        free(before);
        fixture_free(&f);
    }
}

/* The right key is the cheapest by far, and chroma alone is enough for that. */
static void right_key_costs_least(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(163);
    silbe_err err = SILBE_ERR_INIT;
    synthetic_options o = synthetic_options_default();
    o.transposition_semitones = -2;
    fixture f = fixture_new(&rng, 100, &o);
    double cost[12];
    for (int shift = -6; shift <= 5; shift++) {
        silbe_sync_level level = LEVEL;
        level.onset_weight = 0;
        level.side_weight = 3;
        level.transposition_semitones = shift;
        check_ok(silbe_sync_level_cost(&f.score, &f.p->recording, &level, &cost[shift + 6], &err),
                 err);
    }
    for (int shift = -6; shift <= 5; shift++) {
        assert_true(shift == -2 || cost[shift + 6] > 2 * cost[4]);
    }
    fixture_free(&f);
}

static void malformed(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(164);
    silbe_err err = SILBE_ERR_INIT;
    synthetic_options o = synthetic_options_default();
    fixture f = fixture_new(&rng, 30, &o);
    silbe_matrix *chroma = &f.p->chroma, *onset = &f.p->onset;
    double end_q = f.score.end_q;
    f.score.end_q = 0;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_ARGUMENT);
    f.score.end_q = NAN;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_ARGUMENT);
    f.score.end_q = end_q;
    onset->n_rows--;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_ARGUMENT);
    chroma->n_rows = onset->n_rows = 30; /* three frames of 0.1 s */
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "too short"));
    chroma->n_rows = onset->n_rows = 0;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_DATA);
    chroma->n_rows = onset->n_rows = 1500;
    onset->data[12 * 700] = NAN;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_DATA);
    onset->data[12 * 700] = 0;
    chroma->data[12 * 700 + 11] = NAN;
    assert_int_equal(run(&f, &LEVEL, &err), SILBE_ERR_DATA);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_notes),
        cmocka_unit_test(tempo_curves),
        cmocka_unit_test(right_key_costs_least),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
