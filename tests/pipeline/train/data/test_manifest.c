/* Speech sets and the manifest: the licence rule, and every malformed input. */
#include <string.h>

#include "pipeline/train/data/manifest.h"
#include "tests/check.h"

#define HEAD "dataset\tlang\tkind\tfile\tseconds\ttext\n"

static silbe_speech_selection select_sets(const char *list)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_speech_selection selection;
    check_ok(silbe_speech_sets_parse(list, SILBE_SPEECH_DEVELOPMENT, &selection, &err), err);
    return selection;
}

static void test_sets(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_speech_selection s;
    check_ok(silbe_speech_sets_parse(SILBE_SPEECH_SETS_DEFAULT, SILBE_SPEECH_MAY_SHIP, &s, &err),
             err);
    for (size_t i = 0; silbe_speech_set_at(i) != NULL; i++) {
        assert_int_equal(s >> i & 1U, silbe_speech_set_at(i)->use == SILBE_SPEECH_MAY_SHIP);
    }
    assert_int_equal(
        silbe_speech_sets_parse("de_kerstin de_emodb", SILBE_SPEECH_MAY_SHIP, &s, &err),
        SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "de_emodb"));
    assert_non_null(strstr(err.message, "research"));
    assert_int_equal(s, 0);
    check_ok(silbe_speech_sets_parse(" de_emodb ", SILBE_SPEECH_RESEARCH, &s, &err), err);
    assert_int_equal(silbe_speech_sets_parse("gtsinger_demo", SILBE_SPEECH_RESEARCH, &s, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_speech_sets_parse("  ", SILBE_SPEECH_RESEARCH, &s, &err),
                     SILBE_ERR_ARGUMENT);
    assert_int_equal(
        silbe_speech_sets_parse("de_kerstin de_kerstin", SILBE_SPEECH_RESEARCH, &s, &err),
        SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_speech_sets_parse("de_kerst", SILBE_SPEECH_RESEARCH, &s, &err),
                     SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nl_nathalie"));
}

static void test_rows(void **state)
{
    (void)state;
    const char text[] = HEAD "de_kerstin\tde\tspeech\tde_kerstin/a.ogg\t1.5\tGuten Tag\r\n"
                             "somebody\txx\tspeech\tx.ogg\t1\t-\n"
                             "nl_nathalie\tnl\tspeech\tn.ogg\t2\tdag\n"
                             "de_kerstin\tde\tsung\tde_kerstin/b.ogg\t2.25\tÄhre";
    silbe_err err = SILBE_ERR_INIT;
    silbe_speech_manifest m = SILBE_SPEECH_MANIFEST_INIT;
    check_ok(
        silbe_speech_manifest_parse("m", text, strlen(text), select_sets("de_kerstin"), &m, &err),
        err);
    assert_int_equal(m.n_items, 2);
    check_close(m.seconds, 3.75, 1e-12);
    assert_string_equal(m.items[0].text, "Guten Tag");
    assert_string_equal(m.items[1].file, "de_kerstin/b.ogg");
    assert_string_equal(m.items[1].text, "Ähre");
    assert_true(m.items[1].sung && !m.items[0].sung);
    assert_int_equal(m.items[1].line, 5);
    assert_string_equal(m.items[0].set->voice, "de");
    silbe_speech_manifest_free(&m);
}

static void check_bad(const char *text, silbe_status want, const char *says)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_speech_manifest m = SILBE_SPEECH_MANIFEST_INIT;
    silbe_status got =
        silbe_speech_manifest_parse("m", text, strlen(text), select_sets("de_kerstin"), &m, &err);
    if (got != want || strstr(err.message, says) == NULL) {
        print_error("status %d, message: %s\n", (int)got, err.message);
    }
    assert_int_equal(got, want);
    assert_non_null(strstr(err.message, says));
    assert_null(m.items);
}

static void test_bad_rows(void **state)
{
    (void)state;
    const char *row = "de_kerstin\tde\tspeech\ta\t1\tb\n";
    char twice[256];
    (void)snprintf(twice, sizeof twice, "%s%s%s", HEAD, row, row);
    check_bad("", SILBE_ERR_FORMAT, "empty");
    check_bad(HEAD, SILBE_ERR_DATA, "de_kerstin");
    check_bad("dataset\tlang\tkind\tpath\tseconds\ttext\n", SILBE_ERR_FORMAT, "\"file\"");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\t1\n", SILBE_ERR_FORMAT, "m:2: ");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\t1\tb\tc\n", SILBE_ERR_FORMAT, "6 columns");
    check_bad(HEAD "de_kerstin\tde\tspoken\ta\t1\tb\n", SILBE_ERR_FORMAT, "spoken");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\tnan\tb\n", SILBE_ERR_FORMAT, "nan");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\t1s\tb\n", SILBE_ERR_FORMAT, "1s");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\t-1\tb\n", SILBE_ERR_FORMAT, "-1");
    check_bad(HEAD "de_kerstin\tde\tspeech\t/a\t1\tb\n", SILBE_ERR_FORMAT, "/a");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta/../../b\t1\tb\n", SILBE_ERR_FORMAT, "a/../../b");
    check_bad(HEAD "de_kerstin\tnl\tspeech\ta\t1\tb\n", SILBE_ERR_MISMATCH, "nl");
    check_bad(HEAD "de_kerstin\tde\tspeech\ta\t1\t\xff\n", SILBE_ERR_FORMAT, "UTF-8");
    check_bad(twice, SILBE_ERR_DATA, "m:3: ");
}

static void test_real(void **state)
{
    (void)state;
    const char *root = getenv("SILBE_SPEECH_ROOT");
    silbe_err err = SILBE_ERR_INIT;
    silbe_speech_manifest m = SILBE_SPEECH_MANIFEST_INIT;
    if (root == NULL) {
        skip();
    }
    check_ok(silbe_speech_manifest_read(root, select_sets(SILBE_SPEECH_SETS_DEFAULT), &m, &err),
             err);
    assert_true(m.n_items > 7000 && m.seconds > 7.0 * 3600.0 * 0.9);
    silbe_speech_manifest_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_bad_rows),
        cmocka_unit_test(test_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
