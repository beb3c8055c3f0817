/* Scores and lyrics to label sequences, work/<dataset>/labels/<work>.json. */
#include "features/base/memory.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/run/chain_items.h"
#include "pipeline/stages/make_labels.h"
#include "pipeline/stages/stages.h"

typedef struct {
    const silbe_dataset *dataset;
    const silbe_config *config;
} labels_context;

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const labels_context *c = context;
    const silbe_item *source = &c->dataset->items[item->tag];
    const silbe_labels_source files = {.score_path = source->score_path,
                                       .lyrics_path = source->lyrics_path};
    silbe_labels labels = SILBE_LABELS_INIT;
    if (source->score_path == NULL && source->lyrics_path == NULL) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "has neither lyrics nor score: put %s.txt (modes lyrics and joint) or "
                          "%s.musicxml, .xml or .mxl (modes score and joint) beside %s",
                          item->name, item->name, source->audio_path);
    }
    labels.work = silbe_copy_text(item->name, err);
    silbe_try(err, silbe_make_labels(c->config, &files, &labels, report, err));
    silbe_try(err, silbe_labels_write(temps[0], &labels, err));
    silbe_labels_free(&labels);
    return err->status;
}

int silbe_labels_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    labels_context context = {.dataset = dataset, .config = &cli->config};
    stage.run = run_item;
    stage.context = &context;
    silbe_try(&err, silbe_chain_fill(&stage, SILBE_STAGE_LABELS, &cli->config, dataset, &err));
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    return exit_code;
}
