/* silbe-align: what the earlier stages made to word times, work/<dataset>/<mode>/words/. */
#include "datasets/dataset.h"
#include "pipeline/align/items.h"
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
    "seem to hold (posteriors.unmatched_logp) are reported and left out; the JSON file lists them.";

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const silbe_align_context *c = context;
    return c->mode->run_item(c, item, temps, report, err);
}

static silbe_status add_items(silbe_stage *stage, const silbe_align_context *context,
                              silbe_err *err)
{
    const silbe_config *config = context->config;
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < context->dataset->n_items && status == SILBE_OK; i++) {
        const silbe_item *item = &context->dataset->items[i];
        size_t index = 0;
        if (!silbe_stage_selects(config, item->name)) {
            continue;
        }
        status = silbe_stage_add_item(stage, item->name, i, &index, err);
        if (status == SILBE_OK) {
            status = context->mode->add_item(stage, index, config, item, err);
        }
        if (status == SILBE_OK) {
            status = silbe_align_add_formats(stage, index, config, item->name, err);
        }
    }
    return status;
}

static int run_mode(silbe_cli *cli, const silbe_dataset *dataset, const silbe_align_mode *mode)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_align_context context = {.mode = mode, .dataset = dataset, .config = &cli->config};
    stage.name = mode->name;
    stage.keys = mode->keys;
    stage.n_keys = mode->n_keys;
    stage.run = run_item;
    stage.context = &context;
    silbe_status status =
        silbe_config_digest(&cli->config, mode->keys, mode->n_keys, context.settings_digest, &err);
    if (status == SILBE_OK) {
        status = add_items(&stage, &context, &err);
    }
    int exit_code = status == SILBE_OK ? silbe_stage_run(&stage, cli) : silbe_cli_fail(cli, &err);
    if (status == SILBE_OK && exit_code <= SILBE_EXIT_FAILED && mode->finish != NULL &&
        mode->finish(&context, &err) != SILBE_OK) {
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
    int exit_code = SILBE_EXIT_OK;
    size_t n_modes = 0, wanted = (size_t)cli->config.align.mode;
    const silbe_align_mode *const *modes = silbe_align_modes(&n_modes);
    if (silbe_config_check_dataset(&cli->config, &err) != SILBE_OK ||
        silbe_open_dataset(cli, &dataset, &err) != SILBE_OK) {
        exit_code = silbe_cli_fail(cli, &err);
        goto done;
    }
    /* Items that fail in one mode do not keep the next one from its own. */
    for (size_t m = 0; m < n_modes && exit_code <= SILBE_EXIT_FAILED; m++) {
        bool applies = silbe_align_mode_applies(modes[m], &cli->config, &dataset);
        if (wanted == SILBE_MODE_ALL) {
            silbe_log_info(&cli->log, "mode %s%s", modes[m]->name,
                           applies ? "" : ": left out, no item has a score");
        }
        if (wanted == m || (wanted == SILBE_MODE_ALL && applies)) {
            /* The digest of the settings is that of the mode alone. */
            cli->config.align.mode = (int)m;
            int code = run_mode(cli, &dataset, modes[m]);
            exit_code = code > exit_code ? code : exit_code;
        }
    }
done:
    silbe_dataset_free(&dataset);
    return exit_code;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    int exit_code = SILBE_EXIT_UNABLE;
    silbe_posteriors_arguments arguments = {0};
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
    };
    const silbe_cli_spec spec = {.program = "silbe-align",
                                 .summary = "features and labels to the time of every word",
                                 .details = DETAILS,
                                 .extras = extras,
                                 .n_extras = sizeof extras / sizeof extras[0],
                                 .dataset_optional = true};
    if (!silbe_cli_start(&cli, &spec, argc, argv, &exit_code)) {
        return exit_code;
    }
    bool has_arguments = arguments.posteriors != NULL || arguments.vocab != NULL ||
                         arguments.text != NULL || arguments.out != NULL ||
                         arguments.hop_ms != NULL || arguments.anchors != NULL;
    if (has_arguments) {
        exit_code = silbe_posteriors_command(&cli, &arguments);
    } else {
        exit_code = run_modes(&cli);
    }
    return silbe_cli_end(&cli, exit_code);
}
