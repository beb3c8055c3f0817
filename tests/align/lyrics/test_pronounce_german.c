/* German words, one by one. */
#include <string.h>

#include "align/lyrics/pronounce.h"
#include "tests/align/lyrics/known_espeak.h"
#include "tests/align/lyrics/say.h"
#include "tests/check.h"

/* Standard pronunciation as in Duden's and Siebs's dictionaries, written in the phone set by hand
 * (r everywhere as a consonant but in final -er). */
static const char *const golden[][2] = {
    {"Nacht", "n a x t"},
    {"Mädchen", "m E t C @ n"},
    {"Liebe,", "l i b @"},
    {"Sehnsucht", "z e n z U x t"},
    {"Frühling", "f r y l I N"},
    {"schön!", "S 2 n"},
    {"Götter", "g 9 t 6"},
    {"Herz", "h E r t s"},
    {"Wasser", "v a s 6"},
    {"Traum", "t r a U^ m"},
    {"Freude", "f r O Y^ d @"},
    {"mein", "m a I^ n"},
    {"Lindenbaum", "l I n d @ n b a U^ m"},
    {"Wanderer", "v a n d @ r 6"},
    {"Königin", "k 2 n I g I n"},
    {"ewig", "e v I C"},
    {"Straße", "S t r a s @"},
    {"singen", "z I N @ n"},
    {"Kampf", "k a m p f"},
    {"Pferd", "p f e r t"},
    {"zwischen", "t s v I S @ n"},
    {"Tränen", "t r E n @ n"},
    {"Hütte", "h Y t @"},
    {"müde", "m y d @"},
    {"Blumen", "b l u m @ n"},
    {"Abend", "a b @ n t"},
    {"Buch", "b u x"},
    {"Bücher", "b y C 6"},
    {"durch", "d U r C"},
    {"Sturm", "S t U r m"},
    {"Quelle", "k v E l @"},
    {"Hexe", "h E k s @"},
    {"Jugend", "j u g @ n t"},
    {"Haus", "h a U^ s"},
    {"Häuser", "h O Y^ z 6"},
    {"spät", "S p E t"},
    {"Stein", "S t a I^ n"},
    {"Vater", "f a t 6"},
    {"Vogel", "f o g @ l"},
    {"lang", "l a N"},
    {"denken", "d E N k @ n"},
    {"Bach", "b a x"},
    {"ich", "I C"},
    {"lustig", "l U s t I C"},
    {"Tod", "t o t"},
    {"und", "U n t"},
    {"Gras", "g r a s"},
    {"Wolke", "v O l k @"},
    {"Rose", "r o z @"},
    {"öde", "2 d @"},
    {"Ähre", "E r @"},
    {"Engel", "E N @ l"},
    {"deutsch", "d O Y^ t S"},
    {"Finger", "f I N 6"},
    {"zerrissen", "t s E r I s @ n"},
    {"vergebens", "f E r g e b @ n s"},
    {"Liebchen", "l i p C @ n"},
    {"Busen", "b u z @ n"},
    {"ruhig", "r u I C"},
    {"König", "k 2 n I C"},
    {"Schmetterling", "S m E t 6 l I N"},
    {"Himmel", "h I m @ l"},
    {"Mondschein", "m o n t S a I^ n"},
    {"Abendstern", "a b @ n t S t E r n"},
    {"gehört", "g @ h 2 r t"},
    {"werden", "v e r d @ n"},
    {"Barmherzigkeit", "b a r m h E r t s I C k a I^ t"},
    {"Blumenkranz", "b l u m @ n k r a n t s"},
    {"Kuchen", "k u x @ n"},
    {"wuchsen", "v u k s @ n"},
    {"Klosters", "k l o s t 6 s"},
};

/* Words that libespeak-ng 1.51 and 1.52 say differently, one of each kind in align/lyrics and in
 * features/base/speech. */
