#include "align/lyrics/lyrics_text.h"

#include <string.h>

#include "tests/check.h"

static silbe_lyrics_text parse(const char *text)
{
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_lyrics_text_parse(text, strlen(text), &parsed, &err), err);
    return parsed;
}

static void lines_stanzas_words(void **state)
{
    (void)state;
    static const char *const FORMS[] = {
        "\xef\xbb\xbf\n Fremd bin ich,  \n\xe2\x80\x9ezieh\xe2\x80\x9c - aus! \n\n \n* * *\nDer "
        "Mai",
        "\xef\xbb\xbf\r\n Fremd bin ich,  \r\n\xe2\x80\x9ezieh\xe2\x80\x9c - aus! \r\n\r\n \r\n* * "
        "*\r\nDer Mai\r\n",
        "\xef\xbb\xbf\r Fremd bin ich,  \r\xe2\x80\x9ezieh\xe2\x80\x9c - aus! \r\r \r* * *\rDer "
        "Mai\r"};
    for (size_t f = 0; f < 3; f++) {
        silbe_lyrics_text text = parse(FORMS[f]);
        assert_int_equal(text.n_lines, 3);
        assert_int_equal(text.n_words, 7);
        assert_string_equal(text.lines[0].text, "Fremd bin ich,");
        assert_string_equal(text.lines[1].text, "\xe2\x80\x9ezieh\xe2\x80\x9c - aus!");
        assert_string_equal(text.words[3].text, "\xe2\x80\x9ezieh\xe2\x80\x9c");
        assert_int_equal(text.lines[0].number, 2);
        assert_int_equal(text.lines[2].number, 7);
        assert_int_equal(text.lines[1].stanza, 0);
        assert_int_equal(text.lines[2].stanza, 1);
        assert_int_equal(text.lines[1].n_words, 2);
        assert_int_equal(text.words[5].line, 2);
        silbe_lyrics_text_free(&text);
    }
}

static void refuse(const char *bytes, size_t n_bytes, silbe_status want, const char *words)
{
    silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_lyrics_text_parse(bytes, n_bytes, &parsed, &err), want);
    if (strstr(err.message, words) == NULL) {
        print_error("message: %s\n", err.message);
        fail();
    }
    assert_null(parsed.words);
}

static void bad_bytes_have_a_place(void **state)
{
    (void)state;
    refuse("eins\r\nzw\xfc", 9, SILBE_ERR_FORMAT, "line 2, byte 3: 0xfc");
    refuse("a\nb\nc\xed\xa0\x80", 8, SILBE_ERR_FORMAT, "line 3, byte 2"); /* a surrogate */
    refuse("ab\xc3", 3, SILBE_ERR_FORMAT, "line 1, byte 3");              /* cut */
    refuse("\xc0\xaf", 2, SILBE_ERR_FORMAT, "line 1, byte 1");            /* overlong */
    refuse("a\0b", 3, SILBE_ERR_FORMAT, "line 1, byte 2: 0x00");
    refuse("", 0, SILBE_ERR_DATA, "no words");
    refuse("\n - \n...\n", 9, SILBE_ERR_DATA, "no words");
}

static void text_alone_has_no_places(void **state)
{
    (void)state;
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_lyrics_from_text("Gute Nacht!\nMut", 15, &lyrics, &err), err);
    assert_int_equal(lyrics.n_words, 3);
    assert_int_equal(lyrics.n_syllables, 3);
    assert_string_equal(lyrics.syllables[1].text, "Nacht!");
    assert_true(isnan(lyrics.syllables[1].onset_q));
    assert_int_equal(lyrics.words[2].line, 1);
    assert_int_equal(lyrics.lines[0].n_words, 2);
    silbe_lyrics_free(&lyrics);
}

