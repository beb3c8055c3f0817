/* Results that leave out words, against the text. */
#include "pipeline/evaluate/word_match.h"

#include <stdint.h>
#include <string.h>

#include "tests/check.h"

/* "a b a" / "a" / "c a" */
static char A[] = "a", B[] = "b", C[] = "c";

static silbe_lyrics text_of(silbe_word words[6], silbe_line lines[3])
{
    char *const texts[] = {A, B, A, A, C, A};
    static const size_t LINES[] = {0, 0, 0, 1, 2, 2}, FIRST[] = {0, 3, 4}, N[] = {3, 1, 2};
    for (size_t w = 0; w < 6; w++) {
        words[w] = (silbe_word){texts[w], LINES[w], w, 1};
    }
    for (size_t l = 0; l < 3; l++) {
        lines[l] = (silbe_line){A, 0, FIRST[l], N[l]};
    }
    return (silbe_lyrics){.words = words, .n_words = 6, .lines = lines, .n_lines = 3};
}

static void left_out_words_are_told_apart(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_word words[6], own_words[3];
    silbe_line lines[3], own_lines[2];
    silbe_lyrics text = text_of(words, lines);
    /* Found: b and the second a of line 1, a of line 3; by text alone it could be the first a. */
    own_words[0] = (silbe_word){B, 0, 0, 1};
    own_words[1] = (silbe_word){A, 0, 1, 1};
    own_words[2] = (silbe_word){A, 1, 2, 1};
    own_lines[0] = (silbe_line){A, 0, 0, 2};
    own_lines[1] = (silbe_line){A, 0, 2, 1};
    size_t numbers[] = {1, 3};
    silbe_output_unmatched unmatched[] = {
        {A, 1, 1, NAN, NAN, 0.1}, {A, 2, 1, NAN, NAN, 0.2}, {C, 3, 1, NAN, NAN, 0.3}};
    silbe_output_document document = {
        .lyrics = {.words = own_words, .n_words = 3, .lines = own_lines, .n_lines = 2},
        .line_numbers = numbers,
        .unmatched = unmatched,
        .n_unmatched = 3};
    silbe_word_match match;
    check_ok(silbe_word_match_run(&document, &text, &match, &err), err);
    static const size_t WANT[] = {SIZE_MAX, 0, 1, SIZE_MAX, SIZE_MAX, 2};
    static const size_t WANT_UNMATCHED[] = {0, SIZE_MAX, SIZE_MAX, 1, 2, SIZE_MAX};
    for (size_t w = 0; w < 6; w++) {
        assert_true(match.words[w] == WANT[w]);
        assert_true(match.unmatched[w] == WANT_UNMATCHED[w]);
    }
    silbe_word_match_free(&match);

    static const struct {
        size_t line, word;
        char *text;
        const char *says;
    } BAD[] = {
        {4, 1, A, "has words of line 4, the text has 3 lines"},
        {0, 1, A, "has words of line 0"},
        {2, 2, A, "unmatched word 2 of line 2"},
        {2, 1, B, "\"b\", is not there"},
        {1, 1, A, "lacks \"a\" of line 2, neither placed nor unmatched"},
        {1, 2, B, "word 1 of line 1 is \"b\" here, but \"a\" in the text"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        unmatched[1].line = BAD[i].line;
        unmatched[1].word = BAD[i].word;
        unmatched[1].text = BAD[i].text;
        assert_int_equal(silbe_word_match_run(&document, &text, &match, &err), SILBE_ERR_MISMATCH);
        if (strstr(err.message, BAD[i].says) == NULL) {
            fail_msg("\"%s\" lacks \"%s\"", err.message, BAD[i].says);
        }
        silbe_word_match_free(&match);
        if (i + 2 == sizeof BAD / sizeof BAD[0]) {
            unmatched[0] = unmatched[1]; /* the next case: only b is listed in line 1 */
        }
    }
}

static void another_text_is_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_word words[6], own_words[7];
    silbe_line lines[3], own_lines[4];
    silbe_lyrics text = text_of(words, lines);
    silbe_output_document document = {.lyrics = text_of(own_words, own_lines)};
    silbe_word_match match;
    check_ok(silbe_word_match_run(&document, &text, &match, &err), err);
    assert_true(match.words[5] == 5 && match.unmatched[5] == SIZE_MAX);
    silbe_word_match_free(&match);
    own_words[4].text = B;
    assert_int_equal(silbe_word_match_run(&document, &text, &match, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "word 1 of line 3 is \"b\" here, but \"c\" in the text"));
    silbe_word_match_free(&match);
    own_words[4].text = C;
    own_lines[3] = own_lines[1];
    document.lyrics.n_lines = 4;
    assert_int_equal(silbe_word_match_run(&document, &text, &match, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "has words of line 4"));
    silbe_word_match_free(&match);
    document.lyrics.n_lines = 3;
    own_lines[1].n_words = 2; /* more than the text's line has */
    assert_int_equal(silbe_word_match_run(&document, &text, &match, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "but none in the text"));
    silbe_word_match_free(&match);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(left_out_words_are_told_apart),
        cmocka_unit_test(another_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
