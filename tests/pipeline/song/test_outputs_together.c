/* The files of a song are written together, and known to be ours whenever a run is killed. */
#define _XOPEN_SOURCE 700
#include "tests/pipeline/output/files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "pipeline/host/work_folder.h"
#include "pipeline/settings/config.h"
#include "pipeline/song/outputs.h"
#include "tests/pipeline/output/fixture.h"

static const char FOLDER[] = "test_outputs_together.dir";
static const char CACHE[] = "cache";
static const char CSV[] = "song.words.csv", JSON[] = "song.words.json";
static const unsigned TWO = SILBE_OUTPUT_CSV | SILBE_OUTPUT_JSON;

static silbe_words words;
static silbe_song_outputs outputs = SILBE_SONG_OUTPUTS_INIT;

static int enter(void **state)
{
    (void)state;
    static char audio[] = "song.wav", name[] = "song";
    const silbe_song song = {.audio = audio, .name = name};
    silbe_status removed = silbe_remove_tree(FOLDER, NULL);
    enter_folder(FOLDER);
    fixture_new(&words);
    return removed != SILBE_OK ||
           silbe_song_outputs_new(&song, NULL, TWO, &outputs, NULL) != SILBE_OK;
}

static int leave(void **state)
{
    (void)state;
    silbe_words_free(&words);
    silbe_song_outputs_free(&outputs);
    return chdir("..") == 0 && silbe_remove_tree(FOLDER, NULL) == SILBE_OK ? 0 : -1;
}

static silbe_status may_write(void)
{
    return silbe_song_outputs_may_write(&outputs, CACHE, false, NULL);
}

static silbe_status write_outputs(silbe_err *err)
{
    return silbe_song_outputs_write(&outputs, CACHE, TWO, &words, err);
}

static void start_anew(void)
{
    assert_int_equal(silbe_remove_tree(CSV, NULL), SILBE_OK);
    assert_int_equal(silbe_remove_tree(JSON, NULL), SILBE_OK);
    assert_int_equal(silbe_remove_tree(CACHE, NULL), SILBE_OK);
}

/* Two recordings whose word times would be the same files, seen through the spelling and a link. */
static void one_place_spelled_otherwise(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    static char one[] = "a/x.wav", two[] = "./a//x.flac", linked[] = "b/x.mp3", name[] = "x";
    silbe_song items[] = {{.audio = one, .name = name}, {.audio = two, .name = name}};
    const silbe_songs songs = {.items = items, .n = 2};
    assert_int_equal(mkdir("a", 0777) + symlink("a", "b"), 0);
    assert_int_equal(silbe_song_outputs_check(&songs, NULL, &err), SILBE_ERR_ARGUMENT);
    expect_message(&err, one);
    expect_message(&err, two);
    items[1].audio = linked;
    assert_int_equal(silbe_song_outputs_check(&songs, NULL, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(unlink("b") + mkdir("b", 0777), 0);
    check_ok(silbe_song_outputs_check(&songs, NULL, &err), err);
    assert_int_equal(silbe_song_outputs_check(&songs, "none", &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(silbe_song_outputs_check(&songs, "", &err), SILBE_ERR_ARGUMENT);
    expect_message(&err, "-o needs");
}

/* What a folder of its name, which no file replaces, lets be written of the others is ours. */
static void one_that_cannot_be_moved(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    start_anew();
    assert_int_equal(mkdir(JSON, 0777), 0);
    assert_int_equal(write_outputs(&err), SILBE_ERR_IO);
    expect_message(&err, JSON);
    assert_int_equal(access(CSV, F_OK), 0);
    assert_int_equal(rmdir(JSON), 0);
    assert_int_equal(may_write(), SILBE_OK);
    check_ok(write_outputs(&err), err);
    assert_int_equal(may_write(), SILBE_OK);
}

/* Words change, and nothing can be moved: both files are those of before, and ours. */
static void what_was_there_stays_ours(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    start_anew();
    check_ok(write_outputs(&err), err);
    assert_int_equal(rename(CSV, "kept"), 0);
    assert_int_equal(mkdir(CSV, 0777), 0);
    words.times.words[0].confidence = 0.125;
    assert_int_equal(write_outputs(&err), SILBE_ERR_IO);
    assert_int_equal(rmdir(CSV), 0);
    assert_int_equal(rename("kept", CSV), 0);
    char *before = read_file(CSV);
    assert_null(strstr(before, "0.125"));
    free(before);
    assert_int_equal(unlink(CSV), 0);
    assert_int_equal(may_write(), SILBE_OK); /* the JSON file is the old one */
    check_ok(write_outputs(&err), err);
    write_file(JSON, "by hand");
    assert_int_equal(may_write(), SILBE_ERR_DATA);
}

static void words_that_no_writer_takes(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    start_anew();
    words.times.words[0].confidence = 2;
    assert_int_not_equal(write_outputs(&err), SILBE_OK);
    words.times.words[0].confidence = 0.5;
    assert_int_equal(access(CSV, F_OK), -1);
    assert_int_equal(access(JSON, F_OK), -1);
    char command[] = "ls | grep -q tmp";
    assert_int_not_equal(system(command), 0);
}

/* Run by a process whose files may not grow beyond so many bytes: as on a full disk. */
static int write_limited(rlim_t n_bytes)
{
    silbe_err err = SILBE_ERR_INIT;
    const struct rlimit limit = {n_bytes, n_bytes};
    (void)signal(SIGXFSZ, SIG_IGN);
    bool fails = setrlimit(RLIMIT_FSIZE, &limit) == 0 && write_outputs(&err) == SILBE_ERR_IO;
    return fails && strncmp(err.message, JSON, strlen(JSON)) == 0 &&
                   err.message[strlen(JSON)] == ':'
               ? 0
               : 1;
}

/* There is room for the first file, not for the second, longer one: neither is there, no temporary
 * one is, and the message names the file as the user knows it. */
static void a_full_disk(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    struct stat first, second;
    int status = 0;
    start_anew();
    check_ok(write_outputs(&err), err);
    assert_int_equal(stat(CSV, &first) + stat(JSON, &second), 0);
    assert_true(first.st_size < second.st_size);
    start_anew();
    pid_t child = fork();
    if (child == 0) {
        _exit(write_limited((rlim_t)first.st_size));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(access(CSV, F_OK), -1);
    assert_int_equal(access(JSON, F_OK), -1);
    char command[] = "ls | grep -q tmp";
    assert_int_not_equal(system(command), 0);
}

/* A file that holds the same already keeps its time of change. */
static void the_same_again(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const struct timespec past[2] = {{1000, 0}, {1000, 0}};
    struct stat info;
    start_anew();
    check_ok(write_outputs(&err), err);
    assert_int_equal(utimensat(AT_FDCWD, CSV, past, 0), 0);
    check_ok(write_outputs(&err), err);
    assert_int_equal(stat(CSV, &info), 0);
    assert_int_equal(info.st_mtime, 1000);
    assert_int_equal(may_write(), SILBE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_place_spelled_otherwise),
        cmocka_unit_test(one_that_cannot_be_moved),
        cmocka_unit_test(what_was_there_stays_ours),
        cmocka_unit_test(words_that_no_writer_takes),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(the_same_again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
