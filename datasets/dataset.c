#include "datasets/dataset.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/readers.h"
#include "features/base/memory.h"

static const char SWD_HINT[] =
    "; SWD_ROOT says where the Schubert Winterreise Dataset lies (default datasets/swd/data), and "
    "`make fetch DATASET=swd` downloads it";

silbe_status silbe_dataset_open(const char *kind, const char *name, const char *root,
                                silbe_dataset *dataset, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *dataset = (silbe_dataset)SILBE_DATASET_INIT;
    bool is_swd = strcmp(kind, "swd") == 0;
    const char *hint = is_swd ? SWD_HINT : "; check the path";
    if (!is_swd && strcmp(kind, "folder") != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "dataset \"%s\": unknown kind \"%s\", expected \"swd\" or \"folder\"",
                          name, kind);
    }
    struct stat info;
    if (stat(root, &info) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: %s%s", root,
                          errno == ENOENT ? "no such folder" : strerror(errno), hint);
    }
    if (!S_ISDIR(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: not a folder%s", root, hint);
    }
    dataset->name = silbe_copy_text(name, err);
    /* Both go through sorted listings whose stems are the items' names: the items are in order. */
    (is_swd ? silbe_swd_open : silbe_folder_open)(root, dataset, err);
    return err->status;
}
