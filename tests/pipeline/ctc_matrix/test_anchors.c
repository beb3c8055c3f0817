#include "pipeline/ctc_matrix/anchors.h"

#include "tests/pipeline/ctc_matrix/files.h"

static const char LYRICS[] = "Ja, ja,\nnein ja\n";
static const silbe_frame_clock CLOCK = {0.02, 0.01, 100}; /* 0.01 s .. 1.99 s */

static silbe_status read(const char *csv, silbe_trellis_anchor **anchors, size_t *n, silbe_err *err)
{
    silbe_lyrics_text text = SILBE_LYRICS_TEXT_INIT;
    check_ok(silbe_lyrics_text_parse(LYRICS, strlen(LYRICS), &text, err), *err);
    write_file("anchors.csv", csv);
    silbe_status status = silbe_anchors_read("anchors.csv", &text, &CLOCK, 0.1, anchors, n, err);
    silbe_lyrics_text_free(&text);
    return status;
}

static void check_anchor(const silbe_trellis_anchor *a, size_t word, size_t begin, size_t end)
{
    assert_false(a->is_line);
    assert_int_equal(a->index, word);
    assert_int_equal(a->begin_frame, begin);
    assert_int_equal(a->end_frame, end);
}

static void by_line(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_trellis_anchor *anchors = NULL;
    size_t n = 0;
    check_ok(read("start;end;word;line\n0.05;0.2;ja;1\n0.5;0.6;\"JA!\";1\n1.5;1.6;ja;2\n", &anchors,
                  &n, &err),
             err);
    assert_int_equal(n, 3);
    check_anchor(&anchors[0], 0, 0, 8);   /* up to 0.15 s: frame 7 */
    check_anchor(&anchors[1], 1, 20, 30); /* 0.40 s .. 0.60 s: 0.41 s .. 0.59 s */
    check_anchor(&anchors[2], 3, 70, 80);
    free(anchors);
    check_ok(read("start,end,word,line,confidence\n1,1.1,nein,2,0.5\n", &anchors, &n, &err), err);
    assert_int_equal(n, 1);
    check_anchor(&anchors[0], 2, 45, 55);
    free(anchors);
}

static void whole_text(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_trellis_anchor *anchors = NULL;
    size_t n = 0;
    check_ok(
        read("start;end;word\n0.1;0.2;ja\n0.3;0.4;ja\n0.5;0.6;nein\n1;2;ja\n", &anchors, &n, &err),
        err);
    assert_int_equal(n, 4);
    assert_int_equal(anchors[3].index, 3);
    free(anchors);
}

static void refuse(const char *csv, silbe_status status, const char *part)
{
    silbe_err err;
    silbe_trellis_anchor *anchors = NULL;
    size_t n = 0;
    check_fails(read(csv, &anchors, &n, &err), status, part, err);
    assert_null(anchors);
}

static void refused(void **state)
{
    (void)state;
    refuse("", SILBE_ERR_FORMAT, "anchors.csv");
    refuse("start;word\n", SILBE_ERR_FORMAT, "anchors.csv:1");
    refuse("start;end;word\n", SILBE_ERR_DATA, "has no rows");
    refuse("start;end;word\n1;2;ja\n", SILBE_ERR_MISMATCH, "has 1 words, the text has 4");
    refuse("start;end;word\n0;1;ja\n0;1;nein\n0;1;nein\n0;1;ja\n", SILBE_ERR_MISMATCH,
           "anchors.csv:3:5: \"nein\" is not the next word");
    refuse("start;end;word;line\n1;2;ja;3\n", SILBE_ERR_FORMAT, "anchors.csv:2:8");
    refuse("start;end;word;line\n1;2;nie;2\n", SILBE_ERR_MISMATCH, "\"nie\" is not a (further)");
    refuse("start;end;word;line\n1;2;ja;2\n1;2;nein;2\n", SILBE_ERR_MISMATCH, "order of the text");
    refuse("start;end;word;line\nnan;2;ja;2\n", SILBE_ERR_FORMAT, "anchors.csv:2:1");
    refuse("start;end;word;line\n-1;2;ja;2\n", SILBE_ERR_FORMAT, "anchors.csv:2:1");
    refuse("start;end;word;line\n1;2;ja;1\n0.7;2;ja;2\n", SILBE_ERR_INFEASIBLE,
           "anchors.csv:3:1: \"ja\" at 0.7 s contradicts \"ja\" at 1 s in line 2");
    refuse("start;end;word;line\n2.5;3;ja;2\n", SILBE_ERR_DATA,
           "no frame lies within 0.1 s of 2.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_line),
        cmocka_unit_test(whole_text),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
