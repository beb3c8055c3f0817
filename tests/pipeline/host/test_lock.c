#define _XOPEN_SOURCE 700
#include "tests/check.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/host/lock.h"

static const char FOLDER[] = "test_lock.dir";

static int make_folder(void **state)
{
    (void)state;
    (void)mkdir(FOLDER, 0777);
    return access(FOLDER, F_OK);
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink("test_lock.dir/.lock");
    return rmdir(FOLDER);
}

static void one_holder_at_a_time(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock first = SILBE_LOCK_INIT;
    silbe_lock second = SILBE_LOCK_INIT;
    char pid[32];
    (void)snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    silbe_lock_release(&first); /* legal when not held */
    check_ok(silbe_lock_take(&first, FOLDER, "first-program", &err), err);
    /* Two descriptions of one file exclude each other, also within one process. */
    assert_int_equal(silbe_lock_take(&second, FOLDER, "second", &err), SILBE_ERR_BUSY);
    assert_int_equal(second.fd, -1);
    assert_non_null(strstr(err.message, "first-program"));
    assert_non_null(strstr(err.message, pid));
    assert_non_null(strstr(err.message, FOLDER));
    assert_non_null(strstr(err.message, "WORK=folder"));
    silbe_lock_release(&first);
    check_ok(silbe_lock_take(&second, FOLDER, "second", &err), err);
    silbe_lock_release(&second);
}

static void a_killed_holder_leaves_no_lock(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        bool taken = silbe_lock_take(&lock, FOLDER, "child", &err) == SILBE_OK;
        (void)!write(ready[1], taken ? "y" : "n", 1);
        for (;;) {
            (void)pause();
        }
    }
    assert_true(child > 0);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(silbe_lock_take(&lock, FOLDER, "parent", &err), SILBE_ERR_BUSY);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    check_ok(silbe_lock_take(&lock, FOLDER, "parent", &err), err);
    silbe_lock_release(&lock);
    assert_int_equal(close(ready[0]), 0);
    assert_int_equal(close(ready[1]), 0);
}

static void impossible_places_are_reported(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    assert_int_equal(silbe_lock_take(&lock, "test_lock.none", "x", &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "test_lock.none"));
    char long_path[8192];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(silbe_lock_take(&lock, long_path, "x", &err), SILBE_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_holder_at_a_time, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_killed_holder_leaves_no_lock, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(impossible_places_are_reported, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
