/* Two files of word times against each other: what is paired, what is measured, what is said. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/compare/compare.h"

#include <jansson.h>

#include "tests/pipeline/output/files.h"

static const char *const ESTIMATE = "start;end;word;line;confidence\n"
                                    "1.00;1.5;\"Fremd\";1;0.9\n"
                                    "1.52;2.0;\"bin\";1;0.8\n"
                                    "2.00;2.2;\"doch\";1;0.4\n"
                                    "2.25;3.0;\"ich,\";1;0.7\n"
                                    "4.00;4.5;\"GRUESSE\";2;0.3\n"
                                    "6.50;7.0;\"nacht\";2;0.2\n";
static const char *const REFERENCE = "[00:01.00]<00:01.00>fremd <00:01.50>Bin <00:02.50>ich\n"
                                     "[00:03.00]<00:03.00>Gute <00:05.00>Nacht <00:06.00>\n";

static silbe_file_comparison compare(const char *estimate_name, const char *estimate,
                                     const char *reference_name, const char *reference)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_comparison c;
    write_file(estimate_name, estimate);
    write_file(reference_name, reference);
    check_ok(silbe_compare_files(estimate_name, reference_name, &c, &err), err);
    return c;
}

static void words_are_paired_by_text(void **state)
{
    (void)state;
    silbe_file_comparison c = compare("a.csv", ESTIMATE, "b.lrc", REFERENCE);
    assert_int_equal(c.level, SILBE_LEVEL_WORDS);
    assert_int_equal(c.n_paired, 4);
    assert_int_equal(c.estimate.n_words, 6);
    assert_int_equal(c.reference.n_words, 5);
    assert_int_equal(c.estimate.n_unpaired, 2);
    assert_string_equal(c.estimate.listed[0].text, "doch");
    check_close(c.estimate.listed[0].start_s, 2.0, 0);
    assert_string_equal(c.estimate.listed[1].text, "GRUESSE");
    assert_int_equal(c.reference.n_unpaired, 1);
    assert_string_equal(c.reference.listed[0].text, "Gute");
    /* e = 0, 0.02, -0.25, 1.5 */
    const silbe_onset_metrics *words = &c.figures.words;
    assert_int_equal(words->n, 4);
    check_close(words->mean_abs_s, (0.02 + 0.25 + 1.5) / 4, 1e-12);
    check_close(words->median_abs_s, (0.02 + 0.25) / 2, 1e-12);
    check_close(words->bias_s, 0.01, 1e-12);
    check_close(words->within[0], 0.5, 0);
    check_close(words->within[3], 0.75, 0);
    check_close(words->within[5], 0.75, 0);
    check_close(words->derailed, 0.25, 0);
    /* Both wrong words are less sure than both right ones. */
    check_close(c.figures.confidence_auc, 1.0, 0);
    check_close(c.figures.mean_confidence, (0.9 + 0.8 + 0.7 + 0.2) / 4, 1e-12);
    assert_int_equal(c.figures.n_unsure, 1);
    silbe_file_comparison_free(&c);
    assert_null(c.estimate.path);
}

/* The starts of lines, where one of the files has no others. */
static void lines_are_compared_with_words(void **state)
{
    (void)state;
    silbe_file_comparison c = compare("a.csv", ESTIMATE, "b.srt",
                                      "1\n00:00:01,100 --> 00:00:03,000\nFremd bin ich\n\n"
                                      "2\n00:00:06,000 --> 00:00:07,000\nNacht ist es\n");
    assert_int_equal(c.level, SILBE_LEVEL_LINES);
    assert_int_equal(c.n_paired, 4);
    assert_int_equal(c.figures.words.n, 2);
    check_close(c.figures.words.mean_abs_s, 0.3, 1e-12);
    check_close(c.figures.words.bias_s, 0.2, 1e-12);
    silbe_file_comparison_free(&c);
    c = compare("a.lrc", "[00:01.00]Fremd bin ich\n[00:05.00]Gute Nacht\n", "b.lrc",
                "[00:01.10]Fremd bin\n[00:01.50]ich ja\n[00:05.20]Gute Nacht\n");
    assert_int_equal(c.level, SILBE_LEVEL_LINES);
    assert_int_equal(c.n_paired, 5);
    assert_int_equal(c.figures.words.n, 2); /* "ich" begins a line in one file alone */
    check_close(c.figures.words.median_abs_s, 0.15, 1e-12);
    assert_true(isnan(c.figures.mean_confidence) && isnan(c.figures.confidence_auc));
    silbe_file_comparison_free(&c);
}

