#define _POSIX_C_SOURCE 200809L
#include "datasets/annotations.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/csv.h"

static const char *const NOTE_HEADERS[] = {"start;end;pitch;pitchclass;instrument", NULL};
static const char *const MEASURE_HEADERS[] = {"start;measure", NULL};
static const char *const WORD_HEADERS[] = {"start;end;word", "start;end;word;line;confidence",
                                           "start;end;word;line;confidence;sounding_start", NULL};

/* Reads the table and allocates one zeroed element of size for each row. */
static silbe_status open_table(const char *path, const char *const *headers, bool may_use_comma,
                               size_t element_size, silbe_csv_table *table, void **elements,
                               silbe_err *err)
{
    silbe_status status = silbe_csv_read(path, headers, may_use_comma, table, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (table->n_rows == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s:2:1: no rows after the header \"%s\"", path,
                          headers[table->header]);
    }
    *elements = calloc(table->n_rows, element_size);
    if (*elements == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory for %zu rows", path,
                          table->n_rows);
    }
    return SILBE_OK;
}

/* start >= 0 in column col, not before the row above (previous_s < 0: there is none). */
static silbe_status read_start(const silbe_csv_table *table, size_t row, double previous_s,
                               bool must_increase, double *start_s, silbe_err *err)
{
    silbe_status status = silbe_csv_number(table, row, 0, 0.0, HUGE_VAL, start_s, err);
    if (status == SILBE_OK &&
        (*start_s < previous_s || (must_increase && *start_s == previous_s))) {
        status = silbe_csv_fail(table, row, 0, err,
                                "a time %s %g of the row above (rows in order of "
                                "start)",
                                must_increase ? "after" : "not before", previous_s);
    }
    return status;
}

static silbe_status read_end(const silbe_csv_table *table, size_t row, double start_s,
                             double *end_s, silbe_err *err)
{
    silbe_status status = silbe_csv_number(table, row, 1, 0.0, HUGE_VAL, end_s, err);
    if (status == SILBE_OK && *end_s < start_s) {
        status = silbe_csv_fail(table, row, 1, err, "an end not before the start, %g", start_s);
    }
    return status;
}

/* ---- notes ---- */

static silbe_status read_note(const silbe_csv_table *table, size_t row, double previous_s,
                              silbe_note_row *note, silbe_err *err)
{
    long pitch = 0;
    long pitch_class = 0;
    silbe_status status = read_start(table, row, previous_s, false, &note->start_s, err);
    if (status == SILBE_OK) {
        status = read_end(table, row, note->start_s, &note->end_s, err);
    }
    if (status == SILBE_OK) {
        status = silbe_csv_integer(table, row, 2, 0, 127, &pitch, err);
    }
    if (status == SILBE_OK) {
        status = silbe_csv_integer(table, row, 3, 0, 11, &pitch_class, err);
    }
    if (status == SILBE_OK && pitch % 12 != pitch_class) {
        status = silbe_csv_fail(table, row, 3, err, "%ld, the pitch class of pitch %ld", pitch % 12,
                                pitch);
    }
    if (status != SILBE_OK) {
        return status;
    }
    const silbe_csv_field *instrument = silbe_csv_at(table, row, 4);
    note->pitch = (short)pitch;
    note->is_voice = strcmp(instrument->text, "voice") == 0;
    note->line = instrument->line;
    if (!note->is_voice && strcmp(instrument->text, "piano") != 0) {
        return silbe_csv_fail(table, row, 4, err, "\"piano\" or \"voice\"");
    }
    return SILBE_OK;
}

