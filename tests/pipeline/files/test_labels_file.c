#include "pipeline/files/labels_file.h"

#include <string.h>

#include "datasets/musicxml.h"

#include "tests/check.h"

static const char PATH[] = "test_labels_file.json";

static char *copy(const char *text)
{
    char *made = malloc(strlen(text) + 1);
    assert_non_null(made);
    strcpy(made, text);
    return made;
}

/* Two notes, one word of two syllables, one difference. */
static silbe_labels example(void)
{
    silbe_labels labels = SILBE_LABELS_INIT;
    silbe_score *score = &labels.score;
    silbe_lyrics *lyrics = &labels.lyrics;
    labels.work = copy("Wer\xc3\xb6_1");
    score->title = copy("A \"title\"\\");
    score->measures = calloc(1, sizeof *score->measures);
    score->notes = calloc(2, sizeof *score->notes);
    score->syllables = calloc(2, sizeof *score->syllables);
    lyrics->syllables = calloc(2, sizeof *lyrics->syllables);
    lyrics->words = calloc(1, sizeof *lyrics->words);
    lyrics->lines = calloc(1, sizeof *lyrics->lines);
    labels.differences.items = calloc(1, sizeof *labels.differences.items);
    score->measures[0] = (silbe_measure){0.0, 1.1, 3.0, 0};
    score->notes[0] = (silbe_note){0.0, 1.0 / 3.0, 60, true, false};
    score->notes[1] = (silbe_note){1.0 / 3.0, 0.1, 127, true, true};
    score->syllables[0] =
        (silbe_score_syllable){copy("Wan"), SILBE_SYLLABIC_BEGIN, 0, 0.0, 1.0 / 3.0};
    score->syllables[1] =
        (silbe_score_syllable){copy("dern"), SILBE_SYLLABIC_END, 1, 1.0 / 3.0, 0.4333333333333333};
    score->n_measures = 1;
    score->n_notes = score->n_syllables = 2;
    score->end_q = 1.1;
    lyrics->lines[0] = (silbe_line){copy("Wandern!"), 2, 0, 1, "it", true};
    (void)snprintf(lyrics->language, sizeof lyrics->language, "de");
    lyrics->words[0] = (silbe_word){copy("Wandern!"), 0, 0, 2};
    lyrics->syllables[0] = (silbe_syllable){copy("Wan"), 0, 0.0, 1.0 / 3.0};
    lyrics->syllables[1] = (silbe_syllable){copy("dern!"), 0, 1.0 / 3.0, 0.4333333333333333};
    lyrics->n_lines = lyrics->n_words = 1;
    lyrics->n_syllables = 2;
    labels.differences.items[0] =
        (silbe_difference){SILBE_DIFFERENCE_TEXT_ONLY, 7, -1, NAN, copy("gar"), copy("")};
    labels.differences.n_items = 1;
    return labels;
}

/* The whole file as text (malloc). */
static char *slurp(void)
{
    FILE *file = fopen(PATH, "rb");
    assert_non_null(file);
    char *text = calloc(100000, 1);
    assert_non_null(text);
    assert_true(fread(text, 1, 99999, file) > 0);
    (void)fclose(file);
    return text;
}

static void put(const char *text)
{
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *written(void)
{
    silbe_labels labels = example();
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_labels_write(PATH, &labels, &err), err);
    silbe_labels_free(&labels);
    return slurp();
}

static void comes_back_to_the_bit(void **state)
{
    (void)state;
    char *first = written();
    silbe_labels got = SILBE_LABELS_INIT, want = example();
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_labels_read(PATH, &got, &err), err);
    assert_string_equal(got.work, want.work);
    assert_string_equal(got.score.title, want.score.title);
    assert_int_equal(got.score.n_notes, 2);
    assert_true(got.score.notes[1].onset_q == want.score.notes[1].onset_q);
    assert_true(got.score.notes[1].duration_q == want.score.notes[1].duration_q);
    assert_int_equal(got.score.notes[1].pitch, 127);
    assert_true(got.score.notes[1].is_grace && got.score.notes[1].is_voice);
    assert_true(got.score.measures[0].length_q == 1.1 && got.score.measures[0].number == 0);
    assert_int_equal(got.score.syllables[1].syllabic, SILBE_SYLLABIC_END);
    assert_int_equal(got.score.syllables[1].first_note, 1);
    assert_true(got.lyrics.syllables[1].end_q == want.lyrics.syllables[1].end_q);
    assert_string_equal(got.lyrics.syllables[1].text, "dern!");
    assert_int_equal(got.lyrics.lines[0].stanza, 2);
    assert_string_equal(got.lyrics.lines[0].language, "it");
    assert_true(got.lyrics.lines[0].is_tagged);
    assert_string_equal(got.lyrics.language, "de");
    assert_int_equal(got.lyrics.words[0].n_syllables, 2);
    assert_int_equal(got.differences.items[0].text_line, 7);
    assert_int_equal(got.differences.items[0].measure, -1);
    assert_true(isnan(got.differences.items[0].onset_q));
    check_ok(silbe_labels_write(PATH, &got, &err), err);
    char *second = slurp();
    assert_string_equal(first, second);
    free(first);
    free(second);
    silbe_labels_free(&got);
    silbe_labels_free(&want);
}

