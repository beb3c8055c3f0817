/* Score and phones together on made-up performances whose times are known. */
#include "tests/align/score/synthetic.h"

#include <stdint.h>

#include "align/joint/joint_sync.h"

/* As many vowels as the phone set has, each syllable another one than its neighbours'. */
enum { SILENCE = 0, N_PHONES_SET = 12, N_EVENTS = 140 };

/* Those of the settings. */
static silbe_joint_options joint_options(void)
{
    return (silbe_joint_options){.score = silbe_score_sync_options_default(),
                                 .wide_window_s = 1.5,
                                 .max_jump_nats = 30,
                                 .same_s = 0.1,
                                 .margin_nats = 10,
                                 .sure = 0.8,
                                 .believable = 0.5};
}

static const double POSTERIOR_HOP_S = 0.02;

typedef struct {
    silbe_score score;
    synthetic_performance *p;
    silbe_sung_syllable *syllables;
    uint8_t *vowels;
    silbe_matrix posteriors;
    silbe_phone_costs costs;
    silbe_sung_text text;
    silbe_phone_evidence evidence;
} song;

/* Every event sings a vowel. What is heard of it: the vowel, `clear` nats above noise of +-1. */
static song *song_new(check_rng *rng, const synthetic_options *o, double clear)
{
    silbe_err err = SILBE_ERR_INIT;
    song *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->score = synthetic_score(rng, N_EVENTS);
    s->p = synthetic_perform(&s->score, o, rng);
    size_t n = s->p->n_events;
    s->syllables = calloc(n, sizeof *s->syllables);
    s->vowels = calloc(n, 1);
    assert_non_null(s->syllables);
    assert_non_null(s->vowels);
    size_t k = 0;
    for (size_t i = 0; i < s->score.n_notes; i++) {
        const silbe_note *note = &s->score.notes[i];
        if (i > 0 && note->onset_q == s->score.notes[i - 1].onset_q) {
            continue;
        }
        s->vowels[k] = (uint8_t)(1 + check_random(rng) % (N_PHONES_SET - 1));
        s->syllables[k] = (silbe_sung_syllable){note->onset_q, note->onset_q + note->duration_q,
                                                &s->vowels[k], 1, 0};
        k++;
    }
    size_t n_frames = (size_t)(s->p->duration_s / POSTERIOR_HOP_S) + 1;
    check_ok(silbe_matrix_new(&s->posteriors, n_frames, N_PHONES_SET, &err), err);
    k = 0;
    for (size_t t = 0; t < n_frames; t++) {
        double at_s = POSTERIOR_HOP_S * (double)t;
        while (k < n && s->p->event_s[k] <= at_s) {
            k++;
        }
        size_t phone = k == 0 || at_s > s->p->event_s[n] ? SILENCE : s->vowels[k - 1];
        float *row = silbe_matrix_row(&s->posteriors, t);
        for (size_t c = 0; c < N_PHONES_SET; c++) {
            row[c] = (float)(synthetic_between(rng, -1, 1) - 4 + (c == phone ? clear : 0));
        }
    }
    check_ok(silbe_phone_costs_new(&s->posteriors, POSTERIOR_HOP_S, NULL, 0, 4, &s->costs, &err),
             err);
    s->text = (silbe_sung_text){s->syllables, n, N_PHONES_SET, SILENCE, 0.2};
    s->evidence = (silbe_phone_evidence){&s->costs, &s->text, 0.5, 10, 1, 0.1, 0.16};
    return s;
}

static void song_free(song *s)
{
    silbe_phone_costs_free(&s->costs);
    silbe_matrix_free(&s->posteriors);
    free(s->syllables);
    free(s->vowels);
    synthetic_free(s->p);
    silbe_score_free(&s->score);
    free(s);
}

static silbe_score_sync run_score(const song *s, const silbe_score_sync_options *options)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_sync sync;
    check_ok(silbe_score_sync_run(&s->score, &s->p->recording, options, &sync, &err), err);
    return sync;
}

static silbe_joint_sync run_joint(const song *s, const silbe_joint_options *options)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_joint_sync joint;
    check_ok(silbe_joint_sync_run(&s->score, &s->p->recording, &s->evidence, options, &joint, &err),
             err);
    size_t n_moved = 0;
    for (size_t k = 0; k < joint.sync.events.n_events; k++) {
        assert_true(joint.sync.confidence[k] >= 0 && joint.sync.confidence[k] <= 1);
        assert_true(k == 0 || joint.sync.event_s[k] > joint.sync.event_s[k - 1]);
        n_moved += joint.is_moved[k];
    }
    assert_int_equal(n_moved, joint.n_moved);
    assert_true((joint.n_moved > 0) == (joint.n_stretches > 0));
    return joint;
}

