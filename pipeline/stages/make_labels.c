#include "pipeline/stages/make_labels.h"

#include <stdlib.h>

#include "align/language/lyrics_language.h"
#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/reconcile.h"
#include "datasets/musicxml.h"
#include "pipeline/host/read_text.h"

static void report_differences(const silbe_differences *differences, silbe_item_report *report)
{
    for (size_t i = 0; i < differences->n_items; i++) {
        const silbe_difference *d = &differences->items[i];
        silbe_item_note(report, "%s: line %zu \"%s\", measure %d \"%s\"",
                        silbe_difference_kind_str(d->kind), d->text_line, d->in_text, d->measure,
                        d->in_score);
    }
    if (differences->n_items > 0) {
        silbe_item_warning(report, "lyrics and score differ in %zu places (--verbose lists them)",
                           differences->n_items);
    }
}

static void report_language(const silbe_lyrics *lyrics, silbe_item_report *report)
{
    size_t n_tagged = 0, n_recognised = 0;
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        n_tagged += line->language[0] != '\0' && line->is_tagged;
        n_recognised += line->language[0] != '\0' && !line->is_tagged;
    }
    silbe_item_note(report, "language of the text: %s",
                    lyrics->language[0] != '\0' ? lyrics->language : "not recognised");
    if (n_tagged > 0) {
        silbe_item_note(report, "%zu lines in another language, by their tags", n_tagged);
    }
    if (n_recognised > 0) {
        silbe_item_note(report, "%zu lines recognised as in another language", n_recognised);
    }
}

/* Words and lines of the lyrics alone. */
static void from_text(const silbe_labels_source *source, silbe_labels *labels, silbe_err *err)
{
    if (silbe_lyrics_from_text(source->text, source->n_bytes, &labels->lyrics, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, source->lyrics_path);
    }
}

static void from_score(const silbe_config *config, const silbe_labels_source *source,
                       silbe_labels *labels, silbe_err *err)
{
    const char *voice_part = config->labels.voice_part;
    silbe_musicxml_options options = SILBE_MUSICXML_OPTIONS_INIT;
    options.voice_parts = &voice_part;
    options.n_voice_parts = voice_part[0] != '\0' ? 1 : 0;
    if (silbe_musicxml_read(source->score_path, &options, &labels->score, err) == SILBE_OK &&
        silbe_lyrics_reconcile(&labels->score, source->text, source->n_bytes, &labels->lyrics,
                               &labels->differences, err) != SILBE_OK) {
        bool is_of_text = source->text != NULL && labels->score.n_syllables > 0;
        (void)silbe_fail_prefix(err, err->status,
                                is_of_text ? source->lyrics_path : source->score_path);
    }
}

silbe_status silbe_make_labels(const silbe_config *config, const silbe_labels_source *source,
                               silbe_labels *labels, silbe_item_report *report, silbe_err *err)
{
    silbe_err own;
    silbe_labels_source s = *source;
    char *text = NULL;
    err = silbe_err_begin(err, &own);
    if (s.text == NULL && s.lyrics_path != NULL) {
        silbe_try(err, silbe_read_text(s.lyrics_path, &text, &s.n_bytes, err));
        s.text = text;
    }
    if (!silbe_failed(err) && s.score_path == NULL) {
        from_text(&s, labels, err);
    } else if (!silbe_failed(err)) {
        from_score(config, &s, labels, err);
    }
    silbe_try(err, silbe_lyrics_recognise(&labels->lyrics, err));
    if (!silbe_failed(err)) {
        report_language(&labels->lyrics, report);
        report_differences(&labels->differences, report);
    }
    free(text);
    return err->status;
}
