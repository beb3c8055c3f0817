/* Languages other than German: no sound is lost, and what singers do is there. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "align/language/table.h"
#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/pronounce.h"
#include "features/base/memory.h"
#include "features/base/speech/espeak.h"
#include "tests/align/lyrics/known_espeak.h"
#include "tests/check.h"

static const silbe_language_table *const tables[] = {
    &silbe_language_german,  &silbe_language_english, &silbe_language_french,
    &silbe_language_italian, &silbe_language_spanish, &silbe_language_dutch,
    &silbe_language_latin,   &silbe_language_swedish,
};

enum { N_TABLES = sizeof tables / sizeof *tables, MIN_WORDS = 300 };

static const char *voice_of(const silbe_language_table *table)
{
    return table->voice != NULL ? table->voice : table->code;
}

/* Whether each sign of what the voice says has a phone, and no word is spelt letter by letter. */
static bool is_whole(const char *voice, const char *word)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_phone phones[SILBE_MAX_WORD_PHONES];
    size_t n = 0;
    uint32_t unmapped = 0;
    char *ipa = NULL;
    check_ok(silbe_espeak_phonemes(voice, word, &ipa, &err), err);
    check_ok(silbe_phones_from_ipa(ipa, phones, SILBE_MAX_WORD_PHONES, &n, &unmapped, &err), err);
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_word_phones pronounced = SILBE_WORD_PHONES_INIT;
    options.voice = voice;
    check_ok(silbe_pronounce_word(&options, word, &pronounced, &err), err);
    n = pronounced.items[0].n_phones;
    bool is_good = unmapped == 0 && n > 0 && n <= 2 * strlen(word) + 1;
    silbe_word_phones_free(&pronounced);
    if (!is_good) {
        print_error("%s: %s is %s, %zu phones, U+%04X without one\n", voice, word, ipa, n,
                    (unsigned)unmapped);
    }
    free(ipa);
    return is_good;
}

/* Words with an apostrophe alone are pieces of words, which no voice reads by itself. */
static void test_all_words(void **state)
{
    (void)state;
    for (size_t t = 0; t < N_TABLES; t++) {
        const char *const lists[2] = {tables[t]->function, tables[t]->words};
        silbe_err err = SILBE_ERR_INIT;
        size_t n_words = 0, n_wrong = 0;
        for (size_t k = 0; k < 2; k++) {
            char *copy = silbe_copy_text(lists[k], &err), *rest = NULL;
            assert_non_null(copy);
            for (char *word = strtok_r(copy, " ", &rest); word != NULL;
                 word = strtok_r(NULL, " ", &rest)) {
                if (strchr(word, '\'') == NULL) {
                    n_wrong += !is_whole(voice_of(tables[t]), word);
                    n_words++;
                }
            }
            free(copy);
        }
        assert_true(n_words >= MIN_WORDS);
        check_wrong_words(n_wrong, n_words);
    }
}

/* Voice, word, its phones: the first of its pronunciations in mode sung. */
static const char *const golden[][3] = {
    {"fr", "l'amour", "l a m u r"},
    {"fr", "d'un", "d 9"},
    {"fr", "qu'il", "k i l"},
    {"fr", "jusqu'à", "Z y s k a"},
    {"fr", "aujourd'hui", "o Z u r d Y^ i"},
    {"fr", "p'tit", "p t i"},
    {"fr", "nuit", "n Y^ i"},
    {"fr", "rien", "r j E"},
    {"fr", "loin", "l U^ E"},
    {"fr", "chanson", "S a s O"},
    {"fr", "œil", "9 j"},
    {"fr", "belle", "b E l @"},
    {"fr", "roses", "r o z @"},
    {"fr", "montagne", "m O t a n j @"},
    {"fr", "vie", "v i"},
    {"fr", "le", "l @"},
    {"fr", "24", "v E t k a t r"},
    {"it", "ch'io", "k i o"},
    {"it", "ch'è", "k E"},
    {"it", "ch'ho", "k o"},
    {"it", "gl'occhi", "l j O k I"},
    {"it", "c'è", "t S E"},
    {"it", "dell'anima", "d e l l a n i m a"},
    {"it", "cuore", "k U^ O r e"},
    {"it", "sogno", "s o n j o"},
    {"it", "figlio", "f i l j o"},
    {"it", "ghiaccio", "g j a t S o"},
    {"it", "mezzo", "m E d z o"},
    {"it", "poi", "p O I^"},
    {"it", "mio", "m i o"},
    {"es", "niño", "n i n j o"},
    {"es", "llorar", "l j o r a r"},
    {"es", "amigo", "a m i g o"},
    {"es", "ciudad", "f j u d a d"},
    {"es", "corazón", "k o r a f o n"},
    {"es", "jamás", "x a m a s"},
    {"es", "huevo", "U^ e v o"},
    {"en-us", "night", "n a I^ t"},
    {"en-us", "house", "h a U^ s"},
    {"en-us", "boy", "b O I^"},
    {"en-us", "go", "g o U^"},
    {"en-us", "fire", "f a I^ 6"},
    {"en-us", "o'er", "O r"},
    {"en-us", "'tis", "t I z"},
    {"en-us", "love's", "l a v z"},
    {"en-us", "button", "b a t n"},
    {"en-us", "thing", "f I N"},
    {"la", "pacem", "p a t S E m"},
    {"la", "excelsis", "E k S E l s i s"},
    {"la", "cælum", "t S E l u m"},
    {"la", "coelum", "t S E l u m"},
    {"la", "ecce", "E t S E"},
    {"la", "suscipe", "s u S i p E"},
    {"la", "agnus", "a n j u s"},
    {"la", "regina", "r E d Z i n a"},
    {"la", "grátia", "g r a t s i a"},
    {"la", "hostia", "O s t i a"},
    {"la", "mihi", "m i k i"},
    {"la", "quoniam", "k U^ O n i a m"},
    {"la", "iam", "j a m"},
    {"la", "alleluia", "a l E l u j a"},
    {"la", "sanguis", "s a N g U^ i s"},
    {"la", "aër", "a E r"},
    {"la", "Christe", "k r i s t E"},
    {"la", "laudamus", "l a U^ d a m u s"},
    {"nl", "huis", "h 9 Y^ s"},
    {"nl", "gij", "x E I^"},
    {"nl", "leeuw", "l e U^"},
    {"nl", "schoon", "s x o n"},
    {"nl", "'t", "@ t"},
    {"nl", "z'n", "z @ n"},
    {"sv", "sjunga", "S Y N a"},
    {"sv", "kärlek", "S E r l @ k"},
    {"sv", "ljus", "j y s"},
    {"sv", "öga", "2 g a"},
};