static void text_alone_has_null_places(void **state)
{
    (void)state;
    silbe_labels labels = example();
    silbe_err err = SILBE_ERR_INIT;
    silbe_score_free(&labels.score);
    for (size_t i = 0; i < 2; i++) {
        labels.lyrics.syllables[i].onset_q = labels.lyrics.syllables[i].end_q = NAN;
    }
    check_ok(silbe_labels_write(PATH, &labels, &err), err);
    silbe_labels_free(&labels);
    check_ok(silbe_labels_read(PATH, &labels, &err), err);
    assert_null(labels.score.title);
    assert_true(isnan(labels.lyrics.syllables[1].onset_q));
    assert_int_equal(labels.score.n_notes, 0);
    silbe_labels_free(&labels);
}

/* Replaces the first `from` of a good file by `to`: reading must fail and name the field. */
static void refuse_with(const char *from, const char *to, const char *field)
{
    char *good = written();
    char *at = strstr(good, from);
    silbe_labels labels = SILBE_LABELS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    char *bad = calloc(strlen(good) + strlen(to) + 1, 1);
    assert_non_null(bad);
    if (at == NULL) {
        print_error("no %s in %s\n", from, good);
        fail();
    }
    strncat(bad, good, (size_t)(at - good));
    strcat(bad, to);
    strcat(bad, at + strlen(from));
    put(bad);
    free(bad);
    free(good);
    silbe_status status = silbe_labels_read(PATH, &labels, &err);
    if (status != SILBE_ERR_FORMAT || strstr(err.message, field) == NULL ||
        strstr(err.message, PATH) == NULL) {
        print_error("%s: %s; want %s\n", silbe_status_str(status), err.message, field);
        fail();
    }
    assert_null(labels.score.notes);
}

static void wrong_fields_are_named(void **state)
{
    (void)state;
    refuse_with("\"language\": \"de\"", "\"language\": 1", "\"language\"");
    refuse_with("\"language\": \"it\"", "\"language\": \"\"",
                "lines[0]: \"language\" should be null or 1 to 31 bytes");
    refuse_with("\"tagged\": true", "\"tagged\": 1", "lines[0]: \"tagged\"");
    refuse_with("\"silbe-labels\"", "\"other\"", "is not a silbe-labels file of version 2");
    refuse_with("\"version\": 2", "\"version\": 1", "is not a silbe-labels file of version 2");
    refuse_with("\"version\": 2", "\"version\": \"2\"", "is not a silbe-labels file of version 2");
    refuse_with("\"version\": 2,", "\"version\": 2, \"version\": 2,", "duplicate");
    refuse_with(" \"end_q\": 1.1000000000000001,\n", "", "\"end_q\" is missing");
    refuse_with("\"end_q\": 1.1", "\"end_q\": 9.1", "end_q");
    refuse_with("127,", "300,", "notes[1][2] (pitch) should be 0 to 127, got 300");
    refuse_with("127,", "\"c\",", "notes[1][2] (pitch) is not an integer");
    refuse_with("127,", "", "notes[1] should be an array of 5 values");
    refuse_with("\"voice\"", "\"Voice\"", "notes[0][3]");
    refuse_with("[0.33333333333333331, 0.1", "[0.33333333333333331, -0.1", "(duration_q)");
    refuse_with("[0.33333333333333331, 0.1", "[-1, 0.1", "notes[1][0] (onset_q)");
    refuse_with("\"begin\"", "\"start\"", "score_syllables[0][1] (syllabic)");
    refuse_with("\"end\", 1", "\"end\", 2", "score_syllables[1][2] (first_note) should be below 2");
    refuse_with("\"end\", 1", "\"end\", -1", "(first_note)");
    refuse_with("\"stanza\": 2", "\"stanza\": -2", "lines[0]: \"stanza\"");
    refuse_with("[\"dern!\", 0.33333333333333331", "[\"dern!\", -1.0",
                "lines[0].words[0].syllables[1][1] (onset_q)");
    refuse_with("[\"dern!\", 0.33333333333333331", "[\"dern!\", null", "or none");
    refuse_with("\"text only\"", "\"text\"", "differences[0]: \"kind\"");
    refuse_with("\"in_text\": \"gar\"", "\"in_text\": 5", "differences[0]: \"in_text\"");
    refuse_with("\"syllables\": [[\"Wan\"", "\"syllables\": [], \"x\": [[\"Wan\"",
                "lines[0].words[0]");
    refuse_with("}\n", "", "test_labels_file.json:");
}

