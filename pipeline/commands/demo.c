/* silbe demo: a small dataset to try everything on. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>

#include "datasets/demo/generate.h"
#include "pipeline/commands/command.h"
#include "pipeline/host/run_info.h"

enum { OUT };

static const silbe_cli_extra EXTRAS[] = {
    [OUT] = {"--out", NULL, "FOLDER", "where to put it (default: silbe-demo)", NULL},
};

const silbe_cli_spec silbe_demo_spec = {
    .program = "silbe demo",
    .summary = "a small dataset to try everything on",
    .usage = "[--out FOLDER] [--threads N]",
    .details =
        "Makes four short German songs, three performances each, sung and played by synthesisers\n"
        "of its own, with scores, lyrics and the exact time of every note and word, laid out like\n"
        "the Schubert Winterreise Dataset. Nothing is downloaded. A folder that already holds the\n"
        "dataset is left as it is, one that holds anything else is refused.",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .dataset_optional = true,
};

int silbe_demo_command(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    const char *folder = cli->extras[OUT] != NULL ? cli->extras[OUT] : "silbe-demo";
    double start_s = silbe_clock_s();
    bool made = false;
    if (folder[0] == '\0') {
        (void)silbe_fail(&err, SILBE_ERR_ARGUMENT, "--out needs the name of a folder");
    }
    /* It appears whole or not at all, and there are no items to wait for. */
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    silbe_try(&err, silbe_demo_generate(folder, cli->config.run.threads, &made, &err));
    if (silbe_failed(&err)) {
        return silbe_cli_fail(cli, &err);
    }
    if (made) {
        silbe_log_info(&cli->log, "%s: made in %.1f s", folder, silbe_clock_s() - start_s);
    } else {
        silbe_log_info(&cli->log, "%s: up to date", folder);
    }
    silbe_log_info(&cli->log,
                   "to align it: silbe align --set dataset.kind=swd --set dataset.name=demo "
                   "--set 'dataset.root=%s'",
                   folder);
    return SILBE_EXIT_OK;
}
