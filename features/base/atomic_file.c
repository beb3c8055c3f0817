#define _POSIX_C_SOURCE 200809L
#include "features/base/atomic_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/format.h"
#include "features/base/memory.h"

static void close_and_forget(silbe_atomic_file *file)
{
    if (file->stream != NULL) {
        (void)fclose(file->stream);
    }
    free(file->path);
    free(file->temp_path);
    *file = (silbe_atomic_file)SILBE_ATOMIC_FILE_INIT;
}

silbe_status silbe_atomic_open(silbe_atomic_file *file, const char *path, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *file = (silbe_atomic_file)SILBE_ATOMIC_FILE_INIT;
    file->path = silbe_copy_text(path, err);
    file->temp_path = silbe_format(err, "%s.tmp.%ld", path, (long)getpid());
    file->stream = silbe_failed(err) ? NULL : fopen(file->temp_path, "wb");
    if (file->stream == NULL) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_IO,
                                  "%s: cannot be written: %s; check the folder's rights", path,
                                  strerror(errno)));
        close_and_forget(file);
    }
    return err->status;
}

/* Whether both files exist and hold the same bytes. */
static bool same_content(const char *a, const char *b)
{
    char block_a[1 << 14], block_b[1 << 14];
    struct stat info_a, info_b;
    if (stat(a, &info_a) != 0 || stat(b, &info_b) != 0 || info_a.st_size != info_b.st_size ||
        !S_ISREG(info_a.st_mode) || !S_ISREG(info_b.st_mode)) {
        return false;
    }
    FILE *file_a = fopen(a, "rb"), *file_b = fopen(b, "rb");
    bool same = file_a != NULL && file_b != NULL;
    size_t n = 1;
    while (same && n > 0) {
        n = fread(block_a, 1, sizeof block_a, file_a);
        same = fread(block_b, 1, sizeof block_b, file_b) == n && memcmp(block_a, block_b, n) == 0;
    }
    same = same && !ferror(file_a) && !ferror(file_b);
    if (file_a != NULL) {
        (void)fclose(file_a);
    }
    if (file_b != NULL) {
        (void)fclose(file_b);
    }
    return same;
}

silbe_status silbe_atomic_commit(silbe_atomic_file *file, silbe_err *err)
{
    const char *operation = NULL;
    int saved_errno = 0;
    if (fflush(file->stream) != 0 || ferror(file->stream)) {
        operation = "writing";
        saved_errno = errno;
    } else if (fsync(fileno(file->stream)) != 0) {
        operation = "syncing";
        saved_errno = errno;
    }
    int close_result = fclose(file->stream);
    file->stream = NULL;
    if (operation == NULL && close_result != 0) {
        operation = "closing";
        saved_errno = errno;
    }
    if (operation == NULL && same_content(file->temp_path, file->path)) {
        (void)unlink(file->temp_path);
    } else if (operation == NULL && rename(file->temp_path, file->path) != 0) {
        operation = "renaming";
        saved_errno = errno;
    }
    silbe_status status = SILBE_OK;
    if (operation != NULL) {
        (void)unlink(file->temp_path);
        bool is_full = saved_errno == ENOSPC || saved_errno == EDQUOT;
        status = silbe_fail(err, SILBE_ERR_IO, "%s: %s failed: %s%s", file->path, operation,
                            strerror(saved_errno),
                            is_full ? "; make room and run the same command again" : "");
    }
    close_and_forget(file);
    return status;
}

void silbe_atomic_abort(silbe_atomic_file *file)
{
    if (file->temp_path != NULL) {
        (void)unlink(file->temp_path);
    }
    close_and_forget(file);
}

silbe_status silbe_make_folders(const char *path, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *partial = silbe_copy_text(path, err);
    size_t length = strlen(path);
    for (size_t i = 1; i <= length && !silbe_failed(err); i++) {
        if (partial[i] != '/' && partial[i] != '\0') {
            continue;
        }
        char separator = partial[i];
        partial[i] = '\0';
        struct stat info;
        if (mkdir(partial, 0777) != 0 &&
            !(errno == EEXIST && stat(partial, &info) == 0 && S_ISDIR(info.st_mode))) {
            (void)silbe_fail(err, SILBE_ERR_IO, "%s: folder cannot be made: %s", partial,
                             strerror(errno));
        }
        partial[i] = separator;
    }
    free(partial);
    return err->status;
}
