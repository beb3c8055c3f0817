#define _POSIX_C_SOURCE 200809L
#include "pipeline/evaluate/report/report.h"

#include "features/base/atomic_file.h"
#include "pipeline/output/text.h"
#include "tests/check.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const silbe_report_facts FACTS = {
    .dataset = "demo",
    .mode = "score",
    .program_version = "0.1.0",
    .settings_digest = "abc",
    .command = "silbe-evaluate --config configs/demo.yaml",
    .reference_note = SILBE_REFERENCE_NOTE_SWD,
};

static const double REFERENCE_A1[] = {1, 2, 3, 4};
static const double ESTIMATE_A1[] = {1.01, 2.02, 3.25, 3.98};
static const double CONFIDENCE_A1[] = {0.9, 0.8, 0.2, 0.7};
static const char *const TEXTS_A1[] = {"Wie", "we|it", "<b>*", "Gr\xc3\xbc\xc3\x9f'"};
static const size_t LINES_A1[] = {1, 1, 2, 2};
static const double REFERENCE_A2[] = {5, 7};
static const double ESTIMATE_A2[] = {5.04, 9.5};
static const double CONFIDENCE_A2[] = {0.5, 0.5};
static const double REFERENCE_B1[] = {0.5};
static const double ESTIMATE_B1[] = {0.4};
static const double MEASURE_REFERENCE[] = {0.5, 2.5, 4.5};
static const double MEASURE_ESTIMATE[] = {0.5, 2.53, 4.49};

static silbe_item_result item_of(const char *work, const char *version, size_t n,
                                 const double *reference_s, const double *estimate_s)
{
    return (silbe_item_result){.work = work,
                               .version = version,
                               .audio_s = 10,
                               .wall_s = 0.25,
                               .n_placed = n + 1,
                               .n_unmatched = 1,
                               .n_words = n,
                               .reference_s = reference_s,
                               .estimate_s = estimate_s};
}

/* Work A in versions V1 and V2, work B in V1, work C without reference, one failure, one note. */
static silbe_report *make_report(double wall_s)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    check_ok(silbe_report_new(&FACTS, &report, &err), err);
    silbe_item_result a1 = item_of("A", "V1", 4, REFERENCE_A1, ESTIMATE_A1);
    a1.confidence = CONFIDENCE_A1;
    a1.word_texts = TEXTS_A1;
    a1.line_numbers = LINES_A1;
    a1.n_measures = 3;
    a1.measure_reference_s = MEASURE_REFERENCE;
    a1.measure_estimate_s = MEASURE_ESTIMATE;
    a1.wall_s = wall_s;
    check_ok(silbe_report_add_item(report, &a1, &err), err);
    silbe_item_result a2 = item_of("A", "V2", 2, REFERENCE_A2, ESTIMATE_A2);
    a2.confidence = CONFIDENCE_A2;
    check_ok(silbe_report_add_item(report, &a2, &err), err);
    silbe_item_result b1 = item_of("B", "V1", 1, REFERENCE_B1, ESTIMATE_B1);
    b1.wall_s = NAN;
    check_ok(silbe_report_add_item(report, &b1, &err), err);
    silbe_item_result c1 = item_of("C", "", 0, NULL, NULL);
    check_ok(silbe_report_add_item(report, &c1, &err), err);
    check_ok(
        silbe_report_add_failure(report, "D", "V1", "features", "D.wav: \x1b[2J\xff silent", &err),
        err);
    check_ok(silbe_report_add_note(report, "A", "V1", 3.25, "the reference is early here", &err),
             err);
    check_ok(silbe_report_finish(report, &err), err);
    return report;
}

