#define _XOPEN_SOURCE 700
/* The data of whole pages, and corrections: what is missing is told, nothing is made up. */
#include "tests/datasets/temp_folder.h"

#include <jansson.h>

#include "pipeline/evaluate/item_references.h"
#include "pipeline/files/corrections.h"
#include "pipeline/output/output.h"
#include "pipeline/page/page.h"
#include "tests/pipeline/output/fixture.h"

static const char FOLDER[] = "test_page.dir";

static silbe_config config_here(void)
{
    silbe_config config;
    silbe_config_defaults(&config);
    (void)snprintf(config.dataset.name, sizeof config.dataset.name, "x");
    (void)snprintf(config.work.folder, sizeof config.work.folder, "%s/work", FOLDER);
    return config;
}

static int setup(void **state)
{
    (void)state;
    temp_folder(FOLDER);
    temp_write(FOLDER, "dist/index.html", "page");
    temp_write(FOLDER, "audio/there.wav", "no sound");
    return 0;
}

/* The value of a data script. */
static json_t *read_script(const char *name)
{
    static char text[1 << 18];
    char path[256];
    (void)snprintf(path, sizeof path, "%s/work/x/report/data/%s", FOLDER, name);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t n = fread(text, 1, sizeof text - 1, stream);
    assert_int_equal(fclose(stream), 0);
    text[n - 2] = '\0'; /* ";\n" */
    json_t *value = json_loads(strstr(text, "]=") + 2, 0, NULL);
    assert_non_null(value);
    return value;
}

static silbe_dataset two_items(silbe_item items[2])
{
    static char work[] = "A", version[] = "<script>", name[] = "A_<script>";
    static char audio_path[] = "test_page.dir/audio/none.wav";
    items[0] =
        (silbe_item){.work = work, .version = version, .name = name, .audio_path = audio_path};
    items[1] = items[0];
    return (silbe_dataset){.items = items, .n_items = 1};
}

static silbe_status write_page(const silbe_config *config, const silbe_dataset *dataset,
                               silbe_page_summary *summary, silbe_err *err)
{
    silbe_page_facts facts = {.assets = "test_page.dir/dist", .command = "x"};
    *summary = (silbe_page_summary)SILBE_PAGE_SUMMARY_INIT;
    return silbe_page_write(config, dataset, &facts, summary, err);
}

/* No labels, no reference, no recording: the word times are shown all the same. */
static void what_is_missing_is_told(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = config_here();
    silbe_item items[2];
    silbe_dataset dataset = two_items(items);
    silbe_page_summary summary;
    silbe_words f;
    fixture_new(&f);
    temp_write(FOLDER, "work/x/score/words/y", "");
    check_ok(silbe_output_write_json("test_page.dir/work/x/score/words/A_<script>.json", &f, &err),
             err);
    check_ok(write_page(&config, &dataset, &summary, &err), err);
    assert_int_equal(summary.n_items, 1);
    assert_int_equal(summary.n_modes, 1);
    assert_int_equal(summary.problems.n, 2);
    assert_non_null(strstr(summary.problems.texts[0], "none.wav"));
    silbe_messages_free(&summary.problems);

    json_t *item = read_script("item-0001.js");
    assert_string_equal(json_string_value(json_object_get(item, "version")), "<script>");
    json_t *audio = json_object_get(item, "audio");
    assert_true(json_is_null(json_object_get(audio, "src")));
    assert_non_null(
        strstr(json_string_value(json_object_get(audio, "problem")), "no such recording"));
    assert_true(json_is_null(json_object_get(item, "peaks")));
    json_t *reference = json_object_get(item, "reference");
    assert_int_equal(json_array_size(json_object_get(reference, "start")), 0);
    assert_true(json_is_string(json_object_get(reference, "problem")));
    json_t *score = json_object_get(json_object_get(item, "modes"), "score");
    size_t n_words = f.lyrics.n_words;
    assert_int_equal(json_array_size(json_object_get(item, "words")), n_words);
    assert_int_equal(json_array_size(json_object_get(score, "start")), n_words);
    check_close(json_real_value(json_array_get(json_object_get(score, "start"), 0)),
                f.times.words[0].start_s, 1e-4);
    assert_true(json_is_null(json_object_get(score, "path")));
    json_decref(item);

    json_t *overview = read_script("overview.js");
    json_t *row = json_array_get(json_object_get(overview, "items"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "file")), "item-0001");
    json_t *errors = json_object_get(json_object_get(row, "errors"), "score");
    assert_int_equal(json_array_size(errors), 0);
    json_decref(overview);
    silbe_words_free(&f);
}

