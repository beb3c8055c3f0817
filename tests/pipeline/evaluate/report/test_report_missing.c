#define _POSIX_C_SOURCE 200809L
/* Words without time, confidences judged, and the table of phones in a report. */
#include "pipeline/evaluate/report/report.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

static const silbe_report_facts FACTS = {.dataset = "demo", .mode = "lyrics"};
static const double REFERENCE[] = {1, 2, 3, 4};
static const double ESTIMATE[] = {1.01, NAN, 3.25, NAN};
static const bool MISSING[] = {false, true, false, true};
static const double CONFIDENCE[] = {0.9, 0.8, 0.2, 0.7};
static const char *const TEXTS[] = {"Wie", "we|it", "<b>*", "Gr\xc3\xbc\xc3\x9f'"};
static const size_t LINES[] = {1, 1, 2, 2};

static void write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static silbe_report *make_report(void)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report;
    check_ok(silbe_report_new(&FACTS, &report, &err), err);
    silbe_item_result item = {.work = "A",
                              .version = "V1",
                              .audio_s = 10,
                              .wall_s = NAN,
                              .n_placed = 2,
                              .n_unmatched = 2,
                              .n_words = 4,
                              .reference_s = REFERENCE,
                              .estimate_s = ESTIMATE,
                              .is_missing = MISSING,
                              .confidence = CONFIDENCE,
                              .word_texts = TEXTS,
                              .line_numbers = LINES};
    check_ok(silbe_report_add_item(report, &item, &err), err);
    return report;
}

static void figures(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report();
    check_ok(silbe_report_finish(report, &err), err);
    const silbe_report_figures *pooled = silbe_report_pooled(report);
    assert_int_equal(pooled->words.n, 4);
    assert_int_equal(pooled->words.n_missing, 2);
    check_close(pooled->words.mean_abs_s, 0.13, 1e-12);
    check_close(pooled->words.within[3], 0.5, 0);
    check_close(pooled->words.derailed, 0.5, 0);
    /* Wrong by 0.1 s: 0.8 0.2 0.7 against 0.9; by 0.3 s: 0.8 0.7 against 0.9 0.2. */
    check_close(pooled->confidence_auc, 1, 0);
    check_close(pooled->confidence_auc_plain, 0.5, 0);
    /* The first word goes on to 3.25 s, the third one to the last reference: 0.99 + 0 + 0.75. */
    check_close(pooled->correct_segments, 1.74 / 3, 1e-12);
    assert_int_equal(silbe_report_per_song(report)->words.n_missing, 2);
    silbe_report_free(report);
}

static void in_json(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report();
    write_text("phones.json",
               "{\"format\": \"silbe-phone-onsets\", \"phones\": [{\"phone\": \"S\", "
               "\"n\": 12, \"mean_s\": 0.11, \"median_s\": null, \"more\": 1}]}");
    check_ok(silbe_report_read_phones(report, "phones.json", &err), err);
    check_ok(silbe_report_finish(report, &err), err);
    check_ok(silbe_report_write_json(report, "missing.json", &err), err);
    check_ok(silbe_report_write_markdown(report, "missing.md", &err), err);
    silbe_report_free(report);
    json_t *root = json_load_file("missing.json", JSON_REJECT_DUPLICATES, NULL);
    json_t *pooled = json_object_get(root, "pooled");
    assert_int_equal(json_integer_value(json_object_get(pooled, "missing")), 2);
    check_close(json_real_value(json_object_get(pooled, "confidence_auc_0.3")), 0.5, 0);
    assert_true(json_is_null(json_object_get(pooled, "median_abs_s")));
    json_t *bins = json_object_get(json_object_get(pooled, "reliability"), "bins");
    assert_int_equal(json_array_size(bins), SILBE_N_CONFIDENCE_BINS);
    json_t *bin = json_array_get(bins, 2);
    assert_int_equal(json_integer_value(json_object_get(bin, "words")), 1);
    check_close(json_real_value(json_object_get(bin, "expected")), 0.2, 0);
    check_close(json_real_value(json_object_get(bin, "within_0.1")), 0, 0);
    check_close(json_real_value(json_object_get(bin, "within_0.3")), 1, 0);
    json_t *phone = json_array_get(json_object_get(root, "phones"), 0);
    assert_string_equal(json_string_value(json_object_get(phone, "phone")), "S");
    check_close(json_real_value(json_object_get(phone, "mean_s")), 0.11, 0);
    assert_true(json_is_null(json_object_get(phone, "median_s")));
    json_decref(root);
}

/* After in_json, of the same report. */
static void in_markdown(void **state)
{
    (void)state;
    static char text[1 << 16];
    FILE *stream = fopen("missing.md", "r");
    assert_non_null(stream);
    assert_true(fread(text, 1, sizeof text - 1, stream) > 0);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, "## Words without a time"));
    assert_non_null(strstr(text, "| A | V1 | we\\|it | 2 | 1 | 2.000 | 0.800 |"));
    assert_non_null(strstr(text, "| S | 12 | 110 | - |"));
    assert_non_null(strstr(text, "| 0.2 to 0.3 | 1 | 20.0 | 0.0 | 100.0 |"));
    assert_null(strstr(text, " inf"));
    assert_null(strstr(text, " nan"));
    /* Errors without bound would hide the others. */
    char *largest = strstr(text, "## Largest errors");
    assert_non_null(largest);
    assert_non_null(strstr(largest, "+250.0"));
    *strstr(text, "## Words without a time") = '\0';
    assert_null(strstr(largest, "we\\|it"));
}

static void bad_phones(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "{",
        "[]",
        "{\"format\": \"other\", \"phones\": []}",
        "{\"format\": \"silbe-phone-onsets\"}",
        "{\"format\": \"silbe-phone-onsets\", \"phones\": [{\"phone\": \"S\", \"n\": -1, "
        "\"mean_s\": 0, \"median_s\": 0}]}",
        "{\"format\": \"silbe-phone-onsets\", \"phones\": [{\"phone\": \"S\", \"n\": 1, "
        "\"mean_s\": 0, "
        "\"median_s\": 0}, {\"phone\": \"S\", \"n\": 1, \"mean_s\": \"x\", \"median_s\": 0}]}"};
    silbe_err err = SILBE_ERR_INIT;
    silbe_report *report = make_report();
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        write_text("bad.json", BAD[i]);
        assert_int_equal(silbe_report_read_phones(report, "bad.json", &err), SILBE_ERR_FORMAT);
        assert_non_null(strstr(err.message, "bad.json:"));
    }
    assert_non_null(strstr(err.message, "phones[1]: \"mean_s\""));
    assert_int_equal(silbe_report_read_phones(report, "none.json", &err), SILBE_ERR_IO);
    silbe_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures),
        cmocka_unit_test(in_json),
        cmocka_unit_test(in_markdown),
        cmocka_unit_test(bad_phones),
    };
    (void)mkdir("test_report_missing.files", 0777);
    if (chdir("test_report_missing.files") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
