#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/run/stage.h"

static void append(silbe_stage_files *list, int file, const char *path, silbe_err *err)
{
    list->files = silbe_grow(list->files, list->n, NULL, sizeof *list->files, "files", err);
    list->paths = silbe_grow(list->paths, list->n, NULL, sizeof *list->paths, "files", err);
    char *copy = silbe_copy_text(path, err);
    if (copy != NULL) {
        list->files[list->n] = file;
        list->paths[list->n++] = copy;
    }
}

silbe_status silbe_stage_add_item(silbe_stage *stage, const char *name, size_t tag, size_t *index,
                                  silbe_err *err)
{
    if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "item \"%.200s\": a name must not be empty, begin with a dot or contain "
                          "'/'",
                          name);
    }
    for (size_t i = 0; i < stage->n_items; i++) {
        if (strcmp(stage->items[i].name, name) == 0) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "two items are called \"%.200s\"; rename one of them", name);
        }
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    stage->items =
        silbe_grow(stage->items, stage->n_items, NULL, sizeof *stage->items, "items", err);
    char *copy = silbe_copy_text(name, err);
    if (copy != NULL) {
        stage->items[stage->n_items] = (silbe_stage_item){.name = copy, .tag = tag};
        *index = stage->n_items++;
    }
    return err->status;
}

silbe_status silbe_stage_add_input(silbe_stage *stage, size_t index, int file, const char *path,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    append(&stage->items[index].inputs, file, path, err);
    return err->status;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

silbe_status silbe_stage_add_output(silbe_stage *stage, size_t index, int file, const char *name,
                                    silbe_err *err)
{
    silbe_err own;
    silbe_stage_item *item = &stage->items[index];
    err = silbe_err_begin(err, &own);
    /* All are written into one temporary folder first. */
    for (size_t i = 0; i < item->outputs.n; i++) {
        if (strcmp(last_part(item->outputs.paths[i]), last_part(name)) == 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: two outputs are called %s", item->name,
                              last_part(name));
        }
    }
    append(&item->outputs, file, name, err);
    return err->status;
}

const char *silbe_stage_input(const silbe_stage_item *item, int file)
{
    size_t i = 0;
    while (i < item->inputs.n && item->inputs.files[i] != file) {
        i++;
    }
    return i < item->inputs.n ? item->inputs.paths[i] : NULL;
}

const char *const *silbe_stage_output(const silbe_stage_item *item, const char *const *temp_outputs,
                                      int file)
{
    size_t i = 0;
    while (i < item->outputs.n && item->outputs.files[i] != file) {
        i++;
    }
    return i < item->outputs.n ? &temp_outputs[i] : NULL;
}

static void free_files(silbe_stage_files *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->paths[i]);
    }
    free(list->paths);
    free(list->files);
}

void silbe_stage_free(silbe_stage *stage)
{
    for (size_t i = 0; i < stage->n_items; i++) {
        free(stage->items[i].name);
        free_files(&stage->items[i].inputs);
        free_files(&stage->items[i].outputs);
    }
    free(stage->items);
    *stage = (silbe_stage)SILBE_STAGE_INIT;
}
