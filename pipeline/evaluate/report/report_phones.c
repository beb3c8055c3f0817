/* The table of mode joint: how long before the musical onset a word's first consonant is heard. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/evaluate/report/report_internal.h"

static bool read_row(json_t *row, report_phone *phone, bool *has_memory)
{
    json_t *name = json_object_get(row, "phone"), *n = json_object_get(row, "n");
    json_t *mean = json_object_get(row, "mean_s"), *median = json_object_get(row, "median_s");
    if (!json_is_string(name) || !json_is_integer(n) || json_integer_value(n) < 0 ||
        !(json_is_number(mean) || json_is_null(mean)) ||
        !(json_is_number(median) || json_is_null(median))) {
        return false;
    }
    phone->phone = silbe_report_copy_text(json_string_value(name), has_memory);
    phone->n = (size_t)json_integer_value(n);
    phone->mean_s = json_is_null(mean) ? NAN : json_number_value(mean);
    phone->median_s = json_is_null(median) ? NAN : json_number_value(median);
    return true;
}

silbe_status silbe_report_read_phones(silbe_report *report, const char *path, silbe_err *err)
{
    json_error_t error;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const char *format = json_string_value(json_object_get(root, "format"));
    json_t *rows = json_object_get(root, "phones");
    report_phone *phones = calloc(json_array_size(rows) + 1, sizeof *phones);
    bool has_memory = phones != NULL;
    silbe_status status = SILBE_OK;
    if (format == NULL || strcmp(format, "silbe-phone-onsets") != 0 || !json_is_array(rows)) {
        status =
            silbe_fail(err, SILBE_ERR_FORMAT,
                       "%s: is not a table of phones' onsets%s%s; `make align` writes it again",
                       path, root == NULL ? ": " : "", root == NULL ? error.text : "");
    }
    size_t n = 0, index = 0;
    json_t *row = NULL;
    json_array_foreach(rows, index, row)
    {
        if (status == SILBE_OK && has_memory && !read_row(row, &phones[n++], &has_memory)) {
            status = silbe_fail(err, SILBE_ERR_FORMAT,
                                "%s: row %zu of \"phones\" lacks phone, n, mean_s or median_s; "
                                "`make align` writes it again",
                                path, index + 1);
        }
    }
    if (status == SILBE_OK && !has_memory) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    if (status == SILBE_OK) {
        report->phones = phones;
        report->n_phones = n;
    } else {
        for (size_t i = 0; i < n; i++) {
            free(phones[i].phone);
        }
        free(phones);
    }
    json_decref(root);
    return status;
}