static void test_figures(void **state)
{
    (void)state;
    silbe_report *report = make_report(0.25);
    const silbe_report_figures *pooled = silbe_report_pooled(report);
    assert_int_equal(pooled->n_items, 4);
    assert_int_equal(pooled->words.n, 7);
    assert_int_equal(pooled->n_placed, 11);
    assert_int_equal(pooled->n_unmatched, 4);
    check_close(pooled->audio_s, 40, 0);
    check_close(pooled->wall_s, 0.75, 1e-12);
    /* |e| = 0.01 0.02 0.25 0.02 | 0.04 2.5 | 0.1 */
    check_close(pooled->words.mean_abs_s, 2.94 / 7, 1e-12);
    check_close(pooled->words.median_abs_s, 0.04, 1e-12);
    check_close(pooled->words.bias_s, 0.02, 1e-12);
    check_close(pooled->words.within[0], 4.0 / 7, 1e-12);
    check_close(pooled->words.derailed, 1.0 / 7, 1e-12);
    /* A1: 0.99 + 0.98 + 0.73 of 3 s; A2: 1.96 of 2 s; B1 has no segment. */
    check_close(pooled->correct_segments, (0.99 + 0.98 + 0.73 + 1.96) / 5, 1e-12);
    /* Wrong 0.2 and 0.5 against right 0.9 0.8 0.7 0.5: 4 + 3.5 of 8 pairs; B1 has no confidence. */
    check_close(pooled->confidence_auc, 7.5 / 8, 1e-12);
    assert_int_equal(pooled->measures.n, 3);
    check_close(pooled->measures.mean_abs_s, 0.04 / 3, 1e-12);

    const silbe_report_figures *mean = silbe_report_per_song(report);
    assert_int_equal(mean->words.n, 7);
    check_close(mean->words.mean_abs_s, (2.84 / 6 + 0.1) / 2, 1e-12);
    check_close(mean->words.median_abs_s, (0.03 + 0.1) / 2, 1e-12);
    check_close(mean->correct_segments, (0.99 + 0.98 + 0.73 + 1.96) / 5, 1e-12);

    assert_int_equal(silbe_report_n_items(report), 4);
    assert_int_equal(silbe_report_n_failed(report), 1);
    check_close(silbe_report_item(report, 0)->confidence_auc, 1, 0);
    assert_true(isnan(silbe_report_item(report, 2)->confidence_auc));
    assert_true(isnan(silbe_report_item(report, 3)->words.mean_abs_s));
    silbe_report_free(report);
}

static char *read_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, stream) > 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static json_t *at(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (value == NULL) {
        fail_msg("no key %s", key);
    }
    return value;
}

static void check_figure_keys(json_t *figures)
{
    static const char *const KEYS[] = {"words",      "mean_abs_s", "median_abs_s", "bias_s",
                                       "perceptual", "derailed",   "audio_s",      "wall_s"};
    static const char *const WINDOWS[] = {"0.05", "0.1", "0.2", "0.3", "0.5", "1.0"};
    for (size_t k = 0; k < sizeof KEYS / sizeof KEYS[0]; k++) {
        assert_non_null(at(figures, KEYS[k]));
    }
    assert_int_equal(json_object_size(at(figures, "within")), 6);
    for (size_t w = 0; w < 6; w++) {
        assert_non_null(at(at(figures, "within"), WINDOWS[w]));
    }
}

static void test_json(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report(0.25);
    check_ok(silbe_report_write_json(report, "report.json", &err), err);
    silbe_report_free(report);
    json_error_t problem;
    json_t *root = json_load_file("report.json", JSON_REJECT_DUPLICATES, &problem);
    assert_non_null(root);
    assert_string_equal(json_string_value(at(root, "dataset")), "demo");
    assert_string_equal(json_string_value(at(root, "mode")), "score");
    json_t *items = at(root, "items");
    assert_int_equal(json_array_size(items), 4);
    for (size_t i = 0; i < 4; i++) {
        check_figure_keys(json_array_get(items, i));
    }
    check_figure_keys(at(root, "pooled"));
    check_figure_keys(at(root, "per_song"));
    assert_int_equal(json_array_size(at(at(root, "per_song"), "songs")), 3);
    assert_int_equal(json_array_size(at(root, "per_version")), 3);
    json_t *first = json_array_get(items, 0);
    assert_string_equal(json_string_value(at(first, "work")), "A");
    assert_string_equal(json_string_value(at(first, "version")), "V1");
    assert_int_equal(json_integer_value(at(first, "words")), 4);
    check_close(json_real_value(at(first, "mean_abs_s")), 0.075, 0);
    check_close(json_real_value(at(at(first, "within"), "0.05")), 0.75, 0);
    check_close(json_real_value(at(at(first, "measures"), "median_abs_s")), 0.01, 0);
    json_t *without = json_array_get(items, 3);
    assert_int_equal(json_integer_value(at(without, "words")), 0);
    assert_int_equal(json_integer_value(at(without, "placed")), 1);
    assert_true(json_is_null(at(without, "mean_abs_s")));
    assert_true(json_is_null(at(at(without, "within"), "1.0")));
    assert_true(json_is_null(at(json_array_get(items, 2), "wall_s")));
    json_t *failed = json_array_get(at(root, "failed"), 0);
    assert_string_equal(json_string_value(at(failed, "stage")), "features");
    assert_string_equal(json_string_value(at(failed, "reason")), "D.wav:  [2J\xef\xbf\xbd silent");
    json_t *run = at(root, "run");
    assert_string_equal(json_string_value(at(run, "version")), "0.1.0");
    assert_string_equal(json_string_value(at(run, "settings_digest")), "abc");
    assert_string_equal(json_string_value(at(run, "command")), FACTS.command);
    json_decref(root);
}

