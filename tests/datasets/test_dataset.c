#define _XOPEN_SOURCE 700
#include "datasets/dataset.h"

#include <stdbool.h>

#include "tests/datasets/temp_folder.h"

#define ROOT "test_dataset.tmp"
#define AUDIO "01_RawData/audio_wav/"

static int set_up(void **state)
{
    (void)state;
    temp_folder(ROOT);
    return 0;
}

/* Opens and checks that it fails with that status and says it; the folder's path need not exist. */
static void check_refused(const char *kind, const char *root, silbe_status want, const char *says)
{
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_err err = SILBE_ERR_INIT;
    silbe_status got = silbe_dataset_open(kind, "x", root, &dataset, &err);
    if (got != want || strstr(err.message, says) == NULL) {
        fail_msg("status %d, \"%s\"; wanted %d and %s", (int)got, err.message, (int)want, says);
    }
    silbe_dataset_free(&dataset);
}

static bool has_message(const silbe_messages *messages, const char *says)
{
    for (size_t i = 0; i < messages->n; i++) {
        if (strstr(messages->texts[i], says) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- SWD ---- */

/* Two works, two versions; A_D1-02_Y2 lacks lyrics and notes, A_D1-01_Z3 audio. */
static void make_swd(const char *root)
{
    static const char *const FILES[] = {
        AUDIO "A_D1-02_Y2.wav",
        AUDIO "A_D1-01_Y2.WAV",
        AUDIO "A_D1-01_X1.flac",
        AUDIO "._A_D1-01_X1.flac",
        AUDIO "notes.pdf",
        AUDIO "noversion.wav",
        "01_RawData/lyrics_txt/A_D1-01.txt",
        "01_RawData/score_musicxml/A_D1-01.xml",
        "01_RawData/score_musicxml/A_D1-02.XML",
        "02_Annotations/ann_audio_note/A_D1-01_X1.csv",
        "02_Annotations/ann_audio_note/A_D1-01_Y2.CSV",
        "02_Annotations/ann_audio_measure/A_D1-01_X1.csv",
        "02_Annotations/ann_audio_measure/A_D1-01_Z3.csv",
        "03_ExtraMaterial/ann_audio_word/A_D1-01_X1.csv",
    };
    temp_folder(ROOT);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        temp_write(root, FILES[i], "x");
    }
}

static void swd_pairs_files(void **state)
{
    (void)state;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_err err = SILBE_ERR_INIT;
    make_swd(ROOT "/swd");
    check_ok(silbe_dataset_open("swd", "winterreise", ROOT "/swd/", &dataset, &err), err);
    assert_string_equal(dataset.name, "winterreise");
    assert_int_equal(dataset.n_items, 3);
    const silbe_item *item = &dataset.items[0];
    assert_string_equal(item->name, "A_D1-01_X1");
    assert_string_equal(item->work, "A_D1-01");
    assert_string_equal(item->version, "X1");
    assert_string_equal(item->audio_path, ROOT "/swd/" AUDIO "A_D1-01_X1.flac");
    assert_string_equal(item->lyrics_path, ROOT "/swd/01_RawData/lyrics_txt/A_D1-01.txt");
    assert_string_equal(item->score_path, ROOT "/swd/01_RawData/score_musicxml/A_D1-01.xml");
    assert_string_equal(item->ref_notes_path,
                        ROOT "/swd/02_Annotations/ann_audio_note/A_D1-01_X1.csv");
    assert_string_equal(item->ref_measures_path,
                        ROOT "/swd/02_Annotations/ann_audio_measure/A_D1-01_X1.csv");
    assert_string_equal(item->ref_words_path,
                        ROOT "/swd/03_ExtraMaterial/ann_audio_word/A_D1-01_X1.csv");
    item = &dataset.items[1];
    assert_string_equal(item->name, "A_D1-01_Y2");
    assert_non_null(strstr(item->ref_notes_path, "A_D1-01_Y2.CSV"));
    assert_null(item->ref_measures_path);
    item = silbe_dataset_find(&dataset, "A_D1-02_Y2");
    assert_ptr_equal(item, &dataset.items[2]);
    assert_null(item->lyrics_path);
    assert_non_null(strstr(item->score_path, "A_D1-02.XML"));
    assert_null(silbe_dataset_find(&dataset, "A_D1-01_Z3"));
    assert_int_equal(dataset.notes.n, 1);
    assert_true(has_message(&dataset.notes, "1 of 2 annotated recordings have no audio"));
    assert_true(has_message(&dataset.warnings, "noversion.wav: left out"));
    assert_true(has_message(&dataset.warnings, "A_D1-02_Y2: no lyrics, expected " ROOT));
    assert_true(has_message(&dataset.warnings, "A_D1-02_Y2: nothing to evaluate"));
    assert_int_equal(dataset.warnings.n, 3);
    silbe_dataset_free(&dataset);
}

static void swd_finds_its_level(void **state)
{
    (void)state;
    static const char *const ROOTS[] = {ROOT "/up/v2-1", ROOT "/up", ROOT "/up/v2-1/01_RawData",
                                        ROOT "/up/v2-1/01_RawData/audio_wav",
                                        ROOT "/up/v2-1/02_Annotations"};
    make_swd(ROOT "/up/v2-1");
    assert_int_equal(mkdir(ROOT "/up/__MACOSX", 0777), 0);
    for (size_t i = 0; i < sizeof ROOTS / sizeof *ROOTS; i++) {
        silbe_dataset dataset = SILBE_DATASET_INIT;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_dataset_open("swd", "swd", ROOTS[i], &dataset, &err), err);
        assert_int_equal(dataset.n_items, 3);
        size_t length = strlen(dataset.root);
        assert_true(length >= 4 && strcmp(dataset.root + length - 4, "v2-1") == 0);
        silbe_dataset_free(&dataset);
    }
    temp_write(ROOT "/up/v2-0", AUDIO "A_D1-01_X1.wav", "x");
    check_refused("swd", ROOT "/up", SILBE_ERR_FORMAT, "holds 2 datasets (" ROOT "/up/v2-0 is the");
}

static void swd_says_what_is_missing(void **state)
{
    (void)state;
    temp_folder(ROOT);
    check_refused("swd", ROOT "/none", SILBE_ERR_IO, "SWD_ROOT says where");
    check_refused("swd", ROOT "/none", SILBE_ERR_IO, "`make fetch DATASET=swd`");
    check_refused("swd", ROOT, SILBE_ERR_FORMAT, "no folder 01_RawData/audio_wav in it");
    temp_write(ROOT, "file", "x");
    check_refused("swd", ROOT "/file", SILBE_ERR_IO, "not a folder");
    temp_write(ROOT, "01_RawData/lyrics_txt/A_1.txt", "x");
    check_refused("swd", ROOT, SILBE_ERR_FORMAT, "the folder 01_RawData/audio_wav is missing");
    temp_write(ROOT, AUDIO "readme.txt", "x");
    check_refused("swd", ROOT, SILBE_ERR_DATA, "no audio files");
    temp_write(ROOT, AUDIO "A_1_X.wav", "x");
    temp_write(ROOT, AUDIO "A_1_X.mp3", "x");
    check_refused("swd", ROOT, SILBE_ERR_MISMATCH, "A_1_X.mp3 and " ROOT "/" AUDIO "A_1_X.wav");
    check_refused("nonsense", ROOT, SILBE_ERR_ARGUMENT, "unknown kind \"nonsense\"");
}

/* ---- plain folder ---- */

static void folder_pairs_strange_names(void **state)
{
    (void)state;
    static const char *const FILES[] = {
        "b.wav",        "b.txt",           "b.musicxml",     "b.words.csv",    "a b;\"c'.OGG",
        "a b;\"c'.xml", "z.mxl",           "\xC3\x9C.1.mp3", "\xC3\x9C.1.txt", "alone.opus",
        "stray.txt",    "stray.words.csv", ".hidden.wav",    "cover.jpg",      "sub/inside.wav",
    };
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_err err = SILBE_ERR_INIT;
    temp_folder(ROOT);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        temp_write(ROOT, FILES[i], "x");
    }
    check_ok(silbe_dataset_open("folder", "mine", ROOT, &dataset, &err), err);
    assert_int_equal(dataset.n_items, 5);
    assert_string_equal(dataset.items[0].name, "a b;\"c'");
    assert_string_equal(dataset.items[0].score_path, ROOT "/a b;\"c'.xml");
    assert_null(dataset.items[0].lyrics_path);
    assert_string_equal(dataset.items[1].name, "alone");
    assert_string_equal(dataset.items[2].name, "b");
    assert_string_equal(dataset.items[2].version, "");
    assert_string_equal(dataset.items[2].lyrics_path, ROOT "/b.txt");
    assert_string_equal(dataset.items[2].ref_words_path, ROOT "/b.words.csv");
    /* A score without recording: the stage that reads it says so. */
    assert_string_equal(dataset.items[3].audio_path, ROOT "/z.wav");
    assert_string_equal(dataset.items[3].score_path, ROOT "/z.mxl");
    assert_string_equal(dataset.items[4].work, "\xC3\x9C.1");
    assert_string_equal(dataset.items[4].lyrics_path, ROOT "/\xC3\x9C.1.txt");
    assert_true(has_message(&dataset.warnings, ROOT "/stray.txt: no recording"));
    assert_true(has_message(&dataset.warnings, ROOT "/stray.words.csv: no recording"));
    assert_true(has_message(&dataset.warnings, "alone.opus: neither lyrics (alone.txt) nor score"));
    assert_int_equal(dataset.warnings.n, 3);
    silbe_dataset_free(&dataset);
}

