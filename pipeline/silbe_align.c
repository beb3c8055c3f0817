/* silbe-align: what the earlier stages made to word times, work/<dataset>/<mode>/words/. */
#include <stdio.h>

#include "datasets/dataset.h"
#include "pipeline/align/mode.h"
#include "pipeline/ctc_matrix/command.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/cli.h"

static const char DETAILS[] =
    "Writes for each item, below WORK/<dataset>/<mode>/ (align.mode: score, lyrics, joint):\n"
    "  words/<item>.csv, .json, .TextGrid, ...   word times (output.formats)\n"
    "  path/<item>.npy   score positions in quarter notes, seconds, confidence (not in lyrics)\n"
    "  phone_onsets.json   how long before its note the first sound of a word is heard, by sound "
    "(joint)\n"
    "\n"
    "With --posteriors it aligns the output of a CTC model of your own with a text instead:\n"
    "  silbe-align --posteriors x.npy --vocab vocab.json --text lyrics.txt --hop-ms 20\n"
    "  silbe-align --posteriors FOLDER --vocab vocab.json --hop-ms 20 [--out FOLDER]\n"
    "x.npy: frames x symbols, float32 or float64 (numpy.save): log-probabilities, probabilities "
    "or\n"
    "logits. A FOLDER holds NAME.npy and NAME.txt, perhaps NAME.anchors.csv. A word starts at the\n"
    "centre of the first frame of its first symbol; CTC models mark symbols by late, short spikes, "
    "so\n"
    "starts tend to be late and ends early (posteriors.offset_ms). Words that the recording does "
    "not\n"
    "seem to hold (posteriors.unmatched_logp) are reported and left out; the JSON file marks them.";

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const silbe_align_context *c = context;
    return silbe_align_mode_get(c->mode)->run_item(c, item, temps, report, err);
}

static int run_mode(silbe_cli *cli, const silbe_dataset *dataset, silbe_stage_id mode)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_align_context context = {.mode = mode, .dataset = dataset, .config = &cli->config};
    const silbe_align_mode *functions = silbe_align_mode_get(mode);
    stage.run = run_item;
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

/* The mode that is asked for, or all of them, one after the other. */
static int run_modes(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    int exit_code = SILBE_EXIT_OK, wanted = cli->config.align.mode;
    if (silbe_config_check_dataset(&cli->config, &err) != SILBE_OK ||
        silbe_open_dataset(cli, &dataset, &err) != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
        goto done;
    }
    /* Items that fail in one mode do not keep the next one from its own. */
    for (int m = 0; m < SILBE_MODE_ALL && exit_code <= SILBE_EXIT_FAILED; m++) {
        silbe_stage_id mode = (silbe_stage_id)(SILBE_STAGE_MODES + m);
        bool applies = silbe_chain_mode_applies(mode, &cli->config, &dataset);
        if (wanted == SILBE_MODE_ALL) {
            silbe_log_info(&cli->log, "mode %s%s", silbe_chain_get(mode)->name,
                           applies ? "" : ": left out, no item has a score");
        }
        if (wanted == m || (wanted == SILBE_MODE_ALL && applies)) {
            /* The digest of the settings is that of the mode alone. */
            cli->config.align.mode = m;
            int code = run_mode(cli, &dataset, mode);
            exit_code = code > exit_code ? code : exit_code;
        }
    }
done:
    silbe_dataset_free(&dataset);
    return exit_code;
}

/* The stages that the mode needs, in their order. */
static int do_print_stages(const silbe_cli *cli)
{
    int mode = cli->config.align.mode;
    for (int s = 0; s < SILBE_STAGE_MODES; s++) {
        bool needed = false;
        for (int m = 0; m < SILBE_MODE_ALL; m++) {
            needed = needed || ((mode == SILBE_MODE_ALL || mode == m) &&
                                silbe_chain_needs((silbe_stage_id)(SILBE_STAGE_MODES + m),
                                                  (silbe_stage_id)s));
        }
        if (needed) {
            (void)puts(silbe_chain_get((silbe_stage_id)s)->name);
        }
    }
    return SILBE_EXIT_OK;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    int exit_code = SILBE_EXIT_UNABLE;
    silbe_ctc_matrix_arguments arguments = {0};
    const char *print_stages = NULL;
    const silbe_cli_extra extras[] = {
        {"--posteriors", "FILE|FOLDER", "output of a CTC model, see above", &arguments.posteriors},
        {"--vocab", "FILE", "its tokens: JSON {\"token\": number} or [\"token\"], or NAME.txt",
         &arguments.vocab},
        {"--text", "FILE", "the lyrics, UTF-8, a line for each verse", &arguments.text},
        {"--out", "FOLDER|PREFIX", "where word times go instead of WORK/posteriors/",
         &arguments.out},
        {"--hop-ms", "MS", "distance of two frames (posteriors.hop_ms)", &arguments.hop_ms},
        {"--anchors", "FILE", "known times, start;end;word;line (posteriors.anchor_tolerance_ms)",
         &arguments.anchors},
        {"--print-stages", NULL, "print the stages that must run before this one, and end",
         &print_stages},
    };
    const silbe_cli_spec spec = {.program = "silbe-align",
                                 .summary = "features and labels to the time of every word",
                                 .details = DETAILS,
                                 .extras = extras,
                                 .n_extras = sizeof extras / sizeof extras[0],
                                 .dataset_optional = true};
    if (!silbe_cli_begin(&cli, &spec, argc, argv, &exit_code)) {
        return exit_code;
    }
    bool has_arguments = arguments.posteriors != NULL || arguments.vocab != NULL ||
                         arguments.text != NULL || arguments.out != NULL ||
                         arguments.hop_ms != NULL || arguments.anchors != NULL;
    if (print_stages != NULL) {
        exit_code = do_print_stages(&cli);
    } else if (has_arguments) {
        exit_code = silbe_ctc_matrix_command(&cli, &arguments);
    } else {
        exit_code = run_modes(&cli);
    }
    return silbe_cli_end(&cli, exit_code);
}
