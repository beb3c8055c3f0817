#include "datasets/musicxml.h"

#include <string.h>

#include "tests/check.h"

/* A score in partwise form around the measures of one part. */
#define SCORE(measures)                                                                            \
    "<?xml version='1.0' encoding='UTF-8'?>\n<score-partwise version='4.0'>\n"                     \
    "<part-list><score-part id='P1'><part-name> Voice </part-name></score-part></part-list>\n"     \
    "<part id='P1'>" measures "</part></score-partwise>"
#define ATTRIBUTES                                                                                 \
    "<attributes><divisions>4</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"    \
    "</attributes>"
#define NOTE(step, octave, duration, more)                                                         \
    "<note><pitch><step>" step "</step><octave>" octave "</octave></pitch><duration>" duration     \
    "</duration><voice>1</voice>" more "</note>"
#define GRACE(step, octave, more)                                                                  \
    "<note><grace/><pitch><step>" step "</step><octave>" octave                                    \
    "</octave></pitch><voice>1</voice>" more "</note>"
#define LYRIC(number, syllabic, text)                                                              \
    "<lyric number='" number "'><syllabic>" syllabic "</syllabic><text>" text "</text></lyric>"
#define REST(duration) "<note><rest/><duration>" duration "</duration><voice>1</voice></note>"

static silbe_score parse(const char *xml)
{
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_musicxml_parse(xml, strlen(xml), "test.xml", NULL, &score, &err), err);
    return score;
}

/* Fails with this status, and the message holds these words and the file. */
static void refuse(const char *xml, silbe_status want, const char *words)
{
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    silbe_status got = silbe_musicxml_parse(xml, strlen(xml), "test.xml", NULL, &score, &err);
    if (got != want || strstr(err.message, words) == NULL ||
        strstr(err.message, "test.xml") == NULL) {
        print_error("got %s: %s; want %s with \"%s\"\n", silbe_status_str(got), err.message,
                    silbe_status_str(want), words);
        fail();
    }
    assert_null(score.notes);
}

static void check_note(const silbe_score *score, size_t i, double onset_q, double duration_q,
                       int pitch)
{
    assert_true(i < score->n_notes);
    check_close(score->notes[i].onset_q, onset_q, 1e-6);
    check_close(score->notes[i].duration_q, duration_q, 1e-6);
    assert_int_equal(score->notes[i].pitch, pitch);
}

static void check_syllable(const silbe_score *score, size_t i, const char *text, double onset_q,
                           double end_q)
{
    assert_true(i < score->n_syllables);
    assert_string_equal(score->syllables[i].text, text);
    check_close(score->syllables[i].onset_q, onset_q, 1e-6);
    check_close(score->syllables[i].end_q, end_q, 1e-6);
    check_close(score->notes[score->syllables[i].first_note].onset_q, onset_q, 1e-6);
}

static void notes_chords_and_voices(void **state)
{
    (void)state;
    silbe_score score = parse(SCORE("<measure number='1'>" ATTRIBUTES NOTE(
        "C", "4", "8",
        "") "<note><chord/><pitch><step>E</step><alter>-1</alter><octave>4</octave></pitch>"
            "<duration>8</duration><voice>1</voice></note>" NOTE(
                "D", "4", "8",
                "") "<backup><duration>16</duration></backup><forward><duration>4</duration></"
                    "forward>" NOTE("G", "3", "4", "") "<note><cue/><pitch><step>A</"
                                                       "step><octave>3</octave></pitch>"
                                                       "<duration>8</duration></note></measure>"));
    assert_int_equal(score.n_notes, 4);
    check_note(&score, 0, 0.0, 2.0, 60);
    check_note(&score, 1, 0.0, 2.0, 63);
    check_note(&score, 2, 1.0, 1.0, 55);
    check_note(&score, 3, 2.0, 2.0, 62);
    check_close(score.measures[0].length_q, 4.0, 0.0);
    assert_false(score.notes[0].is_voice);
    silbe_score_free(&score);
}

