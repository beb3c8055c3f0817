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

/* A time tag must lie after the start of its cue, so the first word has none. */
static void put_timed_words(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers,
                            const silbe_line *line)
{
    bool is_first = true;
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        if (!words->is_matched[w]) {
            continue;
        }
        if (!is_first) {
            (void)fputs(" <", stream);
            put_time(stream, tiers->words[w].start, '.');
            (void)fputc('>', stream);
        }
        silbe_text_put(stream, words->lyrics.words[w].text, SILBE_TEXT_WEBVTT);
        is_first = false;
    }
    (void)fputc('\n', stream);
}

static void emit_webvtt(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    size_t n_cues = 0;
    (void)fputs("WEBVTT\n\nNOTE ", stream);
    silbe_text_put(stream, words->work, SILBE_TEXT_WEBVTT);
    (void)fputc(' ', stream);
    silbe_text_put(stream, words->version, SILBE_TEXT_WEBVTT);
    (void)fputs("\n\n", stream);
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        if (silbe_tick_span_is_placed(&tiers->lines[l])) {
            (void)fputs(n_cues > 0 ? "\n" : "", stream);
            put_cue_head(stream, ++n_cues, &tiers->lines[l], '.');
            put_timed_words(stream, words, tiers, &lyrics->lines[l]);
        }
    }
}

static void emit_srt(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    size_t n_cues = 0;
    for (size_t l = 0; l < words->lyrics.n_lines; l++) {
        if (silbe_tick_span_is_placed(&tiers->lines[l])) {
            put_cue_head(stream, ++n_cues, &tiers->lines[l], ',');
            silbe_text_put(stream, words->lyrics.lines[l].text, SILBE_TEXT_SRT);
            (void)fputs("\n\n", stream);
        }
    }
}

silbe_status silbe_output_write_webvtt(const char *path, const silbe_words *words, silbe_err *err)
{
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, false, emit_webvtt, err);
}

silbe_status silbe_output_write_srt(const char *path, const silbe_words *words, silbe_err *err)
{
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, false, emit_srt, err);
}
