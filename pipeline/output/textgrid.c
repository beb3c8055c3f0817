/* Praat's manual, "TextGrid file formats": https://www.fon.hum.uva.nl/praat/manual/ */
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 10000

typedef enum { TIER_LINES, TIER_WORDS, TIER_SYLLABLES, TIER_PHONES } tier_kind;

static const char *label_of(const silbe_words *words, tier_kind kind, size_t i)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    switch (kind) {
    case TIER_LINES:
        return lyrics->lines[i].text;
    case TIER_WORDS:
        return lyrics->words[i].text;
    case TIER_SYLLABLES:
        return lyrics->syllables[i].text;
    case TIER_PHONES:
        break;
    }
    return words->phones[i].symbol;
}

static void put_interval(FILE *stream, size_t number, int64_t begin, int64_t end, const char *text)
{
    (void)fprintf(stream, "        intervals [%zu]:\n            xmin = ", number);
    silbe_output_put_seconds(stream, begin, TICKS_PER_SECOND);
    (void)fputs("\n            xmax = ", stream);
    silbe_output_put_seconds(stream, end, TICKS_PER_SECOND);
    (void)fputs("\n            text = \"", stream);
    silbe_text_put(stream, text, SILBE_TEXT_QUOTED);
    (void)fputs("\"\n", stream);
}

static void put_range(FILE *stream, const char *indent, int64_t duration)
{
    (void)fprintf(stream, "%sxmin = 0\n%sxmax = ", indent, indent);
    silbe_output_put_seconds(stream, duration, TICKS_PER_SECOND);
    (void)fputc('\n', stream);
}

/* An interval tier has no holes: what lies between the spans becomes intervals without label. */
static void put_tier(FILE *stream, size_t number, tier_kind kind, const silbe_words *words,
                     const silbe_tick_span *spans, size_t n, int64_t duration)
{
    static const char *const NAMES[] = {"lines", "words", "syllables", "phones"};
    size_t n_intervals = 0;
    int64_t reached = 0;
    for (size_t i = 0; i < n; i++) {
        if (silbe_tick_span_is_placed(&spans[i])) {
            n_intervals += spans[i].start > reached ? 2 : 1;
            reached = spans[i].end;
        }
    }
    n_intervals += duration > reached;
    (void)fprintf(stream,
                  "    item [%zu]:\n        class = \"IntervalTier\"\n        name = \"%s\"\n",
                  number, NAMES[kind]);
    put_range(stream, "        ", duration);
    (void)fprintf(stream, "        intervals: size = %zu\n", n_intervals);
    size_t next = 1;
    reached = 0;
    for (size_t i = 0; i < n; i++) {
        if (!silbe_tick_span_is_placed(&spans[i])) {
            continue;
        }
        if (spans[i].start > reached) {
            put_interval(stream, next++, reached, spans[i].start, "");
        }
        put_interval(stream, next++, spans[i].start, spans[i].end, label_of(words, kind, i));
        reached = spans[i].end;
    }
    if (duration > reached) {
        put_interval(stream, next, reached, duration, "");
    }
}

static void emit_textgrid(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    (void)fputs("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n", stream);
    put_range(stream, "", tiers->duration);
    (void)fprintf(stream, "tiers? <exists>\nsize = %d\nitem []:\n", tiers->phones != NULL ? 4 : 3);
    put_tier(stream, 1, TIER_LINES, words, tiers->lines, lyrics->n_lines, tiers->duration);
    put_tier(stream, 2, TIER_WORDS, words, tiers->words, lyrics->n_words, tiers->duration);
    put_tier(stream, 3, TIER_SYLLABLES, words, tiers->syllables, lyrics->n_syllables,
             tiers->duration);
    if (tiers->phones != NULL) {
        put_tier(stream, 4, TIER_PHONES, words, tiers->phones, words->n_phones, tiers->duration);
    }
}

silbe_status silbe_output_write_textgrid(const char *path, const silbe_words *words, silbe_err *err)
{
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, true, emit_textgrid, err);
}
