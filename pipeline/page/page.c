#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/page.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>
#include <omp.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/host/run_info.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/page/audio_link.h"
#include "pipeline/page/item.h"
#include "pipeline/page/machine.h"
#include "pipeline/page/modes.h"
#include "pipeline/page/script_file.h"
#include "pipeline/run/chain.h"

enum { FORMAT_VERSION = 1 };

/* ---- the built page ---- */

static void copy_asset(const char *assets, const char *name, const char *folder, silbe_err *err)
{
    char *from = silbe_join_path(assets, name, err), *to = silbe_join_path(folder, name, err);
    silbe_try(err, silbe_page_copy_file(from, to, err));
    free(from);
    free(to);
}

static void copy_assets(const char *assets, const char *folder, silbe_err *err)
{
    DIR *stream = silbe_failed(err) ? NULL : opendir(assets);
    struct dirent *entry = NULL;
    if (stream == NULL) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "%s: the built page is missing (%s); `make report` builds it",
                                  assets, strerror(errno)));
        return;
    }
    while (!silbe_failed(err) && (entry = readdir(stream)) != NULL) {
        if (entry->d_name[0] != '.') {
            copy_asset(assets, entry->d_name, folder, err);
        }
    }
    (void)closedir(stream);
}

/* ---- items ---- */

typedef struct {
    const silbe_config *config;
    const silbe_page_modes *modes;
    const char *folder;
    const silbe_item **items; /* the selected ones; owned */
    json_t **rows;            /* one for each; owned */
    size_t n_items;
} page_work;

static void select_items(const silbe_config *config, const silbe_dataset *dataset, page_work *work,
                         silbe_err *err)
{
    work->items = silbe_alloc(dataset->n_items, sizeof *work->items, "items", err);
    work->rows = silbe_alloc(dataset->n_items, sizeof *work->rows, "items", err);
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        if (silbe_chain_selects(config, dataset->items[i].name)) {
            work->items[work->n_items++] = &dataset->items[i];
        }
    }
    if (work->n_items == 0 && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                         config->dataset.name, config->run.items);
    }
}

static void write_item(page_work *work, size_t i, silbe_err *err)
{
    silbe_page_item page = SILBE_PAGE_ITEM_INIT;
    char key[32], name[64];
    (void)snprintf(key, sizeof key, "item-%04zu", i + 1);
    (void)snprintf(name, sizeof name, "data/%s.js", key);
    char *path = silbe_join_path(work->folder, name, err);
    silbe_try(err, silbe_page_item_new(work->config, work->modes, work->items[i], i + 1,
                                       work->folder, &page, err));
    silbe_try(err, silbe_page_write_script(path, key, page.data, err));
    if (!silbe_failed(err) && json_object_set_new(page.row, "file", json_string(key)) != 0) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", name);
    }
    work->rows[i] = silbe_failed(err) ? NULL : json_incref(page.row);
    silbe_page_item_free(&page);
    free(path);
}

/* The error of the first item that has one, whatever the number of threads. */
static void write_items(page_work *work, silbe_err *err)
{
    int n_threads =
        work->config->run.threads > 0 ? work->config->run.threads : omp_get_max_threads();
    size_t n = silbe_failed(err) ? 0 : work->n_items, first_failed = n;
#pragma omp parallel for schedule(dynamic) num_threads(n_threads)
    for (size_t i = 0; i < n; i++) {
        silbe_err own = SILBE_ERR_INIT;
        write_item(work, i, &own);
#pragma omp critical
        if (silbe_failed(&own) && i < first_failed) {
            first_failed = i;
            *err = own;
        }
    }
}

static void list_problems(const page_work *work, silbe_page_summary *summary, silbe_err *err)
{
    for (size_t i = 0; i < work->n_items && !silbe_failed(err); i++) {
        size_t k = 0;
        json_t *problem = NULL;
        json_array_foreach(json_object_get(work->rows[i], "problems"), k, problem)
        {
            silbe_try(err, silbe_messages_add(&summary->problems, err, "%s: %s",
                                              work->items[i]->name, json_string_value(problem)));
        }
    }
}

/* ---- overview ---- */

