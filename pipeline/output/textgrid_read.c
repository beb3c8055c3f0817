/*
 * Praat's manual, "TextGrid file formats": a reader looks for free-standing numbers, texts in
 * quotes and flags in angle brackets, and passes over everything else, so that the long and the
 * short form are the same to it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/decimal.h"
#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"

typedef enum { TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_FLAG } token_kind;

/* The token last read. */
typedef struct {
    silbe_times_reader *reader;
    const char *at; /* behind it */
    size_t line;    /* of it, from 1 */
    token_kind kind;
    double number;
    const char *text; /* between the quotes, or of the flag */
    size_t n_bytes;
} scanner;

/* A tier of the file, and where its items are. */
typedef struct {
    scanner items; /* in front of the first */
    size_t n_items;
    bool has_points;
} tier;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Reads up to the quote that ends the text; a doubled one does not. */
static void take_text(scanner *in)
{
    const char *p = in->at + 1;
    in->text = p;
    while (*p != '\0' && (p[0] != '"' || p[1] == '"')) {
        p += *p == '"' ? 2 : 1;
    }
    in->n_bytes = (size_t)(p - in->text);
    in->kind = TOKEN_TEXT;
    if (*p == '\0') {
        silbe_times_fail(in->reader, in->line, "the quote that opens here is not closed");
        in->kind = TOKEN_END;
    }
    in->at = *p != '\0' ? p + 1 : p;
}

/* Whether the word at in->at is a number or a flag; passes over it. */
static bool take_word(scanner *in)
{
    char number[64] = "";
    const char *begin = in->at;
    while (*in->at != '\0' && !is_space(*in->at)) {
        in->at++;
    }
    in->text = begin;
    in->n_bytes = (size_t)(in->at - begin);
    if (in->n_bytes < sizeof number) {
        memcpy(number, begin, in->n_bytes);
    }
    in->kind = *begin == '<' ? TOKEN_FLAG : TOKEN_NUMBER;
    return *begin == '<' || silbe_decimal_parse(number, &in->number);
}

static void next_token(scanner *in)
{
    if (in->kind == TOKEN_TEXT) { /* of several lines, perhaps */
        for (size_t i = 0; i < in->n_bytes; i++) {
            in->line += in->text[i] == '\n';
        }
    }
    in->kind = TOKEN_END;
    while (*in->at != '\0' && !silbe_failed(in->reader->err)) {
        if (*in->at == '\n') {
            in->line++;
            in->at++;
        } else if (is_space(*in->at)) {
            in->at++;
        } else if (*in->at == '!') {
            in->at += strcspn(in->at, "\n");
        } else if (*in->at == '"') {
            take_text(in);
            return;
        } else if (take_word(in)) {
            return;
        }
    }
    in->kind = TOKEN_END;
}

/* The next token, which must be of that kind: what is said in the message. */
static void expect(scanner *in, token_kind kind, const char *what)
{
    next_token(in);
    if (in->kind == TOKEN_END) {
        silbe_times_fail(in->reader, in->line, "the file ends here, expected %s", what);
    } else if (in->kind != kind) {
        silbe_times_fail(in->reader, in->line, "found %s, expected %s",
                         in->kind == TOKEN_NUMBER ? "a number"
                         : in->kind == TOKEN_TEXT ? "a text in quotes"
                                                  : "a flag in angle brackets",
                         what);
    }
}

static double expect_number(scanner *in, const char *what)
{
    expect(in, TOKEN_NUMBER, what);
    return in->number;
}

static size_t expect_count(scanner *in, const char *what)
{
    double n = expect_number(in, what);
    if (!silbe_failed(in->reader->err) && !(n >= 0 && n <= 1e9 && n == floor(n))) {
        silbe_times_fail(in->reader, in->line, "%g is no number of things, expected %s", n, what);
    }
    return silbe_failed(in->reader->err) ? 0 : (size_t)n;
}

static bool is_text(const scanner *in, const char *text)
{
    return in->kind == TOKEN_TEXT && in->n_bytes == strlen(text) &&
           strncmp(in->text, text, in->n_bytes) == 0;
}

bool silbe_is_textgrid(const char *text)
{
    size_t n_bytes = strcspn(text, "\n");
    const char *mark = strstr(text, "ooTextFile");
    return strncmp(text, "ooBinaryFile", 12) == 0 ||
           (mark != NULL && (size_t)(mark - text) < n_bytes);
}