static void test_markdown(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report(0.25);
    check_ok(silbe_report_write_markdown(report, "report.md", &err), err);
    silbe_report_free(report);
    char *text = read_file("report.md");
    assert_non_null(strstr(text, "| A | V1 | 4 | 75.0 | 20.0 | 15.0 |"));
    assert_non_null(strstr(text, "| A | V1 | &lt;b&gt;\\* | 3 | 2 | 3.000 | 3.250 | +250.0 | "
                                 "0.200 |"));
    assert_non_null(strstr(text, "we\\|it"));
    assert_non_null(strstr(text, "the reference is early here"));
    assert_non_null(strstr(text, "| D | V1 | features | D.wav:"));
    assert_null(strstr(text, " nan"));
    assert_null(strchr(text, '\x1b'));
    /* The largest error of all leads its list. */
    char *largest = strstr(text, "## Largest errors");
    assert_non_null(largest);
    char *row = strstr(largest, "| A | V2 | - | 2 | - | 7.000 | 9.500 | +2500.0 | 0.500 |");
    assert_non_null(row);
    assert_true(row < strstr(largest, "+250.0"));
    /* Equal errors (here of both signs) stay in the order of the words. */
    assert_true(ESTIMATE_A1[1] - REFERENCE_A1[1] == REFERENCE_A1[3] - ESTIMATE_A1[3]);
    assert_true(strstr(largest, "we\\|it") < strstr(largest, "Gr\xc3\xbc\xc3\x9f'"));
    /* Every row of a table has as many cells as its head. */
    int cells_of_head = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        int cells = 0;
        for (const char *c = line; *c != '\0'; c++) {
            cells += *c == '|' && (c == line || c[-1] != '\\');
        }
        if (line[0] != '|') {
            cells_of_head = 0;
        } else if (cells_of_head == 0) {
            cells_of_head = cells;
        } else if (cells != cells_of_head) {
            fail_msg("%d cells instead of %d: %s", cells, cells_of_head, line);
        }
    }
    free(text);
}

