#include "features/base/score.h"

#include "tests/check.h"

/* Pick-up of a quarter in 3/4, two measures, a measure split 1 + 2, a 2/4, a last one cut short. */
static silbe_measure MEASURES[] = {
    {0.0, 1.0, 3.0, 0}, {1.0, 3.0, 3.0, 1},  {4.0, 3.0, 3.0, 2},  {7.0, 1.0, 3.0, 3},
    {8.0, 2.0, 3.0, 3}, {10.0, 2.0, 2.0, 4}, {12.0, 3.0, 3.0, 1}, {15.0, 2.0, 3.0, 5},
};

static silbe_score example(void)
{
    silbe_score score = SILBE_SCORE_INIT;
    score.measures = MEASURES;
    score.n_measures = sizeof MEASURES / sizeof *MEASURES;
    score.end_q = 17.0;
    return score;
}

static void expect(double position, size_t occurrence, double want_q)
{
    silbe_score score = example();
    double onset_q = -1.0;
    assert_true(silbe_score_position_to_q(&score, position, occurrence, &onset_q));
    check_close(onset_q, want_q, 1e-9);
}

static void expect_none(double position, size_t occurrence)
{
    silbe_score score = example();
    double onset_q = -1.0;
    assert_false(silbe_score_position_to_q(&score, position, occurrence, &onset_q));
}

static void pickup_counts_from_its_end(void **state)
{
    (void)state;
    expect(0.667, 0, 0.001);
    expect(0.666, 0, 0.0); /* cut to three digits: a hair before the first note */
    expect_none(0.5, 0);
    expect(1.0, 0, 1.0);
}

static void fraction_is_of_the_metre(void **state)
{
    (void)state;
    expect(2.5, 0, 5.5);
    expect(4.5, 0, 11.0);
    expect(5.0, 0, 15.0);
    expect(5.666, 0, 16.998);
    expect_none(5.9, 0);
}

static void split_measure_is_one(void **state)
{
    (void)state;
    expect(3.0, 0, 7.0);
    expect(3.5, 0, 8.5);
    expect(3.999, 0, 9.997);
    expect_none(3.5, 1);
}

static void occurrences_count(void **state)
{
    (void)state;
    expect(1.5, 1, 13.5);
    expect_none(1.5, 2);
    expect_none(6.0, 0);
    expect_none(NAN, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pickup_counts_from_its_end),
        cmocka_unit_test(fraction_is_of_the_metre),
        cmocka_unit_test(split_measure_is_one),
        cmocka_unit_test(occurrences_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
