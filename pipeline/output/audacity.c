/* https://manual.audacityteam.org/man/importing_and_exporting_labels.html */
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 10000

static void emit_labels(FILE *stream, const silbe_output_item *item,
                        const silbe_output_tiers *tiers)
{
    for (size_t w = 0; w < item->lyrics->n_words; w++) {
        silbe_output_put_seconds(stream, tiers->words[w].start, TICKS_PER_SECOND);
        (void)fputc('\t', stream);
        silbe_output_put_seconds(stream, tiers->words[w].end, TICKS_PER_SECOND);
        (void)fputc('\t', stream);
        silbe_text_put(stream, item->lyrics->words[w].text, SILBE_TEXT_PLAIN);
        (void)fputc('\n', stream);
    }
}

silbe_status silbe_output_write_audacity(const char *path, const silbe_output_item *item,
                                         silbe_err *err)
{
    return silbe_output_write_text(path, item, TICKS_PER_SECOND, true, emit_labels, err);
}
