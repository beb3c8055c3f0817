#define _XOPEN_SOURCE 700
#include "tests/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/host/read_text.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/settings/config.h"
#include "pipeline/song/notes.h"
#include "pipeline/song/outputs.h"
#include "tests/pipeline/output/fixture.h"
#include "tests/pipeline/song/folder.h"

static const char FOLDER[] = "test_outputs.dir";
static const char CACHE[] = "cache";
static const unsigned TWO = SILBE_OUTPUT_CSV | SILBE_OUTPUT_LRC;

static silbe_words words;

static int enter(void **state)
{
    (void)state;
    fixture_new(&words);
    return folder_enter(FOLDER);
}

static int leave(void **state)
{
    (void)state;
    silbe_words_free(&words);
    return folder_leave(FOLDER);
}

/* The song lives as long as its texts, which are literals. */
static silbe_song song_of(const char *audio, const char *name)
{
    return (silbe_song){.audio = (char *)(uintptr_t)audio, .name = (char *)(uintptr_t)name};
}

static silbe_song_outputs outputs_of(const silbe_song *song, const char *folder, unsigned formats)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_song_outputs outputs = SILBE_SONG_OUTPUTS_INIT;
    check_ok(silbe_song_outputs_new(song, folder, formats, &outputs, &err), err);
    return outputs;
}

static void check_path(const char *audio, const char *name, const char *folder, const char *wanted)
{
    silbe_song song = song_of(audio, name);
    silbe_song_outputs outputs = outputs_of(&song, folder, SILBE_OUTPUT_CSV);
    assert_int_equal(outputs.n, 1);
    assert_string_equal(outputs.paths[0], wanted);
    silbe_song_outputs_free(&outputs);
}

static void names(void **state)
{
    (void)state;
    check_path("song.wav", "song", NULL, "song.words.csv");
    check_path("a b/c/song.x.wav", "song.x", NULL, "a b/c/song.x.words.csv");
    check_path("/song.wav", "song", NULL, "/song.words.csv");
    check_path("../-s\n.wav", "-s\n", NULL, "../-s\n.words.csv");
    check_path("a/song.wav", "song", "out", "out/song.words.csv");
    check_path("a/song.wav", "song", "out/", "out/song.words.csv");
    check_path("a/song.wav", "song", ".", "./song.words.csv");
    check_path("a/song.wav", "song", "/", "/song.words.csv");
    /* One for each format, in the table's order, no two of one name. */
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    assert_true(n_formats <= SILBE_SONG_MAX_OUTPUTS);
    silbe_song song = song_of("a/song.wav", "song");
    silbe_song_outputs outputs = outputs_of(&song, NULL, (1u << n_formats) - 1);
    assert_int_equal(outputs.n, n_formats);
    for (size_t i = 0; i < n_formats; i++) {
        const char *ending = strrchr(outputs.paths[i], '.');
        assert_string_equal(ending + 1, formats[i].extension);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(outputs.paths[i], outputs.paths[k]);
        }
    }
    silbe_song_outputs_free(&outputs);
    assert_int_equal(outputs.n, 0);
}

static void two_songs_of_one_name(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_song items[] = {song_of("b/x.wav", "x"), song_of("a/y.wav", "y"),
                          song_of("a/x.wav", "x")};
    silbe_songs songs = {.items = items, .n = 3};
    check_ok(silbe_song_outputs_check(&songs, NULL, &err), err); /* each beside its recording */
    assert_int_equal(silbe_song_outputs_check(&songs, "out", &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "a/x.wav"));
    assert_non_null(strstr(err.message, "b/x.wav"));
    assert_non_null(strstr(err.message, "out/x.words.*"));
    items[0] = song_of("a/x.mp3", "x");
    assert_int_equal(silbe_song_outputs_check(&songs, NULL, &err), SILBE_ERR_ARGUMENT);
    songs.n = 2;
    check_ok(silbe_song_outputs_check(&songs, "out", &err), err);
    songs.n = 0;
    check_ok(silbe_song_outputs_check(&songs, "out", &err), err);
}

static void check_allowed(const silbe_song_outputs *outputs, const char *cache)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_song_outputs_may_write(outputs, cache, false, &err), err);
}

/* Refused in the name of that file, and allowed to who insists. */
static void check_refused(const silbe_song_outputs *outputs, const char *cache, const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_song_outputs_may_write(outputs, cache, false, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "--overwrite"));
    assert_int_equal(silbe_song_outputs_may_write(outputs, cache, false, NULL), SILBE_ERR_DATA);
    err = (silbe_err)SILBE_ERR_INIT;
    check_ok(silbe_song_outputs_may_write(outputs, cache, true, &err), err);
}

static void write_outputs(const silbe_song_outputs *outputs, const char *cache)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_song_outputs_write(outputs, cache, TWO, &words, &err), err);
}

static void never_over_what_is_not_ours(void **state)
{
    (void)state;
    silbe_song song = song_of("song.wav", "song");
    silbe_song_outputs outputs = outputs_of(&song, NULL, TWO);
    check_allowed(&outputs, CACHE); /* nothing is there */
    folder_put_text("song.words.lrc");
    check_refused(&outputs, CACHE, "song.words.lrc");
    write_outputs(&outputs, CACHE); /* as with --overwrite: from now on it is ours */
    check_allowed(&outputs, CACHE);
    folder_put_text("song.words.csv"); /* changed by hand */
    check_refused(&outputs, CACHE, "song.words.csv");
    assert_int_equal(remove("song.words.csv"), 0);
    check_allowed(&outputs, CACHE);
    write_outputs(&outputs, CACHE);
    check_allowed(&outputs, CACHE);
    /* Moved, it is nobody's; and what is known is known of a file, however its path is spelled. */
    assert_int_equal(rename("song.words.csv", "other.words.csv"), 0);
    silbe_song other = song_of("other.wav", "other"), same = song_of("./song.wav", "song");
    silbe_song_outputs moved = outputs_of(&other, NULL, TWO), spelled = outputs_of(&same, ".", TWO);
    check_refused(&moved, CACHE, "other.words.csv");
    check_allowed(&spelled, CACHE);
    silbe_song_outputs_free(&moved);
    silbe_song_outputs_free(&spelled);
    silbe_song_outputs_free(&outputs);
}

