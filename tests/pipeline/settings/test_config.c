#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <string.h>
#include <unistd.h>

#include "pipeline/settings/config.h"
#include "pipeline/settings/config_internal.h"
#include "pipeline/settings/config_paths.h"

static const char PATH[] = "test_config.yaml";

static silbe_config defaults(void)
{
    silbe_config config;
    silbe_config_defaults(&config);
    return config;
}

static void write_file(const char *text, size_t n)
{
    FILE *stream = fopen(PATH, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

static silbe_status load(const char *text, silbe_config *config, silbe_err *err)
{
    write_file(text, strlen(text));
    *config = defaults();
    return silbe_config_read(config, PATH, err);
}

static void every_row_is_sound(void **state)
{
    (void)state;
    size_t n = 0;
    const silbe_option *options = silbe_config_options(&n);
    silbe_config config = defaults();
    assert_true(n > 10);
    for (size_t i = 0; i < n; i++) {
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_config_set_value(&config, &options[i], options[i].default_yaml, &err), err);
        assert_ptr_equal(silbe_config_find(options[i].key), &options[i]);
        assert_non_null(strchr(options[i].key, '.'));
        assert_null(strchr(options[i].doc, '\n'));
        assert_true(strlen(options[i].doc) > 5 &&
                    options[i].doc[strlen(options[i].doc) - 1] == '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(options[i].key, options[j].key);
        }
        if (options[i].type == SILBE_OPTION_INT || options[i].type == SILBE_OPTION_FLOAT) {
            assert_true(options[i].min < options[i].max);
        }
    }
}

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    silbe_config config = defaults();
    assert_int_equal(config.features.rate_hz, 22050);
    check_close(config.features.hop_ms, 10, 0);
    assert_string_equal(config.work.folder, "work");
    assert_string_equal(config.run.items, "*");
    assert_false(config.run.force);
    assert_int_equal(config.dataset.kind, SILBE_DATASET_KIND_FOLDER);
    assert_int_equal(config.output.formats, 0xff);
}

static void yaml_sets_every_type(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config;
    check_ok(load("# comment\n"
                  "features: {rate_hz: 16000, hop_ms: 2.5e1}\n"
                  "run:\n  force: true\n  items: 'a ''b'''\n"
                  "dataset:\n  kind: swd\n  name: \"\\u00fcb\"\n  root: a b/\xc3\xa4\n"
                  "output:\n  formats:\n  - json\n  - csv\n"
                  "align:\n",
                  &config, &err),
             err);
    assert_int_equal(config.features.rate_hz, 16000);
    check_close(config.features.hop_ms, 25, 0);
    assert_true(config.run.force);
    assert_string_equal(config.run.items, "a 'b'");
    assert_int_equal(config.dataset.kind, SILBE_DATASET_KIND_SWD);
    assert_string_equal(config.dataset.name, "\xc3\xbc"
                                             "b");
    assert_string_equal(config.dataset.root, "a b/\xc3\xa4");
    assert_int_equal(config.output.formats, SILBE_OUTPUT_CSV | SILBE_OUTPUT_JSON);
    assert_string_equal(config.work.folder, "work");
    const char *const empty[] = {"", "# nothing\n", "---\n", "---\n...\n", "{}\n"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        silbe_config same = defaults();
        check_ok(load(empty[i], &config, &err), err);
        assert_memory_equal(&config, &same, sizeof same);
    }
}

