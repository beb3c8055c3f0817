/* Simple and enhanced LRC (A2 extension): https://en.wikipedia.org/wiki/LRC_(file_format) */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"

/* Rows are gathered first: the offset may stand behind them, and a line that is sung again has all
 * its times in one place. */
typedef struct {
    silbe_times_reader *reader;
    silbe_times_row *rows;
    size_t n_rows;
    double offset_s; /* how much sooner all is than it says */
    bool has_repeats;
    size_t n_repeated_bytes; /* of lines that are sung again, which are copied */
    bool has_word_times;
} lrc;

static void add_row(lrc *file, const char *text, size_t n_bytes, size_t line, double start_s)
{
    silbe_err *err = file->reader->err;
    file->rows = silbe_grow(file->rows, file->n_rows, NULL, sizeof *file->rows, "lines", err);
    if (!silbe_failed(err)) {
        file->rows[file->n_rows++] = (silbe_times_row){text, n_bytes, line, 0, start_s, NAN, NAN};
    }
}

/* The time in brackets at *at, which is moved behind them. */
static bool take_time(const char **at, char open, char close, double *time_s)
{
    const char *p = *at;
    if (*p++ != open) {
        return false;
    }
    p += strspn(p, " ");
    if (!silbe_times_clock(&p, true, time_s)) {
        return false;
    }
    p += strspn(p, " ");
    if (*p != close) {
        return false;
    }
    *at = p + 1;
    return true;
}

static void read_offset(lrc *file, const char *value, size_t line)
{
    char *end = NULL;
    double offset_ms = (double)strtol(value, &end, 10);
    end += strspn(end, " ");
    if (end == value || *end != ']' || fabs(offset_ms) > 1e3 * SILBE_MAX_TIME_S) {
        silbe_times_fail(file->reader, line, "[offset:...] should be milliseconds, such as -250");
        return;
    }
    file->offset_s = offset_ms / 1e3;
}

/* [name:value]: whether it is one. */
static bool read_tag(lrc *file, const char *text, size_t line)
{
    size_t n_bytes = strcspn(text + 1, ":]");
    if (text[0] != '[' || text[1 + n_bytes] != ':' || strchr(text, ']') == NULL ||
        (text[1] >= '0' && text[1] <= '9')) {
        return false;
    }
    if (strncmp(text + 1, "offset:", 7) == 0) {
        read_offset(file, text + 8, line);
    }
    return true;
}

/* The words of a line with times between them, each up to the next; what stands before the first
 * begins with the line. */
static void read_words(lrc *file, const char *text, size_t line, double start_s)
{
    while (*text != '\0') {
        const char *end = text;
        double next_s = NAN;
        const char *behind = NULL;
        for (; *end != '\0' && behind == NULL; end += behind == NULL) {
            const char *p = end;
            behind = take_time(&p, '<', '>', &next_s) ? p : NULL;
        }
        size_t n_before = file->n_rows;
        bool is_blank = strspn(text, " \t") >= (size_t)(end - text);
        if (!is_blank) {
            add_row(file, text, (size_t)(end - text), line, start_s);
        }
        if (behind == NULL) {
            return;
        }
        file->has_word_times = true;
        if (file->n_rows > n_before) {
            file->rows[n_before].end_s = next_s;
        }
        start_s = next_s;
        text = behind;
    }
}

static void read_line(lrc *file, const char *text, size_t line)
{
    const char *p = text;
    double start_s = NAN;
    size_t n_times = 0;
    while (take_time(&p, '[', ']', &start_s)) {
        n_times++;
    }
    if (n_times == 0) {
        if (!read_tag(file, text, line)) {
            silbe_times_fail(file->reader, line,
                             "\"%.60s\", expected a time such as [01:23.45] at its beginning",
                             text);
        }
        return;
    }
    if (n_times == 1) {
        read_words(file, p, line, start_s);
        return;
    }
    const char *words = strchr(p, '<');
    if (words != NULL && take_time(&words, '<', '>', &start_s)) {
        silbe_times_fail(file->reader, line,
                         "word times behind several line times; write the line once for each");
    }
    file->n_repeated_bytes += strlen(p) * n_times;
    if (file->n_repeated_bytes > SILBE_TIME_LIST_MAX_BYTES) {
        silbe_times_fail(file->reader, line,
                         "lines with several times are more than %zu MiB, written out",
                         SILBE_TIME_LIST_MAX_BYTES >> 20);
        return;
    }
    file->has_repeats = true;
    for (const char *q = text; take_time(&q, '[', ']', &start_s);) {
        add_row(file, p, strlen(p), line, start_s);
    }
}

/* By time; of equal ones in the order of the file, where the texts lie. */
static int compare_rows(const void *left, const void *right)
{
    const silbe_times_row *a = left, *b = right;
    if (a->start_s != b->start_s) {
        return a->start_s < b->start_s ? -1 : 1;
    }
    return (a->text > b->text) - (a->text < b->text);
}

bool silbe_is_lrc(const char *text)
{
    text += strspn(text, " \t\n");
    size_t n_bytes = strcspn(text, ":]\n");
    return text[0] == '[' && n_bytes > 1 && text[n_bytes] == ':';
}

void silbe_read_lrc(silbe_times_reader *reader)
{
    lrc file = {.reader = reader};
    silbe_times_lines lines = {reader->text, 0};
    size_t voice = silbe_times_voice(reader, "", 0);
    for (char *line = NULL;
         !silbe_failed(reader->err) && (line = silbe_times_next_line(&lines)) != NULL;) {
        line += strspn(line, " \t");
        if (line[0] != '\0') {
            read_line(&file, line, lines.number);
        }
    }
    if (file.has_repeats && file.n_rows > 0) {
        qsort(file.rows, file.n_rows, sizeof *file.rows, compare_rows);
    }
    for (size_t i = 0; i < file.n_rows && !silbe_failed(reader->err); i++) {
        silbe_times_row *row = &file.rows[i];
        row->voice = voice;
        row->start_s = fmax(row->start_s - file.offset_s, 0.0);
        row->end_s = isnan(row->end_s) ? NAN : fmax(row->end_s - file.offset_s, 0.0);
        silbe_times_add(reader, row);
    }
    reader->has_words = file.has_word_times;
    free(file.rows);
}
