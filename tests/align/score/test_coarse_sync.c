/* First guesses over several levels: as good as over one, whatever the number of levels. */
#include "tests/align/score/synthetic.h"

#include "align/score/coarse_sync.h"
#include "align/score/score_sync.h"

static void check_levels(size_t n_events, size_t max_full_frames, check_rng *rng)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    synthetic_options o = synthetic_options_default();
    o.transposition_semitones = 3;
    silbe_score score = synthetic_score(rng, n_events);
    silbe_score_events events;
    synthetic_performance *p = synthetic_perform(&score, &o, rng);
    double *event_s = calloc(n_events, sizeof *event_s), worst = 0, mean = 0;
    assert_non_null(event_s);
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    options.max_full_frames = max_full_frames;
    check_ok(silbe_coarse_sync(&score, &events, &p->recording, &options, 3, event_s, &err), err);
    for (size_t k = 0; k < n_events; k++) {
        assert_true(k == 0 || event_s[k] >= event_s[k - 1]);
        worst = fmax(worst, fabs(event_s[k] - p->event_s[k]));
        mean += fabs(event_s[k] - p->event_s[k]) / (double)n_events;
    }
    print_message("%.0f s, levels from %zu frames: worst %.3f s, mean %.3f s\n", p->duration_s,
                  max_full_frames, worst, mean);
    assert_true(worst < 0.5 && mean < 0.05); /* half a frame of the finest level */
    free(event_s);
    silbe_score_events_free(&events);
    synthetic_free(p);
    silbe_score_free(&score);
}

static void one_to_four_levels(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(171);
    check_levels(300, 8000, &rng);
    check_levels(300, 1500, &rng);
    check_levels(300, 700, &rng);
    check_levels(300, 300, &rng);
}

static void failures_are_handed_on(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(172);
    silbe_err err = SILBE_ERR_INIT;
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 100);
    silbe_score_events events;
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    double event_s[100];
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    options.max_full_frames = 200;
    p->chroma.data[5000] = NAN;
    assert_int_equal(silbe_coarse_sync(&score, &events, &p->recording, &options, 0, event_s, &err),
                     SILBE_ERR_DATA);
    p->chroma.n_rows = p->onset.n_rows = 10;
    assert_int_equal(silbe_coarse_sync(&score, &events, &p->recording, &options, 0, event_s, &err),
                     SILBE_ERR_DATA);
    silbe_score_events_free(&events);
    synthetic_free(p);
    silbe_score_free(&score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_to_four_levels),
        cmocka_unit_test(failures_are_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
