#include "pipeline/host/nearest.h"
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t distance(const char *a, const char *b)
{
    return silbe_edit_distance(a, strlen(a), b, strlen(b));
}

static void known_distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } CASES[] = {
        {"", "", 0},       {"", "abc", 3},      {"abc", "abc", 0},
        {"abc", "abd", 1}, {"abc", "ac", 1},    {"abc", "xabc", 1},
        {"abc", "bac", 1}, {"abc", "acb", 1},   {"kitten", "sitting", 3},
        {"ca", "abc", 3},  {"abcd", "badc", 2}, {"abcdef", "uvwxyz", 6},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_int_equal(distance(CASES[i].a, CASES[i].b), CASES[i].distance);
        assert_int_equal(distance(CASES[i].b, CASES[i].a), CASES[i].distance);
    }
    /* Only the bytes that are named count. */
    assert_int_equal(silbe_edit_distance("abX", 2, "abYZ", 2), 0);
}

enum { N_WORDS = 60, MAX_LENGTH = 12, N_LETTERS = 3 };

/* Without exchanges: Levenshtein's, a metric, by its definition. */
static size_t plain_distance(const char *a, const char *b)
{
    size_t table[MAX_LENGTH + 1][MAX_LENGTH + 1], n_a = strlen(a), n_b = strlen(b);
    for (size_t i = 0; i <= n_a; i++) {
        for (size_t j = 0; j <= n_b; j++) {
            size_t best = i == 0 ? j : i;
            if (i > 0 && j > 0) {
                best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                best = table[i - 1][j] + 1 < best ? table[i - 1][j] + 1 : best;
                best = table[i][j - 1] + 1 < best ? table[i][j - 1] + 1 : best;
            }
            table[i][j] = best;
        }
    }
    return table[n_a][n_b];
}

static void make_words(char words[N_WORDS][MAX_LENGTH + 1], unsigned seed)
{
    srand(seed);
    for (size_t w = 0; w < N_WORDS; w++) {
        size_t n = (size_t)rand() % (MAX_LENGTH + 1);
        for (size_t i = 0; i < n; i++) {
            words[w][i] = (char)('a' + rand() % N_LETTERS);
        }
        words[w][n] = '\0';
    }
}

/* Exchanges make a step of two into one, never more: the plain distance lies between this one and
 * twice this one. This one breaks the triangle inequality ("ca", "ac", "abc"), but never by more
 * than that. */
static void random_words(void **state)
{
    (void)state;
    static char words[N_WORDS][MAX_LENGTH + 1];
    const char *given = getenv("SILBE_SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : 20261127U;
    print_message("SILBE_SEED=%u\n", seed);
    make_words(words, seed);
    for (size_t i = 0; i < N_WORDS; i++) {
        for (size_t j = 0; j < N_WORDS; j++) {
            size_t near = distance(words[i], words[j]), plain = plain_distance(words[i], words[j]);
            assert_int_equal(near, distance(words[j], words[i]));
            assert_int_equal(near == 0, strcmp(words[i], words[j]) == 0);
            assert_true(near <= plain && plain <= 2 * near);
            for (size_t k = 0; k < N_WORDS; k++) {
                size_t first = distance(words[i], words[k]), second = distance(words[k], words[j]);
                assert_true(plain <= plain_distance(words[i], words[k]) +
                                         plain_distance(words[k], words[j]));
                assert_true(near <= 2 * (first + second));
            }
        }
    }
}

static const char *offer_all(const char *typed, const char *const *candidates)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    for (; *candidates != NULL; candidates++) {
        silbe_nearest_offer(&nearest, typed, strlen(typed), *candidates);
    }
    return nearest.word;
}

static void what_was_meant(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"align", "adapt", "train", "report", "ab", "ac", NULL};
    assert_string_equal(offer_all("aling", WORDS), "align");
    assert_string_equal(offer_all("algn", WORDS), "align");
    assert_string_equal(offer_all("rain", WORDS), "train");
    assert_string_equal(offer_all("reprot", WORDS), "report");
    assert_string_equal(offer_all("ad", WORDS), "ab"); /* the first of equals */
    assert_null(offer_all("reqqqt", WORDS));
    assert_null(offer_all("", WORDS));
    char longest[SILBE_NEAREST_MAX_LENGTH + 2];
    memset(longest, 'x', sizeof longest);
    longest[SILBE_NEAREST_MAX_LENGTH] = '\0';
    const char *const same[] = {longest, NULL};
    assert_ptr_equal(offer_all(longest, same), longest);
    longest[SILBE_NEAREST_MAX_LENGTH] = 'x';
    char typed[sizeof longest + 1];
    (void)snprintf(typed, sizeof typed, "%.*s", (int)sizeof longest, longest);
    const char *const too_long[] = {typed, NULL};
    assert_null(offer_all(typed, too_long));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances),
        cmocka_unit_test(random_words),
        cmocka_unit_test(what_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