static void check_same(const silbe_score_sync *a, const silbe_score_sync *b)
{
    size_t n = a->events.n_events;
    assert_int_equal(n, b->events.n_events);
    assert_memory_equal(a->event_s, b->event_s, n * sizeof *a->event_s);
    assert_memory_equal(a->confidence, b->confidence, n * sizeof *a->confidence);
}

static double mean_error(const silbe_score_sync *sync, const synthetic_performance *p)
{
    double sum = 0;
    for (size_t k = 0; k < p->n_events; k++) {
        sum += fabs(sync->event_s[k] - p->event_s[k]) / (double)p->n_events;
    }
    return sum;
}

/* Where the score is sure, and where the phones weigh nothing: the score's bytes. */
static void score_bytes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7101);
    synthetic_options o = synthetic_options_default();
    silbe_joint_options options = joint_options();
    song *s = song_new(&rng, &o, 3);
    silbe_score_sync score = run_score(s, &options.score);
    silbe_joint_sync joint = run_joint(s, &options);
    check_same(&joint.sync, &score);
    assert_int_equal(joint.n_moved, 0);
    silbe_joint_sync_free(&joint);
    silbe_score_sync_free(&score);
    song_free(s);

    o.noise_begin_s = 20;
    o.noise_end_s = 40;
    s = song_new(&rng, &o, 3);
    s->evidence.match_weight = s->evidence.hold_weight = s->evidence.onset_weight = 0;
    score = run_score(s, &options.score);
    joint = run_joint(s, &options);
    check_same(&joint.sync, &score);
    silbe_joint_sync_free(&joint);
    silbe_score_sync_free(&score);
    song_free(s);
}

/* In the synchroniser itself, too, phones that are all alike change no byte. */
static void constant_phones_change_nothing(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7102);
    silbe_err err = SILBE_ERR_INIT;
    synthetic_options o = synthetic_options_default();
    o.noise_begin_s = 20;
    o.noise_end_s = 40;
    song *s = song_new(&rng, &o, 3);
    silbe_phone_costs_free(&s->costs);
    for (size_t i = 0; i < s->posteriors.n_rows * N_PHONES_SET; i++) {
        s->posteriors.data[i] = -2.5F;
    }
    check_ok(silbe_phone_costs_new(&s->posteriors, POSTERIOR_HOP_S, NULL, 0, 4, &s->costs, &err),
             err);
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_score_sync without = run_score(s, &options);
    const silbe_score_evidence phones = silbe_phone_evidence_for_score(&s->evidence);
    options.coarse.evidence = options.wide.evidence = options.narrow.evidence = &phones;
    silbe_score_sync with = run_score(s, &options);
    check_same(&with, &without);
    silbe_score_sync_free(&with);
    silbe_score_sync_free(&without);
    song_free(s);
}

/* Twenty seconds in which nothing of the notes is heard, but the text is. */
static void phones_help_in_noise(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7103);
    double score_error = 0, joint_error = 0;
    for (int round = 0; round < 4; round++) {
        synthetic_options o = synthetic_options_default();
        o.noise_begin_s = synthetic_between(&rng, 15, 25);
        o.noise_end_s = o.noise_begin_s + 20;
        silbe_joint_options options = joint_options();
        song *s = song_new(&rng, &o, 3);
        silbe_score_sync score = run_score(s, &options.score);
        silbe_joint_sync joint = run_joint(s, &options);
        print_message("mean error %.3f s, with phones %.3f s, %zu events moved\n",
                      mean_error(&score, s->p), mean_error(&joint.sync, s->p), joint.n_moved);
        score_error += mean_error(&score, s->p);
        joint_error += mean_error(&joint.sync, s->p);
        silbe_joint_sync_free(&joint);
        silbe_score_sync_free(&score);
        song_free(s);
    }
    assert_true(joint_error < 0.6 * score_error);
}

/* The result does not depend on what else runs at the same time. */
static void same_bytes_in_threads(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7104);
    synthetic_options o = synthetic_options_default();
    o.noise_begin_s = 20;
    o.noise_end_s = 40;
    silbe_joint_options options = joint_options();
    song *s = song_new(&rng, &o, 3);
    silbe_joint_sync alone = run_joint(s, &options), beside[4];
    int failed = 0;
