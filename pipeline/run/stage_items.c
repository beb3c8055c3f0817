#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/array.h"
#include "features/base/path.h"
#include "pipeline/run/stage.h"

static silbe_status fail_memory(const char *subject, silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", subject);
}

static silbe_status append(char ***list, size_t *n, const char *text, silbe_err *err)
{
    char **more = silbe_array_append(*list, *n, sizeof *more);
    char *copy = strdup(text);
    if (more != NULL) {
        *list = more;
    }
    if (more == NULL || copy == NULL) {
        free(copy);
        return fail_memory(text, err);
    }
    more[(*n)++] = copy;
    return SILBE_OK;
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
    silbe_stage_item *more = silbe_array_append(stage->items, stage->n_items, sizeof *more);
    char *copy = strdup(name);
    if (more != NULL) {
        stage->items = more;
    }
    if (more == NULL || copy == NULL) {
        free(copy);
        return fail_memory(name, err);
    }
    more[stage->n_items] = (silbe_stage_item){.name = copy, .tag = tag};
    if (index != NULL) {
        *index = stage->n_items;
    }
    stage->n_items++;
    return SILBE_OK;
}

silbe_status silbe_stage_add_input(silbe_stage *stage, size_t index, const char *path,
                                   silbe_err *err)
{
    silbe_stage_item *item = &stage->items[index];
    return append(&item->inputs, &item->n_inputs, path, err);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

silbe_status silbe_stage_add_output(silbe_stage *stage, size_t index, const char *name,
                                    silbe_err *err)
{
    silbe_stage_item *item = &stage->items[index];
    /* All are written into one temporary folder first. */
    for (size_t i = 0; i < item->n_outputs; i++) {
        if (strcmp(last_part(item->outputs[i]), last_part(name)) == 0) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: two outputs are called %s", item->name,
                              last_part(name));
        }
    }
    return append(&item->outputs, &item->n_outputs, name, err);
}

silbe_status silbe_stage_add_item_output(silbe_stage *stage, size_t index, const char *suffix,
                                         silbe_err *err)
{
    const char *item = stage->items[index].name;
    size_t size = strlen(item) + strlen(suffix) + 2;
    char *name = malloc(size);
    if (name == NULL) {
        return fail_memory(item, err);
    }
    (void)snprintf(name, size, "%s.%s", item, suffix);
    silbe_status status = silbe_stage_add_output(stage, index, name, err);
    free(name);
    return status;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(list[i]);
    }
    free(list);
}

void silbe_stage_free(silbe_stage *stage)
{
    for (size_t i = 0; i < stage->n_items; i++) {
        free(stage->items[i].name);
        free_list(stage->items[i].inputs, stage->items[i].n_inputs);
        free_list(stage->items[i].outputs, stage->items[i].n_outputs);
    }
    free(stage->items);
    *stage = (silbe_stage)SILBE_STAGE_INIT;
}

char *silbe_stage_path(const silbe_config *config, const char *stage, const char *name)
{
    return silbe_path_format("%s/%s/%s%s%s", config->work.folder, config->dataset.name, stage,
                             name != NULL ? "/" : "", name != NULL ? name : "");
}

char *silbe_stage_file(const silbe_config *config, const char *stage, const char *folder,
                       const char *name, const char *suffix)
{
    return silbe_path_format("%s/%s/%s/%s%s%s.%s", config->work.folder, config->dataset.name, stage,
                             folder, folder[0] != '\0' ? "/" : "", name, suffix);
}
