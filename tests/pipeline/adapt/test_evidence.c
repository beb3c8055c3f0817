/* What two alignments of a recording say about each other. */
#include "pipeline/adapt/evidence.h"

#include <string.h>

#include "tests/check.h"

enum { N = 4 };

/* Words of one alignment, in the test's memory. */
typedef struct {
    silbe_span spans[N];
    bool matched[N];
    silbe_words words;
} alignment;

static void make(alignment *a, const double starts[N], const double confidences[N])
{
    memset(a, 0, sizeof *a);
    for (size_t w = 0; w < N; w++) {
        a->spans[w] = (silbe_span){starts[w], starts[w] + 0.2, confidences[w]};
        a->matched[w] = true;
    }
    a->words.lyrics.n_words = N;
    a->words.times.words = a->spans;
    a->words.times.n_words = N;
    a->words.is_matched = a->matched;
}

static const double STARTS[N] = {1, 2, 3, 4}, MOVED[N] = {1.29, 2, 3, 4.31};
static const double UNSURE[N] = {0.9, 0.9, 0.9, 0.3}, SURE[N] = {1, 1, 1, 1};

static void test_evidence(void **state)
{
    (void)state;
    alignment before, after;
    make(&before, STARTS, UNSURE);
    make(&after, MOVED, SURE);
    after.matched[3] = false;
    silbe_evidence e = silbe_evidence_of(&before.words, &after.words);
    check_close(e.confidence_before, 0.75, 1e-12);
    check_close(e.confidence_after, 1, 1e-12);
    check_close(e.agreement, 2.7 / 3.0, 1e-12); /* of what was sure, not of words */
    assert_int_equal(e.n_found_before, 4);
    assert_int_equal(e.n_found_after, 3);
    /* A word without a time agrees with nothing. */
    after.spans[0].start_s = NAN;
    check_close(silbe_evidence_of(&before.words, &after.words).agreement, 1.8 / 3.0, 1e-12);
    /* Nothing was sure: nothing to agree with. */
    make(&before, STARTS, (const double[N]){0});
    check_close(silbe_evidence_of(&before.words, &before.words).agreement, 0, 0);
}

static void test_objection(void **state)
{
    (void)state;
    static const struct {
        silbe_evidence evidence;
        bool is_learnt_from;
        const char *objection; /* a part of it; "": none */
    } rows[] = {
        {{0.9, 0.99, 0.97, 40, 40}, true, ""},
        {{0.9, 0.99, 0.97, 40, 41}, true, ""},
        {{0.9, 0.99, 0.82, 40, 40}, true, "words that were sure moved (82 % stayed"},
        {{0.9, 0.99, 0.97, 40, 39}, true, "fewer words are found (39, before 40)"},
        {{0.9, 0.9, 1.0, 40, 40}, true, "became no surer (confidence 0.90, before 0.90)"},
        /* Not learnt from: only if the others' singing makes its text a likely one. */
        {{0.6, 0.8, 0.97, 40, 40}, false, ""},
        {{0.5, 0.6, 0.97, 40, 40}, false, "too unsure to learn from (confidence 0.50"},
    };
    silbe_config config;
    silbe_config_defaults(&config);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256];
        silbe_evidence_objection(&config, &rows[i].evidence, rows[i].is_learnt_from, text,
                                 sizeof text);
        if (rows[i].objection[0] == '\0' ? text[0] != '\0'
                                         : strstr(text, rows[i].objection) == NULL) {
            fail_msg("row %zu: \"%s\"", i, text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_evidence),
                                       cmocka_unit_test(test_objection)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
