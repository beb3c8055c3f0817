/* The document of word times: its text against another, and what it forgets. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/words.h"

#include <string.h>

#include "tests/check.h"

static char *copy_of(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    return copy;
}

/* "a b a" / "a" / "c a" */
static silbe_lyrics text_of(void)
{
    static const char *const TEXTS[] = {"a", "b", "a", "a", "c", "a"};
    static const size_t LINES[] = {0, 0, 0, 1, 2, 2}, FIRST[] = {0, 3, 4}, N[] = {3, 1, 2};
    silbe_lyrics lyrics = {.words = calloc(7, sizeof *lyrics.words),
                           .n_words = 6,
                           .lines = calloc(4, sizeof *lyrics.lines),
                           .n_lines = 3};
    assert_true(lyrics.words != NULL && lyrics.lines != NULL);
    for (size_t w = 0; w < 6; w++) {
        lyrics.words[w] = (silbe_word){copy_of(TEXTS[w]), LINES[w], w, 1};
    }
    for (size_t l = 0; l < 3; l++) {
        lyrics.lines[l] = (silbe_line){copy_of("x"), 0, FIRST[l], N[l]};
    }
    return lyrics;
}

static silbe_words words_of(void)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = SILBE_WORDS_INIT;
    silbe_lyrics lyrics = text_of();
    silbe_words_begin(&words, &lyrics, &err);
    check_ok(err.status, err);
    assert_null(lyrics.words); /* moved */
    return words;
}

static void a_document_begins_with_its_text(void **state)
{
    (void)state;
    silbe_words words = words_of();
    assert_int_equal(words.lyrics.n_words, 6);
    assert_int_equal(silbe_words_n_matched(&words), 6);
    assert_int_equal(words.n_voices, 1);
    assert_string_equal(words.voices[0], "");
    assert_int_equal(words.voice[5], 0);
    words.is_matched[2] = false;
    assert_int_equal(silbe_words_n_matched(&words), 5);
    silbe_err err = SILBE_ERR_INIT;
    for (size_t v = 1; v < 30; v++) {
        char name[8];
        (void)snprintf(name, sizeof name, "%zu", v);
        assert_int_equal(silbe_words_voice(&words, name, &err), v);
    }
    assert_int_equal(silbe_words_voice(&words, "7", &err), 7);
    assert_int_equal(silbe_words_voice(&words, "", &err), 0);
    silbe_words_free(&words);
    assert_null(words.voices);
    /* After a failure, nothing is moved. */
    silbe_lyrics lyrics = text_of();
    (void)silbe_fail(&err, SILBE_ERR_DATA, "before");
    silbe_words_begin(&words, &lyrics, &err);
    assert_non_null(lyrics.words);
    assert_null(words.lyrics.words);
    silbe_lyrics_free(&lyrics);
}

static void expect_mismatch(const silbe_words *words, const silbe_lyrics *text, const char *says)
{
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_words_check_text(words, text, &err), SILBE_ERR_MISMATCH);
    if (strstr(err.message, says) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, says);
    }
}

static void another_text_is_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = words_of();
    silbe_lyrics text = text_of();
    check_ok(silbe_words_check_text(&words, &text, &err), err);
    free(text.words[1].text);
    text.words[1].text = copy_of("b\t"); /* as a file of words has it cleaned */
    free(words.lyrics.words[1].text);
    words.lyrics.words[1].text = copy_of("b ");
    check_ok(silbe_words_check_text(&words, &text, &err), err);
    /* Which words were found makes no difference: by index, equal ones cannot be mixed up. */
    words.is_matched[0] = words.is_matched[3] = words.is_matched[4] = false;
    check_ok(silbe_words_check_text(&words, &text, &err), err);

    words.lyrics.words[4].text[0] = 'b';
    expect_mismatch(&words, &text, "word 1 of line 3 is \"b\" here, but \"c\" in the text");
    words.lyrics.words[4].text[0] = 'c';
    /* The same words, cut into other lines. */
    words.lyrics.words[2].line = 1;
    words.lyrics.lines[1] = (silbe_line){words.lyrics.lines[1].text, 0, 2, 2};
    expect_mismatch(&words, &text,
                    "\"a\" is word 1 of line 2 here, but word 3 of line 1 in the text");
    words.lyrics.words[2].line = 0;
    words.lyrics.lines[1] = (silbe_line){words.lyrics.lines[1].text, 0, 3, 1};
    /* Fewer and more words, fewer and more lines. */
    words.lyrics.n_words = 5;
    expect_mismatch(&words, &text, "lacks \"a\", word 2 of line 3");
    words.lyrics.n_words = 4;
    words.lyrics.n_lines = 2;
    expect_mismatch(&words, &text, "lacks \"c\", word 1 of line 3");
    words.lyrics.n_words = 6;
    words.lyrics.n_lines = 3;
    text.n_words = 5;
    expect_mismatch(&words, &text, "word 2 of line 3 is \"a\" here, but none in the text");
    text.n_words = 4;
    text.n_lines = 2;
    expect_mismatch(&words, &text, "word 1 of line 3 is \"c\" here, but none in the text");
    text.n_words = 6;
    text.n_lines = 3;
    silbe_lyrics_free(&text);
    silbe_words_free(&words);
}

static void sounds_are_of_matched_words_alone(void **state)
{
    (void)state;
    silbe_words words = words_of();
    silbe_words_drop_sounds(&words); /* knows none */
    words.sounding_start_s = calloc(6, sizeof *words.sounding_start_s);
    words.phones = calloc(12, sizeof *words.phones);
    assert_true(words.sounding_start_s != NULL && words.phones != NULL);
    words.n_phones = 12;
    for (size_t w = 0; w < 6; w++) {
        words.sounding_start_s[w] = (double)w;
        words.phones[2 * w] = (silbe_timed_phone){"S", w, {(double)w, (double)w + 1, 0.5}};
        words.phones[2 * w + 1] = (silbe_timed_phone){"a", w, {(double)w, (double)w + 1, 0.5}};
    }
    words.is_matched[0] = words.is_matched[4] = false;
    silbe_words_drop_sounds(&words);
    assert_int_equal(words.n_phones, 8);
    assert_int_equal(words.phones[0].word, 1);
    assert_string_equal(words.phones[1].symbol, "a");
    assert_int_equal(words.phones[7].word, 5);
    check_close(words.phones[7].span.start_s, 5, 0);
    assert_true(isnan(words.sounding_start_s[0]) && isnan(words.sounding_start_s[4]));
    check_close(words.sounding_start_s[3], 3, 0);
    silbe_words_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_begins_with_its_text),
        cmocka_unit_test(another_text_is_refused),
        cmocka_unit_test(sounds_are_of_matched_words_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
