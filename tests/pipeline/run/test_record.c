#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/host/digest.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/record.h"

static const char FOLDER[] = "test_record.dir";
static const char RECORD[] = "test_record.dir/x.record.json";
static const char INPUT[] = "test_record.dir/in.txt";
static const char OUTPUT[] = "test_record.dir/out.txt";
static const char *const NAMES[] = {"out.txt"};

static void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return silbe_remove_tree(FOLDER, NULL) == SILBE_OK ? mkdir(FOLDER, 0777) : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return silbe_remove_tree(FOLDER, NULL) == SILBE_OK ? 0 : -1;
}

/* FIPS 180-4: "abc", nothing, and a million times 'a'. */
static void digests_are_sha256(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char hex[SILBE_DIGEST_HEX_SIZE];
    silbe_digest_bytes("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    write_file(INPUT, "");
    check_ok(silbe_digest_file(INPUT, hex, &err), err);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    FILE *stream = fopen(INPUT, "wb");
    assert_non_null(stream);
    for (int i = 0; i < 1000000; i++) {
        assert_int_equal(fputc('a', stream), 'a');
    }
    assert_int_equal(fclose(stream), 0);
    check_ok(silbe_digest_file(INPUT, hex, &err), err);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_int_equal(silbe_digest_file("test_record.dir/none", hex, &err), SILBE_ERR_IO);
    assert_int_equal(silbe_digest_file(FOLDER, hex, &err), SILBE_ERR_IO);
    assert_int_equal(silbe_digest_file("/dev/null", hex, &err), SILBE_ERR_IO);
}

static silbe_record new_record(void)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_record r = SILBE_RECORD_INIT;
    r.ok = true;
    r.audio_s = 12.5;
    r.wall_s = 0.25;
    (void)snprintf(r.version, sizeof r.version, "1.2.3");
    silbe_digest_bytes("settings", 8, r.settings_sha256);
    silbe_digest_bytes("program", 7, r.program_sha256);
    write_file(INPUT, "input");
    write_file(OUTPUT, "output");
    check_ok(silbe_record_add_input(&r, INPUT, &err), err);
    check_ok(silbe_record_add_output(&r, "out.txt", OUTPUT, &err), err);
    return r;
}

static void records_read_back(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_record r = new_record();
    silbe_record back;
    (void)snprintf(r.reason, sizeof r.reason, "\"quoted\" \xc3\xbc \\ \n");
    check_ok(silbe_record_write(RECORD, &r, &err), err);
    check_ok(silbe_record_read(RECORD, &back, &err), err);
    assert_true(back.ok);
    assert_string_equal(back.reason, r.reason);
    assert_string_equal(back.version, "1.2.3");
    assert_string_equal(back.settings_sha256, r.settings_sha256);
    assert_string_equal(back.program_sha256, r.program_sha256);
    assert_int_equal(back.n_inputs, 1);
    assert_string_equal(back.inputs[0].path, INPUT);
    assert_string_equal(back.inputs[0].sha256, r.inputs[0].sha256);
    assert_int_equal(back.n_outputs, 1);
    assert_string_equal(back.outputs[0].path, "out.txt");
    check_close(back.audio_s, 12.5, 0);
    check_close(back.wall_s, 0.25, 0);
    silbe_record_free(&back);
    /* Bytes that are not UTF-8 do not keep a record from being written. */
    (void)snprintf(r.reason, sizeof r.reason, "\xff");
    check_ok(silbe_record_write(RECORD, &r, &err), err);
    check_ok(silbe_record_read(RECORD, &back, &err), err);
    silbe_record_free(&back);
    silbe_record_free(&r);
    silbe_record_free(&r);
    assert_int_equal(silbe_record_write("test_record.dir/no/x.json", &r, &err), SILBE_ERR_IO);
}

/* Whether the record on disk, whose files are as new_record made them, is current for r. */
static const char *why_not(const silbe_record *r, size_t n_names)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_record old;
    const char *why = NULL;
    check_ok(silbe_record_read(RECORD, &old, &err), err);
    bool current = silbe_record_is_current(&old, r, FOLDER, NAMES, n_names, &why);
    silbe_record_free(&old);
    assert_true(current == (why[0] == '\0'));
    return why;
}

