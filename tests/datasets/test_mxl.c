#define _POSIX_C_SOURCE 200809L

#include "datasets/mxl.h"

#include <string.h>
#include <unistd.h>

#include <zip.h>

#include "datasets/musicxml.h"
#include "tests/check.h"

static const char CONTAINER[] = "<?xml version='1.0'?><container><rootfiles>"
                                "<rootfile full-path='preview.pdf' media-type='application/pdf'/>"
                                "<rootfile full-path='music/song.xml'/></rootfiles></container>";
static const char SONG[] =
    "<score-partwise><part-list><score-part id='P1'><part-name>V</part-name></score-part>"
    "</part-list><part id='P1'><measure number='1'><attributes><divisions>1</divisions>"
    "</attributes><note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration>"
    "</note></measure></part></score-partwise>";
static const char PATH[] = "test_mxl.mxl";

/* Writes an archive of up to two members; a NULL name is left out. */
static void write_archive(const char *name1, const void *data1, size_t size1, const char *name2,
                          const void *data2, size_t size2)
{
    int code = 0;
    (void)unlink(PATH);
    zip_t *archive = zip_open(PATH, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(archive);
    const char *names[] = {name1, name2};
    const void *data[] = {data1, data2};
    size_t sizes[] = {size1, size2};
    for (int i = 0; i < 2; i++) {
        if (names[i] != NULL) {
            zip_source_t *source = zip_source_buffer(archive, data[i], sizes[i], 0);
            assert_true(zip_file_add(archive, names[i], source, ZIP_FL_ENC_UTF_8) >= 0);
        }
    }
    assert_int_equal(zip_close(archive), 0);
}

static void refuse(silbe_status want, const char *words)
{
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    silbe_musicxml_options options = {NULL, 0, 1 << 20};
    assert_int_equal(silbe_musicxml_read(PATH, &options, &score, &err), want);
    if (strstr(err.message, words) == NULL || strstr(err.message, PATH) == NULL) {
        print_error("message: %s\n", err.message);
        fail();
    }
}

static void reads_the_root_file(void **state)
{
    (void)state;
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    write_archive("META-INF/container.xml", CONTAINER, sizeof CONTAINER - 1, "music/song.xml", SONG,
                  sizeof SONG - 1);
    check_ok(silbe_musicxml_read(PATH, NULL, &score, &err), err);
    assert_int_equal(score.n_notes, 1);
    silbe_score_free(&score);
}

static void missing_members_are_named(void **state)
{
    (void)state;
    write_archive("song.xml", SONG, sizeof SONG - 1, NULL, NULL, 0);
    refuse(SILBE_ERR_FORMAT, "META-INF/container.xml");
    write_archive("META-INF/container.xml", CONTAINER, sizeof CONTAINER - 1, NULL, NULL, 0);
    refuse(SILBE_ERR_FORMAT, "music/song.xml");
    write_archive("META-INF/container.xml", "<container/>", 12, NULL, NULL, 0);
    refuse(SILBE_ERR_FORMAT, "rootfile");
    write_archive("META-INF/container.xml", "<container", 10, NULL, NULL, 0);
    refuse(SILBE_ERR_FORMAT, "not well-formed");
}

static void bombs_are_bounded(void **state)
{
    (void)state;
    enum { SIZE = 64 << 20 };
    char *zeros = calloc(SIZE, 1);
    assert_non_null(zeros);
    write_archive("META-INF/container.xml", CONTAINER, sizeof CONTAINER - 1, "music/song.xml",
                  zeros, SIZE);
    refuse(SILBE_ERR_DATA, "limit of 1048576");
    write_archive("META-INF/container.xml", zeros, SIZE, NULL, NULL, 0);
    refuse(SILBE_ERR_DATA, "limit of 1048576");
    free(zeros);
}

static void truncated_is_refused(void **state)
{
    (void)state;
    write_archive("META-INF/container.xml", CONTAINER, sizeof CONTAINER - 1, "music/song.xml", SONG,
                  sizeof SONG - 1);
    assert_int_equal(truncate(PATH, 100), 0);
    refuse(SILBE_ERR_FORMAT, "archive");
    assert_false(silbe_mxl_is_zip("PK", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_root_file),
        cmocka_unit_test(missing_members_are_named),
        cmocka_unit_test(bombs_are_bounded),
        cmocka_unit_test(truncated_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
