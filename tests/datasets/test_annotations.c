#define _XOPEN_SOURCE 700
#include "datasets/annotations.h"

#include "tests/datasets/temp_folder.h"

#define FOLDER "test_annotations.tmp"
#define PATH FOLDER "/x.csv"
#define NOTES "start;end;pitch;pitchclass;instrument\n"
#define MEASURES "start;measure\n"
#define WORDS "start;end;word\n"
#define OUR_WORDS "start;end;word;line;confidence\n"

static int set_up(void **state)
{
    (void)state;
    temp_folder(FOLDER);
    return 0;
}

static void reads_notes(void **state)
{
    (void)state;
    silbe_note_rows rows = SILBE_NOTE_ROWS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    temp_write(FOLDER, "x.csv",
               NOTES "0.2000;0.3725;62;2;\"piano\"\r\n0.2;0.2;50;2;\"voice\"\r\n0.3;0.4;0;0;voice");
    check_ok(silbe_note_rows_read(PATH, &rows, &err), err);
    assert_int_equal(rows.n_rows, 3);
    check_close(rows.rows[0].end_s, 0.3725, 1e-12);
    assert_false(rows.rows[0].is_voice);
    assert_true(rows.rows[1].is_voice);
    assert_int_equal(rows.rows[1].pitch, 50);
    assert_int_equal(rows.rows[2].line, 4);
    silbe_note_rows_free(&rows);
}

static void reads_measures(void **state)
{
    (void)state;
    silbe_measure_rows rows = SILBE_MEASURE_ROWS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    temp_write(FOLDER, "x.csv", MEASURES "0.25;0.750\n1.5;1\n3.0;2\n4.5;2.999");
    check_ok(silbe_measure_rows_read(PATH, &rows, &err), err);
    assert_int_equal(rows.n_rows, 4);
    check_close(rows.rows[0].position, 0.75, 0.0);
    check_close(rows.rows[3].start_s, 4.5, 0.0);
    silbe_measure_rows_free(&rows);
}

static void reads_words(void **state)
{
    (void)state;
    silbe_word_rows rows = SILBE_WORD_ROWS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    temp_write(FOLDER, "x.csv", WORDS "1;;\"ein;\"\n1;2;Wort\n");
    check_ok(silbe_word_rows_read(PATH, &rows, &err), err);
    assert_int_equal(rows.n_rows, 2);
    assert_false(rows.rows[0].has_end);
    assert_string_equal(rows.rows[0].word, "ein;");
    assert_true(rows.rows[1].has_end);
    check_close(rows.rows[1].end_s, 2.0, 0.0);
    silbe_word_rows_free(&rows);

    temp_write(FOLDER, "x.csv", OUR_WORDS "1;1.5;Wort;0;0.98\n2;;Ende;;\n");
    check_ok(silbe_word_rows_read(PATH, &rows, &err), err);
    assert_int_equal(rows.n_rows, 2);
    silbe_word_rows_free(&rows);

    /* What modes write that hear phones. */
    temp_write(FOLDER, "x.csv",
               "start;end;word;line;confidence;sounding_start\n1;1.5;Wort;1;0.25;0.75\n");
    check_ok(silbe_word_rows_read(PATH, &rows, &err), err);
    assert_int_equal(rows.n_rows, 1);
    check_close(rows.rows[0].start_s, 1, 0);
    check_close(rows.rows[0].confidence, 0.25, 0);
    silbe_word_rows_free(&rows);

    temp_write(FOLDER, "x.csv", "start,end,word\n1,,a\n");
    check_ok(silbe_word_rows_read(PATH, &rows, &err), err);
    silbe_word_rows_free(&rows);
}

