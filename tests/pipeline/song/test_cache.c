#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/song/cache.h"
#include "tests/pipeline/song/folder.h"

static const char FOLDER[] = "test_cache.dir";
static const char CACHE[] = "silbe"; /* within it */
enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

static int enter(void **state)
{
    (void)state;
    return folder_enter(FOLDER);
}

static int leave(void **state)
{
    (void)state;
    return folder_leave(FOLDER);
}

static void check_folder(const char *xdg, const char *home, const char *wanted)
{
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(xdg != NULL ? setenv("XDG_CACHE_HOME", xdg, 1) : unsetenv("XDG_CACHE_HOME"),
                     0);
    assert_int_equal(home != NULL ? setenv("HOME", home, 1) : unsetenv("HOME"), 0);
    char *folder = silbe_cache_folder(&err);
    check_ok(err.status, err);
    assert_true((folder == NULL) == (wanted == NULL));
    if (wanted != NULL) {
        assert_string_equal(folder, wanted);
    }
    free(folder);
}

static void where_it_lies(void **state)
{
    (void)state;
    check_folder("/x", "/h/u", "/x/silbe");
    check_folder("/x/", "/h/u", "/x/silbe");
    check_folder(NULL, "/h/u", "/h/u/.cache/silbe");
    check_folder("", "/h/u", "/h/u/.cache/silbe");
    check_folder("relative", "/h/u", "/h/u/.cache/silbe");
    check_folder("relative", "home", NULL);
    check_folder(NULL, "", NULL);
    check_folder(NULL, NULL, NULL);
    check_folder("/x", NULL, "/x/silbe");
}

static void none_is_no_failure(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    size_t n_entries = 1;
    uint64_t n_bytes = 1;
    const char key[SILBE_DIGEST_HEX_SIZE] = "key";
    assert_null(silbe_cache_path(NULL, "kind", key, &err));
    check_ok(err.status, err);
    assert_false(silbe_cache_has(NULL));
    silbe_cache_trim(NULL, 0);
    check_ok(silbe_cache_clear(NULL, &err), err);
    check_ok(silbe_cache_clear("nothing here", &err), err);
    silbe_cache_measure(NULL, &n_entries, &n_bytes);
    assert_int_equal(n_entries + n_bytes, 0);
    silbe_cache_measure("nothing here", &n_entries, &n_bytes);
    assert_int_equal(n_entries + n_bytes, 0);
    silbe_cache_trim("nothing here", 0);
}

static char *path_of(const char *kind, const char *key)
{
    silbe_err err = SILBE_ERR_INIT;
    char digest[SILBE_DIGEST_HEX_SIZE] = "";
    assert_true(snprintf(digest, sizeof digest, "%s", key) < (int)sizeof digest);
    char *path = silbe_cache_path(CACHE, kind, digest, &err);
    check_ok(err.status, err);
    assert_non_null(path);
    return path;
}

static void put_file(const char *folder, const char *bytes, size_t n)
{
    char path[256];
    assert_true(snprintf(path, sizeof path, "%s/file", folder) < (int)sizeof path);
    folder_write(path, bytes, n);
}

/* The first byte of the entry's file; NUL: there is no entry. */
static char first_byte(const char *entry)
{
    char path[256], byte = '\0';
    assert_true(snprintf(path, sizeof path, "%s/file", entry) < (int)sizeof path);
    FILE *stream = fopen(path, "rb");
    if (stream != NULL) {
        assert_int_equal(fread(&byte, 1, 1, stream), 1);
        assert_int_equal(fclose(stream), 0);
    }
    return byte;
}

static char *begin(const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    char *temporary = silbe_cache_begin(path, &err);
    check_ok(err.status, err);
    assert_non_null(temporary);
    assert_int_equal(folder_count(temporary), 0);
    return temporary;
}

static void an_entry_is_whole(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char *path = path_of("kind", "key");
    assert_string_equal(path, "silbe/kind/key");
    assert_false(silbe_cache_has(path));
    char *temporary = begin(path);
    put_file(temporary, "a", 1);
    assert_false(silbe_cache_has(path));
    silbe_cache_end(path, temporary, &err);
    check_ok(err.status, err);
    assert_true(silbe_cache_has(path));
    assert_int_equal(first_byte(path), 'a');
    assert_int_equal(folder_count("silbe/kind"), 1);
    free(temporary);
    free(path);
}

