#include "pipeline/align/phone_text.h"

#include <unistd.h>

#include "tests/pipeline/align/sung.h"

static const char LYRICS[] = "Fremd bin ich\neingezogen, fremd\n";

static const silbe_trellis_duration *duration_of(const sung *s, const char *symbol)
{
    return &s->text.durations[silbe_phone_find(symbol, strlen(symbol))];
}

static void test_tables(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 3);
    const silbe_trellis_text *text = &s.text.text;
    assert_int_equal(text->n_words, 5);
    assert_int_equal(text->n_lines, 2);
    assert_int_equal(text->lines[1].begin_word, 3);
    assert_int_equal(text->lines[1].end_word, 5);
    assert_true(isinf(text->lines[0].skip_logp) && isinf(text->words[0].skip_logp));
    assert_int_equal(text->silence, SILBE_PHONE_SILENCE);
    for (size_t w = 0; w < 5; w++) {
        double sum = 0;
        assert_int_equal(text->words[w].n_pronunciations, s.text.words[w].n_items);
        for (size_t i = 0; i < s.text.words[w].n_items; i++) {
            const silbe_pronunciation *p = &s.text.words[w].items[i];
            assert_int_equal(text->words[w].pronunciations[i].n_symbols, p->n_phones);
            for (size_t k = 0; k < p->n_phones; k++) {
                assert_int_equal(text->words[w].pronunciations[i].symbols[k], p->phones[k].phone);
            }
            sum += exp(p->logp);
        }
        check_close(sum, 1, 1e-9);
    }
    sung_free(&s);
}

static void test_durations(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 3);
    assert_int_equal(duration_of(&s, "a")->min_frames, 10); /* 200 ms */
    check_close(duration_of(&s, "a")->short_logp, -0.5, 0); /* 5 nats for all of them */
    check_close(duration_of(&s, "t")->short_logp, 0, 0);
    assert_int_equal(duration_of(&s, "t")->min_frames, 2);
    check_close(duration_of(&s, "a")->expected_frames, 0, 0);
    s.config.lyrics.vowel_min_ms = 151;
    s.config.lyrics.schwa_min_ms = 61;
    s.config.lyrics.glide_min_ms = 100;
    s.config.lyrics.sonorant_min_ms = 0;
    s.config.lyrics.obstruent_min_ms = 20;
    s.config.lyrics.vowel_mean_ms = 400;
    s.config.lyrics.obstruent_mean_ms = 10;
    s.config.lyrics.short_penalty = 0;
    sung_again(&s);
    assert_int_equal(duration_of(&s, "a")->min_frames, 8);
    assert_int_equal(duration_of(&s, "@")->min_frames, 3);
    assert_int_equal(duration_of(&s, "6")->min_frames, 3);
    check_close(duration_of(&s, "a")->short_logp, 0, 0);
    assert_int_equal(duration_of(&s, "I^")->min_frames, 5);
    assert_int_equal(duration_of(&s, "r")->min_frames, 1);
    assert_int_equal(duration_of(&s, "t")->min_frames, 1);
    check_close(duration_of(&s, "a")->expected_frames, 20, 1e-9);
    check_close(duration_of(&s, "@")->expected_frames, 20 * 61.0 / 151.0, 1e-9);
    check_close(duration_of(&s, "n")->expected_frames, 10, 1e-9);
    check_close(duration_of(&s, "I^")->expected_frames, 0, 0);
    check_close(duration_of(&s, "t")->expected_frames, 1, 0); /* never below the least */
    sung_free(&s);
}

/* Vowels of a song that is sung fast: 0.4 of the time per syllable, weak ones in proportion. */
static void test_pace(void **state)
{
    (void)state;
    sung s;
    silbe_err err = SILBE_ERR_INIT;
    sung_make(&s, LYRICS, 3);
    size_t n = silbe_phone_text_n_syllables(&s.text);
    const struct {
        double syllable_s;
        size_t a_frames, schwa_frames;
    } cases[] = {{0.5, 10, 5}, {0.6, 10, 5}, {0.25, 5, 3}, {0.36, 7, 4}, {1e-3, 1, 1}, {0, 10, 5}};
    assert_true(n > 3);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double sung_s = cases[i].syllable_s * (double)n;
        silbe_phone_text_free(&s.text);
        check_ok(silbe_phone_text_new(&s.config, &s.lyrics, SUNG_HOP_S, sung_s, &s.text, &err),
                 err);
        assert_int_equal(duration_of(&s, "a")->min_frames, cases[i].a_frames);
        assert_int_equal(duration_of(&s, "@")->min_frames, cases[i].schwa_frames);
        assert_int_equal(duration_of(&s, "t")->min_frames, 2);
        double mean = 0.6 * cases[i].syllable_s / SUNG_HOP_S, least = (double)cases[i].a_frames;
        check_close(duration_of(&s, "a")->expected_frames,
                    cases[i].syllable_s > 0 ? fmax(mean, least) : 0, 1e-9);
        check_close(duration_of(&s, "a")->short_logp, -5 / least, 1e-12);
    }
    s.config.lyrics.vowel_min_pace = s.config.lyrics.vowel_mean_pace = 0;
    silbe_phone_text_free(&s.text);
    check_ok(silbe_phone_text_new(&s.config, &s.lyrics, SUNG_HOP_S, 1, &s.text, &err), err);
    assert_int_equal(duration_of(&s, "a")->min_frames, 10);
    check_close(duration_of(&s, "a")->expected_frames, 0, 0);
    sung_free(&s);
}

