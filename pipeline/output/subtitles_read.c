/* WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"

/* Where the reader is; both formats are read alike but for tags. */
typedef struct {
    silbe_times_reader *reader;
    silbe_times_lines lines;
    bool is_webvtt;
    char *text; /* of a piece of a cue, without tags; as large as the file */
    size_t n_bytes;
    silbe_times_row row; /* of that piece */
} subtitles;

static const struct {
    const char *entity;
    const char *text;
} ENTITIES[] = {
    {"&amp;", "&"},
    {"&lt;", "<"},
    {"&gt;", ">"},
    {"&quot;", "\""},
    {"&nbsp;", "\xc2\xa0"},
    {"&lrm;", "\xe2\x80\x8e"},
    {"&rlm;", "\xe2\x80\x8f"},
};

bool silbe_is_webvtt(const char *text)
{
    return strncmp(text, "WEBVTT", 6) == 0 && strchr(" \t\n", text[6]) != NULL;
}

/* "00:00:01,000 --> 00:00:02,000 ..." */
static bool parse_times(const char *line, double *start_s, double *end_s)
{
    line += strspn(line, " \t");
    if (!silbe_times_clock(&line, false, start_s)) {
        return false;
    }
    line += strspn(line, " \t");
    if (strncmp(line, "-->", 3) != 0) {
        return false;
    }
    line += 3;
    line += strspn(line, " \t");
    return silbe_times_clock(&line, false, end_s) &&
           (*line == '\0' || *line == ' ' || *line == '\t' || *line == '\n');
}

/* The first cue begins with its number or with its times. */
bool silbe_is_srt(const char *text)
{
    double start_s = 0, end_s = 0;
    text += strspn(text, " \t\n");
    if (parse_times(text, &start_s, &end_s)) {
        return true;
    }
    text += strspn(text, "0123456789 \t");
    return *text == '\n' && parse_times(text + 1, &start_s, &end_s);
}

static void append(subtitles *in, const char *text, size_t n_bytes)
{
    memcpy(in->text + in->n_bytes, text, n_bytes);
    in->n_bytes += n_bytes;
}

/* Ends the piece at end_s, and begins the next there. */
static void end_piece(subtitles *in, double end_s)
{
    in->row.text = in->text;
    in->row.n_bytes = in->n_bytes;
    in->row.end_s = end_s;
    silbe_times_add(in->reader, &in->row);
    in->row.start_s = end_s;
    in->n_bytes = 0;
}

/* A tag at text, its bytes; 0 if there is none. last_closes: where the line's last > and } are, so
 * that no unclosed tag is searched to the end again and again. A time in it ends the piece. */
static size_t take_tag(subtitles *in, const char *text, const char *const *last_closes)
{
    const char *p = text + 1;
    double time_s = 0;
    bool is_angle = text[0] == '<';
    const char *last_close = last_closes[is_angle ? 0 : 1];
    bool may_be_one = is_angle || (!in->is_webvtt && strncmp(text, "{\\", 2) == 0);
    if (!may_be_one || last_close == NULL || last_close < text) {
        return 0;
    }
    if (in->is_webvtt && silbe_times_clock(&p, false, &time_s) && *p == '>') {
        in->reader->has_words = true;
        end_piece(in, time_s);
    }
    return strcspn(text, is_angle ? ">" : "}") + 1;
}

static size_t take_entity(subtitles *in, const char *text)
{
    for (size_t i = 0; in->is_webvtt && i < sizeof ENTITIES / sizeof ENTITIES[0]; i++) {
        size_t n_bytes = strlen(ENTITIES[i].entity);
        if (strncmp(text, ENTITIES[i].entity, n_bytes) == 0) {
            append(in, ENTITIES[i].text, strlen(ENTITIES[i].text));
            return n_bytes;
        }
    }
    return 0;
}

static void read_text(subtitles *in, const char *line)
{
    const char *const last_closes[] = {strrchr(line, '>'), strrchr(line, '}')};
    if (in->n_bytes > 0) {
        append(in, " ", 1);
    }
    while (*line != '\0') {
        size_t n_taken = 0;
        if (*line == '<' || *line == '{') {
            n_taken = take_tag(in, line, last_closes);
        } else if (*line == '&') {
            n_taken = take_entity(in, line);
        }
        if (n_taken == 0) {
            append(in, line, 1);
            n_taken = 1;
        }
        line += n_taken;
    }
}

/* The lines of a cue, up to a blank one. */
static void read_cue(subtitles *in, double start_s, double end_s)
{
    in->row = (silbe_times_row){.line = in->lines.number, .confidence = NAN};
    in->row.start_s = start_s;
    in->n_bytes = 0;
    for (char *line = NULL; (line = silbe_times_next_line(&in->lines)) != NULL;) {
        if (silbe_times_is_blank(line)) {
            break;
        }
        read_text(in, line);
    }
    end_piece(in, end_s);
}

/* Passes over a comment, style or region, up to a blank line. */
static void pass_block(subtitles *in, const char *line)
{
    while (line != NULL && !silbe_times_is_blank(line)) {
        line = silbe_times_next_line(&in->lines);
    }
}

static bool is_block(const subtitles *in, const char *line)
{
    static const char *const BLOCKS[] = {"NOTE", "STYLE", "REGION"};
    for (size_t i = 0; in->is_webvtt && i < sizeof BLOCKS / sizeof BLOCKS[0]; i++) {
        size_t n_bytes = strlen(BLOCKS[i]);
        if (strncmp(line, BLOCKS[i], n_bytes) == 0 && strchr(" \t", line[n_bytes]) != NULL) {
            return true;
        }
    }
    return false;
}

static void read_cues(subtitles *in)
{
    double start_s = 0, end_s = 0;
    for (char *line = NULL;
         !silbe_failed(in->reader->err) && (line = silbe_times_next_line(&in->lines)) != NULL;) {
        if (silbe_times_is_blank(line)) {
            continue;
        }
        if (is_block(in, line)) {
            pass_block(in, line);
            continue;
        }
        /* Its name or number, unless it has none. */
        if (strstr(line, "-->") == NULL) {
            line = silbe_times_next_line(&in->lines);
        }
        if (line == NULL || !parse_times(line, &start_s, &end_s)) {
            silbe_times_fail(in->reader, in->lines.number,
                             "\"%.60s\", expected the times of a cue, such as 00:00:01%s000 --> "
                             "00:00:02%s500",
                             line != NULL ? line : "", in->is_webvtt ? "." : ",",
                             in->is_webvtt ? "." : ",");
            return;
        }
        read_cue(in, start_s, end_s);
    }
}

static void read_subtitles(silbe_times_reader *reader, bool is_webvtt)
{
    subtitles in = {.reader = reader, .lines = {reader->text, 0}, .is_webvtt = is_webvtt};
    in.text = silbe_alloc(reader->n_bytes + 1, 1, "bytes of text", reader->err);
    (void)silbe_times_voice(reader, "", 0);
    if (is_webvtt && silbe_is_webvtt(reader->text)) {
        pass_block(&in, silbe_times_next_line(&in.lines));
    }
    read_cues(&in);
    free(in.text);
}

void silbe_read_webvtt(silbe_times_reader *reader)
{
    read_subtitles(reader, true);
}

void silbe_read_srt(silbe_times_reader *reader)
{
    read_subtitles(reader, false);
}
