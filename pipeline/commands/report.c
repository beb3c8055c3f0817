/* Results of all modes as a page to look at and listen to, WORK/<dataset>/report/. */
#include <stdlib.h>

#include "pipeline/commands/command.h"
#include "pipeline/commands/page_assets.h"
#include "pipeline/commands/with_dataset.h"
#include "pipeline/page/page.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"

static const silbe_cli_extra EXTRAS[] = {
    {"--page", NULL, "FOLDER", "the built page (build/page/dist)", NULL},
};

const silbe_cli_spec silbe_report_spec = {
    .program = "silbe-report",
    .summary = "results of all modes as a page to look at and listen to",
    .usage = "DATASET|FOLDER [OPTION...]",
    .details =
        "Writes WORK/<dataset>/report/index.html, which any browser opens from disk.\n"
        "The results are those of `silbe align`, in every mode that was run. The page itself is\n"
        "installed with silbe, or built by `make page` in its sources.",
    .examples = "  silbe report swd\n"
                "  silbe report swd --set report.audio=copy    a folder to give away",
    .settings = "report align",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .operands = SILBE_CLI_DATASET,
};

static int write_page(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_page_summary summary = SILBE_PAGE_SUMMARY_INIT;
    int exit_code = SILBE_EXIT_OK;
    char *assets = silbe_page_assets(cli->extras[0], &err);
    const silbe_page_facts facts = {.assets = assets, .command = cli->run.command};
    char *folder = silbe_chain_folder(&cli->config, "report", &err);
    silbe_try(&err, silbe_stage_lock(&cli->config, cli->run.program, &lock, &err));
    silbe_try(&err, silbe_page_write(&cli->config, dataset, &facts, &summary, &err));
    for (size_t i = 0; i < summary.problems.n; i++) {
        silbe_log_warning(&cli->log, "%s", summary.problems.texts[i]);
    }
    if (silbe_failed(&err)) {
        exit_code = silbe_cli_fail(cli, &err);
    } else {
        silbe_log_info(&cli->log, "%zu items, %zu modes; open in a browser: %s/index.html",
                       summary.n_items, summary.n_modes, folder);
    }
    silbe_messages_free(&summary.problems);
    silbe_lock_release(&lock);
    free(folder);
    free(assets);
    return exit_code;
}

int silbe_report_command(silbe_cli *cli)
{
    return silbe_with_dataset(cli, write_page);
}