static void every_change_counts(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_record r = new_record();
    check_ok(silbe_record_write(RECORD, &r, &err), err);
    assert_string_equal(why_not(&r, 1), "");
    r.version[0] = '2';
    assert_string_equal(why_not(&r, 1), "the program changed");
    r.version[0] = '1';
    r.program_sha256[0] ^= 1;
    assert_string_equal(why_not(&r, 1), "the program changed");
    r.program_sha256[0] ^= 1;
    r.settings_sha256[63] ^= 1;
    assert_string_equal(why_not(&r, 1), "settings changed");
    r.settings_sha256[63] ^= 1;
    r.inputs[0].sha256[0] ^= 1;
    assert_string_equal(why_not(&r, 1), "an input changed");
    r.inputs[0].sha256[0] ^= 1;
    r.inputs[0].path[0] = 'X'; /* the dataset moved */
    assert_string_equal(why_not(&r, 1), "");
    check_ok(silbe_record_add_input(&r, INPUT, &err), err);
    assert_string_equal(why_not(&r, 1), "an input changed");
    silbe_record_free(&r);
    r = new_record();
    assert_string_equal(why_not(&r, 0), "a result file is missing or was changed");
    write_file(OUTPUT, "outpux");
    assert_string_equal(why_not(&r, 1), "a result file is missing or was changed");
    assert_int_equal(unlink(OUTPUT), 0);
    assert_string_equal(why_not(&r, 1), "a result file is missing or was changed");
    write_file(OUTPUT, "output");
    assert_string_equal(why_not(&r, 1), "");
    r.ok = false;
    check_ok(silbe_record_write(RECORD, &r, &err), err);
    assert_string_equal(why_not(&r, 1), "it failed before");
    silbe_record_free(&r);
}

static void malformed_records_are_refused(void **state)
{
    (void)state;
    const char *const texts[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"format\": \"silbe record 2\"}",
        "{\"format\": \"silbe record 1\"}",
        "{\"format\": \"silbe record 1\", \"format\": \"silbe record 1\"}",
        "{\"format\": \"silbe record 1\", \"status\": \"ok\", \"reason\": \"\", \"version\": \"\", "
        "\"program\": \"\", \"settings\": \"\", \"audio_s\": 0, \"wall_s\": 0, \"inputs\": 1, "
        "\"outputs\": []}",
        "{\"format\": \"silbe record 1\", \"status\": \"ok\", \"reason\": \"\", \"version\": \"\", "
        "\"program\": \"\", \"settings\": \"\", \"audio_s\": 0, \"wall_s\": 0, \"inputs\": "
        "[{\"path\": \"x\"}], \"outputs\": []}",
        "{\"format\": \"silbe record 1\", \"status\": \"ok\", \"reason\": \"\", \"version\": \"\", "
        "\"program\": \"\", \"settings\": \"\", \"audio_s\": \"0\", \"wall_s\": 0, \"inputs\": [], "
        "\"outputs\": []}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_record r;
        write_file(RECORD, texts[i]);
        assert_int_equal(silbe_record_read(RECORD, &r, &err), SILBE_ERR_FORMAT);
        assert_int_equal(r.n_inputs, 0);
        assert_non_null(strstr(err.message, RECORD));
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_record r;
    assert_int_equal(silbe_record_read("test_record.dir/none", &r, &err), SILBE_ERR_IO);
}

/* What killed runs leave goes; everything else stays, also behind links. */
static void leftovers_are_removed(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(mkdir("test_record.dir/sub", 0777), 0);
    assert_int_equal(mkdir("test_record.dir/sub/item.tmp.12", 0777), 0);
    assert_int_equal(mkdir("test_record.dir/outside", 0777), 0);
    const char *const keep[] = {"test_record.dir/x.tmp",        "test_record.dir/x.tmp.",
                                "test_record.dir/x.tmp.1a",     "test_record.dir/sub/x.csv",
                                "test_record.dir/tmp.1",        "test_record.dir/x.tmp.1.csv",
                                "test_record.dir/outside/a.txt"};
    const char *const drop[] = {"test_record.dir/x.tmp.1", "test_record.dir/sub/x.csv.tmp.99999",
                                "test_record.dir/sub/item.tmp.12/a",
                                "test_record.dir/a.tmp.b.tmp.3"};
    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++) {
        write_file(keep[i], "x");
    }
    for (size_t i = 0; i < sizeof drop / sizeof drop[0]; i++) {
        write_file(drop[i], "x");
    }
    assert_int_equal(symlink("../../outside", "test_record.dir/sub/item.tmp.12/link"), 0);
    check_ok(silbe_remove_stale(FOLDER, &err), err);
    for (size_t i = 0; i < sizeof keep / sizeof keep[0]; i++) {
        assert_int_equal(access(keep[i], F_OK), 0);
    }
    for (size_t i = 0; i < sizeof drop / sizeof drop[0]; i++) {
        assert_int_equal(access(drop[i], F_OK), -1);
    }
    assert_int_equal(access("test_record.dir/sub/item.tmp.12", F_OK), -1);
    check_ok(silbe_remove_tree("test_record.dir/none", &err), err);
    check_ok(silbe_remove_stale("test_record.dir/none", &err), err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(digests_are_sha256, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(records_read_back, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(every_change_counts, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(malformed_records_are_refused, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(leftovers_are_removed, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
