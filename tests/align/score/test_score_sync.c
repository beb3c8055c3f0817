/* The whole synchroniser on made-up performances whose times are known. */
#include "tests/align/score/synthetic.h"

#include "align/score/score_sync.h"

static silbe_score_sync run(const silbe_score *score, const synthetic_performance *p)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_score_sync sync;
    check_ok(silbe_score_sync_run(score, &p->recording, &options, &sync, &err), err);
    assert_int_equal(sync.events.n_events, p->n_events);
    for (size_t k = 0; k < p->n_events; k++) {
        assert_true(sync.confidence[k] >= 0 && sync.confidence[k] <= 1);
        assert_true(sync.event_s[k] == sync.estimates[k].time_s);
        assert_true(sync.event_s[k] >= 0 && sync.event_s[k] <= p->duration_s);
        assert_true(k == 0 || sync.event_s[k] > sync.event_s[k - 1]);
    }
    return sync;
}

/* Events [begin, end) of the performance were found. */
static void check_found(const silbe_score_sync *sync, const synthetic_performance *p, size_t begin,
                        size_t end)
{
    double bias_s = 0;
    for (size_t k = begin; k < end; k++) {
        bias_s += (sync->event_s[k] - p->event_s[k]) / (double)(end - begin);
        if (!(fabs(sync->event_s[k] - p->event_s[k]) <= 0.02)) {
            print_error("event %zu of %zu: %.3f s, played at %.3f s\n", k, p->n_events,
                        sync->event_s[k], p->event_s[k]);
            fail();
        }
    }
    if (end - begin >= 50) {
        check_close(bias_s, 0, 0.003);
    }
}

static double mean_confidence(const silbe_score_sync *sync, const synthetic_performance *p,
                              double begin_s, double end_s)
{
    double sum = 0;
    size_t n = 0;
    for (size_t k = 0; k < p->n_events; k++) {
        if (p->event_s[k] >= begin_s && p->event_s[k] < end_s) {
            sum += sync->confidence[k];
            n++;
        }
    }
    assert_true(n > 0);
    return sum / (double)n;
}

static void every_transposition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(91);
    for (int shift = -6; shift <= 5; shift++) {
        synthetic_options o = synthetic_options_default();
        o.transposition_semitones = shift;
        o.lead_s = synthetic_between(&rng, 0.2, 6);
        o.tail_s = synthetic_between(&rng, 0.5, 8);
        o.seconds_per_q = synthetic_between(&rng, 0.45, 1.1);
        silbe_score score = synthetic_score(&rng, 120);
        synthetic_performance *p = synthetic_perform(&score, &o, &rng);
        silbe_score_sync sync = run(&score, p);
        print_message("shift %d: key ratio %.3f, sharpness %.3f\n", shift, sync.coarse.key_ratio,
                      sync.sharpness);
        assert_int_equal(sync.coarse.transposition_semitones, shift);
        check_found(&sync, p, 0, p->n_events);
        assert_true(mean_confidence(&sync, p, 0, p->duration_s) > 0.9);
        silbe_score_sync_free(&sync);
        synthetic_free(p);
        silbe_score_free(&score);
    }
}

/* Twenty seconds of a piece are drowned out: the rest is found, and the confidence tells where. */
static void confidence_tells_noise(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(92);
    synthetic_options o = synthetic_options_default();
    o.noise_begin_s = 50;
    o.noise_end_s = 70;
    silbe_score score = synthetic_score(&rng, 200);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    silbe_score_sync sync = run(&score, p);
    double before = mean_confidence(&sync, p, 0, 45), inside = mean_confidence(&sync, p, 52, 68);
    double behind = mean_confidence(&sync, p, 75, p->duration_s);
    print_message("confidence %.3f, %.3f in the noise, %.3f\n", before, inside, behind);
    assert_true(before > 0.9 && behind > 0.9);
    assert_true(inside < 0.5);
    for (size_t k = 0; k < p->n_events; k++) {
        if (p->event_s[k] < 48 || p->event_s[k] > 72) {
            check_found(&sync, p, k, k + 1);
        }
    }
    silbe_score_sync_free(&sync);
    synthetic_free(p);
    silbe_score_free(&score);
}

