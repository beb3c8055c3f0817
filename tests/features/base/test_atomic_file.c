/*
 * Two failures need a word. A full disk is stood in for by a limit on the size of files
 * (RLIMIT_FSIZE) and by /dev/full: write then fails with EFBIG or ENOSPC as it would with ENOSPC.
 * An unwritable folder is stood in for by a path below a regular file, because rights do not bind
 * root, as whom tests may run.
 */
#define _XOPEN_SOURCE 700
#include "tests/check.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"

static const char FOLDER[] = "test_atomic_file.dir";
static const char TARGET[] = "test_atomic_file.dir/x.txt";

static void write_whole(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static void check_content(const char *path, const char *want)
{
    char text[256] = "";
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t n = fread(text, 1, sizeof text - 1, stream);
    text[n] = '\0';
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(text, want);
}

static size_t count_files(void)
{
    size_t n = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        n += entry->d_name[0] != '.';
    }
    assert_int_equal(closedir(folder), 0);
    return n;
}

static int make_folder(void **state)
{
    (void)state;
    (void)unlink(TARGET);
    return mkdir(FOLDER, 0777) == 0 || access(FOLDER, F_OK) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(TARGET);
    return rmdir(FOLDER); /* fails if anything was left behind */
}

static void commit_replaces_abort_does_not(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_atomic_file file;
    write_whole(TARGET, "old");
    check_ok(silbe_atomic_open(&file, TARGET, &err), err);
    assert_true(fputs("dropped", file.stream) >= 0);
    check_content(TARGET, "old");
    silbe_atomic_abort(&file);
    check_content(TARGET, "old");
    silbe_atomic_abort(&file);
    check_ok(silbe_atomic_open(&file, TARGET, &err), err);
    assert_true(fputs("new", file.stream) >= 0);
    check_ok(silbe_atomic_commit(&file, &err), err);
    check_content(TARGET, "new");
    silbe_atomic_abort(&file); /* legal after commit */
    check_content(TARGET, "new");
    assert_int_equal(count_files(), 1);
}

/* A result that did not change keeps its time, so that what depends on it is not made again. */
static void equal_content_is_left_alone(void **state)
{
    (void)state;
    static const char *const CONTENTS[] = {"same", "sane", "same but longer", ""};
    silbe_err err = SILBE_ERR_INIT;
    silbe_atomic_file file;
    for (size_t i = 0; i < sizeof CONTENTS / sizeof *CONTENTS; i++) {
        struct stat before, after;
        write_whole(TARGET, "same");
        assert_int_equal(stat(TARGET, &before), 0);
        check_ok(silbe_atomic_open(&file, TARGET, &err), err);
        assert_true(fputs(CONTENTS[i], file.stream) >= 0);
        check_ok(silbe_atomic_commit(&file, &err), err);
        assert_int_equal(stat(TARGET, &after), 0);
        check_content(TARGET, CONTENTS[i]);
        assert_int_equal(before.st_ino == after.st_ino, i == 0);
        assert_int_equal(count_files(), 1);
    }
}

/* Fills the file until the limit bites; the old one must survive. */
static void full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_atomic_file file;
    struct rlimit old_limit;
    char block[4096];
    memset(block, 'x', sizeof block);
    write_whole(TARGET, "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
    struct rlimit limit = {.rlim_cur = 8192, .rlim_max = old_limit.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    check_ok(silbe_atomic_open(&file, TARGET, &err), err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 0; i < 16; i++) {
        (void)fwrite(block, 1, sizeof block, file.stream);
    }
    silbe_status status = silbe_atomic_commit(&file, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
    assert_true(signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
    assert_int_equal(status, SILBE_ERR_IO);
    assert_non_null(strstr(err.message, TARGET));
    check_content(TARGET, "old");
    assert_int_equal(count_files(), 1);
}

static void dev_full_is_reported(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_atomic_file file;
    write_whole(TARGET, "old");
    check_ok(silbe_atomic_open(&file, TARGET, &err), err);
    file.stream = freopen("/dev/full", "wb", file.stream);
    if (file.stream == NULL) {
        silbe_atomic_abort(&file);
        skip();
    }
    assert_true(fputs("nothing of this fits", file.stream) >= 0); /* buffered */
    assert_int_equal(silbe_atomic_commit(&file, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "No space left"));
    check_content(TARGET, "old");
    assert_int_equal(count_files(), 1);
}

static void impossible_places_are_reported(void **state)
{
    (void)state;
    write_whole(TARGET, "a regular file");
    const char *const paths[] = {
        "test_atomic_file.dir/x.txt/below.txt",
        "test_atomic_file.dir/no/such/folder.txt",
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_atomic_file file;
        assert_int_equal(silbe_atomic_open(&file, paths[i], &err), SILBE_ERR_IO);
        assert_non_null(strstr(err.message, paths[i]));
        silbe_atomic_abort(&file);
    }
}

/* The target is a folder: rename fails at the very end. */
static void rename_that_fails_is_reported(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_atomic_file file;
    assert_int_equal(mkdir("test_atomic_file.dir/taken", 0777), 0);
    check_ok(silbe_atomic_open(&file, "test_atomic_file.dir/taken", &err), err);
    assert_int_equal(silbe_atomic_commit(&file, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "renaming"));
    assert_int_equal(count_files(), 1);
    assert_int_equal(rmdir("test_atomic_file.dir/taken"), 0);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_make_folders("test_atomic_file.dir/a/b//c/", &err), err);
    check_ok(silbe_make_folders("test_atomic_file.dir/a/b/c", &err), err);
    assert_int_equal(access("test_atomic_file.dir/a/b/c", F_OK), 0);
    write_whole("test_atomic_file.dir/a/b/file", "");
    assert_int_equal(silbe_make_folders("test_atomic_file.dir/a/b/file/d", &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "a/b/file"));
    assert_int_equal(unlink("test_atomic_file.dir/a/b/file"), 0);
    assert_int_equal(rmdir("test_atomic_file.dir/a/b/c"), 0);
    assert_int_equal(rmdir("test_atomic_file.dir/a/b"), 0);
    assert_int_equal(rmdir("test_atomic_file.dir/a"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(commit_replaces_abort_does_not, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(equal_content_is_left_alone, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(full_disk_leaves_the_old_file, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(dev_full_is_reported, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(impossible_places_are_reported, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(rename_that_fails_is_reported, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(folders_are_made_with_their_parents, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
