#define _XOPEN_SOURCE 700
/* Scripts, URLs, copies, outlines and modes of the page. */
#include "tests/datasets/temp_folder.h"

#include "pipeline/page/audio_link.h"
#include "pipeline/page/modes.h"
#include "pipeline/page/peaks.h"
#include "pipeline/page/script_file.h"

static const char FOLDER[] = "test_page_parts.dir";

static int setup(void **state)
{
    (void)state;
    temp_folder(FOLDER);
    return 0;
}

/* FOLDER/name as text; freed by the caller. */
static char *slurp(const char *name, size_t *n_bytes)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    *n_bytes = fread(text, 1, (1 << 16) - 1, stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void scripts_are_ascii(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    size_t n = 0;
    json_t *value =
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "title",
                  silbe_page_text("</script>\"\\ \xe2\x80\xa8 Gr\xc3\xb6\xc3\x9f"
                                  "e\n\xff"),
                  "none", silbe_page_text(NULL), "nan", silbe_page_number(NAN, 4), "inf",
                  silbe_page_number(INFINITY, 4), "time", silbe_page_number(9.72914999, 4));
    check_ok(silbe_page_write_script("test_page_parts.dir/x.js", "item-0001", value, &err), err);
    char *text = slurp("x.js", &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(text[i] == '\n' || (text[i] >= ' ' && text[i] < 127));
    }
    assert_ptr_equal(strstr(text, "(window.silbeData=window.silbeData||{})[\"item-0001\"]={"),
                     text);
    assert_non_null(strstr(text, "\"time\":9.7291"));
    assert_non_null(strstr(text, "\"nan\":null"));
    assert_non_null(strstr(text, "\"inf\":null"));
    assert_non_null(strstr(text, "\"none\":null"));
    assert_non_null(strstr(text, "Gr\\u00F6\\u00DFe"));
    assert_non_null(strstr(text, "\\uFFFD"));
    assert_string_equal(text + n - 3, "};\n");
    free(text);
    json_decref(value);
    assert_int_equal(silbe_page_write_script("test_page_parts.dir/x.js", "x", NULL, &err),
                     SILBE_ERR_MEMORY);
    value = json_object();
    assert_int_equal(silbe_page_write_script("test_page_parts.dir/none/x.js", "x", value, &err),
                     SILBE_ERR_IO);
    json_decref(value);
}

static void urls_are_relative_and_encoded(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    temp_write(FOLDER, "page/index.html", "");
    temp_write(FOLDER, "page/audio/a.wav", "");
    temp_write(FOLDER, "pages/a.wav", "");
    temp_write(FOLDER, "wav/#1?%\"<\xc3\xb6>:.wav", "");
    static const struct {
        const char *file;
        const char *url;
    } CASES[] = {
        {"page/audio/a.wav", "audio/a.wav"},
        {"pages/a.wav", "../pages/a.wav"},
        {"wav/#1?%\"<\xc3\xb6>:.wav", "../wav/%231%3F%25%22%3C%C3%B6%3E%3A.wav"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char path[256], *url = NULL;
        (void)snprintf(path, sizeof path, "%s/%s", FOLDER, CASES[i].file);
        check_ok(silbe_page_relative_url("test_page_parts.dir/page", path, &url, &err), err);
        assert_string_equal(url, CASES[i].url);
        free(url);
    }
    char *url = NULL;
    assert_int_equal(silbe_page_relative_url(FOLDER, "test_page_parts.dir/none", &url, &err),
                     SILBE_ERR_IO);
    assert_null(url);
    assert_int_equal(silbe_page_relative_url("none", "test_page_parts.dir/page", &url, &err),
                     SILBE_ERR_IO);
}

static void copies_are_equal(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    static char bytes[200001];
    check_rng rng = check_rng_new(5);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)check_random(&rng);
    }
    temp_write_bytes(FOLDER, "from", bytes, sizeof bytes);
    check_ok(silbe_page_copy_file("test_page_parts.dir/from", "test_page_parts.dir/to", &err), err);
    FILE *stream = fopen("test_page_parts.dir/to", "rb");
    assert_non_null(stream);
    static char got[sizeof bytes + 1];
    assert_int_equal(fread(got, 1, sizeof got, stream), sizeof bytes);
    assert_int_equal(fclose(stream), 0);
    assert_memory_equal(got, bytes, sizeof bytes);
    assert_int_equal(
        silbe_page_copy_file("test_page_parts.dir/none", "test_page_parts.dir/to", &err),
        SILBE_ERR_IO);
}

