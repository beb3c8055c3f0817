#include "pipeline/ctc_matrix/spell.h"

#include "align/trellis/trellis.h"
#include "tests/pipeline/ctc_matrix/files.h"

static silbe_config config;

static int defaults(void **state)
{
    (void)state;
    silbe_config_defaults(&config);
    return 0;
}

static void set(const char *assignment)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_config_set(&config, assignment, &err), err);
}

static silbe_vocabulary read_vocabulary(const char *path, const char *text)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_vocabulary v = SILBE_VOCABULARY_INIT;
    write_file(path, text);
    check_ok(silbe_vocabulary_read(path, &config, &v, &err), err);
    return v;
}

static void expect(const char *path, const char *text, size_t n, int blank, int boundary)
{
    silbe_vocabulary v = read_vocabulary(path, text);
    assert_int_equal(v.n_symbols, n);
    assert_int_equal(v.blank, blank);
    assert_int_equal(v.boundary, boundary);
    silbe_vocabulary_free(&v);
}

static void forms(void **state)
{
    (void)state;
    expect("vocab_v.json", "{\"|\": 1, \"<pad>\": 0, \"a\": 3, \"<unk>\": 2}", 4, 0, 1);
    expect("vocab_v.json", "{\"a\": 0, \"[UNK]\": 1, \"[PAD]\": 2}", 3, 2, -1);
    expect("vocab_v.json", "[\"-\", \"|\", \"E\", \"T\"]", 4, 0, 1);
    expect("vocab_v.json", "{\"-\": 1, \"<pad>\": 0, \"a\": 2}", 3, 0, -1); /* a hyphen */
    expect("vocab_v.json", "{\"deu\": {\"a\": 1, \"-\": 0}}", 2, 0, -1);
    expect("vocab_v.txt", "<blank>\r\na\r\n<space>\r\n", 3, 0, 2);
    expect("vocab_v.txt", "a\n_", 2, 1, -1);
    set("posteriors.language=fra");
    expect("vocab_v.json",
           "{\"deu\": {\"a\": 1, \"-\": 0}, \"fra\": {\"a\": 0, \"b\": 1, \"-\": 2}}", 3, 2, -1);
    set("posteriors.blank=#");
    set("posteriors.boundary=/");
    expect("vocab_v.json", "[\"a\", \"/\", \"#\", \"|\"]", 4, 2, 1);
    set("posteriors.boundary=");
    set("posteriors.blank=1");
    expect("vocab_v.json", "[\"a\", \"b\", \"c\"]", 3, 1, -1);
    set("posteriors.blank=3"); /* not in the file: NeMo's blank */
    expect("vocab_v.json", "[\"a\", \"b\", \"c\"]", 4, 3, -1);
}

static void refuse(const char *path, const char *text, silbe_status status, const char *part)
{
    silbe_err err;
    silbe_vocabulary v = SILBE_VOCABULARY_INIT;
    write_file(path, text);
    check_fails(silbe_vocabulary_read(path, &config, &v, &err), status, part, err);
    assert_null(v.tokens);
}

