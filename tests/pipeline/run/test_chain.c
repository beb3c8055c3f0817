#include "pipeline/run/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/run/chain_items.h"
#include "tests/check.h"

static silbe_item scored(void)
{
    static char work[] = "Lied", version[] = "AB", name[] = "Lied_AB", audio[] = "a.wav";
    static char score[] = "s.xml";
    return (silbe_item){
        .work = work, .version = version, .name = name, .audio_path = audio, .score_path = score};
}

static void config_of(silbe_config *config)
{
    silbe_config_defaults(config);
    (void)strcpy(config->work.folder, "work");
    (void)strcpy(config->dataset.name, "demo");
}

/* The settings choose a mode by its place: the names are the same, in the same order. */
static void modes_are_those_of_the_settings(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config;
    config_of(&config);
    assert_int_equal(SILBE_N_STAGES - SILBE_STAGE_MODES, SILBE_MODE_ALL);
    for (int m = 0; m < SILBE_MODE_ALL; m++) {
        const char *name = silbe_chain_get((silbe_stage_id)(SILBE_STAGE_MODES + m))->name;
        char assignment[64];
        (void)snprintf(assignment, sizeof assignment, "align.mode=%s", name);
        check_ok(silbe_config_set(&config, assignment, &err), err);
        assert_int_equal(config.align.mode, m);
    }
}

/* Every file that a stage reads is the user's, or made by an earlier stage. */
static void stages_follow_what_they_read(void **state)
{
    (void)state;
    for (int s = 0; s < SILBE_N_STAGES; s++) {
        const silbe_chain_stage *stage = silbe_chain_get((silbe_stage_id)s);
        for (size_t i = 0; stage->reads[i] != SILBE_FILE_NONE; i++) {
            bool is_made = stage->reads[i] < SILBE_FILE_CHROMA;
            for (int before = 0; before < s && before < SILBE_STAGE_MODES; before++) {
                is_made = is_made || silbe_chain_makes((silbe_stage_id)before, stage->reads[i]);
            }
            assert_true(is_made);
        }
        assert_true(silbe_chain_n_keys(stage) > 0);
    }
    assert_true(silbe_chain_needs(SILBE_STAGE_LYRICS, SILBE_STAGE_FEATURES));
    assert_true(silbe_chain_needs(SILBE_STAGE_LYRICS, SILBE_STAGE_POSTERIORS));
    assert_true(silbe_chain_needs(SILBE_STAGE_JOINT, SILBE_STAGE_JOINT));
    assert_false(silbe_chain_needs(SILBE_STAGE_SCORE, SILBE_STAGE_POSTERIORS));
    assert_false(silbe_chain_needs(SILBE_STAGE_JOINT, SILBE_STAGE_SCORE));
}

static void check_path(char *path, const char *wanted)
{
    assert_non_null(path);
    assert_string_equal(path, wanted);
    free(path);
}

static void paths_are_exact(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config;
    config_of(&config);
    silbe_stage_id joint = SILBE_STAGE_JOINT;
    const silbe_item item = scored();
    check_path(silbe_chain_folder(&config, NULL, &err), "work/demo");
    check_path(silbe_chain_folder(&config, "report", &err), "work/demo/report");
    check_path(silbe_chain_path(&config, SILBE_FILE_CHROMA, joint, &item, &err),
               "work/demo/features/Lied_AB.chroma.npy");
    check_path(silbe_chain_path(&config, SILBE_FILE_LABELS, joint, &item, &err),
               "work/demo/labels/Lied.json");
    check_path(silbe_chain_path(&config, SILBE_FILE_PATH, joint, &item, &err),
               "work/demo/joint/path/Lied_AB.npy");
    check_path(silbe_chain_path(&config, SILBE_FILE_WORDS, SILBE_STAGE_LYRICS, &item, &err),
               "work/demo/lyrics/words/Lied_AB.json");
    check_path(silbe_chain_path(&config, SILBE_FILE_PHONE_ONSETS, joint, NULL, &err),
               "work/demo/joint/phone_onsets.json");
    check_path(silbe_chain_record(&config, SILBE_STAGE_LABELS, &item, &err),
               "work/demo/labels/Lied.record.json");
    check_path(silbe_chain_record(&config, SILBE_STAGE_SCORE, &item, &err),
               "work/demo/score/Lied_AB.record.json");
    assert_int_equal(err.status, SILBE_OK);
    (void)silbe_fail(&err, SILBE_ERR_IO, "failed before");
    assert_null(silbe_chain_folder(&config, NULL, &err));
    assert_null(silbe_chain_path(&config, SILBE_FILE_PATH, joint, &item, &err));
    assert_string_equal(err.message, "failed before");
}

/* Optional files shift nothing: they are found by what they are. */
static void a_stage_is_filled(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config;
    static char cd[] = "Lied_CD", ef[] = "Ein_EF", ein[] = "Ein", text[] = "l.txt";
    silbe_item items[3] = {scored(), scored(), scored()};
    silbe_dataset dataset = {.items = items, .n_items = 3};
    silbe_stage stage = SILBE_STAGE_INIT;
    config_of(&config);
    items[1].name = cd;
    items[2].name = ef; /* no score */
    items[2].work = ein;
    items[2].score_path = NULL;
    items[2].lyrics_path = text;
    check_ok(silbe_chain_fill(&stage, SILBE_STAGE_LABELS, &config, &dataset, &err), err);
    assert_string_equal(stage.name, "labels");
    assert_int_equal(stage.n_items, 2); /* a work once */
    assert_string_equal(stage.items[0].name, "Lied");
    assert_string_equal(silbe_stage_input(&stage.items[0], SILBE_FILE_SCORE), "s.xml");
    assert_null(silbe_stage_input(&stage.items[0], SILBE_FILE_LYRICS));
    assert_null(silbe_stage_input(&stage.items[1], SILBE_FILE_SCORE));
    assert_string_equal(silbe_stage_input(&stage.items[1], SILBE_FILE_LYRICS), "l.txt");
    assert_int_equal(stage.items[1].tag, 2);
    silbe_stage_free(&stage);

    (void)strcpy(config.run.items, "*_CD");
    config.features.logmel = false;
    check_ok(silbe_chain_fill(&stage, SILBE_STAGE_FEATURES, &config, &dataset, &err), err);
    const char *const temps[] = {"0", "1", "2", "3"};
    assert_int_equal(stage.n_items, 1);
    assert_int_equal(stage.items[0].outputs.n, 4);
    assert_string_equal(*silbe_stage_output(&stage.items[0], temps, SILBE_FILE_FEATURES), "3");
    assert_string_equal(stage.items[0].outputs.paths[3], "Lied_CD.features.json");
    assert_null(silbe_stage_output(&stage.items[0], temps, SILBE_FILE_LOGMEL));
    silbe_stage_free(&stage);
    assert_true(silbe_chain_mode_applies(SILBE_STAGE_JOINT, &config, &dataset));
    (void)strcpy(config.run.items, "Ein*");
    assert_false(silbe_chain_mode_applies(SILBE_STAGE_JOINT, &config, &dataset));
    assert_true(silbe_chain_mode_applies(SILBE_STAGE_LYRICS, &config, &dataset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(modes_are_those_of_the_settings),
                                       cmocka_unit_test(stages_follow_what_they_read),
                                       cmocka_unit_test(paths_are_exact),
                                       cmocka_unit_test(a_stage_is_filled)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
