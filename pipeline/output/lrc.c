/* Enhanced LRC, A2 extension: https://en.wikipedia.org/wiki/LRC_(file_format) */
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 100

static void put_time(FILE *stream, char open, int64_t ticks, char close)
{
    const int64_t per_minute = 60 * (int64_t)TICKS_PER_SECOND;
    (void)fprintf(stream, "%c%02lld:%02lld.%02lld%c", open, (long long)(ticks / per_minute),
                  (long long)(ticks % per_minute / TICKS_PER_SECOND),
                  (long long)(ticks % TICKS_PER_SECOND), close);
}

static void put_tag(FILE *stream, const char *name, const char *value)
{
    (void)fprintf(stream, "[%s:", name);
    silbe_text_put(stream, value, SILBE_TEXT_LRC);
    (void)fputs("]\n", stream);
}

static void emit_lrc(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    put_tag(stream, "ti", words->title != NULL ? words->title : words->work);
    (void)fputs("[length:", stream);
    put_time(stream, ' ', tiers->duration, ']');
    (void)fputc('\n', stream);
    put_tag(stream, "re", "Silbe");
    put_tag(stream, "ve", words->program_version);
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        if (!silbe_tick_span_is_placed(&tiers->lines[l])) {
            continue;
        }
        put_time(stream, '[', tiers->lines[l].start, ']');
        for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
            if (words->is_matched[w]) {
                put_time(stream, '<', tiers->words[w].start, '>');
                silbe_text_put(stream, lyrics->words[w].text, SILBE_TEXT_LRC);
                (void)fputc(' ', stream);
            }
        }
        put_time(stream, '<', tiers->lines[l].end, '>');
        (void)fputc('\n', stream);
    }
}

silbe_status silbe_output_write_lrc(const char *path, const silbe_words *words, silbe_err *err)
{
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, false, emit_lrc, err);
}
