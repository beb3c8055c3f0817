#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/learn/settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/read_text.h"

static void compare(const char *path, const char *old, const char *text, const char *advice,
                    silbe_err *err)
{
    while (!silbe_failed(err) && (*old != '\0' || *text != '\0')) {
        size_t n_old = strcspn(old, "\n"), n = strcspn(text, "\n");
        if (n_old != n || memcmp(old, text, n) != 0) {
            (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                             "%s: a training that was begun otherwise: \"%.*s\" there, \"%.*s\" "
                             "now; %s",
                             path, n_old > 150 ? 150 : (int)n_old, old, n > 150 ? 150 : (int)n,
                             text, advice);
        }
        old += n_old + (old[n_old] != '\0');
        text += n + (text[n] != '\0');
    }
}

silbe_status silbe_settings_file_check(const char *path, const char *text, const char *advice,
                                       silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (access(path, F_OK) == 0) {
        char *old = NULL;
        size_t n_bytes;
        silbe_try(err, silbe_read_text(path, &old, &n_bytes, err));
        compare(path, old, text, advice, err);
        free(old);
        return err->status;
    }
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        (void)fputs(text, file.stream); /* commit checks the stream */
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
    return err->status;
}