static void ties_cross_measures(void **state)
{
    (void)state;
    silbe_score score = parse(SCORE("<measure number='1'>" ATTRIBUTES NOTE(
        "C", "4", "16",
        "<tie type='start'/>" LYRIC(
            "1", "single",
            "Ah")) "</measure>"
                   "<measure number='2'>" NOTE(
                       "C", "4", "16",
                       "<tie type='stop'/><tie type='start'/>") "</measure><measure "
                                                                "number='3'>" NOTE("C", "4", "8",
                                                                                   "<tie "
                                                                                   "type='stop'/>")
                                                                    NOTE(
                                                                        "E", "4", "8",
                                                                        "<tie type='stop'/>") "</"
                                                                                              "meas"
                                                                                              "ure"
                                                                                              ">"));
    assert_int_equal(score.n_notes, 2);
    check_note(&score, 0, 0.0, 10.0, 60);
    check_note(&score, 1, 10.0, 2.0, 64); /* a stop without a start */
    check_syllable(&score, 0, "Ah", 0.0, 12.0);
    silbe_score_free(&score);
}

static void grace_notes_steal_before(void **state)
{
    (void)state;
    silbe_score score = parse(SCORE("<measure number='1'>" ATTRIBUTES NOTE(
        "C", "4", "8", LYRIC("1", "begin", "hin")) GRACE("D", "4", LYRIC("1", "end", "weg"))
                                        GRACE("E", "4", "") NOTE("F", "4", "8", "") "</measure>"));
    assert_int_equal(score.n_notes, 4);
    check_note(&score, 0, 0.0, 1.75, 60);
    check_note(&score, 1, 1.75, 0.125, 62);
    check_note(&score, 2, 1.875, 0.125, 64);
    check_note(&score, 3, 2.0, 2.0, 65);
    assert_true(score.notes[1].is_grace && !score.notes[3].is_grace);
    check_syllable(&score, 0, "hin", 0.0, 1.75);
    check_syllable(&score, 1, "weg", 1.75, 4.0);
    silbe_score_free(&score);
    /* Little room: 1/4 quarter for four of them gives 1/32 each. */
    score = parse(SCORE("<measure number='1'>" ATTRIBUTES NOTE("C", "4", "1", "")
                            GRACE("D", "4", "") GRACE("E", "4", "") GRACE("D", "4", "")
                                GRACE("E", "4", "") NOTE("F", "4", "15", "") "</measure>"));
    check_note(&score, 0, 0.0, 0.125, 60);
    check_note(&score, 1, 0.125, 0.03125, 62);
    check_note(&score, 4, 0.21875, 0.03125, 64);
    silbe_score_free(&score);
    /* At the very start they delay their principal note. */
    score = parse(SCORE("<measure number='1'>" ATTRIBUTES GRACE("D", "4", "")
                            NOTE("C", "4", "16", "") "</measure>"));
    check_note(&score, 0, 0.0, 0.125, 62);
    check_note(&score, 1, 0.125, 3.875, 60);
    silbe_score_free(&score);
}

static void divisions_may_change(void **state)
{
    (void)state;
    silbe_score score = parse(SCORE("<measure number='0' implicit='yes'>" ATTRIBUTES NOTE(
        "C", "4", "4", "") "</measure><measure number='1'>"
                           "<attributes><divisions>3</divisions></attributes>" NOTE(
                               "C", "4", "1", "") NOTE("D", "4", "1", "") NOTE("E", "4", "1", "")
                                        NOTE("F", "4", "9", "") "</measure>"));
    check_note(&score, 2, 1.0 + 1.0 / 3.0, 1.0 / 3.0, 62);
    check_note(&score, 4, 2.0, 3.0, 65);
    assert_int_equal(score.measures[0].number, 0);
    check_close(score.measures[0].length_q, 1.0, 0.0);
    check_close(score.measures[0].metre_q, 4.0, 0.0);
    silbe_score_free(&score);
}

