/*
 * Strict reader of the CSV dialect of the datasets: `;` between fields, `.` as decimal point
 * whatever the locale, one header line, text optionally in double quotes with "" for a quote, UTF-8
 * (a byte order mark is skipped), lines ending in LF or CRLF, the last line with or without one. No
 * blank lines but at the end, no comments, no line breaks inside quotes. silbe_csv_parse takes
 * tables of other columns and separators, as other programs write them.
 */
#ifndef SILBE_CSV_H
#define SILBE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    const char *text; /* NUL-terminated UTF-8 without its quotes; lies in the table's buffer */
    size_t line;      /* 1-based, the header is line 1 */
    size_t column;    /* 1-based, in characters (code points), of the field's first one */
} silbe_csv_field;

typedef struct {
    char *path;              /* as given, for messages, owned */
    char *buffer;            /* what the fields point into, owned */
    silbe_csv_field *fields; /* n_rows x n_cols, fields[row * n_cols + col], owned; no header */
    size_t n_rows;
    size_t n_cols;
    size_t header;    /* which of the accepted headers the file has */
    char **col_names; /* n_cols names of the header line, one block, owned */
} silbe_csv_table;

#define SILBE_CSV_TABLE_INIT                                                                       \
    {                                                                                              \
        0                                                                                          \
    }

/* A file larger than this is refused before it is read (the largest published one has 4 MB). */
#define SILBE_CSV_MAX_BYTES ((size_t)256 << 20)

/*
 * Reads the file at path. headers lists the accepted header lines, for example
 * {"start;end;word", NULL}; the names must match exactly and in order. With may_use_comma a file
 * whose header is one of these joined by `,` instead of `;` is read with `,` as separator.
 *
 * Errors, each naming PATH:LINE:COLUMN, what was found and what was expected: SILBE_ERR_IO
 * (missing, not a regular file, unreadable), SILBE_ERR_FORMAT (empty file, wrong header, wrong
 * number of fields, bad UTF-8, NUL or other control byte, unclosed quote, text after a closing
 * quote). The caller frees *table with silbe_csv_free, also after a failure.
 */
SILBE_MUST_CHECK silbe_status silbe_csv_read(const char *path, const char *const *headers,
                                             bool may_use_comma, silbe_csv_table *table,
                                             silbe_err *err);

#define SILBE_CSV_MAX_ANY_COLUMNS 64

/*
 * Of a text of any columns, which a zero follows, in UTF-8 without byte order mark: the separator
 * of its first line, the first of the characters of separators that stands there outside quotes,
 * or 0 if none does; and the number of fields.
 */
char silbe_csv_separator(const char *text, const char *separators, size_t *n_fields);

/*
 * Parses such a text, at most SILBE_CSV_MAX_ANY_COLUMNS wide. names: those of the columns, joined
 * by ';' and as many as the first line has fields; NULL if the first line is the header. path is
 * for messages. Otherwise as silbe_csv_read.
 */
SILBE_MUST_CHECK silbe_status silbe_csv_parse(const char *path, const char *text, size_t n_bytes,
                                              char separator, const char *names,
                                              silbe_csv_table *table, silbe_err *err);

void silbe_csv_free(silbe_csv_table *table);

static inline const silbe_csv_field *silbe_csv_at(const silbe_csv_table *table, size_t row,
                                                  size_t col)
{
    return &table->fields[row * table->n_cols + col];
}

/* A finite decimal number ("12", "-0.5", "1e-3"; no blanks, no hexadecimal, no "nan", no "inf") in
 * [min, max]. SILBE_ERR_FORMAT says where, what was found and what was expected. */
SILBE_MUST_CHECK silbe_status silbe_csv_number(const silbe_csv_table *table, size_t row, size_t col,
                                               double min, double max, double *value,
                                               silbe_err *err);

/* A decimal integer in [min, max], digits only, with an optional minus sign. */
SILBE_MUST_CHECK silbe_status silbe_csv_integer(const silbe_csv_table *table, size_t row,
                                                size_t col, long min, long max, long *value,
                                                silbe_err *err);

/* Raises SILBE_ERR_FORMAT: 'PATH:LINE:COLUMN: NAME is "TEXT", expected EXPECTED'. */
silbe_status silbe_csv_fail(const silbe_csv_table *table, size_t row, size_t col, silbe_err *err,
                            const char *expected, ...) SILBE_PRINTF(5, 6);

#endif
