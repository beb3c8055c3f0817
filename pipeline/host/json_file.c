#include "pipeline/host/json_file.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/read_file.h"

enum { MAX_BYTES = 1 << 30, MAX_NAME = 256 };

silbe_status silbe_json_write(const char *path, json_t *root, size_t indent, silbe_err *err)
{
    silbe_err own;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    err = silbe_err_begin(err, &own);
    if (root == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        /* A failed write shows in commit, through the stream's error flag. */
        (void)json_dumpf(root, file.stream, JSON_INDENT(indent));
        (void)fputc('\n', file.stream);
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    json_decref(root);
    return err->status;
}

silbe_status silbe_json_read(const char *path, json_t **root, silbe_err *err)
{
    char *text = NULL;
    size_t n_bytes = 0;
    json_error_t problem;
    *root = NULL;
    silbe_status status = silbe_read_file(path, MAX_BYTES, &text, &n_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    json_t *found = json_loadb(text, n_bytes, JSON_REJECT_DUPLICATES, &problem);
    free(text);
    if (found == NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s:%d:%d: %s", path, problem.line, problem.column,
                          problem.text);
    }
    if (!json_is_object(found)) {
        json_decref(found);
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: a JSON object is expected", path);
    }
    *root = found;
    return SILBE_OK;
}

silbe_status silbe_json_parse(const char *path, silbe_json_parser parse, void *target,
                              silbe_err *err)
{
    silbe_err own;
    json_t *root = NULL;
    err = silbe_err_begin(err, &own);
    if (silbe_json_read(path, &root, err) == SILBE_OK) {
        parse(root, target, err);
        json_decref(root);
        if (silbe_failed(err)) {
            (void)silbe_fail_prefix(err, err->status, path);
        }
    }
    return err->status;
}

silbe_status silbe_json_check_format(const json_t *root, const char *format, int version,
                                     silbe_err *err)
{
    const char *found = json_string_value(json_object_get(root, "format"));
    if (found == NULL || strcmp(found, format) != 0 ||
        json_integer_value(json_object_get(root, "version")) != version) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "is not a %s file of version %d", format, version);
    }
    return SILBE_OK;
}

/* False if value is not of the field's type. */
static bool take_value(const silbe_json_field *wanted, const json_t *value)
{
    switch (wanted->type) {
    case 's':
    case 'S':
        *(const char **)wanted->target = json_string_value(value);
        return json_is_string(value) || (wanted->type == 'S' && json_is_null(value));
    case 'F':
    case 'N':
        *(double *)wanted->target = json_is_number(value) ? json_number_value(value) : NAN;
        return json_is_number(value) || (wanted->type == 'N' && json_is_null(value));
    case 'I':
        *(json_int_t *)wanted->target = json_integer_value(value);
        return json_is_integer(value);
    case 'J':
        if (json_is_integer(value)) {
            *(json_int_t *)wanted->target = json_integer_value(value);
        }
        return json_is_integer(value) || json_is_null(value);
    case 'b':
        *(bool *)wanted->target = json_is_true(value);
        return json_is_boolean(value);
    case 'a':
        *(const json_t **)wanted->target = value;
        return json_is_array(value);
    default:
        *(const json_t **)wanted->target = value;
        return json_is_object(value);
    }
}

static const char *type_name(char type)
{
    switch (type) {
    case 's':
        return "a string";
    case 'S':
        return "a string or null";
    case 'F':
        return "a number";
    case 'N':
        return "a number or null";
    case 'I':
        return "an integer";
    case 'J':
        return "an integer or null";
    case 'b':
        return "true or false";
    case 'a':
        return "an array";
    default:
        return "an object";
    }
}

static bool is_in_range(const silbe_json_field *wanted, const json_t *value)
{
    double number = json_number_value(value);
    bool has_range = json_is_number(value) && (wanted->min != 0.0 || wanted->max != 0.0);
    return !has_range || (number >= wanted->min && number <= wanted->max);
}

/* name: of the field in messages. */
static void take_field(const json_t *value, const char *name, const silbe_json_field *wanted,
                       silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    if (value == NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s is missing", name);
    } else if (!take_value(wanted, value)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s is not %s", name, type_name(wanted->type));
    } else if (!is_in_range(wanted, value)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s should be %.10g to %.10g, got %.10g", name,
                         wanted->min, wanted->max, json_number_value(value));
    }
}

silbe_status silbe_json_take_row(const json_t *row, const char *place,
                                 const silbe_json_field *columns, size_t n, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (!json_is_array(row) || json_array_size(row) != n) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s should be an array of %zu values", place, n);
    }
    for (size_t i = 0; i < n; i++) {
        char name[MAX_NAME];
        (void)snprintf(name, sizeof name, "%.200s[%zu] (%s)", place, i, columns[i].key);
        take_field(json_array_get(row, i), name, &columns[i], err);
    }
    return err->status;
}

static bool is_wanted(const char *key, const silbe_json_field *wanted, size_t n)
{
    bool is_known = false;
    for (size_t i = 0; i < n; i++) {
        is_known = is_known || strcmp(key, wanted[i].key) == 0;
    }
    return is_known;
}

silbe_status silbe_json_take(const json_t *object, const char *place,
                             const silbe_json_field *wanted, size_t n, bool is_strict,
                             silbe_err *err)
{
    silbe_err own;
    const char *key;
    const json_t *value;
    err = silbe_err_begin(err, &own);
    for (size_t i = 0; i < n; i++) {
        char name[MAX_NAME];
        (void)snprintf(name, sizeof name, "%.200s\"%s\"", place, wanted[i].key);
        take_field(json_object_get(object, wanted[i].key), name, &wanted[i], err);
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (is_strict && !silbe_failed(err) && !is_wanted(key, wanted, n)) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s\"%.100s\" is not a key of this format",
                             place, key);
        }
    }
    return err->status;
}

silbe_status silbe_json_take_shape(const json_t *object, const char *place, size_t *n_rows,
                                   size_t *n_cols, silbe_err *err)
{
    const json_t *shape = NULL;
    const silbe_json_field wanted[] = {{"shape", 'a', &shape}};
    silbe_status status = silbe_json_take(object, place, wanted, 1, false, err);
    if (status != SILBE_OK) {
        return status;
    }
    json_int_t rows = json_integer_value(json_array_get(shape, 0));
    json_int_t cols = json_integer_value(json_array_get(shape, 1));
    if (json_array_size(shape) != 2 || rows < 1 || rows > 1 << 30 || cols < 1 || cols > 1 << 30) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s\"shape\" should be two integers from 1 to 2^30", place);
    }
    *n_rows = (size_t)rows;
    *n_cols = (size_t)cols;
    return SILBE_OK;
}
