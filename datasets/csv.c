#define _POSIX_C_SOURCE 200809L
#include "datasets/csv.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <unistr.h>

#include "features/base/decimal.h"
#include "features/base/memory.h"
#include "features/base/read_file.h"

/* Characters of a wrong text that a message repeats. */
#define SHOWN_BYTES 60

/* ---- messages ---- */

/* Copies at most SHOWN_BYTES of text, cut at a character, control characters as `?`. */
static void shorten(char shown[SHOWN_BYTES + 4], const char *text)
{
    size_t length = strlen(text);
    size_t kept = length <= SHOWN_BYTES ? length : SHOWN_BYTES;
    while (kept < length && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80) {
        kept--;
    }
    for (size_t i = 0; i < kept; i++) {
        shown[i] =
            iscntrl((unsigned char)text[i]) && !((unsigned char)text[i] & 0x80) ? '?' : text[i];
    }
    memcpy(shown + kept, kept < length ? "..." : "", kept < length ? 4 : 1);
}

silbe_status silbe_csv_fail(const silbe_csv_table *table, size_t row, size_t col, silbe_err *err,
                            const char *expected, ...)
{
    const silbe_csv_field *field = silbe_csv_at(table, row, col);
    char shown[SHOWN_BYTES + 4];
    char wanted[256];
    va_list args;
    va_start(args, expected);
    (void)vsnprintf(wanted, sizeof wanted, expected, args);
    va_end(args);
    shorten(shown, field->text);
    return silbe_fail(err, SILBE_ERR_FORMAT, "%s:%zu:%zu: %s is \"%s\", expected %s", table->path,
                      field->line, field->column, table->col_names[col], shown, wanted);
}

/* ---- reading ---- */

/* The whole file, NUL-terminated, into table->buffer; its size. */
static size_t load(silbe_csv_table *table, silbe_err *err)
{
    size_t size = 0;
    silbe_try(err, silbe_read_file(table->path, SILBE_CSV_MAX_BYTES, &table->buffer, &size, err));
    if (size > SILBE_CSV_MAX_BYTES) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: larger than a CSV file may be, %zu bytes",
                         table->path, SILBE_CSV_MAX_BYTES);
    }
    return size;
}

/* Characters of the bytes [begin, end), which are valid UTF-8. */
static size_t count_characters(const char *begin, const char *end)
{
    size_t n = 0;
    for (const char *p = begin; p < end; p++) {
        n += ((unsigned char)*p & 0xC0) != 0x80;
    }
    return n;
}

/* Refuses bad UTF-8 and control bytes other than tab, CR before LF, and LF. */
static void check_bytes(const char *path, const char *text, size_t size, silbe_err *err)
{
    const uint8_t *bad = silbe_failed(err) ? NULL : u8_check((const uint8_t *)text, size);
    const char *stop = bad != NULL ? (const char *)bad : text + size;
    size_t line = 1;
    const char *line_start = text;
    for (const char *p = text; p < stop && !silbe_failed(err); p++) {
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        } else if (((unsigned char)*p < 0x20 && *p != '\t' && !(*p == '\r' && p[1] == '\n')) ||
                   *p == 0x7F) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT,
                             "%s:%zu:%zu: control byte 0x%02X, expected text; write the file as "
                             "plain CSV in UTF-8",
                             path, line, count_characters(line_start, p) + 1,
                             (unsigned)(unsigned char)*p);
        }
    }
    if (bad != NULL) {
        silbe_try(
            err,
            silbe_fail(err, SILBE_ERR_FORMAT,
                       "%s:%zu:%zu: byte 0x%02X is not UTF-8; convert the file, for example with "
                       "iconv -f LATIN1 -t UTF-8",
                       path, line, count_characters(line_start, stop) + 1, (unsigned)*bad));
    }
}

