#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "features/base/memory.h"
#include "features/base/read_file.h"
#include "pipeline/output/output.h"
#include "pipeline/output/read_internal.h"

#define WHAT_IS_READ                                                                               \
    "CSV (start;end;word, or time,label without header), JSON as written by this program, Praat "  \
    "TextGrid, ELAN (.eaf), Audacity labels, LRC, WebVTT, SRT"

static bool is_json(const char *text)
{
    return text[strspn(text, " \t\n")] == '{';
}

/* The document's own reader verifies it all, its order included. */
static void read_json(silbe_times_reader *reader)
{
    silbe_words words = SILBE_WORDS_INIT;
    silbe_try(reader->err, silbe_output_read_json(reader->path, &words, reader->err));
    for (size_t w = 0; !silbe_failed(reader->err) && w < words.lyrics.n_words; w++) {
        const char *text = words.lyrics.words[w].text;
        const silbe_span *span = &words.times.words[w];
        if (words.is_matched[w]) {
            silbe_times_add(reader, &(silbe_times_row){.text = text,
                                                       .n_bytes = strlen(text),
                                                       .voice = silbe_times_voice(
                                                           reader, words.voices[words.voice[w]], 0),
                                                       .start_s = span->start_s,
                                                       .end_s = span->end_s,
                                                       .confidence = span->confidence});
        }
    }
    reader->has_words = true;
    silbe_words_free(&words);
}

/* By content, the first that fits; of the last two each can look like the other. */
static const struct {
    const char *ends[3]; /* of names, NULL-ended if fewer */
    bool (*fits)(const char *text);
    void (*read)(silbe_times_reader *reader);
} READERS[] = {
    {{"vtt"}, silbe_is_webvtt, silbe_read_webvtt},
    {{"json"}, is_json, read_json},
    {{"textgrid"}, silbe_is_textgrid, silbe_read_textgrid},
    {{"eaf", "xml"}, silbe_is_elan, silbe_read_elan},
    {{"srt"}, silbe_is_srt, silbe_read_srt},
    {{"lrc"}, silbe_is_lrc, silbe_read_lrc},
    {{"txt"}, silbe_is_audacity, silbe_read_audacity},
    {{"csv", "tsv"}, silbe_is_csv, silbe_read_csv},
};
enum { N_READERS = sizeof READERS / sizeof READERS[0] };