static void test_golden(void **state)
{
    (void)state;
    size_t n_wrong = 0, n = sizeof golden / sizeof *golden;
    for (size_t i = 0; i < n; i++) {
        silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
        silbe_word_phones word = SILBE_WORD_PHONES_INIT;
        silbe_err err = SILBE_ERR_INIT;
        char said[128];
        options.voice = golden[i][0];
        check_ok(silbe_pronounce_word(&options, golden[i][1], &word, &err), err);
        silbe_phones_write(word.items[0].phones, word.items[0].n_phones, said, sizeof said);
        if (strcmp(said, golden[i][2]) != 0) {
            print_error("%s: %s is %s, want %s\n", golden[i][0], golden[i][1], said, golden[i][2]);
            n_wrong++;
        }
        silbe_word_phones_free(&word);
    }
    check_wrong_words(n_wrong, n);
}

/* The mute e is there and is not there; nobody speaks it. */
static void test_mute_e(void **state)
{
    (void)state;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    options.voice = "fr";
    check_ok(silbe_pronounce_word(&options, "belle", &word, &err), err);
    assert_int_equal(word.n_items, 2);
    assert_int_equal(word.items[0].n_phones, word.items[1].n_phones + 1);
    check_close(exp(word.items[0].logp) + exp(word.items[1].logp), 1, 1e-12);
    silbe_word_phones_free(&word);
    options.style = SILBE_STYLE_PLAIN;
    check_ok(silbe_pronounce_word(&options, "belle", &word, &err), err);
    assert_int_equal(word.n_items, 1);
    silbe_word_phones_free(&word);
}

/* Both ways to sing Latin. */
static void test_latin(void **state)
{
    (void)state;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    char said[64];
    options.voice = "la";
    check_ok(silbe_pronounce_word(&options, "Cujus", &word, &err), err);
    assert_int_equal(word.n_items, 1); /* both alike */
    silbe_word_phones_free(&word);
    check_ok(silbe_pronounce_word(&options, "pacem,", &word, &err), err);
    assert_int_equal(word.n_items, 2);
    silbe_phones_write(word.items[1].phones, word.items[1].n_phones, said, sizeof said);
    assert_string_equal(said, "p a t s E m");
    silbe_word_phones_free(&word);
    check_ok(silbe_pronounce_word(&options, "24", &word, &err), err); /* by the voice */
    silbe_word_phones_free(&word);
}

/* Lines of their own language, tagged or recognised. */
static void test_lines(void **state)
{
    (void)state;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    const char *text = "cielo\n[lang=it] cielo\ncielo";
    check_ok(silbe_lyrics_from_text(text, strlen(text), &lyrics, &err), err);
    (void)snprintf(lyrics.lines[2].language, SILBE_LANGUAGE_SIZE, "it");
    for (int recognised = 0; recognised < 2; recognised++) {
        silbe_word_phones words[3] = {SILBE_WORD_PHONES_INIT};
        bool is_italian[3];
        options.recognised_lines = recognised == 1;
        check_ok(silbe_pronounce_lyrics(&options, &lyrics, words, &err), err);
        for (size_t w = 0; w < 3; w++) {
            char said[64];
            silbe_phones_write(words[w].items[0].phones, words[w].items[0].n_phones, said,
                               sizeof said);
            is_italian[w] = strcmp(said, "t S E l o") == 0;
            silbe_word_phones_free(&words[w]);
        }
        assert_true(!is_italian[0] && is_italian[1] && is_italian[2] == (recognised == 1));
    }
    silbe_lyrics_free(&lyrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_words), cmocka_unit_test(test_golden),
        cmocka_unit_test(test_mute_e),    cmocka_unit_test(test_latin),
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
