/* What a score should sound like: single notes by hand, transposition, and every cell on noise. */
#include "tests/align/score/synthetic.h"

#include "align/score/score_features.h"

/* Partials 1 to 5: on C the fundamental, two octaves; on G the twelfth, on E the seventeenth. */
static void check_chroma_of_c(const float *row, size_t root)
{
    const double c = log1p(3 * (1 + 0.5 + 0.25)), g = log1p(3 * 0.35), e = log1p(3 * 0.15);
    const double norm = sqrt(c * c + g * g + e * e);
    for (size_t i = 0; i < 12; i++) {
        size_t above = (i + 12 - root) % 12;
        check_close(row[i], (above == 0 ? c : above == 7 ? g : above == 4 ? e : 0) / norm, 1e-6);
    }
}

static void check_rest(const float *row)
{
    for (size_t i = 0; i < 12; i++) {
        check_close(row[i], 1 / sqrt(12), 1e-6);
    }
}

/* A note from 2 to 4 quarters, at half a second each behind a second: 2 s to 3 s. */
static void one_note(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_note note = {.onset_q = 2, .duration_q = 2, .pitch = 60};
    silbe_score score = {.notes = &note, .n_notes = 1, .end_q = 5};
    silbe_score_grid grid = {.hop_s = 0.1, .lead_s = 1, .seconds_per_q = 0.5, .n_frames = 50};
    silbe_matrix chroma, onsets;
    for (int shift = -13; shift <= 13; shift++) {
        grid.transposition_semitones = shift;
        size_t root = (size_t)((60 + shift) % 12);
        check_ok(silbe_score_chroma(&score, &grid, &chroma, &err), err);
        check_ok(silbe_score_onsets(&score, &grid, 0.4, &onsets, &err), err);
        assert_int_equal(chroma.n_rows, 50);
        for (size_t t = 0; t < 50; t++) {
            if (t >= 20 && t < 30) {
                check_chroma_of_c(silbe_matrix_row(&chroma, t), root);
            } else {
                check_rest(silbe_matrix_row(&chroma, t));
            }
            for (size_t c = 0; c < 12; c++) {
                bool is_trace = c == root && t >= 20 && t < 24;
                check_close(silbe_matrix_row(&onsets, t)[c],
                            is_trace ? sqrt(1 - (double)(t - 20) / 4) : 0, 1e-6);
            }
        }
        silbe_matrix_free(&chroma);
        silbe_matrix_free(&onsets);
    }
}

/* Even a note shorter than a frame is heard, and what lies outside the grid does no harm. */
static void short_and_outside(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_note notes[] = {{.onset_q = 0, .duration_q = 1e-4, .pitch = 0},
                          {.onset_q = 0.5, .duration_q = 1e-4, .pitch = 127},
                          {.onset_q = 3.5, .duration_q = 100, .pitch = 60},
                          {.onset_q = 50, .duration_q = 1, .pitch = 60}};
    silbe_score score = {.notes = notes, .n_notes = 4, .end_q = 51};
    silbe_score_grid grid = {.hop_s = 0.1, .seconds_per_q = 1, .n_frames = 40};
    silbe_matrix chroma, onsets;
    grid.transposition_semitones = -5;
    check_ok(silbe_score_chroma(&score, &grid, &chroma, &err), err);
    check_ok(silbe_score_onsets(&score, &grid, 0.01, &onsets, &err), err);
    check_chroma_of_c(silbe_matrix_row(&chroma, 0), 7); /* -5 is G */
    check_chroma_of_c(silbe_matrix_row(&chroma, 5), 2); /* 122 is D */
    check_chroma_of_c(silbe_matrix_row(&chroma, 39), 7);
    check_close(silbe_matrix_row(&onsets, 5)[2], 1, 0);
    check_close(silbe_matrix_row(&onsets, 6)[2], 0, 0);
    silbe_matrix_free(&chroma);
    silbe_matrix_free(&onsets);
    grid.n_frames = 0;
    check_ok(silbe_score_chroma(&score, &grid, &chroma, &err), err);
    check_ok(silbe_score_onsets(&score, &grid, 0.2, &onsets, &err), err);
    assert_int_equal(chroma.n_rows + onsets.n_rows, 0);
}