/* Ends the line at `line` in place (LF and CR before it) and returns where the next one starts. */
static char *cut_line(char *line, char *end)
{
    char *stop = memchr(line, '\n', (size_t)(end - line));
    char *next = stop != NULL ? stop + 1 : end;
    if (stop == NULL) {
        stop = end;
    }
    if (stop > line && stop[-1] == '\r') {
        stop--;
    }
    *stop = '\0';
    return next;
}

/*
 * Splits a line in place into at most max_fields fields. Returns how many the line has. A field
 * that starts with a quote ends with one; inside, "" is a quote.
 */
static size_t split(const char *path, char *line, size_t line_number, char separator,
                    silbe_csv_field *fields, size_t max_fields, silbe_err *err)
{
    char *p = line;
    size_t column = 1;
    for (size_t n_fields = 0;;) {
        size_t field_column = column;
        char *text = p;
        char *out = p;
        bool is_quoted = *p == '"';
        if (is_quoted) {
            column++;
            for (p++; *p != '\0' && !(p[0] == '"' && p[1] != '"'); p++) {
                p += *p == '"';
                column += (((unsigned char)*p & 0xC0) != 0x80) + (*p == '"');
                *out++ = *p;
            }
            if (*p == '\0') {
                (void)silbe_fail(err, SILBE_ERR_FORMAT,
                                 "%s:%zu:%zu: the quote that opens here is not closed on its line",
                                 path, line_number, field_column);
                return n_fields;
            }
            p++;
            column++;
        } else {
            for (; *p != '\0' && *p != separator && *p != '"'; p++) {
                column += ((unsigned char)*p & 0xC0) != 0x80;
            }
            out = p;
        }
        if (*p != '\0' && *p != separator) {
            (void)silbe_fail(
                err, SILBE_ERR_FORMAT,
                "%s:%zu:%zu: got '%c', expected '%c' or the end of the line; text with "
                "quotes is written \"like \"\"this\"\"\"",
                path, line_number, column, (unsigned char)*p < 0x80 ? *p : '?', separator);
            return n_fields;
        }
        bool is_last = *p == '\0';
        *out = '\0';
        if (n_fields < max_fields) {
            fields[n_fields] = (silbe_csv_field){text, line_number, field_column};
        }
        n_fields++;
        if (is_last) {
            return n_fields;
        }
        p++;
        column++;
    }
}

/* True if line equals header with every `;` replaced by separator. */
static bool is_header(const char *line, const char *header, char separator)
{
    size_t i = 0;
    for (; header[i] != '\0'; i++) {
        if (line[i] != (header[i] == ';' ? separator : header[i])) {
            return false;
        }
    }
    return line[i] == '\0';
}

/* Header names may stand in quotes ("start";"end"): their text without them. */
static void unquote_header(char *line)
{
    char *out = line;
    for (const char *p = line; *p != '\0'; p++) {
        if (*p != '"') {
            *out++ = *p;
        }
    }
    *out = '\0';
}

/* Finds out which header the line is, the separator, and fills names and number of columns. */
static void fail_header(const silbe_csv_table *table, const char *shown, const char *const *headers,
                        silbe_err *err)
{
    char wanted[512] = "";
    for (size_t i = 0; headers[i] != NULL; i++) {
        size_t used = strlen(wanted);
        (void)snprintf(wanted + used, sizeof wanted - used, "%s\"%s\"", i > 0 ? " or " : "",
                       headers[i]);
    }
    (void)silbe_fail(err, SILBE_ERR_FORMAT,
                     "%s:1:1: header is \"%s\", expected %s (these columns, in this order)",
                     table->path, shown, wanted);
}

/* The pointers and what they point to are one block. */
static void name_columns(silbe_csv_table *table, const char *header, silbe_err *err)
{
    size_t n_bytes = table->n_cols * sizeof *table->col_names;
    table->col_names = silbe_alloc(n_bytes + strlen(header) + 1, 1, "bytes of names", err);
    if (table->col_names != NULL) {
        char *name = strcpy((char *)table->col_names + n_bytes, header);
        for (size_t col = 0; col < table->n_cols; col++) {
            table->col_names[col] = name;
            name += strcspn(name, ";");
            *name++ = '\0';
        }
    }
}

