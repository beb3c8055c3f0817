#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/output.h"

#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"
#include "tests/check.h"
#include "tests/pipeline/output/fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *read_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    size_t n = fread(text, 1, (1 << 20) - 1, stream);
    assert_true(n > 0);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    (void)fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static void expect_message(const silbe_err *err, const char *part)
{
    if (strstr(err->message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err->message, part);
    }
}

static void test_escape(void **state)
{
    (void)state;
    static const struct {
        silbe_text_style style;
        const char *text;
        const char *want;
    } cases[] = {
        {SILBE_TEXT_PLAIN, "a\tb\nc\r\x1b\x7f", "a b c   "},
        {SILBE_TEXT_PLAIN, "\xc2\x85|\xe2\x80\xa8|\xef\xbf\xbf|\xf0\x9f\x98\x80",
         " | |\xef\xbf\xbd|\xf0\x9f\x98\x80"},
        {SILBE_TEXT_PLAIN, "ok \xff\xc3", "ok \xef\xbf\xbd\xef\xbf\xbd"},
        {SILBE_TEXT_QUOTED, "\"a\"\"", "\"\"a\"\"\"\""},
        {SILBE_TEXT_WEBVTT, "<b> & -->", "&lt;b&gt; &amp; --&gt;"},
        {SILBE_TEXT_SRT, "<i>{\\an8} -->", "\xe2\x80\xb9i\xe2\x80\xba(\\an8) --\xe2\x80\xba"},
        {SILBE_TEXT_LRC, "[00:01.00]<", "(00:01.00)\xe2\x80\xb9"},
        {SILBE_TEXT_MARKDOWN, "a|b_<*\\", "a\\|b\\_&lt;\\*\\\\"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *got = silbe_text_copy(cases[i].text, cases[i].style);
        assert_string_equal(got, cases[i].want);
        free(got);
    }
    assert_true(silbe_text_valid("Gr\xc3\xbc\xc3\x9f"));
    assert_false(silbe_text_valid("Gr\xc3"));
    assert_int_equal(silbe_text_width("Gr\xc3\xbc\xc3\x9f"), 4);
    assert_int_equal(silbe_text_width("\xe6\xad\x8c"), 2); /* a wide character */
    assert_int_equal(silbe_text_width("u\xcc\x88"), 1);    /* a combining one */
}

static void expect_padded(const char *text, size_t width, const char *want)
{
    char *got = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&got, &size);
    assert_non_null(stream);
    silbe_text_put_padded(stream, text, width);
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(got, want);
    free(got);
}

static void test_padded(void **state)
{
    (void)state;
    expect_padded("f\xc3\xbcr", 5, "f\xc3\xbcr  ");
    expect_padded("Winterreise", 6, "Winte\xe2\x80\xa6");
    expect_padded("\xe6\xad\x8c\xe6\xad\x8c\xe6\xad\x8c", 4, "\xe6\xad\x8c\xe2\x80\xa6 ");
    expect_padded("abc", 3, "abc");
    expect_padded("abc", 0, "");
}

/* On every grid, whatever the input: no overlap, no empty span, children fill their parents. */
static void check_tiers(const silbe_output_item *item, int64_t per_second, bool with_syllables)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers tiers;
    check_ok(silbe_output_tiers_new(item, per_second, with_syllables, &tiers, &err), err);
    const silbe_lyrics *lyrics = item->lyrics;
    int64_t reached = 0;
    for (size_t w = 0; w < lyrics->n_words; w++) {
        assert_true(tiers.words[w].start >= reached);
        assert_true(tiers.words[w].end > tiers.words[w].start);
        reached = tiers.words[w].end;
        const silbe_word *word = &lyrics->words[w];
        for (size_t s = 0; with_syllables && s < word->n_syllables; s++) {
            const silbe_tick_span *spans = tiers.syllables + word->first_syllable;
            assert_true(spans[s].end > spans[s].start);
            assert_true(s > 0 ? spans[s].start >= spans[s - 1].end
                              : spans[s].start == tiers.words[w].start);
            assert_true(s + 1 < word->n_syllables || spans[s].end == tiers.words[w].end);
        }
    }
    assert_true(reached <= tiers.duration);
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        assert_true(tiers.lines[l].start == tiers.words[line->first_word].start);
        assert_true(tiers.lines[l].end == tiers.words[line->first_word + line->n_words - 1].end);
    }
    silbe_output_tiers_free(&tiers);
}