#pragma omp parallel for num_threads(4) reduction(+ : failed)
    for (int i = 0; i < 4; i++) {
        silbe_err err = SILBE_ERR_INIT;
        failed += silbe_joint_sync_run(&s->score, &s->p->recording, &s->evidence, &options,
                                       &beside[i], &err) != SILBE_OK;
    }
    assert_int_equal(failed, 0);
    for (int i = 0; i < 4; i++) {
        check_same(&beside[i].sync, &alone.sync);
        silbe_joint_sync_free(&beside[i]);
    }
    silbe_joint_sync_free(&alone);
    song_free(s);
}

/* Choosing by hand: runs of [1, 2] and [4], each under another condition. */
static void choice(void **state)
{
    (void)state;
    silbe_joint_options options = joint_options();
    options.same_s = 0.1;
    options.margin_nats = 5;
    options.sure = options.believable = 0.5;
    const double proposal_s[] = {0, 1.5, 2.5, 3.05, 4.5}, proposal_cost[] = {1, 1, 1, 1, 1};
    const double proposal_confidence[] = {0.6, 0.6, 0.6, 0.6, 0.6};
    const struct {
        double cost, confidence;
        bool is_taken[2];
    } cases[] = {
        {10, 0.3, {true, true}},    /* gain 27 and 18 */
        {3, 0.3, {true, false}},    /* 6 and 4 */
        {1, 0.3, {false, false}},   /* no gain */
        {10, 0.55, {false, false}}, /* the score is sure */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double time_s[] = {0, 1, 2, 3, 4}, cost[5], confidence[5];
        bool is_moved[5] = {false};
        for (size_t k = 0; k < 5; k++) {
            cost[k] = cases[i].cost;
            confidence[k] = cases[i].confidence;
        }
        size_t n = silbe_joint_choose(5, &options, proposal_s, proposal_cost, proposal_confidence,
                                      time_s, cost, confidence, is_moved);
        bool first = cases[i].is_taken[0], second = cases[i].is_taken[1];
        assert_int_equal(n, first + second);
        const double want[] = {0, first ? 1.5 : 1, first ? 2.5 : 2, 3, second ? 4.5 : 4};
        for (size_t k = 0; k < 5; k++) {
            bool is_taken = (first && (k == 1 || k == 2)) || (second && k == 4);
            assert_true(time_s[k] == want[k] && is_moved[k] == is_taken);
            assert_true(confidence[k] == (is_taken ? 0.6 : cases[i].confidence));
        }
    }
    /* Proposals that are less sure than the score, or not sure enough, are not taken. */
    const double unsure[] = {0.1, 0.1, 0.1, 0.1, 0.1}, doubtful[] = {0.4, 0.4, 0.4, 0.4, 0.4};
    double time_s[] = {0, 1, 2, 3, 4}, cost[] = {9, 9, 9, 9, 9};
    double confidence[] = {0.3, 0.3, 0.3, 0.3, 0.3};
    bool is_moved[5] = {false};
    assert_int_equal(silbe_joint_choose(5, &options, proposal_s, proposal_cost, doubtful, time_s,
                                        cost, confidence, is_moved),
                     0);
    options.believable = 0;
    assert_int_equal(silbe_joint_choose(5, &options, proposal_s, proposal_cost, unsure, time_s,
                                        cost, confidence, is_moved),
                     0);
}

static void refuses(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7105);
    silbe_err err = SILBE_ERR_INIT;
    synthetic_options o = synthetic_options_default();
    song *s = song_new(&rng, &o, 3);
    silbe_joint_sync joint;
    silbe_joint_options options = joint_options();
    options.max_jump_nats = 0;
    assert_int_equal(
        silbe_joint_sync_run(&s->score, &s->p->recording, &s->evidence, &options, &joint, &err),
        SILBE_ERR_ARGUMENT);
    silbe_joint_sync_free(&joint);
    options = joint_options();
    s->text.n_syllables = 0;
    assert_int_equal(
        silbe_joint_sync_run(&s->score, &s->p->recording, &s->evidence, &options, &joint, &err),
        SILBE_ERR_ARGUMENT);
    silbe_joint_sync_free(&joint);
    /* A guess for another score. */
    silbe_score_sync other = {.events = {.n_events = 3}};
    silbe_score_sync_options score_options = silbe_score_sync_options_default();
    silbe_score_sync sync;
    score_options.guess = &other;
    assert_int_equal(silbe_score_sync_run(&s->score, &s->p->recording, &score_options, &sync, &err),
                     SILBE_ERR_MISMATCH);
    silbe_score_sync_free(&sync);
    song_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_bytes),
        cmocka_unit_test(constant_phones_change_nothing),
        cmocka_unit_test(phones_help_in_noise),
        cmocka_unit_test(same_bytes_in_threads),
        cmocka_unit_test(choice),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