static bool is_named(size_t r, const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < 3 && READERS[r].ends[i] != NULL; i++) {
        if (strcasecmp(dot + 1, READERS[r].ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The reader of the file; N_READERS if there is none. */
static size_t find_reader(const silbe_times_reader *reader)
{
    size_t by_content = N_READERS, by_name = N_READERS;
    for (size_t r = 0; r < N_READERS; r++) {
        bool fits = READERS[r].fits(reader->text);
        if (fits && (by_content == N_READERS || is_named(r, reader->path))) {
            by_content = r;
        }
        by_name = is_named(r, reader->path) ? r : by_name;
    }
    return by_content < N_READERS ? by_content : by_name;
}

/* UTF-16 with byte order mark becomes UTF-8, any byte order mark goes. */
static void decode(silbe_times_reader *reader)
{
    static const char MARKS[2][2] = {{'\xff', '\xfe'}, {'\xfe', '\xff'}};
    bool is_little = reader->n_bytes >= 2 && memcmp(reader->text, MARKS[0], 2) == 0;
    bool is_big = reader->n_bytes >= 2 && memcmp(reader->text, MARKS[1], 2) == 0;
    if (silbe_failed(reader->err)) {
        return;
    }
    if (is_little || is_big) {
        size_t n_units = reader->n_bytes / 2 - 1, n_bytes = 0;
        uint16_t *units = silbe_alloc(n_units + 1, sizeof *units, "characters", reader->err);
        for (size_t i = 0; units != NULL && i < n_units; i++) {
            const unsigned char *pair = (const unsigned char *)reader->text + 2 + 2 * i;
            units[i] = (uint16_t)(pair[is_big ? 0 : 1] << 8 | pair[is_big ? 1 : 0]);
        }
        if (units != NULL && u16_check(units, n_units) != NULL) {
            silbe_times_fail(reader, 0, "begins like UTF-16 and is not; save it as UTF-8");
        }
        char *text = silbe_alloc(3 * n_units + 1, 1, "bytes of text", reader->err);
        if (!silbe_failed(reader->err)) {
            n_bytes = 3 * n_units;
            (void)u16_to_u8(units, n_units, (uint8_t *)text, &n_bytes);
            free(reader->text);
            reader->text = text;
            reader->n_bytes = n_bytes;
            text = NULL;
        }
        free(text);
        free(units);
    } else if (reader->n_bytes >= 3 && memcmp(reader->text, "\xef\xbb\xbf", 3) == 0) {
        reader->n_bytes -= 3;
        memmove(reader->text, reader->text + 3, reader->n_bytes + 1);
    }
}

/* UTF-8 without zeros; CR LF and CR become LF. */
static void normalise(silbe_times_reader *reader)
{
    const uint8_t *bad = NULL;
    size_t n = 0, line = 1;
    if (silbe_failed(reader->err)) {
        return;
    }
    for (size_t i = 0; i < reader->n_bytes; i++) {
        char c = reader->text[i];
        if (c == '\r' && reader->text[i + 1] == '\n') {
            continue;
        }
        if (c == '\0') {
            silbe_times_fail(reader, line, "a zero byte, expected text; what is read: %s",
                             WHAT_IS_READ);
            return;
        }
        line += c == '\n' || c == '\r';
        reader->text[n++] = c == '\r' ? '\n' : c;
    }
    reader->text[n] = '\0';
    reader->n_bytes = n;
    bad = u8_check((const uint8_t *)reader->text, n);
    if (bad != NULL) {
        line = 1;
        for (const char *p = reader->text; p < (const char *)bad; p++) {
            line += *p == '\n';
        }
        silbe_times_fail(reader, line,
                         "byte 0x%02X is not UTF-8; convert the file, for example with iconv -f "
                         "LATIN1 -t UTF-8",
                         (unsigned)*bad);
    }
}

static void load(silbe_times_reader *reader)
{
    silbe_try(reader->err, silbe_read_file(reader->path, SILBE_TIME_LIST_MAX_BYTES, &reader->text,
                                           &reader->n_bytes, reader->err));
    if (!silbe_failed(reader->err) && reader->n_bytes > SILBE_TIME_LIST_MAX_BYTES) {
        (void)silbe_fail(reader->err, SILBE_ERR_DATA, "%s: is larger than %zu MiB", reader->path,
                         SILBE_TIME_LIST_MAX_BYTES >> 20);
    }
    decode(reader);
    normalise(reader);
    if (!silbe_failed(reader->err) && reader->text[strspn(reader->text, " \t\n")] == '\0') {
        (void)silbe_fail(reader->err, SILBE_ERR_DATA, "%s: is empty", reader->path);
    }
}

/* Where the format leaves it open: lines, if most of the texts are of several words. */
static silbe_time_level find_level(const silbe_times_reader *reader)
{
    size_t n_several = 0;
    for (size_t i = 0; i < reader->list->n_texts; i++) {
        n_several += strchr(reader->list->texts[i].text, ' ') != NULL;
    }
    return !reader->has_words && 2 * n_several > reader->list->n_texts ? SILBE_LEVEL_LINES
                                                                       : SILBE_LEVEL_WORDS;
}

silbe_status silbe_time_list_read(const char *path, silbe_time_list *list, silbe_err *err)
{
    silbe_err own;
    silbe_times_reader reader = {.path = path, .list = list};
    reader.err = err = silbe_err_begin(err, &own);
    *list = (silbe_time_list)SILBE_TIME_LIST_INIT;
    load(&reader);
    size_t r = silbe_failed(err) ? N_READERS : find_reader(&reader);
    if (r < N_READERS) {
        READERS[r].read(&reader);
    } else if (!silbe_failed(err)) {
        silbe_times_fail(&reader, 0, "is of no format that is read here: %s", WHAT_IS_READ);
    }
    if (!silbe_failed(err) && list->n_texts == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: holds no words", path);
    }
    if (!silbe_failed(err)) {
        list->level = find_level(&reader);
    } else {
        silbe_time_list_free(list);
    }
    free(reader.text);
    free(reader.last_s);
    return err->status;
}