static void transposition(void **state)
{
    (void)state;
    silbe_score score = parse(
        SCORE("<measure number='1'><attributes><divisions>1</divisions>"
              "<transpose><chromatic>-2</chromatic><octave-change>-1</octave-change></transpose>"
              "</attributes>" NOTE("C", "5", "4", "") "</measure>"));
    check_note(&score, 0, 0.0, 4.0, 58);
    check_close(score.measures[0].metre_q, 4.0, 0.0); /* no time signature */
    silbe_score_free(&score);
    /* The tenor's clef: the octave counts once. */
    score = parse(SCORE(
        "<measure number='1'><attributes><divisions>1</divisions><clef>"
        "<clef-octave-change>-1</clef-octave-change></clef><transpose><chromatic>0</chromatic>"
        "<octave-change>-1</octave-change></transpose></attributes>" NOTE("C", "4", "4",
                                                                          "") "</measure>"));
    check_note(&score, 0, 0.0, 4.0, 60);
    silbe_score_free(&score);
}

#define BAR(number, text) "<measure number='" number "'>" NOTE("C", "4", "16", text) "</measure>"

static void expect_order(const char *xml, const char *numbers)
{
    silbe_score score = parse(xml);
    char got[64] = "";
    for (size_t i = 0; i < score.n_measures && i < 30; i++) {
        got[2 * i] = (char)('0' + score.measures[i].number % 10);
        got[2 * i + 1] = i + 1 < score.n_measures ? ' ' : '\0';
    }
    assert_string_equal(got, numbers);
    assert_int_equal(score.n_notes, score.n_measures);
    silbe_score_free(&score);
}

#define SIGN(number, before, after)                                                                \
    "<measure number='" number "'>" before NOTE("C", "4", "16", "") after "</measure>"
#define FORWARD "<barline location='left'><repeat direction='forward'/></barline>"
#define BACKWARD "<barline location='right'><repeat direction='backward'/></barline>"
#define ENDING(number)                                                                             \
    "<barline location='left'><ending number='" number "' type='start'/></barline>"
#define STOP(number) "<barline location='right'><ending number='" number "' type='stop'/></barline>"
#define STOP_BACK(number)                                                                          \
    "<barline location='right'><ending number='" number "' type='stop'/>"                          \
    "<repeat direction='backward'/></barline>"

static void repeats_unfold(void **state)
{
    (void)state;
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", FORWARD, BACKWARD) SIGN("3", "", "")),
                 "1 2 2 3");
    expect_order(SCORE(SIGN("1", ATTRIBUTES, BACKWARD) SIGN("2", "", BACKWARD)), "1 1 2 2");
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", ENDING("1"), STOP_BACK("1"))
                           SIGN("3", ENDING("2"), STOP("2")) SIGN("4", "", BACKWARD)),
                 "1 2 1 3 4 4");
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", ENDING("1, 2"), STOP_BACK("1, 2"))
                           SIGN("3", ENDING("3"), STOP("3"))),
                 "1 2 1 2 1 3");
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", ENDING("1"), STOP_BACK("1"))
                           SIGN("3", ENDING("2"), STOP_BACK("2")) SIGN("4", "", "")),
                 "1 2 1 3 4");
    expect_order(
        SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", ENDING("1"), STOP_BACK("1")) SIGN("3", "", "")),
        "1 2 1 3");
    expect_order(SCORE(SIGN("1", ATTRIBUTES,
                            "<barline><repeat direction='backward' times='4'/>"
                            "</barline>")),
                 "1 1 1 1");
}

static void jumps_unfold(void **state)
{
    (void)state;
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", "", "<sound fine='yes'/>")
                           SIGN("3", "", "<sound dacapo='yes'/>")),
                 "1 2 3 1 2");
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", "<sound segno='a'/>", "")
                           SIGN("3", "", "<direction><sound tocoda='b'/></direction>")
                               SIGN("4", "", "<sound dalsegno='a'/>")
                                   SIGN("5", "<sound coda='b'/>", "")),
                 "1 2 3 4 2 3 5");
    /* After the jump without repeats, last ending. */
    expect_order(SCORE(SIGN("1", ATTRIBUTES, "") SIGN("2", ENDING("1"), STOP_BACK("1")) SIGN(
                     "3", ENDING("2"), STOP("2")) SIGN("4", "", "<sound dacapo='yes'/>")),
                 "1 2 1 3 4 1 3 4");
    refuse(SCORE(SIGN("1", ATTRIBUTES, "<sound dalsegno='x'/>")), SILBE_ERR_FORMAT, "no segno");
}