/* Traces meet: the later onset of the same class starts anew; a chord is no longer than 1. */
static void onsets_against_the_definition(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(141);
    for (int round = 0; round < 20; round++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_score score = synthetic_score(&rng, 30);
        silbe_score_grid grid = {.hop_s = 0.1,
                                 .lead_s = 1,
                                 .seconds_per_q = 0.2 + check_uniform(&rng),
                                 .n_frames = 400,
                                 .transposition_semitones = (int)(check_random(&rng) % 13) - 6};
        double decay_s = check_uniform(&rng);
        double n = fmax(1, floor(decay_s / 0.1 + 0.5));
        silbe_matrix onsets;
        check_ok(silbe_score_onsets(&score, &grid, decay_s, &onsets, &err), err);
        for (size_t t = 0; t < 400; t++) {
            double want[12] = {0}, energy = 0;
            for (size_t i = 0; i < score.n_notes; i++) {
                double at_s = grid.lead_s + score.notes[i].onset_q * grid.seconds_per_q;
                double age = (double)t - floor(at_s / 0.1 + 0.5);
                int class = (score.notes[i].pitch + grid.transposition_semitones) % 12;
                if (age >= 0 && age < n) {
                    want[class] = fmax(want[class], sqrt(1 - age / n));
                }
            }
            for (size_t c = 0; c < 12; c++) {
                energy += want[c] * want[c];
            }
            for (size_t c = 0; c < 12; c++) {
                check_close(silbe_matrix_row(&onsets, t)[c], want[c] / fmax(1, sqrt(energy)), 1e-6);
            }
        }
        silbe_matrix_free(&onsets);
        silbe_score_free(&score);
    }
}

/* Per event and per frame the same sound, in the middle between two events. */
static void event_chroma_is_chroma(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(142);
    silbe_err err = SILBE_ERR_INIT;
    silbe_score score = synthetic_score(&rng, 80);
    for (size_t i = 0; i < score.n_notes; i++) { /* some longer, some shorter than to the next */
        score.notes[i].duration_q *= (double)(1 + check_random(&rng) % 8) / 4;
    }
    silbe_score_events events;
    silbe_matrix by_frame, by_event;
    silbe_score_grid grid = {.hop_s = 0.01, .seconds_per_q = 1, .transposition_semitones = 3};
    grid.n_frames = (size_t)(score.end_q * 100) + 1;
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    check_ok(silbe_score_chroma(&score, &grid, &by_frame, &err), err);
    check_ok(silbe_event_chroma(&score, &events, 3, &by_event, &err), err);
    assert_int_equal(by_event.n_rows, events.n_events);
    for (size_t k = 0; k + 1 < events.n_events; k++) {
        size_t t = (size_t)lround(events.onset_q[k] * 100) + 2; /* right behind the onset */
        for (size_t c = 0; c < 12; c++) {
            check_close(silbe_matrix_row(&by_event, k)[c], silbe_matrix_row(&by_frame, t)[c], 1e-6);
        }
    }
    silbe_matrix_free(&by_frame);
    silbe_matrix_free(&by_event);
    silbe_score_events_free(&events);
    silbe_score_free(&score);
}

static void event_onsets_by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_note notes[] = {{.onset_q = 0, .duration_q = 1, .pitch = 48},
                          {.onset_q = 1, .duration_q = 1, .pitch = 20},
                          {.onset_q = 2, .duration_q = 1, .pitch = 105},
                          {.onset_q = 3, .duration_q = 1, .pitch = 120}};
    silbe_score score = {.notes = notes, .n_notes = 4, .end_q = 4};
    silbe_score_events events;
    silbe_matrix onsets;
    check_ok(silbe_score_events_new(&score, &events, &err), err);
    check_ok(silbe_event_onsets(&score, &events, 0, 36, 72, 4, 0.5, &onsets, &err), err);
    double norm = sqrt(1 + 0.25 + 0.0625 + 0.015625);
    for (size_t b = 0; b < 72; b++) {
        double want = b == 12 ? 1 : b == 24 ? 0.5 : b == 31 ? 0.25 : b == 36 ? 0.125 : 0;
        check_close(silbe_matrix_row(&onsets, 0)[b], want / norm, 1e-6);
        /* 20 + 19 = 39, 20 + 24 = 44: the first two partials lie below */
        want = b == 3 ? 0.25 : b == 8 ? 0.125 : 0;
        check_close(silbe_matrix_row(&onsets, 1)[b], want / hypot(0.25, 0.125), 1e-6);
        check_close(silbe_matrix_row(&onsets, 2)[b], b == 69 ? 1 : 0, 1e-6);
        check_close(silbe_matrix_row(&onsets, 3)[b], 0, 0);
    }
    silbe_matrix shifted;
    check_ok(silbe_event_onsets(&score, &events, 5, 41, 72, 4, 0.5, &shifted, &err), err);
    assert_memory_equal(shifted.data, onsets.data, 4 * 72 * sizeof(float)); /* both moved by 5 */
    silbe_matrix_free(&shifted);
    silbe_matrix_free(&onsets);
    check_ok(silbe_event_onsets(&score, &events, 0, 36, 0, 4, 0.5, &onsets, &err), err);
    assert_int_equal(onsets.n_cols, 0);
    silbe_score_events_free(&events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_note),
        cmocka_unit_test(short_and_outside),
        cmocka_unit_test(onsets_against_the_definition),
        cmocka_unit_test(event_chroma_is_chroma),
        cmocka_unit_test(event_onsets_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
