#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/decimal.h"
#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"
#include "pipeline/output/text.h"

/* More are a mistake, such as a column of something else; so that looking one up stays cheap. */
#define MAX_VOICES 64

void silbe_time_list_free(silbe_time_list *list)
{
    for (size_t i = 0; i < list->n_texts; i++) {
        free(list->texts[i].text);
    }
    for (size_t v = 0; v < list->n_voices; v++) {
        free(list->voices[v]);
    }
    free(list->texts);
    free(list->voices);
    *list = (silbe_time_list)SILBE_TIME_LIST_INIT;
}

void silbe_times_fail(const silbe_times_reader *reader, size_t line, const char *format, ...)
{
    char problem[600];
    char place[32] = "";
    if (silbe_failed(reader->err)) {
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(problem, sizeof problem, format, args);
    va_end(args);
    if (line > 0) {
        (void)snprintf(place, sizeof place, ":%zu", line);
    }
    (void)silbe_fail(reader->err, SILBE_ERR_FORMAT, "%s%s: %s", reader->path, place, problem);
}

size_t silbe_times_voice(silbe_times_reader *reader, const char *name, size_t line)
{
    silbe_time_list *list = reader->list;
    for (size_t v = 0; v < list->n_voices; v++) {
        if (strcmp(list->voices[v], name) == 0) {
            return v;
        }
    }
    if (list->n_voices >= MAX_VOICES) {
        silbe_times_fail(reader, line, "more than %d voices", MAX_VOICES);
        return 0;
    }
    list->voices =
        silbe_grow(list->voices, list->n_voices, NULL, sizeof *list->voices, "voices", reader->err);
    reader->last_s = silbe_grow(reader->last_s, list->n_voices, NULL, sizeof *reader->last_s,
                                "voices", reader->err);
    char *copy = silbe_copy_text(name, reader->err);
    if (silbe_failed(reader->err)) {
        free(copy);
        return 0;
    }
    reader->last_s[list->n_voices] = 0.0;
    list->voices[list->n_voices] = copy;
    return list->n_voices++;
}

static bool is_blank_byte(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A copy of the row's text, cleaned, without blanks around it; "" if it is blank. */
static char *clean_text(const silbe_times_row *row, silbe_err *err)
{
    char *raw = silbe_alloc(row->n_bytes + 1, 1, "bytes of text", err);
    if (raw == NULL) {
        return NULL;
    }
    memcpy(raw, row->text, row->n_bytes);
    char *clean = silbe_need(silbe_text_copy(raw, SILBE_TEXT_PLAIN), "a text", err);
    free(raw);
    if (clean != NULL) {
        size_t begin = 0, end = strlen(clean);
        while (begin < end && is_blank_byte(clean[begin])) {
            begin++;
        }
        while (end > begin && is_blank_byte(clean[end - 1])) {
            end--;
        }
        memmove(clean, clean + begin, end - begin);
        clean[end - begin] = '\0';
    }
    return clean;
}

static void check_times(const silbe_times_reader *reader, const silbe_times_row *row,
                        const char *text)
{
    double last_s = reader->last_s[row->voice];
    if (row->start_s < 0 || row->start_s > SILBE_MAX_TIME_S) {
        silbe_times_fail(reader, row->line, "\"%.60s\" starts at %g s, expected 0 to %g s", text,
                         row->start_s, SILBE_MAX_TIME_S);
    } else if (row->end_s < row->start_s) {
        silbe_times_fail(reader, row->line, "\"%.60s\" ends at %g s, before its start at %g s",
                         text, row->end_s, row->start_s);
    } else if (row->start_s < last_s) {
        silbe_times_fail(reader, row->line,
                         "\"%.60s\" starts at %g s, before the one in front of it (%g s); put them "
                         "into the order of their times",
                         text, row->start_s, last_s);
    } else if (row->confidence < 0 || row->confidence > 1) {
        silbe_times_fail(reader, row->line, "\"%.60s\" has the confidence %g, expected 0 to 1",
                         text, row->confidence);
    }
}

void silbe_times_add(silbe_times_reader *reader, const silbe_times_row *row)
{
    silbe_time_list *list = reader->list;
    if (silbe_failed(reader->err)) {
        return;
    }
    char *text = clean_text(row, reader->err);
    if (text == NULL || text[0] == '\0') {
        free(text);
        return;
    }
    check_times(reader, row, text);
    list->texts =
        silbe_grow(list->texts, list->n_texts, NULL, sizeof *list->texts, "words", reader->err);
    if (silbe_failed(reader->err)) {
        free(text);
        return;
    }
    list->texts[list->n_texts++] =
        (silbe_timed_text){text, row->start_s, row->end_s, row->confidence, row->voice, row->line};
    if (!isnan(row->start_s)) {
        reader->last_s[row->voice] = row->start_s;
    }
}

double silbe_times_seconds(const silbe_times_reader *reader, size_t line, const char *what,
                           const char *text)
{
    double time_s = NAN;
    if (!silbe_decimal_parse(text, &time_s)) {
        silbe_times_fail(reader, line, "%s is \"%.60s\", expected seconds such as 12.345", what,
                         text);
        return NAN;
    }
    return time_s;
}

char *silbe_times_next_line(silbe_times_lines *lines)
{
    char *line = lines->next;
    if (line == NULL) {
        return NULL;
    }
    char *end = strchr(line, '\n');
    if (end != NULL) {
        *end = '\0';
    }
    lines->next = end != NULL ? end + 1 : NULL;
    lines->number++;
    return line;
}

bool silbe_times_is_blank(const char *text)
{
    return text[strspn(text, " \t\v\f")] == '\0';
}

/* Digits at *at, nine at most: their value and how many. */
static size_t take_digits(const char **at, long *value)
{
    size_t n = strspn(*at, "0123456789");
    *value = n > 0 && n <= 9 ? strtol(*at, NULL, 10) : 0;
    *at += n;
    return n <= 9 ? n : 0;
}

bool silbe_times_clock(const char **at, bool is_lrc, double *time_s)
{
    const char *p = *at;
    long groups[3] = {0}, fraction = 0;
    size_t n_groups = 0, n_digits = 0, n_decimals = 0;
    do {
        n_digits = take_digits(&p, &groups[n_groups++]);
        if (n_digits == 0) {
            return false;
        }
    } while (n_groups < 3 && *p == ':' && p[1] >= '0' && p[1] <= '9' && p++);
    if (n_groups < 2) {
        return false;
    }
    if ((*p == '.' || *p == ',') && p[1] >= '0' && p[1] <= '9') {
        p++;
        n_decimals = take_digits(&p, &fraction);
        if (n_decimals == 0) {
            return false;
        }
    } else if (is_lrc && n_groups == 3) {
        fraction = groups[2];
        n_decimals = n_digits;
        n_groups = 2;
    }
    double whole = n_groups == 3
                       ? 3600.0 * (double)groups[0] + 60.0 * (double)groups[1] + (double)groups[2]
                       : 60.0 * (double)groups[0] + (double)groups[1];
    double scale = pow(10.0, (double)n_decimals);
    *time_s =
        (whole * scale + (double)fraction) / scale; /* the number nearest to the decimal one */
    *at = p;
    return true;
}