/* Voices of the same name belong together; a file of one voice has the words of all, by time. */
static void voices_are_kept_apart(void **state)
{
    (void)state;
    static const char *const DUET =
        "start;word;voice\n1;ja;Alt\n3;nein;Alt\n2;ja;Bass\n4;nein;Bass\n";
    silbe_file_comparison c = compare(
        "a.csv", DUET, "b.csv", "start;word;voice\n2;ja;Bass\n4;nein;Bass\n1;ja;Alt\n3;nein;Alt\n");
    assert_int_equal(c.n_paired, 4);
    check_close(c.figures.words.max_abs_s, 0, 0);
    silbe_file_comparison_free(&c);
    c = compare("a.csv", DUET, "b.csv", "start;word\n1;ja\n2;ja\n3;nein\n4;nein\n");
    assert_int_equal(c.n_paired, 4);
    check_close(c.figures.words.max_abs_s, 0, 0);
    silbe_file_comparison_free(&c);
    c = compare("a.csv", DUET, "b.csv", "start;word;voice\n1;ja;Alt\n2;nein;Alt\n5;ja;Chor\n");
    assert_int_equal(c.n_paired, 2);
    assert_int_equal(c.reference.n_unpaired, 1);
    assert_int_equal(c.estimate.n_unpaired, 2);
    check_close(c.figures.words.max_abs_s, 1, 0);
    silbe_file_comparison_free(&c);
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_comparison c;
    write_file("a.csv", ESTIMATE);
    write_file("b.csv", "start;word\n1;Fremd\n2;bin\n3;was\n4;ganz\n5;anderes\n");
    assert_int_equal(silbe_compare_files("a.csv", "b.csv", &c, &err), SILBE_ERR_MISMATCH);
    expect_message(&err, "a.csv and b.csv are of different texts: only 2 of the 6 and 5 words");
    silbe_file_comparison_free(&c);
    assert_int_equal(silbe_compare_files("a.csv", "missing.csv", &c, &err), SILBE_ERR_IO);
    expect_message(&err, "missing.csv");
    silbe_file_comparison_free(&c);
    write_file("b.csv", "start;word\n1;bin\n1;\n0.5;Fremd\n");
    assert_int_equal(silbe_compare_files("b.csv", "a.csv", &c, &err), SILBE_ERR_FORMAT);
    expect_message(&err, "b.csv:4: \"Fremd\" starts at 0.5 s, before");
    silbe_file_comparison_free(&c);
    /* The same words, but no line of the one begins where one of the other does. */
    write_file("a.lrc", "[00:01.00]a b c d\n");
    write_file("b.lrc", "[00:01.00]x a b\n[00:02.00]c d\n");
    assert_int_equal(silbe_compare_files("a.lrc", "b.lrc", &c, &err), SILBE_ERR_DATA);
    expect_message(&err, "a.lrc and b.lrc have no start of a word in common");
    silbe_file_comparison_free(&c);
}

/* What a printer writes; allocated. */
static char *printed(const silbe_file_comparison *c,
                     silbe_status (*print)(const silbe_file_comparison *, FILE *, silbe_err *))
{
    silbe_err err = SILBE_ERR_INIT;
    FILE *stream = fopen("printed", "wb");
    assert_non_null(stream);
    check_ok(print(c, stream, &err), err);
    assert_int_equal(fclose(stream), 0);
    return read_file("printed");
}