static void test_gaps(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 3);
    assert_int_equal(s.text.text.gap_first.wildcard, SILBE_TRELLIS_NEVER);
    s.config.lyrics.wildcard = SILBE_WILDCARD_ENDS;
    s.config.lyrics.silence_penalty = 3;
    s.config.lyrics.word_silence_penalty = 5;
    s.config.lyrics.word_silence_mean_ms = 500;
    sung_again(&s);
    check_close(s.text.text.gap_words.silence_frames, 25, 1e-9);
    check_close(s.text.text.gap_lines.silence_frames, 0, 0);
    s.config.lyrics.word_silence_mean_ms = 10; /* not less than the shortest silence */
    sung_again(&s);
    check_close(s.text.text.gap_words.silence_frames, 2, 0);
    assert_int_equal(s.text.text.gap_last.wildcard, SILBE_TRELLIS_OPTIONAL);
    assert_int_equal(s.text.text.gap_lines.wildcard, SILBE_TRELLIS_NEVER);
    check_close(s.text.text.gap_lines.silence_logp, -3, 0);
    check_close(s.text.text.gap_words.silence_logp, -5, 0);
    s.config.lyrics.wildcard = SILBE_WILDCARD_LINES;
    sung_again(&s);
    assert_int_equal(s.text.text.gap_lines.wildcard, SILBE_TRELLIS_OPTIONAL);
    assert_int_equal(s.text.text.gap_words.wildcard, SILBE_TRELLIS_NEVER);
    sung_free(&s);
}

static void expect_error(sung *s, silbe_status status, const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone_text_free(&s->text);
    assert_int_equal(silbe_phone_text_new(&s->config, &s->lyrics, SUNG_HOP_S, 0, &s->text, &err),
                     status);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
}

static void test_pronunciations(void **state)
{
    (void)state;
    sung s;
    sung_make(&s, LYRICS, 3);
    const char *path = "test_phone_text.tsv";
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    (void)fputs("bin\ta a a\n", stream);
    assert_int_equal(fclose(stream), 0);
    (void)snprintf(s.config.acoustic.pronunciations, sizeof s.config.acoustic.pronunciations, "%s",
                   path);
    sung_again(&s);
    assert_int_equal(s.text.words[1].n_items, 1);
    assert_int_equal(s.text.words[1].items[0].n_phones, 3);
    assert_int_equal(s.text.words[1].source, SILBE_PRONOUNCED_BY_USER);
    stream = fopen(path, "ab");
    assert_non_null(stream);
    (void)fputs("ich\tI qq\n", stream);
    assert_int_equal(fclose(stream), 0);
    expect_error(&s, SILBE_ERR_FORMAT, "test_phone_text.tsv:2: \"qq\" is no phone");
    assert_int_equal(unlink(path), 0);
    expect_error(&s, SILBE_ERR_IO, path);
    s.config.acoustic.pronunciations[0] = '\0';
    (void)snprintf(s.config.acoustic.voice, sizeof s.config.acoustic.voice, "xx");
    expect_error(&s, SILBE_ERR_ARGUMENT, "no voice \"xx\"; there are:");
    sung_free(&s);
}

/* Letters that the voice cannot read. */
static void test_scripts(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    sung s;
    sung_make(&s, LYRICS, 3);
    silbe_phone_text_free(&s.text);
    silbe_lyrics_free(&s.lyrics);
    static const char OTHER[] =
        "Fremd bin\n\xe6\xad\x8c \xd0\xbf\xd0\xb5\xd1\x81\xd0\xbd\xd1\x8f\n";
    check_ok(silbe_lyrics_from_text(OTHER, strlen(OTHER), &s.lyrics, &err), err);
    expect_error(&s, SILBE_ERR_DATA, "line 2");
    sung_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),         cmocka_unit_test(test_durations),
        cmocka_unit_test(test_pace),           cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_pronunciations), cmocka_unit_test(test_scripts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
