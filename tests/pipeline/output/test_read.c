/* Word times read: what is written here comes back, what other programs write is understood, what
 * is damaged is refused by file and line. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/time_list.h"

#include "pipeline/output/output.h"
#include "pipeline/output/text.h"
#include "tests/pipeline/output/files.h"
#include "tests/pipeline/output/fixture.h"

/* ---- what was written ---- */

/* Text as a reader gives it: in the style of the format, without blanks around it. Allocated. */
static char *read_text_of(const char *text, silbe_text_style style)
{
    char *copy = silbe_text_copy(text, style);
    assert_non_null(copy);
    size_t begin = strspn(copy, " "), end = strlen(copy);
    while (end > begin && copy[end - 1] == ' ') {
        end--;
    }
    memmove(copy, copy + begin, end - begin);
    copy[end - begin] = '\0';
    return copy;
}

/* How a format gives the words back. */
typedef struct {
    const char *name;
    const char *file;
    silbe_text_style style; /* of what it cannot write as it is */
    double precision_s;
    bool has_ends;
    bool has_confidences;
} word_format;

static const word_format WORD_FORMATS[] = {
    {"csv", "trip.csv", SILBE_TEXT_PLAIN, 1e-4, true, true},
    {"json", "trip.json", SILBE_TEXT_PLAIN, 1e-4, true, true},
    {"textgrid", "trip.TextGrid", SILBE_TEXT_PLAIN, 1e-4, true, false},
    {"elan", "trip.eaf", SILBE_TEXT_PLAIN, 1e-3, true, false},
    {"audacity", "trip.txt", SILBE_TEXT_PLAIN, 1e-4, true, false},
    {"lrc", "trip.lrc", SILBE_TEXT_LRC, 1e-2, false, false},
    {"webvtt", "trip.vtt", SILBE_TEXT_PLAIN, 1e-3, false, false},
};

static void check_word(const word_format *format, const silbe_words *f, size_t w,
                       const silbe_timed_text *got)
{
    const silbe_span *span = &f->times.words[w];
    /* The fixture's words lie closer together than any tick: up to four of them move. */
    double tolerance_s = 4.5 * format->precision_s;
    check_close(got->start_s, span->start_s, tolerance_s);
    if (format->has_ends) {
        double next_s = f->duration_s;
        next_s = w + 1 < f->lyrics.n_words ? f->times.words[w + 1].start_s : next_s;
        check_close(got->end_s, fmin(span->end_s, next_s), tolerance_s);
    }
    if (format->has_confidences) {
        check_close(got->confidence, span->confidence, 1.0001e-3);
    } else {
        assert_true(isnan(got->confidence));
    }
}

static void words_come_back(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    for (size_t i = 0; i < sizeof WORD_FORMATS / sizeof WORD_FORMATS[0]; i++) {
        const word_format *format = &WORD_FORMATS[i];
        silbe_err err = SILBE_ERR_INIT;
        silbe_time_list list;
        check_ok(silbe_output_format_find(format->name)->write(format->file, &f, &err), err);
        check_ok(silbe_time_list_read(format->file, &list, &err), err);
        assert_int_equal(list.level, SILBE_LEVEL_WORDS);
        assert_int_equal(list.n_voices, 1);
        size_t n = 0;
        for (size_t w = 0; w < f.lyrics.n_words; w++) {
            char *want = read_text_of(f.lyrics.words[w].text, format->style);
            if (want[0] != '\0') { /* a word that cleaning leaves nothing of is none */
                assert_true(n < list.n_texts);
                assert_string_equal(list.texts[n].text, want);
                check_word(format, &f, w, &list.texts[n]);
                n++;
            }
            free(want);
        }
        assert_int_equal(list.n_texts, n);
        silbe_time_list_free(&list);
    }
    silbe_words_free(&f);
}

