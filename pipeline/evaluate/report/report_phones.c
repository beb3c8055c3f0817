/* The table of mode joint: how long before the musical onset a word's first consonant is heard. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/evaluate/report/report_internal.h"
#include "pipeline/host/json_file.h"

typedef struct {
    report_phone *phones;
    size_t n_phones;
} table;

static void parse(const json_t *root, void *target, silbe_err *err)
{
    table *read = target;
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *rows = NULL;
    const silbe_json_field wanted[] = {{"phones", 'a', &rows}};
    if (format == NULL || strcmp(format, "silbe-phone-onsets") != 0) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "is not a table of phones' onsets");
    }
    silbe_try(err, silbe_json_take(root, "", wanted, 1, false, err));
    read->phones = silbe_alloc(json_array_size(rows), sizeof *read->phones, "phones", err);
    for (size_t i = 0; i < json_array_size(rows) && !silbe_failed(err); i++) {
        char place[64];
        const char *name = NULL;
        json_int_t n = 0;
        report_phone *phone = &read->phones[read->n_phones++];
        const silbe_json_field columns[] = {{"phone", 's', &name},
                                            {"n", 'I', &n, 0, INT_MAX},
                                            {"mean_s", 'N', &phone->mean_s},
                                            {"median_s", 'N', &phone->median_s}};
        (void)snprintf(place, sizeof place, "phones[%zu]: ", i);
        silbe_try(err, silbe_json_take(json_array_get(rows, i), place, columns, 4, false, err));
        phone->phone = silbe_copy_text(name, err);
        phone->n = (size_t)n;
    }
}

silbe_status silbe_report_read_phones(silbe_report *report, const char *path, silbe_err *err)
{
    silbe_err own;
    table read = {0};
    err = silbe_err_begin(err, &own);
    if (silbe_json_parse(path, parse, &read, err) == SILBE_OK) {
        report->phones = read.phones;
        report->n_phones = read.n_phones;
        return SILBE_OK;
    }
    for (size_t i = 0; i < read.n_phones; i++) {
        free(read.phones[i].phone);
    }
    free(read.phones);
    if (err->status == SILBE_ERR_FORMAT) {
        char problem[SILBE_ERR_MESSAGE_SIZE];
        (void)snprintf(problem, sizeof problem, "%s", err->message);
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%.900s; `silbe align` writes it again", problem);
    }
    return err->status;
}
