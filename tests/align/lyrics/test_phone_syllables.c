#include <string.h>

#include "align/lyrics/phone_syllables.h"
#include "align/lyrics/pronounce.h"
#include "tests/check.h"

/* Syllables of the phones as "S a t | t @ n", nuclei in brackets, "!" before inexact ones. */
static void divide(const silbe_phone *phones, size_t n, size_t n_syllables, char *text)
{
    silbe_phone_syllable syllables[16];
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_phone_syllables(phones, n, n_syllables, syllables, &err), err);
    text[0] = '\0';
    for (size_t s = 0; s < n_syllables; s++) {
        strcat(text, s > 0 ? "|" : "");
        strcat(text, syllables[s].exact ? "" : "!");
        for (size_t i = 0; i < syllables[s].n_phones; i++) {
            size_t at = syllables[s].first_phone + i;
            const char *symbol = silbe_phone_get(phones[at].phone)->symbol;
            strcat(text, i > 0 ? " " : "");
            strcat(text, at == syllables[s].nucleus ? "[" : "");
            strcat(text, symbol);
            strcat(text, at == syllables[s].nucleus ? "]" : "");
        }
    }
}

static void expect(const char *phones_text, size_t n_syllables, const char *want)
{
    silbe_phone phones[64];
    size_t n = 0;
    char text[512];
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_phones_read(phones_text, strlen(phones_text), phones, 64, &n, &err), err);
    divide(phones, n, n_syllables, text);
    assert_string_equal(text, want);
}

static void test_exact(void **state)
{
    (void)state;
    expect("n a x t", 1, "n [a] x t");
    expect("v a n d 6 n", 2, "v [a] n|d [6] n");
    expect("z I N @ n", 2, "z [I] N|[@] n");
    expect("f r O Y^ d @", 2, "f r [O] Y^|d [@]");
    expect("m a I^ @ n", 2, "m [a] I^|[@] n");
    expect("f r a U^ @ n", 2, "f r [a] U^|[@] n");
    expect("f E n s t 6", 2, "f [E] n s|t [6]");
    expect("a n S t r E N @ n", 3, "[a] n|S t r [E] N|[@] n");
    expect("k 2 n I g I n", 3, "k [2]|n [I]|g [I] n");
}

static void test_other_counts(void **state)
{
    (void)state;
    expect("r u @", 1, "!r [u] @");                /* Ruhe on one note */
    expect("g @ =a n d @", 2, "!g @ [a] n|d [@]"); /* hiatus merges; the stressed one is held */
    expect("l i l j @", 3, "l [i]|!l [j]|[@]");    /* Lilie */
    expect("t s I t r", 2, "t s [I]|!t [r]");      /* zittr */
    expect("m a I^ n", 2, "m [a]|![I^] n");        /* meeein on two */
    expect("s", 1, "![s]");                        /* 's with a note of its own */
    expect("t a", 4, "![t]|[a]|!|!");              /* more syllables than phones */
}

static void test_errors(void **state)
{
    (void)state;
    silbe_phone phone = {1, 0};
    silbe_phone_syllable syllable;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_phone_syllables(&phone, 0, 1, &syllable, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_phone_syllables(&phone, 1, 0, &syllable, &err), SILBE_ERR_ARGUMENT);
}

/* Any phones, any number of syllables: contiguous, covering, nuclei inside. */
static void test_random(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    for (int round = 0; round < 2000; round++) {
        silbe_phone phones[24];
        silbe_phone_syllable syllables[12];
        silbe_err err = SILBE_ERR_INIT;
        size_t n = 1 + check_random(&rng) % 24;
        size_t n_syllables = 1 + check_random(&rng) % 12;
        for (size_t i = 0; i < n; i++) {
            phones[i] = (silbe_phone){(uint8_t)(1 + check_random(&rng) % (SILBE_N_PHONES - 1)),
                                      (uint8_t)(check_random(&rng) % 128)};
        }
        check_ok(silbe_phone_syllables(phones, n, n_syllables, syllables, &err), err);
        size_t at = 0;
        for (size_t s = 0; s < n_syllables; s++) {
            if (s >= n) {
                assert_int_equal(syllables[s].n_phones, 0);
                assert_int_equal(syllables[s].nucleus, n - 1);
                continue;
            }
            assert_int_equal(syllables[s].first_phone, at);
            assert_true(syllables[s].n_phones >= 1);
            at += syllables[s].n_phones;
            assert_in_range(syllables[s].nucleus, syllables[s].first_phone, at - 1);
        }
        assert_int_equal(at, n);
    }
}

/* Words as they are sung, through the pronouncer. */
static void test_words(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        size_t n_syllables;
        const char *want;
    } cases[] = {
        {"Lindenbaum", 3, "l [I] n|d [@] n|b [a] U^ m"},
        {"Mädchen", 2, "m [E] t|C [@] n"},
        {"zwischen", 2, "t s v [I]|S [@] n"},
        {"Wasser", 2, "v [a]|s [6]"},
        {"vergebens", 3, "f [E] r|g [e]|b [@] n s"},
        {"Feuer", 2, "f [O] Y^|[6]"},
        {"Feuer", 1, "!f [O] Y^ 6"},
    };
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.style = SILBE_STYLE_PLAIN;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_word_phones word = SILBE_WORD_PHONES_INIT;
        silbe_err err = SILBE_ERR_INIT;
        char text[256];
        check_ok(silbe_pronounce_word(&options, cases[i].word, &word, &err), err);
        divide(word.items[0].phones, word.items[0].n_phones, cases[i].n_syllables, text);
        assert_string_equal(text, cases[i].want);
        silbe_word_phones_free(&word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),  cmocka_unit_test(test_other_counts),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_random),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
