#include "align/lyrics/reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

/* A score of one quarter note for each syllable: "Was-ser flut" with hyphens inside words. */
typedef struct {
    silbe_score score;
    silbe_lyrics lyrics;
    silbe_differences differences;
    silbe_err err;
} fixture;

static silbe_score score_of(const char *sung)
{
    silbe_score score = SILBE_SCORE_INIT;
    size_t n = strlen(sung) + 1;
    score.notes = calloc(n, sizeof *score.notes);
    score.syllables = calloc(n, sizeof *score.syllables);
    score.measures = calloc(n, sizeof *score.measures);
    assert_true(score.notes != NULL && score.syllables != NULL && score.measures != NULL);
    bool in_word = false;
    while (*sung != '\0') {
        size_t length = strcspn(sung, "- ");
        size_t i = score.n_syllables++;
        bool goes_on = sung[length] == '-';
        char *text = calloc(length + 1, 1);
        assert_non_null(text);
        memcpy(text, sung, length);
        score.syllables[i] = (silbe_score_syllable){
            text,
            in_word ? (goes_on ? SILBE_SYLLABIC_MIDDLE : SILBE_SYLLABIC_END)
                    : (goes_on ? SILBE_SYLLABIC_BEGIN : SILBE_SYLLABIC_SINGLE),
            i, (double)i, (double)i + 1.0};
        score.notes[i] = (silbe_note){(double)i, 1.0, 60, true, false};
        score.measures[i] = (silbe_measure){(double)i, 1.0, 1.0, (int)i + 1};
        in_word = goes_on;
        sung += length + (sung[length] != '\0' ? 1 : 0);
    }
    score.n_notes = score.n_measures = score.n_syllables;
    score.end_q = (double)score.n_syllables;
    return score;
}

static silbe_status run(fixture *f, const char *sung, const char *text)
{
    *f = (fixture){.score = score_of(sung)};
    return silbe_lyrics_reconcile(&f->score, text, text != NULL ? strlen(text) : 0, &f->lyrics,
                                  &f->differences, &f->err);
}

static void end(fixture *f)
{
    silbe_score_free(&f->score);
    silbe_lyrics_free(&f->lyrics);
    silbe_differences_free(&f->differences);
}

/* What came out, as "Was|ser flut / next line" */
static void show(const silbe_lyrics *lyrics, char *to, size_t size)
{
    to[0] = '\0';
    for (size_t s = 0; s < lyrics->n_syllables; s++) {
        const silbe_word *word = &lyrics->words[lyrics->syllables[s].word];
        bool starts_word = word->first_syllable == s;
        bool starts_line =
            starts_word && lyrics->lines[word->line].first_word == lyrics->syllables[s].word;
        const char *gap = s == 0 ? "" : starts_line ? " / " : starts_word ? " " : "|";
        strncat(to, gap, size - strlen(to) - 1);
        strncat(to, lyrics->syllables[s].text, size - strlen(to) - 1);
    }
}

/* Syllables of a word, joined, are the word; indices agree; onsets rise. */
static void check_whole(const silbe_lyrics *lyrics)
{
    size_t w = 0, s = 0;
    double before_q = -1.0;
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        assert_int_equal(lyrics->lines[l].first_word, w);
        assert_true(lyrics->lines[l].n_words >= 1);
        for (size_t k = 0; k < lyrics->lines[l].n_words; k++, w++) {
            char joined[200] = "";
            assert_int_equal(lyrics->words[w].line, l);
            assert_int_equal(lyrics->words[w].first_syllable, s);
            assert_true(lyrics->words[w].n_syllables >= 1);
            for (size_t n = 0; n < lyrics->words[w].n_syllables; n++, s++) {
                assert_int_equal(lyrics->syllables[s].word, w);
                assert_true(lyrics->syllables[s].onset_q > before_q);
                assert_true(lyrics->syllables[s].end_q > lyrics->syllables[s].onset_q);
                before_q = lyrics->syllables[s].onset_q;
                strncat(joined, lyrics->syllables[s].text, sizeof joined - strlen(joined) - 1);
            }
            assert_string_equal(joined, lyrics->words[w].text);
        }
    }
    assert_int_equal(w, lyrics->n_words);
    assert_int_equal(s, lyrics->n_syllables);
}

static void expect(const char *sung, const char *text, const char *want, size_t n_differences)
{
    fixture f;
    char got[500];
    check_ok(run(&f, sung, text), f.err);
    check_whole(&f.lyrics);
    show(&f.lyrics, got, sizeof got);
    assert_string_equal(got, want);
    if (f.differences.n_items != n_differences) {
        for (size_t i = 0; i < f.differences.n_items; i++) {
            const silbe_difference *d = &f.differences.items[i];
            print_error("%s: [%s] [%s]\n", silbe_difference_kind_str(d->kind), d->in_text,
                        d->in_score);
        }
    }
    assert_int_equal(f.differences.n_items, n_differences);
    end(&f);
}

