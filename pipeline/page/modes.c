#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/modes.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/array.h"
#include "features/base/path.h"

static const char *const ORDER[] = {"score", "lyrics", "joint", "transfer", "consensus"};
enum { N_ORDER = sizeof ORDER / sizeof ORDER[0] };

static size_t rank_of(const char *name)
{
    size_t rank = 0;
    while (rank < N_ORDER && strcmp(ORDER[rank], name) != 0) {
        rank++;
    }
    return rank;
}

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
    size_t ranks[] = {rank_of(left->name), rank_of(right->name)};
    if (has_failed(left) != has_failed(right)) {
        return has_failed(left) ? 1 : -1;
    }
    return ranks[0] != ranks[1] ? (ranks[0] < ranks[1] ? -1 : 1) : strcmp(left->name, right->name);
}

static silbe_status read_report(const char *path, json_t **report, silbe_err *err)
{
    json_error_t error;
    *report = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(*report)) {
        json_decref(*report);
        *report = NULL;
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: is not a report (line %d, column %d: %s); `make evaluate` writes it "
                          "again",
                          path, error.line, error.column, error.text);
    }
    return SILBE_OK;
}

/* Appends the mode if its folder has results. */
static silbe_status add_mode(const char *folder, const char *name, size_t *capacity,
                             silbe_page_modes *modes, silbe_err *err)
{
    struct stat info;
    char *words = silbe_path_format("%s/%s/words", folder, name);
    char *report = silbe_path_format("%s/%s/report.json", folder, name);
    silbe_status status = SILBE_ERR_MEMORY;
    if (words == NULL || report == NULL) {
        (void)silbe_fail(err, status, "%s: out of memory", folder);
        goto done;
    }
    bool has_report = stat(report, &info) == 0 && S_ISREG(info.st_mode);
    status = SILBE_OK;
    if (!has_report && (stat(words, &info) != 0 || !S_ISDIR(info.st_mode))) {
        goto done;
    }
    silbe_page_mode *grown =
        silbe_array_grow(modes->modes, modes->n_modes, capacity, sizeof *modes->modes);
    if (grown == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", folder);
        goto done;
    }
    modes->modes = grown;
    grown[modes->n_modes] = (silbe_page_mode){strdup(name), NULL};
    if (grown[modes->n_modes++].name == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", folder);
    } else if (has_report) {
        status = read_report(report, &grown[modes->n_modes - 1].report, err);
    }
done:
    free(words);
    free(report);
    return status;
}

silbe_status silbe_page_modes_find(const char *folder, silbe_page_modes *modes, silbe_err *err)
{
    static const char ADVICE[] = "; `make align` makes them";
    *modes = (silbe_page_modes)SILBE_PAGE_MODES_INIT;
    size_t capacity = 0;
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: there are no results yet (%s)%s", folder,
                          strerror(errno), ADVICE);
    }
    silbe_status status = SILBE_OK;
    struct dirent *entry = NULL;
    while (status == SILBE_OK && (entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] != '.') {
            status = add_mode(folder, entry->d_name, &capacity, modes, err);
        }
    }
    (void)closedir(stream);
    if (status == SILBE_OK && modes->n_modes == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: holds no word times%s", folder, ADVICE);
    }
    if (status == SILBE_OK) {
        qsort(modes->modes, modes->n_modes, sizeof *modes->modes, compare_modes);
    }
    return status;
}

void silbe_page_modes_free(silbe_page_modes *modes)
{
    for (size_t i = 0; i < modes->n_modes; i++) {
        free(modes->modes[i].name);
        json_decref(modes->modes[i].report);
    }
    free(modes->modes);
    *modes = (silbe_page_modes)SILBE_PAGE_MODES_INIT;
}