/* Where no onsets are heard, harmonies still place the events, but nobody should rely on it. */
static void no_confidence_without_onsets(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(96);
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 150);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    memset(silbe_matrix_row(&p->pitch_onset, 4000), 0,
           (size_t)2000 * SYNTHETIC_N_BANDS * sizeof(float));
    silbe_score_sync sync = run(&score, p);
    assert_true(mean_confidence(&sync, p, 48, 52) < 0.2);
    assert_true(mean_confidence(&sync, p, 0, 35) > 0.9);
    for (size_t k = 0; k < p->n_events; k++) {
        check_close(sync.event_s[k], p->event_s[k], 0.1);
    }
    silbe_score_sync_free(&sync);
    synthetic_free(p);
    silbe_score_free(&score);
}

static void another_score_is_refused(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(93);
    silbe_score_sync_options options = silbe_score_sync_options_default();
    for (int round = 0; round < 5; round++) {
        silbe_err err = SILBE_ERR_INIT;
        synthetic_options o = synthetic_options_default();
        silbe_score score = synthetic_score(&rng, 100 + check_random(&rng) % 100);
        silbe_score other = synthetic_score(&rng, 100 + check_random(&rng) % 100);
        synthetic_performance *p = synthetic_perform(&score, &o, &rng);
        silbe_score_sync sync;
        assert_int_equal(silbe_score_sync_run(&other, &p->recording, &options, &sync, &err),
                         SILBE_ERR_MISMATCH);
        print_message("%s\n", err.message);
        assert_non_null(strstr(err.message, "does not fit the score"));
        silbe_score_sync_free(&sync);
        synthetic_free(p);
        silbe_score_free(&score);
        silbe_score_free(&other);
    }
}

static void same_bits_twice(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(94);
    synthetic_options o = synthetic_options_default();
    o.noise = 0.3;
    o.transposition_semitones = 5; /* the octave is in doubt: the longest way */
    silbe_score score = synthetic_score(&rng, 80);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    silbe_score_sync a = run(&score, p), b = run(&score, p);
    size_t n = p->n_events;
    assert_memory_equal(a.event_s, b.event_s, n * sizeof *a.event_s);
    assert_memory_equal(a.confidence, b.confidence, n * sizeof *a.confidence);
    assert_memory_equal(a.estimates, b.estimates, n * sizeof *a.estimates);
    assert_true(a.sharpness == b.sharpness && a.coarse.key_ratio == b.coarse.key_ratio);
    silbe_score_sync_free(&a);
    silbe_score_sync_free(&b);
    synthetic_free(p);
    silbe_score_free(&score);
}

/* A minute of noise on both sides, or nothing at all in front of the first note. */
static void applause_and_no_lead(void **state)
{
    (void)state;
    static const double LEADS_S[] = {60, 60, 120, 0, 0, 0.003};
    check_rng rng = check_rng_new(97);
    for (size_t i = 0; i < sizeof LEADS_S / sizeof *LEADS_S; i++) {
        synthetic_options o = synthetic_options_default();
        o.lead_s = LEADS_S[i];
        o.tail_s = o.lead_s > 1 ? 60 : 0.5;
        o.seconds_per_q = synthetic_between(&rng, 0.4, 0.8);
        silbe_score score = synthetic_score(&rng, 90);
        synthetic_performance *p = synthetic_perform(&score, &o, &rng);
        silbe_score_sync sync = run(&score, p);
        check_found(&sync, p, o.lead_s > 1 ? 0 : 1, p->n_events);
        check_close(sync.event_s[0], p->event_s[0],
                    0.05); /* nothing rises before the first frame */
        assert_true(mean_confidence(&sync, p, 0, p->duration_s) > 0.9);
        silbe_score_sync_free(&sync);
        synthetic_free(p);
        silbe_score_free(&score);
    }
}