/* Ahead of the tiers; their number. */
static size_t read_head(scanner *in)
{
    if (strncmp(in->at, "ooBinaryFile", 12) == 0) {
        silbe_times_fail(in->reader, 0,
                         "is a binary file of Praat; save it there by \"Save as text file\"");
    }
    expect(in, TOKEN_TEXT, "\"ooTextFile\"");
    expect(in, TOKEN_TEXT, "\"TextGrid\"");
    if (!silbe_failed(in->reader->err) && !is_text(in, "TextGrid")) {
        silbe_times_fail(in->reader, in->line, "is of the class \"%.*s\", expected \"TextGrid\"",
                         (int)(in->n_bytes < 60 ? in->n_bytes : 60), in->text);
    }
    (void)expect_number(in, "the start of the grid");
    (void)expect_number(in, "the end of the grid");
    expect(in, TOKEN_FLAG, "<exists>");
    return !silbe_failed(in->reader->err) && strncmp(in->text, "<exists>", 8) != 0
               ? 0
               : expect_count(in, "the number of tiers");
}

/* The next item, its times and its label. */
static silbe_times_row read_item(scanner *in, const tier *of)
{
    silbe_times_row row = {.end_s = NAN, .confidence = NAN};
    row.start_s =
        expect_number(in, of->has_points ? "the time of a point" : "the start of an interval");
    row.line = in->line;
    if (!of->has_points) {
        row.end_s = expect_number(in, "the end of an interval");
    }
    expect(in, TOKEN_TEXT, "a label");
    row.text = in->text;
    row.n_bytes = in->n_bytes;
    return row;
}

static bool is_blank_label(const silbe_times_row *row)
{
    for (size_t i = 0; i < row->n_bytes; i++) {
        if (!is_space(row->text[i])) {
            return false;
        }
    }
    return true;
}

/* The next tier: its name, allocated, and how many labels it has. */
static void read_tier(scanner *in, tier *of, silbe_times_tier *chosen)
{
    expect(in, TOKEN_TEXT, "\"IntervalTier\" or \"TextTier\"");
    of->has_points = is_text(in, "TextTier");
    if (!silbe_failed(in->reader->err) && !of->has_points && !is_text(in, "IntervalTier")) {
        silbe_times_fail(in->reader, in->line, "expected \"IntervalTier\" or \"TextTier\"");
    }
    expect(in, TOKEN_TEXT, "the name of a tier");
    if (!silbe_failed(in->reader->err)) {
        char *name = silbe_alloc(in->n_bytes + 1, 1, "bytes of a name", in->reader->err);
        chosen->name = name != NULL ? memcpy(name, in->text, in->n_bytes) : NULL;
    }
    (void)expect_number(in, "the start of the tier");
    (void)expect_number(in, "the end of the tier");
    of->n_items = expect_count(in, "the number of intervals or points");
    of->items = *in;
    for (size_t i = 0; i < of->n_items && !silbe_failed(in->reader->err); i++) {
        silbe_times_row row = read_item(in, of);
        chosen->n_labels += !silbe_failed(in->reader->err) && !is_blank_label(&row);
    }
}

/* Halves doubled quotes, in place: each label is read once. */
static void unquote(silbe_times_row *row, char *text)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n_bytes; i++) {
        text[n++] = row->text[i];
        i += row->text[i] == '"';
    }
    row->text = text;
    row->n_bytes = n;
}

static void read_chosen(tier *of, const silbe_times_tier *chosen)
{
    scanner *in = &of->items;
    silbe_times_reader *reader = in->reader;
    char *text = silbe_alloc(reader->n_bytes + 1, 1, "bytes of text", reader->err);
    for (size_t i = 0; i < of->n_items && !silbe_failed(reader->err); i++) {
        silbe_times_row row = read_item(in, of);
        row.voice = chosen->voice;
        if (!silbe_failed(reader->err)) {
            unquote(&row, text);
            silbe_times_add(reader, &row);
        }
    }
    free(text);
}

void silbe_read_textgrid(silbe_times_reader *reader)
{
    silbe_err *err = reader->err;
    scanner in = {.reader = reader, .at = reader->text, .line = 1};
    tier *tiers = NULL;
    silbe_times_tier *chosen = NULL;
    size_t n_tiers = 0, n_wanted = read_head(&in);
    while (n_tiers < n_wanted && !silbe_failed(err)) {
        tiers = silbe_grow(tiers, n_tiers, NULL, sizeof *tiers, "tiers", err);
        chosen = silbe_grow(chosen, n_tiers, NULL, sizeof *chosen, "tiers", err);
        if (!silbe_failed(err)) {
            tiers[n_tiers] = (tier){.n_items = 0};
            chosen[n_tiers] = (silbe_times_tier){.name = NULL};
            read_tier(&in, &tiers[n_tiers], &chosen[n_tiers]);
            n_tiers++;
        }
    }
    if (!silbe_failed(err)) {
        silbe_times_choose_tiers(reader, chosen, n_tiers);
    }
    for (size_t i = 0; i < n_tiers; i++) {
        if (chosen[i].is_chosen && !silbe_failed(err)) {
            read_chosen(&tiers[i], &chosen[i]);
        }
        free(chosen[i].name);
    }
    free(tiers);
    free(chosen);
}
