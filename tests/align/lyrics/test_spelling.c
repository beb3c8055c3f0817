#include <string.h>

#include "align/lyrics/german.h"
#include "align/lyrics/spelling.h"
#include "tests/check.h"

static void test_key(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Wär's,", "wär's"},
        {"„Nun,“", "nun"},
        {"(STRASSE)", "strasse"},
        {"Straße", "straße"},
        {"ÜBER", "über"},
        {"U\xcc\x88"
         "BER",
         "über"},
        {"steh\xe2\x80\x99n", "steh'n"},
        {"hab`", "hab'"},
        {"'schön'", "schön"},
        {"»'s«", "'s"},
        {"Was\xc2\xadser", "wasser"},
        {"\xe2\x80\x8b"
         "da\xef\xbb\xbf",
         "da"},
        {"d.h.", "d.h"},
        {"...", ""},
        {"''", ""},
        {"", ""},
        {"1827!", "1827"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *key = NULL;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_spelling_key(cases[i][0], &key, &err), err);
        assert_string_equal(key, cases[i][1]);
        char *again = NULL; /* a key is its own key */
        check_ok(silbe_spelling_key(key, &again, &err), err);
        assert_string_equal(again, key);
        free(key);
        free(again);
    }
    char *key = NULL;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_spelling_key("\xc3", &key, &err), SILBE_ERR_FORMAT);
    assert_null(key);
}

static void test_parts(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"arm?wie", "arm wie"}, {"hü-hott", "hü hott"}, {"1.000,5", "1.000,5"},
        {"d.h", "d h"},         {"a--b", "a b"},        {"wär's", "wär's"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *parts = NULL;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_spelling_parts(cases[i][0], &parts, &err), err);
        assert_string_equal(parts, cases[i][1]);
        free(parts);
    }
}

static void test_modern(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"thun", "tun"}, {"urtheil", "urteil"}, {"rathaus", "rat haus"},   {"irrthum", "irrtum"},
        {"muß", "muss"}, {"muße", "muße"},      {"schloßen", "schloßen"},  {"schloß", "schloss"},
        {"fuß", "fuß"},  {"zwey", "zwei"},      {"bewußt", "bewusst"},     {"tödtlich", "tötlich"},
        {"hab'", "hab"}, {"scepter", "zepter"}, {"gottheit", "gott heit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *modern = NULL;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_german_modern(cases[i][0], &modern, &err), err);
        assert_string_equal(modern, cases[i][1]);
        free(modern);
    }
}

static void test_german_lists(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_german_check(&err), err);
}

static void test_voices_and_scripts(void **state)
{
    (void)state;
    const char *script = NULL;
    assert_true(silbe_spelling_voice_reads("de", "wär's 12", &script));
    assert_false(silbe_spelling_voice_reads("de", "да", &script));
    assert_string_equal(script, "Cyrillic");
    assert_true(silbe_spelling_voice_reads("ru+f2", "да", &script));
    assert_false(silbe_spelling_voice_reads("ru-lv", "da", &script));
    assert_true(silbe_spelling_voice_reads("cmn-latn-pinyin", "ni3", &script));
    assert_false(silbe_spelling_voice_reads("ja", "sakura", &script));
    assert_true(silbe_spelling_voice_reads("romaji", "sakura", &script));
    assert_false(silbe_spelling_voice_reads("rumantsch", "да", &script));
    assert_true(silbe_german_is_voice("de"));
    assert_true(silbe_german_is_voice("de+f2"));
    assert_false(silbe_german_is_voice("den"));
    assert_false(silbe_german_is_voice("d"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key),          cmocka_unit_test(test_parts),
        cmocka_unit_test(test_modern),       cmocka_unit_test(test_voices_and_scripts),
        cmocka_unit_test(test_german_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
