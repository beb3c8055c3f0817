/* silbe evaluate: word times against a dataset's annotations, or one file against another. */
#include <stdio.h>

#include "pipeline/commands/command.h"
#include "pipeline/commands/with_dataset.h"
#include "pipeline/compare/compare.h"
#include "pipeline/stages/stages.h"

enum { JSON };

static const silbe_cli_extra EXTRAS[] = {
    [JSON] = {"--json", NULL, NULL, "of two files: the figures as JSON, not as a table", NULL},
};

const silbe_cli_spec silbe_evaluate_spec = {
    .program = "silbe-evaluate",
    .summary = "word times against annotations, or one file against another",
    .usage = "DATASET|FOLDER [OPTION...]\nESTIMATE REFERENCE [--json]",
    .details =
        "Of a dataset: prints a table and writes, below WORK/<dataset>/<mode>/, report.json and\n"
        "report.md. align.mode=all: those of every mode that has results, and a table of the "
        "modes\n"
        "side by side, on the same words, also in WORK/<dataset>/report.json and report.md. Items\n"
        "without reference are listed without figures; a word that has a reference and was not "
        "found\n"
        "counts as an error.\n"
        "Of two files: word times as CSV, JSON, TextGrid, EAF, labels of Audacity, LRC, VTT or "
        "SRT.\n"
        "Words are paired by their letters, in order; those without partner are counted and "
        "listed.",
    .examples = "  silbe evaluate swd\n"
                "  silbe evaluate swd --set align.mode=all    the modes side by side\n"
                "  silbe evaluate song.words.csv by_hand.TextGrid",
    .settings = "align evaluate output",
    .endings = "csv json textgrid eaf txt lrc vtt srt",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .operands = SILBE_CLI_FILES_OR_DATASET,
    .dataset_optional = true,
};

static int compare(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_comparison comparison = SILBE_FILE_COMPARISON_INIT;
    if (cli->n_operands != 2) {
        (void)silbe_fail(&err, SILBE_ERR_ARGUMENT,
                         "%s: two files are compared, an estimate and a reference; here %s",
                         cli->operands[0], cli->n_operands < 2 ? "is one" : "are more");
    } else {
        silbe_try(&err, silbe_compare_files(cli->operands[0], cli->operands[1], &comparison, &err));
    }
    if (cli->extras[JSON] != NULL) {
        silbe_try(&err, silbe_file_comparison_print_json(&comparison, stdout, &err));
    } else {
        silbe_try(&err, silbe_file_comparison_print(&comparison, stdout, &err));
    }
    silbe_file_comparison_free(&comparison);
    return silbe_failed(&err) ? silbe_cli_fail(cli, &err) : SILBE_EXIT_OK;
}

int silbe_evaluate_command(silbe_cli *cli)
{
    return cli->n_operands > 0 ? compare(cli) : silbe_with_dataset(cli, silbe_evaluate_stage_run);
}
