/*
 * The score's voice notes and the annotated ones, paired by a dynamic programme.
 *
 * Costs, in thousandths of an edit:
 *   equal pitch   0     } plus time: 500 for each second between the row's onset and the time that
 *   other pitch   1500  } the measures around the note give it, at most 3000
 *   score note without row, row without score note: 1000 each
 *
 * So a wrong note in the same place is cheaper (1500) than one missing and one extra (2000), and a
 * pair more than 4 s apart is never made. The slope only decides between edits: a rubato of a few
 * tenths of a second costs less than any of them. Rows of equal onset (chords) come in order of
 * pitch, as in the score. The transposition is the one of least total cost, without time; ties go
 * to the smaller shift, then to the downward one.
 */
#include "datasets/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/edit_alignment.h"
#include "features/base/memory.h"

#define COST_EDIT 1000
#define COST_OTHER_PITCH 1500
#define COST_PER_SECOND 500.0
#define COST_TIME_MAX 3000.0
/* Shifts that are tried: four octaves, for scores notated in another octave than is sung. */
#define MAX_SHIFT 48
#define N_PITCHES 128

typedef struct {
    const silbe_note **notes; /* voice notes of the score */
    size_t *note_index;       /* their indices in the score */
    double *expected_s;       /* time that the measures give each note; NaN if unknown */
    size_t n_notes;
    const silbe_note_row **rows; /* voice rows */
    size_t n_rows;
    int shift;     /* transposition under trial */
    bool use_time; /* whether expected_s counts */
} voices;

/* ---- the two sequences ---- */

static void free_voices(voices *both)
{
    free(both->notes);
    free(both->note_index);
    free(both->expected_s);
    free(both->rows);
}

static int compare_rows(const void *left, const void *right)
{
    const silbe_note_row *a = *(const silbe_note_row *const *)left;
    const silbe_note_row *b = *(const silbe_note_row *const *)right;
    if (a->start_s != b->start_s) {
        return a->start_s < b->start_s ? -1 : 1;
    }
    if (a->pitch != b->pitch) {
        return a->pitch < b->pitch ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

/* Time of onset_q between the annotated measures around it; NaN outside of them. */
static double interpolate(const silbe_reference_measures *measures, double onset_q)
{
    const silbe_reference_measure *m = measures->measures;
    size_t low = 0;
    size_t high = measures->n_measures;
    if (high < 2 || onset_q < m[0].onset_q || onset_q > m[high - 1].onset_q) {
        return NAN;
    }
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (m[middle].onset_q <= onset_q) {
            low = middle;
        } else {
            high = middle;
        }
    }
    if (low + 1 == measures->n_measures) {
        return m[low].time_s;
    }
    double share = (onset_q - m[low].onset_q) / (m[low + 1].onset_q - m[low].onset_q);
    return m[low].time_s + share * (m[low + 1].time_s - m[low].time_s);
}

static void collect_voices(const silbe_score *score, const silbe_note_rows *rows,
                           const silbe_reference_measures *measures, voices *both, silbe_err *err)
{
    both->notes = silbe_alloc(score->n_notes, sizeof *both->notes, "notes", err);
    both->note_index = silbe_alloc(score->n_notes, sizeof *both->note_index, "notes", err);
    both->expected_s = silbe_alloc(score->n_notes, sizeof *both->expected_s, "notes", err);
    both->rows = silbe_alloc(rows->n_rows, sizeof *both->rows, "rows", err);
    if (silbe_failed(err)) {
        return;
    }
    for (size_t i = 0; i < score->n_notes; i++) {
        const silbe_note *note = &score->notes[i];
        if (note->is_voice) {
            both->note_index[both->n_notes] = i;
            both->expected_s[both->n_notes] =
                measures != NULL ? interpolate(measures, note->onset_q) : NAN;
            both->notes[both->n_notes++] = note;
        }
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        if (rows->rows[i].is_voice) {
            both->rows[both->n_rows++] = &rows->rows[i];
        }
    }
    if (both->n_notes == 0 || both->n_rows == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "no voice to take reference times from: %zu voice notes in the score, %zu "
                         "\"voice\" rows in the annotation",
                         both->n_notes, both->n_rows);
    }
    qsort(both->rows, both->n_rows, sizeof(silbe_note_row *), compare_rows);
}

