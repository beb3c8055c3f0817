/* What the earlier stages made to word times, work/<dataset>/<mode>/words/. */
#include "pipeline/align/mode.h"
#include "pipeline/run/stage.h"
#include "pipeline/stages/stages.h"

static int run_mode(silbe_cli *cli, const silbe_dataset *dataset, silbe_stage_id mode)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_align_context context = {.mode = mode, .dataset = dataset, .config = &cli->config};
    const silbe_align_mode *functions = silbe_align_mode_get(mode);
    stage.run = silbe_align_run_item;
    stage.context = &context;
    silbe_try(&err, silbe_align_fill(&stage, &context, &err));
    silbe_try(&err, silbe_config_digest(&cli->config, stage.keys, stage.n_keys,
                                        context.settings_digest, &err));
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    if (!silbe_failed(&err) && exit_code <= SILBE_EXIT_FAILED && functions->finish != NULL &&
        functions->finish(&context, &err) != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
    }
    silbe_stage_free(&stage);
    return exit_code;
}

int silbe_align_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    const int asked = cli->config.align.mode, wanted = silbe_chain_mode(&cli->config, dataset);
    int exit_code = SILBE_EXIT_OK;
    /* Items that fail in one mode do not keep the next one from its own. */
    for (int m = 0; m < SILBE_MODE_ALL && exit_code <= SILBE_EXIT_FAILED; m++) {
        silbe_stage_id mode = (silbe_stage_id)(SILBE_STAGE_MODES + m);
        bool applies = silbe_chain_mode_applies(mode, &cli->config, dataset);
        if (wanted == SILBE_MODE_ALL) {
            silbe_log_info(&cli->log, "mode %s%s", silbe_chain_get(mode)->name,
                           applies ? "" : ": left out, no item has a score");
        }
        if (wanted == m || (wanted == SILBE_MODE_ALL && applies)) {
            /* The digest of the settings is that of the mode alone. */
            cli->config.align.mode = m;
            int code = run_mode(cli, dataset, mode);
            exit_code = code > exit_code ? code : exit_code;
        }
    }
    cli->config.align.mode = asked;
    return exit_code;
}
