#define _XOPEN_SOURCE 700
#include "datasets/reference.h"

#include <string.h>

#include "datasets/edit_alignment.h"
#include "tests/check.h"

/* ---- builders: one measure is 4 quarters, one note of the voice every quarter ---- */

typedef struct {
    silbe_score score;
    silbe_note notes[64];
    silbe_measure measures[16];
    silbe_score_syllable syllables[64];
    char texts[64][24];
} small_score;

/* A syllable s0, s1, .. on every note of pitches; measures numbered from first_number. */
static void make_score(small_score *small, const short *pitches, size_t n, int first_number)
{
    memset(small, 0, sizeof *small);
    for (size_t i = 0; i < n; i++) {
        small->notes[i] = (silbe_note){(double)i, 1.0, pitches[i], true, false};
        (void)snprintf(small->texts[i], sizeof small->texts[i], "s%zu", i);
        small->syllables[i] = (silbe_score_syllable){small->texts[i], SILBE_SYLLABIC_SINGLE, i,
                                                     (double)i, (double)i + 1.0};
    }
    size_t n_measures = (n + 3) / 4;
    for (size_t i = 0; i < n_measures; i++) {
        small->measures[i] = (silbe_measure){4.0 * (double)i, 4.0, 4.0, first_number + (int)i};
    }
    small->score = (silbe_score){small->notes,     n, small->measures,          n_measures,
                                 small->syllables, n, 4.0 * (double)n_measures, NULL};
}

/* One row a second from start_s on, all sung. */
static silbe_note_rows make_rows(silbe_note_row *rows, const short *pitches, size_t n,
                                 double start_s)
{
    for (size_t i = 0; i < n; i++) {
        rows[i] = (silbe_note_row){start_s + (double)i, start_s + (double)i + 0.9, pitches[i], true,
                                   i + 2};
    }
    return (silbe_note_rows){rows, n};
}

typedef struct {
    silbe_lyrics lyrics;
    silbe_syllable syllables[64];
    silbe_word words[64];
    silbe_line line;
} small_lyrics;

/* Words of one syllable, one a quarter from 0 on. */
static void make_lyrics(small_lyrics *small, char (*texts)[16], size_t n)
{
    memset(small, 0, sizeof *small);
    for (size_t i = 0; i < n; i++) {
        small->syllables[i] = (silbe_syllable){texts[i], i, (double)i, (double)i + 1.0};
        small->words[i] = (silbe_word){texts[i], 0, i, 1};
    }
    small->line = (silbe_line){NULL, 0, 0, n};
    small->lyrics = (silbe_lyrics){small->syllables, n, small->words, n, &small->line, 1};
}

/* ---- edit_alignment ---- */

typedef struct {
    const int *left;
    const int *right;
} integer_pair;

static int64_t integer_cost(size_t i, size_t j, const void *context)
{
    const integer_pair *both = context;
    return both->left[i] == both->right[j] ? 0 : 3;
}

/* The same by plain recursion over all alignments. */
static int64_t least_cost(const integer_pair *both, size_t i, size_t n, size_t j, size_t m)
{
    if (i == n || j == m) {
        return 2 * (int64_t)(n - i) + 2 * (int64_t)(m - j);
    }
    int64_t best = integer_cost(i, j, both) + least_cost(both, i + 1, n, j + 1, m);
    int64_t skip_left = 2 + least_cost(both, i + 1, n, j, m);
    int64_t skip_right = 2 + least_cost(both, i, n, j + 1, m);
    best = skip_left < best ? skip_left : best;
    return skip_right < best ? skip_right : best;
}

static void edit_alignment_is_optimal(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(7);
    for (int trial = 0; trial < 300; trial++) {
        int left[6];
        int right[6];
        size_t partner[6];
        int64_t cost = -1;
        silbe_err err = SILBE_ERR_INIT;
        size_t n = (size_t)(check_random(&rng) % 7);
        size_t m = (size_t)(check_random(&rng) % 7);
        for (size_t i = 0; i < 6; i++) {
            left[i] = (int)(check_random(&rng) % 3);
            right[i] = (int)(check_random(&rng) % 3);
        }
        const integer_pair both = {left, right};
        const silbe_edit_costs costs = {2, 2, integer_cost, &both};
        check_ok(silbe_edit_align(n, m, &costs, partner, &cost, &err), err);
        assert_int_equal(cost, least_cost(&both, 0, n, 0, m));
        /* The pairing itself has that cost, and is in order. */
        int64_t paid = 2 * (int64_t)(n + m);
        size_t next = 0;
        for (size_t i = 0; i < n; i++) {
            if (partner[i] != SILBE_UNPAIRED) {
                assert_true(partner[i] >= next && partner[i] < m);
                next = partner[i] + 1;
                paid += integer_cost(i, partner[i], &both) - 4;
            }
        }
        assert_int_equal(paid, cost);
    }
}

