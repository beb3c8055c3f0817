/* https://manual.audacityteam.org/man/importing_and_exporting_labels.html */
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 10000

static void emit_labels(FILE *stream, const silbe_words *words, const silbe_output_tiers *tiers)
{
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        if (!words->is_matched[w]) {
            continue;
        }
        silbe_output_put_seconds(stream, tiers->words[w].start, TICKS_PER_SECOND);
        (void)fputc('\t', stream);
        silbe_output_put_seconds(stream, tiers->words[w].end, TICKS_PER_SECOND);
        (void)fputc('\t', stream);
        silbe_text_put(stream, words->lyrics.words[w].text, SILBE_TEXT_PLAIN);
        (void)fputc('\n', stream);
    }
}

silbe_status silbe_output_write_audacity(const char *path, const silbe_words *words, silbe_err *err)
{
    return silbe_output_write_text(path, words, TICKS_PER_SECOND, true, emit_labels, err);
}
