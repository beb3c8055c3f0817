#include "pipeline/ctc_matrix/anchors.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/letters.h"
#include "datasets/csv.h"

enum { START, END, WORD, LINE };

/* Whether two spellings have the same letters. */
static silbe_status same_letters(const char *a, const char *b, bool *same, silbe_err *err)
{
    silbe_letters x = SILBE_LETTERS_INIT, y = SILBE_LETTERS_INIT;
    silbe_status status = silbe_letters_append(&x, a, strlen(a), err);
    if (status == SILBE_OK) {
        status = silbe_letters_append(&y, b, strlen(b), err);
    }
    *same = status == SILBE_OK && x.n_items == y.n_items;
    for (size_t i = 0; *same && i < x.n_items; i++) {
        *same = x.items[i].letter == y.items[i].letter;
    }
    silbe_letters_free(&x);
    silbe_letters_free(&y);
    return status;
}

/* The word of a row: the first one from *next on, in the row's line, that is spelt alike. */
static silbe_status find_word(const silbe_csv_table *table, size_t row,
                              const silbe_lyrics_text *text, size_t *next, silbe_err *err)
{
    const silbe_csv_field *spelling = silbe_csv_at(table, row, WORD);
    bool has_line = table->n_cols > LINE, same = false;
    size_t end = *next < text->n_words ? *next + 1 : *next;
    if (has_line) {
        long number = 0;
        silbe_status status =
            silbe_csv_integer(table, row, LINE, 1, (long)text->n_lines, &number, err);
        if (status != SILBE_OK) {
            return status;
        }
        const silbe_text_line *line = &text->lines[number - 1];
        *next = *next > line->first_word ? *next : line->first_word;
        end = line->first_word + line->n_words;
    }
    for (; *next < end; ++*next) {
        silbe_status status = same_letters(spelling->text, text->words[*next].text, &same, err);
        if (status != SILBE_OK || same) {
            return status;
        }
    }
    return silbe_fail(err, SILBE_ERR_MISMATCH, "%s:%zu:%zu: \"%.60s\" is not %s of the text%s",
                      table->path, spelling->line, spelling->column, spelling->text,
                      has_line ? "a (further) word in this line" : "the next word",
                      has_line ? "; rows must be in the order of the text"
                               : "; without a column line the file must hold every word, in order");
}

static silbe_status add_window(const silbe_csv_table *table, size_t row,
                               const silbe_frame_clock *clock, double tolerance_s, size_t word,
                               silbe_trellis_anchor *anchor, silbe_err *err)
{
    double start_s = 0;
    double last_s = clock->offset_s + (double)(clock->n_frames - 1) * clock->hop_s;
    silbe_status status = silbe_csv_number(table, row, START, 0, 1e9, &start_s, err);
    if (status != SILBE_OK) {
        return status;
    }
    double low = ceil((start_s - tolerance_s - clock->offset_s) / clock->hop_s - 1e-9);
    double high = floor((start_s + tolerance_s - clock->offset_s) / clock->hop_s + 1e-9);
    low = low < 0 ? 0 : low;
    if (high < low || low >= (double)clock->n_frames) {
        const silbe_csv_field *field = silbe_csv_at(table, row, START);
        return silbe_fail(err, SILBE_ERR_DATA,
                          "%s:%zu:%zu: no frame lies within %g s of %g s: the frames go from %g s "
                          "to %g s, one every %g s",
                          table->path, field->line, field->column, tolerance_s, start_s,
                          clock->offset_s, last_s, clock->hop_s);
    }
    *anchor = (silbe_trellis_anchor){
        .index = word, .begin_frame = (size_t)low, .end_frame = (size_t)high + 1};
    return SILBE_OK;
}

/* Whether the row's word can begin after that of an earlier one; *latest: the row whose window
 * opens last. */
static silbe_status check_order(const silbe_csv_table *table, size_t row,
                                const silbe_trellis_anchor *anchors, size_t *latest, silbe_err *err)
{
    const silbe_csv_field *start = silbe_csv_at(table, row, START);
    const silbe_csv_field *before = silbe_csv_at(table, *latest, START);
    if (anchors[row].end_frame <= anchors[*latest].begin_frame) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE,
                          "%s:%zu:%zu: \"%.60s\" at %s s contradicts \"%.60s\" at %s s in line "
                          "%zu, which comes first in the text; correct the times, or raise "
                          "posteriors.anchor_tolerance_ms",
                          table->path, start->line, start->column,
                          silbe_csv_at(table, row, WORD)->text, start->text,
                          silbe_csv_at(table, *latest, WORD)->text, before->text, before->line);
    }
    *latest = anchors[row].begin_frame >= anchors[*latest].begin_frame ? row : *latest;
    return SILBE_OK;
}

silbe_status silbe_anchors_read(const char *path, const silbe_lyrics_text *text,
                                const silbe_frame_clock *clock, double tolerance_s,
                                silbe_trellis_anchor **anchors, size_t *n_anchors, silbe_err *err)
{
    static const char *const HEADERS[] = {"start;end;word", "start;end;word;line",
                                          "start;end;word;line;confidence", NULL};
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    size_t next = 0, latest = 0;
    *anchors = NULL;
    *n_anchors = 0;
    silbe_status status = silbe_csv_read(path, HEADERS, true, &table, err);
    if (status == SILBE_OK && table.n_rows == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: has no rows", path);
    }
    if (status == SILBE_OK && table.n_cols <= LINE && table.n_rows != text->n_words) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "%s: has %zu words, the text has %zu; for some of them only, add a "
                            "column line (start;end;word;line)",
                            path, table.n_rows, text->n_words);
    }
    if (status == SILBE_OK && (*anchors = calloc(table.n_rows, sizeof **anchors)) == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t row = 0; row < table.n_rows && status == SILBE_OK; row++) {
        status = find_word(&table, row, text, &next, err);
        if (status == SILBE_OK) {
            status = add_window(&table, row, clock, tolerance_s, next, &(*anchors)[row], err);
            next++;
        }
        if (status == SILBE_OK) {
            status = check_order(&table, row, *anchors, &latest, err);
        }
    }
    *n_anchors = status == SILBE_OK ? table.n_rows : 0;
    if (status != SILBE_OK) {
        free(*anchors);
        *anchors = NULL;
    }
    silbe_csv_free(&table);
    return status;
}
