/* The folder: complete, the same twice and with any number of threads, replaced as a whole. */
#define _POSIX_C_SOURCE 200809L
#include "datasets/demo/generate.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "datasets/demo/stamp.h"
#include "features/base/atomic_file.h"
#include "tests/check.h"

#define FOLDER_A "demo_generate_a"
#define FOLDER_B "demo_generate_b"

static void make(const char *folder, int n_threads, bool expect_made)
{
    silbe_err err = SILBE_ERR_INIT;
    bool made = !expect_made;
    check_ok(silbe_demo_generate(folder, n_threads, &made, &err), err);
    assert_int_equal(made, expect_made);
}

static int make_both(void **state)
{
    (void)state;
    if (system("rm -rf " FOLDER_A " " FOLDER_B) != 0) {
        return -1;
    }
    make(FOLDER_A, 1, true);
    make(FOLDER_B, 4, true);
    return 0;
}

static int remove_both(void **state)
{
    (void)state;
    return system("rm -rf " FOLDER_A " " FOLDER_B);
}

/* Contents of folder/name; the caller frees. */
static char *read_all(const char *folder, const char *name, size_t *length)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        fail_msg("%s is missing", path);
    }
    assert_int_equal(fseek(stream, 0, SEEK_END), 0);
    long size = ftell(stream);
    assert_true(size > 0);
    rewind(stream);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, stream), (size_t)size);
    text[size] = '\0';
    assert_int_equal(fclose(stream), 0);
    *length = (size_t)size;
    return text;
}

/* The stamp lists all files; so many for 4 songs x 3 versions. */
static void test_same_bytes(void **state)
{
    (void)state;
    size_t length = 0;
    char *stamp = read_all(FOLDER_A, SILBE_DEMO_STAMP_NAME, &length);
    size_t n_files = 0;
    char *save = NULL;
    char *line = strtok_r(stamp, "\n", &save);
    assert_non_null(line);
    while ((line = strtok_r(NULL, "\n", &save)) != NULL) {
        const char *name = strchr(line, ' ');
        assert_non_null(name);
        name++;
        size_t length_a = 0;
        size_t length_b = 0;
        char *a = read_all(FOLDER_A, name, &length_a);
        char *b = read_all(FOLDER_B, name, &length_b);
        assert_int_equal(length_a, length_b);
        assert_memory_equal(a, b, length_a);
        free(a);
        free(b);
        n_files++;
    }
    assert_int_equal(n_files, 3 + 4 * 2 + 12 * 4);
    free(stamp);
}

/* Files of the right name, header and size where a reader of the SWD looks for them. */
static void test_layout(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *begins;
    } files[] = {
        {"01_RawData/lyrics_txt/Silbe_Demo-01.txt", "Es war, als hätt' der Himmel\nDie Erde"},
        {"01_RawData/lyrics_txt/Silbe_Demo-03.txt", "Das Wandern ist des Müllers Lust,\n"},
        {"01_RawData/score_musicxml/Silbe_Demo-02.xml", "<?xml version=\"1.0\""},
        {"02_Annotations/ann_audio_note/Silbe_Demo-01_TE24.csv",
         "start;end;pitch;pitchclass;instrument\n0.6"},
        {"02_Annotations/ann_audio_measure/Silbe_Demo-01_TE24.csv",
         "start;measure\n0.650000000;0.667\n"},
        {"02_Annotations/ann_audio_measure/Silbe_Demo-02_BA07.csv",
         "start;measure\n1.400000000;1\n"},
        {"02_Annotations/ann_audio_measure/Silbe_Demo-03_TE24.csv",
         "start;measure\n0.650000000;0.750\n"},
        {"02_Annotations/ann_audio_globalkey.csv",
         "WorkID;PerformanceID;key\n\"Silbe_Demo-01\";\"TE24\";\"F:maj\"\n"
         "\"Silbe_Demo-01\";\"BA07\";\"Eb:maj\"\n\"Silbe_Demo-01\";\"SC33\";\"F#:maj\"\n"},
        {"03_ExtraMaterial/ann_audio_globalkey-tuning.csv",
         "SongID;WorkID;PerformanceID;Key;Tuning\n1;\"Silbe_Demo-01\";\"TE24\";\"F:maj\";440\n"
         "1;\"Silbe_Demo-01\";\"BA07\";\"Eb:maj\";435.3\n"},
        {"03_ExtraMaterial/ann_audio_word/Silbe_Demo-01_SC33.csv", "start;end;word\n"},
        {"README.txt", "Silbe demo dataset\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t length = 0;
        char *text = read_all(FOLDER_A, files[i].name, &length);
        if (strncmp(text, files[i].begins, strlen(files[i].begins)) != 0) {
            fail_msg("%s begins with \"%.80s\"", files[i].name, text);
        }
        free(text);
    }
}

