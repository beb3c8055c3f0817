/* Times on the grid of a format. */
#include "pipeline/output/tiers.h"

#include "tests/pipeline/output/files.h"
#include "tests/pipeline/output/fixture.h"

/* On every grid, whatever the input: no overlap, no empty span, children fill their parents. */
static void check_tiers(const silbe_words *words, int64_t per_second, bool with_syllables)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers tiers;
    check_ok(silbe_output_tiers_new(words, per_second, with_syllables, &tiers, &err), err);
    const silbe_lyrics *lyrics = &words->lyrics;
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

static void rounded_spans_do_not_collide(void **state)
{
    (void)state;
    silbe_words f;
    fixture_new(&f);
    check_rng rng = check_rng_new(11);
    for (int round = 0; round < 200; round++) {
        for (int64_t per_second = 100; per_second <= 10000; per_second *= 10) {
            check_tiers(&f, per_second, true);
            check_tiers(&f, per_second, false);
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
    f.duration_s = 0.1;
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers tiers;
    assert_int_equal(silbe_output_tiers_new(&f, 100, true, &tiers, &err), SILBE_ERR_DATA);
    expect_message(&err, "do not fit into a recording of 0.1 s");
    silbe_words_free(&f);
}

/* Words that are not matched take no place from their neighbours, which lie as without them. */
static void unmatched_words_have_no_place(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers all, some;
    fixture_new(&f);
    check_ok(silbe_output_tiers_new(&f, 10000, true, &all, &err), err);
    for (size_t w = 9; w < 14; w++) { /* the third line */
        f.is_matched[w] = false;
    }
    f.is_matched[0] = false;
    f.times.words[0].start_s = f.times.syllables[0].start_s = 0.85; /* after the next one */
    check_ok(silbe_output_tiers_new(&f, 10000, true, &some, &err), err);
    for (size_t w = 0; w < f.lyrics.n_words; w++) {
        assert_true(silbe_tick_span_is_placed(&some.words[w]) == f.is_matched[w]);
        if (f.is_matched[w]) {
            assert_memory_equal(&some.words[w], &all.words[w], sizeof *all.words);
        }
    }
    for (size_t s = 0; s < f.lyrics.n_syllables; s++) {
        assert_true(silbe_tick_span_is_placed(&some.syllables[s]) ==
                    f.is_matched[f.lyrics.syllables[s].word]);
    }
    assert_false(silbe_tick_span_is_placed(&some.lines[2]));
    assert_true(some.lines[0].start == some.words[1].start);
    assert_true(some.lines[0].end == all.lines[0].end);
    silbe_output_tiers_free(&all);
    silbe_output_tiers_free(&some);
    silbe_words_free(&f);
}

/* Each voice follows itself; the other one may sing at the same time. */
static void voices_are_free_against_each_other(void **state)
{
    (void)state;
    silbe_words f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_output_tiers alone, both;
    fixture_new(&f);
    check_ok(silbe_output_tiers_new(&f, 10000, true, &alone, &err), err);
    assert_int_equal(silbe_words_voice(&f, "alto", &err), 1);
    for (size_t w = 9; w < 14; w++) {
        const silbe_word *word = &f.lyrics.words[w];
        f.voice[w] = 1;
        f.times.words[w] = f.times.words[0];
        for (size_t i = 0; i < word->n_syllables; i++) {
            f.times.syllables[word->first_syllable + i] = f.times.words[0];
        }
    }
    check_ok(silbe_output_tiers_new(&f, 10000, true, &both, &err), err);
    for (size_t w = 0; w < f.lyrics.n_words; w++) {
        if (f.voice[w] == 0) {
            assert_memory_equal(&both.words[w], &alone.words[w], sizeof *alone.words);
        } else if (w > 9) {
            assert_true(both.words[w].start >= both.words[w - 1].end);
        }
    }
    assert_true(both.words[9].start < both.words[0].end);
    silbe_output_tiers_free(&alone);
    silbe_output_tiers_free(&both);
    f.times.words[9].start_s = 0.5; /* after the next one of its voice */
    assert_int_equal(silbe_output_check(&f, &err), SILBE_ERR_DATA);
    expect_message(&err, "word 11 (\"[00:01.00]\") starts before the one in front of it");
    silbe_words_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rounded_spans_do_not_collide),
                                       cmocka_unit_test(unmatched_words_have_no_place),
                                       cmocka_unit_test(voices_are_free_against_each_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
