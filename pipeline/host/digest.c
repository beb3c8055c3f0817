#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/sha2.h>
#include <nettle/version.h>

#include "features/base/memory.h"

enum { BLOCK_SIZE = 1 << 16 };

static void finish(struct sha256_ctx *context, char hex[SILBE_DIGEST_HEX_SIZE])
{
    static const char DIGITS[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
#if NETTLE_VERSION_MAJOR >= 4
    sha256_digest(context, digest);
#else
    sha256_digest(context, sizeof digest, digest);
#endif
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = DIGITS[digest[i] >> 4];
        hex[2 * i + 1] = DIGITS[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
}

void silbe_digest_bytes(const void *data, size_t size, char hex[SILBE_DIGEST_HEX_SIZE])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, size, data);
    finish(&context, hex);
}

/* The digest of what fd holds, which is the file at path. */
static void digest_stream(int fd, const char *path, char hex[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    struct sha256_ctx context;
    ssize_t n = 0;
    uint8_t *block = silbe_alloc(BLOCK_SIZE, 1, "bytes", err);
    sha256_init(&context);
    while (block != NULL && ((n = read(fd, block, BLOCK_SIZE)) > 0 || (n < 0 && errno == EINTR))) {
        if (n > 0) {
            sha256_update(&context, (size_t)n, block);
        }
    }
    if (n < 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: reading failed: %s", path, strerror(errno));
    } else if (block != NULL) {
        finish(&context, hex);
    }
    free(block);
}

silbe_status silbe_digest_file(const char *path, char hex[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    silbe_err own;
    struct stat info;
    err = silbe_err_begin(err, &own);
    /* Not to wait for a writer if it is a pipe. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    } else if (!S_ISREG(info.st_mode)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: is not a regular file", path);
    } else {
        digest_stream(fd, path, hex, err);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return err->status;
}
