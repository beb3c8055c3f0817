#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "datasets/csv.h"
#include "features/base/decimal.h"
#include "pipeline/output/read_internal.h"

/* Columns that are read, and what else they are called. */
enum { COLUMN_START, COLUMN_END, COLUMN_DURATION, COLUMN_TEXT, COLUMN_VOICE, COLUMN_CONFIDENCE };
enum { N_COLUMNS = COLUMN_CONFIDENCE + 1 };
static const char *const NAMES[N_COLUMNS][7] = {
    [COLUMN_START] = {"start", "start_s", "time", "begin", "onset", "starttime"},
    [COLUMN_END] = {"end", "end_s", "stop", "offset", "endtime"},
    [COLUMN_DURATION] = {"duration", "duration_s"},
    [COLUMN_TEXT] = {"word", "label", "text", "line_text", "lyric", "lyrics"},
    [COLUMN_VOICE] = {"voice"},
    [COLUMN_CONFIDENCE] = {"confidence"},
};

#define SEPARATORS ";,\t"

/* Which column of the file each is; SIZE_MAX: none. */
typedef struct {
    silbe_csv_table table;
    size_t columns[N_COLUMNS];
    bool has_header;
} csv_file;

/* The column that a name of n_bytes means, N_COLUMNS if none. */
static size_t column_of(const char *name, size_t n_bytes)
{
    for (size_t c = 0; c < N_COLUMNS; c++) {
        for (size_t i = 0; NAMES[c][i] != NULL; i++) {
            if (strlen(NAMES[c][i]) == n_bytes && strncasecmp(NAMES[c][i], name, n_bytes) == 0) {
                return c;
            }
        }
    }
    return N_COLUMNS;
}

/* Whether the first field of a line is a number. */
static bool begins_with_number(const char *text)
{
    char number[64] = "";
    double value = 0;
    text += *text == '"';
    size_t n_bytes = strcspn(text, SEPARATORS "\"\n");
    if (n_bytes < sizeof number) {
        memcpy(number, text, n_bytes);
    }
    return silbe_decimal_parse(number, &value);
}

bool silbe_is_csv(const char *text)
{
    size_t n_fields = 0;
    char separator = silbe_csv_separator(text, SEPARATORS, &n_fields);
    if (separator == '\0' || begins_with_number(text)) {
        return separator != '\0';
    }
    const char *line = text;
    for (size_t i = 0; i < n_fields; i++) {
        line += *line == '"';
        size_t n_bytes = strcspn(line, SEPARATORS "\"\n");
        if (column_of(line, n_bytes) == COLUMN_START) {
            return true;
        }
        line += n_bytes;
        line += *line == '"';
        line += *line != '\0';
    }
    return false;
}

/* Without header: time,label or time,duration,label. */
static const char *names_of(const silbe_times_reader *reader, size_t n_fields)
{
    const char *comma = reader->text + strspn(reader->text, "0123456789");
    if (*comma == ',' && comma[1 + strspn(comma + 1, "0123456789")] == ';') {
        silbe_times_fail(reader, 1,
                         "begins with a number with a comma; write times with a point, such as "
                         "12.345");
    }
    if (n_fields != 2 && n_fields != 3) {
        silbe_times_fail(reader, 1,
                         "%zu fields without a header, expected time and label, or time, duration "
                         "and label; or a header such as start;end;word",
                         n_fields);
    }
    return n_fields == 2 ? "time;label" : "time;duration;label";
}

static void find_columns(const silbe_times_reader *reader, csv_file *file)
{
    for (size_t c = 0; c < N_COLUMNS; c++) {
        file->columns[c] = SIZE_MAX;
    }
    for (size_t i = 0; i < file->table.n_cols; i++) {
        const char *name = file->table.col_names[i];
        size_t c = column_of(name, strlen(name));
        if (c < N_COLUMNS && file->columns[c] != SIZE_MAX) {
            silbe_times_fail(reader, 1, "two columns, \"%.60s\" and \"%.60s\", mean the same",
                             file->table.col_names[file->columns[c]], name);
        } else if (c < N_COLUMNS) {
            file->columns[c] = i;
        }
    }
    if (file->columns[COLUMN_START] == SIZE_MAX || file->columns[COLUMN_TEXT] == SIZE_MAX) {
        silbe_times_fail(reader, 1,
                         "no column \"%s\"; expected a header such as start;end;word, or none "
                         "and time,label",
                         file->columns[COLUMN_START] == SIZE_MAX ? "start" : "word");
    }
}