/* What an alignment wrote beside its recording is not what it is measured by. */
static void folder_knows_estimates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_reference;
    } CASES[] = {
        {"start;end;word\n1;2;ja\n", true},
        {"start;end;word;line;confidence\n1;2;ja;1;0.999\n2;3;nein;1;0.5\n", false},
        {"start;end;word;line;confidence;sounding_start\n1;2;ja;1;0.999;1\n", false},
        {"start;end;word;line;confidence\n1;2;ja;1;0.999\n2;3;nein;1;1.000\n", true},
        {"start;end;word;line;confidence\n1;2;ja;1;\n", true},
        {"damaged", true}, /* said by the stage that reads it */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        silbe_dataset dataset = SILBE_DATASET_INIT;
        silbe_err err = SILBE_ERR_INIT;
        temp_folder(ROOT);
        temp_write(ROOT, "a.wav", "x");
        temp_write(ROOT, "a.txt", "ja nein");
        temp_write(ROOT, "a.words.csv", CASES[i].text);
        check_ok(silbe_dataset_open("folder", "mine", ROOT, &dataset, &err), err);
        assert_int_equal(dataset.n_items, 1);
        assert_int_equal(dataset.items[0].ref_words_path != NULL, CASES[i].is_reference);
        assert_int_equal(dataset.warnings.n, 0);
        silbe_dataset_free(&dataset);
    }
}