static void the_second_loses(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char *path = path_of("kind", "twice");
    char *first = begin(path), *second = begin(path);
    assert_string_not_equal(first, second);
    put_file(first, "1", 1);
    put_file(second, "2", 1);
    silbe_cache_end(path, second, &err);
    silbe_cache_end(path, first, &err);
    check_ok(err.status, err);
    assert_int_equal(first_byte(path), '2');
    assert_false(folder_has(first) || folder_has(second));
    free(first);
    free(second);
    free(path);
}

static void a_failure_leaves_nothing(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char *path = path_of("kind", "failed");
    char *temporary = begin(path);
    put_file(temporary, "a", 1);
    assert_int_equal(silbe_fail(&err, SILBE_ERR_IO, "full"), SILBE_ERR_IO);
    silbe_cache_end(path, temporary, &err);
    assert_false(silbe_cache_has(path) || folder_has(temporary));
    assert_string_equal(err.message, "full");
    assert_null(silbe_cache_begin(path, &err)); /* a step */
    silbe_cache_end(path, NULL, &err);
    free(temporary);
    free(path);
}

static void end(const char *path, char *temporary)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_cache_end(path, temporary, &err);
    check_ok(err.status, err);
    free(temporary);
}

static void make_file_of(const char *path, const char *name)
{
    char file[256];
    assert_true(snprintf(file, sizeof file, "%s/%s", path, name) < (int)sizeof file);
    folder_put_text(file);
}

/* Damage of each kind, and then another entry in its place. */
static void damage_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        size_t n;
    } DAMAGES[] = {{"file", "abd", 3}, {"file", "ab", 2},   {"file", "", 0},
                   {"more", "x", 1},   {"digest", "", 0},   {"digest", "x", 1},
                   {"file", NULL, 0},  {"digest", NULL, 0}, {"\xff\n", "x", 1}};
    char *path = path_of("kind", "damaged");
    for (size_t i = 0; i < sizeof DAMAGES / sizeof DAMAGES[0]; i++) {
        char file[256];
        char *temporary = begin(path);
        put_file(temporary, "abc", 3);
        end(path, temporary);
        assert_true(silbe_cache_has(path));
        assert_true(snprintf(file, sizeof file, "%s/%s", path, DAMAGES[i].name) < 256);
        if (DAMAGES[i].bytes == NULL) {
            assert_int_equal(remove(file), 0);
        } else {
            folder_write(file, DAMAGES[i].bytes, DAMAGES[i].n);
        }
        assert_false(silbe_cache_has(path));
        assert_false(folder_has(path));
    }
    char *temporary = begin(path);
    assert_int_equal(mkdir(path, 0777), 0);
    make_file_of(path, "of somebody");
    put_file(temporary, "abc", 3);
    end(path, temporary);
    assert_false(silbe_cache_has(path));
    free(path);
}

static void make_entry(const char *kind, const char *key, size_t n_bytes, long age_s)
{
    silbe_err err = SILBE_ERR_INIT;
    char *path = path_of(kind, key), *bytes = calloc(n_bytes, 1);
    char *temporary = begin(path);
    assert_non_null(bytes);
    memset(bytes, 'a', n_bytes);
    put_file(temporary, bytes, n_bytes);
    silbe_cache_end(path, temporary, &err);
    check_ok(err.status, err);
    struct timespec times[2];
    times[0] = times[1] = (struct timespec){.tv_sec = time(NULL) - age_s};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    free(temporary);
    free(bytes);
    free(path);
}

static bool is_there(const char *kind, const char *key)
{
    char *path = path_of(kind, key);
    bool found = folder_has(path);
    free(path);
    return found;
}

static void clear(void)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_cache_clear(CACHE, &err), err);
    assert_false(folder_has(CACHE));
}

