#include "features/base/path.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

static void expect(char *got, const char *want)
{
    assert_non_null(got);
    assert_string_equal(got, want);
    free(got);
}

static void test_join(void **state)
{
    (void)state;
    expect(silbe_path_join("a", "b"), "a/b");
    expect(silbe_path_join("a/", "b"), "a/b");
    expect(silbe_path_join("/", "b"), "/b");
    expect(silbe_path_join("", "b"), "/b");
    expect(silbe_path_join("Müllers Lieder", "für %s"), "Müllers Lieder/für %s");
}

/* Any length. */
static void test_format(void **state)
{
    (void)state;
    enum { LONG = 100000 };
    char *name = malloc(LONG + 1);
    assert_non_null(name);
    memset(name, 'x', LONG);
    name[LONG] = '\0';
    char *path = silbe_path_format("%s/%02d.%s", name, 7, "csv");
    assert_non_null(path);
    assert_int_equal(strlen(path), LONG + 7);
    assert_string_equal(path + LONG, "/07.csv");
    free(path);
    free(name);
    expect(silbe_path_format("%s", ""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_join), cmocka_unit_test(test_format)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
