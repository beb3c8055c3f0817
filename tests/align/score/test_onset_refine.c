/* Events moved from a rough guess to their onsets: exact features, rough ones, the recording's
 * edges, malformed input. */
#include "tests/align/score/synthetic.h"

#include "align/score/onset_refine.h"
#include "align/score/score_features.h"
#include "align/score/score_sync.h"

typedef struct {
    silbe_score score;
    silbe_score_events events;
    silbe_matrix onsets, chroma;
    synthetic_performance *p;
    silbe_event_estimate *estimates;
} fixture;

static fixture fixture_new(check_rng *rng, size_t n_events, const synthetic_options *o)
{
    silbe_err err = SILBE_ERR_INIT;
    fixture f = {.score = synthetic_score(rng, n_events)};
    check_ok(silbe_score_events_new(&f.score, &f.events, &err), err);
    check_ok(silbe_event_onsets(&f.score, &f.events, 0, SYNTHETIC_LOW_PITCH, SYNTHETIC_N_BANDS, 10,
                                0.8, &f.onsets, &err),
             err);
    check_ok(silbe_event_chroma(&f.score, &f.events, 0, &f.chroma, &err), err);
    f.p = synthetic_perform(&f.score, o, rng);
    f.estimates = calloc(n_events, sizeof *f.estimates);
    assert_non_null(f.estimates);
    return f;
}

static void fixture_free(fixture *f)
{
    free(f->estimates);
    synthetic_free(f->p);
    silbe_matrix_free(&f->onsets);
    silbe_matrix_free(&f->chroma);
    silbe_score_events_free(&f->events);
    silbe_score_free(&f->score);
}

static silbe_status refine_as(const fixture *f, const silbe_refine_options *options, bool is_final,
                              silbe_err *err)
{
    return silbe_onset_refine(&f->events, &f->onsets, &f->chroma, &f->p->recording, options,
                              is_final, f->estimates, err);
}

static silbe_status refine(const fixture *f, const silbe_refine_options *options, silbe_err *err)
{
    return refine_as(f, options, true, err);
}

static void check_sane(const fixture *f)
{
    for (size_t k = 0; k < f->events.n_events; k++) {
        const silbe_event_estimate *e = &f->estimates[k];
        double end_s = (double)f->p->chroma.n_rows * f->p->recording.hop_s;
        assert_true(k == 0 || e->time_s > f->estimates[k - 1].time_s);
        assert_true(e->near_mass >= 0 && e->near_mass <= 1);
        assert_true(e->sharp_mass >= 0 && e->sharp_mass <= e->near_mass + 1e-12);
        assert_true(isfinite(e->support));
        if (!(e->time_s >= 0 && e->time_s <= end_s + 1e-4 * (double)f->events.n_events)) {
            print_error("event %zu at %.3f s of %.3f s\n", k, e->time_s, end_s);
            fail();
        }
    }
}

static void rough_guesses(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(191);
    silbe_score_sync_options all = silbe_score_sync_options_default();
    for (int round = 0; round < 4; round++) {
        silbe_err err = SILBE_ERR_INIT;
        synthetic_options o = synthetic_options_default();
        fixture f = fixture_new(&rng, 80, &o);
        for (size_t k = 0; k < 80; k++) { /* wrong by up to 0.4 s, smoothly */
            f.estimates[k].time_s = f.p->event_s[k] + 0.4 * sin(0.2 * (double)k + round);
            if (k > 0) {
                f.estimates[k].time_s = fmax(f.estimates[k].time_s, f.estimates[k - 1].time_s);
            }
        }
        check_ok(refine_as(&f, &all.wide, false, &err), err);
        for (size_t k = 0; k < 80; k++) { /* the median is as good where all is clear */
            check_close(f.estimates[k].time_s, f.p->event_s[k], 0.02);
        }
        check_ok(refine(&f, &all.narrow, &err), err);
        check_sane(&f);
        for (size_t k = 0; k < 80; k++) {
            check_close(f.estimates[k].time_s, f.p->event_s[k], 0.012);
            assert_true(f.estimates[k].sharp_mass > 0.95);
            assert_true(f.estimates[k].support > 0.2);
        }
        fixture_free(&f);
    }
}

/* One event, one onset in the middle of the window, nothing else: exactly there. */
static void one_event(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_refine_options options = silbe_score_sync_options_default().narrow;
    check_rng rng = check_rng_new(192);
    synthetic_options o = {.hop_s = 0.01, .lead_s = 1, .tail_s = 1, .seconds_per_q = 1};
    fixture f = fixture_new(&rng, 1, &o);
    f.estimates[0].time_s = 0.93;
    check_ok(refine(&f, &options, &err), err);
    check_close(f.estimates[0].time_s, 1, 0.003);
    check_close(f.estimates[0].near_mass, 1, 1e-3);
    fixture_free(&f);
}