static void test_wav(void **state)
{
    (void)state;
    SF_INFO info = {0};
    SNDFILE *file =
        sf_open(FOLDER_A "/01_RawData/audio_wav/Silbe_Demo-02_SC33.wav", SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.samplerate, 22050);
    assert_int_equal(info.channels, 1);
    assert_int_equal(info.format, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    assert_true(info.frames > 25 * 22050 && info.frames < 55 * 22050);
    assert_int_equal(sf_close(file), 0);
}

/* Every word of the truth is a word of the lyrics, in order, and starts with a voice note. */
static void test_truth(void **state)
{
    (void)state;
    static const char *const works[] = {"Silbe_Demo-01", "Silbe_Demo-02", "Silbe_Demo-03",
                                        "Silbe_Demo-04"};
    static const char *const versions[] = {"TE24", "BA07", "SC33"};
    for (size_t i = 0; i < 12; i++) {
        char name[128];
        size_t length = 0;
        (void)snprintf(name, sizeof name, "03_ExtraMaterial/ann_audio_word/%s_%s.csv", works[i / 3],
                       versions[i % 3]);
        char *words = read_all(FOLDER_A, name, &length);
        (void)snprintf(name, sizeof name, "02_Annotations/ann_audio_note/%s_%s.csv", works[i / 3],
                       versions[i % 3]);
        char *notes = read_all(FOLDER_A, name, &length);
        (void)snprintf(name, sizeof name, "01_RawData/lyrics_txt/%s.txt", works[i / 3]);
        char *lyrics = read_all(FOLDER_A, name, &length);
        char *save = NULL;
        char *save_lyrics = NULL;
        char *word = strtok_r(lyrics, " \n", &save_lyrics);
        assert_string_equal(strtok_r(words, "\n", &save), "start;end;word");
        double before_s = -1.0;
        for (char *row = strtok_r(NULL, "\n", &save); row != NULL;
             row = strtok_r(NULL, "\n", &save)) {
            char quoted[64];
            char start[32];
            assert_non_null(word);
            (void)snprintf(quoted, sizeof quoted, ";\"%s\"", word);
            assert_non_null(strstr(row, quoted));
            (void)snprintf(start, sizeof start, "\n%.*s;", (int)strcspn(row, ";"), row);
            const char *note = strstr(notes, start);
            assert_non_null(note);
            assert_memory_equal(note + 1 + strcspn(note + 1, "\n") - 7, "\"voice\"", 7);
            double start_s = strtod(row, NULL);
            assert_true(start_s > before_s);
            before_s = start_s;
            word = strtok_r(NULL, " \n", &save_lyrics);
        }
        assert_null(word);
        free(words);
        free(notes);
        free(lyrics);
    }
}

static double number_at(xmlXPathContextPtr context, const char *expression)
{
    xmlXPathObjectPtr result = xmlXPathEvalExpression((const xmlChar *)expression, context);
    assert_non_null(result);
    double number = xmlXPathCastToNumber(result);
    xmlXPathFreeObject(result);
    return number;
}

/* Every measure lasts as long in every part and staff, and as its metre says (the pick-up
 * excepted); every <lyric> stands on a note; every begin has its end. */
static void check_score(const char *path, double n_syllables)
{
    xmlDocPtr document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    assert_non_null(context);
    double n = number_at(context, "count(//part[@id='P1']/measure)");
    assert_true(n > 15.0);
    check_close(number_at(context, "count(//part[@id='P2']/measure)"), n, 0.0);
    double beats = 0.0;
    for (int m = 1; m <= (int)n; m++) {
        char at[256];
        double length[3];
        (void)snprintf(at, sizeof at, "//part[1]/measure[%d]/attributes/time/beats", m);
        double here = number_at(context, at);
        beats = isfinite(here) ? here : beats;
        (void)snprintf(at, sizeof at, "//part[1]/measure[%d]/attributes/time/beat-type", m);
        beats = isfinite(here) ? beats * 4.0 / number_at(context, at) : beats;
        for (int staff = 0; staff < 3; staff++) {
            (void)snprintf(at, sizeof at,
                           "sum(//part[%d]/measure[%d]/note[not(chord)][staff=%d]/duration)",
                           staff == 0 ? 1 : 2, m, staff == 2 ? 2 : 1);
            length[staff] = number_at(context, at);
        }
        check_close(length[1], length[0], 0.0);
        check_close(length[2], length[0], 0.0);
        (void)snprintf(at, sizeof at, "number(//part[2]/measure[%d]/backup/duration)", m);
        check_close(number_at(context, at), length[0], 0.0);
        (void)snprintf(at, sizeof at, "number(//part[1]/measure[%d]/@number)", m);
        if (number_at(context, at) > 0.0) {
            check_close(length[0], 48.0 * beats, 0.0); /* beats in quarter notes */
        } else {
            assert_true(length[0] < 48.0 * beats);
        }
    }
    check_close(number_at(context, "count(//lyric)"), n_syllables, 0.0);
    check_close(number_at(context, "count(//note[rest]/lyric)"), 0.0, 0.0);
    check_close(number_at(context, "count(//syllabic[.='begin'])"),
                number_at(context, "count(//syllabic[.='end'])"), 0.0);
    check_close(number_at(context, "count(//tie[@type='start'])"),
                number_at(context, "count(//tie[@type='stop'])"), 0.0);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
}

static void test_scores(void **state)
{
    (void)state;
    check_score(FOLDER_A "/01_RawData/score_musicxml/Silbe_Demo-01.xml", 32.0);
    check_score(FOLDER_A "/01_RawData/score_musicxml/Silbe_Demo-02.xml", 47.0);
    check_score(FOLDER_A "/01_RawData/score_musicxml/Silbe_Demo-03.xml", 66.0);
    check_score(FOLDER_A "/01_RawData/score_musicxml/Silbe_Demo-04.xml", 58.0);
    xmlCleanupParser();
}

/* Left alone when whole and current; made anew when a file is missing or the stamp is another's. */
static void test_up_to_date(void **state)
{
    (void)state;
    struct stat before;
    struct stat after;
    static const char wav[] = FOLDER_B "/01_RawData/audio_wav/Silbe_Demo-01_BA07.wav";
    assert_int_equal(stat(wav, &before), 0);
    make(FOLDER_B "/", 0, false);
    assert_int_equal(stat(wav, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);

    assert_int_equal(unlink(wav), 0);
    assert_int_equal(silbe_demo_stamp_check(FOLDER_B), SILBE_DEMO_FOLDER_OLD);

    FILE *stream = fopen(FOLDER_B "/" SILBE_DEMO_STAMP_NAME, "wb");
    assert_non_null(stream);
    assert_true(fputs("silbe-demo 0 data 0 espeak-ng 0\n", stream) >= 0);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(silbe_demo_stamp_check(FOLDER_B), SILBE_DEMO_FOLDER_OLD);
    make(FOLDER_B, 2, true);
    assert_int_equal(silbe_demo_stamp_check(FOLDER_B), SILBE_DEMO_FOLDER_CURRENT);
    test_same_bytes(state);
}

/* Somebody else's folder stays as it is. */
static void test_foreign_folder(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    bool made = true;
    static const char folder[] = "demo_foreign";
    assert_int_equal(system("rm -rf demo_foreign && mkdir demo_foreign && echo 1 > demo_foreign/x"),
                     0);
    assert_int_equal(silbe_demo_generate(folder, 1, &made, &err), SILBE_ERR_ARGUMENT);
    assert_false(made);
    assert_non_null(strstr(err.message, "demo_foreign: exists and is not a demo dataset"));
    assert_int_equal(access("demo_foreign/x", F_OK), 0);
    assert_int_equal(silbe_demo_stamp_check("demo_foreign/nothing"), SILBE_DEMO_FOLDER_FREE);
    assert_int_equal(system("rm -rf demo_foreign"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_wav),
        cmocka_unit_test(test_truth),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_up_to_date),
        cmocka_unit_test(test_foreign_folder),
    };
    return cmocka_run_group_tests(tests, make_both, remove_both);
}