/* The number in a column; NAN if there is no such column, or nothing in it. */
static double number_at(const silbe_times_reader *reader, const csv_file *file, size_t row,
                        size_t column, double min, double max)
{
    double value = NAN;
    size_t col = file->columns[column];
    if (col != SIZE_MAX && silbe_csv_at(&file->table, row, col)->text[0] != '\0') {
        silbe_try(reader->err,
                  silbe_csv_number(&file->table, row, col, min, max, &value, reader->err));
    }
    return value;
}

/* Programs differ in whether the second of three columns is a duration or an end: an end never lies
 * before its start, and of all durations hardly ever each is longer than the song so far. */
static bool is_second_an_end(const silbe_times_reader *reader, const csv_file *file)
{
    bool is_end = file->table.n_rows > 1;
    for (size_t row = 0; row < file->table.n_rows && is_end && !silbe_failed(reader->err); row++) {
        is_end = number_at(reader, file, row, COLUMN_DURATION, 0, SILBE_MAX_TIME_S) >=
                 number_at(reader, file, row, COLUMN_START, 0, SILBE_MAX_TIME_S);
    }
    return is_end;
}

static void read_row(silbe_times_reader *reader, const csv_file *file, size_t row)
{
    const silbe_csv_field *text = silbe_csv_at(&file->table, row, file->columns[COLUMN_TEXT]);
    const char *voice = file->columns[COLUMN_VOICE] != SIZE_MAX
                            ? silbe_csv_at(&file->table, row, file->columns[COLUMN_VOICE])->text
                            : "";
    silbe_times_row in = {.text = text->text, .n_bytes = strlen(text->text), .line = text->line};
    in.voice = silbe_times_voice(reader, voice, text->line);
    in.start_s = number_at(reader, file, row, COLUMN_START, 0, SILBE_MAX_TIME_S);
    in.end_s = number_at(reader, file, row, COLUMN_END, 0, SILBE_MAX_TIME_S);
    in.confidence = number_at(reader, file, row, COLUMN_CONFIDENCE, 0, 1);
    if (file->columns[COLUMN_END] == SIZE_MAX) {
        in.end_s = in.start_s + number_at(reader, file, row, COLUMN_DURATION, 0, SILBE_MAX_TIME_S);
    }
    if (isnan(in.start_s) && !silbe_failed(reader->err)) {
        silbe_err_settle(reader->err, silbe_csv_fail(&file->table, row, file->columns[COLUMN_START],
                                                     reader->err, "a number such as 12.345"));
    }
    silbe_times_add(reader, &in);
}

void silbe_read_csv(silbe_times_reader *reader)
{
    csv_file file = {.has_header = !begins_with_number(reader->text)};
    size_t n_fields = 0;
    char separator = silbe_csv_separator(reader->text, SEPARATORS, &n_fields);
    const char *names = file.has_header ? NULL : names_of(reader, n_fields);
    silbe_try(reader->err, silbe_csv_parse(reader->path, reader->text, reader->n_bytes,
                                           separator != '\0' ? separator : ';', names, &file.table,
                                           reader->err));
    if (!silbe_failed(reader->err)) {
        find_columns(reader, &file);
    }
    if (!silbe_failed(reader->err) && !file.has_header && n_fields == 3 &&
        is_second_an_end(reader, &file)) {
        file.columns[COLUMN_END] = file.columns[COLUMN_DURATION];
    }
    for (size_t row = 0; row < file.table.n_rows && !silbe_failed(reader->err); row++) {
        read_row(reader, &file, row);
    }
    size_t text = file.columns[COLUMN_TEXT];
    reader->has_words = file.has_header && !silbe_failed(reader->err) &&
                        strcasecmp(file.table.col_names[text], "word") == 0;
    silbe_csv_free(&file.table);
}