static void folder_refuses_ambiguity(void **state)
{
    (void)state;
    temp_folder(ROOT);
    check_refused("folder", ROOT "/none", SILBE_ERR_IO, ROOT "/none: no such folder; check");
    check_refused("folder", ROOT, SILBE_ERR_DATA, "no audio files; expected NAME.wav");
    temp_write(ROOT, "a.wav", "x");
    temp_write(ROOT, "a.FLAC", "x");
    check_refused("folder", ROOT, SILBE_ERR_MISMATCH, ROOT "/a.FLAC and " ROOT "/a.wav");
    temp_folder(ROOT);
    temp_write(ROOT, "a.wav", "x");
    temp_write(ROOT, "a.mxl", "x");
    temp_write(ROOT, "a.xml", "x");
    check_refused("folder", ROOT, SILBE_ERR_MISMATCH, ROOT "/a.mxl and " ROOT "/a.xml");
    temp_folder(ROOT);
    temp_write(ROOT,
               "f\xFC"
               "r.wav",
               "x");
    check_refused("folder", ROOT, SILBE_ERR_FORMAT, "the file \"f?r.wav\" is not UTF-8");
    temp_folder(ROOT);
    temp_write(ROOT, "a\nb.wav", "x");
    check_refused("folder", ROOT, SILBE_ERR_FORMAT, "the file \"a?b.wav\"");
    make_swd(ROOT "/swd");
    check_refused("folder", ROOT "/swd", SILBE_ERR_DATA, "use SWD_ROOT=" ROOT "/swd with");
}

/* ---- the published dataset ---- */

static void opens_the_published_dataset(void **state)
{
    (void)state;
    const char *root = getenv("SWD_ROOT");
    if (root == NULL || access(root, R_OK) != 0) {
        skip();
    }
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_dataset_open("swd", "swd", root, &dataset, &err), err);
    assert_int_equal(dataset.warnings.n, 0);
    for (size_t i = 0; i < dataset.n_items; i++) {
        const silbe_item *item = &dataset.items[i];
        assert_true(i == 0 || strcmp(dataset.items[i - 1].name, item->name) < 0);
        assert_true(strncmp(item->work, "Schubert_D911-", 14) == 0);
        assert_int_equal(strlen(item->version), 4);
        assert_true(item->lyrics_path != NULL && item->score_path != NULL &&
                    item->ref_notes_path != NULL && item->ref_measures_path != NULL);
    }
    print_message("%zu items; %s\n", dataset.n_items,
                  dataset.notes.n > 0 ? dataset.notes.texts[0] : "all with audio");
    silbe_dataset_free(&dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swd_pairs_files),
        cmocka_unit_test(swd_finds_its_level),
        cmocka_unit_test(swd_says_what_is_missing),
        cmocka_unit_test(folder_pairs_strange_names),
        cmocka_unit_test(folder_knows_estimates),
        cmocka_unit_test(folder_refuses_ambiguity),
        cmocka_unit_test(opens_the_published_dataset),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
