/* adapted.json: what is written is read again; what is malformed is named. */
#include "pipeline/acoustic/adapted.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/settings/config_paths.h"
#include "tests/check.h"

static const char PATH[] = "./test_adapted.json";

static void write_text(const char *text)
{
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_round_trip(void **state)
{
    (void)state;
    char weights[] = "somewhere/adapted.weights", first[] = "Schön_A", second[] = "b";
    char none[] = "", reason[] = "its features could not be made";
    silbe_adapted_item items[] = {
        {.name = first,
         .is_adapted = true,
         .reason = none,
         .confidence_before = 0.75,
         .confidence_after = 0.96875,
         .agreement = 1},
        {.name = second,
         .reason = reason,
         .confidence_before = NAN,
         .confidence_after = NAN,
         .agreement = NAN},
    };
    silbe_adapted written = {.weights = weights, .items = items, .n_items = 2};
    silbe_adapted read = SILBE_ADAPTED_INIT;
    silbe_err err = SILBE_ERR_INIT;
    char path[SILBE_CONFIG_PATH_SIZE];
    assert_true(silbe_config_add_path(written.unadapted, "x.weights", 9));
    check_ok(silbe_adapted_write(PATH, &written, &err), err);
    assert_true(silbe_adapted_is_named("./test_adapted.json\n", path));
    assert_string_equal(path, PATH);
    check_ok(silbe_adapted_read(PATH, &read, &err), err);
    assert_string_equal(read.weights, "./adapted.weights"); /* beside the file */
    assert_string_equal(read.unadapted, "x.weights\n");
    assert_int_equal(read.n_items, 2);
    assert_int_equal(silbe_adapted_count(&read), 1);
    const silbe_adapted_item *item = silbe_adapted_find(&read, "Schön_A");
    assert_non_null(item);
    assert_true(item->is_adapted);
    check_close(item->confidence_after, 0.96875, 0);
    item = silbe_adapted_find(&read, "b");
    assert_non_null(item);
    assert_false(item->is_adapted);
    assert_string_equal(item->reason, reason);
    assert_true(isnan(item->agreement));
    assert_null(silbe_adapted_find(&read, "c"));
    silbe_adapted_free(&read);
    /* Nothing was learnt. */
    written.weights = NULL;
    check_ok(silbe_adapted_write(PATH, &written, &err), err);
    check_ok(silbe_adapted_read(PATH, &read, &err), err);
    assert_null(read.weights);
    silbe_adapted_free(&read);
    (void)remove(PATH);
}

static void test_malformed(void **state)
{
    (void)state;
#define HEAD "{\"format\": \"silbe-adapted\", \"version\": 1, "
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[]", "test_adapted.json: a JSON object is expected"},
        {"{\"format\": \"silbe-folds\", \"version\": 1}", "is not a silbe-adapted file"},
        {HEAD "\"weights\": 3}", "\"weights\""},
        {HEAD "\"weights\": null, \"unadapted\": [3], \"items\": []}", "unadapted[0]"},
        {HEAD "\"weights\": null, \"unadapted\": [], \"items\": [{\"item\": \"a\"}]}",
         "items[0]: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        silbe_adapted adapted = SILBE_ADAPTED_INIT;
        silbe_err err = SILBE_ERR_INIT;
        write_text(rows[i].text);
        assert_int_equal(silbe_adapted_read(PATH, &adapted, &err), SILBE_ERR_FORMAT);
        if (strstr(err.message, rows[i].message) == NULL) {
            fail_msg("row %zu: \"%s\"", i, err.message);
        }
        silbe_adapted_free(&adapted);
    }
    char path[SILBE_CONFIG_PATH_SIZE];
    write_text("{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": []}");
    assert_false(silbe_adapted_is_named("./test_adapted.json", path));
    assert_false(silbe_adapted_is_named("nowhere.json", path));
    assert_false(silbe_adapted_is_named("", path));
    (void)remove(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_malformed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