static void test_tiers(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 200; round++) {
        for (int64_t per_second = 100; per_second <= 10000; per_second *= 10) {
            check_tiers(&f.item, per_second, true);
            check_tiers(&f.item, per_second, false);
        }
        /* Next round: all words crowded into a random short piece, at times at the very end. */
        double width_s = round % 3 == 0 ? 0 : 0.7 * check_uniform(&rng);
        double start_s = round % 2 == 0 ? FIXTURE_DURATION_S - width_s
                                        : (FIXTURE_DURATION_S - 1) * check_uniform(&rng);
        for (size_t w = 0; w < f.times.n_words; w++) {
            f.times.words[w].start_s = start_s;
            f.times.words[w].end_s = start_s + 1e-5 + check_uniform(&rng);
            start_s += width_s / (double)f.times.n_words * check_uniform(&rng);
            for (size_t s = 0; s < f.lyrics.words[w].n_syllables; s++) {
                silbe_span *span = &f.times.syllables[f.lyrics.words[w].first_syllable + s];
                *span = f.times.words[w];
            }
        }
    }
    /* Fewer ticks than syllables. */
    for (size_t w = 0; w < f.times.n_words; w++) {
        f.times.words[w] = (silbe_span){0, 1, 0.5};
    }
    for (size_t s = 0; s < f.times.n_syllables; s++) {
        f.times.syllables[s] = (silbe_span){0, 1, 0.5};
    }
    f.item.duration_s = 0.1;
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers tiers;
    assert_int_equal(silbe_output_tiers_new(&f.item, 100, true, &tiers, &err), SILBE_ERR_DATA);
    expect_message(&err, "do not fit into a recording of 0.1 s");
    fixture_free(&f);
}

/* One field of the fixture made wrong at a time; every writer refuses and leaves no file. */
static void expect_refused(fixture *f, const char *part)
{
    size_t n_formats;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_not_equal(formats[i].write("refused.out", &f->item, &err), SILBE_OK);
        expect_message(&err, part);
        assert_int_not_equal(access("refused.out", F_OK), 0);
    }
}

static void test_refused(void **state)
{
    (void)state;
    fixture f;
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
    f.item.duration_s = 0;
    expect_refused(&f, "duration_s should be > 0");
    f.item.duration_s = FIXTURE_DURATION_S;
    f.item.settings_digest = NULL;
    expect_refused(&f, "settings_digest is missing");
    f.item.settings_digest = "x";
    f.item.lyrics = NULL;
    expect_refused(&f, "no words to write");
    fixture_free(&f);
}

static void test_unwritable(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    size_t n_formats;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    assert_int_equal(n_formats, 8);
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(formats[i].write("no-such-folder/x", &f.item, &err), SILBE_ERR_IO);
        expect_message(&err, "no-such-folder/x");
        assert_ptr_equal(silbe_output_format_find(formats[i].name), &formats[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(formats[i].extension, formats[j].extension);
        }
    }
    assert_null(silbe_output_format_find("CSV"));
    fixture_free(&f);
}

/* Two words of one line, with a gap between and behind them. */
static void with_two_words(void (*check)(const silbe_output_item *item))
{
    silbe_syllable syllables[] = {{(char[]){"Fremd"}, 0, 0, 1}, {(char[]){"bin"}, 1, 1, 2}};
    silbe_word words[] = {{(char[]){"Fremd"}, 0, 0, 1}, {(char[]){"\"bin\""}, 0, 1, 1}};
    silbe_line lines[] = {{(char[]){"Fremd \"bin\""}, 0, 0, 2}};
    silbe_span spans[] = {{0.00004, 0.5, 0.9996}, {12.34567, 13, 0.0004}};
    const silbe_lyrics lyrics = {syllables, 2, words, 2, lines, 1};
    const silbe_word_times times = {spans, 2, spans, 2};
    const silbe_output_item item = {.lyrics = &lyrics,
                                    .times = &times,
                                    .work = "w",
                                    .version = "v",
                                    .mode = "score",
                                    .audio_file = "w.wav",
                                    .duration_s = 13.5,
                                    .program_version = "0.1.0",
                                    .settings_digest = "d"};
    check(&item);
}

