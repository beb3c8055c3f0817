/* Keys: every one is found, equal costs give the smallest shift, another song has no key. */
#include "tests/align/score/synthetic.h"

#include "align/score/score_sync.h"

static silbe_coarse_result find(const silbe_score *score, const synthetic_performance *p,
                                const silbe_coarse_options *options)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_coarse_result result;
    check_ok(silbe_find_transposition(score, &p->recording, options, &result, &err), err);
    return result;
}

/* Up to the octave, which chroma does not have: six up is six down. */
static void every_key(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(181);
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    for (int shift = -12; shift <= 12; shift++) {
        synthetic_options o = synthetic_options_default();
        o.transposition_semitones = shift;
        o.noise = 0.3;
        o.lead_s = synthetic_between(&rng, 0, 8);
        silbe_score score = synthetic_score(&rng, 60);
        synthetic_performance *p = synthetic_perform(&score, &o, &rng);
        silbe_coarse_result result = find(&score, p, &options);
        assert_int_equal(result.transposition_semitones, (shift + 18) % 12 - 6);
        assert_true(result.key_ratio > 0 && result.key_ratio < 0.5);
        synthetic_free(p);
        silbe_score_free(&score);
    }
}

/* Moving score and recording changes nothing; a piece of more frames than key_frames is thinned
 * out. */
static void long_pieces_are_thinned_out(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(182);
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    synthetic_options o = synthetic_options_default();
    o.transposition_semitones = -4;
    silbe_score score = synthetic_score(&rng, 300);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    options.key_frames = 200;
    assert_int_equal(find(&score, p, &options).transposition_semitones, -4);
    options.max_transposition = 3;
    assert_in_range(find(&score, p, &options).transposition_semitones + 3, 0, 6);
    options.max_transposition = 4;
    assert_int_equal(find(&score, p, &options).transposition_semitones, -4);
    for (size_t i = 0; i < score.n_notes; i++) {
        score.notes[i].pitch = (short)(score.notes[i].pitch - 4);
    }
    assert_int_equal(find(&score, p, &options).transposition_semitones, 0);
    synthetic_free(p);
    silbe_score_free(&score);
}

static void no_key(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(183);
    silbe_coarse_options options = silbe_score_sync_options_default().coarse;
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 60), other = synthetic_score(&rng, 60);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    assert_true(find(&other, p, &options).key_ratio > 0.6);
    options.max_transposition = 0;
    silbe_coarse_result result = find(&score, p, &options);
    assert_int_equal(result.transposition_semitones, 0);
    check_close(result.key_ratio, 1, 0);
    options.max_transposition = 6;
    for (size_t i = 0; i < p->chroma.n_rows * 12; i++) { /* silence has every key */
        p->chroma.data[i] = (float)(1 / sqrt(12));
    }
    result = find(&score, p, &options);
    assert_int_equal(result.transposition_semitones, 0);
    check_close(result.key_ratio, 1, 1e-3);

    silbe_err err = SILBE_ERR_INIT;
    p->chroma.data[700] = NAN;
    assert_int_equal(silbe_find_transposition(&score, &p->recording, &options, &result, &err),
                     SILBE_ERR_DATA);
    p->chroma.n_rows = p->onset.n_rows = 40;
    assert_int_equal(silbe_find_transposition(&score, &p->recording, &options, &result, &err),
                     SILBE_ERR_DATA);
    synthetic_free(p);
    silbe_score_free(&score);
    silbe_score_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key),
        cmocka_unit_test(long_pieces_are_thinned_out),
        cmocka_unit_test(no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
