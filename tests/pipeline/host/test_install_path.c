/* What is installed with the program, from the program's place. */
#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/install_path.h"
#include "pipeline/host/work_folder.h"

static const char FOLDER[] = "test_install_path.dir";

static void test_share(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_remove_tree(FOLDER, &err), err);
    check_ok(silbe_make_folders("test_install_path.dir/share/silbe/configs", &err), err);
    char *path = silbe_share_path_of("test_install_path.dir/bin/silbe", "configs", &err);
    assert_string_equal(path, "test_install_path.dir/share/silbe/configs");
    free(path);
    assert_null(silbe_share_path_of("test_install_path.dir/bin/silbe", "page", &err));
    assert_null(silbe_share_path_of("test_install_path.dir/other/bin/silbe", "configs", &err));
    assert_null(silbe_share_path_of("silbe", "configs", &err));
    assert_null(silbe_share_path_of("bin/silbe", "configs", &err));
    assert_null(silbe_share_path_of(NULL, "configs", &err));
    assert_int_equal(err.status, SILBE_OK);
    check_ok(silbe_remove_tree(FOLDER, &err), err);
}

static void test_program(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char *program = silbe_program_path(&err);
    assert_non_null(program);
    assert_int_equal(access(program, X_OK), 0);
    assert_non_null(strstr(program, "test_install_path"));
    free(program);
    assert_null(silbe_share_path("no such thing", &err));
    (void)silbe_fail(&err, SILBE_ERR_DATA, "a failure that sticks");
    assert_null(silbe_program_path(&err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