static char *print_report(const silbe_report *report)
{
    char *text = NULL;
    size_t size = 0;
    silbe_err err = SILBE_ERR_INIT;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    check_ok(silbe_report_print(report, stream, &err), err);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void test_table(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    check_ok(silbe_report_new(&FACTS, &report, &err), err);
    const double reference_s[] = {1, 2};
    const double far_s[] = {12345, 54321};
    silbe_item_result far =
        item_of("Gr\xc3\xbc\xc3\x9f'-Schubert_Winterreise_D911",
                "\xe6\xad\x8c\xe6\xad\x8c\xe6\xad\x8c\xe6\xad\x8c", 2, reference_s, far_s);
    silbe_item_result none = item_of("B", "V1", 0, NULL, NULL);
    check_ok(silbe_report_add_item(report, &far, &err), err);
    check_ok(silbe_report_add_item(report, &none, &err), err);
    check_ok(silbe_report_finish(report, &err), err);
    char *text = print_report(report);
    silbe_report_free(report);
    assert_null(strstr(text, " nan"));
    size_t rows = 0;
    char *rest = strstr(text, "\n\n") + 2; /* behind the free-form first line */
    char *end = strstr(rest, "\n\n");
    assert_non_null(end);
    *end = '\0';
    for (char *line = strtok(rest, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (silbe_text_width(line) != 100) {
            fail_msg("%zu columns: %s", silbe_text_width(line), line);
        }
        rows++;
    }
    assert_int_equal(rows, 10);
    free(text);

    report = make_report(0.25);
    text = print_report(report);
    silbe_report_free(report);
    assert_non_null(strstr(text, "FAILED D V1 in features: D.wav:  [2J"));
    assert_non_null(strstr(text, "all words pooled"));
    assert_non_null(strstr(text, "about 20 ms"));
    assert_null(strchr(text, '\x1b'));
    free(text);
}

static void test_print_failure(void **state)
{
    (void)state;
    FILE *stream = fopen("/dev/full", "w");
    if (stream == NULL) {
        skip();
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report(0.25);
    assert_int_equal(silbe_report_print(report, stream, &err), SILBE_ERR_IO);
    (void)fclose(stream);
    assert_int_equal(silbe_report_write_json(report, "no-such-folder/r.json", &err), SILBE_ERR_IO);
    assert_int_equal(silbe_report_write_markdown(report, "no-such-folder/r.md", &err),
                     SILBE_ERR_IO);
    silbe_report_free(report);
}

static void expect_refused(const silbe_item_result *result, silbe_status want, const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report(0.25);
    assert_int_equal(silbe_report_add_item(report, result, &err), want);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
    assert_int_equal(silbe_report_n_items(report), 4);
    check_ok(silbe_report_finish(report, &err), err);
    silbe_report_free(report);
}

static void test_refused(void **state)
{
    (void)state;
    const double unsorted[] = {2, 1, 3, 4};
    const double bad_confidence[] = {0.5, 1.5, 0.5, 0.5};
    const double bad_time[] = {1, NAN, 3, 4};
    silbe_item_result item = item_of("E", "V1", 4, unsorted, ESTIMATE_A1);
    expect_refused(&item, SILBE_ERR_DATA, "E V1: reference onset 2");
    item = item_of("E", "V1", 4, REFERENCE_A1, bad_time);
    expect_refused(&item, SILBE_ERR_DATA, "E V1: estimated onset 2");
    item = item_of("E", "V1", 4, REFERENCE_A1, ESTIMATE_A1);
    item.confidence = bad_confidence;
    expect_refused(&item, SILBE_ERR_DATA, "confidence of word 2");
    item = item_of("E", "V1", 4, REFERENCE_A1, ESTIMATE_A1);
    item.audio_s = 0;
    expect_refused(&item, SILBE_ERR_DATA, "audio_s should be > 0");
    item = item_of("E", "V1", 4, REFERENCE_A1, ESTIMATE_A1);
    item.n_measures = 4;
    item.measure_reference_s = REFERENCE_A1;
    item.measure_estimate_s = bad_time;
    expect_refused(&item, SILBE_ERR_DATA, "measure positions");
    item = item_of("A", "V1", 4, REFERENCE_A1, ESTIMATE_A1);
    expect_refused(&item, SILBE_ERR_MISMATCH, "is in the report already");
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    const silbe_report_facts empty = {0};
    assert_int_equal(silbe_report_new(&empty, &report, &err), SILBE_ERR_ARGUMENT);
    assert_null(report);
    silbe_report_free(NULL);
}

/* Nothing aligned at all is a report, too. */
static void test_empty(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    check_ok(silbe_report_new(&FACTS, &report, &err), err);
    check_ok(silbe_report_finish(report, &err), err);
    check_ok(silbe_report_write_json(report, "empty.json", &err), err);
    check_ok(silbe_report_write_markdown(report, "empty.md", &err), err);
    char *text = print_report(report);
    assert_null(strstr(text, " nan"));
    free(text);
    silbe_report_free(report);
}

/* Two runs that differ in time and command alone compare equal; any figure that differs shows. */
static void test_compare(void **state)
{
    (void)state;
    const char *const folders[] = {"run1", "run2"};
    silbe_err err = SILBE_ERR_INIT;
    for (int run = 0; run < 2; run++) {
        char path[64];
        silbe_report *report = make_report(run == 0 ? 0.25 : 7);
        check_ok(silbe_make_folders(folders[run], &err), err);
        (void)snprintf(path, sizeof path, "%s/report.json", folders[run]);
        check_ok(silbe_report_write_json(report, path, &err), err);
        (void)snprintf(path, sizeof path, "%s/report.md", folders[run]);
        check_ok(silbe_report_write_markdown(report, path, &err), err);
        silbe_report_free(report);
    }
    const char *const compare = "sh \"$COMPARE\" run1 run2"; /* whatever is in the path */
    assert_int_equal(setenv("COMPARE", SILBE_SOURCE_DIR "/tests/compare_results.sh", 1), 0);
    assert_int_equal(system(compare), 0);
    assert_int_equal(system("sed -i 's/\"words\": 4/\"words\": 5/' run2/report.json"), 0);
    assert_int_not_equal(system(compare), 0);
    assert_int_equal(system("cp run1/report.json run2/report.json"), 0);
    assert_int_equal(system(compare), 0);
    assert_int_equal(system("touch run2/more.csv"), 0);
    assert_int_not_equal(system(compare), 0);
    assert_int_equal(system("rm run2/more.csv"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),       cmocka_unit_test(test_json),
        cmocka_unit_test(test_markdown),      cmocka_unit_test(test_table),
        cmocka_unit_test(test_print_failure), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_empty),         cmocka_unit_test(test_compare),
    };
    /* Files of this test lie in a folder of their own: ctest runs several at a time. */
    (void)mkdir("test_report.files", 0777);
    if (chdir("test_report.files") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