static void the_table_says_it(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "a.csv against b.lrc: 4 of 6 and 5 words paired, 4 starts compared\n",
        "estimate                      words  |e| ms  |e| ms    e ms  0.05   0.1",
        "a.csv                             4   442.5   135.0    10.0  50.0  50.0",
        "confidence AUC 1.000 (off by more than 0.1 s)",
        "mean confidence 0.65, below 0.5: 1 of 4\n",
        "without partner in b.lrc, 1 of 5 words: Gute (3.00 s)\n",
        "without partner in a.csv, 2 of 6 words: doch (2.00 s), GRUESSE (4.00 s)\n",
    };
    silbe_file_comparison c = compare("a.csv", ESTIMATE, "b.lrc", REFERENCE);
    char *text = printed(&c, silbe_file_comparison_print);
    for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
        if (strstr(text, LINES[i]) == NULL) {
            fail_msg("\"%s\" lacks \"%s\"", text, LINES[i]);
        }
    }
    for (const char *p = text; *p != '\0'; p += strcspn(p, "\n") + 1) {
        assert_true(strcspn(p, "\n") <= 100);
    }
    free(text);
    silbe_file_comparison_free(&c);
}

static void programs_can_read_it(void **state)
{
    (void)state;
    silbe_file_comparison c = compare("a.csv", ESTIMATE, "b.lrc", REFERENCE);
    char *text = printed(&c, silbe_file_comparison_print_json);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    const char *level = NULL, *file = NULL, *missing = NULL;
    int paired = 0, compared = 0, words = 0, unpaired = 0;
    double within = NAN, auc = NAN, start_s = NAN;
    json_t *reliability = NULL;
    assert_int_equal(json_unpack(root,
                                 "{s:s, s:i, s:i, s:{s:F}, s:F, s:o, s:{s:s, s:i, s:i, s:[{s:s, "
                                 "s:F}]}}",
                                 "level", &level, "paired", &paired, "compared", &compared,
                                 "within", "0.05", &within, "confidence_auc", &auc, "reliability",
                                 &reliability, "reference", "file", &file, "words", &words,
                                 "unpaired", &unpaired, "listed", "text", &missing, "start_s",
                                 &start_s),
                     0);
    assert_string_equal(level, "words");
    assert_string_equal(file, "b.lrc");
    assert_string_equal(missing, "Gute");
    assert_int_equal(paired, 4);
    assert_int_equal(compared, 4);
    assert_int_equal(words, 5);
    assert_int_equal(unpaired, 1);
    check_close(within, 0.5, 0);
    check_close(auc, 1, 0);
    check_close(start_s, 3, 0);
    assert_true(json_is_object(reliability));
    json_decref(root);
    free(text);
    silbe_file_comparison_free(&c);
}

/* Only so many are listed, all are counted. */
static void long_lists_are_cut(void **state)
{
    (void)state;
    char estimate[600] = "start;word\n", reference[600] = "start;word\n";
    for (int i = 0; i < 30; i++) {
        size_t used = strlen(reference);
        (void)snprintf(reference + used, sizeof reference - used, "%d;w%d\n", i, i);
        used = strlen(estimate);
        (void)snprintf(estimate + used, sizeof estimate - used, "%d;%s%d\n", i, i < 12 ? "x" : "w",
                       i);
    }
    silbe_file_comparison c = compare("a.csv", estimate, "b.csv", reference);
    assert_int_equal(c.n_paired, 18);
    assert_int_equal(c.reference.n_unpaired, 12);
    assert_int_equal(c.reference.n_listed, SILBE_COMPARE_N_LISTED);
    assert_string_equal(c.reference.listed[9].text, "w9");
    char *text = printed(&c, silbe_file_comparison_print);
    assert_non_null(strstr(text, "w9 (9.00 s), ...\n"));
    free(text);
    silbe_file_comparison_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_paired_by_text), cmocka_unit_test(lines_are_compared_with_words),
        cmocka_unit_test(voices_are_kept_apart),    cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(the_table_says_it),        cmocka_unit_test(programs_can_read_it),
        cmocka_unit_test(long_lists_are_cut),
    };
    enter_folder("test_compare.files");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