static void check_csv(const silbe_output_item *item)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_csv("exact.csv", item, &err), err);
    char *text = read_file("exact.csv");
    assert_string_equal(text, "start;end;word;line;confidence\n"
                              "0.0000;0.5000;\"Fremd\";1;1.000\n"
                              "12.3457;13.0000;\"\"\"bin\"\"\";1;0.000\n");
    free(text);
    silbe_output_item sung = *item;
    const double sounding_start_s[] = {0, 12.25};
    sung.sounding_start_s = sounding_start_s;
    check_ok(silbe_output_write_csv("exact.csv", &sung, &err), err);
    text = read_file("exact.csv");
    assert_string_equal(text, "start;end;word;line;confidence;sounding_start\n"
                              "0.0000;0.5000;\"Fremd\";1;1.000;0.0000\n"
                              "12.3457;13.0000;\"\"\"bin\"\"\";1;0.000;12.2500\n");
    free(text);
}

static void check_textgrid(const silbe_output_item *item)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_textgrid("exact.TextGrid", item, &err), err);
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
}

static void test_exact(void **state)
{
    (void)state;
    with_two_words(check_csv);
    with_two_words(check_textgrid);
}

/* What was read gives the same bytes. */
static void check_written_again(const char *path, const silbe_output_document *document)
{
    silbe_err err = SILBE_ERR_INIT;
    const silbe_output_item again = {.lyrics = &document->lyrics,
                                     .times = &document->times,
                                     .work = document->work,
                                     .version = document->version,
                                     .title = document->title,
                                     .mode = document->mode,
                                     .audio_file = document->audio_file,
                                     .duration_s = document->duration_s,
                                     .program_version = document->program_version,
                                     .settings_digest = document->settings_digest,
                                     .line_numbers = document->line_numbers,
                                     .unmatched = document->unmatched,
                                     .n_unmatched = document->n_unmatched,
                                     .sounding_start_s = document->sounding_start_s,
                                     .phones = document->phones,
                                     .n_phones = document->n_phones};
    check_ok(silbe_output_write_json("again.json", &again, &err), err);
    char *first = read_file(path);
    char *second = read_file("again.json");
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void test_json_round_trip(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_document document;
    check_ok(silbe_output_write_json("trip.json", &f.item, &err), err);
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
    silbe_output_document_free(&document);
    fixture_free(&f);
}

/* A text of three lines, of which the second one and a word of the third are not in the sound. */
static void check_left_out(const silbe_output_item *item)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_document document = SILBE_OUTPUT_DOCUMENT_INIT;
    silbe_output_item partial = *item;
    const size_t numbers[] = {3};
    const silbe_output_unmatched unmatched[] = {{"\"nie\"", 2, 1, NAN, NAN, 0},
                                                {"da", 3, 2, 1.5, 2.25, 0.125}};
    partial.line_numbers = numbers;
    partial.unmatched = unmatched;
    partial.n_unmatched = 2;
    check_ok(silbe_output_write_csv("partial.csv", &partial, &err), err);
    char *csv = read_file("partial.csv");
    assert_non_null(strstr(csv, ";\"Fremd\";3;"));
    free(csv);
    check_ok(silbe_output_write_json("partial.json", &partial, &err), err);
    check_ok(silbe_output_read_json("partial.json", &document, &err), err);
    assert_int_equal(document.line_numbers[0], 3);
    assert_int_equal(document.n_unmatched, 2);
    assert_string_equal(document.unmatched[0].text, "\"nie\"");
    assert_true(isnan(document.unmatched[0].start_s) && isnan(document.unmatched[0].end_s));
    assert_int_equal(document.unmatched[1].line, 3);
    assert_int_equal(document.unmatched[1].word, 2);
    check_close(document.unmatched[1].start_s, 1.5, 0);
    check_close(document.unmatched[1].end_s, 2.25, 0);
    check_close(document.unmatched[1].confidence, 0.125, 0);
    silbe_output_document_free(&document);

    const silbe_output_unmatched wrong = {"da", 0, 2, 1.5, 2.25, 0.125};
    partial.unmatched = &wrong;
    partial.n_unmatched = 1;
    assert_int_equal(silbe_output_write_json("partial.json", &partial, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "unmatched word 1 (\"da\") is in no line"));
}

static void test_left_out(void **state)
{
    (void)state;
    with_two_words(check_left_out);
}

/* What a mode that hears phones knows beside. */
static void test_sounds(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    fixture_add_sounds(&f);
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_document document;
    check_ok(silbe_output_write_json("sung.json", &f.item, &err), err);
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
    silbe_output_document_free(&document);

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
    fixture_free(&f);
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
    silbe_output_document document;
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    expect_message(&err, "bad.json");
    expect_message(&err, part);
    assert_null(document.lyrics.words);
    assert_null(document.work);
}

