#define _POSIX_C_SOURCE 200809L
/* Modes side by side: the same words in all, what is missing counts, what is left out is told. */
#include "pipeline/evaluate/report/comparison.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/output/text.h"
#include "tests/check.h"

static const double REFERENCE[] = {1, 2, 3, 4};
static const double SCORE[] = {1.01, 2.02, 3.5, 4};
static const double LYRICS[] = {1.2, -1, 3.01, 4.4};
static const bool MISSING[] = {false, true, false, false};
static const double SURE[] = {0.95, 0.9, 0.3, 1};
static const double UNSURE[] = {0.5, 0, 0.9, 0.2};

static silbe_report *new_report(const char *mode)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    const silbe_report_facts facts = {.dataset = "demo", .mode = mode, .command = "x --y"};
    check_ok(silbe_report_new(&facts, &report, &err), err);
    return report;
}

static void add(silbe_report *report, const char *work, const double *estimate_s,
                const bool *is_missing, const double *confidence)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_item_result item = {.work = work,
                              .version = "V",
                              .audio_s = 5,
                              .wall_s = 0.5,
                              .n_placed = 4,
                              .n_words = 4,
                              .reference_s = REFERENCE,
                              .estimate_s = estimate_s,
                              .is_missing = is_missing,
                              .confidence = confidence};
    check_ok(silbe_report_add_item(report, &item, &err), err);
}

static void finish(silbe_report *report)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_report_finish(report, &err), err);
}

/* Work A in both modes; B failed in lyrics; nothing succeeded in joint. */
static void make_reports(silbe_report *reports[3])
{
    silbe_err err = SILBE_ERR_INIT;
    static const char *const NAMES[] = {"score", "lyrics", "joint"};
    for (size_t m = 0; m < 3; m++) {
        reports[m] = new_report(NAMES[m]);
    }
    add(reports[0], "B", REFERENCE, NULL, SURE);
    add(reports[0], "A", SCORE, NULL, SURE);
    add(reports[1], "A", LYRICS, MISSING, UNSURE);
    check_ok(silbe_report_add_failure(reports[1], "B", "V", "align", "no voice", &err), err);
    check_ok(silbe_report_add_failure(reports[2], "B", "V", "align", "no voice", &err), err);
    check_ok(silbe_report_add_failure(reports[2], "A", "V", "align", "no \x1b score", &err), err);
    for (size_t m = 0; m < 3; m++) {
        finish(reports[m]);
    }
}

static silbe_comparison *compare(silbe_report *const *reports, size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_comparison *comparison;
    check_ok(silbe_comparison_new((const silbe_report *const *)reports, n, &comparison, &err), err);
    return comparison;
}

static void free_all(silbe_comparison *comparison, silbe_report **reports, size_t n)
{
    silbe_comparison_free(comparison);
    for (size_t m = 0; m < n; m++) {
        silbe_report_free(reports[m]);
    }
}

static void same_words(void **state)
{
    (void)state;
    silbe_report *reports[3];
    make_reports(reports);
    silbe_comparison *c = compare(reports, 3);
    assert_int_equal(silbe_comparison_n_items(c), 1);
    assert_int_equal(silbe_comparison_n_words(c), 4);
    assert_int_equal(silbe_comparison_n_left_out(c), 1);
    const silbe_report_figures *score = silbe_comparison_mode(c, 0);
    const silbe_report_figures *lyrics = silbe_comparison_mode(c, 1);
    assert_null(silbe_comparison_mode(c, 2));
    /* B, where the score is exact, takes no part. */
    check_close(score->words.mean_abs_s, 0.53 / 4, 1e-12);
    assert_int_equal(score->words.n_missing, 0);
    assert_int_equal(lyrics->words.n, 4);
    assert_int_equal(lyrics->words.n_missing, 1);
    check_close(lyrics->words.mean_abs_s, 0.61 / 3, 1e-12);
    check_close(lyrics->words.median_abs_s, (0.2 + 0.4) / 2, 1e-12);
    check_close(lyrics->words.within[1], 0.25, 0);
    check_close(lyrics->words.within[3], 0.5, 0);
    check_close(lyrics->words.derailed, 0.25, 0);
    /* Beyond 0.3 s are 0 and 0.2, within are 0.5 and 0.9. */
    check_close(lyrics->confidence_auc_plain, 1, 0);
    /* Two segments of a second: the word without time has none, and the one before it goes on. */
    check_close(lyrics->correct_segments, (0.8 + 0 + 0.99) / 3, 1e-12);
    free_all(c, reports, 3);
}