silbe_status silbe_note_rows_read(const char *path, silbe_note_rows *rows, silbe_err *err)
{
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    void *elements = NULL;
    *rows = (silbe_note_rows)SILBE_NOTE_ROWS_INIT;
    silbe_status status =
        open_table(path, NOTE_HEADERS, false, sizeof *rows->rows, &table, &elements, err);
    rows->rows = elements;
    double previous_s = -1.0;
    for (size_t row = 0; status == SILBE_OK && row < table.n_rows; row++) {
        status = read_note(&table, row, previous_s, &rows->rows[row], err);
        previous_s = rows->rows[row].start_s;
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return status;
}

void silbe_note_rows_free(silbe_note_rows *rows)
{
    if (rows != NULL) {
        free(rows->rows);
        *rows = (silbe_note_rows)SILBE_NOTE_ROWS_INIT;
    }
}

/* ---- measures ---- */

silbe_status silbe_measure_rows_read(const char *path, silbe_measure_rows *rows, silbe_err *err)
{
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    void *elements = NULL;
    *rows = (silbe_measure_rows)SILBE_MEASURE_ROWS_INIT;
    silbe_status status =
        open_table(path, MEASURE_HEADERS, false, sizeof *rows->rows, &table, &elements, err);
    rows->rows = elements;
    const silbe_measure_row *previous = NULL;
    for (size_t row = 0; status == SILBE_OK && row < table.n_rows; row++) {
        silbe_measure_row *measure = &rows->rows[row];
        status = read_start(&table, row, previous != NULL ? previous->start_s : -1.0, true,
                            &measure->start_s, err);
        if (status == SILBE_OK) {
            status =
                silbe_csv_number(&table, row, 1, 0.0, (double)INT_MAX, &measure->position, err);
        }
        if (status == SILBE_OK && previous != NULL && !(measure->position > previous->position)) {
            status = silbe_csv_fail(&table, row, 1, err, "a position after %g of the row above",
                                    previous->position);
        }
        measure->line = silbe_csv_at(&table, row, 0)->line;
        previous = measure;
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return status;
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
static silbe_status read_line_and_confidence(const silbe_csv_table *table, size_t row,
                                             double *confidence, silbe_err *err)
{
    long line = 0;
    silbe_status status = SILBE_OK;
    if (silbe_csv_at(table, row, 3)->text[0] != '\0') {
        status = silbe_csv_integer(table, row, 3, 0, LONG_MAX, &line, err);
    }
    if (status == SILBE_OK && silbe_csv_at(table, row, 4)->text[0] != '\0') {
        status = silbe_csv_number(table, row, 4, 0.0, 1.0, confidence, err);
    }
    return status;
}

static silbe_status read_word(const silbe_csv_table *table, size_t row, double previous_s,
                              silbe_word_row *word, silbe_err *err)
{
    const silbe_csv_field *text = silbe_csv_at(table, row, 2);
    word->line = text->line;
    word->has_end = silbe_csv_at(table, row, 1)->text[0] != '\0';
    silbe_status status = read_start(table, row, previous_s, false, &word->start_s, err);
    if (status == SILBE_OK && word->has_end) {
        status = read_end(table, row, word->start_s, &word->end_s, err);
    }
    if (status == SILBE_OK && is_blank(text->text)) {
        status = silbe_csv_fail(table, row, 2, err, "a word");
    }
    word->confidence = NAN;
    if (status == SILBE_OK && table->n_cols >= 5) {
        status = read_line_and_confidence(table, row, &word->confidence, err);
    }
    if (status == SILBE_OK) {
        word->word = strdup(text->text);
        if (word->word == NULL) {
            status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", table->path);
        }
    }
    return status;
}

silbe_status silbe_word_rows_read(const char *path, silbe_word_rows *rows, silbe_err *err)
{
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    void *elements = NULL;
    *rows = (silbe_word_rows)SILBE_WORD_ROWS_INIT;
    silbe_status status =
        open_table(path, WORD_HEADERS, true, sizeof *rows->rows, &table, &elements, err);
    rows->rows = elements;
    double previous_s = -1.0;
    for (size_t row = 0; status == SILBE_OK && row < table.n_rows; row++) {
        status = read_word(&table, row, previous_s, &rows->rows[row], err);
        previous_s = rows->rows[row].start_s;
        rows->n_rows = row + 1;
    }
    silbe_csv_free(&table);
    return status;
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