/* Words go by their index: results of another text than the first one's would be of other words. */
static void results_of_another_text_are_told(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = config_here();
    silbe_item items[2];
    silbe_dataset dataset = two_items(items);
    silbe_page_summary summary;
    silbe_words f;
    fixture_new(&f);
    temp_write(FOLDER, "work/x/score/words/y", "");
    temp_write(FOLDER, "work/x/lyrics/words/y", "");
    temp_write(FOLDER, "work/x/joint/words/y", "");
    check_ok(silbe_output_write_json("test_page.dir/work/x/score/words/A_<script>.json", &f, &err),
             err);
    f.is_matched[1] = false;
    check_ok(silbe_output_write_json("test_page.dir/work/x/lyrics/words/A_<script>.json", &f, &err),
             err);
    f.lyrics.words[3].text[0] = '[';
    check_ok(silbe_output_write_json("test_page.dir/work/x/joint/words/A_<script>.json", &f, &err),
             err);
    check_ok(write_page(&config, &dataset, &summary, &err), err);
    assert_int_equal(summary.n_modes, 3);
    silbe_messages_free(&summary.problems);

    json_t *item = read_script("item-0001.js");
    json_t *modes = json_object_get(item, "modes");
    json_t *lyrics = json_object_get(modes, "lyrics"), *joint = json_object_get(modes, "joint");
    assert_true(json_is_null(json_object_get(lyrics, "problem")));
    json_t *unmatched = json_array_get(json_object_get(lyrics, "unmatched"), 0);
    assert_int_equal(json_array_size(json_object_get(lyrics, "unmatched")), 1);
    assert_int_equal(json_integer_value(json_array_get(unmatched, 0)), 1);
    check_close(json_real_value(json_array_get(unmatched, 1)), f.times.words[1].start_s, 1e-4);
    assert_true(json_is_null(json_array_get(json_object_get(lyrics, "start"), 1)));
    check_close(json_real_value(json_array_get(json_object_get(lyrics, "start"), 2)),
                f.times.words[2].start_s, 1e-4);
    assert_non_null(strstr(json_string_value(json_object_get(joint, "problem")),
                           "of another text: word 4 of line 1 is \"[script>"));
    assert_int_equal(json_array_size(json_object_get(joint, "start")), 0);
    json_decref(item);
    silbe_words_free(&f);
}

static void pages_need_results_and_a_built_page(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = config_here();
    silbe_item items[2];
    silbe_dataset dataset = two_items(items);
    silbe_page_summary summary;
    assert_int_equal(write_page(&config, &dataset, &summary, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "silbe align"));
    temp_write(FOLDER, "work/x/score/words/y", "");
    silbe_page_facts facts = {.assets = "test_page.dir/nothing", .command = "x"};
    assert_int_equal(silbe_page_write(&config, &dataset, &facts, &summary, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "make report"));
    (void)snprintf(config.run.items, sizeof config.run.items, "B*");
    assert_int_equal(write_page(&config, &dataset, &summary, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "run.items"));
}

/* Copies appear when asked for and go when no longer wanted. */
static void recordings_are_linked_or_copied(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = config_here();
    silbe_item items[2];
    silbe_dataset dataset = two_items(items);
    silbe_page_summary summary;
    items[0].audio_path = (char[]){"test_page.dir/audio/there.wav"};
    temp_write(FOLDER, "work/x/score/words/y", "");
    static const char COPY[] = "test_page.dir/work/x/report/audio/item-0001.wav";
    static const char *const SOURCES[] = {"../../../audio/there.wav", "audio/item-0001.wav",
                                          "../../../audio/there.wav"};
    for (int i = 0; i < 3; i++) {
        config.report.audio = i == 1 ? SILBE_REPORT_AUDIO_COPY : SILBE_REPORT_AUDIO_LINK;
        check_ok(write_page(&config, &dataset, &summary, &err), err);
        silbe_messages_free(&summary.problems);
        json_t *item = read_script("item-0001.js");
        json_t *audio = json_object_get(item, "audio");
        assert_string_equal(json_string_value(json_object_get(audio, "src")), SOURCES[i]);
        /* It is no sound. */
        assert_true(json_is_string(json_object_get(audio, "problem")));
        json_decref(item);
        assert_int_equal(access(COPY, F_OK) == 0, i == 1);
    }
}