static void lines_come_back(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    fixture_new(&f);
    check_ok(silbe_output_write_srt("lines.srt", &f, &err), err);
    check_ok(silbe_time_list_read("lines.srt", &list, &err), err);
    assert_int_equal(list.level, SILBE_LEVEL_LINES);
    assert_int_equal(list.n_texts, f.lyrics.n_lines);
    for (size_t l = 0; l < f.lyrics.n_lines; l++) {
        char *want = read_text_of(f.lyrics.lines[l].text, SILBE_TEXT_SRT);
        assert_string_equal(list.texts[l].text, want);
        check_close(list.texts[l].start_s, f.times.words[f.lyrics.lines[l].first_word].start_s,
                    0.5001e-3);
        free(want);
    }
    silbe_time_list_free(&list);
    silbe_words_free(&f);
}

/* Words that are not matched are in no format; voices are in JSON. */
static void voices_and_gaps_come_back(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    fixture_new(&f);
    assert_int_equal(silbe_words_voice(&f, "alto", &err), 1);
    f.voice[0] = 1;
    f.is_matched[1] = false;
    check_ok(silbe_output_write_json("voices.json", &f, &err), err);
    check_ok(silbe_time_list_read("voices.json", &list, &err), err);
    assert_int_equal(list.n_voices, 2);
    assert_string_equal(list.voices[list.texts[0].voice], "alto");
    assert_string_equal(list.texts[1].text, "\"sprach\"");
    assert_string_equal(list.voices[list.texts[1].voice], "");
    silbe_time_list_free(&list);
    silbe_words_free(&f);
}

/* ---- what others write ---- */

typedef struct {
    double start_s, end_s;
    const char *text;
    const char *voice; /* NULL: "" */
} timed;

typedef struct {
    const char *file;
    const char *text;
    silbe_time_level level;
    timed want[4]; /* ended by a text of NULL if fewer */
} sample;