static const char *const settled[][2] = {
    {"Geburt", "g @ b u r t"},
    {"Purpur", "p U r p u r"},
    {"Hochburg", "h o x b U r k"},
    {"düster", "d y s t 6"},
    {"düsterer", "d y s t @ r 6"},
    {"verdüsterst", "f E r d y s t 6 s t"},
    {"Rätsel", "r E t s @ l"},
    {"rätselst", "r E t s @ l s t"},
    {"Vollmondes", "f O l m o n d @ s"},
    {"Mondenglanz", "m o n d @ n g l a n t s"},
    {"Wust", "v u s t"},
    {"nervigen", "n E r f I g @ n"},
    {"Nerviger", "n E r f I g 6"},
    {"Josefs", "j o z E f s"},
    {"elektronische", "e l E k t r o n I S @"},
    {"essentieller", "E s E n t s i E l 6"},
    {"Phänomene", "f E n o m e n @"},
    {"obsolete", "O p z o l e t @"},
    {"Tibeter", "t i b E t 6"},
    {"Tiefgarage", "t i f g a r a Z @"},
    {"Artischocken", "a r t i S O k @ n"},
    {"Bochumer", "b o x U m 6"},
    {"Akquise", "a k v i z @"},
    {"Angina", "a N g i n a"},
    {"Aubergine", "o b E r Z i n @"},
    {"Balance", "b a l a N s"},
    {"Biotechnologie", "b i o t E C n o l o g i"},
    {"Bratschen", "b r a t S @ n"},
    {"Bredouille", "b r e d U l j @"},
    {"Charisma", "k a r I s m a"},
    {"Chile", "t S i l @"},
    {"Cuxhaven", "k U k s h a f @ n"},
    {"Espresso", "E s p r E s o"},
    {"Eunuchen", "O Y^ n u x @ n"},
    {"Gina", "d Z i n a"},
    {"Isotropie", "i z o t r o p i"},
    {"koscher", "k o S 6"},
    {"Lok", "l O k"},
    {"Mallorca", "m a j O r k a"},
    {"Maloche", "m a l o x @"},
    {"Mückenstich", "m Y k @ n S t I C"},
    {"unpräzise", "U n p r E t s i z @"},
    {"Schwerin", "S v e r i n"},
    {"Serviette", "z E r v i E t @"},
};

static const char *const old_spelling[][2] = {
    {"thun", "t u n"},
    {"Thal,", "t a l"},
    {"gethan", "g @ t a n"},
    {"Rath", "r a t"},
    {"Muth", "m u t"},
    {"Noth", "n o t"},
    {"Blüthe", "b l y t @"},
    {"Gasthof", "g a s t h o f"},
    {"giebt", "g i p t"},
    {"seyn", "z a I^ n"},
    {"bey", "b a I^"},
    {"zwey", "t s v a I^"},
    {"muß", "m U s"},
    {"daß", "d a s"},
    {"läßt", "l E s t"},
    {"Fluß", "f l U s"},
    {"Fuß", "f u s"},
    {"todt", "t o t"},
    {"steh'n", "S t e n"},
    {"steh’n", "S t e n"},
    {"ew'ge", "e v g @"},
    {"'s", "s"},
    {"’s", "s"},
    {"wär's", "v E r s"},
    {"ob's", "O p s"},
    {"hab'", "h a p"},
    {"'ne", "n @"},
    {"'sführt", "s f y r t"},
    {"'schön'", "S 2 n"},
    {"‚schön‘", "S 2 n"},
    {"hü-hott!", "h y h O t"},
    {"Eis!Ich", "a I^ s I C"},
    {"pst!", "p s t"},
    {"hm", "h m"},
    {"3", "d r a I^"},
    {"17", "z i p t s e n"},
    {"Dr.", "d O k t o r"},
    {"usw.", "U n t z o v a I^ t 6"},
};

static void check_words(const char *const (*words)[2], size_t n)
{
    silbe_pronounce_options options = plain("de");
    size_t n_wrong = 0;
    for (size_t i = 0; i < n; i++) {
        silbe_err err = SILBE_ERR_INIT;
        char text[256];
        say(&options, words[i][0], text, sizeof text, &err);
        if (strcmp(text, words[i][1]) != 0) {
            print_error("%s: got [%s], want [%s] %s\n", words[i][0], text, words[i][1],
                        err.message);
            n_wrong++;
        }
    }
    check_wrong_words(n_wrong, n);
}

static void test_settled(void **state)
{
    (void)state;
    check_words(settled, sizeof settled / sizeof settled[0]);
}

static void test_golden(void **state)
{
    (void)state;
    check_words(golden, sizeof golden / sizeof golden[0]);
}

static void test_old_spelling(void **state)
{
    (void)state;
    check_words(old_spelling, sizeof old_spelling / sizeof old_spelling[0]);
}

static bool has(const silbe_word_phones *word, const char *want)
{
    for (size_t i = 0; i < word->n_items; i++) {
        char text[256];
        silbe_phones_write(word->items[i].phones, word->items[i].n_phones, text, sizeof text);
        if (strcmp(text, want) == 0) {
            return true;
        }
    }
    return false;
}

