/* What the tests of the writers share: small files, and parts of messages. */
#ifndef SILBE_TESTS_OUTPUT_FILES_H
#define SILBE_TESTS_OUTPUT_FILES_H

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/status.h"
#include "tests/check.h"

/* Files of a test lie in a folder of their own: ctest runs several at a time. */
static inline void enter_folder(const char *name)
{
    (void)mkdir(name, 0777);
    if (chdir(name) != 0) {
        exit(1);
    }
}

/* Allocated. */
static inline char *read_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    size_t n = fread(text, 1, (1 << 20) - 1, stream);
    assert_true(n > 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static inline void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    (void)fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static inline void expect_message(const silbe_err *err, const char *part)
{
    if (strstr(err->message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err->message, part);
    }
}

#endif