/* Without any onsets, a change of harmony still tells where an event is, to within some frames. */
static void harmonies_alone(void **state)
{
    (void)state;
    silbe_refine_options options = silbe_score_sync_options_default().wide;
    check_rng rng = check_rng_new(196);
    double with_s = 0, without_s = 0;
    for (int round = 0; round < 2; round++) {
        silbe_err err = SILBE_ERR_INIT;
        synthetic_options o = synthetic_options_default();
        fixture f = fixture_new(&rng, 60, &o);
        memset(f.p->pitch_onset.data, 0,
               f.p->pitch_onset.n_rows * SYNTHETIC_N_BANDS * sizeof(float));
        for (size_t k = 0; k < 60; k++) {
            f.estimates[k].time_s = f.p->event_s[k] + 0.3;
        }
        options.hold_weight_s = round == 0 ? options.hold_weight_s : 0;
        check_ok(refine(&f, &options, &err), err);
        for (size_t k = 0; k < 60; k++) {
            double *sum = round == 0 ? &with_s : &without_s;
            *sum += fabs(f.estimates[k].time_s - f.p->event_s[k]) / 60;
        }
        fixture_free(&f);
    }
    print_message("mean distance %.3f s, without harmonies %.3f s\n", with_s, without_s);
    assert_true(with_s < 0.05);
    assert_true(without_s > 0.1);
}

/* Without any onsets or harmonies the posterior is the tempo model's: events stay in order, and
 * know that they know nothing. */
static void nothing_heard(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_refine_options options = silbe_score_sync_options_default().wide;
    check_rng rng = check_rng_new(193);
    synthetic_options o = synthetic_options_default();
    fixture f = fixture_new(&rng, 50, &o);
    memset(f.p->chroma.data, 0, f.p->chroma.n_rows * 12 * sizeof(float));
    memset(f.p->pitch_onset.data, 0, f.p->pitch_onset.n_rows * SYNTHETIC_N_BANDS * sizeof(float));
    for (size_t k = 0; k < 50; k++) {
        f.estimates[k].time_s = f.p->event_s[k];
    }
    check_ok(refine(&f, &options, &err), err);
    check_sane(&f);
    for (size_t k = 0; k < 50; k++) {
        check_close(f.estimates[k].support, 0, 1e-12);
        assert_true(k < 10 || k >= 40 || f.estimates[k].near_mass < 0.5);
    }
    fixture_free(&f);
}

/* Guesses all at one moment, before the beginning, behind the end; a recording that is shorter than
 * the window: finite, in order, inside the recording. */
static void edges(void **state)
{
    (void)state;
    static const double GUESSES_S[] = {0, -5, 7, 1e6};
    check_rng rng = check_rng_new(194);
    silbe_score_sync_options all = silbe_score_sync_options_default();
    for (size_t i = 0; i < 8; i++) {
        silbe_err err = SILBE_ERR_INIT;
        synthetic_options o = synthetic_options_default();
        fixture f = fixture_new(&rng, 30, &o);
        if (i >= 4) {
            f.p->chroma.n_rows = f.p->onset.n_rows = f.p->pitch_onset.n_rows = 90;
        }
        for (size_t k = 0; k < 30; k++) {
            f.estimates[k].time_s = GUESSES_S[i % 4];
        }
        check_ok(refine(&f, &all.wide, &err), err);
        check_sane(&f);
        check_ok(refine(&f, &all.narrow, &err), err);
        check_sane(&f);
        fixture_free(&f);
    }
}

static void malformed(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_refine_options options = silbe_score_sync_options_default().narrow;
    check_rng rng = check_rng_new(195);
    synthetic_options o = synthetic_options_default();
    fixture f = fixture_new(&rng, 10, &o);
    for (size_t k = 0; k < 10; k++) {
        f.estimates[k].time_s = f.p->event_s[k];
    }
    silbe_matrix *const matrices[] = {&f.onsets, &f.chroma, &f.p->chroma, &f.p->pitch_onset};
    for (size_t i = 0; i < 4; i++) {
        matrices[i]->n_rows--;
        assert_int_equal(refine(&f, &options, &err), SILBE_ERR_MISMATCH);
        matrices[i]->n_rows++;
        matrices[i]->n_cols--;
        assert_int_equal(refine(&f, &options, &err), SILBE_ERR_MISMATCH);
        matrices[i]->n_cols++;
    }
    size_t n = f.p->chroma.n_rows;
    f.p->chroma.n_rows = f.p->pitch_onset.n_rows = 0;
    assert_int_equal(refine(&f, &options, &err), SILBE_ERR_MISMATCH);
    f.p->chroma.n_rows = f.p->pitch_onset.n_rows = n;

    size_t frame = (size_t)(f.p->event_s[4] / 0.01);
    f.p->pitch_onset.data[frame * SYNTHETIC_N_BANDS] = NAN;
    assert_int_equal(refine(&f, &options, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "event"));
    f.p->pitch_onset.data[frame * SYNTHETIC_N_BANDS] = 0;
    f.p->chroma.data[frame * 12] = NAN;
    assert_int_equal(refine(&f, &options, &err), SILBE_ERR_DATA);
    f.p->chroma.data[frame * 12] = 0;
    f.estimates[3].time_s = NAN;
    assert_int_equal(refine(&f, &options, &err), SILBE_ERR_DATA);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rough_guesses),   cmocka_unit_test(one_event),
        cmocka_unit_test(harmonies_alone), cmocka_unit_test(nothing_heard),
        cmocka_unit_test(edges),           cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