static void verses_follow_the_passes(void **state)
{
    (void)state;
    silbe_score score = parse(SCORE(
        "<measure number='1'>" ATTRIBUTES NOTE(
            "C", "4", "8", LYRIC("1", "single", "eins") LYRIC("2", "single", "zwei"))
            NOTE("D", "4", "8", LYRIC("1", "single", "nur")) "</measure>"
                                                             "<measure number='2'>" NOTE(
                                                                 "C", "4", "16",
                                                                 LYRIC("1", "single", "immer"))
                                                                 BACKWARD
        "</measure>" BAR("3", LYRIC("2", "single", "Ende"))));
    assert_int_equal(score.n_syllables, 6);
    check_syllable(&score, 0, "eins", 0.0, 2.0);
    check_syllable(&score, 1, "nur", 2.0, 4.0);
    check_syllable(&score, 2, "immer", 4.0, 8.0);
    check_syllable(&score, 3, "zwei", 8.0, 12.0);
    check_syllable(&score, 4, "immer", 12.0, 16.0);
    check_syllable(&score, 5, "Ende", 16.0, 20.0);
    silbe_score_free(&score);
}

static void melismas_end_at_rests(void **state)
{
    (void)state;
    silbe_score score = parse(
        SCORE("<measure number='1'>" ATTRIBUTES NOTE(
            "C", "4", "2",
            "<lyric number='part1verse1'><syllabic>single</syllabic><text>"
            "so</text><elision>_</elision><syllabic>begin</syllabic><text>i</text></lyric>")
                  NOTE("D", "4", "2", "") REST("4") NOTE("E", "4", "4", "")
                      NOTE("F", "4", "4",
                           "<lyric><text>a</text><elision/><text>b</text></lyric>") "</measure>"));
    assert_int_equal(score.n_syllables, 3);
    check_syllable(&score, 0, "so", 0.0, 1.0);
    check_syllable(&score, 1, "i", 0.0, 1.0);
    assert_int_equal(score.syllables[1].syllabic, SILBE_SYLLABIC_BEGIN);
    check_syllable(&score, 2,
                   "a\xe2\x80\xbf"
                   "b",
                   3.0, 4.0);
    silbe_score_free(&score);
}

static void malformed_is_refused(void **state)
{
    (void)state;
    refuse("", SILBE_ERR_FORMAT, "empty");
    refuse("RIFF....WAVE", SILBE_ERR_FORMAT, "not well-formed");
    refuse("<score-partwise><part>", SILBE_ERR_FORMAT, "test.xml:1:");
    refuse("<score-timewise/>", SILBE_ERR_FORMAT, "partwise");
    refuse("<html/>", SILBE_ERR_FORMAT, "no MusicXML");
    refuse("<score-partwise/>", SILBE_ERR_FORMAT, "part-list");
    refuse(SCORE(""), SILBE_ERR_DATA, "no notes");
    refuse(SCORE("<measure number='1'>" ATTRIBUTES REST("4") "</measure>"), SILBE_ERR_DATA,
           "no notes");
    refuse("<?xml version='1.0' encoding='UTF-8'?><score-partwise>\xff</score-partwise>",
           SILBE_ERR_FORMAT, "not well-formed");
    refuse(SCORE("<measure number='1'>" NOTE("C", "4", "4", "") "</measure>"), SILBE_ERR_FORMAT,
           "before any <divisions>");
    refuse(SCORE("<measure number='1'>" ATTRIBUTES
                 "<backup><duration>4</duration></backup>" NOTE("C", "4", "4", "") "</measure>"),
           SILBE_ERR_FORMAT, "before the measure");
    refuse(SCORE("<measure number='1'>" ATTRIBUTES "<note><pitch><step>C</step><octave>4</octave>"
                 "</pitch></note></measure>"),
           SILBE_ERR_FORMAT, "no <duration>");
}