static void written(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *reports[3];
    make_reports(reports);
    silbe_comparison *c = compare(reports, 3);
    check_ok(silbe_comparison_write_json(c, "all.json", &err), err);
    check_ok(silbe_comparison_write_markdown(c, "all.md", &err), err);
    json_t *root = json_load_file("all.json", JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_integer_value(json_object_get(root, "words")), 4);
    json_t *modes = json_object_get(root, "modes");
    assert_int_equal(json_array_size(modes), 3);
    json_t *lyrics = json_array_get(modes, 1);
    assert_int_equal(json_integer_value(json_object_get(lyrics, "missing")), 1);
    assert_true(json_is_null(json_object_get(json_array_get(modes, 2), "mean_abs_s")));
    json_t *left_out = json_array_get(json_object_get(root, "left_out"), 0);
    assert_string_equal(json_string_value(json_object_get(left_out, "work")), "B");
    assert_string_equal(json_string_value(json_array_get(json_object_get(left_out, "without"), 0)),
                        "lyrics");
    assert_int_equal(json_array_size(json_object_get(left_out, "without")), 1);
    /* By the score's confidence: one word below 0.5, none up to 0.9, three above. */
    json_t *by = json_object_get(root, "by_confidence");
    assert_string_equal(json_string_value(json_object_get(by, "mode")), "score");
    json_t *bins = json_object_get(by, "bins");
    const json_int_t counts[] = {1, 0, 3};
    for (size_t b = 0; b < SILBE_COMPARISON_N_BINS; b++) {
        json_t *bin = json_array_get(bins, b);
        assert_int_equal(json_integer_value(json_object_get(bin, "words")), counts[b]);
    }
    json_t *unsure = json_object_get(json_array_get(bins, 0), "modes");
    check_close(json_real_value(json_object_get(json_object_get(unsure, "lyrics"), "median_abs_s")),
                0.01, 1e-9);
    check_close(json_real_value(json_object_get(json_object_get(unsure, "score"), "median_abs_s")),
                0.5, 1e-9);
    json_decref(root);
    assert_int_equal(silbe_comparison_write_json(c, "no-such-folder/r.json", &err), SILBE_ERR_IO);
    assert_int_equal(silbe_comparison_write_markdown(c, "no-such-folder/r.md", &err), SILBE_ERR_IO);
    free_all(c, reports, 3);
}

static void printed(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *reports[3];
    char *text = NULL;
    size_t size = 0;
    make_reports(reports);
    silbe_comparison *c = compare(reports, 3);
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    check_ok(silbe_comparison_print(c, stream, &err), err);
    assert_int_equal(fclose(stream), 0);
    free_all(c, reports, 3);
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "the same 4 words with a reference, of 1 items, in each"));
    assert_non_null(strstr(text, "left out: B V (not in lyrics)"));
    assert_non_null(strstr(text, "no item succeeded, 2 failed"));
    assert_non_null(strstr(text, "FAILED A V in mode joint, align: no   score"));
    /* The same failure in two modes is told once. */
    char *first = strstr(text, "FAILED B V");
    assert_non_null(first);
    assert_null(strstr(first + 1, "FAILED B V"));
    size_t widest = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        widest = silbe_text_width(line) > widest ? silbe_text_width(line) : widest;
    }
    assert_in_range(widest, 90, 100);
    free(text);
}

static void refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_comparison *c;
    silbe_report *reports[] = {new_report("score"), new_report("lyrics")};
    assert_int_equal(silbe_comparison_new(NULL, 0, &c, &err), SILBE_ERR_ARGUMENT);
    /* Nothing at all. */
    finish(reports[0]);
    finish(reports[1]);
    c = compare(reports, 2);
    assert_int_equal(silbe_comparison_n_words(c), 0);
    check_ok(silbe_comparison_write_json(c, "empty.json", &err), err);
    check_ok(silbe_comparison_write_markdown(c, "empty.md", &err), err);
    silbe_comparison_free(c);
    /* Other references. */
    static const double MOVED[] = {1, 2, 3, 4.5};
    silbe_item_result item = {.work = "A",
                              .version = "V",
                              .audio_s = 5,
                              .n_words = 4,
                              .reference_s = MOVED,
                              .estimate_s = SCORE};
    add(reports[0], "A", SCORE, NULL, SURE);
    check_ok(silbe_report_add_item(reports[1], &item, &err), err);
    finish(reports[0]);
    finish(reports[1]);
    assert_int_equal(silbe_comparison_new((const silbe_report *const *)reports, 2, &c, &err),
                     SILBE_ERR_MISMATCH);
    assert_null(c);
    assert_non_null(strstr(err.message, "A V: 4 reference words"));
    free_all(NULL, reports, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_words),
        cmocka_unit_test(written),
        cmocka_unit_test(printed),
        cmocka_unit_test(refused),
    };
    (void)mkdir("test_comparison.files", 0777);
    if (chdir("test_comparison.files") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
