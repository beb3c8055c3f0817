/* Joining: lengths, order, gains and pauses by hand; the same memory again; neutral options. */
#include "pipeline/train/augment/augment.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

/* Three frames of two rows each: phone 1 twice, then silence; the fourth row is the quietest. */
static float rows[] = {1, 10, 2, 20, 3, 30, -5, -6, 5, 50, 6, 60};
static silbe_segment segments[] = {{0, 2, 1, 1}, {2, 3, 0, 0}};

static void test_by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_join join = SILBE_JOIN_INIT;
    const silbe_matrix x = {rows, 6, 2};
    const silbe_alignment a = {segments, 2, 3};
    for (int again = 0; again < 3; again++) {
        silbe_join_begin(&join, 2);
        check_ok(silbe_join_pause(&join, &x, 2, 2, 0.5F, &err), err);
        check_ok(silbe_join_utterance(&join, &x, &a, 2, 1.0F, &err), err);
        check_ok(silbe_join_utterance(&join, &x, &a, 2, -1.0F, &err), err);
        check_ok(silbe_join_pause(&join, &x, 0, 2, 0.0F, &err), err);
        assert_int_equal(join.alignment.n_frames, 8);
        assert_int_equal(join.logmel.n_rows, 16);
        assert_int_equal(join.alignment.n_segments, 5);
        const silbe_segment expected[] = {
            {0, 2, 0, 0}, {2, 4, 1, 1}, {4, 5, 0, 0}, {5, 7, 1, 1}, {7, 8, 0, 0}};
        for (size_t i = 0; i < 5; i++) {
            const silbe_segment *s = &join.alignment.segments[i];
            assert_int_equal(s->begin_frame, expected[i].begin_frame);
            assert_int_equal(s->end_frame, expected[i].end_frame);
            assert_int_equal(s->word, expected[i].word);
            assert_int_equal(s->phone, expected[i].phone);
        }
        for (size_t t = 0; t < 4; t++) {
            check_close(join.logmel.data[2 * t], -4.5, 0.0);
            check_close(join.logmel.data[2 * t + 1], -5.5, 0.0);
        }
        for (size_t i = 0; i < 12; i++) {
            check_close(join.logmel.data[8 + i], rows[i] + 1.0F, 0.0);
            check_close(join.logmel.data[20 + i], rows[i] - 1.0F, 0.0);
        }
    }
    silbe_join_begin(&join, 1); /* another number of bands */
    const silbe_matrix narrow = {rows, 5, 1};
    check_ok(silbe_join_utterance(&join, &narrow, &a, 2, 0.0F, &err), err);
    assert_int_equal(join.logmel.n_rows, 6);
    check_close(join.logmel.data[5], rows[4], 0.0); /* one row short: the last one again */
    silbe_join_free(&join);
}

/* Segments cover the frames without gaps, whatever is joined. */
static void test_covered(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    made_up *m = made_up_new(5, 9);
    check_rng rng = check_rng_new(12);
    silbe_join join = SILBE_JOIN_INIT;
    for (int round = 0; round < 20; round++) {
        size_t n_frames = 0;
        silbe_join_begin(&join, m->corpus.utterances[0].logmel.n_cols);
        for (int k = 0; k < 6; k++) {
            size_t i = check_random(&rng) % 5, pause = check_random(&rng) % 9;
            const silbe_matrix *x = &m->corpus.utterances[i].logmel;
            check_ok(silbe_join_utterance(&join, x, &m->truth.items[i], 2, 0.1F, &err), err);
            check_ok(silbe_join_pause(&join, x, pause, 2, 0.0F, &err), err);
            n_frames += m->truth.items[i].n_frames + pause;
        }
        assert_int_equal(join.alignment.n_frames, n_frames);
        assert_int_equal(join.logmel.n_rows, 2 * n_frames);
        size_t at = 0;
        for (size_t i = 0; i < join.alignment.n_segments; i++) {
            assert_int_equal(join.alignment.segments[i].begin_frame, at);
            at = join.alignment.segments[i].end_frame;
        }
        assert_int_equal(at, n_frames);
    }
    silbe_join_free(&join);
    made_up_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