static void test_json_malformed(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    fixture_add_sounds(&f);
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_json("good.json", &f.item, &err), err);
    fixture_free(&f);
    expect_unreadable("silbe-words", "words", "not a file of word times");
    expect_unreadable("\"format_version\": 1", "\"format_version\": 2", "format_version");
    expect_unreadable("\"mode\": \"score\"", "\"mode\": 3", "\"mode\" is not a string");
    expect_unreadable("\"mode\": \"score\"", "\"mode\": \"score\", \"x\": 1", "\"x\" is not a key");
    expect_unreadable("\"mode\": \"score\"", "\"mode\": \"score\", \"mode\": \"b\"", "duplicate");
    expect_unreadable("\"mode\": \"score\",", "", "\"mode\" is missing");
    expect_unreadable("\"title\": \"Titel", "\"title\": 1, \"Titel", "bad.json");
    expect_unreadable("\"line\": 2", "\"line\": 1", "line 2: lines must have rising numbers");
    expect_unreadable("\"stanza\": 1", "\"stanza\": 0", "line 1: lines must have rising numbers");
    expect_unreadable("\"start_s\": 0.8", "\"start_s\": \"0.8\"", "line 1, word 2");
    expect_unreadable("\"start_s\": 0.8", "\"start_s\": 1.3", "line 1, word 2");
    expect_unreadable("\"start_s\": 0.8", "\"start_s\": 0.7", "do not begin and end");
    expect_unreadable("\"confidence\": 0.98765", "\"confidence\": 1.5", "confidence outside");
    expect_unreadable("\"onset_q\": 0.0", "\"onset_q\": \"a\"",
                      "word 1, syllable 1: \"onset_q\" is not");
    expect_unreadable("\"text\": \"Wie\"", "\"text\": \"\"", "has no text");
    expect_unreadable("\"duration_s\": 6100.25", "\"duration_s\": 6000", "outside the recording");
    expect_unreadable("\"duration_s\": 6100.25", "\"duration_s\": 6100.24995",
                      "after the recording");
    expect_unreadable("\"syllables\": [", "\"syllables\": [], \"b\": [", "must be an array");
    expect_unreadable("\"lines\": [", "\"lines\": {}, \"b\": [", "\"lines\" is not an array");
    expect_unreadable("\"lines\": [", "\"lines\": [7, ", "line 1: \"words\"");
    expect_unreadable("\"lines\": [", "\"lines\": ", "bad.json:");
    expect_unreadable("Wie", "\xff", "bad.json:");
    expect_unreadable("\"sounding_start_s\": 0.675,", "", "\"sounding_start_s\" is missing");
    expect_unreadable("\"sounding_start_s\": 0.0,", "", "\"sounding_start_s\" is not a key");
    expect_unreadable("\"sounding_start_s\": 0.675", "\"sounding_start_s\": 0.9", "is heard");
    expect_unreadable("\"phone\": \"t^\"", "\"phone\": \"too long\"", "symbol is too long");
    expect_unreadable("\"phone\": \"t^\"", "\"phone\": 3", "\"phone\" is not a string");
    expect_unreadable("\"phones\": [", "\"phones\": 3, \"b\": [", "\"phones\" is not an array");

    silbe_output_document document;
    write_file("bad.json", "[[[[");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    write_file("bad.json", "");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    write_file("bad.json", "[1]");
    assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_output_read_json("missing.json", &document, &err), SILBE_ERR_IO);
    expect_message(&err, "missing.json");
    assert_int_equal(silbe_output_read_json(".", &document, &err), SILBE_ERR_IO);
    silbe_output_document_free(&document);
}

/* Whatever prefix of a good file is there, it is refused without a crash. */
static void test_json_truncated(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f);
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_output_write_json("good.json", &f.item, &err), err);
    fixture_free(&f);
    char *text = read_file("good.json");
    size_t length = strlen(text);
    for (size_t cut = length - 2; cut<length; cut = cut> 97 ? cut - 97 : length) {
        text[cut] = '\0';
        write_file("bad.json", text);
        silbe_output_document document;
        assert_int_equal(silbe_output_read_json("bad.json", &document, &err), SILBE_ERR_FORMAT);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escape),          cmocka_unit_test(test_padded),
        cmocka_unit_test(test_tiers),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unwritable),      cmocka_unit_test(test_exact),
        cmocka_unit_test(test_json_round_trip), cmocka_unit_test(test_json_malformed),
        cmocka_unit_test(test_json_truncated),  cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_sounds),
    };
    /* Files of this test lie in a folder of their own: ctest runs several at a time. */
    (void)mkdir("test_output.files", 0777);
    if (chdir("test_output.files") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