static void edit_alignment_breaks_ties_by_rule(void **state)
{
    (void)state;
    /* One of three equal elements pairs: the last. */
    const int left[] = {1, 1, 1};
    const int right[] = {1};
    const integer_pair both = {left, right};
    const silbe_edit_costs costs = {2, 2, integer_cost, &both};
    size_t partner[3];
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_edit_align(3, 1, &costs, partner, NULL, &err), err);
    assert_int_equal(partner[0], SILBE_UNPAIRED);
    assert_int_equal(partner[1], SILBE_UNPAIRED);
    assert_int_equal(partner[2], 0);
    assert_int_equal(
        silbe_edit_align((size_t)1 << 20, (size_t)1 << 20, &costs, partner, NULL, &err),
        SILBE_ERR_DATA);
}

/* ---- measures ---- */

static void places_measures(void **state)
{
    (void)state;
    static const short PITCHES[12] = {60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60};
    small_score small;
    make_score(&small, PITCHES, 12, 1);
    silbe_measure_row rows[] = {{1.0, 1.0, 2}, {3.0, 2.0, 3}, {4.5, 2.5, 4},
                                {5.0, 3.0, 5}, {6.0, 7.0, 6}, {7.0, 7.999, 7}};
    const silbe_measure_rows all = {rows, 6};
    silbe_reference_measures measures = SILBE_REFERENCE_MEASURES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_reference_measures_new(&small.score, &all, &measures, &err), err);
    assert_int_equal(measures.n_measures, 4);
    check_close(measures.measures[2].onset_q, 6.0, 1e-12);
    check_close(measures.measures[3].time_s, 5.0, 0.0);
    assert_int_equal(measures.reports.n, 1);
    assert_non_null(strstr(measures.reports.texts[0], "line 6: measure 7.000 at 6.000 s"));
    silbe_reference_measures_free(&measures);

    make_score(&small, PITCHES, 12, 100);
    assert_int_equal(silbe_reference_measures_new(&small.score, &all, &measures, &err),
                     SILBE_ERR_MISMATCH);
    silbe_reference_measures_free(&measures);
}

/* ---- pairing ---- */

static void pairs_a_transposed_melody(void **state)
{
    (void)state;
    static const short SCORE[8] = {60, 62, 64, 65, 67, 65, 64, 60};
    check_rng rng = check_rng_new(11);
    for (int trial = 0; trial < 40; trial++) {
        int shift = (int)(check_random(&rng) % 61) - 30;
        short sung[8];
        silbe_note_row rows[8];
        small_score small;
        silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
        silbe_err err = SILBE_ERR_INIT;
        for (size_t i = 0; i < 8; i++) {
            sung[i] = (short)(SCORE[i] + shift);
        }
        make_score(&small, SCORE, 8, 1);
        const silbe_note_rows all = make_rows(rows, sung, 8, 10.0);
        check_ok(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err), err);
        assert_int_equal(pairing.transposition_semitones, shift);
        assert_int_equal(pairing.n_equal, 8);
        assert_int_equal(pairing.n_other + pairing.n_missing + pairing.n_extra, 0);
        assert_int_equal(pairing.reports.n, 0);
        for (size_t i = 0; i < 8; i++) {
            assert_int_equal(pairing.syllables[i].kind, SILBE_PAIR_EQUAL);
            check_close(pairing.syllables[i].start_s, 10.0 + (double)i, 1e-12);
            check_close(pairing.syllables[i].end_s, 10.9 + (double)i, 1e-12);
        }
        silbe_reference_pairing_free(&pairing);
    }
}