/* Each is refused, with this in the message (the place first). */
static void malformed_yaml_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *yaml;
        const char *place;
        const char *message;
    } cases[] = {
        /* unknown keys */
        {"features:\n  hop_mz: 10\n", ":2:3:", "did you mean features.hop_ms?"},
        {"features:\n  zzzzzzzzz: 10\n", ":2:3:", "there is no setting features.zzzzzzzzz"},
        {"align:\n  hop_ms: 10\n", ":2:3:", "did you mean features.hop_ms?"},
        {"feature:\n  hop_ms: 10\n", ":1:1:", "did you mean features?"},
        {"hop_ms: 10\n", ":1:1:", "features:, and below it, indented, hop_ms:"},
        {"features.hop_ms: 10\n", ":1:1:", "there is no section"},
        {"qqqqqqqqq: 10\n", ":1:1:", "there is no section qqqqqqqqq"},
        {"<<: 10\n", ":1:1:", "there is no section"},
        /* duplicates */
        {"features:\n  hop_ms: 10\n  hop_ms: 20\n", ":3:3:", "features.hop_ms is given twice"},
        {"run:\n  force: true\nfeatures:\nrun:\n", ":4:1:", "section run is given twice"},
        {"output:\n  formats: [csv, json, csv]\n", ":2:24:", "\"csv\" is given twice"},
        /* wrong types */
        {"features:\n  hop_ms: ten\n", ":2:11:", "\"ten\" is not a number"},
        {"features:\n  hop_ms: 10 ms\n", ":2:11:", "\"10 ms\" is not a number"},
        {"features:\n  hop_ms: '10'\n", ":2:11:", "without quotes"},
        {"features:\n  hop_ms: .nan\n", ":2:11:", "is not a number"},
        {"features:\n  hop_ms: .inf\n", ":2:11:", "is not a number"},
        {"features:\n  hop_ms: nan\n", ":2:11:", "is not a number"},
        {"features:\n  hop_ms: 0x10\n", ":2:11:", "is not a number"},
        {"features:\n  hop_ms: 1e\n", ":2:11:", "is not a number"},
        {"features:\n  hop_ms: -\n", ":2:11:", ""},
        {"features:\n  hop_ms:\n", ":2:10:", "has no value"},
        {"features:\n  hop_ms: ~\n", ":2:11:", "has no value"},
        {"features:\n  hop_ms: null\n", ":2:11:", "has no value"},
        {"features:\n  hop_ms: [10]\n", ":2:11:", "got a list"},
        {"features:\n  hop_ms: {a: 10}\n", ":2:11:", "got a mapping"},
        {"features:\n  rate_hz: 22050.5\n", ":2:12:", "is not a whole number"},
        {"features:\n  rate_hz: 2e4\n", ":2:12:", "is not a whole number"},
        {"features:\n  rate_hz: 22_050\n", ":2:12:", "is not a whole number"},
        {"features:\n  rate_hz: true\n", ":2:12:", "is not a whole number"},
        {"run:\n  force: yes\n", ":2:10:", "neither true nor false"},
        {"run:\n  force: 1\n", ":2:10:", "neither true nor false"},
        {"run:\n  force: \"true\"\n", ":2:10:", "without quotes"},
        {"align:\n  mode: magic\n", ":2:9:", "\"magic\" is not known; align.mode takes score"},
        {"dataset:\n  name: [a]\n", ":2:9:", "got a list"},
        {"dataset:\n  name:\n", ":2:8:", "has no value"},
        {"dataset:\n  name: \"a\\0b\"\n", ":2:9:", "zero byte"},
        {"output:\n  formats: csv\n", ":2:12:", "in brackets"},
        {"output:\n  formats: [cvs]\n", ":2:13:", "\"cvs\" is not known; did you mean csv?"},
        {"align:\n  mode: scor\n", ":2:9:", "\"scor\" is not known; did you mean score?"},
        {"output:\n  formats: [[csv]]\n", ":2:13:", "got a list"},
        /* out of range */
        {"features:\n  hop_ms: 0\n",
         ":2:11:", "out of range; features.hop_ms takes a number from 1"},
        {"features:\n  hop_ms: 1e400\n", ":2:11:", "out of range"},
        {"features:\n  rate_hz: 99999999999999999999\n", ":2:12:", "out of range"},
        {"run:\n  threads: -1\n",
         ":2:12:", "out of range; run.threads takes a whole number from 0"},
        /* structure */
        {"- features\n", ":1:1:", "sections are expected"},
        {"text\n", ":1:1:", "sections are expected"},
        {"features: 10\n", ":1:11:", "settings are expected"},
        {"features: [hop_ms]\n", ":1:11:", "settings are expected"},
        {"[a, b]: 1\n", ":1:1:", "single value is expected"},
        {"features:\n  ? [a]\n  : 1\n", ":2:5:", "single value is expected"},
        {"---\nfeatures:\n---\nfeatures:\n", ":3:1:", "second document"},
        /* what could multiply or change types */
        {"features: &f\n  hop_ms: 10\n", ":1:11:", "anchors and aliases"},
        {"features:\n  hop_ms: &h 10\n", ":2:11:", "anchors and aliases"},
        {"features: *f\n", ":1:11:", "anchors and aliases"},
        {"a: &a [x,x]\nb: &b [*a,*a]\n", ":1:", "there is no section"},
        {"features:\n  hop_ms: !!float 10\n", ":2:11:", "tags"},
        {"!x features:\n", ":1:1:", "tags"},
        /* not YAML */
        {"features:\n\thop_ms: 10\n", ":2:1:", "not valid YAML"},
        {"features: {hop_ms: 10\n", ":2:1:", "not valid YAML"},
        {"features:\n  hop_ms: 10\n rate_hz: 1\n", ":3:2:", "not valid YAML"},
        {"features: \"\n", ":", "not valid YAML"},
        {"%YAML 9.9\n---\n", ":1:1:", "not valid YAML"},
        {"dataset:\n  name: \xff\n", ":", "not valid YAML"},
        {"dataset:\n  name: \x01\n", ":", "not valid YAML"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_config config;
        char place[64];
        (void)snprintf(place, sizeof place, "%s%s", PATH, cases[i].place);
        silbe_status status = load(cases[i].yaml, &config, &err);
        if (status != SILBE_ERR_FORMAT || strstr(err.message, place) != err.message ||
            strstr(err.message, cases[i].message) == NULL) {
            print_error("%s\ngave status %d: %s\nwant %s ... %s\n", cases[i].yaml, status,
                        err.message, place, cases[i].message);
            fail();
        }
    }
}

