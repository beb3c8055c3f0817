/* folds.json: what is written is found again; what is malformed is named. */
#include "pipeline/acoustic/folds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

static const char PATH[] = "test_folds.json";

static void write_text(const char *text)
{
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_find(void **state)
{
    (void)state;
    static const char *const first[] = {"Schubert_D911-01", "Schön"}, *const second[] = {"b"};
    const silbe_fold folds[] = {{"fold_1.weights", first, 2}, {"fold_2.weights", second, 1}};
    silbe_err err = SILBE_ERR_INIT;
    char *weights;
    char path[SILBE_CONFIG_PATH_SIZE];
    assert_true(silbe_folds_is_named("work/swd/train/folds.json\n", path));
    assert_string_equal(path, "work/swd/train/folds.json");
    assert_true(silbe_folds_is_named("folds.json", path));
    assert_false(silbe_folds_is_named("", path));
    assert_false(silbe_folds_is_named("singing.weights\n", path));
    assert_false(silbe_folds_is_named(".json\n", path));
    assert_false(silbe_folds_is_named("a.json\nb.json\n", path));
    check_ok(silbe_folds_write("./test_folds.json", folds, 2, &err), err);
    check_ok(silbe_folds_find("./test_folds.json", "Schön", &weights, &err), err);
    assert_string_equal(weights, "./fold_1.weights");
    free(weights);
    check_ok(silbe_folds_find(PATH, "b", &weights, &err), err);
    assert_string_equal(weights, "fold_2.weights");
    free(weights);
    assert_int_equal(silbe_folds_find(PATH, "c", &weights, &err), SILBE_ERR_MISMATCH);
    assert_null(weights);
    assert_non_null(strstr(err.message, "\"c\" is in no fold"));
    assert_int_equal(silbe_folds_find("nowhere.json", "c", &weights, &err), SILBE_ERR_IO);
    (void)remove(PATH);
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "test_folds.json:1:0: "},
        {"{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": [", "test_folds.json:1:"},
        {"[]", "test_folds.json: a JSON object is expected"},
        {"{\"format\": \"silbe-words\"}", "\"format\""},
        {"{\"format\": \"silbe-folds\", \"version\": 2}", "\"version\""},
        {"{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": 3}", "\"folds\""},
        {"{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": [{\"works\": []}]}", "folds[0]"},
        {"{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": [{\"weights\": \"\", \"works\": "
         "[]}]}",
         "folds[0]"},
        {"{\"format\": \"silbe-folds\", \"version\": 1, \"folds\": [{\"weights\": \"a\", "
         "\"works\": \"b\"}]}",
         "folds[0]"},
    };
    silbe_err err = SILBE_ERR_INIT;
    char *weights;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_text(rows[i].text);
        assert_int_equal(silbe_folds_find(PATH, "b", &weights, &err), SILBE_ERR_FORMAT);
        assert_non_null(strstr(err.message, rows[i].message));
        assert_null(weights);
    }
    (void)remove(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