static const sample SAMPLES[] = {
    {"start.csv",
     "start;end;word\n0.5;1;Gute\n1;;Nacht\n",
     SILBE_LEVEL_WORDS,
     {{0.5, 1, "Gute"}, {1, NAN, "Nacht"}}},
    {"comma.csv",
     "\xef\xbb\xbf\"Word\",\"Start\",\"Duration\"\r\n\"a, \"\"b\"\"\",1,0.25\r\n",
     SILBE_LEVEL_WORDS,
     {{1, 1.25, "a, \"b\""}}},
    {"tab.csv",
     "voice\tonset\tlabel\talto\nA\t1\tx\t9\nB\t0.5\ty\t9\nA\t2\tz\t9\n",
     SILBE_LEVEL_WORDS,
     {{1, NAN, "x", "A"}, {0.5, NAN, "y", "B"}, {2, NAN, "z", "A"}}},
    {"lines.csv",
     "time;text\n1;Gute Nacht\n3;Fremd bin ich\n",
     SILBE_LEVEL_LINES,
     {{1, NAN, "Gute Nacht"}, {3, NAN, "Fremd bin ich"}}},
    {"instants.csv",
     "0.725,Gute\n1.5,\n1e1,Nacht\n",
     SILBE_LEVEL_WORDS,
     {{0.725, NAN, "Gute"}, {10, NAN, "Nacht"}}},
    {"regions.csv",
     "0.25,0.5,Gute\n1.5,0.25,Nacht\n",
     SILBE_LEVEL_WORDS,
     {{0.25, 0.75, "Gute"}, {1.5, 1.75, "Nacht"}}},
    {"ends.csv",
     "0.25,0.5,Gute\n1.5,1.75,Nacht\n",
     SILBE_LEVEL_WORDS,
     {{0.25, 0.5, "Gute"}, {1.5, 1.75, "Nacht"}}},
    {"labels.txt",
     "1.000000\t1.000000\tGute\n\\\t100.0\t200.0\n2.5\t3.25\t Nacht \n4\t5\n\n",
     SILBE_LEVEL_WORDS,
     {{1, 1, "Gute"}, {2.5, 3.25, "Nacht"}}},
    {"old-labels.txt",
     "1.5\tGute\n2.5\tNacht\n",
     SILBE_LEVEL_WORDS,
     {{1.5, NAN, "Gute"}, {2.5, NAN, "Nacht"}}},
    {"long.TextGrid",
     "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = 3\n"
     "tiers? <exists>\nsize = 2\nitem []:\n    item [1]:\n        class = \"IntervalTier\"\n"
     "        name = \"phones\"\n        xmin = 0\n        xmax = 3\n"
     "        intervals: size = 1\n        intervals [1]:\n            xmin = 0\n"
     "            xmax = 3\n            text = \"g\"\n    item [2]:\n"
     "        class = \"IntervalTier\"\n        name = \"Words\"\n        xmin = 0\n"
     "        xmax = 3\n        intervals: size = 3\n        intervals [1]:\n"
     "            xmin = 0\n            xmax = 1\n            text = \"\"\n"
     "        intervals [2]:\n            xmin = 1\n            xmax = 2.5\n"
     "            text = \"sagt \"\"Nacht\"\"\"\n        intervals [3]:\n"
     "            xmin = 2.5\n            xmax = 3\n            text = \"zwei\nZeilen\"\n",
     SILBE_LEVEL_WORDS,
     {{1, 2.5, "sagt \"Nacht\""}, {2.5, 3, "zwei Zeilen"}}},
    {"short.TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 3\n<exists>\n1 ! one tier\n\"TextTier\" \"Text\" 0 3\n2\n"
     "0.5\n\"Gute Nacht\"\n1.5 \"Fremd bin ich\"\n",
     SILBE_LEVEL_LINES,
     {{0.5, NAN, "Gute Nacht"}, {1.5, NAN, "Fremd bin ich"}}},
    {"speakers.TextGrid",
     "File type = \"ooTextFile\"\n\"TextGrid\"\n0 3 <exists> 3\n"
     "\"IntervalTier\" \"Alt - words\" 0 3 1 1 2 \"ja\"\n"
     "\"IntervalTier\" \"Alt - phones\" 0 3 1 1 2 \"j\"\n"
     "\"IntervalTier\" \"Bass - words\" 0 3 1 0 3 \"nein\"\n",
     SILBE_LEVEL_WORDS,
     {{1, 2, "ja", "Alt"}, {0, 3, "nein", "Bass"}}},
    {"aligned.eaf",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT><HEADER "
     "TIME_UNITS=\"milliseconds\"/>\n<TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"ts1\" "
     "TIME_VALUE=\"1250\"/><TIME_SLOT TIME_SLOT_ID=\"ts2\"/><TIME_SLOT TIME_SLOT_ID=\"ts3\" "
     "TIME_VALUE=\"3000\"/></TIME_ORDER>\n<TIER TIER_ID=\"only\"><ANNOTATION>"
     "<ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a1\" TIME_SLOT_REF1=\"ts1\" TIME_SLOT_REF2=\"ts2\">"
     "<ANNOTATION_VALUE>T&amp;&#246;</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
     "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a2\" TIME_SLOT_REF1=\"ts2\" "
     "TIME_SLOT_REF2=\"ts3\"><ANNOTATION_VALUE>zwei</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>"
     "</ANNOTATION></TIER></ANNOTATION_DOCUMENT>\n",
     SILBE_LEVEL_WORDS,
     {{1.25, NAN, "T&\xc3\xb6"}, {NAN, 3, "zwei"}}},
    {"symbolic.eaf",
     "<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"s\" TIME_VALUE=\"500\"/>"
     "<TIME_SLOT TIME_SLOT_ID=\"e\" TIME_VALUE=\"2000\"/></TIME_ORDER>"
     "<TIER TIER_ID=\"Lines\"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a1\" "
     "TIME_SLOT_REF1=\"s\" TIME_SLOT_REF2=\"e\"><ANNOTATION_VALUE>a b c</ANNOTATION_VALUE>"
     "</ALIGNABLE_ANNOTATION></ANNOTATION></TIER><TIER TIER_ID=\"words@Alt\" PARENT_REF=\"Lines\">"
     "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a2\" ANNOTATION_REF=\"a1\"><ANNOTATION_VALUE>a"
     "</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION><ANNOTATION><REF_ANNOTATION "
     "ANNOTATION_ID=\"a3\" ANNOTATION_REF=\"a1\" PREVIOUS_ANNOTATION=\"a2\"><ANNOTATION_VALUE>b"
     "</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION><ANNOTATION><REF_ANNOTATION "
     "ANNOTATION_ID=\"a4\" ANNOTATION_REF=\"a1\" PREVIOUS_ANNOTATION=\"a3\"><ANNOTATION_VALUE>c"
     "</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
     SILBE_LEVEL_WORDS,
     {{0.5, NAN, "a"}, {NAN, NAN, "b"}, {NAN, 2, "c"}}},
    {"simple.lrc",
     "[ar:Wer]\n[offset:+250]\n\n[00:12.00]Gute Nacht\n[1:05.5] Fremd bin ich\n[01:10]\n",
     SILBE_LEVEL_LINES,
     {{11.75, NAN, "Gute Nacht"}, {65.25, NAN, "Fremd bin ich"}}},
    {"repeated.lrc",
     "[00:01.00][00:09.00]Refrain hier\n[00:05:50]Strophe dort\n[offset:0]\n",
     SILBE_LEVEL_LINES,
     {{1, NAN, "Refrain hier"}, {5.5, NAN, "Strophe dort"}, {9, NAN, "Refrain hier"}}},
    {"enhanced.lrc",
     "[00:01.00] Gute <00:01.50> Nacht <00:02.00>\n[00:03.00]< 00:03.25 > da\n",
     SILBE_LEVEL_WORDS,
     {{1, 1.5, "Gute"}, {1.5, 2, "Nacht"}, {3.25, NAN, "da"}}},
    {"karaoke.vtt",
     "WEBVTT - title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nno --> cue\n\n"
     "00:01.000 --> 00:04.000 align:start\n<v Alt>Gute<00:02.500><c> Nacht &amp;</c>\nTag\n\n"
     "last\n01:00:00.000 --> 01:00:01.000\n<i>aus</i> &lt;3\n",
     SILBE_LEVEL_WORDS,
     {{1, 2.5, "Gute"}, {2.5, 4, "Nacht & Tag"}, {3600, 3601, "aus <3"}}},
    {"subtitles.srt",
     "1\r\n00:00:01,500 --> 00:00:02,000\r\n<i>Gute Nacht</i>\r\n{\\an8}zusammen\r\n\r\n2\r\n"
     "00:00:03,000 --> 00:00:04,000\r\nFremd <bin ich\r\n",
     SILBE_LEVEL_LINES,
     {{1.5, 2, "Gute Nacht zusammen"}, {3, 4, "Fremd <bin ich"}}},
    /* By content, whatever the name. */
    {"named.txt", "start,word\n1,x\n", SILBE_LEVEL_WORDS, {{1, NAN, "x"}}},
    {"named", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", SILBE_LEVEL_WORDS, {{1, 2, "x"}}},
    {"named.csv", "1\t1.5\tx\n2\t2.5\ty\n", SILBE_LEVEL_WORDS, {{1, 1.5, "x"}, {2, 2.5, "y"}}},
};

/* Equal, or both unknown. */
static void check_time(double got_s, double want_s, const char *file)
{
    if (isnan(want_s) ? !isnan(got_s) : !(fabs(got_s - want_s) <= 1e-9)) {
        fail_msg("%s: got %g, want %g", file, got_s, want_s);
    }
}

static void check_sample(const sample *s, const silbe_time_list *list)
{
    size_t n = 0;
    for (; n < 4 && s->want[n].text != NULL; n++) {
        assert_true(n < list->n_texts);
        const silbe_timed_text *got = &list->texts[n];
        assert_string_equal(got->text, s->want[n].text);
        check_time(got->start_s, s->want[n].start_s, s->file);
        check_time(got->end_s, s->want[n].end_s, s->file);
        assert_string_equal(list->voices[got->voice],
                            s->want[n].voice != NULL ? s->want[n].voice : "");
    }
    assert_int_equal(list->n_texts, n);
    assert_int_equal(list->level, s->level);
}

static void others_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SAMPLES / sizeof SAMPLES[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_time_list list;
        write_file(SAMPLES[i].file, SAMPLES[i].text);
        check_ok(silbe_time_list_read(SAMPLES[i].file, &list, &err), err);
        check_sample(&SAMPLES[i], &list);
        silbe_time_list_free(&list);
    }
}

