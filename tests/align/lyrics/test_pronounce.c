#include <string.h>

#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/pronounce.h"
#include "tests/align/lyrics/known_espeak.h"
#include "tests/check.h"

/* The likeliest pronunciation as symbols; "" with *err filled if there is none. */
static void say(const silbe_pronounce_options *options, const char *word, char *text, size_t size,
                silbe_err *err)
{
    silbe_word_phones phones = SILBE_WORD_PHONES_INIT;
    text[0] = '\0';
    if (silbe_pronounce_word(options, word, &phones, err) == SILBE_OK) {
        silbe_phones_write(phones.items[0].phones, phones.items[0].n_phones, text, size);
    }
    silbe_word_phones_free(&phones);
}

static silbe_pronounce_options plain(const char *voice)
{
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = voice;
    options.style = SILBE_STYLE_PLAIN;
    return options;
}

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

static void test_other_voices(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"it", "amore", "a m o r e"},
        {"nl", "huis", "h 9 Y^ s"},
        {"en", "night", "n a I^ t"},
        {"la", "Maria", "m a r I a"},
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
        cmocka_unit_test(test_golden),       cmocka_unit_test(test_old_spelling),
        cmocka_unit_test(test_settled),      cmocka_unit_test(test_variants),
        cmocka_unit_test(test_other_voices), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_lyrics),       cmocka_unit_test(test_threads),
        cmocka_unit_test(test_random_text),  cmocka_unit_test(test_winterreise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
