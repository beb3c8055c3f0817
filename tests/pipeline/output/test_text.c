/* Where text meets a format's syntax. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/text.h"

#include "tests/check.h"

static void test_escape(void **state)
{
    (void)state;
    static const struct {
        silbe_text_style style;
        const char *text;
        const char *want;
    } cases[] = {
        {SILBE_TEXT_PLAIN, "a\tb\nc\r\x1b\x7f", "a b c   "},
        {SILBE_TEXT_PLAIN, "\xc2\x85|\xe2\x80\xa8|\xef\xbf\xbf|\xf0\x9f\x98\x80",
         " | |\xef\xbf\xbd|\xf0\x9f\x98\x80"},
        {SILBE_TEXT_PLAIN, "ok \xff\xc3", "ok \xef\xbf\xbd\xef\xbf\xbd"},
        {SILBE_TEXT_QUOTED, "\"a\"\"", "\"\"a\"\"\"\""},
        {SILBE_TEXT_WEBVTT, "<b> & -->", "&lt;b&gt; &amp; --&gt;"},
        {SILBE_TEXT_SRT, "<i>{\\an8} -->", "\xe2\x80\xb9i\xe2\x80\xba(\\an8) --\xe2\x80\xba"},
        {SILBE_TEXT_LRC, "[00:01.00]<", "(00:01.00)\xe2\x80\xb9"},
        {SILBE_TEXT_MARKDOWN, "a|b_<*\\", "a\\|b\\_&lt;\\*\\\\"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *got = silbe_text_copy(cases[i].text, cases[i].style);
        assert_string_equal(got, cases[i].want);
        free(got);
    }
    assert_true(silbe_text_same("a\tb\xe2\x80\xa8\xff", "a b \xef\xbf\xbd"));
    assert_true(silbe_text_same("", ""));
    assert_false(silbe_text_same("ab", "a"));
    assert_false(silbe_text_same("a", "ab"));
    assert_false(silbe_text_same("a\xc3\xbc", "a\xc3\xb6"));
    assert_true(silbe_text_valid("Gr\xc3\xbc\xc3\x9f"));
    assert_false(silbe_text_valid("Gr\xc3"));
    assert_int_equal(silbe_text_width("Gr\xc3\xbc\xc3\x9f"), 4);
    assert_int_equal(silbe_text_width("\xe6\xad\x8c"), 2); /* a wide character */
    assert_int_equal(silbe_text_width("u\xcc\x88"), 1);    /* a combining one */
}

static void expect_padded(const char *text, size_t width, const char *want)
{
    char *got = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&got, &size);
    assert_non_null(stream);
    silbe_text_put_padded(stream, text, width);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(got, want);
    free(got);
}

static void test_padded(void **state)
{
    (void)state;
    expect_padded("f\xc3\xbcr", 5, "f\xc3\xbcr  ");
    expect_padded("Winterreise", 6, "Winte\xe2\x80\xa6");
    expect_padded("\xe6\xad\x8c\xe6\xad\x8c\xe6\xad\x8c", 4, "\xe6\xad\x8c\xe2\x80\xa6 ");
    expect_padded("abc", 3, "abc");
    expect_padded("abc", 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_escape),
                                       cmocka_unit_test(test_padded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
