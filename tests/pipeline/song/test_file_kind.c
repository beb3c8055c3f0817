#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/song/file_kind.h"
#include "tests/pipeline/song/folder.h"

static const char FOLDER[] = "test_file_kind.dir";
enum { HEAD_BYTES = 4096 }; /* so much of a file is looked at */

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

static void check_kind(const char *path, silbe_file_kind wanted)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_kind kind = SILBE_KIND_RESULT;
    check_ok(silbe_file_kind_find(path, &kind, &err), err);
    if (kind != wanted) {
        print_error("%s: kind %d, not %d\n", path, (int)kind, (int)wanted);
    }
    assert_int_equal(kind, wanted);
}

static void check_bytes(const char *path, const void *bytes, size_t n, silbe_file_kind wanted)
{
    folder_write(path, bytes, n);
    check_kind(path, wanted);
}

/* The message names the file and holds text. */
static void check_refused(const char *path, const char *text)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_kind kind = SILBE_KIND_RESULT;
    assert_int_equal(silbe_file_kind_find(path, &kind, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, text));
    assert_int_equal(silbe_file_kind_find(path, &kind, NULL), SILBE_ERR_ARGUMENT);
}

static void endings(void **state)
{
    (void)state;
    static const char *const SCORES[] = {"a.musicxml", "a.xml", "a.mxl", "a.XML", "a.b.MusicXML"};
    for (size_t i = 0; i < sizeof SCORES / sizeof SCORES[0]; i++) {
        folder_put_text(SCORES[i]);
        check_kind(SCORES[i], SILBE_KIND_SCORE);
    }
    check_bytes("packed.mxl", "PK\3\4\0\0", 6, SILBE_KIND_SCORE);
    folder_put_text("a.txt");
    folder_put_text("a.TXT");
    check_kind("a.txt", SILBE_KIND_TEXT);
    check_kind("a.TXT", SILBE_KIND_TEXT);
    check_kind("-", SILBE_KIND_TEXT);
    /* An ending is what stands behind the last dot of a name that has something before it. */
    folder_put_text(".txt");
    folder_put_wav("txt");
    check_kind(".txt", SILBE_KIND_TEXT);
    check_kind("txt", SILBE_KIND_RECORDING);
    assert_int_equal(mkdir("folder.txt", 0777), 0);
    folder_put_wav("folder.txt/song");
    check_kind("folder.txt/song", SILBE_KIND_RECORDING);
}

static void contents_of_recordings(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } HEADS[] = {
        {"RIFF\x24\0\0\0WAVE", 12},
        {"RF64\xff\xff\xff\xffWAVE", 12},
        {"FORM\0\0\0\x24"
         "AIFF",
         12},
        {"fLaC\0\0\0\x22", 8},
        {"OggS\0\2\0\0", 8},
        {"ID3\4\0\0", 6},
        {"caff\0\1\0\0", 8},
        {"\xff\xfb\x90\x44", 4},
        {"\xff\xf3\x44\xc4", 4},
        {"anything\0", 9},
        {".snd\0\0\0\x18", 8},
    };
    for (size_t i = 0; i < sizeof HEADS / sizeof HEADS[0]; i++) {
        check_bytes("sound", HEADS[i].bytes, HEADS[i].n, SILBE_KIND_RECORDING);
        check_bytes("sound.wav", HEADS[i].bytes, HEADS[i].n, SILBE_KIND_RECORDING);
    }
    /* What nobody can read is a recording, and refused where recordings are read. */
    check_bytes("empty.wav", "", 0, SILBE_KIND_RECORDING);
    check_bytes("empty", "", 0, SILBE_KIND_RECORDING);
    check_bytes("empty.txt", "", 0, SILBE_KIND_TEXT);
}