static void malformed_rows_name_the_place(void **state)
{
    (void)state;
    static const struct {
        char reader;
        const char *text;
        const char *says;
    } CASES[] = {
        {'n', NOTES, ":2:1: no rows"},
        {'n', NOTES "-1;2;60;0;\"piano\"\n", ":2:1: start is \"-1\", expected a number >= 0"},
        {'n', NOTES "nan;2;60;0;\"piano\"\n", ":2:1: start is \"nan\""},
        {'n', NOTES "2;1;60;0;\"piano\"\n", ":2:3: end is \"1\", expected an end not before"},
        {'n', NOTES "2;3;60;0;\"piano\"\n1;3;60;0;\"piano\"\n", ":3:1: start is \"1\""},
        {'n', NOTES "2;3;128;8;\"piano\"\n",
         ":2:5: pitch is \"128\", expected a whole number in 0"},
        {'n', NOTES "2;3;60;1;\"piano\"\n", ":2:8: pitchclass is \"1\", expected 0"},
        {'n', NOTES "2;3;60;0;\"harp\"\n", ":2:10: instrument is \"harp\", expected \"piano\" or"},
        {'n', "start;end;pitch;instrument\n2;3;60;\"piano\"\n", ":1:1: header is"},
        {'m', MEASURES, "no rows"},
        {'m', MEASURES "1;1\n1;2\n", ":3:1: start is \"1\", expected a time after"},
        {'m', MEASURES "1;1\n2;1\n", ":3:3: measure is \"1\", expected a position after"},
        {'m', MEASURES "1;-1\n", ":2:3: measure"},
        {'m', MEASURES "1;1;1\n", ":2:1: 3 fields, expected 2"},
        {'m', "measure;start\n1;1\n",
         ":1:1: header is \"measure;start\", expected \"start;measure\""},
        {'w', WORDS "2;;a\n1;;b\n", ":3:1: start is \"1\""},
        {'w', WORDS "2;1;a\n", ":2:3: end is \"1\""},
        {'w', WORDS "2;3;\n", ":2:5: word is \"\", expected a word"},
        {'w', WORDS "2;3;\" \"\n", ":2:5: word"},
        {'w', WORDS "2;inf;a\n", ":2:3: end"},
        {'w', OUR_WORDS "2;3;a;-1;1\n", ":2:7: line"},
        {'w', OUR_WORDS "2;3;a;0;1.5\n",
         ":2:9: confidence is \"1.5\", expected a number in 0 .. 1"},
        {'w', "start;word;end\n", ":1:1: header"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        silbe_note_rows notes = SILBE_NOTE_ROWS_INIT;
        silbe_measure_rows measures = SILBE_MEASURE_ROWS_INIT;
        silbe_word_rows words = SILBE_WORD_ROWS_INIT;
        silbe_err err = SILBE_ERR_INIT;
        temp_write(FOLDER, "x.csv", CASES[i].text);
        silbe_status status = SILBE_OK;
        if (CASES[i].reader == 'n') {
            status = silbe_note_rows_read(PATH, &notes, &err);
        } else if (CASES[i].reader == 'm') {
            status = silbe_measure_rows_read(PATH, &measures, &err);
        } else {
            status = silbe_word_rows_read(PATH, &words, &err);
        }
        if (status == SILBE_OK || strncmp(err.message, PATH ":", strlen(PATH) + 1) != 0 ||
            strstr(err.message, CASES[i].says) == NULL) {
            fail_msg("case %zu: \"%s\" should say %s%s", i, err.message, PATH, CASES[i].says);
        }
        silbe_note_rows_free(&notes);
        silbe_measure_rows_free(&measures);
        silbe_word_rows_free(&words);
    }
}

/* Every published file; byte-exact copies have CRLF, the others LF. */
static void reads_the_published_files(void **state)
{
    (void)state;
    static const char *const VERSIONS[] = {"AL98", "FI55", "FI66", "FI80", "HU33",
                                           "OL06", "QU98", "SC06", "TR99"};
    const char *root = getenv("SWD_ROOT");
    if (root == NULL || access(root, R_OK) != 0) {
        skip();
    }
    char path[2048];
    for (int song = 1; song <= 24; song++) {
        for (size_t v = 0; v < 9; v++) {
            silbe_note_rows notes = SILBE_NOTE_ROWS_INIT;
            silbe_measure_rows measures = SILBE_MEASURE_ROWS_INIT;
            silbe_err err = SILBE_ERR_INIT;
            (void)snprintf(path, sizeof path,
                           "%s/02_Annotations/ann_audio_note/Schubert_D911-%02d_%s.csv", root, song,
                           VERSIONS[v]);
            check_ok(silbe_note_rows_read(path, &notes, &err), err);
            (void)snprintf(path, sizeof path,
                           "%s/02_Annotations/ann_audio_measure/Schubert_D911-%02d_%s.csv", root,
                           song, VERSIONS[v]);
            check_ok(silbe_measure_rows_read(path, &measures, &err), err);
            assert_true(notes.n_rows > 100);
            assert_true(measures.n_rows > 18);
            silbe_note_rows_free(&notes);
            silbe_measure_rows_free(&measures);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_notes),
        cmocka_unit_test(reads_measures),
        cmocka_unit_test(reads_words),
        cmocka_unit_test(malformed_rows_name_the_place),
        cmocka_unit_test(reads_the_published_files),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
