/* What all formats refuse, and what they leave out. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/output.h"

#include "tests/pipeline/output/files.h"
#include "tests/pipeline/output/fixture.h"

/* One field of the fixture made wrong at a time; every writer refuses and leaves no file. */
static void expect_refused(silbe_words *f, const char *part)
{
    size_t n_formats;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_not_equal(formats[i].write("refused.out", f, &err), SILBE_OK);
        expect_message(&err, part);
        assert_int_not_equal(access("refused.out", F_OK), 0);
    }
}

static void wrong_words_are_refused(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    silbe_span *spans = f.times.words;
    silbe_span kept = spans[1];
    spans[1].start_s = NAN;
    expect_refused(&f, "word 2 (\"weit,\") has no finite time");
    spans[1] = (silbe_span){7000, 7001, 1};
    expect_refused(&f, "starts outside the recording");
    spans[1] = (silbe_span){0.8, 0.8, 1};
    expect_refused(&f, "does not end after its start");
    spans[1] = (silbe_span){0.8, 1.2, NAN};
    expect_refused(&f, "confidence outside 0..1");
    spans[1] = (silbe_span){1.3, 1.4, 1};
    expect_refused(&f, "word 3");
    spans[1] = kept;
    f.lyrics.words[1].line = 1;
    expect_refused(&f, "names another line");
    f.lyrics.words[1].line = 0;
    f.lyrics.words[2].first_syllable++;
    expect_refused(&f, "does not take up the syllables in order");
    f.lyrics.words[2].first_syllable--;
    f.lyrics.lines[4].n_words++;
    expect_refused(&f, "does not take up the words in order");
    f.lyrics.lines[4].n_words -= 2;
    expect_refused(&f, "is in no line");
    f.lyrics.lines[4].n_words++;
    char first = f.lyrics.words[0].text[0];
    f.lyrics.words[0].text[0] = '\xff';
    expect_refused(&f, "is not valid UTF-8");
    f.lyrics.words[0].text[0] = '\0';
    expect_refused(&f, "has no text");
    f.lyrics.words[0].text[0] = first;
    f.times.n_words--;
    expect_refused(&f, "times of 21 words");
    f.times.n_words++;
    f.duration_s = 0;
    expect_refused(&f, "duration_s should be > 0");
    f.duration_s = FIXTURE_DURATION_S;
    f.voice[3] = 1;
    expect_refused(&f, "word 4 (\"<script>alert('x')</script>\") is of no voice");
    f.voice[3] = 0;
    char *digest = f.settings_digest;
    f.settings_digest = NULL;
    expect_refused(&f, "settings_digest is missing");
    f.settings_digest = digest;
    memset(f.is_matched, false, f.lyrics.n_words * sizeof *f.is_matched);
    expect_refused(&f, "no words to write");
    silbe_words_free(&f);
}

static void wrong_sounds_are_refused(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    fixture_add_sounds(&f);
    f.sounding_start_s[1] = 0.9;
    expect_refused(&f, "word 2 (\"weit,\") is heard before the recording or only after");
    f.sounding_start_s[1] = NAN;
    expect_refused(&f, "is heard before the recording or only after");
    f.sounding_start_s[1] = 0.5;
    f.phones[3].word = 0;
    expect_refused(&f, "phone 4 (\"t^\") is of no word, or of an earlier one");
    f.phones[3].word = 1;
    f.phones[2].span.start_s += 0.1;
    expect_refused(&f, "phone 4 (\"t^\") starts before the one in front of it");
    f.phones[2].span.start_s -= 0.1;
    f.phones[4].word = 99;
    expect_refused(&f, "phone 5 (\"a\") is of no word");
    f.phones[4].word = 2;
    f.phones[4].symbol[0] = '\0';
    expect_refused(&f, "phone 5 (\"\") has no text");
    f.phones[4].symbol[0] = 'a';
    f.phones[4].span.end_s = INFINITY;
    expect_refused(&f, "phone 5 (\"a\") has no finite time");
    silbe_words_free(&f);
}

/* What was not found has times inside the recording or none, is in no order, and is not heard. */
static void unmatched_words_need_no_times(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    fixture_new(&f);
    fixture_add_sounds(&f);
    f.is_matched[1] = false;
    expect_refused(&f, "phone 3 (\"a\") is of a word that was not found");
    f.phones[2].word = f.phones[3].word = 0;
    expect_refused(&f, "word 2 (\"weit,\") is heard, but was not found");
    f.sounding_start_s[1] = NAN;
    silbe_span *span = &f.times.words[1];
    *span = (silbe_span){3000, 3001, 0.25};
    check_ok(silbe_output_check(&f, &err), err);
    *span = f.times.syllables[1] = (silbe_span){NAN, NAN, 0.25};
    check_ok(silbe_output_check(&f, &err), err);
    span->confidence = NAN;
    expect_refused(&f, "word 2 (\"weit,\") has a confidence outside 0..1");
    *span = (silbe_span){NAN, 1, 0.25};
    expect_refused(&f, "has a start or an end alone");
    *span = (silbe_span){7000, 7001, 0.25};
    expect_refused(&f, "would lie outside the recording");
    *span = (silbe_span){2, 1, 0.25};
    expect_refused(&f, "would lie outside the recording");
    silbe_words_free(&f);
}