/* A run that ended before its files were in their places, whatever it had put there. */
static void left_by_the_killed(void **state)
{
    (void)state;
    silbe_song song = song_of("killed.wav", "killed");
    silbe_song_outputs outputs = outputs_of(&song, NULL, TWO);
    folder_put_text("made");
    silbe_note_take_down(CACHE, outputs.paths[1], "made");
    folder_put_text("killed.words.lrc");
    check_allowed(&outputs, CACHE);
    folder_put_wav("made");
    silbe_note_take_down(CACHE, outputs.paths[1], "made"); /* and a second one, before it moved */
    check_allowed(&outputs, CACHE);
    folder_put_wav("killed.words.lrc");
    check_allowed(&outputs, CACHE);
    folder_put_text("killed.words.csv"); /* of the user */
    check_refused(&outputs, CACHE, "killed.words.csv");
    silbe_song_outputs_free(&outputs);
}

static void without_notes(void **state)
{
    (void)state;
    silbe_song song = song_of("noted.wav", "noted");
    silbe_song_outputs outputs = outputs_of(&song, NULL, TWO);
    folder_put_text("file");
    write_outputs(&outputs, NULL); /* no cache */
    check_refused(&outputs, NULL, "noted.words.csv");
    check_refused(&outputs, CACHE, "noted.words.csv");
    write_outputs(&outputs, "file"); /* a cache that cannot be */
    check_refused(&outputs, "file", "noted.words.csv");
    write_outputs(&outputs, CACHE);
    check_allowed(&outputs, CACHE);
    /* Notes that were damaged, and removed. */
    char command[] = "for note in cache/written/*; do printf x > \"$note\"; done";
    assert_int_equal(system(command), 0);
    check_refused(&outputs, CACHE, "noted.words.csv");
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_remove_tree(CACHE, &err), err);
    check_refused(&outputs, CACHE, "noted.words.csv");
    silbe_song_outputs_free(&outputs);
}

static void places_that_cannot_be(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    folder_put_text("regular");
    silbe_song song = song_of("a/lost.wav", "lost");
    silbe_song_outputs below = outputs_of(&song, "regular", TWO);
    assert_int_equal(silbe_song_outputs_write(&below, CACHE, TWO, &words, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "regular/lost.words.csv"));
    silbe_song_outputs_free(&below);
    /* A folder of the file's name. */
    assert_int_equal(mkdir("lost.words.csv", 0777), 0);
    silbe_song_outputs here = outputs_of(&song, ".", TWO);
    check_refused(&here, CACHE, "lost.words.csv");
    assert_int_equal(silbe_song_outputs_write(&here, CACHE, TWO, &words, &err), SILBE_ERR_IO);
    silbe_song_outputs_free(&here);
    /* No more than was there: no half of a file, none of those that are written first. */
    char command[] = "ls -A | grep -q 'tmp'";
    assert_int_not_equal(system(command), 0);
}

/* What silbe_song_print does with stdout being that file; its status. */
static silbe_status print_to(const char *path, unsigned formats, silbe_err *err)
{
    int target = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), kept = dup(STDOUT_FILENO);
    assert_true(target >= 0 && kept >= 0);
    assert_int_equal(fflush(stdout), 0);
    assert_int_equal(dup2(target, STDOUT_FILENO), STDOUT_FILENO);
    silbe_status status = silbe_song_print(formats, &words, err);
    clearerr(stdout);
    assert_int_equal(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
    assert_int_equal(close(target) + close(kept), 0);
    return status;
}

static void to_stdout(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_song song = song_of("printed.wav", "printed");
    silbe_song_outputs outputs = outputs_of(&song, NULL, TWO);
    char *printed = NULL, *written = NULL;
    size_t n_printed = 0, n_written = 0;
    write_outputs(&outputs, NULL);
    assert_int_equal(mkdir("tmp", 0777), 0);
    assert_int_equal(setenv("TMPDIR", "tmp", 1), 0);
    check_ok(print_to("printed", SILBE_OUTPUT_LRC, &err), err);
    check_ok(silbe_read_text("printed", &printed, &n_printed, &err), err);
    check_ok(silbe_read_text(outputs.paths[1], &written, &n_written, &err), err);
    assert_int_equal(n_printed, n_written);
    assert_memory_equal(printed, written, n_written);
    free(printed);
    free(written);
    assert_int_equal(print_to("printed", TWO, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "one format"));
    assert_int_equal(print_to("printed", 0, &err), SILBE_ERR_ARGUMENT);
    assert_int_equal(print_to("/dev/full", SILBE_OUTPUT_JSON, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "standard output could not be written: No space left"));
    assert_int_equal(folder_count("tmp"), 0);
    assert_int_equal(setenv("TMPDIR", "none", 1), 0);
    assert_int_equal(print_to("printed", SILBE_OUTPUT_CSV, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "none/silbe-"));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    silbe_song_outputs_free(&outputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(two_songs_of_one_name),
        cmocka_unit_test(never_over_what_is_not_ours),
        cmocka_unit_test(left_by_the_killed),
        cmocka_unit_test(without_notes),
        cmocka_unit_test(places_that_cannot_be),
        cmocka_unit_test(to_stdout),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