static void hostile_files_end_quickly(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    size_t n = (1 << 20) + 1;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, '[', n);
    write_file(text, n);
    assert_int_equal(silbe_config_read(&config, PATH, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "1 MiB"));
    write_file(text, 100000);
    assert_int_equal(silbe_config_read(&config, PATH, &err), SILBE_ERR_FORMAT);
    memset(text, '{', n);
    write_file(text, 100000);
    assert_int_equal(silbe_config_read(&config, PATH, &err), SILBE_ERR_FORMAT);
    memset(text, 'x', n);
    write_file(text, 1 << 20);
    assert_int_equal(silbe_config_read(&config, PATH, &err), SILBE_ERR_FORMAT);
    memcpy(text, "dataset: {name: ", 16);
    text[10000] = '}';
    write_file(text, 10001);
    assert_int_equal(silbe_config_read(&config, PATH, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "is too long"));
    free(text);
    assert_int_equal(silbe_config_read(&config, "test_config.none", &err), SILBE_ERR_IO);
    assert_int_equal(silbe_config_read(&config, ".", &err), SILBE_ERR_IO);
}

static void set_reads_to_the_last_character(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    check_ok(silbe_config_set(&config, "features.hop_ms=12.5", &err), err);
    check_close(config.features.hop_ms, 12.5, 0);
    check_ok(silbe_config_set(&config, "run.items=a=b", &err), err);
    assert_string_equal(config.run.items, "a=b");
    check_ok(silbe_config_set(&config, "output.formats=json,csv", &err), err);
    assert_int_equal(config.output.formats, SILBE_OUTPUT_CSV | SILBE_OUTPUT_JSON);
    check_ok(silbe_config_set(&config, "output.formats=[lrc]", &err), err);
    assert_int_equal(config.output.formats, SILBE_OUTPUT_LRC);
    const char *const bad[] = {
        "features.hop_ms",
        "=3",
        "",
        "features.hop_ms=",
        "features.hop_ms=12x",
        "features.hop_ms= 12",
        "features.hop_ms=12 ",
        "features.rate_hz=1 000",
        "features.hop=1",
        "Features.hop_ms=1",
        "run.force=TRUE",
        "run.threads=1.0",
        "run.threads=+-1",
        "output.formats=csv;json",
        "output.formats=csv json",
        "output.formats=,csv",
        "acoustic.weights=a,",
        "acoustic.weights=,a",
        "acoustic.weights=a, ,b",
        "acoustic.weights=a\nb",
        "acoustic.weights=\xff",
        "dataset.name=\xff",
        "align.mode=scor",
    };
    silbe_config before = config;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = (silbe_err)SILBE_ERR_INIT;
        if (silbe_config_set(&config, bad[i], &err) != SILBE_ERR_ARGUMENT ||
            strstr(err.message, "--set") != err.message) {
            print_error("%s: %s\n", bad[i], err.message);
            fail();
        }
        assert_memory_equal(&config, &before, sizeof config);
    }
}

