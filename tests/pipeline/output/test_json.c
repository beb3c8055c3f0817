/* Word times as JSON: written, read back, and what the reader refuses. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/output.h"

#include "tests/pipeline/output/files.h"
#include "tests/pipeline/output/fixture.h"

/* What was read gives the same bytes. */
static void check_written_again(const char *path, const silbe_words *words)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_json("again.json", words, &err), err);
    char *first = read_file(path);
    char *second = read_file("again.json");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    check_ok(silbe_output_write_json("trip.json", &f, &err), err);
    check_ok(silbe_output_read_json("trip.json", &document, &err), err);
    assert_int_equal(document.lyrics.n_lines, f.lyrics.n_lines);
    assert_int_equal(document.lyrics.n_words, f.lyrics.n_words);
    assert_int_equal(document.lyrics.n_syllables, f.lyrics.n_syllables);
    for (size_t w = 0; w < f.lyrics.n_words; w++) {
        assert_int_equal(document.lyrics.words[w].line, f.lyrics.words[w].line);
        assert_int_equal(document.lyrics.words[w].n_syllables, f.lyrics.words[w].n_syllables);
        check_close(document.times.words[w].start_s, f.times.words[w].start_s, 4e-4);
        check_close(document.times.words[w].confidence, f.times.words[w].confidence, 1e-6);
    }
    assert_int_equal(document.lyrics.lines[3].stanza, 1);
    assert_true(isnan(document.lyrics.syllables[document.lyrics.words[9].first_syllable].onset_q));
    check_close(document.lyrics.syllables[4].onset_q, 4.0 / 3, 1e-6);
    assert_string_equal(document.lyrics.words[2].text, "\"sprach\"");
    assert_string_equal(document.work, "Werk_1-01");
    assert_string_equal(document.audio_file, "Werk 1 \xc3\xbc#.wav");
    check_close(document.duration_s, FIXTURE_DURATION_S, 0);
    check_written_again("trip.json", &document);
    silbe_words_free(&document);
    silbe_words_free(&f);
}

/* What a mode that hears phones knows beside. */
static void sounds_are_read(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    fixture_add_sounds(&f);
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    check_ok(silbe_output_write_json("sung.json", &f, &err), err);
    check_ok(silbe_output_read_json("sung.json", &document, &err), err);
    assert_int_equal(document.n_phones, 2 * f.lyrics.n_words);
    for (size_t w = 0; w < f.lyrics.n_words; w++) {
        check_close(document.sounding_start_s[w], f.sounding_start_s[w], 0.5001e-4);
        assert_int_equal(document.phones[2 * w + 1].word, w);
        assert_string_equal(document.phones[2 * w + 1].symbol, "t^");
        check_close(document.phones[2 * w].span.confidence, f.times.words[w].confidence, 1e-6);
    }
    for (size_t i = 1; i < document.n_phones; i++) {
        assert_true(document.phones[i].span.start_s >= document.phones[i - 1].span.end_s);
    }
    check_written_again("sung.json", &document);
    silbe_words_free(&document);
    silbe_words_free(&f);
}

/* A word, and a line, that were not found: where they would be, or nothing. */
static void unmatched_words_are_read(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    fixture_new(&f);
    fixture_add_sounds(&f);
    f.is_matched[1] = false;
    f.times.words[1] = (silbe_span){1.5, 2.25, 0.125}; /* in no order */
    f.times.syllables[1] = (silbe_span){1.75, 2, 0.125};
    for (size_t w = 4; w < 9; w++) { /* the second line */
        const silbe_word *word = &f.lyrics.words[w];
        f.is_matched[w] = false;
        f.times.words[w] = (silbe_span){NAN, NAN, 0};
        for (size_t i = 0; i < word->n_syllables; i++) {
            f.times.syllables[word->first_syllable + i] = (silbe_span){NAN, NAN, 0};
        }
    }
    silbe_words_drop_sounds(&f);
    check_ok(silbe_output_write_json("unmatched.json", &f, &err), err);
    check_ok(silbe_output_read_json("unmatched.json", &document, &err), err);
    assert_int_equal(document.lyrics.n_words, f.lyrics.n_words);
    assert_int_equal(document.lyrics.n_lines, f.lyrics.n_lines);
    assert_memory_equal(document.is_matched, f.is_matched, f.lyrics.n_words);
    check_close(document.times.words[1].start_s, 1.5, 0);
    check_close(document.times.words[1].end_s, 2.25, 0);
    check_close(document.times.words[1].confidence, 0.125, 0);
    check_close(document.times.syllables[1].start_s, 1.75, 0);
    assert_true(isnan(document.times.words[4].start_s) && isnan(document.times.words[4].end_s));
    assert_true(isnan(document.sounding_start_s[1]));
    assert_int_equal(document.n_phones, 2 * (f.lyrics.n_words - 6));
    assert_int_equal(document.phones[2].word, 2);
    char *text = read_file("unmatched.json");
    assert_null(strstr(text, "\"unmatched\""));
    free(text);
    check_written_again("unmatched.json", &document);
    silbe_words_free(&document);
    silbe_words_free(&f);
}

