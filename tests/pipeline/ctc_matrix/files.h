/* Small files for the tests of pipeline/posteriors. */
#ifndef SILBE_TESTS_POSTERIORS_FILES_H
#define SILBE_TESTS_POSTERIORS_FILES_H

#include <string.h>

#include "tests/check.h"

#include "features/base/status.h"

static inline void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
}

/* The call fails with this status, and says this. */
#define check_fails(call, wanted, part, err)                                                       \
    do {                                                                                           \
        (err) = (silbe_err)SILBE_ERR_INIT;                                                         \
        assert_int_equal((call), (wanted));                                                        \
        if (strstr((err).message, (part)) == NULL) {                                               \
            print_error("\"%s\" does not say \"%s\"\n", (err).message, (part));                    \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

#endif
