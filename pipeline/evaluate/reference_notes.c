#include "pipeline/evaluate/reference_notes.h"

#include <math.h>
#include <string.h>

#include "datasets/csv.h"
#include "pipeline/run/chain.h"

static const char *const HEADERS[] = {"work;version;time;note", NULL};
enum { WORK, VERSION, TIME, NOTE };

static bool is_reported(const silbe_dataset *dataset, const silbe_config *config, const char *work,
                        const char *version)
{
    for (size_t i = 0; i < dataset->n_items; i++) {
        const silbe_item *item = &dataset->items[i];
        if (strcmp(item->work, work) == 0 && strcmp(item->version, version) == 0) {
            return silbe_chain_selects(config, item->name);
        }
    }
    return false;
}

silbe_status silbe_reference_notes_add(const char *path, const silbe_dataset *dataset,
                                       const silbe_config *config, silbe_report *report,
                                       silbe_err *err)
{
    silbe_err own;
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_csv_read(path, HEADERS, false, &table, err));
    for (size_t row = 0; row < table.n_rows && !silbe_failed(err); row++) {
        const char *work = silbe_csv_at(&table, row, WORK)->text;
        const char *version = silbe_csv_at(&table, row, VERSION)->text;
        double time_s = 0;
        silbe_try(err, silbe_csv_number(&table, row, TIME, 0, HUGE_VAL, &time_s, err));
        if (is_reported(dataset, config, work, version)) {
            silbe_try(err, silbe_report_add_note(report, work, version, time_s,
                                                 silbe_csv_at(&table, row, NOTE)->text, err));
        }
    }
    silbe_csv_free(&table);
    return err->status;
}