/* All settings as YAML; NULL if memory is short. */
static json_t *settings_of(const silbe_config *config)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    silbe_status status =
        stream != NULL ? silbe_config_print(config, stream, NULL) : SILBE_ERR_MEMORY;
    bool is_whole = stream != NULL && fclose(stream) == 0 && status == SILBE_OK;
    json_t *string = is_whole ? json_string(text) : NULL;
    if (is_whole && string == NULL) {
        /* A path may hold any bytes, which JSON cannot. */
        string = silbe_page_text(text);
    }
    free(text);
    return string;
}

static json_t *machine_of(void)
{
    silbe_machine machine;
    silbe_machine_get(&machine);
    return json_pack("{s:o, s:o, s:I, s:o}", "system", silbe_page_text(machine.system), "processor",
                     silbe_page_text(machine.processor), "processors",
                     (json_int_t)machine.n_processors, "memory_gb",
                     silbe_page_number(machine.memory_gb, 1));
}

static json_t *modes_of(const silbe_page_modes *modes)
{
    json_t *array = json_array();
    for (size_t m = 0; m < modes->n_modes; m++) {
        const silbe_page_mode *mode = &modes->modes[m];
        json_array_append_new(array, json_pack("{s:o, s:O?}", "name", silbe_page_text(mode->name),
                                               "report", mode->report));
    }
    return array;
}

static void write_overview(const page_work *work, const silbe_page_facts *facts, silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    json_t *rows = json_array();
    for (size_t i = 0; i < work->n_items; i++) {
        json_array_append(rows, work->rows[i]);
    }
    json_t *overview =
        json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "format", "silbe-page",
                  "version", FORMAT_VERSION, "dataset", silbe_page_text(work->config->dataset.name),
                  "program_version", silbe_version(), "command", silbe_page_text(facts->command),
                  "settings", settings_of(work->config), "machine", machine_of(), "modes",
                  modes_of(work->modes), "items", rows);
    char *path = silbe_join_path(work->folder, "data/overview.js", err);
    silbe_try(err, silbe_page_write_script(path, "overview", overview, err));
    json_decref(overview);
    free(path);
}

/* ---- together ---- */

/* Empty folders data and, for copies, audio: copies that are no longer wanted must not stay. */
static void make_folders(const silbe_config *config, const char *folder, silbe_err *err)
{
    char *data = silbe_join_path(folder, "data", err),
         *audio = silbe_join_path(folder, "audio", err);
    silbe_try(err, silbe_remove_tree(data, err));
    silbe_try(err, silbe_make_folders(data, err));
    silbe_try(err, silbe_remove_tree(audio, err));
    if (config->report.audio == SILBE_REPORT_AUDIO_COPY) {
        silbe_try(err, silbe_make_folders(audio, err));
    }
    free(data);
    free(audio);
}

silbe_status silbe_page_write(const silbe_config *config, const silbe_dataset *dataset,
                              const silbe_page_facts *facts, silbe_page_summary *summary,
                              silbe_err *err)
{
    silbe_err own;
    silbe_page_modes modes = SILBE_PAGE_MODES_INIT;
    page_work work = {.config = config, .modes = &modes};
    err = silbe_err_begin(err, &own);
    char *results = silbe_chain_folder(config, NULL, err);
    char *folder = facts->folder != NULL ? silbe_copy_text(facts->folder, err)
                                         : silbe_chain_folder(config, "report", err);
    work.folder = folder;
    silbe_try(err, silbe_page_modes_find(results, &modes, err));
    select_items(config, dataset, &work, err);
    silbe_try(err, silbe_make_folders(folder, err));
    copy_assets(facts->assets, folder, err);
    make_folders(config, folder, err);
    write_items(&work, err);
    write_overview(&work, facts, err);
    list_problems(&work, summary, err);
    summary->n_items = work.n_items;
    summary->n_modes = modes.n_modes;
    for (size_t i = 0; i < work.n_items; i++) {
        json_decref(work.rows[i]);
    }
    free(work.items);
    free(work.rows);
    silbe_page_modes_free(&modes);
    free(results);
    free(folder);
    return err->status;
}