static void numbers_are_checked(void **state)
{
    (void)state;
    static const char *const BAD[] = {"0",  "-1", "nan",  "inf",        "1e300",
                                      "4x", "",   "0x10", "1000000000", "1.2.3"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        char xml[1024];
        (void)snprintf(xml, sizeof xml,
                       SCORE("<measure number='1'><attributes><divisions>%s</divisions>"
                             "</attributes>" NOTE("C", "4", "4", "") "</measure>"),
                       BAD[i]);
        refuse(xml, SILBE_ERR_FORMAT, "<divisions>");
        (void)snprintf(
            xml, sizeof xml,
            SCORE("<measure number='1'>" ATTRIBUTES NOTE("C", "4", "%s", "") "</measure>"), BAD[i]);
        refuse(xml, SILBE_ERR_FORMAT, i == 0 ? "lasts 0" : "<duration>");
    }
    refuse(SCORE("<measure number='1'>" ATTRIBUTES NOTE("H", "4", "4", "") "</measure>"),
           SILBE_ERR_FORMAT, "test.xml:4: <step>");
    refuse(SCORE("<measure number='1'>" ATTRIBUTES NOTE("C", "10", "4", "") "</measure>"),
           SILBE_ERR_FORMAT, "<octave>");
    refuse(SCORE("<measure number='1'>" ATTRIBUTES NOTE("A", "9", "4", "") "</measure>"),
           SILBE_ERR_FORMAT, "outside 0..127");
}

static void attacks_are_refused(void **state)
{
    (void)state;
    refuse("<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><score-partwise>&b;"
           "</score-partwise>",
           SILBE_ERR_FORMAT, "entities");
    refuse("<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><score-partwise>&a;"
           "</score-partwise>",
           SILBE_ERR_FORMAT, "entities");
    enum { DEPTH = 5000 };
    char *deep = malloc(3 * DEPTH + 1);
    assert_non_null(deep);
    for (size_t i = 0; i < DEPTH; i++) {
        memcpy(deep + 3 * i, "<a>", 4);
    }
    refuse(deep, SILBE_ERR_FORMAT, "not well-formed");
    free(deep);
    silbe_musicxml_options options = SILBE_MUSICXML_OPTIONS_INIT;
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    options.max_bytes = 10;
    assert_int_equal(silbe_musicxml_parse("<score-partwise/>", 17, "x", &options, &score, &err),
                     SILBE_ERR_DATA);
}

static void parts_must_agree(void **state)
{
    (void)state;
#define TWO_PARTS(first, second)                                                                   \
    "<score-partwise><part-list><score-part id='P1'><part-name>Voice </part-name></score-part>"    \
    "<score-part id='P2'><part-name>Piano</part-name></score-part></part-list>"                    \
    "<part id='P1'>" first "</part><part id='P2'>" second "</part></score-partwise>"
    refuse(TWO_PARTS(SIGN("1", ATTRIBUTES, "") SIGN("2", "", ""), SIGN("1", ATTRIBUTES, "")),
           SILBE_ERR_FORMAT, "must agree");
    refuse(TWO_PARTS(SIGN("1", ATTRIBUTES, ""), SIGN("2", ATTRIBUTES, "")), SILBE_ERR_FORMAT,
           "number");
    const char *good = TWO_PARTS(SIGN("1", ATTRIBUTES, ""), SIGN("1", ATTRIBUTES, ""));
    const char *const names[] = {"voice"};
    const char *const missing[] = {"Oboe"};
    /* Two sung parts: what they sing together counts once. */
    silbe_score both = parse(
        TWO_PARTS("<measure number='1'>" ATTRIBUTES NOTE("C", "4", "8", LYRIC("1", "single", "ja"))
                      NOTE("C", "4", "8", LYRIC("1", "single", "ja")) "</measure>",
                  "<measure number='1'>" ATTRIBUTES NOTE("E", "4", "8", LYRIC("1", "single", "ja"))
                      NOTE("E", "4", "8", LYRIC("1", "single", "nein")) "</measure>"));
    assert_int_equal(both.n_syllables, 3);
    check_syllable(&both, 0, "ja", 0.0, 2.0);
    check_syllable(&both, 2, "nein", 2.0, 4.0);
    silbe_score_free(&both);
    silbe_musicxml_options options = {names, 1, 0};
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_musicxml_parse(good, strlen(good), "test.xml", &options, &score, &err), err);
    assert_true(score.notes[0].is_voice && !score.notes[1].is_voice);
    silbe_score_free(&score);
    options.voice_parts = missing;
    assert_int_equal(silbe_musicxml_parse(good, strlen(good), "test.xml", &options, &score, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "Piano"));
}