/* ---- the dynamic programme ---- */

static int64_t pair_cost(size_t i, size_t j, const void *context)
{
    const voices *both = context;
    int64_t cost =
        both->notes[i]->pitch + both->shift == both->rows[j]->pitch ? 0 : COST_OTHER_PITCH;
    if (both->use_time && !isnan(both->expected_s[i])) {
        double away_s = fabs(both->rows[j]->start_s - both->expected_s[i]);
        cost += (int64_t)fmin(away_s * COST_PER_SECOND, COST_TIME_MAX);
    }
    return cost;
}

/* Number of pairs of equal pitch that any pairing can have at most: common part of the two pitch
 * histograms. */
static size_t common_pitches(const voices *both, int shift)
{
    size_t of_rows[N_PITCHES] = {0};
    size_t n_common = 0;
    for (size_t j = 0; j < both->n_rows; j++) {
        of_rows[both->rows[j]->pitch]++;
    }
    for (size_t i = 0; i < both->n_notes; i++) {
        int pitch = both->notes[i]->pitch + shift;
        if (pitch >= 0 && pitch < N_PITCHES && of_rows[pitch] > 0) {
            of_rows[pitch]--;
            n_common++;
        }
    }
    return n_common;
}

/*
 * The shift of least cost. A shift is only tried if the bound from its histogram is not above the
 * best cost so far: every note and every row outside the common part costs at least half of
 * COST_OTHER_PITCH. Order of trial 0, -1, 1, -2, 2, ..; a later one must be better, not equal.
 */
static void find_shift(voices *both, size_t *partner, silbe_err *err)
{
    int64_t best_cost = INT64_MAX;
    int best_shift = 0;
    const silbe_edit_costs costs = {COST_EDIT, COST_EDIT, pair_cost, both};
    both->use_time = false;
    for (int k = 0; k <= 2 * MAX_SHIFT && !silbe_failed(err); k++) {
        int shift = k % 2 == 1 ? -(k + 1) / 2 : k / 2;
        int64_t n_common = (int64_t)common_pitches(both, shift);
        int64_t n_outside = (int64_t)both->n_notes + (int64_t)both->n_rows - 2 * n_common;
        if (n_common == 0 || n_outside * (COST_OTHER_PITCH / 2) >= best_cost) {
            continue;
        }
        int64_t cost = INT64_MAX;
        both->shift = shift;
        silbe_try(err, silbe_edit_align(both->n_notes, both->n_rows, &costs, partner, &cost, err));
        if (cost < best_cost) {
            best_cost = cost;
            best_shift = shift;
        }
    }
    both->shift = best_shift;
    both->use_time = true;
}

/* ---- from notes to syllables ---- */

/* Whether note i has a row of its own pitch. */
static bool is_equal(const voices *both, const size_t *partner, size_t i)
{
    return partner[i] != SILBE_UNPAIRED &&
           both->notes[i]->pitch + both->shift == both->rows[partner[i]]->pitch;
}