/* ---- corrections ---- */

static void only_words_set_by_hand_count(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = config_here();
    char *path = NULL;
    silbe_item items[2];
    (void)two_items(items);
    items[0].name = (char[]){"A_1"};
    check_ok(silbe_corrections_path(&config, &items[0], &path, &err), err);
    assert_null(path);
    (void)snprintf(config.dataset.corrections, sizeof config.dataset.corrections, "%s/none",
                   FOLDER);
    assert_int_equal(silbe_corrections_path(&config, &items[0], &path, &err), SILBE_ERR_IO);
    (void)snprintf(config.dataset.corrections, sizeof config.dataset.corrections, "%s/c", FOLDER);
    temp_write(FOLDER, "c/A_1.words.csv",
               "start;end;word;line;confidence\n1;2;\"a\";1;0.999\n2.5;3;\"b\";1;1.000\n"
               "4;5;\"c\";1;\n6;7;\"d\";1;0\n");
    check_ok(silbe_corrections_path(&config, &items[0], &path, &err), err);
    assert_string_equal(path, "test_page.dir/c/A_1.words.csv");

    silbe_syllable syllables[4];
    silbe_word words[4];
    static char TEXTS[4][2] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        syllables[i] = (silbe_syllable){TEXTS[i], i, (double)i, (double)i + 1};
        words[i] = (silbe_word){TEXTS[i], 0, i, 1};
    }
    silbe_line line = {TEXTS[0], 0, 0, 4};
    silbe_labels labels = {.lyrics = {syllables, 4, words, 4, &line, 1}};
    silbe_reference_words got;
    check_ok(silbe_corrections_read(path, &labels.lyrics, &got, &err), err);
    assert_int_equal(got.n_known, 2);
    assert_true(!got.words[0].is_known && got.words[1].is_known && got.words[2].is_known);
    silbe_reference_words_free(&got);
    free(path);

    /* Over a reference: b and c are replaced; d, which c has passed, has none any more. */
    temp_write(FOLDER, "ref.words.csv", "start;end;word\n1.1;2;a\n2;3;b\n3.5;3.6;c\n3.7;8;d\n");
    items[0].ref_words_path = (char[]){"test_page.dir/ref.words.csv"};
    silbe_item_references references;
    check_ok(silbe_item_references_read(&config, &items[0], &labels, &references, &err), err);
    const silbe_reference_word *r = references.words.words;
    assert_int_equal(references.n_corrected, 2);
    assert_int_equal(references.words.n_known, 3);
    check_close(r[0].start_s, 1.1, 0);
    check_close(r[1].start_s, 2.5, 0);
    check_close(r[2].start_s, 4, 0);
    assert_false(r[3].is_known);
    assert_true(!references.is_corrected[0] && references.is_corrected[1]);
    assert_int_equal(references.words.reports.n, 2);
    silbe_item_references_free(&references);

    /* Without one they are all there is. */
    items[0].ref_words_path = NULL;
    check_ok(silbe_item_references_read(&config, &items[0], &labels, &references, &err), err);
    assert_int_equal(references.words.n_known, 2);
    silbe_item_references_free(&references);

    temp_write(FOLDER, "c/A_1.words.csv", "start;end;word\n1;2;x\n");
    assert_int_equal(silbe_item_references_read(&config, &items[0], &labels, &references, &err),
                     SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "A_1.words.csv"));
    silbe_item_references_free(&references);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_missing_is_told, setup),
        cmocka_unit_test_setup(results_of_another_text_are_told, setup),
        cmocka_unit_test_setup(pages_need_results_and_a_built_page, setup),
        cmocka_unit_test_setup(recordings_are_linked_or_copied, setup),
        cmocka_unit_test_setup(only_words_set_by_hand_count, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
