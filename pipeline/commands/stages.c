/* The stages as commands. */
#include "pipeline/stages/stages.h"
#include "pipeline/commands/command.h"
#include "pipeline/commands/with_dataset.h"
#include "pipeline/run/open_dataset.h"

static const char USAGE[] = "DATASET|FOLDER [OPTION...]";

const silbe_cli_spec silbe_features_spec = {
    .program = "silbe-features",
    .summary = "recordings to features (chroma, onsets, log-mel bands)",
    .details =
        "Writes for each item, below WORK/<dataset>/features/:\n"
        "  <item>.chroma.npy         frames x 12 pitch classes\n"
        "  <item>.onset.npy          frames x 12 pitch classes\n"
        "  <item>.pitch_onset.npy    frames x semitones\n"
        "  <item>.logmel.npy         frames x mel bands (features.logmel)\n"
        "  <item>.middle.npy         the same of a stereo recording's middle (features.middle)\n"
        "  <item>.features.json      hops, rate, tuning, shapes, symbols",
    .usage = USAGE,
    .examples = "  silbe features path/to/folder\n"
                "  silbe features swd --items '*_SC06' --threads 2",
    .settings = "features",
    .operands = SILBE_CLI_DATASET,
};

const silbe_cli_spec silbe_labels_spec = {
    .program = "silbe-labels",
    .summary = "scores and lyrics to notes, syllables, words and lines",
    .details =
        "Writes WORK/<dataset>/labels/<work>.json, one file for all versions of a work, and\n"
        "lists there where lyrics and score differ. Without a score it is the lyrics alone.",
    .usage = USAGE,
    .examples = "  silbe labels swd",
    .settings = "labels",
    .operands = SILBE_CLI_DATASET,
};

const silbe_cli_spec silbe_posteriors_spec = {
    .program = "silbe-posteriors",
    .summary = "log-mel bands to phone posteriorgrams, by the acoustic model",
    .details =
        "Writes for each item, below WORK/<dataset>/posteriors/:\n"
        "  <item>.npy               frames x phones, natural logarithms of probabilities\n"
        "  <item>.posteriors.json   hop, phones, their share of the training data\n"
        "The model is that of acoustic.weights, or the one that ships with the program. If\n"
        "that is a folds.json (silbe train, train.folds), each work has a model that did not\n"
        "learn from it.",
    .usage = USAGE,
    .examples = "  silbe posteriors swd\n"
                "  silbe posteriors swd --set acoustic.weights=work/swd/adapt/adapted.weights",
    .settings = "acoustic",
    .operands = SILBE_CLI_DATASET,
};

int silbe_with_dataset(silbe_cli *cli, int (*run)(silbe_cli *cli, const silbe_dataset *dataset))
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_try(&err, silbe_config_check_dataset(&cli->config, &err));
    silbe_try(&err, silbe_open_dataset(cli, &dataset, &err));
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : run(cli, &dataset);
    silbe_dataset_free(&dataset);
    return exit_code;
}

int silbe_features_command(silbe_cli *cli)
{
    return silbe_with_dataset(cli, silbe_features_stage_run);
}

int silbe_labels_command(silbe_cli *cli)
{
    return silbe_with_dataset(cli, silbe_labels_stage_run);
}

int silbe_posteriors_command(silbe_cli *cli)
{
    return silbe_with_dataset(cli, silbe_posteriors_stage_run);
}
