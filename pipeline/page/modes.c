#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/modes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/format.h"

/* Every item failed in it. */
static bool has_failed(const silbe_page_mode *mode)
{
    return json_array_size(json_object_get(mode->report, "failed")) > 0 &&
           json_array_size(json_object_get(mode->report, "items")) == 0;
}

/* The first mode is the one that the page opens with. */
static int compare_modes(const void *a, const void *b)
{
    const silbe_page_mode *left = a, *right = b;
    if (has_failed(left) != has_failed(right)) {
        return has_failed(left) ? 1 : -1;
    }
    return left->stage < right->stage ? -1 : left->stage > right->stage;
}

static silbe_status read_report(const char *path, json_t **report, silbe_err *err)
{
    json_error_t error;
    *report = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(*report)) {
        json_decref(*report);
        *report = NULL;
        return silbe_fail(
            err, SILBE_ERR_FORMAT,
            "%s: is not a report (line %d, column %d: %s); `silbe evaluate` writes it "
            "again",
            path, error.line, error.column, error.text);
    }
    return SILBE_OK;
}

/* Appends the mode if its folder has results. */
static void add_mode(const char *folder, silbe_stage_id stage, silbe_page_modes *modes,
                     silbe_err *err)
{
    struct stat info;
    const char *name = silbe_chain_get(stage)->name;
    char *words = silbe_format(err, "%s/%s/words", folder, name);
    char *report = silbe_format(err, "%s/%s/report.json", folder, name);
    if (silbe_failed(err)) {
        goto done;
    }
    bool has_report = stat(report, &info) == 0 && S_ISREG(info.st_mode);
    if (has_report || (stat(words, &info) == 0 && S_ISDIR(info.st_mode))) {
        silbe_page_mode *mode = &modes->modes[modes->n_modes++];
        *mode = (silbe_page_mode){stage, name, NULL};
        if (has_report) {
            silbe_try(err, read_report(report, &mode->report, err));
        }
    }
done:
    free(words);
    free(report);
}

silbe_status silbe_page_modes_find(const char *folder, silbe_page_modes *modes, silbe_err *err)
{
    static const char ADVICE[] = "; `silbe align` makes them";
    struct stat info;
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *modes = (silbe_page_modes)SILBE_PAGE_MODES_INIT;
    if (stat(folder, &info) != 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: there are no results yet (%s)%s", folder,
                          strerror(errno), ADVICE);
    }
    for (int s = SILBE_STAGE_MODES; s < SILBE_N_STAGES && !silbe_failed(err); s++) {
        add_mode(folder, (silbe_stage_id)s, modes, err);
    }
    if (!silbe_failed(err) && modes->n_modes == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: holds no word times%s", folder, ADVICE);
    }
    qsort(modes->modes, modes->n_modes, sizeof *modes->modes, compare_modes);
    return err->status;
}

void silbe_page_modes_free(silbe_page_modes *modes)
{
    for (size_t i = 0; i < modes->n_modes; i++) {
        json_decref(modes->modes[i].report);
    }
    *modes = (silbe_page_modes)SILBE_PAGE_MODES_INIT;
}