static void reports_missing_wrong_and_extra_notes(void **state)
{
    (void)state;
    static const short SCORE[8] = {60, 62, 64, 65, 67, 65, 64, 60};
    static const short SUNG[8] = {60, 64, 65, 70, 65, 64, 71, 60}; /* -62, 67 as 70, +71 */
    silbe_note_row rows[8];
    small_score small;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    silbe_err err = SILBE_ERR_INIT;
    make_score(&small, SCORE, 8, 1);
    const silbe_note_rows all = make_rows(rows, SUNG, 8, 0.0);
    check_ok(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err), err);
    assert_int_equal(pairing.transposition_semitones, 0);
    assert_int_equal(pairing.n_equal, 6);
    assert_int_equal(pairing.n_other, 1);
    assert_int_equal(pairing.n_missing, 1);
    assert_int_equal(pairing.n_extra, 1);
    assert_int_equal(pairing.syllables[1].kind, SILBE_PAIR_NONE);
    assert_int_equal(pairing.syllables[4].kind, SILBE_PAIR_OTHER);
    assert_int_equal(pairing.reports.n, 2);
    assert_non_null(strstr(pairing.reports.texts[0],
                           "measure 1, syllable \"s1\": the annotation has "
                           "no note"));
    assert_non_null(strstr(pairing.reports.texts[1],
                           "measure 2, syllable \"s4\": the annotation has "
                           "another pitch"));
    check_close(pairing.syllables[7].start_s, 7.0, 1e-12);
    silbe_reference_pairing_free(&pairing);
}

static void finds_the_shift_in_spite_of_edits(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(5);
    for (int trial = 0; trial < 40; trial++) {
        short pitches[40];
        short sung[40];
        size_t n_sung = 0;
        silbe_note_row rows[40];
        small_score small;
        silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
        silbe_err err = SILBE_ERR_INIT;
        int shift = (int)(check_random(&rng) % 25) - 12;
        for (size_t i = 0; i < 40; i++) {
            pitches[i] = (short)(55 + check_random(&rng) % 12);
            if (i % 5 < 3) {
                sung[n_sung++] = (short)(pitches[i] + shift);
            }
        }
        make_score(&small, pitches, 40, 1);
        const silbe_note_rows all = make_rows(rows, sung, n_sung, 0.0);
        check_ok(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err), err);
        assert_int_equal(pairing.transposition_semitones, shift);
        assert_int_equal(pairing.n_equal, n_sung);
        assert_int_equal(pairing.n_missing, 40 - n_sung);
        silbe_reference_pairing_free(&pairing);
    }
}

static void time_decides_between_equal_pitches(void **state)
{
    (void)state;
    /* Which of the repeated notes lacks its row cannot be told from pitch. */
    static const short SCORE[8] = {60, 60, 60, 60, 60, 60, 60, 60};
    silbe_note_row rows[8];
    small_score small;
    silbe_err err = SILBE_ERR_INIT;
    silbe_reference_measure places[] = {{0.0, 0.0}, {4.0, 4.0}, {8.0, 8.0}};
    const silbe_reference_measures measures = {places, 3, SILBE_MESSAGES_INIT};
    for (size_t missing = 0; missing < 8; missing++) {
        silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
        make_score(&small, SCORE, 8, 1);
        silbe_note_rows all = make_rows(rows, SCORE, 8, 0.05);
        memmove(&rows[missing], &rows[missing + 1], (7 - missing) * sizeof *rows);
        all.n_rows = 7;
        check_ok(silbe_reference_pairing_new(&small.score, &all, &measures, &pairing, &err), err);
        for (size_t i = 0; i < 8; i++) {
            assert_int_equal(pairing.syllables[i].kind,
                             i == missing ? SILBE_PAIR_NONE : SILBE_PAIR_EQUAL);
            if (i != missing) {
                check_close(pairing.syllables[i].start_s, (double)i + 0.05, 1e-12);
            }
        }
        silbe_reference_pairing_free(&pairing);
    }
}

static void melisma_ends_with_its_last_note(void **state)
{
    (void)state;
    static const short PITCHES[4] = {60, 62, 64, 65};
    silbe_note_row rows[4];
    small_score small;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    silbe_err err = SILBE_ERR_INIT;
    make_score(&small, PITCHES, 4, 1);
    const silbe_note_rows all = make_rows(rows, PITCHES, 4, 0.0);
    small.syllables[0].end_q = 3.0; /* three notes on the first syllable */
    small.syllables[1] = small.syllables[3];
    small.score.n_syllables = 2;
    check_ok(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err), err);
    check_close(pairing.syllables[0].start_s, 0.0, 0.0);
    check_close(pairing.syllables[0].end_s, 2.9, 1e-12);
    check_close(pairing.syllables[1].end_s, 3.9, 1e-12);
    silbe_reference_pairing_free(&pairing);
}