/* Voices are told by name; each is in order, and may overlap the other. */
static void voices_are_read(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    fixture_new(&f);
    fixture_add_sounds(&f);
    assert_int_equal(silbe_words_voice(&f, "alt\xc3\xb6", &err), 1);
    for (size_t w = 9; w < 14; w++) {
        const silbe_word *word = &f.lyrics.words[w];
        const silbe_span span = {0.25 * (double)w, 0.25 * (double)w + 0.25, 0.5};
        f.voice[w] = 1;
        f.times.words[w] = f.phones[2 * w].span = f.phones[2 * w + 1].span = span;
        f.sounding_start_s[w] = span.start_s;
        for (size_t i = 0; i < word->n_syllables; i++) {
            f.times.syllables[word->first_syllable + i] = span;
        }
    }
    check_ok(silbe_output_write_json("voices.json", &f, &err), err);
    check_ok(silbe_output_read_json("voices.json", &document, &err), err);
    assert_int_equal(document.n_voices, 2);
    assert_string_equal(document.voices[0], "");
    assert_string_equal(document.voices[1], "alt\xc3\xb6");
    assert_memory_equal(document.voice, f.voice, f.lyrics.n_words * sizeof *f.voice);
    check_close(document.times.words[9].start_s, 2.25, 0);
    check_close(document.times.words[8].start_s, f.times.words[8].start_s, 1e-4);
    check_written_again("voices.json", &document);
    silbe_words_free(&document);
    silbe_words_free(&f);
    /* Within a voice, words must not overlap. */
    char *good = read_file("voices.json");
    for (char *at = strstr(good, "alt\xc3\xb6"); at != NULL; at = strstr(at, "alt\xc3\xb6")) {
        memmove(at, at + 5, strlen(at + 5) + 1);
    }
    write_file("bad.json", good);
    free(good);
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    expect_message(&err, "word 10 ");
    expect_message(&err, "starts before the one in front of it");
}

/* Replaces the first place of old in the JSON of the fixture by new and expects a refusal. */
static void expect_unreadable(const char *old, const char *replacement, const char *part)
{
    char *text = read_file("good.json");
    char *at = strstr(text, old);
    if (at == NULL) {
        fail_msg("the file has no %s", old);
        return;
    }
    FILE *stream = fopen("bad.json", "wb");
    assert_non_null(stream);
    (void)fprintf(stream, "%.*s%s%s", (int)(at - text), text, replacement, at + strlen(old));
    assert_int_equal(fclose(stream), 0);
    free(text);
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    expect_message(&err, "bad.json");
    expect_message(&err, part);
    assert_null(document.lyrics.words);
    assert_null(document.work);
}

