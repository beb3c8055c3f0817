/* Voices, errors, whole texts; German words are in test_pronounce_german.c. */
#include <string.h>

#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/pronounce.h"
#include "tests/align/lyrics/known_espeak.h"
#include "tests/align/lyrics/say.h"
#include "tests/check.h"

static void test_other_voices(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"it", "amore", "a m o r e"},
        {"nl", "huis", "h 9 Y^ s"},
        {"en", "night", "n a I^ t"},
        {"la", "Maria", "m a r i a"},
        {"fr", "rue", "r y"},
        {"ru", "ночь", "n o t S"},
        {"romaji", "Sakura", "s a k u r a"},
        {"romaji", "kya", "k j a"},
        {"romaji", "N", "n"},
        {"romaji", "Fuji", "f u Z i"},
        {"romaji", "chō", "t S o"},
        {"de+f2", "Wald", "v a l t"},
        {"de+f2", "Sturm", "S t U r m"},
        {"en-us", "glory", "g l O r i"},
        {"en-us", "four", "f O r"},
        {"es", "enfermo", "e m f e r m o"},
        {"es-419", "enfermo", "e m f e r m o"},
    };
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_pronounce_options options = plain(cases[i][0]);
        silbe_err err = SILBE_ERR_INIT;
        char text[128];
        say(&options, cases[i][1], text, sizeof text, &err);
        if (strcmp(text, cases[i][2]) != 0) {
            print_error("%s, %s: got [%s], want [%s] %s\n", cases[i][0], cases[i][1], text,
                        cases[i][2], err.message);
            n_wrong++;
        }
    }
    check_wrong_words(n_wrong, sizeof cases / sizeof cases[0]);
}

static void expect_error(const silbe_pronounce_options *options, const char *text,
                         silbe_status want, const char *message)
{
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_pronounce_word(options, text, &word, &err), want);
    if (strstr(err.message, message) == NULL) {
        fail_msg("got \"%s\", want \"%s\"", err.message, message);
    }
    assert_null(word.items);
    assert_int_equal(word.n_items, 0);
}

static void test_errors(void **state)
{
    (void)state;
    silbe_pronounce_options options = plain("de");
    expect_error(&options, "Москва", SILBE_ERR_DATA, "word \"Москва\": Cyrillic letters");
    expect_error(&options, "日本", SILBE_ERR_DATA, "word \"日本\": Han letters");
    expect_error(&options, "…", SILBE_ERR_DATA, "no letters");
    expect_error(&options, "", SILBE_ERR_DATA, "no letters");
    expect_error(&options, "''", SILBE_ERR_DATA, "no letters");
    expect_error(&options, "a\xff", SILBE_ERR_FORMAT, "not UTF-8");
    options.voice = "xx";
    expect_error(&options, "ja", SILBE_ERR_ARGUMENT, " no voice \"xx\"; there are: af ");
    options.voice = "";
    expect_error(&options, "ja", SILBE_ERR_ARGUMENT, " no voice ");
    options.voice = NULL;
    expect_error(&options, "ja", SILBE_ERR_ARGUMENT, "no voice");
    options.voice = "ru";
    expect_error(&options, "ja", SILBE_ERR_DATA, "Latin letters");
    options.voice = "romaji";
    expect_error(&options, "xyz", SILBE_ERR_DATA, "word \"xyz\": no romaji from \"xyz\"");
    options.voice = "de";
    options.max_pronunciations = 0;
    expect_error(&options, "ja", SILBE_ERR_ARGUMENT, "0 pronunciations");
    options.max_pronunciations = SILBE_MAX_PRONUNCIATIONS + 1;
    expect_error(&options, "ja", SILBE_ERR_ARGUMENT, "33 pronunciations");
    options = plain("de");
    char longest[2001];
    for (size_t i = 0; i < 2000; i++) {
        longest[i] = i % 2 == 0 ? 'l' : 'a';
    }
    longest[2000] = '\0';
    expect_error(&options, longest, SILBE_ERR_DATA, "more than 250 phones");
}

