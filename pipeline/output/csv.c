#include <math.h>

#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 10000

/* A confidence of 1 is what people write, who set a word by hand: no estimate may be taken for a
 * reference. */
#define MOST_SURE 0.999

static void emit_csv(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    (void)fprintf(stream, "start;end;word;line;confidence%s\n",
                  tiers->sounding_starts != NULL ? ";sounding_start" : "");
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        const silbe_word *word = &words->lyrics.words[w];
        if (!words->is_matched[w]) {
            continue;
        }
        silbe_output_put_seconds(stream, tiers->words[w].start, TICKS_PER_SECOND);
        (void)fputc(';', stream);
        silbe_output_put_seconds(stream, tiers->words[w].end, TICKS_PER_SECOND);
        (void)fputs(";\"", stream);
        silbe_text_put(stream, word->text, SILBE_TEXT_QUOTED);
        (void)fprintf(stream, "\";%zu;", word->line + 1);
        silbe_output_put_confidence(stream, fmin(words->times.words[w].confidence, MOST_SURE));
        if (tiers->sounding_starts != NULL) {
            (void)fputc(';', stream);
            silbe_output_put_seconds(stream, tiers->sounding_starts[w], TICKS_PER_SECOND);
        }
        (void)fputc('\n', stream);
    }
}

silbe_status silbe_output_write_csv(const char *path, const silbe_words *words, silbe_err *err)
{
    /* With syllables, so that CSV, JSON and TextGrid agree to the last digit. */
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, true, emit_csv, err);
}
