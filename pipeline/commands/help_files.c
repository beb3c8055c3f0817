#include "pipeline/commands/help_files.h"

#include <stdlib.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "pipeline/commands/completion.h"
#include "pipeline/commands/man.h"

/* Ends the file that was opened, and written unless err holds a failure. */
static void end_file(silbe_atomic_file *file, silbe_err *err)
{
    silbe_try(err, silbe_atomic_commit(file, err));
    silbe_atomic_abort(file);
}

static void write_page(const char *folder, size_t i, silbe_err *err)
{
    char name[SILBE_MAN_NAME_SIZE];
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    int section = silbe_man_name(i, name);
    char *path = silbe_format(err, "%s/man/%s.%d", folder, name, section);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        silbe_man_print(i, file.stream);
    }
    end_file(&file, err);
    free(path);
}

static void write_completion(const char *folder, const silbe_completion_shell *shell,
                             silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *path = silbe_format(err, "%s/completions/%s", folder, shell->file);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        shell->print(file.stream);
    }
    end_file(&file, err);
    free(path);
}

static void make_folder(const char *folder, const char *name, silbe_err *err)
{
    char *path = silbe_join_path(folder, name, err);
    silbe_try(err, silbe_make_folders(path, err));
    free(path);
}

silbe_status silbe_help_files_write(const char *folder, silbe_err *err)
{
    silbe_err own;
    size_t n_shells = 0;
    const silbe_completion_shell *shells = silbe_completion_shells(&n_shells);
    err = silbe_err_begin(err, &own);
    make_folder(folder, "man", err);
    make_folder(folder, "completions", err);
    for (size_t i = 0; i < silbe_man_n_pages(); i++) {
        write_page(folder, i, err);
    }
    for (size_t i = 0; i < n_shells; i++) {
        write_completion(folder, &shells[i], err);
    }
    return err->status;
}
