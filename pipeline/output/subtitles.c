/* WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, which share cues and differ in escaping. */
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 1000

static void put_time(FILE *stream, int64_t ms, char decimal_mark)
{
    (void)fprintf(stream, "%02lld:%02lld:%02lld%c%03lld", (long long)(ms / 3600000),
                  (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60), decimal_mark,
                  (long long)(ms % 1000));
}

static void put_cue_head(FILE *stream, size_t number, const silbe_tick_span *span,
                         char decimal_mark)
{
    (void)fprintf(stream, "%zu\n", number);
    put_time(stream, span->start, decimal_mark);
    (void)fputs(" --> ", stream);
    put_time(stream, span->end, decimal_mark);
    (void)fputc('\n', stream);
}

static void emit_webvtt(FILE *stream, const silbe_output_item *item,
                        const silbe_output_tiers *tiers)
{
    const silbe_lyrics *lyrics = item->lyrics;
    (void)fputs("WEBVTT\n\nNOTE ", stream);
    silbe_text_put(stream, item->work, SILBE_TEXT_WEBVTT);
    (void)fputc(' ', stream);
    silbe_text_put(stream, item->version, SILBE_TEXT_WEBVTT);
    (void)fputs("\n\n", stream);
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        put_cue_head(stream, l + 1, &tiers->lines[l], '.');
        for (size_t i = 0; i < line->n_words; i++) {
            size_t w = line->first_word + i;
            /* A time tag must lie after the start of its cue, so the first word has none. */
            if (i > 0) {
                (void)fputs(" <", stream);
                put_time(stream, tiers->words[w].start, '.');
                (void)fputc('>', stream);
            }
            silbe_text_put(stream, lyrics->words[w].text, SILBE_TEXT_WEBVTT);
        }
        (void)fputs(l + 1 < lyrics->n_lines ? "\n\n" : "\n", stream);
    }
}

static void emit_srt(FILE *stream, const silbe_output_item *item, const silbe_output_tiers *tiers)
{
    for (size_t l = 0; l < item->lyrics->n_lines; l++) {
        put_cue_head(stream, l + 1, &tiers->lines[l], ',');
        silbe_text_put(stream, item->lyrics->lines[l].text, SILBE_TEXT_SRT);
        (void)fputs("\n\n", stream);
    }
}

silbe_status silbe_output_write_webvtt(const char *path, const silbe_output_item *item,
                                       silbe_err *err)
{
    return silbe_output_write_text(path, item, TICKS_PER_SECOND, false, emit_webvtt, err);
}

silbe_status silbe_output_write_srt(const char *path, const silbe_output_item *item, silbe_err *err)
{
    return silbe_output_write_text(path, item, TICKS_PER_SECOND, false, emit_srt, err);
}