static void what_was_used_last_stays(void **state)
{
    (void)state;
    enum { BYTES = 100000 };
    clear();
    make_entry("a", "oldest", BYTES, 5 * HOUR_S);
    make_entry("b", "old", BYTES, 4 * HOUR_S);
    make_entry("a", "used", BYTES, 6 * HOUR_S);
    make_entry("b", "new", BYTES, HOUR_S);
    make_entry(SILBE_CACHE_NOTES, "note", BYTES, 30 * DAY_S);
    size_t n_entries = 0;
    uint64_t n_bytes = 0;
    silbe_cache_measure(CACHE, &n_entries, &n_bytes);
    assert_int_equal(n_entries, 4); /* notes are not counted */
    assert_true(n_bytes >= 4 * BYTES && n_bytes < 5 * BYTES);
    silbe_cache_trim(CACHE, n_bytes);
    assert_true(is_there("a", "oldest") && is_there("a", "used")); /* there is room */
    char *path = path_of("a", "used");
    assert_true(silbe_cache_has(path)); /* counts as used now */
    free(path);
    silbe_cache_trim(CACHE, n_bytes - 1);
    assert_false(is_there("a", "oldest"));
    assert_true(is_there("b", "old") && is_there("a", "used") && is_there("b", "new"));
    silbe_cache_trim(CACHE, 2 * BYTES);
    assert_int_equal(is_there("b", "old") + is_there("b", "new") + is_there("a", "used"), 1);
    assert_true(is_there("a", "used"));
    silbe_cache_trim(CACHE, 0);
    assert_false(is_there("a", "used"));
    assert_true(is_there(SILBE_CACHE_NOTES, "note"));
    clear();
}

static void left_by_the_killed(void **state)
{
    (void)state;
    clear();
    make_entry("a", "fine", 10, 3 * DAY_S);
    make_entry("a", "x.tmp.AbCdEf", 10, DAY_S + HOUR_S);
    make_entry("a", "y.tmp.AbCdEf", 10, DAY_S - HOUR_S); /* may be at work still */
    silbe_cache_trim(CACHE, UINT64_MAX);
    assert_true(is_there("a", "fine"));
    assert_false(is_there("a", "x.tmp.AbCdEf"));
    assert_true(is_there("a", "y.tmp.AbCdEf"));
    clear();
}

static void what_is_not_ours_is_harmless(void **state)
{
    (void)state;
    clear();
    make_entry("a", "fine", 10, 0);
    folder_put_text("silbe/file");
    folder_put_text("silbe/a/file");
    folder_put_text("outside");
    assert_int_equal(symlink("../../outside", "silbe/a/link"), 0);
    assert_int_equal(symlink("..", "silbe/loop"), 0);
    silbe_cache_trim(CACHE, 0);
    assert_true(folder_has("outside"));
    assert_true(folder_has("silbe/file"));
    assert_int_equal(folder_count("silbe/a"), 0);
    assert_int_equal(symlink("../../outside", "silbe/a/link"), 0);
    clear();
    assert_true(folder_has("outside"));
}

static void a_folder_that_cannot_be(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    folder_put_text("file");
    assert_null(silbe_cache_begin("file/kind/key", &err));
    assert_int_equal(err.status, SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "file"));
    assert_false(silbe_cache_has("file/kind/key"));
    size_t n_entries = 1;
    uint64_t n_bytes = 1;
    silbe_cache_measure("file", &n_entries, &n_bytes);
    assert_int_equal(n_entries + n_bytes, 0);
    silbe_cache_trim("file", 0);
    assert_true(folder_has("file"));
    assert_int_equal(silbe_cache_clear("file/kind", &err), SILBE_ERR_IO);
    if (geteuid() != 0) {
        assert_int_equal(mkdir("closed", 0555), 0);
        err = (silbe_err)SILBE_ERR_INIT;
        assert_null(silbe_cache_begin("closed/kind/key", &err));
        assert_non_null(strstr(err.message, "Permission denied"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_lies),
        cmocka_unit_test(none_is_no_failure),
        cmocka_unit_test(an_entry_is_whole),
        cmocka_unit_test(the_second_loses),
        cmocka_unit_test(a_failure_leaves_nothing),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(what_was_used_last_stays),
        cmocka_unit_test(left_by_the_killed),
        cmocka_unit_test(what_is_not_ours_is_harmless),
        cmocka_unit_test(a_folder_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
