/* silbe-report: results of all modes as a page to look at and listen to, WORK/<dataset>/report/. */
#include <stdlib.h>

#include "datasets/dataset.h"
#include "pipeline/page/page.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/cli.h"

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    silbe_page_summary summary = SILBE_PAGE_SUMMARY_INIT;
    int exit_code = SILBE_EXIT_UNABLE;
    const char *page_folder = NULL;
    const silbe_cli_extra extras[] = {
        {"--page", "FOLDER", "the built page (build/page/dist)", &page_folder},
    };
    const silbe_cli_spec spec = {
        .program = "silbe-report",
        .summary = "results of all modes as a page to look at and listen to",
        .details = "Writes WORK/<dataset>/report/index.html, which any browser opens from disk.\n"
                   "`make report` builds the page and calls this.",
        .extras = extras,
        .n_extras = sizeof extras / sizeof extras[0],
    };
    if (!silbe_cli_begin(&cli, &spec, argc, argv, &exit_code)) {
        return exit_code;
    }
    silbe_page_facts facts = {.assets = page_folder != NULL ? page_folder : "build/page/dist",
                              .command = cli.run.command};
    char *folder = silbe_chain_folder(&cli.config, "report", &err);
    silbe_try(&err, silbe_open_dataset(&cli, &dataset, &err));
    silbe_try(&err, silbe_stage_lock(&cli.config, spec.program, &lock, &err));
    silbe_try(&err, silbe_page_write(&cli.config, &dataset, &facts, &summary, &err));
    for (size_t i = 0; i < summary.problems.n; i++) {
        silbe_log_warning(&cli.log, "%s", summary.problems.texts[i]);
    }
    if (silbe_failed(&err)) {
        exit_code = silbe_cli_fail(&cli, &err);
    } else {
        silbe_log_info(&cli.log, "%zu items, %zu modes; open in a browser: %s/index.html",
                       summary.n_items, summary.n_modes, folder);
        exit_code = SILBE_EXIT_OK;
    }
    silbe_messages_free(&summary.problems);
    silbe_lock_release(&lock);
    silbe_dataset_free(&dataset);
    free(folder);
    return silbe_cli_end(&cli, exit_code);
}