/* Praat's UTF-16, in both orders of bytes. */
static void utf16_is_read(void **state)
{
    (void)state;
    static const char TEXT[] = "\"ooTextFile\"\n\"TextGrid\"\n0 3 <exists> 1 \"IntervalTier\" "
                               "\"words\" 0 3 1 1 2 \"m@de\"\n";
    for (int is_big = 0; is_big < 2; is_big++) {
        FILE *stream = fopen("wide.TextGrid", "wb");
        silbe_err err = SILBE_ERR_INIT;
        silbe_time_list list;
        assert_non_null(stream);
        (void)fwrite(is_big ? "\xfe\xff" : "\xff\xfe", 1, 2, stream);
        for (const char *p = TEXT; *p != '\0'; p++) {
            int c = *p == '@' ? 0xfc : *p;
            (void)fputc(is_big ? 0 : c, stream);
            (void)fputc(is_big ? c : 0, stream);
        }
        assert_int_equal(fclose(stream), 0);
        check_ok(silbe_time_list_read("wide.TextGrid", &list, &err), err);
        assert_int_equal(list.n_texts, 1);
        assert_string_equal(list.texts[0].text, "m\xc3\xbc"
                                                "de");
        silbe_time_list_free(&list);
    }
}

/* ---- what is damaged ---- */

