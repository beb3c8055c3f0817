/*
 * Reference times of the published dataset: all songs and versions, when SWD_ROOT says where it is.
 */
#define _XOPEN_SOURCE 700
#include "datasets/reference.h"

#include <string.h>
#include <unistd.h>

#include "datasets/musicxml.h"
#include "tests/check.h"

#define N_SONGS 24
#define N_VERSIONS 9

static const char *const VERSIONS[N_VERSIONS] = {"AL98", "FI55", "FI66", "FI80", "HU33",
                                                 "OL06", "QU98", "SC06", "TR99"};

/* The score's own words as lyrics, all in one line. Only text, places and spans matter here. */
static void lyrics_of_score(const silbe_score *score, silbe_lyrics *lyrics)
{
    lyrics->syllables = calloc(score->n_syllables, sizeof *lyrics->syllables);
    lyrics->words = calloc(score->n_syllables, sizeof *lyrics->words);
    lyrics->lines = calloc(1, sizeof *lyrics->lines);
    assert_true(lyrics->syllables != NULL && lyrics->words != NULL && lyrics->lines != NULL);
    lyrics->n_lines = 1;
    lyrics->lines[0].text = strdup("");
    for (size_t i = 0; i < score->n_syllables; i++) {
        const silbe_score_syllable *in = &score->syllables[i];
        if (lyrics->n_words == 0 || in->syllabic == SILBE_SYLLABIC_SINGLE ||
            in->syllabic == SILBE_SYLLABIC_BEGIN) {
            lyrics->words[lyrics->n_words++] = (silbe_word){strdup(in->text), 0, i, 0};
        }
        lyrics->words[lyrics->n_words - 1].n_syllables++;
        lyrics->syllables[lyrics->n_syllables++] =
            (silbe_syllable){strdup(in->text), lyrics->n_words - 1, in->onset_q, in->end_q};
    }
    lyrics->lines[0].n_words = lyrics->n_words;
}

typedef struct {
    size_t n_edits;
    size_t n_syllables_without;
    size_t n_words;
    size_t n_known;
    int transposition;
} figures;

/* Pairs one recording and checks what must hold for all of them. */
static void pair_recording(const char *root, int song, const char *version,
                           const silbe_score *score, const silbe_lyrics *lyrics, figures *out)
{
    char path[2048];
    silbe_err err = SILBE_ERR_INIT;
    silbe_note_rows notes = SILBE_NOTE_ROWS_INIT;
    silbe_measure_rows rows = SILBE_MEASURE_ROWS_INIT;
    silbe_reference_measures measures = SILBE_REFERENCE_MEASURES_INIT;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    (void)snprintf(path, sizeof path, "%s/02_Annotations/ann_audio_note/Schubert_D911-%02d_%s.csv",
                   root, song, version);
    check_ok(silbe_note_rows_read(path, &notes, &err), err);
    (void)snprintf(path, sizeof path,
                   "%s/02_Annotations/ann_audio_measure/Schubert_D911-%02d_%s.csv", root, song,
                   version);
    check_ok(silbe_measure_rows_read(path, &rows, &err), err);
    check_ok(silbe_reference_measures_new(score, &rows, &measures, &err), err);
    for (size_t i = 0; i < measures.reports.n; i++) {
        print_message("  song %02d %s: %s\n", song, version, measures.reports.texts[i]);
    }
    assert_true(measures.reports.n <= 1);
    check_ok(silbe_reference_pairing_new(score, &notes, &measures, &pairing, &err), err);
    check_ok(silbe_reference_words_from_notes(score, &pairing, lyrics, &words, &err), err);
    out->n_edits = pairing.n_other + pairing.n_missing + pairing.n_extra;
    out->n_syllables_without = pairing.reports.n;
    out->n_words = words.n_words;
    out->n_known = words.n_known;
    out->transposition = pairing.transposition_semitones;
    assert_int_equal(words.n_words - words.n_known, words.reports.n);
    double previous_s = -1.0;
    for (size_t i = 0; i < words.n_words; i++) {
        if (words.words[i].is_known) {
            assert_true(words.words[i].start_s > previous_s);
            assert_true(!words.words[i].has_end || words.words[i].end_s >= words.words[i].start_s);
            previous_s = words.words[i].start_s;
        }
    }
    if (getenv("SILBE_TEST_VERBOSE") != NULL) {
        for (size_t i = 0; i < pairing.reports.n; i++) {
            print_message("  song %02d %s: %s\n", song, version, pairing.reports.texts[i]);
        }
        for (size_t i = 0; i < words.reports.n; i++) {
            print_message("  song %02d %s: %s\n", song, version, words.reports.texts[i]);
        }
    }
    silbe_reference_words_free(&words);
    silbe_reference_pairing_free(&pairing);
    silbe_reference_measures_free(&measures);
    silbe_measure_rows_free(&rows);
    silbe_note_rows_free(&notes);
}

static void pairs_all_songs(void **state)
{
    (void)state;
    const char *root = getenv("SWD_ROOT");
    if (root == NULL || access(root, R_OK) != 0) {
        skip();
    }
    size_t n_whole = 0;     /* songs that pair without an edit in HU33 */
    size_t n_words_set = 0; /* words of songs 18 and 22, HU33 and SC06 */
    size_t n_known_set = 0;
    for (int song = 1; song <= N_SONGS; song++) {
        char path[2048];
        char line[512] = "";
        size_t used = 0;
        silbe_score score = SILBE_SCORE_INIT;
        silbe_lyrics lyrics = SILBE_LYRICS_INIT;
        silbe_err err = SILBE_ERR_INIT;
        (void)snprintf(path, sizeof path, "%s/01_RawData/score_musicxml/Schubert_D911-%02d.xml",
                       root, song);
        check_ok(silbe_musicxml_read(path, NULL, &score, &err), err);
        lyrics_of_score(&score, &lyrics);
        for (size_t v = 0; v < N_VERSIONS; v++) {
            figures got = {0};
            pair_recording(root, song, VERSIONS[v], &score, &lyrics, &got);
            bool is_hu33 = strcmp(VERSIONS[v], "HU33") == 0;
            bool has_audio = is_hu33 || strcmp(VERSIONS[v], "SC06") == 0;
            n_whole += is_hu33 && got.n_edits == 0;
            if ((song == 18 || song == 22) && has_audio) {
                n_words_set += got.n_words;
                n_known_set += got.n_known;
            }
            used +=
                (size_t)snprintf(line + used, sizeof line - used, " %s %zu/%zu(%+d)", VERSIONS[v],
                                 got.n_edits, got.n_syllables_without, got.transposition);
        }
        print_message("song %02d, %zu words, edits/syllables without reference (shift):%s\n", song,
                      lyrics.n_words, line);
        silbe_lyrics_free(&lyrics);
        silbe_score_free(&score);
    }
    print_message("HU33: %zu songs without an edit; songs 18 and 22: %zu words, %zu known\n",
                  n_whole, n_words_set, n_known_set);
    assert_true(n_whole >= 11);
    assert_int_equal(n_words_set, 284);
    assert_int_equal(n_known_set, 284);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pairs_all_songs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
