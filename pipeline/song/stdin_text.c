#include "pipeline/song/stdin_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "features/base/memory.h"

enum { MAX_BYTES = 16 << 20, PIECE_BYTES = 1 << 16 };

silbe_status silbe_stdin_text_read(char **text, size_t *n_bytes, silbe_err *err)
{
    silbe_err own;
    char piece[PIECE_BYTES];
    size_t n = 0, used = 0, capacity = 0;
    err = silbe_err_begin(err, &own);
    *text = NULL;
    while (!silbe_failed(err) && (n = fread(piece, 1, sizeof piece, stdin)) > 0) {
        while (used + n + 1 > capacity && !silbe_failed(err)) {
            *text = silbe_grow(*text, capacity, &capacity, 1, "bytes of text", err);
        }
        if (!silbe_failed(err)) {
            memcpy(*text + used, piece, n);
            used += n;
            (*text)[used] = '\0';
        }
        if (used > MAX_BYTES) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "standard input: more than %d MiB of text",
                             MAX_BYTES >> 20);
        }
    }
    if (!silbe_failed(err) && ferror(stdin)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "standard input: %s", strerror(errno));
    }
    if (!silbe_failed(err) && used == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "standard input: there is no text in it");
    }
    *n_bytes = used;
    return err->status;
}