static const struct {
    const char *old;
    const char *replacement;
    const char *part; /* of the message */
} MALFORMED[] = {
    {"silbe-words", "words", "not a file of word times"},
    {"\"format_version\": 2", "\"format_version\": 1",
     "format_version is 1, this program reads 2; run the alignment again"},
    {"\"format_version\": 2", "\"format_version\": \"2\"", "format_version"},
    {"\"mode\": \"score\"", "\"mode\": 3", "\"mode\" is not a string"},
    {"\"mode\": \"score\"", "\"mode\": \"score\", \"x\": 1", "\"x\" is not a key"},
    {"\"mode\": \"score\"", "\"mode\": \"score\", \"mode\": \"b\"", "duplicate"},
    {"\"mode\": \"score\",", "", "\"mode\" is missing"},
    {"\"title\": \"Titel", "\"title\": 1, \"Titel", "bad.json"},
    {"\"line\": 2", "\"line\": 1", "line 2: lines must have the numbers 1, 2"},
    {"\"line\": 1", "\"line\": -1", "line 1: lines must have the numbers"},
    {"\"stanza\": 1", "\"stanza\": 0", "stanzas numbers from 1 on"},
    {"\"start_s\": 0.8", "\"start_s\": \"0.8\"", "line 1, word 2"},
    {"\"start_s\": 0.8", "\"start_s\": 1.3", "line 1, word 2"},
    {"\"start_s\": 0.8", "\"start_s\": 0.7", "do not begin and end"},
    {"\"confidence\": 0.98765", "\"confidence\": 1.5", "confidence outside"},
    {"\"onset_q\": 0.0", "\"onset_q\": \"a\"", "word 1, syllable 1: \"onset_q\" is not"},
    {"\"text\": \"Wie\"", "\"text\": \"\"", "has no text"},
    {"\"duration_s\": 6100.25", "\"duration_s\": 6000", "outside the recording"},
    {"\"duration_s\": 6100.25", "\"duration_s\": 6100.24995", "after the recording"},
    {"\"syllables\": [", "\"syllables\": [], \"b\": [", "must be an array"},
    {"\"lines\": [", "\"lines\": {}, \"b\": [", "\"lines\" is not an array"},
    {"\"lines\": [", "\"lines\": [7, ", "line 1: \"words\""},
    {"\"lines\": [", "\"lines\": ", "bad.json:"},
    {"Wie", "\xff", "bad.json:"},
    {"\"sounding_start_s\": 0.675,", "", "\"sounding_start_s\" is missing"},
    {"\"sounding_start_s\": 0.0,", "", "\"sounding_start_s\" is not a key"},
    {"\"sounding_start_s\": 0.675", "\"sounding_start_s\": 0.9", "is heard"},
    {"\"phone\": \"t^\"", "\"phone\": \"too long\"", "symbol is too long"},
    {"\"phone\": \"t^\"", "\"phone\": 3", "\"phone\" is not a string"},
    {"\"phones\": [", "\"phones\": 3, \"b\": [", "\"phones\" is not an array"},
    {"\"index\": 2", "\"index\": 3", "word 2: words must have the indices 1, 2"},
    {"\"index\": 2", "\"index\": 2.0", "\"index\" is not an integer"},
    {"\"index\": 2,", "", "\"index\" is missing"},
    {"\"voice\": \"\"", "\"voice\": null", "\"voice\" is not a string"},
    {"\"voice\": \"\",", "", "line 1, word 1: \"voice\" is missing"},
    {"\"matched\": true", "\"matched\": 1", "\"matched\" is not true or false"},
    {"\"matched\": true,", "", "line 1, word 1: \"matched\" is missing"},
    {"\"matched\": true", "\"matched\": true, \"matched\": true", "duplicate"},
    {"\"matched\": true", "\"matched\": false", "do not begin and end with it"},
    {"\"start_s\": 0.8", "\"start_s\": null", "line 1, word 2"},
    {"\"start_s\": 0.0", "\"start_s\": null", "line 1: its matched words do not"},
    {"\"mode\": \"score\"", "\"mode\": \"score\", \"unmatched\": []", "\"unmatched\" is not a key"},
};

static void malformed_files_are_refused(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    fixture_add_sounds(&f);
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_json("good.json", &f, &err), err);
    silbe_words_free(&f);
    for (size_t i = 0; i < sizeof MALFORMED / sizeof MALFORMED[0]; i++) {
        expect_unreadable(MALFORMED[i].old, MALFORMED[i].replacement, MALFORMED[i].part);
    }
}

static void what_is_no_document_is_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_words document;
    write_file("bad.json", "[[[[");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    write_file("bad.json", "");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    write_file("bad.json", "[1]");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_output_read_json("missing.json", &document, &err), SILBE_ERR_IO);
    expect_message(&err, "missing.json");
    assert_int_equal(silbe_output_read_json(".", &document, &err), SILBE_ERR_IO);
    silbe_words_free(&document);
}

/* Whatever prefix of a good file is there, it is refused without a crash. */
static void truncated_files_are_refused(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_json("good.json", &f, &err), err);
    silbe_words_free(&f);
    char *text = read_file("good.json");
    size_t length = strlen(text);
    for (size_t cut = length - 2; cut<length; cut = cut> 97 ? cut - 97 : length) {
        text[cut] = '\0';
        write_file("bad.json", text);
        silbe_words document;
        assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(sounds_are_read),
        cmocka_unit_test(unmatched_words_are_read),
        cmocka_unit_test(voices_are_read),
        cmocka_unit_test(malformed_files_are_refused),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(truncated_files_are_refused),
    };
    enter_folder("test_output_json.files");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