static const struct {
    const char *file;
    const char *text;
    const char *part; /* of the message, behind the name of the file */
} BAD[] = {
    {"x.csv", "start;end;word\n1;2;a\nx;2;b\n", ":3:1: start is \"x\", expected a number"},
    {"x.csv", "start;end;word\n1;2;a\n3;2;b\n", ":3: \"b\" ends at 2 s, before its start at 3 s"},
    {"x.csv", "start;end;word\n2;3;a\n1;2;b\n", ":3: \"b\" starts at 1 s, before the one in front"},
    {"x.csv", "start;end;word\n1;2\n", ":2:1: 2 fields, expected 3"},
    {"x.csv", "start;end;word\n;2;b\n", ":2:1: start is \"\", expected a number"},
    {"x.csv", "start;word;confidence\n1;b;2\n", ":2:5: confidence is \"2\", expected"},
    {"x.csv", "start;word\n1;\"b\n", ":2:3: the quote that opens here is not closed"},
    {"x.csv", "start;start_s;word\n1;1;b\n", ":1: two columns, \"start\" and \"start_s\""},
    {"x.csv", "start;end\n1;1\n", ":1: no column \"word\""},
    {"x.csv", "what is this\n", ":1: no column \"start\""},
    {"x.csv", "1,2,3,4\n", ":1: 4 fields without a header"},
    {"x.csv", "1,5;Gute\n", ":1: begins with a number with a comma"},
    {"x.csv", "1,a\n2,b,c\n", ":2:1: 3 fields, expected 2 like the first line (separated by ',')"},
    {"x.csv", "-1,a\n", ":1:1: time is \"-1\""},
    {"x.txt", "1\t2\ta\n3\tb\tc\n", ":2: end is \"b\", expected seconds"},
    {"x.txt", "1\t2\ta\n3\t2\tc\n", ":2: \"c\" ends at 2 s"},
    {"x.txt", "1\t2\ta\nb\n", ":2: expected start, end and label"},
    {"x.txt", "-1\t2\ta\n", ":1: \"a\" starts at -1 s, expected 0"},
    {"x.txt", "1e8\t1e9\ta\n", ":1: \"a\" starts at 1e+08 s"},
    {"x.TextGrid", "\"ooTextFile\"\n\"Sound\"\n", ":2: is of the class \"Sound\""},
    {"x.TextGrid", "\"ooTextFile\"\n\"TextGrid\"\n0 1\n<absent>\n", "holds no words"},
    {"x.TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 1 <exists> 1\n\"IntervalTier\" \"w\" 0 1 2\n0 1",
     ":5: the file ends here, expected a label"},
    {"x.TextGrid", "\"ooTextFile\"\n\"TextGrid\"\n0 1 <exists> -1\n", ":3: -1 is no number of"},
    {"x.TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 1 <exists> 1\n\"IntervalTier\" \"w\" 0 1 1\n"
     "0 \"x\" 1\n",
     ":5: found a text in quotes, expected the end of an interval"},
    {"x.TextGrid", "\"ooTextFile\"\n\"TextGrid\"\n0 1 <exists> 1\n\"Matrix\"\n",
     ":4: expected \"IntervalTier\""},
    {"x.TextGrid", "\"ooTextFile\"\n\"TextGrid\"\n0 1 <exists> 1\n\"Inter\n",
     ":4: the quote that opens here is not closed"},
    {"x.TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 9 <exists> 2 \"TextTier\" \"one\" 0 9 1 1 \"a\"\n"
     "\"TextTier\" \"two\" 0 9 1 1 \"b\"\n",
     "has several tiers, \"one\", \"two\", and none is called \"words\""},
    {"x.TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 9 <exists> 1 \"TextTier\" \"one\" 0 9 2\n"
     "2 \"a\"\n1 \"b\"\n",
     ":5: \"b\" starts at 1 s, before"},
    {"x.TextGrid", "ooBinaryFile\x08TextGrid", "is a binary file of Praat"},
    {"x.eaf", "<ANNOTATION_DOCUMENT>\n<TIER>\n", ":"},
    {"x.eaf", "<a/>", ":1: is an XML file of <a>"},
    {"x.eaf", "<ANNOTATION_DOCUMENT><TIER/></ANNOTATION_DOCUMENT>", ":1: <TIER> lacks TIER_ID"},
    {"x.eaf", "<ANNOTATION_DOCUMENT>\n<HEADER TIME_UNITS=\"PAL-frames\"/></ANNOTATION_DOCUMENT>",
     ":2: TIME_UNITS is \"PAL-frames\""},
    {"x.eaf",
     "<ANNOTATION_DOCUMENT><TIME_ORDER>\n<TIME_SLOT TIME_SLOT_ID=\"s\" TIME_VALUE=\"1s\"/>"
     "</TIME_ORDER></ANNOTATION_DOCUMENT>",
     ":2: TIME_VALUE is \"1s\""},
    {"x.eaf",
     "<ANNOTATION_DOCUMENT><TIER TIER_ID=\"w\"><ANNOTATION>\n<ALIGNABLE_ANNOTATION "
     "ANNOTATION_ID=\"a\" TIME_SLOT_REF1=\"s\" TIME_SLOT_REF2=\"e\"><ANNOTATION_VALUE>x"
     "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
     ":2: there is no time slot \"s\""},
    {"x.eaf",
     "<ANNOTATION_DOCUMENT><TIER TIER_ID=\"w\"><ANNOTATION>\n<REF_ANNOTATION ANNOTATION_ID=\"a\" "
     "ANNOTATION_REF=\"a\"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
     "</TIER></ANNOTATION_DOCUMENT>",
     ":2: annotations refer to each other in a circle"},
    {"x.eaf",
     "<ANNOTATION_DOCUMENT><TIER TIER_ID=\"w\"><ANNOTATION>\n<REF_ANNOTATION ANNOTATION_ID=\"a\" "
     "ANNOTATION_REF=\"b\"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
     "</TIER></ANNOTATION_DOCUMENT>",
     ":2: there is no annotation \"b\""},
    {"x.eaf",
     "<!DOCTYPE d [<!ENTITY e \"xxxx\">]>\n<ANNOTATION_DOCUMENT><TIER TIER_ID=\"w\"><ANNOTATION>"
     "<REF_ANNOTATION ANNOTATION_ID=\"a\" ANNOTATION_REF=\"a\">\n<ANNOTATION_VALUE>x&e;"
     "</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
     ":3: the entity &e; is not accepted"},
    {"x.lrc", "[00:01.00]a\nb\n", ":2: \"b\", expected a time such as [01:23.45]"},
    {"x.lrc", "[00:02.00]a\n[00:01.00]b\n", ":2: \"b\" starts at 1 s, before"},
    {"x.lrc", "[00:02.00]<00:03.00>a <00:02.50>b\n", ":1: \"a\" ends at 2.5 s"},
    {"x.lrc", "[00:02.00]a\n[offset:soon]\n", ":2: [offset:...] should be milliseconds"},
    {"x.lrc", "[00:02.00][00:04.00]<00:02.00>a\n", ":1: word times behind several line times"},
    {"x.lrc", "[ti:a]\n", "holds no words"},
    {"x.vtt", "WEBVTT\n\n00:00 -> 1\nx\n", ":4: \"x\", expected the times of a cue"},
    {"x.vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", ":3: \"x\" ends at 1 s"},
    {"x.vtt", "WEBVTT\n\n00:02.000 --> 00:03.000\nx <00:01.000>y\n", ":3: \"x\" ends at 1 s"},
    {"x.vtt", "WEBVTT\n\nname\n", ":4: \"\", expected the times of a cue, such as 00:00:01.000"},
    {"x.srt", "1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\nx\n", ":6: \"x\", expected the times"},
    {"x.srt", "x\n", ":2: \"\", expected the times of a cue, such as 00:00:01,000"},
    {"x.json", "{\"format\": \"other\"}\n", "not a file of word times"},
    {"x.json", "{", ""},
    {"x.doc", "what is this\n", "is of no format that is read here: CSV (start;end;word"},
    {"x.csv", "start;word\n1;\xff\n", ":2: byte 0xFF is not UTF-8"},
    {"x.csv", " \n\n", "is empty"},
    {"x.csv", "", "is empty"},
};