static void refused(void **state)
{
    (void)state;
    silbe_err err;
    silbe_vocabulary v = SILBE_VOCABULARY_INIT;
    check_fails(silbe_vocabulary_read("none.json", &config, &v, &err), SILBE_ERR_IO,
                "none.json: cannot be read", err);
    refuse("vocab_v.json", "{\"a\": 0,\n \"b\"}", SILBE_ERR_FORMAT, "vocab_v.json:2:");
    refuse("vocab_v.json", "", SILBE_ERR_FORMAT, "vocab_v.json:");
    refuse("vocab_v.json", "{}", SILBE_ERR_FORMAT, "has 0 tokens");
    refuse("vocab_v.json", "[]", SILBE_ERR_FORMAT, "has 0 tokens");
    refuse("vocab_v.json", "3", SILBE_ERR_FORMAT, "vocab_v.json");
    refuse("vocab_v.json", "{\"-\": 0, \"a\": 1, \"b\": 1}", SILBE_ERR_FORMAT,
           "tokens \"a\" and \"b\" have the same number, 1");
    refuse("vocab_v.json", "{\"-\": 0, \"a\": 1, \"a\": 2}", SILBE_ERR_FORMAT, "duplicate");
    refuse("vocab_v.json", "{\"-\": 0, \"a\": 1, \"b\": 3}", SILBE_ERR_FORMAT,
           "token \"b\" has number 3, but with 3 tokens the numbers should be 0 to 2");
    refuse("vocab_v.json", "{\"-\": 0, \"a\": -1}", SILBE_ERR_FORMAT, "its number should be");
    refuse("vocab_v.json", "{\"-\": 0, \"a\": \"1\"}", SILBE_ERR_FORMAT, "its number should be");
    refuse("vocab_v.json", "[\"-\", 7]", SILBE_ERR_FORMAT, "element 1 of the list is no text");
    refuse("vocab_v.json", "[\"-\", \"a\", \"a\"]", SILBE_ERR_FORMAT, "\"a\" is there twice");
    refuse("vocab_v.json", "[\"a\", \"b\"]", SILBE_ERR_DATA, "has no blank among its 2 tokens");
    refuse("vocab_v.json", "[\"-\", \"|\", \"<unk>\"]", SILBE_ERR_DATA, "no token that a text");
    refuse("vocab_v.json", "{\"x\": {\"-\": 0}, \"y\": {\"-\": 0}}", SILBE_ERR_ARGUMENT,
           "posteriors.language");
    refuse("vocab_v.txt", "-\n\na\n", SILBE_ERR_FORMAT, "vocab_v.txt:2: is empty");
    refuse("vocab_v.txt", "-\n\xff\n", SILBE_ERR_FORMAT, "not UTF-8");
    set("posteriors.blank=nix");
    refuse("vocab_v.json", "[\"-\", \"a\"]", SILBE_ERR_ARGUMENT,
           "\"nix\" is no token of vocab_v.json");
    set("posteriors.blank=3");
    refuse("vocab_v.json", "[\"-\", \"a\"]", SILBE_ERR_ARGUMENT, "a number from 0 to 2");
    set("posteriors.blank=");
    set("posteriors.boundary=/");
    refuse("vocab_v.json", "[\"-\", \"a\"]", SILBE_ERR_ARGUMENT, "posteriors.boundary \"/\"");
}

static silbe_status spell(const char *lyrics, const char *vocabulary, silbe_spelt *spelt,
                          char *shown, silbe_err *err)
{
    silbe_vocabulary v = read_vocabulary("vocab_v.json", vocabulary);
    silbe_lyrics_text text = SILBE_LYRICS_TEXT_INIT;
    check_ok(silbe_lyrics_text_parse(lyrics, strlen(lyrics), &text, err), *err);
    *spelt = (silbe_spelt)SILBE_SPELT_INIT;
    silbe_status status = silbe_spell(&text, "l.txt", &v, "vocab_v.json", &config, spelt, err);
    shown[0] = '\0';
    for (size_t w = 0; status == SILBE_OK && w < text.n_words; w++) {
        for (size_t i = spelt->first[w]; i < spelt->first[w + 1]; i++) {
            strcat(shown, i > spelt->first[w] ? "." : w > 0 ? " " : "");
            strcat(shown,
                   spelt->symbols[i] == SILBE_TRELLIS_WILDCARD ? "?" : v.tokens[spelt->symbols[i]]);
        }
    }
    silbe_lyrics_text_free(&text);
    silbe_vocabulary_free(&v);
    return status;
}

static void spells(const char *lyrics, const char *vocabulary, const char *want)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_spelt spelt;
    char shown[256];
    check_ok(spell(lyrics, vocabulary, &spelt, shown, &err), err);
    assert_string_equal(shown, want);
    silbe_spelt_free(&spelt);
}