/* Half the piece is cut out of the recording: what is squeezed into the seam is not believed. */
static void what_is_missing_has_no_confidence(void **state)
{
    (void)state;
    enum { FIRST = 60, LAST = 140 };
    check_rng rng = check_rng_new(98);
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 200);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    size_t from = (size_t)(p->event_s[FIRST] / o.hop_s), to = (size_t)(p->event_s[LAST] / o.hop_s);
    silbe_matrix *parts[] = {&p->chroma, &p->onset, &p->pitch_onset};
    for (size_t i = 0; i < 3; i++) {
        size_t n_cols = parts[i]->n_cols;
        memmove(parts[i]->data + from * n_cols, parts[i]->data + to * n_cols,
                (parts[i]->n_rows - to) * n_cols * sizeof(float));
        parts[i]->n_rows -= to - from;
    }
    p->duration_s = (double)p->chroma.n_rows * o.hop_s;
    silbe_score_sync sync = run(&score, p);
    size_t n_believed = 0;
    for (size_t k = FIRST; k < LAST; k++) {
        n_believed += sync.confidence[k] > 0.5 ? 1 : 0;
    }
    print_message("%zu of %d events that are missing are believed\n", n_believed, LAST - FIRST);
    assert_true(n_believed * 10 <= LAST - FIRST);
    silbe_score_sync_free(&sync);
    synthetic_free(p);
    silbe_score_free(&score);
}

static void too_short_to_be_played(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(99);
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_sync_options options = silbe_score_sync_options_default();
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 200);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    p->chroma.n_rows = p->onset.n_rows = p->pitch_onset.n_rows = 300;
    silbe_score_sync sync;
    assert_int_equal(silbe_score_sync_run(&score, &p->recording, &options, &sync, &err),
                     SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "3.00 s is too short for the score: 200 onsets"));
    silbe_score_sync_free(&sync);
    synthetic_free(p);
    silbe_score_free(&score);
}

static void check_status(const silbe_score *score, const silbe_recording *recording,
                         silbe_status want)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_score_sync sync;
    silbe_status got = silbe_score_sync_run(score, recording, &options, &sync, &err);
    if (got != want) {
        print_error("%s, want %s: %s\n", silbe_status_str(got), silbe_status_str(want),
                    err.message);
        fail();
    }
    assert_true(err.message[0] != '\0');
    silbe_score_sync_free(&sync);
}

static void malformed(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(95);
    synthetic_options o = synthetic_options_default();
    silbe_score score = synthetic_score(&rng, 40);
    synthetic_performance *p = synthetic_perform(&score, &o, &rng);
    silbe_score empty = SILBE_SCORE_INIT;
    check_status(&empty, &p->recording, SILBE_ERR_DATA);

    silbe_matrix none = SILBE_MATRIX_INIT;
    silbe_recording recording = p->recording;
    recording.chroma = recording.onset = recording.pitch_onset = &none;
    check_status(&score, &recording, SILBE_ERR_ARGUMENT); /* no columns */
    silbe_matrix chroma = p->chroma, onset = p->onset, pitch_onset = p->pitch_onset;
    recording = (silbe_recording){&chroma, &onset, &pitch_onset, SYNTHETIC_LOW_PITCH, o.hop_s};
    chroma.n_rows = onset.n_rows = pitch_onset.n_rows = 20;
    check_status(&score, &recording, SILBE_ERR_MISMATCH); /* 0.2 s for all of it */
    silbe_score note = score;
    note.n_notes = 1;
    check_status(&note, &recording, SILBE_ERR_DATA); /* 0.2 s at all */
    chroma.n_rows = p->chroma.n_rows;
    check_status(&score, &recording, SILBE_ERR_ARGUMENT); /* more chroma than onsets */
    onset.n_rows = p->chroma.n_rows;
    check_status(&score, &recording, SILBE_ERR_MISMATCH); /* than onsets of semitones */
    pitch_onset.n_rows = p->chroma.n_rows;

    chroma.data[12 * 1000 + 5] = NAN;
    check_status(&score, &recording, SILBE_ERR_DATA);
    chroma.data[12 * 1000 + 5] = 0;
    for (size_t i = 0; i < pitch_onset.n_rows; i++) {
        pitch_onset.data[i * SYNTHETIC_N_BANDS + 30] = NAN;
    }
    check_status(&score, &recording, SILBE_ERR_DATA);

    score.notes[3].onset_q = 0.5 * score.notes[2].onset_q - 1;
    check_status(&score, &p->recording, SILBE_ERR_ARGUMENT);
    synthetic_free(p);
    silbe_score_free(&score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transposition),
        cmocka_unit_test(confidence_tells_noise),
        cmocka_unit_test(no_confidence_without_onsets),
        cmocka_unit_test(another_score_is_refused),
        cmocka_unit_test(applause_and_no_lead),
        cmocka_unit_test(what_is_missing_has_no_confidence),
        cmocka_unit_test(too_short_to_be_played),
        cmocka_unit_test(same_bits_twice),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