static void expect_difference(const char *sung, const char *text, silbe_difference_kind kind,
                              size_t line, int measure, const char *in_text, const char *in_score)
{
    fixture f;
    check_ok(run(&f, sung, text), f.err);
    check_whole(&f.lyrics);
    assert_int_equal(f.differences.n_items, 1);
    assert_int_equal(f.differences.items[0].kind, kind);
    assert_string_equal(f.differences.items[0].in_text, in_text);
    assert_string_equal(f.differences.items[0].in_score, in_score);
    assert_int_equal(f.differences.items[0].text_line, line);
    assert_int_equal(f.differences.items[0].measure, measure);
    end(&f);
}

static void spelling_comes_from_the_text(void **state)
{
    (void)state;
    expect("fremd bin ich ein-ge-zo-gen Wan-dern", "\"Fremd bin ich eingezogen,\nWandern!\"",
           "\"Fremd bin ich ein|ge|zo|gen, / Wan|dern!\"", 0);
    /* ss and sharp s, composed and decomposed, case: no differences. */
    expect("Strau\xc3\x9f- f\xc3\xbcr STRASSE", "Strauss fu\xcc\x88r Stra\xc3\x9f\x65",
           "Strauss fu\xcc\x88r Stra\xc3\x9f\x65", 0);
    expect("wei-\xc3\x9f\x65n", "weissen", "wei|ssen", 0);
    expect("Was-ser", "Wa\xc3\x9f\x65r", "Wa\xc3\x9f|er", 0);
}

static void syllabic_is_only_a_hint(void **state)
{
    (void)state;
    expect("da mit du", "damit du", "da|mit du", 1);
    expect("her-vor du", "her vor du", "her vor du", 1);
    expect_difference("da-mit du", "x\ndamit du", SILBE_DIFFERENCE_TEXT_ONLY, 1, -1, "x", "");
}

static void words_on_one_note_share_it(void **state)
{
    (void)state;
    fixture f;
    check_ok(run(&f, "das hab'ich nun", "das hab' ich nun"), f.err);
    check_whole(&f.lyrics);
    assert_int_equal(f.lyrics.n_words, 4);
    check_close(f.lyrics.syllables[1].onset_q, 1.0, 1e-9);
    check_close(f.lyrics.syllables[2].onset_q, 1.5, 1e-9);
    check_close(f.lyrics.syllables[2].end_q, 2.0, 1e-9);
    end(&f);
}

static void differences_are_listed(void **state)
{
    (void)state;
    const char *sung = "Der Mai war mir ge-wo-gen mit man-chem Blu-men-strauss";
    expect_difference(sung, "Der Mai war mir gewogen\nmit gar manchem Blumenstrauss",
                      SILBE_DIFFERENCE_TEXT_ONLY, 2, -1, "gar", "");
    expect_difference(sung, "Der Mai war\n\nmir gewogen mit Blumenstrauss",
                      SILBE_DIFFERENCE_SCORE_ONLY, 0, 9, "", "manchem");
    expect_difference(sung, "Der Mey war mir gewogen mit manchem Blumenstrauss",
                      SILBE_DIFFERENCE_SPELLING, 1, 2, "Mey", "Mai");
    expect_difference(sung, "Der Mai war mir gewogen mit manchem Blumen Strauss",
                      SILBE_DIFFERENCE_DIVISION, 1, 11, "Blumen Strauss", "Blumenstrauss");
}

static void score_words_are_never_dropped(void **state)
{
    (void)state;
    /* In the verse, and between verses as a line of its own. */
    expect("a-ber heu-te doch sin-gen wir", "aber heute singen wir",
           "a|ber heu|te doch sin|gen wir", 1);
    expect("gu-te Nacht ja ja schlaf in Ruh", "gute Nacht\nschlaf in Ruh",
           "gu|te Nacht / ja ja / schlaf in Ruh", 1);
    /* A verse sung twice is matched the first time, whole. */
    expect("sind wir sel-ber Got-ter sind wir sel-ber Got-ter wie schoen das ist",
           "sind wir selber Gotter\nwie schoen das ist",
           "sind wir sel|ber Got|ter / sind wir sel|ber Got|ter / wie schoen das ist", 1);
}

static void runs_of_skipping_keep_verses_whole(void **state)
{
    (void)state;
    /* The second "an bo cu" goes on to "do": the first is what the text lacks. */
    expect("an bo cu an bo cu do", "an bo cu do", "an bo cu / an bo cu do", 1);
    expect("do an bo cu an bo cu", "do an bo cu", "do an bo cu / an bo cu", 1);
}

