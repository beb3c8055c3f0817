#include "pipeline/host/json_file.h"
#include "tests/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_round_trip(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    json_t *root = NULL;
    check_ok(silbe_json_write("json_file.json",
                              json_pack("{s:s, s:i}", "format", "x", "version", 3), 1, &err),
             err);
    check_ok(silbe_json_read("json_file.json", &root, &err), err);
    check_ok(silbe_json_check_format(root, "x", 3, &err), err);
    assert_int_equal(silbe_json_check_format(root, "x", 4, &err), SILBE_ERR_FORMAT);
    assert_string_equal(err.message, "is not a x file of version 4");
    assert_int_equal(silbe_json_check_format(root, "y", 3, &err), SILBE_ERR_FORMAT);
    json_decref(root);
    assert_int_equal(unlink("json_file.json"), 0);
    assert_int_equal(silbe_json_write("json_file.json", NULL, 1, &err), SILBE_ERR_MEMORY);
}

static void test_bad_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "json_bad.json:1:0: "},
        {"{\"a\": 1,\n \"a\": 2}", "json_bad.json:2:4: "},
        {"{\"a\": \"\xff\"}", "json_bad.json:1:"},
        {"[1]", "json_bad.json: a JSON object is expected"},
        {"{} {}", "json_bad.json:1:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        json_t *root = json_null();
        write_text("json_bad.json", cases[i].text);
        assert_int_equal(silbe_json_read("json_bad.json", &root, &err), SILBE_ERR_FORMAT);
        assert_null(root);
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("%s: got \"%s\"", cases[i].text, err.message);
        }
    }
    assert_int_equal(unlink("json_bad.json"), 0);
    silbe_err err = SILBE_ERR_INIT;
    json_t *root = NULL;
    assert_int_equal(silbe_json_read("json_bad.json", &root, &err), SILBE_ERR_IO);
    assert_memory_equal(err.message, "json_bad.json: cannot be read: ", 31);
}

typedef struct {
    const char *text, *text_or_null;
    double number, number_or_null;
    json_int_t integer;
    const json_t *array, *object;
} values;

/* The message about a document that is not as wanted; "" if it is. */
static silbe_err take(const char *document, bool is_strict, values *v)
{
    const silbe_json_field wanted[] = {
        {"s", 's', &v->text},           {"S", 'S', &v->text_or_null},
        {"F", 'F', &v->number, 0, 1},   {"N", 'N', &v->number_or_null},
        {"I", 'I', &v->integer, -2, 2}, {"a", 'a', &v->array},
        {"o", 'o', &v->object},
    };
    silbe_err err = SILBE_ERR_INIT;
    json_t *root = json_loads(document, 0, NULL);
    assert_non_null(root);
    silbe_status status =
        silbe_json_take(root, "here: ", wanted, sizeof wanted / sizeof wanted[0], is_strict, &err);
    assert_int_equal(status, err.message[0] == '\0' ? SILBE_OK : SILBE_ERR_FORMAT);
    v->text = v->text_or_null = NULL; /* borrowed */
    json_decref(root);
    return err;
}

#define REST ", \"N\": null, \"I\": -2, \"a\": [], \"o\": {}"

static void test_take(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        bool is_strict;
        const char *message;
    } cases[] = {
        {"{\"s\": \"x\", \"S\": null, \"F\": 0.5" REST "}", true, ""},
        {"{\"s\": \"x\", \"S\": \"y\", \"F\": 1" REST "}", true, ""},
        {"{\"s\": \"x\", \"S\": null, \"F\": 0.5, \"z\": 1" REST "}", false, ""},
        {"{\"s\": \"x\", \"S\": null, \"F\": 0.5, \"z\": 1" REST "}", true,
         "here: \"z\" is not a key of this format"},
        {"{\"S\": null, \"F\": 0.5" REST "}", true, "here: \"s\" is missing"},
        {"{\"s\": null, \"S\": null, \"F\": 0.5" REST "}", true, "here: \"s\" is not a string"},
        {"{\"s\": \"x\", \"S\": 1, \"F\": 0.5" REST "}", true,
         "here: \"S\" is not a string or null"},
        {"{\"s\": \"x\", \"S\": null, \"F\": null" REST "}", true, "here: \"F\" is not a number"},
        {"{\"s\": \"x\", \"S\": null, \"F\": 1.5" REST "}", true,
         "here: \"F\" should be 0 to 1, got 1.5"},
        {"{\"s\": \"x\", \"S\": null, \"F\": 1, \"N\": 0, \"I\": 3}", true,
         "here: \"I\" should be -2 to 2, got 3"},
        {"{\"s\": \"x\", \"S\": null, \"F\": 1, \"N\": 0, \"I\": 1.0}", true,
         "here: \"I\" is not an integer"},
        {"{\"s\": \"x\", \"S\": null, \"F\": 1, \"N\": 0, \"I\": 1, \"a\": {}}", true,
         "here: \"a\" is not an array"},
        {"{\"s\": \"x\", \"S\": null, \"F\": 1, \"N\": 0, \"I\": 1, \"a\": [], \"o\": []}", true,
         "here: \"o\" is not an object"},
        {"[]", true, "here: \"s\" is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        values v = {0};
        silbe_err err = take(cases[i].document, cases[i].is_strict, &v);
        assert_string_equal(err.message, cases[i].message);
    }
    values v = {0};
    (void)take(cases[0].document, true, &v);
    check_close(v.number, 0.5, 0.0);
    assert_true(isnan(v.number_or_null));
    assert_int_equal(v.integer, -2);
}

static void test_shape(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        bool is_right;
    } cases[] = {
        {"{\"shape\": [7, 12]}", true},      {"{\"shape\": [0, 12]}", false},
        {"{\"shape\": [7]}", false},         {"{\"shape\": [7, 12, 1]}", false},
        {"{\"shape\": [7, \"12\"]}", false}, {"{\"shape\": [1099511627776, 1]}", false},
        {"{\"shape\": {}}", false},          {"{}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        size_t n_rows = 0, n_cols = 0;
        json_t *root = json_loads(cases[i].document, 0, NULL);
        silbe_status status = silbe_json_take_shape(root, "x: ", &n_rows, &n_cols, &err);
        assert_int_equal(status, cases[i].is_right ? SILBE_OK : SILBE_ERR_FORMAT);
        assert_int_equal(n_rows, cases[i].is_right ? 7 : 0);
        assert_int_equal(n_cols, cases[i].is_right ? 12 : 0);
        assert_true(cases[i].is_right || strncmp(err.message, "x: \"shape\" ", 11) == 0);
        json_decref(root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_bad_files),
                                       cmocka_unit_test(test_take), cmocka_unit_test(test_shape)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
