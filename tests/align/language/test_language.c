#include <stdio.h>
#include <string.h>

#include "align/language/language.h"
#include "tests/align/language/texts.h"
#include "tests/check.h"

enum { N_TEXTS = sizeof texts / sizeof *texts, N_LINES = 4, LONG_LINE = 5, MIN_TEXTS = 12 };

static silbe_languages *languages;

static int set_up(void **state)
{
    (void)state;
    languages = silbe_languages_new(NULL);
    return languages == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    silbe_languages_free(languages);
    return 0;
}

static silbe_language_guess guess(const char *text)
{
    silbe_language_guess found;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_language_of(languages, text, strlen(text), &found, &err), err);
    return found;
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static size_t count_words(const char *line)
{
    size_t n = 1;
    for (; *line != '\0'; line++) {
        n += *line == ' ';
    }
    return n;
}

/* All texts of four lines, those of other languages included. */
static void test_texts(void **state)
{
    (void)state;
    size_t n_of[SILBE_MAX_LANGUAGES] = {0};
    for (size_t i = 0; i < N_TEXTS; i++) {
        char text[1024];
        const char *const *lines = texts[i].lines;
        (void)snprintf(text, sizeof text, "%s\n%s\r\n%s\n\n%s", lines[0], lines[1], lines[2],
                       lines[3]);
        silbe_language_guess found = guess(text);
        if (!is_same(found.code, texts[i].code)) {
            print_error("\"%s\": nearest is %s, by %.1f, fit %.2f\n", lines[0], found.nearest,
                        found.margin, found.fit);
        }
        assert_true(is_same(found.code, texts[i].code));
        if (texts[i].code != NULL) {
            n_of[silbe_language_find(texts[i].code)]++;
        }
    }
    for (size_t i = 0; silbe_language_is_read(i); i++) {
        assert_true(n_of[i] >= MIN_TEXTS);
    }
}

/* Single lines of some length: nine of ten are recognised, and hardly one as another language. */
static void test_lines(void **state)
{
    (void)state;
    size_t n = 0, n_right = 0, n_wrong = 0;
    for (size_t i = 0; i < N_TEXTS; i++) {
        for (size_t l = 0; l < N_LINES && texts[i].code != NULL; l++) {
            const char *line = texts[i].lines[l];
            if (count_words(line) >= LONG_LINE) {
                silbe_language_guess found = guess(line);
                bool is_right = is_same(found.code, texts[i].code);
                n++;
                n_right += is_right;
                n_wrong += found.code != NULL && !is_right;
            }
        }
    }
    print_message("%zu of %zu lines, %zu of them wrong\n", n_right, n, n_wrong);
    assert_true(n > 250);
    assert_true(n_right * 10 >= n * 9);
    assert_true(n_wrong * 100 <= n);
}

static void test_unsure(void **state)
{
    (void)state;
    static const char *const few[] = {
        "", "...", "42", "amor", "Amen", "la la la la la", "Ah! Oh! Ah!", "die"};
    for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
        assert_null(guess(few[i]).code);
    }
    assert_int_equal(guess("la la la la").n_words, 1);
    assert_int_equal(guess("oh ... 42").n_words, 0);
    assert_null(guess("oh ... 42").nearest);
}

/* Capitals, decomposed letters and typographic apostrophes change nothing. */
static void test_spelling(void **state)
{
    (void)state;
    silbe_language_guess plain = guess("l'été où j'ai dit qu'il m'aimait");
    silbe_language_guess other =
        guess("L’E\xcc\x81TE\xcc\x81 OU\xcc\x80\tJ’AI DIT: QU‘IL M’AIMAIT!");
    assert_string_equal(plain.code, "fr");
    assert_int_equal(plain.n_words, other.n_words);
    for (size_t i = 0; i < SILBE_MAX_LANGUAGES; i++) {
        assert_true(plain.scores[i] == other.scores[i]);
    }
}

static void test_errors(void **state)
{
    (void)state;
    silbe_language_guess found;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_language_of(languages, "caf\xe9", 4, &found, &err), SILBE_ERR_FORMAT);
}

static void test_names(void **state)
{
    (void)state;
    int english = silbe_language_find("en-us");
    assert_true(english >= 0);
    assert_string_equal(silbe_language_code((size_t)english), "en");
    assert_string_equal(silbe_language_name((size_t)english), "English");
    assert_int_equal(silbe_language_find("en+f2"), english);
    assert_int_equal(silbe_language_find("English"), english);
    assert_true(silbe_language_is_read((size_t)english));
    int polish = silbe_language_find("pl");
    assert_true(polish >= 0 && !silbe_language_is_read((size_t)polish));
    assert_int_equal(silbe_language_find("eng"), -1);
    assert_int_equal(silbe_language_find(""), -1);
    assert_null(silbe_language_name(SILBE_MAX_LANGUAGES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),  cmocka_unit_test(test_lines),
        cmocka_unit_test(test_unsure), cmocka_unit_test(test_spelling),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