static void other_works_are_refused(void **state)
{
    (void)state;
    static const short SCORE[8] = {60, 62, 64, 65, 67, 65, 64, 60};
    static const short OTHER[8] = {60, 40, 81, 50, 44, 80, 41, 90};
    silbe_note_row rows[8];
    small_score small;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    silbe_err err = SILBE_ERR_INIT;
    make_score(&small, SCORE, 8, 1);
    silbe_note_rows all = make_rows(rows, OTHER, 8, 0.0);
    assert_int_equal(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err),
                     SILBE_ERR_MISMATCH);
    silbe_reference_pairing_free(&pairing);
    for (size_t i = 0; i < 8; i++) {
        rows[i].is_voice = false;
    }
    assert_int_equal(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err),
                     SILBE_ERR_DATA);
    silbe_reference_pairing_free(&pairing);
}

/* ---- words ---- */

static void words_take_their_first_syllable(void **state)
{
    (void)state;
    static const short SCORE[8] = {60, 62, 64, 65, 67, 65, 64, 60};
    static const short SUNG[7] = {60, 64, 65, 70, 65, 64, 60}; /* -62, 67 as 70 */
    static char TEXTS[8][16] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    silbe_note_row rows[8];
    small_score small;
    small_lyrics text;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    make_score(&small, SCORE, 8, 1);
    const silbe_note_rows all = make_rows(rows, SUNG, 7, 0.0);
    check_ok(silbe_reference_pairing_new(&small.score, &all, NULL, &pairing, &err), err);
    /* Words: 0 | 1 | 2 3 4 | 5 | 6 (on the note of 5) | 7 (between two notes) */
    make_lyrics(&text, TEXTS, 8);
    text.words[2].n_syllables = 3;
    text.words[3] = text.words[5];
    text.words[4] = text.words[6];
    text.words[5] = text.words[7];
    text.syllables[6].onset_q = 5.0;
    text.syllables[7].onset_q = 6.5;
    text.lyrics.n_words = 6;
    check_ok(silbe_reference_words_from_notes(&small.score, &pairing, &text.lyrics, &words, &err),
             err);
    assert_int_equal(words.n_words, 6);
    assert_int_equal(words.n_known, 3);
    assert_true(words.words[0].is_known && words.words[0].has_end);
    check_close(words.words[0].end_s, 0.9, 1e-12);
    assert_false(words.words[1].is_known);
    /* The last syllable of the third word is not trusted: its end is unknown. */
    assert_true(words.words[2].is_known);
    check_close(words.words[2].start_s, 1.0, 1e-12);
    assert_false(words.words[2].has_end);
    assert_true(words.words[3].is_known);
    assert_false(words.words[4].is_known);
    assert_false(words.words[5].is_known);
    assert_int_equal(words.reports.n, 3);
    assert_string_equal(words.reports.texts[0],
                        "word 2 \"b\" (line 1): the annotation has no note for its beginning");
    assert_non_null(
        strstr(words.reports.texts[1], "word 5 \"g\" (line 1): it shares its first note"));
    assert_non_null(strstr(words.reports.texts[2], "word 6 \"h\" (line 1): the score has no"));
    silbe_reference_words_free(&words);
    pairing.n_syllables--;
    assert_int_equal(
        silbe_reference_words_from_notes(&small.score, &pairing, &text.lyrics, &words, &err),
        SILBE_ERR_ARGUMENT);
    silbe_reference_words_free(&words);
    silbe_reference_pairing_free(&pairing);
}

static void rows_match_by_their_letters(void **state)
{
    (void)state;
    /* Case, punctuation, sharp s and decomposed umlauts do not count. */
    static char LYRICS[5][16] = {"Gr\xC3\xBC\xC3\x9F'", "die", "Stra\303\237e,",
                                 "\xE2\x80\x9EO!\xE2\x80\x9C", "\xE2\x80\x94"};
    static char ROWS[5][16] = {"GRU\xCC\x88SS", "Die", "strasse", "o", "\xE2\x80\x94"};
    small_lyrics text;
    silbe_word_row rows[5];
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    for (size_t i = 0; i < 5; i++) {
        rows[i] = (silbe_word_row){(double)i, (double)i + 0.5, i != 2, ROWS[i], i + 2, NAN};
    }
    make_lyrics(&text, LYRICS, 5);
    const silbe_word_rows all = {rows, 5};
    check_ok(silbe_reference_words_from_rows(&text.lyrics, &all, &words, &err), err);
    assert_int_equal(words.n_known, 5);
    assert_int_equal(words.reports.n, 0);
    check_close(words.words[3].start_s, 3.0, 0.0);
    assert_false(words.words[2].has_end);
    assert_true(words.words[3].has_end);
    silbe_reference_words_free(&words);
}