static void contents_of_texts(void **state)
{
    (void)state;
    static const char LATIN_1[] = "h\xe4tt' der Himmel";
    static const char UTF_16[] = "\xff\xfe"
                                 "E\0s\0";
    static const char WITH_BOM[] = "\xef\xbb\xbf"
                                   "Es war";
    check_bytes("lied.wav", "Es war", 6, SILBE_KIND_TEXT);
    check_bytes("lied", WITH_BOM, sizeof WITH_BOM - 1, SILBE_KIND_TEXT);
    /* Of another encoding: by its name alone. Who reads it says what is wrong. */
    check_bytes("lied", LATIN_1, sizeof LATIN_1 - 1, SILBE_KIND_RECORDING);
    check_bytes("lied.txt", LATIN_1, sizeof LATIN_1 - 1, SILBE_KIND_TEXT);
    check_bytes("lied", UTF_16, sizeof UTF_16 - 1, SILBE_KIND_RECORDING);
    check_bytes("lied.txt", UTF_16, sizeof UTF_16 - 1, SILBE_KIND_TEXT);
    /* Words that begin as a recording does. */
    check_bytes("lied.txt", "FORM und Farbe\n", 15, SILBE_KIND_TEXT);
    check_bytes("lied.txt", "RIFF! ID3! OggS!\n", 17, SILBE_KIND_TEXT);
}

/* A character of n_bytes that lies across the end of what is looked at, n_inside bytes before it.
 */
static void cut_character(const char *character, size_t n_bytes, size_t n_inside)
{
    char text[HEAD_BYTES + 8];
    memset(text, 'a', sizeof text);
    memcpy(text + HEAD_BYTES - n_inside, character, n_bytes);
    check_bytes("cut", text, sizeof text, SILBE_KIND_TEXT);
    /* Where the file ends there, the character is broken. */
    check_bytes("broken", text + 1, HEAD_BYTES - 1, SILBE_KIND_RECORDING);
}

static void characters_are_cut(void **state)
{
    (void)state;
    cut_character("\xc3\xa4", 2, 1);
    for (size_t n = 1; n < 3; n++) {
        cut_character("\xe2\x82\xac", 3, n);
    }
    for (size_t n = 1; n < 4; n++) {
        cut_character("\xf0\x9f\x98\x80", 4, n);
    }
    char text[HEAD_BYTES + 8];
    memset(text, 'a', sizeof text);
    text[HEAD_BYTES - 5] = (char)0xe4; /* too far from the end to be cut */
    check_bytes("latin", text, sizeof text, SILBE_KIND_RECORDING);
}

static void results(void **state)
{
    (void)state;
    folder_put_text("a.words.txt");
    folder_put_text("a.b.words.csv");
    folder_put_text("words.txt");
    folder_put_text("a.passwords");
    folder_put_wav("a.words");
    folder_put_wav("a.words.wav");
    check_kind("a.words.txt", SILBE_KIND_RESULT);
    check_kind("a.b.words.csv", SILBE_KIND_RESULT);
    folder_put_text("a.words.csv.tmp.12");
    folder_put_text("a.words.csv.bak");
    folder_put_text(".words.txt");
    check_kind("a.words.csv.tmp.12", SILBE_KIND_RESULT);
    check_kind("a.words.csv.bak", SILBE_KIND_TEXT);
    check_kind(".words.txt", SILBE_KIND_TEXT);
    check_kind("words.txt", SILBE_KIND_TEXT);
    check_kind("a.passwords", SILBE_KIND_TEXT);
    check_kind("a.words", SILBE_KIND_RECORDING);
}

static void refused(void **state)
{
    (void)state;
    check_refused("none.wav", "there is no such file");
    check_refused("none/none.wav", "there is no such file");
    check_refused("", "there is no such file");
    assert_int_equal(mkdir("folder", 0777), 0);
    check_refused("folder", "is a folder");
    folder_put_wav("song.txt");
    check_refused("song.txt", "recording by its content");
    folder_write("song.txt", "\xff\xfb\x90\x44", 4);
    check_refused("song.txt", "recording by its content");
    /* Nothing is read from a pipe, which has no second time, nor waited for. */
    assert_int_equal(mkfifo("pipe", 0666), 0);
    check_refused("pipe", "name -");
    check_refused("/dev/null", "name -");
    if (geteuid() != 0) {
        folder_put_wav("closed.wav");
        assert_int_equal(chmod("closed.wav", 0), 0);
        check_refused("closed.wav", "Permission denied");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endings),           cmocka_unit_test(contents_of_recordings),
        cmocka_unit_test(contents_of_texts), cmocka_unit_test(characters_are_cut),
        cmocka_unit_test(results),           cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