/* Finds out which header the line is; returns the separator, and fills names and number of columns.
 */
static char read_header(silbe_csv_table *table, char *line, const char *const *headers,
                        bool may_use_comma, silbe_err *err)
{
    char shown[SHOWN_BYTES + 4];
    char separator = ';';
    shorten(shown, line);
    unquote_header(line);
    size_t which = 0;
    for (; headers[which] != NULL; which++) {
        separator = ';';
        if (is_header(line, headers[which], ';')) {
            break;
        }
        separator = ',';
        if (may_use_comma && is_header(line, headers[which], ',')) {
            break;
        }
    }
    if (headers[which] == NULL) {
        fail_header(table, shown, headers, err);
        return separator;
    }
    table->header = which;
    table->n_cols = 1;
    for (const char *p = headers[which]; *p != '\0'; p++) {
        table->n_cols += *p == ';';
    }
    name_columns(table, headers[which], err);
    return separator;
}

/* first: number of the line. */
static void read_rows(silbe_csv_table *table, char *line, char *end, size_t first, char separator,
                      silbe_err *err)
{
    size_t max_rows = 1;
    for (const char *p = line; p < end; p++) {
        max_rows += *p == '\n';
    }
    table->fields = silbe_alloc(max_rows, table->n_cols * sizeof *table->fields, "rows", err);
    size_t blank_line = 0;
    for (size_t number = first; line < end && !silbe_failed(err); number++) {
        char *next = cut_line(line, end);
        if (*line == '\0') {
            blank_line = blank_line == 0 ? number : blank_line;
        } else if (blank_line != 0) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s:%zu:1: blank line between rows; remove it",
                             table->path, blank_line);
        } else {
            size_t n_fields =
                split(table->path, line, number, separator,
                      table->fields + table->n_rows * table->n_cols, table->n_cols, err);
            if (n_fields != table->n_cols) {
                silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT,
                                          "%s:%zu:1: %zu field%s, expected %zu like the %s "
                                          "(separated by '%s')",
                                          table->path, number, n_fields, n_fields == 1 ? "" : "s",
                                          table->n_cols, first > 1 ? "header" : "first line",
                                          separator == '\t'  ? "tab"
                                          : separator == ',' ? ","
                                                             : ";"));
            }
            table->n_rows += !silbe_failed(err);
        }
        line = next;
    }
}

silbe_status silbe_csv_read(const char *path, const char *const *headers, bool may_use_comma,
                            silbe_csv_table *table, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *table = (silbe_csv_table)SILBE_CSV_TABLE_INIT;
    table->path = silbe_copy_text(path, err);
    size_t size = load(table, err);
    check_bytes(path, table->buffer, size, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    char *line = table->buffer;
    char *end = table->buffer + size;
    if (size >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
        line += 3;
    }
    if (line == end) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: the file is empty, expected the header \"%s\"", path, headers[0]);
    }
    char *rows = cut_line(line, end);
    char separator = read_header(table, line, headers, may_use_comma, err);
    read_rows(table, rows, end, 2, separator, err);
    return err->status;
}

char silbe_csv_separator(const char *text, const char *separators, size_t *n_fields)
{
    char separator = '\0';
    bool is_quoted = false;
    *n_fields = 1;
    for (const char *p = text; *p != '\0' && *p != '\n'; p++) {
        is_quoted = is_quoted != (*p == '"');
        if (!is_quoted && separator == '\0' && strchr(separators, *p) != NULL) {
            separator = *p;
        }
        *n_fields += !is_quoted && separator != '\0' && *p == separator;
    }
    return separator;
}