static void other_songs_are_refused(void **state)
{
    (void)state;
    fixture f;
    silbe_status status = run(&f, "Fremd bin ich ein-ge-zo-gen fremd zieh ich wie-der aus",
                              "Am Brunnen vor dem Tore, da steht ein Lindenbaum");
    assert_int_equal(status, SILBE_ERR_MISMATCH);
    assert_non_null(strstr(f.err.message, "%"));
    assert_int_equal(f.lyrics.n_words, 0);
    end(&f);
    assert_int_equal(run(&f, "", "text"), SILBE_ERR_DATA);
    end(&f);
    assert_int_equal(run(&f, "a", "\xff"), SILBE_ERR_FORMAT);
    end(&f);
    assert_int_equal(run(&f, "a", " \n"), SILBE_ERR_DATA);
    end(&f);
}

static void without_text(void **state)
{
    (void)state;
    expect("Gu-te Nacht! Der Mai, war mir", NULL, "Gu|te Nacht! / Der Mai, war mir", 0);
}

/* Random words, random cuts: equal letters give back every word of the text, and no spelling. */
static void random_texts_come_back(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    for (int round = 0; round < 200; round++) {
        char sung[400] = "", text[400] = "";
        for (int w = 0; w < 20; w++) {
            size_t n_syllables = 1 + check_random(&rng) % 3;
            for (size_t s = 0; s < n_syllables; s++) {
                char syllable[4] = {(char)('b' + check_random(&rng) % 20),
                                    "aeiou"[check_random(&rng) % 5], 'n', '\0'};
                strcat(sung, s > 0 ? "-" : w > 0 ? " " : "");
                strcat(sung, syllable);
                strcat(text, s == 0 && w > 0 ? (w % 5 == 0 ? "\n" : " ") : "");
                strcat(text, syllable);
            }
        }
        fixture f;
        check_ok(run(&f, sung, text), f.err);
        check_whole(&f.lyrics);
        assert_int_equal(f.differences.n_items, 0);
        assert_int_equal(f.lyrics.n_words, 20);
        assert_int_equal(f.lyrics.n_lines, 4);
        assert_int_equal(f.lyrics.n_syllables, f.score.n_syllables);
        end(&f);
        /* Some other words in front: still whole, nothing of the score lost. */
        char other[450];
        (void)snprintf(other, sizeof other, "xyzw qqqqqq\n%s", text + check_random(&rng) % 40);
        if (run(&f, sung, other) == SILBE_OK) {
            check_whole(&f.lyrics);
            assert_true(f.differences.n_items > 0);
        }
        end(&f);
    }
}

/* A night at the opera: more syllables times words than any table could hold; a stanza is not in
 * the text. */
static void long_lyrics(void **state)
{
    (void)state;
    enum { N_WORDS = 40000, CUT = 20000, N_CUT = 24 };
    check_rng rng = check_rng_new(6);
    char *sung = malloc((size_t)N_WORDS * 12), *text = malloc((size_t)N_WORDS * 12);
    assert_true(sung != NULL && text != NULL);
    size_t n_sung = 0, n_text = 0;
    for (int w = 0; w < N_WORDS; w++) {
        for (size_t s = 0; s < 2; s++) {
            char syllable[4] = {(char)('b' + check_random(&rng) % 20),
                                "aeiou"[check_random(&rng) % 5], 'n', '\0'};
            n_sung += (size_t)sprintf(sung + n_sung, "%s%s",
                                      s > 0   ? "-"
                                      : w > 0 ? " "
                                              : "",
                                      syllable);
            if (w < CUT || w >= CUT + N_CUT) {
                const char *gap = s > 0 || w == 0 ? "" : w % 6 == 0 ? "\n" : " ";
                n_text += (size_t)sprintf(text + n_text, "%s%s", gap, syllable);
            }
        }
    }
    fixture f;
    check_ok(run(&f, sung, text), f.err);
    check_whole(&f.lyrics);
    assert_int_equal(f.lyrics.n_words, N_WORDS); /* what is sung stays */
    assert_int_equal(f.lyrics.n_syllables, f.score.n_syllables);
    assert_int_equal(f.differences.n_items, 1);
    end(&f);
    free(sung);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling_comes_from_the_text),
        cmocka_unit_test(syllabic_is_only_a_hint),
        cmocka_unit_test(words_on_one_note_share_it),
        cmocka_unit_test(differences_are_listed),
        cmocka_unit_test(score_words_are_never_dropped),
        cmocka_unit_test(runs_of_skipping_keep_verses_whole),
        cmocka_unit_test(other_songs_are_refused),
        cmocka_unit_test(without_text),
        cmocka_unit_test(random_texts_come_back),
        cmocka_unit_test(long_lyrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