static void damaged_files_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_time_list list;
        write_file(BAD[i].file, BAD[i].text);
        silbe_status status = silbe_time_list_read(BAD[i].file, &list, &err);
        if (status != SILBE_ERR_FORMAT && status != SILBE_ERR_DATA) {
            fail_msg("%s is read, or fails otherwise: %s", BAD[i].text, err.message);
        }
        assert_int_equal(strncmp(err.message, BAD[i].file, strlen(BAD[i].file)), 0);
        expect_message(&err, BAD[i].part);
        assert_int_equal(list.n_texts, 0);
        assert_null(list.texts);
    }
}

static void odd_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n_bytes;
        const char *part;
    } ODD[] = {
        {"start;word\n1;a\0b\n", 16, ":2: a zero byte"},
        {"\xff\xfe\x00\xd8", 4, "begins like UTF-16 and is not"},
        {"\xff\xfe", 2, "is empty"},
    };
    for (size_t i = 0; i < sizeof ODD / sizeof ODD[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_time_list list;
        FILE *stream = fopen("odd.csv", "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite(ODD[i].bytes, 1, ODD[i].n_bytes, stream), ODD[i].n_bytes);
        assert_int_equal(fclose(stream), 0);
        assert_int_not_equal(silbe_time_list_read("odd.csv", &list, &err), SILBE_OK);
        expect_message(&err, ODD[i].part);
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    assert_int_equal(silbe_time_list_read("missing.csv", &list, &err), SILBE_ERR_IO);
    expect_message(&err, "missing.csv");
}

/* A line that is sung often is copied often: a small file must not become a large list. */
static void repeats_are_bounded(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    FILE *stream = fopen("often.lrc", "wb");
    assert_non_null(stream);
    for (int i = 0; i < 10000; i++) {
        (void)fputs("[00:01.00]", stream);
    }
    for (int i = 0; i < 1000; i++) {
        (void)fputs("tralala ", stream);
    }
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(silbe_time_list_read("often.lrc", &list, &err), SILBE_ERR_FORMAT);
    expect_message(&err, "often.lrc:1: lines with several times are more than 64 MiB");
}

/* A file that is too large is refused by its size, before it is looked at. */
static void large_files_are_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    write_file("large.csv", "start;word\n");
    assert_int_equal(truncate("large.csv", (off_t)SILBE_TIME_LIST_MAX_BYTES + 1), 0);
    assert_int_equal(silbe_time_list_read("large.csv", &list, &err), SILBE_ERR_DATA);
    expect_message(&err, "large.csv: is larger than 64 MiB");
    assert_int_equal(unlink("large.csv"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_back),
        cmocka_unit_test(lines_come_back),
        cmocka_unit_test(voices_and_gaps_come_back),
        cmocka_unit_test(others_are_read),
        cmocka_unit_test(utf16_is_read),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(odd_bytes_are_refused),
        cmocka_unit_test(repeats_are_bounded),
        cmocka_unit_test(large_files_are_refused),
    };
    enter_folder("test_output_read.files");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