/* One path, several, none; a comma belongs to a path where YAML says so. */
static void lists_of_paths(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    assert_int_equal(silbe_config_n_paths(config.acoustic.weights), 0);
    check_ok(silbe_config_set(&config, "acoustic.weights= a b ,c", &err), err);
    assert_string_equal(config.acoustic.weights, "a b\nc\n");
    const char *at = config.acoustic.weights;
    char path[SILBE_CONFIG_PATH_SIZE];
    assert_true(silbe_config_next_path(&at, path));
    assert_string_equal(path, "a b");
    assert_true(silbe_config_next_path(&at, path));
    assert_string_equal(path, "c");
    assert_false(silbe_config_next_path(&at, path));
    check_ok(silbe_config_set(&config, "acoustic.weights=", &err), err);
    assert_string_equal(config.acoustic.weights, "");
    check_ok(load("acoustic:\n  weights: a,b\n", &config, &err), err);
    assert_string_equal(config.acoustic.weights, "a,b\n");
    check_ok(load("acoustic:\n  weights: ['a,b', c]\n", &config, &err), err);
    assert_string_equal(config.acoustic.weights, "a,b\nc\n");
    check_ok(load("acoustic:\n  weights: []\n", &config, &err), err);
    assert_string_equal(config.acoustic.weights, "");
    assert_int_equal(load("acoustic:\n  weights: [[a]]\n", &config, &err), SILBE_ERR_FORMAT);
    err = (silbe_err)SILBE_ERR_INIT;
    assert_int_equal(load("acoustic:\n  weights: {a: b}\n", &config, &err), SILBE_ERR_FORMAT);
    /* As many bytes as there are, and one more. */
    char list[SILBE_CONFIG_PATH_SIZE] = "", longest[SILBE_CONFIG_PATH_SIZE];
    memset(longest, 'x', sizeof longest);
    assert_false(silbe_config_add_path(list, longest, sizeof longest - 1));
    assert_true(silbe_config_add_path(list, longest, sizeof longest - 2));
    assert_false(silbe_config_add_path(list, "", 0));
    assert_int_equal(silbe_config_n_paths(list), 1);
}

static void nearest_keys_are_found(void **state)
{
    (void)state;
    assert_string_equal(silbe_config_nearest("features.hopms"), "features.hop_ms");
    assert_string_equal(silbe_config_nearest("feature.hop_ms"), "features.hop_ms");
    assert_string_equal(silbe_config_nearest("run.thread"), "run.threads");
    assert_string_equal(silbe_config_nearest("threads"), "run.threads");
    assert_null(silbe_config_nearest("something.else"));
    assert_null(silbe_config_nearest(""));
    assert_string_equal(silbe_config_nearest_section("datasets"), "dataset");
    assert_null(silbe_config_nearest_section("x"));
}

static void environment_replaces_the_root(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    check_ok(silbe_config_set(&config, "dataset.root=here", &err), err);
    assert_int_equal(setenv("SILBE_TEST_ROOT", "there", 1), 0);
    check_ok(silbe_config_apply_environment(&config, &err), err);
    assert_string_equal(config.dataset.root, "here"); /* nobody asked for the variable */
    check_ok(silbe_config_set(&config, "dataset.root_env=SILBE_TEST_ROOT", &err), err);
    check_ok(silbe_config_apply_environment(&config, &err), err);
    assert_string_equal(config.dataset.root, "there");
    assert_int_equal(setenv("SILBE_TEST_ROOT", "", 1), 0);
    check_ok(silbe_config_set(&config, "dataset.root=here", &err), err);
    check_ok(silbe_config_apply_environment(&config, &err), err);
    assert_string_equal(config.dataset.root, "here");
}

static void rules_between_settings(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    check_ok(silbe_config_check(&config, &err), err);
    assert_int_equal(silbe_config_check_dataset(&config, &err), SILBE_ERR_ARGUMENT);
    check_ok(silbe_config_set(&config, "dataset.name=a b", &err), err);
    check_ok(silbe_config_set(&config, "dataset.root=x", &err), err);
    check_ok(silbe_config_check_dataset(&config, &err), err);
    const char *const names[] = {"dataset.name=..", "dataset.name=a/b", "dataset.name=.x",
                                 "dataset.name=a\nb", "dataset.name="};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_ok(silbe_config_set(&config, names[i], &err), err);
        assert_int_equal(silbe_config_check_dataset(&config, &err), SILBE_ERR_ARGUMENT);
    }
    /* What evaluates reads JSON; what does not, does without. */
    check_ok(silbe_config_set(&config, "dataset.name=a", &err), err);
    check_ok(silbe_config_set(&config, "output.formats=csv", &err), err);
    check_ok(silbe_config_check(&config, &err), err);
    assert_int_equal(silbe_config_check_dataset(&config, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "json"));
    const char *const rules[] = {
        "work.folder=",
        "run.items=",
        "output.formats=",
        "features.chroma_low_pitch=100",
        "features.onset_low_pitch=120",
        "features.logmel_low_hz=8000",
        "features.rate_hz=8000",
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        config = defaults();
        check_ok(silbe_config_set(&config, rules[i], &err), err);
        assert_int_equal(silbe_config_check(&config, &err), SILBE_ERR_ARGUMENT);
    }
}