static void missing_file(void **state)
{
    (void)state;
    silbe_score score = SILBE_SCORE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_musicxml_read("no/such.xml", NULL, &score, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "no/such.xml"));
    assert_int_not_equal(silbe_musicxml_read(".", NULL, &score, &err), SILBE_OK);
}

/* The published scores: figures counted by an independent reader of the XML. */
static const struct {
    int song;
    size_t n_measures, n_syllables;
} SWD[] = {{1, 137, 318}, {8, 70, 263}, {14, 45, 104}, {18, 19, 91}, {22, 64, 104}};

/* Every row of the measure annotations has its place, and later rows later ones. */
static void check_positions(const silbe_score *score, const char *path)
{
    FILE *file = fopen(path, "r");
    char row[200];
    double before_q = -1.0;
    size_t n_rows = 0;
    if (file == NULL) {
        return; /* not every version is at hand */
    }
    assert_non_null(fgets(row, sizeof row, file));
    while (fgets(row, sizeof row, file) != NULL) {
        double time_s = 0.0, position = 0.0, onset_q = 0.0;
        assert_int_equal(sscanf(row, "%lf;%lf", &time_s, &position), 2);
        if (!silbe_score_position_to_q(score, position, 0, &onset_q) || !(onset_q > before_q)) {
            print_error("%s: measure %g is at %g quarters, after %g\n", path, position, onset_q,
                        before_q);
            fail();
        }
        before_q = onset_q;
        n_rows++;
    }
    assert_true(n_rows > 10);
    (void)fclose(file);
}

static void published_scores(void **state)
{
    (void)state;
    const char *root = getenv("SWD_ROOT");
    if (root == NULL) {
        skip();
    }
    for (int song = 1; song <= 24; song++) {
        static const char *const VERSIONS[] = {"AL98", "FI55", "HU33", "SC06", "TR99"};
        char path[1000];
        silbe_score score = SILBE_SCORE_INIT;
        silbe_err err = SILBE_ERR_INIT;
        (void)snprintf(path, sizeof path, "%s/01_RawData/score_musicxml/Schubert_D911-%02d.xml",
                       root, song);
        check_ok(silbe_musicxml_read(path, NULL, &score, &err), err);
        for (size_t k = 0; k < sizeof SWD / sizeof *SWD; k++) {
            if (SWD[k].song == song) {
                assert_int_equal(score.n_measures, SWD[k].n_measures);
                assert_int_equal(score.n_syllables, SWD[k].n_syllables);
            }
        }
        for (size_t k = 0; k < sizeof VERSIONS / sizeof *VERSIONS; k++) {
            (void)snprintf(path, sizeof path,
                           "%s/02_Annotations/ann_audio_measure/Schubert_D911-%02d_%s.csv", root,
                           song, VERSIONS[k]);
            check_positions(&score, path);
        }
        silbe_score_free(&score);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_chords_and_voices),
        cmocka_unit_test(ties_cross_measures),
        cmocka_unit_test(grace_notes_steal_before),
        cmocka_unit_test(divisions_may_change),
        cmocka_unit_test(transposition),
        cmocka_unit_test(repeats_unfold),
        cmocka_unit_test(jumps_unfold),
        cmocka_unit_test(verses_follow_the_passes),
        cmocka_unit_test(melismas_end_at_rests),
        cmocka_unit_test(malformed_is_refused),
        cmocka_unit_test(numbers_are_checked),
        cmocka_unit_test(attacks_are_refused),
        cmocka_unit_test(parts_must_agree),
        cmocka_unit_test(missing_file),
        cmocka_unit_test(published_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