/* One second at 8000 Hz: silence, a burst at 0.5 s of half, one at 0.9 s of all. */
static void peaks_are_where_the_sound_is(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    enum { N = 8000 };
    static unsigned char wav[44 + 2 * N] = "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0"
                                           "\x80\x3e\0\0\2\0\x10\0data\x80\x3e\0\0";
    memset(wav + 44, 0, 2 * N);
    for (size_t i = 0; i < 80; i++) {
        wav[44 + 2 * (4000 + i) + 1] = 0x20;
        wav[44 + 2 * (7200 + i) + 1] = 0x40;
    }
    temp_write_bytes(FOLDER, "x.wav", wav, sizeof wav);
    silbe_peaks peaks;
    check_ok(silbe_peaks_read("test_page_parts.dir/x.wav", &peaks, &err), err);
    check_close(peaks.duration_s, 1, 1e-9);
    assert_int_equal(peaks.n_values, SILBE_PEAKS_PER_S);
    check_close(peaks.values[50], 128, 2);
    assert_int_equal(peaks.values[90], 255);
    assert_int_equal(peaks.values[10], 0);
    char *text = silbe_peaks_base64(&peaks);
    assert_non_null(text);
    assert_int_equal(strlen(text), 4 * ((SILBE_PEAKS_PER_S + 2) / 3));
    free(text);
    silbe_peaks_free(&peaks);
    assert_int_equal(silbe_peaks_read("test_page_parts.dir/none.wav", &peaks, &err), SILBE_ERR_IO);
}

static void modes_are_found_in_order(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_page_modes modes;
    assert_int_equal(silbe_page_modes_find("test_page_parts.dir/none", &modes, &err),
                     SILBE_ERR_DATA);
    silbe_page_modes_free(&modes);
    temp_write(FOLDER, "work/features/x.npy", "");
    assert_int_equal(silbe_page_modes_find("test_page_parts.dir/work", &modes, &err),
                     SILBE_ERR_DATA);
    silbe_page_modes_free(&modes);
    temp_write(FOLDER, "work/zwei/words/x.json", ""); /* no mode of the chain */
    temp_write(FOLDER, "work/lyrics/report.json", "{\"mode\": \"lyrics\"}");
    temp_write(FOLDER, "work/score/words/x.json", "");
    check_ok(silbe_page_modes_find("test_page_parts.dir/work", &modes, &err), err);
    assert_int_equal(modes.n_modes, 2);
    assert_string_equal(modes.modes[0].name, "score");
    assert_string_equal(modes.modes[1].name, "lyrics");
    assert_null(modes.modes[0].report);
    assert_non_null(modes.modes[1].report);
    silbe_page_modes_free(&modes);
    /* The page opens with a mode that has something to show. */
    temp_write(FOLDER, "work/score/report.json",
               "{\"items\": [], \"failed\": [{\"work\": \"x\"}]}");
    check_ok(silbe_page_modes_find("test_page_parts.dir/work", &modes, &err), err);
    assert_string_equal(modes.modes[0].name, "lyrics");
    assert_string_equal(modes.modes[1].name, "score");
    silbe_page_modes_free(&modes);
    temp_write(FOLDER, "work/lyrics/report.json", "{\"mode\": ");
    assert_int_equal(silbe_page_modes_find("test_page_parts.dir/work", &modes, &err),
                     SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "lyrics/report.json"));
    silbe_page_modes_free(&modes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(scripts_are_ascii, setup),
        cmocka_unit_test_setup(urls_are_relative_and_encoded, setup),
        cmocka_unit_test_setup(copies_are_equal, setup),
        cmocka_unit_test_setup(peaks_are_where_the_sound_is, setup),
        cmocka_unit_test_setup(modes_are_found_in_order, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