static void formats_name_the_file(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    size_t n_formats;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    assert_int_equal(n_formats, 8);
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(formats[i].write("no-such-folder/x", &f, &err), SILBE_ERR_IO);
        expect_message(&err, "no-such-folder/x");
        assert_ptr_equal(silbe_output_format_find(formats[i].name), &formats[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(formats[i].extension, formats[j].extension);
        }
    }
    assert_null(silbe_output_format_find("CSV"));
    silbe_words_free(&f);
}

static char *copy_of(const char *text)
{
    char *copy = strdup(text);
    assert_non_null(copy);
    return copy;
}

/* A word of one syllable. */
static void set_word(silbe_words *words, size_t w, size_t line, const char *text, silbe_span span)
{
    words->lyrics.words[w] = (silbe_word){copy_of(text), line, w, 1};
    words->lyrics.syllables[w] = (silbe_syllable){copy_of(text), w, NAN, NAN};
    words->times.words[w] = words->times.syllables[w] = span;
}

static silbe_words some_words(size_t n_words, size_t n_lines)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = SILBE_WORDS_INIT;
    silbe_lyrics lyrics = {.syllables = calloc(n_words, sizeof *lyrics.syllables),
                           .n_syllables = n_words,
                           .words = calloc(n_words, sizeof *lyrics.words),
                           .n_words = n_words,
                           .lines = calloc(n_lines, sizeof *lyrics.lines),
                           .n_lines = n_lines};
    silbe_words_begin(&words, &lyrics, &err);
    words.times = (silbe_word_times){calloc(n_words, sizeof(silbe_span)), n_words,
                                     calloc(n_words, sizeof(silbe_span)), n_words};
    check_ok(err.status, err);
    assert_true(words.lyrics.words != NULL && words.lyrics.lines != NULL &&
                words.times.words != NULL && words.times.syllables != NULL);
    words.work = copy_of("w");
    words.version = copy_of("v");
    words.mode = copy_of("score");
    words.audio_file = copy_of("w.wav");
    words.duration_s = 13.5;
    words.program_version = copy_of("0.1.0");
    words.settings_digest = copy_of("d");
    return words;
}

/* Two words of one line, with a gap between and behind them. */
static silbe_words two_words(void)
{
    silbe_words words = some_words(2, 1);
    words.lyrics.lines[0] = (silbe_line){copy_of("Fremd \"bin\""), 0, 0, 2};
    set_word(&words, 0, 0, "Fremd", (silbe_span){0.00004, 0.5, 0.9996});
    set_word(&words, 1, 0, "\"bin\"", (silbe_span){12.34567, 13, 0.0004});
    return words;
}

static void csv_is_exact(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = two_words();
    check_ok(silbe_output_write_csv("exact.csv", &words, &err), err);
    char *text = read_file("exact.csv");
    assert_string_equal(text, "start;end;word;line;confidence\n"
                              "0.0000;0.5000;\"Fremd\";1;0.999\n"
                              "12.3457;13.0000;\"\"\"bin\"\"\";1;0.000\n");
    free(text);
    words.sounding_start_s = calloc(2, sizeof *words.sounding_start_s);
    assert_non_null(words.sounding_start_s);
    words.sounding_start_s[1] = 12.25;
    check_ok(silbe_output_write_csv("exact.csv", &words, &err), err);
    text = read_file("exact.csv");
    assert_string_equal(text, "start;end;word;line;confidence;sounding_start\n"
                              "0.0000;0.5000;\"Fremd\";1;0.999;0.0000\n"
                              "12.3457;13.0000;\"\"\"bin\"\"\";1;0.000;12.2500\n");
    free(text);
    silbe_words_free(&words);
}

static void textgrid_is_exact(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = two_words();
    check_ok(silbe_output_write_textgrid("exact.TextGrid", &words, &err), err);
    char *text = read_file("exact.TextGrid");
    static const char *const INTERVALS[][3] = {{"0.0000", "0.5000", "Fremd"},
                                               {"0.5000", "12.3457", ""},
                                               {"12.3457", "13.0000", "\"\"bin\"\""},
                                               {"13.0000", "13.5000", ""}};
    char *at = strstr(text, "name = \"words\"");
    assert_non_null(at);
    at = strstr(at, "intervals: size = 4\n");
    assert_non_null(at);
    for (size_t i = 0; i < 4; i++) {
        char want[200];
        (void)snprintf(want, sizeof want,
                       "        intervals [%zu]:\n            xmin = %s\n            xmax = %s\n"
                       "            text = \"%s\"\n",
                       i + 1, INTERVALS[i][0], INTERVALS[i][1], INTERVALS[i][2]);
        at = strstr(at, want);
        assert_non_null(at);
    }
    free(text);
    silbe_words_free(&words);
}

