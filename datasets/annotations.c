#include "datasets/annotations.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/csv.h"
#include "features/base/memory.h"

static const char *const NOTE_HEADERS[] = {"start;end;pitch;pitchclass;instrument", NULL};
static const char *const MEASURE_HEADERS[] = {"start;measure", NULL};
static const char *const WORD_HEADERS[] = {"start;end;word", "start;end;word;line;confidence",
                                           "start;end;word;line;confidence;sounding_start", NULL};

/* Reads the table and allocates one zeroed element of size for each row. */
static void *open_table(const char *path, const char *const *headers, bool may_use_comma,
                        size_t element_size, silbe_csv_table *table, silbe_err *err)
{
    silbe_try(err, silbe_csv_read(path, headers, may_use_comma, table, err));
    if (table->n_rows == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA, "%s:2:1: no rows after the header \"%s\"",
                                  path, headers[table->header]));
    }
    return silbe_alloc(table->n_rows, element_size, "rows", err);
}

/* start >= 0 in column 0, not before the row above (previous_s < 0: there is none). */
static double read_start(const silbe_csv_table *table, size_t row, double previous_s,
                         bool must_increase, silbe_err *err)
{
    double start_s = 0.0;
    silbe_try(err, silbe_csv_number(table, row, 0, 0.0, HUGE_VAL, &start_s, err));
    if (start_s < previous_s || (must_increase && start_s == previous_s)) {
        silbe_try(err, silbe_csv_fail(table, row, 0, err,
                                      "a time %s %g of the row above (rows in order of start)",
                                      must_increase ? "after" : "not before", previous_s));
    }
    return start_s;
}

static double read_end(const silbe_csv_table *table, size_t row, double start_s, silbe_err *err)
{
    double end_s = 0.0;
    silbe_try(err, silbe_csv_number(table, row, 1, 0.0, HUGE_VAL, &end_s, err));
    if (end_s < start_s) {
        silbe_try(err,
                  silbe_csv_fail(table, row, 1, err, "an end not before the start, %g", start_s));
    }
    return end_s;
}

/* ---- notes ---- */

static void read_note(const silbe_csv_table *table, size_t row, double previous_s,
                      silbe_note_row *note, silbe_err *err)
{
    long pitch = 0;
    long pitch_class = 0;
    const silbe_csv_field *instrument = silbe_csv_at(table, row, 4);
    note->start_s = read_start(table, row, previous_s, false, err);
    note->end_s = read_end(table, row, note->start_s, err);
    silbe_try(err, silbe_csv_integer(table, row, 2, 0, 127, &pitch, err));
    silbe_try(err, silbe_csv_integer(table, row, 3, 0, 11, &pitch_class, err));
    if (pitch % 12 != pitch_class) {
        silbe_try(err, silbe_csv_fail(table, row, 3, err, "%ld, the pitch class of pitch %ld",
                                      pitch % 12, pitch));
    }
    note->pitch = (short)pitch;
    note->is_voice = strcmp(instrument->text, "voice") == 0;
    note->line = instrument->line;
    if (!note->is_voice && strcmp(instrument->text, "piano") != 0) {
        silbe_try(err, silbe_csv_fail(table, row, 4, err, "\"piano\" or \"voice\""));
    }
}

silbe_status silbe_note_rows_read(const char *path, silbe_note_rows *rows, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    rows->rows = open_table(path, NOTE_HEADERS, false, sizeof *rows->rows, &table, err);
    rows->n_rows = 0;
    double previous_s = -1.0;
    for (size_t row = 0; row < table.n_rows && !silbe_failed(err); row++) {
        read_note(&table, row, previous_s, &rows->rows[row], err);
        previous_s = rows->rows[row].start_s;
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return err->status;
}

void silbe_note_rows_free(silbe_note_rows *rows)
{
    if (rows != NULL) {
        free(rows->rows);
        *rows = (silbe_note_rows)SILBE_NOTE_ROWS_INIT;
    }
}

/* ---- measures ---- */

static void read_measure(const silbe_csv_table *table, size_t row,
                         const silbe_measure_row *previous, silbe_measure_row *measure,
                         silbe_err *err)
{
    double previous_s = previous != NULL ? previous->start_s : -1.0;
    measure->start_s = read_start(table, row, previous_s, true, err);
    measure->line = silbe_csv_at(table, row, 0)->line;
    silbe_try(err, silbe_csv_number(table, row, 1, 0.0, (double)INT_MAX, &measure->position, err));
    if (previous != NULL && !(measure->position > previous->position)) {
        silbe_try(err, silbe_csv_fail(table, row, 1, err, "a position after %g of the row above",
                                      previous->position));
    }
}

silbe_status silbe_measure_rows_read(const char *path, silbe_measure_rows *rows, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    rows->rows = open_table(path, MEASURE_HEADERS, false, sizeof *rows->rows, &table, err);
    rows->n_rows = 0;
    for (size_t row = 0; row < table.n_rows && !silbe_failed(err); row++) {
        silbe_measure_row *measure = &rows->rows[row];
        read_measure(&table, row, row > 0 ? measure - 1 : NULL, measure, err);
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return err->status;
}

void silbe_measure_rows_free(silbe_measure_rows *rows)
{
    if (rows != NULL) {
        free(rows->rows);
        *rows = (silbe_measure_rows)SILBE_MEASURE_ROWS_INIT;
    }
}

/* ---- words ---- */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

/* Both columns may be empty; the line is checked but not kept. */
static double read_line_and_confidence(const silbe_csv_table *table, size_t row, silbe_err *err)
{
    long line = 0;
    double confidence = NAN;
    if (silbe_csv_at(table, row, 3)->text[0] != '\0') {
        silbe_try(err, silbe_csv_integer(table, row, 3, 0, LONG_MAX, &line, err));
    }
    if (silbe_csv_at(table, row, 4)->text[0] != '\0') {
        silbe_try(err, silbe_csv_number(table, row, 4, 0.0, 1.0, &confidence, err));
    }
    return confidence;
}

static void read_word(const silbe_csv_table *table, size_t row, double previous_s,
                      silbe_word_row *word, silbe_err *err)
{
    const silbe_csv_field *text = silbe_csv_at(table, row, 2);
    word->line = text->line;
    word->has_end = silbe_csv_at(table, row, 1)->text[0] != '\0';
    word->start_s = read_start(table, row, previous_s, false, err);
    word->end_s = word->has_end ? read_end(table, row, word->start_s, err) : 0.0;
    if (is_blank(text->text)) {
        silbe_try(err, silbe_csv_fail(table, row, 2, err, "a word"));
    }
    word->confidence = table->n_cols >= 5 ? read_line_and_confidence(table, row, err) : NAN;
    word->word = silbe_copy_text(text->text, err);
}

silbe_status silbe_word_rows_read(const char *path, silbe_word_rows *rows, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    rows->rows = open_table(path, WORD_HEADERS, true, sizeof *rows->rows, &table, err);
    rows->n_rows = 0;
    double previous_s = -1.0;
    for (size_t row = 0; row < table.n_rows && !silbe_failed(err); row++) {
        read_word(&table, row, previous_s, &rows->rows[row], err);
        previous_s = rows->rows[row].start_s;
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return err->status;
}

void silbe_word_rows_free(silbe_word_rows *rows)
{
    if (rows == NULL) {
        return;
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        free(rows->rows[i].word);
    }
    free(rows->rows);
    *rows = (silbe_word_rows)SILBE_WORD_ROWS_INIT;
}