static void cut_anywhere_is_refused(void **state)
{
    (void)state;
    char *good = written();
    for (size_t length = 0; length + 2 < strlen(good); length += 7) {
        silbe_labels labels = SILBE_LABELS_INIT;
        silbe_err err = SILBE_ERR_INIT;
        char *cut = calloc(length + 1, 1);
        assert_non_null(cut);
        memcpy(cut, good, length);
        put(cut);
        assert_int_equal(silbe_labels_read(PATH, &labels, &err), SILBE_ERR_FORMAT);
        free(cut);
    }
    free(good);
}

static void bad_labels_are_not_written(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_labels labels = example();
    labels.score.notes[0].duration_q = NAN;
    assert_int_equal(silbe_labels_write(PATH, &labels, &err), SILBE_ERR_ARGUMENT);
    labels.score.notes[0].duration_q = 1.0;
    labels.lyrics.words[0].first_syllable = 1;
    assert_int_equal(silbe_labels_write(PATH, &labels, &err), SILBE_ERR_ARGUMENT);
    labels.lyrics.words[0].first_syllable = 0;
    labels.work[3] = '\xff';
    char *before = written();
    assert_int_equal(silbe_labels_write(PATH, &labels, &err), SILBE_ERR_ARGUMENT);
    char *after = slurp(); /* the old file stays */
    assert_string_equal(before, after);
    free(before);
    free(after);
    silbe_labels_free(&labels);
    labels = example();
    assert_int_equal(silbe_labels_write("no/such/folder/x.json", &labels, &err), SILBE_ERR_IO);
    silbe_labels_free(&labels);
    assert_int_equal(silbe_labels_read("no_such.json", &labels, &err), SILBE_ERR_IO);
}

static char *read_file(const char *path, size_t *n_bytes)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(100000, 1);
    assert_true(file != NULL && text != NULL);
    *n_bytes = fread(text, 1, 99999, file);
    (void)fclose(file);
    return text;
}

/* All published songs go the whole way; their scores and lyrics agree but for three places. */
static void published_songs(void **state)
{
    (void)state;
    const char *root = getenv("SWD_ROOT");
    size_t n_differences = 0;
    if (root == NULL) {
        skip();
    }
    for (int song = 1; song <= 24; song++) {
        silbe_labels labels = SILBE_LABELS_INIT, back = SILBE_LABELS_INIT;
        silbe_lyrics wrong = SILBE_LYRICS_INIT;
        silbe_differences none = SILBE_DIFFERENCES_INIT;
        silbe_err err = SILBE_ERR_INIT;
        char path[1000];
        size_t n_bytes = 0;
        (void)snprintf(path, sizeof path, "%s/01_RawData/score_musicxml/Schubert_D911-%02d.xml",
                       root, song);
        check_ok(silbe_musicxml_read(path, NULL, &labels.score, &err), err);
        (void)snprintf(path, sizeof path, "%s/01_RawData/lyrics_txt/Schubert_D911-%02d.txt", root,
                       song);
        char *text = read_file(path, &n_bytes);
        check_ok(silbe_lyrics_reconcile(&labels.score, text, n_bytes, &labels.lyrics,
                                        &labels.differences, &err),
                 err);
        free(text);
        (void)snprintf(path, sizeof path, "%s/01_RawData/lyrics_txt/Schubert_D911-%02d.txt", root,
                       song % 24 + 1);
        text = read_file(path, &n_bytes);
        assert_int_equal(silbe_lyrics_reconcile(&labels.score, text, n_bytes, &wrong, &none, &err),
                         SILBE_ERR_MISMATCH);
        free(text);
        assert_int_equal(labels.lyrics.n_syllables, labels.score.n_syllables);
        n_differences += labels.differences.n_items;
        labels.work = copy("song");
        check_ok(silbe_labels_write(PATH, &labels, &err), err);
        check_ok(silbe_labels_read(PATH, &back, &err), err);
        assert_int_equal(back.lyrics.n_words, labels.lyrics.n_words);
        assert_int_equal(back.score.n_notes, labels.score.n_notes);
        if (song == 18 || song == 19 || song == 22) {
            assert_int_equal(labels.differences.n_items, 0);
        }
        silbe_labels_free(&labels);
        silbe_labels_free(&back);
    }
    assert_int_equal(n_differences, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_to_the_bit),      cmocka_unit_test(text_alone_has_null_places),
        cmocka_unit_test(wrong_fields_are_named),     cmocka_unit_test(cut_anywhere_is_refused),
        cmocka_unit_test(bad_labels_are_not_written), cmocka_unit_test(published_songs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
