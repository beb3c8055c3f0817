#define _POSIX_C_SOURCE 200809L
#include "features/base/read_file.h"
#include "tests/check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 300001 }; /* several times the first block, and not a multiple of it */

static void write_bytes(const char *path, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < n; i++) {
        assert_int_not_equal(fputc((int)(i * 7 % 251), file), EOF);
    }
    assert_int_equal(fclose(file), 0);
}

static void check_read(const char *path, size_t max_bytes, size_t want)
{
    silbe_err err = SILBE_ERR_INIT;
    char *bytes = NULL;
    size_t n = 0;
    check_ok(silbe_read_file(path, max_bytes, &bytes, &n, &err), err);
    assert_int_equal(n, want);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal((unsigned char)bytes[i], i * 7 % 251);
    }
    assert_int_equal(bytes[n], 0);
    free(bytes);
}

static void test_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, MANY};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        write_bytes("read_file.bin", sizes[i]);
        check_read("read_file.bin", MANY, sizes[i]);
        check_read("read_file.bin", sizes[i], sizes[i]); /* exactly as large as it may be */
    }
    /* Larger than it may be: one byte more than that, and no more. */
    check_read("read_file.bin", 0, 1);
    check_read("read_file.bin", 70000, 70001);
    check_read("read_file.bin", MANY - 1, MANY);
    assert_int_equal(unlink("read_file.bin"), 0);
}

static void *write_into_pipe(void *path)
{
    write_bytes(path, MANY);
    return NULL;
}

static void test_pipe(void **state)
{
    (void)state;
    char path[] = "read_file.fifo";
    pthread_t writer;
    (void)unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_into_pipe, path), 0);
    check_read(path, 2 * MANY, MANY);
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_int_equal(unlink(path), 0);
}

static void test_errors(void **state)
{
    (void)state;
    static const char *const paths[] = {"no/such/file", "."};
    for (size_t i = 0; i < 2; i++) {
        silbe_err err = SILBE_ERR_INIT;
        char unused[] = "", *bytes = unused;
        size_t n = 5;
        assert_int_equal(silbe_read_file(paths[i], 10, &bytes, &n, &err), SILBE_ERR_IO);
        assert_null(bytes);
        assert_int_equal(n, 0);
        assert_memory_equal(err.message, paths[i], strlen(paths[i]));
        assert_non_null(strstr(err.message, ": cannot be read: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_pipe),
                                       cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
