#include <string.h>

#include "align/lyrics/pronounce.h"
#include "align/lyrics/pronounce_list.h"
#include "tests/check.h"

static silbe_status parse(const char *text, silbe_pronunciation_list *list, silbe_err *err)
{
    return silbe_pronunciation_list_parse("words.tsv", text, strlen(text), list, err);
}

static void test_reads(void **state)
{
    (void)state;
    silbe_pronunciation_list list = SILBE_PRONUNCIATION_LIST_INIT;
    silbe_err err = SILBE_ERR_INIT;
    size_t n = 0;
    assert_int_equal(
        parse("# mine\r\n\r\nWéga,\tv e: g a\rNacht\tn a x t\nnacht\tn A x t\n", &list, &err),
        SILBE_ERR_FORMAT);
    assert_string_equal(err.message, "words.tsv:5: \"A\" is no phone of the phone set");
    assert_int_equal(list.n_items, 0);
    check_ok(parse("\xef\xbb\xbf# mine\r\n\r\nWéga,\tv e: g a\rNacht\tn a x t\nnacht\tn ɔ x t\n"
                   "  \t \nHab\xe2\x80\x99\th a: b",
                   &list, &err),
             err);
    assert_int_equal(list.n_items, 4);
    const silbe_listed_word *found = silbe_pronunciation_list_find(&list, "nacht", &n);
    assert_int_equal(n, 2);
    assert_int_equal(found[0].line, 4);
    assert_int_equal(found[1].line, 5);
    assert_non_null(silbe_pronunciation_list_find(&list, "hab'", &n));
    assert_non_null(silbe_pronunciation_list_find(&list, "wéga", &n));
    assert_null(silbe_pronunciation_list_find(&list, "nach", &n));
    assert_int_equal(n, 0);
    silbe_pronunciation_list_free(&list);
    check_ok(parse("", &list, &err), err);
    assert_null(silbe_pronunciation_list_find(&list, "a", &n));
    silbe_pronunciation_list_free(&list);
}

/* Every word of lists of every length is found, and nothing between them. */
static void test_finds(void **state)
{
    (void)state;
    for (char last = 'b'; last <= 'z'; last = (char)(last + 2)) {
        silbe_pronunciation_list list = SILBE_PRONUNCIATION_LIST_INIT;
        silbe_err err = SILBE_ERR_INIT;
        char text[256] = "";
        for (char c = last; c >= 'b'; c = (char)(c - 2)) {
            char line[8] = {c, '\t', 'a', '\n', '\0'};
            strcat(text, line);
        }
        check_ok(parse(text, &list, &err), err);
        for (char c = 'a'; c <= 'z'; c++) {
            char word[2] = {c, '\0'};
            size_t n = 9;
            bool listed = c <= last && (c - 'b') % 2 == 0;
            const silbe_listed_word *found = silbe_pronunciation_list_find(&list, word, &n);
            assert_int_equal(n, listed ? 1 : 0);
            assert_true((found != NULL) == listed);
            assert_true(!listed || strcmp(found->word, word) == 0);
        }
        silbe_pronunciation_list_free(&list);
    }
}

static void test_malformed(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a\ta\nb b\n", "words.tsv:2: no tab"},
        {"a\ta\tb\n", "words.tsv:1: more than one tab"},
        {"\n\n...\ta\n", "words.tsv:3: no word"},
        {"a\t  \n", "words.tsv:1: \"a\" has no phones"},
        {"a\ta zz\n", "words.tsv:1: \"zz\" is no phone"},
        {"a\ta\r\nb\tb\r\nA\ta:\r\n", "words.tsv:3: \"a\" has these phones in line 1"},
        {"a\ta\n\xff\ta\n", "words.tsv:2: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_pronunciation_list list = SILBE_PRONUNCIATION_LIST_INIT;
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(parse(cases[i][0], &list, &err), SILBE_ERR_FORMAT);
        if (strncmp(err.message, cases[i][1], strlen(cases[i][1])) != 0) {
            fail_msg("got \"%s\", want \"%s\"", err.message, cases[i][1]);
        }
        assert_int_equal(list.n_items, 0);
        assert_null(list.items);
    }
}

static void test_overrides(void **state)
{
    (void)state;
    silbe_pronunciation_list list = SILBE_PRONUNCIATION_LIST_INIT;
    silbe_err err = SILBE_ERR_INIT;
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    check_ok(parse("Blumen\tb l Y m\nBlumen\tb l 2 m\n", &list, &err), err);
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.list = &list;
    char text[64];
    check_ok(silbe_pronounce_word(&options, "„BLUMEN!“", &word, &err), err);
    assert_int_equal(word.source, SILBE_PRONOUNCED_BY_USER);
    assert_int_equal(word.n_items, 2);
    silbe_phones_write(word.items[0].phones, word.items[0].n_phones, text, sizeof text);
    assert_string_equal(text, "b l Y m");
    check_close(word.items[0].logp, log(0.5), 1e-12);
    silbe_word_phones_free(&word);
    options.list = NULL;
    check_ok(silbe_pronounce_word(&options, "„BLUMEN!“", &word, &err), err);
    assert_int_equal(word.source, SILBE_PRONOUNCED_BY_VOICE);
    silbe_word_phones_free(&word);
    silbe_pronunciation_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_finds),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_overrides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