/* "da Ton" / "nie" / "Mut da": the first word, the second line and the last word are not found. */
static silbe_words partly_found(void)
{
    const silbe_span unknown = {NAN, NAN, 0};
    silbe_words words = some_words(5, 3);
    words.lyrics.lines[0] = (silbe_line){copy_of("da Ton"), 0, 0, 2};
    words.lyrics.lines[1] = (silbe_line){copy_of("nie"), 0, 2, 1};
    words.lyrics.lines[2] = (silbe_line){copy_of("Mut da"), 1, 3, 2};
    set_word(&words, 0, 0, "da", (silbe_span){0.5, 1.25, 0.125});
    set_word(&words, 1, 0, "Ton", (silbe_span){1, 2, 0.5});
    set_word(&words, 2, 1, "nie", unknown);
    set_word(&words, 3, 2, "Mut", (silbe_span){3, 4, 0.5});
    set_word(&words, 4, 2, "da", (silbe_span){0.25, 3.5, 0.25});
    words.is_matched[0] = words.is_matched[2] = words.is_matched[4] = false;
    return words;
}

static void what_is_not_matched_is_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *want; /* the whole file or, for TextGrid and ELAN, what it holds */
    } FORMATS[] = {
        {"csv", "start;end;word;line;confidence\n"
                "1.0000;2.0000;\"Ton\";1;0.500\n3.0000;4.0000;\"Mut\";3;0.500\n"},
        {"lrc", "[ti:w]\n[length: 00:13.50]\n[re:Silbe]\n[ve:0.1.0]\n"
                "[00:01.00]<00:01.00>Ton <00:02.00>\n[00:03.00]<00:03.00>Mut <00:04.00>\n"},
        {"webvtt", "WEBVTT\n\nNOTE w v\n\n1\n00:00:01.000 --> 00:00:02.000\nTon\n\n"
                   "2\n00:00:03.000 --> 00:00:04.000\nMut\n"},
        {"srt", "1\n00:00:01,000 --> 00:00:02,000\nda Ton\n\n"
                "2\n00:00:03,000 --> 00:00:04,000\nMut da\n\n"},
        {"audacity", "1.0000\t2.0000\tTon\n3.0000\t4.0000\tMut\n"},
        {"textgrid", "name = \"words\"\n        xmin = 0\n        xmax = 13.5000\n"
                     "        intervals: size = 5\n"},
        {"elan", "<PROPERTY NAME=\"lastUsedAnnotationId\">6</PROPERTY>"},
    };
    silbe_words words = partly_found();
    for (size_t f = 0; f < sizeof FORMATS / sizeof FORMATS[0]; f++) {
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_output_format_find(FORMATS[f].name)->write("partly", &words, &err), err);
        char *text = read_file("partly");
        if (f < 5) {
            assert_string_equal(text, FORMATS[f].want);
        } else {
            assert_non_null(strstr(text, FORMATS[f].want));
        }
        assert_null(strstr(text, "nie"));
        free(text);
    }
    silbe_words_free(&words);
}

/* Those of the setting, in the order of the table. */
static void several_formats_are_written_at_once(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words words = partly_found();
    const char *const paths[] = {"at-once.json", "at-once.srt"};
    check_ok(silbe_output_write_formats(&words, 1u << 1 | 1u << 5, paths, &err), err);
    char *text = read_file("at-once.json");
    assert_non_null(strstr(text, "\"format\": \"silbe-words\""));
    free(text);
    text = read_file("at-once.srt");
    assert_non_null(strstr(text, " --> "));
    free(text);
    const char *const missing[] = {"no-such-folder/x", "at-once.srt"};
    assert_int_equal(silbe_output_write_formats(&words, 3, missing, &err), SILBE_ERR_IO);
    silbe_words_free(&words);
}

/* Words of two voices overlap; only JSON can tell them apart so far. */
static void several_voices_are_for_json(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    size_t n_formats;
    silbe_err none = SILBE_ERR_INIT;
    assert_int_equal(silbe_words_voice(&f, "alto", &none), 1);
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        if (strcmp(formats[i].name, "json") == 0) {
            check_ok(formats[i].write("voices.json", &f, &err), err);
        } else {
            assert_int_equal(formats[i].write("voices", &f, &err), SILBE_ERR_DATA);
            expect_message(&err, "2 voices, of which this format can hold one");
            assert_int_not_equal(access("voices", F_OK), 0);
        }
    }
    silbe_words_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_words_are_refused),
        cmocka_unit_test(wrong_sounds_are_refused),
        cmocka_unit_test(unmatched_words_need_no_times),
        cmocka_unit_test(formats_name_the_file),
        cmocka_unit_test(csv_is_exact),
        cmocka_unit_test(textgrid_is_exact),
        cmocka_unit_test(what_is_not_matched_is_left_out),
        cmocka_unit_test(several_formats_are_written_at_once),
        cmocka_unit_test(several_voices_are_for_json),
    };
    enter_folder("test_output_formats.files");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
