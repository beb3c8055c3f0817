/* silbe-labels: scores and lyrics to label sequences, work/<dataset>/labels/<work>.json. */
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/lyrics_text.h"
#include "align/lyrics/reconcile.h"
#include "datasets/dataset.h"
#include "datasets/musicxml.h"
#include "features/base/memory.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/host/read_text.h"
#include "pipeline/run/chain_items.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/settings/cli.h"

static const silbe_cli_spec SPEC = {
    .program = "silbe-labels",
    .summary = "scores and lyrics to notes, syllables, words and lines",
    .details =
        "Writes WORK/<dataset>/labels/<work>.json, one file for all versions of a work, and\n"
        "lists there where lyrics and score differ. Without a score it is the lyrics alone.",
};

typedef struct {
    const silbe_dataset *dataset;
    const silbe_config *config;
} labels_context;

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

/* Words and lines of the lyrics alone. */
static void from_text(const silbe_item *source, const char *text, size_t n_bytes,
                      silbe_labels *labels, silbe_err *err)
{
    if (silbe_lyrics_from_text(text, n_bytes, &labels->lyrics, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, source->lyrics_path);
    }
}

static void from_score(const silbe_item *source, const char *voice_part, const char *text,
                       size_t n_bytes, silbe_labels *labels, silbe_err *err)
{
    silbe_musicxml_options options = SILBE_MUSICXML_OPTIONS_INIT;
    options.voice_parts = &voice_part;
    options.n_voice_parts = voice_part[0] != '\0' ? 1 : 0;
    if (silbe_musicxml_read(source->score_path, &options, &labels->score, err) == SILBE_OK &&
        silbe_lyrics_reconcile(&labels->score, text, n_bytes, &labels->lyrics, &labels->differences,
                               err) != SILBE_OK) {
        bool is_of_text = text != NULL && labels->score.n_syllables > 0;
        (void)silbe_fail_prefix(err, err->status,
                                is_of_text ? source->lyrics_path : source->score_path);
    }
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const labels_context *c = context;
    const silbe_item *source = &c->dataset->items[item->tag];
    silbe_labels labels = SILBE_LABELS_INIT;
    char *text = NULL;
    size_t n_bytes = 0;
    if (source->score_path == NULL && source->lyrics_path == NULL) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "has neither lyrics nor score: put %s.txt (modes lyrics and joint) or "
                          "%s.musicxml, .xml or .mxl (modes score and joint) beside %s",
                          item->name, item->name, source->audio_path);
    }
    if (source->lyrics_path != NULL) {
        silbe_try(err, silbe_read_text(source->lyrics_path, &text, &n_bytes, err));
    }
    if (!silbe_failed(err) && source->score_path == NULL) {
        from_text(source, text, n_bytes, &labels, err);
    } else if (!silbe_failed(err)) {
        from_score(source, c->config->labels.voice_part, text, n_bytes, &labels, err);
    }
    labels.work = silbe_copy_text(item->name, err);
    silbe_try(err, silbe_labels_write(temps[0], &labels, err));
    if (!silbe_failed(err)) {
        report_differences(&labels.differences, report);
    }
    silbe_labels_free(&labels);
    free(text);
    return err->status;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    int exit_code = SILBE_EXIT_UNABLE;
    if (!silbe_cli_begin(&cli, &SPEC, argc, argv, &exit_code)) {
        return exit_code;
    }
    labels_context context = {.dataset = &dataset, .config = &cli.config};
    stage.run = run_item;
    stage.context = &context;
    silbe_try(&err, silbe_open_dataset(&cli, &dataset, &err));
    silbe_try(&err, silbe_chain_fill(&stage, SILBE_STAGE_LABELS, &cli.config, &dataset, &err));
    exit_code = silbe_failed(&err) ? silbe_cli_fail(&cli, &err) : silbe_stage_run(&stage, &cli);
    silbe_stage_free(&stage);
    silbe_dataset_free(&dataset);
    return silbe_cli_end(&cli, exit_code);
}