/* Whatever the bytes: an answer or an error, and words that are pieces of the text in order. */
static void random_bytes(void **state)
{
    (void)state;
    static const char ALPHABET[] = "ab \n\r\t-.\xc3\xbc\xe2\x80\x93\xcc\x88";
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 2000; round++) {
        char text[40];
        size_t n = check_random(&rng) % sizeof text;
        for (size_t i = 0; i < n; i++) {
            text[i] = ALPHABET[check_random(&rng) % (sizeof ALPHABET - 1)];
        }
        silbe_lyrics_text parsed = SILBE_LYRICS_TEXT_INIT;
        silbe_err err = SILBE_ERR_INIT;
        if (silbe_lyrics_text_parse(text, n, &parsed, &err) != SILBE_OK) {
            assert_true(err.message[0] != '\0');
            continue;
        }
        size_t at = 0;
        for (size_t w = 0; w < parsed.n_words; w++) {
            size_t length = strlen(parsed.words[w].text);
            while (at + length <= n && memcmp(text + at, parsed.words[w].text, length) != 0) {
                at++;
            }
            assert_true(at + length <= n);
            at += length;
        }
        silbe_lyrics_text_free(&parsed);
    }
}

static void tags_are_not_sung(void **state)
{
    (void)state;
    silbe_lyrics_text text = parse("Eins zwei\n  [Lang = it ]  la donna\n[lang=fr]\nmon ami\n\n"
                                   "[lang=]hier\nle jour\n[lang=]\t\n[Langsam] und [lang]\n");
    static const struct {
        const char *text, *language;
        bool is_tagged;
        size_t number, stanza;
    } WANT[] = {{"Eins zwei", "", false, 1, 0}, {"la donna", "it", true, 2, 0},
                {"mon ami", "fr", true, 4, 0},  {"hier", "", true, 6, 1},
                {"le jour", "fr", true, 7, 1},  {"[Langsam] und [lang]", "", false, 9, 1}};
    assert_int_equal(text.n_lines, 6);
    assert_int_equal(text.n_words, 12);
    for (size_t l = 0; l < 6; l++) {
        assert_string_equal(text.lines[l].text, WANT[l].text);
        assert_string_equal(text.lines[l].language, WANT[l].language);
        assert_int_equal(text.lines[l].is_tagged, WANT[l].is_tagged);
        assert_int_equal(text.lines[l].number, WANT[l].number);
        assert_int_equal(text.lines[l].stanza, WANT[l].stanza);
    }
    silbe_lyrics_text_free(&text);
}

static void refuse_text(const char *text, silbe_status want, const char *words)
{
    refuse(text, strlen(text), want, words);
}

static void bad_tags_have_a_line(void **state)
{
    (void)state;
    refuse_text("a\n[lang:it] b", SILBE_ERR_FORMAT, "line 2: \"[lang:it] b\" is no tag");
    refuse_text("a\n\n[lang=it b", SILBE_ERR_FORMAT, "line 3: \"[lang=it b\" is no tag");
    refuse_text("[lang=abcdefghijklmnopqrstuvwxyz012345] b", SILBE_ERR_FORMAT, "line 1: ");
    refuse_text("a [lang=it] b", SILBE_ERR_FORMAT,
                "line 1: a tag of a language stands at the begin");
    refuse_text("[lang=fr][lang=it] b", SILBE_ERR_FORMAT, "line 1: a tag of a language stands");
    refuse_text("[lang=fr]\n", SILBE_ERR_DATA, "no words");
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    const char *text = "a\n[lang=romaji]\nhana\n[lang=qqq]\nb";
    assert_int_equal(silbe_lyrics_from_text(text, strlen(text), &lyrics, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "line 5: [lang=qqq]: libespeak-ng has no voice \"qqq\"; "
                                        "there are: af "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_not_sung),        cmocka_unit_test(bad_tags_have_a_line),
        cmocka_unit_test(lines_stanzas_words),      cmocka_unit_test(bad_bytes_have_a_place),
        cmocka_unit_test(text_alone_has_no_places), cmocka_unit_test(random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
