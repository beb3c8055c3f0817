/* Files of word times, damaged: read, or refused with a message; what is read keeps its promises.
 * The first byte chooses the format by the file's name, and a beginning that makes it of interest.
 */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/time_list.h"
#include "tests/fuzz/bytes.h"

#include <math.h>
#include <unistd.h>

static const struct {
    const char *extension;
    const char *begin;
} FORMATS[] = {
    {"csv", "start;end;word;voice;confidence\n1;2;a;b;0.5\n"},
    {"csv", "1.5,0.5,a\n"},
    {"json", "{\"format\": \"silbe-words\", \"format_version\": 2, \"lines\": ["},
    {"TextGrid",
     "\"ooTextFile\"\n\"TextGrid\"\n0 9 <exists> 1\n\"IntervalTier\" \"words\" 0 9 2\n"},
    {"TextGrid", "\xff\xfe\"\0o\0o\0T\0"},
    {"eaf", "<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"a\" TIME_VALUE=\"1\"/>"
            "</TIME_ORDER><TIER TIER_ID=\"words\"><ANNOTATION><ALIGNABLE_ANNOTATION "
            "ANNOTATION_ID=\"b\" TIME_SLOT_REF1=\"a\" TIME_SLOT_REF2=\"a\"><ANNOTATION_VALUE>"},
    {"txt", "1\t2\ta\n"},
    {"lrc", "[offset:10]\n[00:01.00]<00:01.00>a <00:02.00>b\n[00:03.00][00:04.00]c\n"},
    {"vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\na <00:01.500>b &amp; <c>\n\n"},
    {"srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>a</i>\n\n"},
    {"txt", ""},
};
enum { N_FORMATS = sizeof FORMATS / sizeof FORMATS[0] };

static void check_list(const silbe_time_list *list)
{
    double *last_s = fuzz_alloc(list->n_voices * sizeof *last_s);
    fuzz_require(list->n_texts > 0);
    for (size_t v = 0; v < list->n_voices; v++) {
        last_s[v] = 0.0;
    }
    for (size_t i = 0; i < list->n_texts; i++) {
        const silbe_timed_text *text = &list->texts[i];
        fuzz_require(text->text[0] != '\0' && text->text[0] != ' ');
        fuzz_require(text->voice < list->n_voices);
        fuzz_require(isnan(text->confidence) || (text->confidence >= 0 && text->confidence <= 1));
        if (!isnan(text->start_s)) {
            fuzz_require(text->start_s >= last_s[text->voice] && text->start_s <= SILBE_MAX_TIME_S);
            fuzz_require(isnan(text->end_s) || text->end_s >= text->start_s);
            last_s[text->voice] = text->start_s;
        }
    }
    free(last_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes b = {data, size};
    unsigned choice = fuzz_byte(&b);
    size_t format = choice % N_FORMATS;
    char path[64];
    silbe_err err = SILBE_ERR_INIT;
    silbe_time_list list;
    (void)snprintf(path, sizeof path, "fuzz_times.%ld.%s", (long)getpid(),
                   FORMATS[format].extension);
    FILE *stream = fopen(path, "wb");
    fuzz_require(stream != NULL);
    /* Above 128 the rest is the whole file. */
    if (choice < 128) {
        size_t n_bytes = format == 4 ? 10 : strlen(FORMATS[format].begin);
        (void)fwrite(FORMATS[format].begin, 1, n_bytes, stream);
    }
    (void)fwrite(b.data, 1, b.size, stream);
    fuzz_require(fclose(stream) == 0);
    silbe_status status = silbe_time_list_read(path, &list, &err);
    (void)unlink(path);
    if (status == SILBE_OK) {
        check_list(&list);
    } else {
        fuzz_require(err.message[0] != '\0' && list.n_texts == 0);
    }
    silbe_time_list_free(&list);
    return 0;
}
