/* Which phones are due where: "Schlaf ein" over three quarter notes and a rest, by hand. */
#include "tests/check.h"

#include <string.h>

#include "align/joint/sung_text.h"

enum { SIL, SH, L, A, F, AI, I, N, N_PHONES_SET };

static const uint8_t SCHLAF[] = {SH, L, A, F};
static const uint8_t EIN[] = {AI, I, N};

/* Schlaf at 1 to 2, a rest, ein at 3 to 5. */
static const silbe_sung_syllable SYLLABLES[] = {
    {1, 2, SCHLAF, 4, 2},
    {3, 5, EIN, 3, 0},
};

static const silbe_sung_text TEXT = {SYLLABLES, 2, N_PHONES_SET, SIL, 0.25};

/* The set of phones in [q, next_q), as bits. */
static unsigned due(const silbe_sung_text *text, double q, double next_q)
{
    uint8_t phones[SILBE_SUNG_MAX_PHONES];
    size_t n = silbe_sung_phones_at(text, q, next_q, phones);
    unsigned bits = 0;
    assert_true(n >= 1 && n <= SILBE_SUNG_MAX_PHONES);
    for (size_t i = 0; i < n; i++) {
        assert_false(bits & 1u << phones[i]);
        bits |= 1u << phones[i];
    }
    return bits;
}

static unsigned set(size_t n, const uint8_t *phones)
{
    unsigned bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits |= 1u << phones[i];
    }
    return bits;
}

#define SET(...) set(sizeof((uint8_t[]){__VA_ARGS__}), (uint8_t[]){__VA_ARGS__})

static void points(void **state)
{
    (void)state;
    assert_int_equal(due(&TEXT, 0, 0), SET(SIL));
    assert_int_equal(due(&TEXT, 0.9, 0.9), SET(SIL, SH, L));
    assert_int_equal(due(&TEXT, 1, 1), SET(A));
    assert_int_equal(due(&TEXT, 1.5, 1.5), SET(A));
    assert_int_equal(due(&TEXT, 1.9, 1.9), SET(A, F, SIL));
    assert_int_equal(due(&TEXT, 2.5, 2.5), SET(SIL));
    assert_int_equal(due(&TEXT, 3.1, 3.1), SET(AI));
    assert_int_equal(due(&TEXT, 4.9, 4.9), SET(AI, I, N, SIL));
    assert_int_equal(due(&TEXT, 9, 9), SET(SIL));
}

static void stretches(void **state)
{
    (void)state;
    assert_int_equal(due(&TEXT, 0, 0.5), SET(SIL));
    assert_int_equal(due(&TEXT, 0, 1), SET(SIL, SH, L));
    assert_int_equal(due(&TEXT, 1, 1.5), SET(A));
    assert_int_equal(due(&TEXT, 1, 2), SET(A, F, SIL));
    assert_int_equal(due(&TEXT, 1, 3), SET(A, F, SIL));
    assert_int_equal(due(&TEXT, 3, 5), SET(AI, I, N, SIL));
    assert_int_equal(due(&TEXT, 0, 9), SET(SIL, SH, L, A, F, AI, I, N));
}

static void syllables(void **state)
{
    (void)state;
    assert_int_equal(silbe_sung_syllable_at(&TEXT, 1), 0);
    assert_int_equal(silbe_sung_syllable_at(&TEXT, 3.00005), 1);
    assert_int_equal(silbe_sung_syllable_at(&TEXT, 2), 2);
    assert_int_equal(silbe_sung_syllable_at(&TEXT, 0), 2);
    assert_int_equal(silbe_sung_syllable_at(&TEXT, 7), 2);
}

/* A stretch has every phone that its parts have. */
static void stretches_contain_their_parts(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7002);
    for (int round = 0; round < 2000; round++) {
        double q = 6 * check_uniform(&rng), length = 2 * check_uniform(&rng);
        double at = q + length * check_uniform(&rng);
        unsigned whole = due(&TEXT, q, q + length), part = due(&TEXT, at, at);
        part &= ~(1u << SIL); /* a stretch that is sung throughout has none, its end may */
        assert_int_equal(part & ~whole & ~SET(SH, L, F, I, N), 0);
    }
}

static void check_refused(silbe_sung_text text, const char *message)
{
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_sung_text_check(&text, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, message));
}

static void refuses(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_sung_text_check(&TEXT, &err), err);
    silbe_sung_text text = TEXT;
    silbe_sung_syllable syllables_of[2] = {SYLLABLES[0], SYLLABLES[1]};
    text.n_syllables = 0;
    check_refused(text, "0 syllables");
    text = TEXT;
    text.consonant_q = NAN;
    check_refused(text, "quarter notes");
    text = TEXT;
    text.n_phones_set = N;
    check_refused(text, "syllable 2");
    text = TEXT;
    text.syllables = syllables_of;
    syllables_of[1].onset_q = 0.5;
    check_refused(text, "syllable 2");
    syllables_of[1] = SYLLABLES[1];
    syllables_of[0].nucleus = 4;
    check_refused(text, "syllable 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points),    cmocka_unit_test(stretches),
        cmocka_unit_test(syllables), cmocka_unit_test(stretches_contain_their_parts),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