/* Rows with a confidence below 1 are estimates: they pair, and are not known. */
static void estimates_are_no_reference(void **state)
{
    (void)state;
    static char WORDS[4][16] = {"ein", "Licht", "tanzt", "vor"};
    static const double CONFIDENCES[] = {0.999, 1.0, NAN, 0.0};
    small_lyrics text;
    silbe_word_row rows[4];
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    for (size_t i = 0; i < 4; i++) {
        rows[i] = (silbe_word_row){(double)i, 0.0, false, WORDS[i], i + 2, CONFIDENCES[i]};
    }
    make_lyrics(&text, WORDS, 4);
    silbe_word_rows all = {rows, 4};
    check_ok(silbe_reference_words_from_rows(&text.lyrics, &all, &words, &err), err);
    assert_int_equal(words.n_known, 2);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(words.words[i].is_known, i == 1 || i == 2);
    }
    assert_int_equal(words.reports.n, 1);
    assert_string_equal(words.reports.texts[0],
                        "2 of 4 words have a confidence below 1 and are no reference");
    silbe_reference_words_free(&words);
    rows[1].confidence = rows[2].confidence = 0.5;
    check_ok(silbe_reference_words_from_rows(&text.lyrics, &all, &words, &err), err);
    assert_int_equal(words.n_known, 0);
    silbe_reference_words_free(&words);
}

static void differences_in_rows_are_reported(void **state)
{
    (void)state;
    static char LYRICS[6][16] = {"ein", "Licht", "tanzt", "freundlich", "vor", "mir"};
    static char ROWS[6][16] = {"ein", "Licht", "tanzte", "vor", "mir", "her"};
    small_lyrics text;
    silbe_word_row rows[6];
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    for (size_t i = 0; i < 6; i++) {
        rows[i] = (silbe_word_row){(double)i, 0.0, false, ROWS[i], i + 2, NAN};
    }
    make_lyrics(&text, LYRICS, 6);
    silbe_word_rows all = {rows, 6};
    check_ok(silbe_reference_words_from_rows(&text.lyrics, &all, &words, &err), err);
    assert_int_equal(words.n_known, 4);
    assert_false(words.words[2].is_known);
    assert_false(words.words[3].is_known);
    check_close(words.words[4].start_s, 3.0, 0.0);
    assert_int_equal(words.reports.n, 4);
    assert_non_null(strstr(words.reports.texts[0], "word 3 \"tanzt\""));
    assert_non_null(strstr(words.reports.texts[1], "word 4 \"freundlich\""));
    assert_non_null(strstr(words.reports.texts[2], "\"tanzte\" (line 4"));
    assert_non_null(strstr(words.reports.texts[3], "\"her\" (line 7"));
    silbe_reference_words_free(&words);

    all.n_rows = 2;
    assert_int_equal(silbe_reference_words_from_rows(&text.lyrics, &all, &words, &err),
                     SILBE_ERR_MISMATCH);
    silbe_reference_words_free(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edit_alignment_is_optimal),
        cmocka_unit_test(edit_alignment_breaks_ties_by_rule),
        cmocka_unit_test(places_measures),
        cmocka_unit_test(pairs_a_transposed_melody),
        cmocka_unit_test(reports_missing_wrong_and_extra_notes),
        cmocka_unit_test(finds_the_shift_in_spite_of_edits),
        cmocka_unit_test(time_decides_between_equal_pitches),
        cmocka_unit_test(melisma_ends_with_its_last_note),
        cmocka_unit_test(other_works_are_refused),
        cmocka_unit_test(words_take_their_first_syllable),
        cmocka_unit_test(rows_match_by_their_letters),
        cmocka_unit_test(estimates_are_no_reference),
        cmocka_unit_test(differences_in_rows_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