/* The names of the columns as the file has them, joined by ';'; to be freed. */
static char *join_names(const silbe_csv_table *table, char *line, char separator, silbe_err *err)
{
    silbe_csv_field names[SILBE_CSV_MAX_ANY_COLUMNS];
    size_t size = 1;
    size_t n =
        silbe_failed(err) ? 0 : split(table->path, line, 1, separator, names, table->n_cols, err);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        size += strlen(names[i].text) + 1;
    }
    char *joined = silbe_alloc(size, 1, "bytes of names", err);
    for (size_t i = 0; joined != NULL && i < n; i++) {
        char *name = joined + strlen(joined);
        (void)strcat(strcpy(name, i > 0 ? ";" : ""), names[i].text);
        for (name += i > 0; (name = strchr(name, ';')) != NULL;) {
            *name = ' ';
        }
    }
    return joined;
}

silbe_status silbe_csv_parse(const char *path, const char *text, size_t n_bytes, char separator,
                             const char *names, silbe_csv_table *table, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *table = (silbe_csv_table)SILBE_CSV_TABLE_INIT;
    table->path = silbe_copy_text(path, err);
    table->buffer = silbe_alloc(n_bytes + 1, 1, "bytes of text", err);
    check_bytes(path, text, n_bytes, err);
    (void)silbe_csv_separator(text, (const char[]){separator, '\0'}, &table->n_cols);
    if (table->n_cols > SILBE_CSV_MAX_ANY_COLUMNS && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s:1:1: %zu columns, expected %d at most", path,
                         table->n_cols, SILBE_CSV_MAX_ANY_COLUMNS);
    }
    if (silbe_failed(err)) {
        return err->status;
    }
    memcpy(table->buffer, text, n_bytes);
    char *end = table->buffer + n_bytes;
    char *rows = names == NULL ? cut_line(table->buffer, end) : table->buffer;
    char *joined = names == NULL ? join_names(table, table->buffer, separator, err)
                                 : silbe_copy_text(names, err);
    if (joined != NULL) {
        name_columns(table, joined, err);
        read_rows(table, rows, end, names == NULL ? 2 : 1, separator, err);
    }
    free(joined);
    return err->status;
}

void silbe_csv_free(silbe_csv_table *table)
{
    if (table == NULL) {
        return;
    }
    free(table->col_names);
    free(table->fields);
    free(table->buffer);
    free(table->path);
    *table = (silbe_csv_table)SILBE_CSV_TABLE_INIT;
}

/* ---- numbers ---- */

silbe_status silbe_csv_number(const silbe_csv_table *table, size_t row, size_t col, double min,
                              double max, double *value, silbe_err *err)
{
    const char *text = silbe_csv_at(table, row, col)->text;
    double number = NAN;
    if (!silbe_decimal_parse(text, &number) && !isinf(number)) {
        return silbe_csv_fail(table, row, col, err, "a number such as 12.345");
    }
    if (!isfinite(number) || !(number >= min && number <= max)) {
        if (max >= HUGE_VAL || max > 1e15) {
            return silbe_csv_fail(table, row, col, err, "a number >= %g", min);
        }
        return silbe_csv_fail(table, row, col, err, "a number in %g .. %g", min, max);
    }
    *value = number;
    return SILBE_OK;
}

silbe_status silbe_csv_integer(const silbe_csv_table *table, size_t row, size_t col, long min,
                               long max, long *value, silbe_err *err)
{
    const char *text = silbe_csv_at(table, row, col)->text;
    const char *digits = text + (*text == '-');
    errno = 0;
    long number = strtol(text, NULL, 10);
    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0' || errno != 0 ||
        number < min || number > max) {
        if (max == LONG_MAX) {
            return silbe_csv_fail(table, row, col, err, "a whole number >= %ld", min);
        }
        return silbe_csv_fail(table, row, col, err, "a whole number in %ld .. %ld", min, max);
    }
    *value = number;
    return SILBE_OK;
}