/* First voice note with an onset >= onset_q. */
static size_t first_from(const voices *both, double onset_q)
{
    size_t low = 0;
    size_t high = both->n_notes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (both->notes[middle]->onset_q < onset_q) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void place_syllable(const silbe_score_syllable *in, const voices *both,
                           const size_t *partner, silbe_reference_syllable *out)
{
    *out = (silbe_reference_syllable){SILBE_PAIR_NONE, 0.0, 0.0};
    size_t first = first_from(both, in->onset_q);
    /* The note that carries the syllable, or another of the same chord. */
    for (size_t i = first; i < both->n_notes && both->notes[i]->onset_q == in->onset_q; i++) {
        bool is_own = both->note_index[i] == in->first_note;
        if (is_equal(both, partner, i) && (is_own || out->kind != SILBE_PAIR_EQUAL)) {
            *out = (silbe_reference_syllable){SILBE_PAIR_EQUAL, both->rows[partner[i]]->start_s,
                                              both->rows[partner[i]]->end_s};
        } else if (is_own && out->kind != SILBE_PAIR_EQUAL && partner[i] != SILBE_UNPAIRED) {
            out->kind = SILBE_PAIR_OTHER;
        }
    }
    if (out->kind != SILBE_PAIR_EQUAL) {
        return;
    }
    for (size_t i = first; i < both->n_notes && both->notes[i]->onset_q < in->end_q; i++) {
        if (is_equal(both, partner, i)) {
            out->end_s = fmax(out->end_s, both->rows[partner[i]]->end_s);
        }
    }
}

/* Number of the measure that onset_q lies in. */
static int measure_number(const silbe_score *score, double onset_q)
{
    int number = 0;
    for (size_t i = 0; i < score->n_measures && score->measures[i].onset_q <= onset_q; i++) {
        number = score->measures[i].number;
    }
    return number;
}

static void place_syllables(const silbe_score *score, const voices *both, const size_t *partner,
                            silbe_reference_pairing *pairing, silbe_err *err)
{
    for (size_t k = 0; k < score->n_syllables && !silbe_failed(err); k++) {
        const silbe_score_syllable *in = &score->syllables[k];
        silbe_reference_syllable *out = &pairing->syllables[k];
        place_syllable(in, both, partner, out);
        if (out->kind != SILBE_PAIR_EQUAL) {
            silbe_try(err,
                      silbe_messages_add(&pairing->reports, err, "measure %d, syllable \"%s\": %s",
                                         measure_number(score, in->onset_q), in->text,
                                         out->kind == SILBE_PAIR_OTHER
                                             ? "the annotation has another pitch there"
                                             : "the annotation has no note for it"));
        }
    }
}

static void count_pairs(const voices *both, const size_t *partner, silbe_reference_pairing *pairing,
                        silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    size_t n_paired = 0;
    for (size_t i = 0; i < both->n_notes; i++) {
        n_paired += partner[i] != SILBE_UNPAIRED;
        pairing->n_equal += is_equal(both, partner, i);
    }
    pairing->transposition_semitones = both->shift;
    pairing->n_other = n_paired - pairing->n_equal;
    pairing->n_missing = both->n_notes - n_paired;
    pairing->n_extra = both->n_rows - n_paired;
    if (2 * pairing->n_equal < both->n_notes) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "only %zu of the score's %zu voice notes are in the annotation (%zu "
                         "voice rows, transposed by %d semitones); they are of different works",
                         pairing->n_equal, both->n_notes, both->n_rows, both->shift);
    }
}

silbe_status silbe_reference_pairing_new(const silbe_score *score, const silbe_note_rows *rows,
                                         const silbe_reference_measures *measures,
                                         silbe_reference_pairing *pairing, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *pairing = (silbe_reference_pairing)SILBE_REFERENCE_PAIRING_INIT;
    voices both = {0};
    const silbe_edit_costs costs = {COST_EDIT, COST_EDIT, pair_cost, &both};
    collect_voices(score, rows, measures, &both, err);
    size_t *partner = silbe_alloc(both.n_notes, sizeof *partner, "notes", err);
    pairing->n_syllables = score->n_syllables;
    pairing->syllables =
        silbe_alloc(score->n_syllables, sizeof *pairing->syllables, "syllables", err);
    find_shift(&both, partner, err);
    silbe_try(err, silbe_edit_align(both.n_notes, both.n_rows, &costs, partner, NULL, err));
    count_pairs(&both, partner, pairing, err);
    place_syllables(score, &both, partner, pairing, err);
    free(partner);
    free_voices(&both);
    return err->status;
}

void silbe_reference_pairing_free(silbe_reference_pairing *pairing)
{
    if (pairing != NULL) {
        free(pairing->syllables);
        silbe_messages_free(&pairing->reports);
        *pairing = (silbe_reference_pairing)SILBE_REFERENCE_PAIRING_INIT;
    }
}