static void test_variants(void **state)
{
    (void)state;
    static const struct {
        silbe_pronounce_style style;
        const char *word;
        const char *phones;
    } cases[] = {
        {SILBE_STYLE_SUNG, "Wasser", "v a s @ r"},
        {SILBE_STYLE_SUNG, "Liebe", "l i b E"},
        {SILBE_STYLE_SUNG, "Herz", "h E 6 t s"},
        {SILBE_STYLE_SUNG, "Herz", "h E r t s"},
        {SILBE_STYLE_SUNG, "ewig", "e v I k"},
        {SILBE_STYLE_SUNG, "hab'", "h a b"},
        {SILBE_STYLE_SUNG, "Mädchen", "m e t C @ n"},
        {SILBE_STYLE_SPOKEN, "haben", "h a b n"},
        {SILBE_STYLE_SUNG, "Weg", "v e k"},
        {SILBE_STYLE_SUNG, "weg", "v E k"},
        {SILBE_STYLE_SUNG, "Sturm", "S t U 6 m"},
        {SILBE_STYLE_SUNG, "Sturm", "S t U r m"},
        {SILBE_STYLE_SUNG, "Gemälde", "g @ m e l d @"},
    };
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
        silbe_word_phones word = SILBE_WORD_PHONES_INIT;
        silbe_err err = SILBE_ERR_INIT;
        options.style = cases[i].style;
        options.max_pronunciations = SILBE_MAX_PRONUNCIATIONS;
        check_ok(silbe_pronounce_word(&options, cases[i].word, &word, &err), err);
        if (!has(&word, cases[i].phones)) {
            print_error("%s lacks [%s]\n", cases[i].word, cases[i].phones);
            n_wrong++;
        }
        double total = 0.0;
        for (size_t k = 0; k < word.n_items; k++) {
            total += exp(word.items[k].logp);
            assert_true(k == 0 || word.items[k].logp <= word.items[k - 1].logp);
        }
        check_close(total, 1.0, 1e-12);
        size_t n_all = word.n_items;
        assert_true(n_all > 1);
        silbe_word_phones_free(&word);
        options.max_pronunciations = 1;
        check_ok(silbe_pronounce_word(&options, cases[i].word, &word, &err), err);
        assert_int_equal(word.n_items, 1);
        check_close(word.items[0].logp, 0.0, 1e-12);
        silbe_word_phones_free(&word);
    }
    check_wrong_words(n_wrong, sizeof cases / sizeof cases[0]);
    /* No -ig rule where there is none: ich, mich. */
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_pronounce_word(&options, "mich", &word, &err), err);
    assert_int_equal(word.n_items, 1);
    silbe_word_phones_free(&word);
}

/* All words once in order and alone, then from several threads with voices mixed, in another order:
 * the same. */
static void test_threads(void **state)
{
    (void)state;
    enum { N = sizeof golden / sizeof golden[0], N_VOICES = 3, ROUNDS = 4 };
    static const char *const voices[N_VOICES] = {"de", "en", "nl"};
    static char alone[N_VOICES][N][256];
    static char together[ROUNDS][N_VOICES][N][256];
    for (int v = 0; v < N_VOICES; v++) {
        silbe_pronounce_options options = plain(voices[v]);
        for (int i = 0; i < N; i++) {
            silbe_err err = SILBE_ERR_INIT;
            say(&options, golden[i][0], alone[v][i], sizeof alone[v][i], &err);
            assert_string_not_equal(alone[v][i], "");
        }
    }
#pragma omp parallel for num_threads(4) schedule(dynamic, 1)
    for (int at = 0; at < ROUNDS * N_VOICES * N; at++) {
        int round = at / (N_VOICES * N);
        int v = at % N_VOICES;
        int i = (at / N_VOICES * 7 + round) % N; /* 7 and N have no common divisor */
        silbe_pronounce_options options = plain(voices[v]);
        silbe_err err = SILBE_ERR_INIT;
        say(&options, golden[i][0], together[round][v][i], sizeof together[round][v][i], &err);
    }
    for (int round = 0; round < ROUNDS; round++) {
        assert_memory_equal(together[round], alone, sizeof alone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),  cmocka_unit_test(test_old_spelling),
        cmocka_unit_test(test_settled), cmocka_unit_test(test_variants),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
