#include "pipeline/acoustic/adapted.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/acoustic/folds.h"
#include "pipeline/host/json_file.h"
#include "pipeline/settings/config_paths.h"

static const char FORMAT[] = "silbe-adapted";
enum { VERSION = 1 };

void silbe_adapted_free(silbe_adapted *adapted)
{
    for (size_t i = 0; i < adapted->n_items; i++) {
        free(adapted->items[i].name);
        free(adapted->items[i].reason);
    }
    free(adapted->items);
    free(adapted->weights);
    *adapted = (silbe_adapted)SILBE_ADAPTED_INIT;
}

bool silbe_adapted_is_named(const char *paths, char path[SILBE_CONFIG_PATH_SIZE])
{
    json_t *root = NULL;
    bool is_json =
        silbe_folds_is_named(paths, path) && silbe_json_read(path, &root, NULL) == SILBE_OK;
    bool is_adapted = is_json && silbe_json_check_format(root, FORMAT, VERSION, NULL) == SILBE_OK;
    json_decref(root);
    return is_adapted;
}

/* ---- writing; NULL if memory is short, or for a name that is not UTF-8 ---- */

static json_t *number_of(double value)
{
    return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static json_t *item_of(const silbe_adapted_item *item)
{
    return json_pack("{s:s, s:b, s:s, s:o, s:o, s:o}", "item", item->name, "adapted",
                     (int)item->is_adapted, "reason", item->reason, "confidence_before",
                     number_of(item->confidence_before), "confidence_after",
                     number_of(item->confidence_after), "agreement", number_of(item->agreement));
}

static bool append(json_t *list, json_t *value)
{
    return json_array_append_new(list, value) == 0;
}

static json_t *document_of(const silbe_adapted *adapted)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    const char *paths = adapted->unadapted;
    const char *slash = adapted->weights != NULL ? strrchr(adapted->weights, '/') : NULL;
    json_t *unadapted = json_array(), *items = json_array();
    bool is_whole = true;
    while (silbe_config_next_path(&paths, path)) {
        is_whole = append(unadapted, json_string(path)) && is_whole;
    }
    for (size_t i = 0; i < adapted->n_items; i++) {
        is_whole = append(items, item_of(&adapted->items[i])) && is_whole;
    }
    json_t *root = json_pack("{s:s, s:i, s:s?, s:o, s:o}", "format", FORMAT, "version", VERSION,
                             "weights", slash != NULL ? slash + 1 : adapted->weights, "unadapted",
                             unadapted, "items", items);
    if (!is_whole) {
        json_decref(root);
    }
    return is_whole ? root : NULL;
}

silbe_status silbe_adapted_write(const char *path, const silbe_adapted *adapted, silbe_err *err)
{
    json_t *root = document_of(adapted);
    if (root == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory, or a name that is not UTF-8",
                          path);
    }
    return silbe_json_write(path, root, 1, err);
}

/* ---- reading ---- */

typedef struct {
    const char *path;
    silbe_adapted *adapted;
} reading;

static void take_item(const json_t *object, size_t index, silbe_adapted *adapted, silbe_err *err)
{
    const char *name = "", *reason = "";
    silbe_adapted_item *item = &adapted->items[index];
    char place[64];
    const silbe_json_field wanted[] = {
        {"item", 's', &name},
        {"adapted", 'b', &item->is_adapted},
        {"reason", 's', &reason},
        {"confidence_before", 'N', &item->confidence_before, 0, 1},
        {"confidence_after", 'N', &item->confidence_after, 0, 1},
        {"agreement", 'N', &item->agreement, 0, 1},
    };
    (void)snprintf(place, sizeof place, "items[%zu]: ", index);
    silbe_try(err,
              silbe_json_take(object, place, wanted, sizeof wanted / sizeof wanted[0], false, err));
    item->name = silbe_copy_text(name, err);
    item->reason = silbe_copy_text(reason, err);
}

static void take_unadapted(const json_t *list, silbe_adapted *adapted, silbe_err *err)
{
    for (size_t i = 0; i < json_array_size(list) && !silbe_failed(err); i++) {
        const char *path = json_string_value(json_array_get(list, i));
        if (path == NULL || !silbe_config_add_path(adapted->unadapted, path, strlen(path))) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT, "unadapted[%zu] should be a path", i);
        }
    }
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    reading *r = target;
    const char *weights = NULL, *slash = strrchr(r->path, '/');
    const json_t *unadapted = NULL, *items = NULL;
    const silbe_json_field wanted[] = {
        {"weights", 'S', &weights}, {"unadapted", 'a', &unadapted}, {"items", 'a', &items}};
    silbe_try(err, silbe_json_check_format(root, FORMAT, VERSION, err));
    silbe_try(err, silbe_json_take(root, "", wanted, 3, false, err));
    take_unadapted(unadapted, r->adapted, err);
    size_t n = json_array_size(items);
    r->adapted->items = silbe_alloc(n, sizeof *r->adapted->items, "items", err);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        r->adapted->n_items++;
        take_item(json_array_get(items, i), i, r->adapted, err);
    }
    if (!silbe_failed(err) && weights != NULL) {
        int n_folder = slash != NULL ? (int)(slash - r->path) + 1 : 0;
        r->adapted->weights = silbe_format(err, "%.*s%s", n_folder, r->path, weights);
    }
}

silbe_status silbe_adapted_read(const char *path, silbe_adapted *adapted, silbe_err *err)
{
    reading r = {path, adapted};
    return silbe_json_parse(path, parse, &r, err);
}

const silbe_adapted_item *silbe_adapted_find(const silbe_adapted *adapted, const char *name)
{
    for (size_t i = 0; i < adapted->n_items; i++) {
        if (strcmp(adapted->items[i].name, name) == 0) {
            return &adapted->items[i];
        }
    }
    return NULL;
}

size_t silbe_adapted_count(const silbe_adapted *adapted)
{
    size_t n = 0;
    for (size_t i = 0; i < adapted->n_items; i++) {
        n += adapted->items[i].is_adapted;
    }
    return n;
}