static char *printed(const silbe_config *config)
{
    silbe_err err = SILBE_ERR_INIT;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    check_ok(silbe_config_print(config, stream, &err), err);
    assert_int_equal(fclose(stream), 0);
    return text;
}

/* The committed file is what the table says. */
static void default_yaml_is_current(void **state)
{
    (void)state;
    char want[65536];
    silbe_config config = defaults();
    FILE *stream = fopen(SILBE_SOURCE_DIR "/configs/default.yaml", "rb");
    assert_non_null(stream);
    size_t n = fread(want, 1, sizeof want - 1, stream);
    want[n] = '\0';
    assert_int_equal(fclose(stream), 0);
    char *text = printed(&config);
    assert_string_equal(text, want);
    free(text);
}

static void printed_settings_read_back(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    silbe_config back;
    const char *const assignments[] = {
        "features.hop_ms=12.345678901234567",
        "dataset.name=# \"q\" \\ ' : \t\n\x7f \xc3\xbc",
        "dataset.root=- *a &b !c %d ",
        "output.formats=[lrc, csv]",
        "acoustic.weights=[a b.weights, \"\xc3\xbc\"]",
        "run.force=true",
        "run.items=~",
        "features.onset_norm_floor=0.1",
    };
    for (size_t i = 0; i < sizeof assignments / sizeof assignments[0]; i++) {
        check_ok(silbe_config_set(&config, assignments[i], &err), err);
    }
    char *text = printed(&config);
    check_ok(load(text, &back, &err), err);
    free(text);
    text = printed(&back);
    check_close(back.features.hop_ms, config.features.hop_ms, 0);
    assert_string_equal(back.dataset.name, config.dataset.name);
    assert_string_equal(back.dataset.root, config.dataset.root);
    assert_string_equal(back.run.items, "~");
    assert_string_equal(back.acoustic.weights, "a b.weights\n\"\xc3\xbc\"\n");
    assert_int_equal(back.output.formats, config.output.formats);
    free(text);
}

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config = defaults();
    FILE *full = fopen("/dev/full", "wb");
    if (full == NULL) {
        skip();
    }
    assert_int_equal(silbe_config_print(&config, full, &err), SILBE_ERR_IO);
    (void)fclose(full);
}

static void digests_follow_the_settings_that_matter(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const char *const keys[] = {"features.", "align.mode"};
    char before[SILBE_DIGEST_HEX_SIZE];
    char after[SILBE_DIGEST_HEX_SIZE];
    silbe_config config = defaults();
    check_ok(silbe_config_digest(&config, keys, 2, before, &err), err);
    assert_int_equal(strlen(before), 64);
    check_ok(silbe_config_set(&config, "run.threads=7", &err), err);
    check_ok(silbe_config_set(&config, "work.folder=x", &err), err);
    check_ok(silbe_config_set(&config, "features.hop_ms=10.0", &err), err);
    check_ok(silbe_config_digest(&config, keys, 2, after, &err), err);
    assert_string_equal(before, after);
    check_ok(silbe_config_set(&config, "features.hop_ms=10.5", &err), err);
    check_ok(silbe_config_digest(&config, keys, 2, after, &err), err);
    assert_string_not_equal(before, after);
    check_ok(silbe_config_digest(&config, keys + 1, 1, before, &err), err);
    check_ok(silbe_config_digest(&config, NULL, 0, after, &err), err);
    assert_string_not_equal(before, after);
    /* SHA-256 of nothing, FIPS 180-4 */
    assert_string_equal(after, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static int remove_file(void **state)
{
    (void)state;
    (void)unlink(PATH);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_sound),
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(yaml_sets_every_type),
        cmocka_unit_test(malformed_yaml_is_refused),
        cmocka_unit_test(hostile_files_end_quickly),
        cmocka_unit_test(set_reads_to_the_last_character),
        cmocka_unit_test(lists_of_paths),
        cmocka_unit_test(nearest_keys_are_found),
        cmocka_unit_test(environment_replaces_the_root),
        cmocka_unit_test(rules_between_settings),
        cmocka_unit_test(default_yaml_is_current),
        cmocka_unit_test(printed_settings_read_back),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(digests_follow_the_settings_that_matter),
    };
    return cmocka_run_group_tests(tests, NULL, remove_file);
}
