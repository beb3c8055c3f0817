#include <string.h>

#include "align/language/lyrics_language.h"
#include "align/lyrics/lyrics_text.h"
#include "tests/check.h"

static silbe_lyrics recognise(const char *text)
{
    silbe_lyrics lyrics = SILBE_LYRICS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_lyrics_from_text(text, strlen(text), &lyrics, &err), err);
    check_ok(silbe_lyrics_recognise(&lyrics, &err), err);
    return lyrics;
}

/* The languages of text and lines, with a blank before each line's: "de . it .". */
static void expect(const char *text, const char *want)
{
    silbe_lyrics lyrics = recognise(text);
    char got[256];
    size_t n =
        (size_t)snprintf(got, sizeof got, "%s", lyrics.language[0] != '\0' ? lyrics.language : "?");
    for (size_t l = 0; l < lyrics.n_lines; l++) {
        const char *language = lyrics.lines[l].language;
        n += (size_t)snprintf(got + n, sizeof got - n, " %s", language[0] != '\0' ? language : ".");
    }
    assert_string_equal(got, want);
    silbe_lyrics_free(&lyrics);
}

#define GERMAN "Der Mond ist aufgegangen\nDie goldnen Sternlein prangen\n"

static void test_text(void **state)
{
    (void)state;
    expect(GERMAN, "de . .");
    expect("She walks in beauty, like the night\nOf cloudless climes and starry skies",
           "en-us . .");
    expect("Furusato no yama ni mukaite", "? .");
    expect("Amen", "? .");
}

static void test_lines(void **state)
{
    (void)state;
    /* A whole line; lines in succession; a stanza. */
    expect(GERMAN "La donna è mobile qual piuma al vento\n" GERMAN, "de . . it . .");
    expect(GERMAN "La donna è mobile\nqual piuma al vento\nMuta d'accento\n" GERMAN,
           "de . . it it it . .");
    expect(GERMAN "\nAgnus Dei, qui tollis peccata mundi\nmiserere nobis\n\n" GERMAN,
           "de . . la la . .");
    /* Words and short lines are not enough, nor are lines that might be anything. */
    expect(GERMAN "O bella donna, sag' ich ihr am Morgen\n" GERMAN, "de . . . . .");
    expect(GERMAN "Ave Maria\n" GERMAN, "de . . . . .");
    expect(GERMAN "Oh yeah, oh yeah, baby, baby, yeah\n" GERMAN, "de . . . . .");
    expect(GERMAN "La la la la la la la la\n" GERMAN, "de . . . . .");
    expect(GERMAN "Furusato no yama ni mukaite\n" GERMAN, "de . . . . .");
}

/* In a text with tags nothing is guessed but its own language, for which tagged lines do not count.
 */
static void test_tags(void **state)
{
    (void)state;
    expect("[lang=it]\nLa donna è mobile qual piuma al vento\nMuta d'accento e di pensiero\n"
           "[lang=]\n" GERMAN "Ave Maria, gratia plena, Dominus tecum",
           "de it it . . .");
    expect(GERMAN "[lang=] La donna è mobile qual piuma al vento", "de . . .");
}

/* Half one language, half another: that of more words. */
static void test_halves(void **state)
{
    (void)state;
    expect(GERMAN "Wie ist die Welt so stille und in der Dämmrung Hülle\n"
                  "Les sanglots longs des violons de l'automne\n"
                  "blessent mon coeur d'une langueur monotone",
           "de . . . fr fr");
}

static void test_margin(void **state)
{
    (void)state;
    silbe_lyrics lyrics = recognise("Dans un sommeil que charmait ton image\n"
                                    "Je rêvais le bonheur, ardent mirage");
    silbe_err err = SILBE_ERR_INIT;
    double german = -1, french = -1, unknown = -1;
    check_ok(silbe_lyrics_language_margin(&lyrics, "de", &german, &err), err);
    check_ok(silbe_lyrics_language_margin(&lyrics, "fr-be", &french, &err), err);
    check_ok(silbe_lyrics_language_margin(&lyrics, "ru", &unknown, &err), err);
    assert_true(german > 40 && french == 0 && unknown == 0);
    silbe_lyrics_free(&lyrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),   cmocka_unit_test(test_lines),  cmocka_unit_test(test_tags),
        cmocka_unit_test(test_halves), cmocka_unit_test(test_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