static void test_lyrics(void **state)
{
    (void)state;
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    const char *text = "the apple and the pear\nan hour, 12 days";
    check_ok(silbe_lyrics_from_text(text, strlen(text), &lyrics, &err), err);
    silbe_word_phones words[9] = {SILBE_WORD_PHONES_INIT};
    assert_int_equal(lyrics.n_words, sizeof words / sizeof words[0]);
    silbe_pronounce_options options = plain("en");
    char out[64];
    for (int in_context = 0; in_context < 2; in_context++) {
        options.in_context = in_context == 1;
        check_ok(silbe_pronounce_lyrics(&options, &lyrics, words, &err), err);
        silbe_phones_write(words[0].items[0].phones, words[0].items[0].n_phones, out, sizeof out);
        bool is_weak = strcmp(out, in_context == 1 ? "v I" : "v @") == 0; /* before a vowel */
        assert_true(is_weak || !espeak_is_known());
        silbe_phones_write(words[1].items[0].phones, words[1].items[0].n_phones, out, sizeof out);
        assert_true(strcmp(out, "a p @ l") == 0 || !espeak_is_known());
        for (size_t w = 0; w < lyrics.n_words; w++) {
            assert_true(words[w].n_items == 1 && words[w].items[0].n_phones > 0);
            silbe_word_phones_free(&words[w]);
        }
    }
    options.voice = "ru";
    assert_int_equal(silbe_pronounce_lyrics(&options, &lyrics, words, &err), SILBE_ERR_DATA);
    assert_string_equal(err.message, "line 1, \"the apple and the pear\": word \"the\": Latin "
                                     "letters, which the voice \"ru\" does not read");
    silbe_lyrics_free(&lyrics);
    assert_int_equal(silbe_pronounce_lyrics(&options, &lyrics, words, &err), SILBE_ERR_DATA);
}

/* Whatever the text, an answer with phones or an error that says something. */
static void test_random_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a", "e",  "th",   "ß",        "muß", "'",    "’",  "s",        "sch", "-",
        ".", ",",  " ",    "7",        "ü",   "é",    "ey", "\xcc\x88", "и",   "日",
        "x", "ng", "\xff", "\xe2\x80", "%",   "haus", "q",  "ı",        "ﬁ",   "\t",
    };
    static const char *const voices[] = {"de", "fr", "romaji", "ru"};
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 3000; round++) {
        char text[256] = "";
        size_t n = check_random(&rng) % 12;
        for (size_t i = 0; i < n; i++) {
            strcat(text, pieces[check_random(&rng) % (sizeof pieces / sizeof pieces[0])]);
        }
        silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
        options.voice = voices[round / 750];
        options.style = (silbe_pronounce_style)(check_random(&rng) % 3);
        options.max_pronunciations = SILBE_MAX_PRONUNCIATIONS;
        silbe_word_phones word = SILBE_WORD_PHONES_INIT;
        silbe_err err = SILBE_ERR_INIT;
        silbe_status status = silbe_pronounce_word(&options, text, &word, &err);
        assert_true(status == SILBE_OK || status == SILBE_ERR_DATA || status == SILBE_ERR_FORMAT);
        assert_true((status == SILBE_OK) == (word.n_items > 0));
        assert_true(status == SILBE_OK || err.message[0] != '\0');
        for (size_t i = 0; i < word.n_items; i++) {
            assert_true(word.items[i].n_phones > 0);
            for (size_t k = 0; k < word.items[i].n_phones; k++) {
                assert_in_range(word.items[i].phones[k].phone, 1, SILBE_N_PHONES - 1);
            }
        }
        silbe_word_phones_free(&word);
    }
}

static bool pronounce_file(const char *path, size_t *n_words)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char text[1 << 16];
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_lyrics_from_text(text, n, &lyrics, &err), err);
    silbe_word_phones *words = calloc(lyrics.n_words, sizeof *words);
    assert_non_null(words);
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_status status = silbe_pronounce_lyrics(&options, &lyrics, words, &err);
    if (status != SILBE_OK) {
        print_error("%s: %s\n", path, err.message);
    }
    *n_words += lyrics.n_words;
    for (size_t w = 0; w < lyrics.n_words; w++) {
        silbe_word_phones_free(&words[w]);
    }
    free(words);
    silbe_lyrics_free(&lyrics);
    return status == SILBE_OK;
}

static void test_winterreise(void **state)
{
    (void)state;
    const char *root = getenv("SWD_ROOT");
    if (root == NULL) {
        print_message("skipped: set SWD_ROOT to the Schubert Winterreise Dataset\n");
        skip();
        return;
    }
    size_t n_words = 0;
    size_t n_ok = 0;
    for (int song = 1; song <= 24; song++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/01_RawData/lyrics_txt/Schubert_D911-%02d.txt", root, song);
        n_ok += pronounce_file(path, &n_words);
    }
    print_message("%zu words in %zu songs\n", n_words, n_ok);
    assert_int_equal(n_ok, 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_voices), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_lyrics),       cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_winterreise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