static void spells_not(const char *lyrics, const char *vocabulary, const char *part)
{
    silbe_err err;
    silbe_spelt spelt;
    char shown[256];
    check_fails(spell(lyrics, vocabulary, &spelt, shown, &err), SILBE_ERR_DATA, part, err);
}

static void letters(void **state)
{
    (void)state;
    spells("Ab, \xe2\x80\x9e"
           "Ba!\xe2\x80\x9c - b\n",
           "[\"-\", \"a\", \"b\"]", "a.b b.a b");
    spells("ab", "[\"-\", \"A\", \"B\"]", "A.B");
    spells("Ab", "[\"-\", \"A\", \"a\", \"b\"]", "A.b"); /* both cases: as written */
    spells("a\xe2\x80\x99s", "[\"-\", \"a\", \"s\", \"'\"]", "a.'.s");
    spells("a's", "[\"-\", \"a\", \"s\"]", "a.s");
    /* a with umlaut composed and not, in text and vocabulary. */
    spells("\xc3\xa4 a\xcc\x88", "[\"-\", \"\xc3\xa4\"]", "\xc3\xa4 \xc3\xa4");
    spells("\xc3\xa4", "[\"-\", \"a\xcc\x88\"]", "a\xcc\x88");
    spells("\xc3\xa4", "[\"-\", \"a\", \"\xcc\x88\"]", "a.\xcc\x88");
    spells("\xc3\x84", "[\"-\", \"\xc3\xa4\"]", "\xc3\xa4");
    /* Special tokens are no text. */
    spells_not("a <pad>x", "[\"<pad>\", \"a\", \"p\", \"d\", \"*\"]", "\"x\" (U+0078)");
    spells("a*", "[\"-\", \"a\", \"*\"]", "a");
}

static void pieces(void **state)
{
    (void)state;
    const char *vocabulary = "[\"<blk>\", \"\xe2\x96\x81\", \"\xe2\x96\x81"
                             "da\", \"das\", \"a\", \"s\", \"d\", \"\xe2\x96\x81"
                             "d\", \"ss\"]";
    spells("das dass sa", vocabulary,
           "\xe2\x96\x81"
           "da.s \xe2\x96\x81"
           "da.ss \xe2\x96\x81.s.a");
    spells_not("db", vocabulary, "l.txt:1: word 1, \"db\": \"b\" (U+0062) is not in vocab_v.json");
}

static void unknown(void **state)
{
    (void)state;
    const char *vocabulary = "[\"-\", \"a\", \"e\", \"s\"]";
    spells_not("a\n\nsa \xc3\xa4"
               "a\n",
               vocabulary,
               "l.txt:3: word 2, \"\xc3\xa4"
               "a\": \"\xc3\xa4\" (U+00E4) is not in vocab_v.json; spell it otherwise");
    spells_not("a 12", vocabulary, "write the number out");
    set("posteriors.substitute=accents");
    spells("\xc3\xa4 \xc3\x9f \xc3\xa9s", vocabulary, "a s.s e.s");
    set("posteriors.substitute=german");
    spells("\xc3\xa4 Stra\xc3\x9f", "[\"-\", \"A\", \"E\", \"S\", \"T\", \"R\"]",
           "A.E S.T.R.A.S.S");
    spells_not("\xc3\xb6", vocabulary, "U+00F6");
    set("posteriors.unknown=wildcard");
    spells("ab12s 12", vocabulary, "a.?.s ?");
    set("posteriors.unknown=drop");
    spells("ab12s 12", vocabulary, "a.s ?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(forms, defaults),   cmocka_unit_test_setup(refused, defaults),
        cmocka_unit_test_setup(letters, defaults), cmocka_unit_test_setup(pieces, defaults),
        cmocka_unit_test_setup(unknown, defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
