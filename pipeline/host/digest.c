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

silbe_status silbe_digest_file(const char *path, char hex[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    silbe_status status = SILBE_ERR_IO;
    struct sha256_ctx context;
    struct stat info;
    uint8_t *block = NULL;
    ssize_t n = 0;
    /* Not to wait for a writer if it is a pipe. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0) {
        (void)silbe_fail(err, status, "%s: cannot be read: %s", path, strerror(errno));
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        (void)silbe_fail(err, status, "%s: is not a regular file", path);
        goto done;
    }
    block = malloc(BLOCK_SIZE);
    if (block == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
        goto done;
    }
    sha256_init(&context);
    while ((n = read(fd, block, BLOCK_SIZE)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0) {
            sha256_update(&context, (size_t)n, block);
        }
    }
    if (n < 0) {
        (void)silbe_fail(err, status, "%s: reading failed: %s", path, strerror(errno));
        goto done;
    }
    finish(&context, hex);
    status = SILBE_OK;
done:
    if (fd >= 0) {
        (void)close(fd);
    }
    free(block);
    return status;
}
