/* Recordings of voices, or of a dataset, to the weights of the acoustic model. */
#include <cblas.h>
#include <omp.h>
#include <stdlib.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "pipeline/adapt/adapt_stage.h"
#include "pipeline/commands/command.h"
#include "pipeline/commands/with_dataset.h"
#include "pipeline/host/lock.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/stages/stages.h"
#include "pipeline/train/run/training.h"

static const char DETAILS[] =
    "Makes a new acoustic model. For recordings that mode lyrics gets wrong, try `silbe adapt` "
    "first:\nit takes minutes, and needs no times.\n"
    "Without a dataset it reads the recordings of voices that train.speech_root lists, finds "
    "their\n"
    "phones, turns them into something near accompanied singing, and trains on that:\n"
    "  WORK/train/singing.weights, .csv, .checkpoint  the result, its learning curve, its state\n"
    "  WORK/train/logmel/, bootstrap/, realign/       features, phone times after each round\n"
    "With a dataset it learns from the recordings of the dataset, starting from the weights of\n"
    "train.initial, else of acoustic.weights, else those that ship:\n"
    "  --adapt   from the lyrics alone, which is what `silbe adapt` does:\n"
    "            WORK/<dataset>/adapt/adapted.weights, adapted.json\n"
    "  else      from the word times of the mode score, and from speech if there is some:\n"
    "            WORK/<dataset>/train/singing.weights, or fold_K.weights and folds.json\n"
    "            (train.folds), each without some works\n"
    "The results are for acoustic.weights. A run that was stopped is gone on with by the same\n"
    "command; --force begins anew.";

/* WORK/train, locked. */
static void lock_folder(const silbe_cli *cli, silbe_lock *lock, silbe_err *err)
{
    char *folder = silbe_join_path(cli->config.work.folder, "train", err);
    silbe_try(err, silbe_make_folders(folder, err));
    silbe_try(err, silbe_lock_take(lock, folder, cli->run.program, err));
    silbe_try(err, silbe_remove_stale(folder, err));
    free(folder);
}

static void log_end(silbe_cli *cli)
{
    silbe_run_cost cost = silbe_run_info_cost(&cli->run);
    silbe_log_info(&cli->log, "    version %s, %.1f s wall, %.1f s CPU, %.0f MB peak memory",
                   silbe_version(), cost.wall_s, cost.cpu_s, (double)cost.peak_bytes * 1e-6);
    silbe_log_info(&cli->log, "    command: %s", cli->run.command);
}

static void train(silbe_cli *cli, bool *is_complete, silbe_err *err)
{
    silbe_lock lock = SILBE_LOCK_INIT;
    lock_folder(cli, &lock, err); /* features of speech go there, too */
    if (cli->config.dataset.name[0] != '\0') {
        silbe_try(err, silbe_score_training_run(cli, is_complete, err));
    } else {
        silbe_try(err, silbe_speech_training_run(cli, is_complete, err));
    }
    silbe_lock_release(&lock);
}

static const silbe_cli_extra EXTRAS[] = {
    {"--adapt", NULL, NULL, "learn from the dataset's recordings and lyrics alone", NULL},
};

const silbe_cli_spec silbe_train_spec = {
    .program = "silbe-train",
    .summary = "recordings of voices to the acoustic model",
    .usage = "[DATASET|FOLDER] [OPTION...]",
    .details = DETAILS,
    .examples =
        "  silbe train --set train.speech_root=path/to/voices    from speech, a new model\n"
        "  silbe train swd --set train.folds=2                   from scores and recordings",
    .settings = "train adapt acoustic",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .operands = SILBE_CLI_DATASET,
    .dataset_optional = true,
};

static int adapt(silbe_cli *cli, const silbe_dataset *dataset)
{
    int worst = silbe_stage_of_chain(cli, dataset, "silbe-features", silbe_features_stage_run, 0);
    worst = silbe_stage_of_chain(cli, dataset, "silbe-labels", silbe_labels_stage_run, worst);
    return silbe_stage_of_chain(cli, dataset, "silbe adapt", silbe_adapt_stage_run, worst);
}

int silbe_train_command(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    bool is_complete = false;
    if (cli->extras[0] != NULL) {
        return silbe_adapt_command(cli);
    }
    /* One thread for each utterance instead; see pipeline/train/learn/trainer.h. */
    openblas_set_num_threads(1);
    if (cli->config.run.threads > 0) {
        omp_set_num_threads(cli->config.run.threads);
    }
    train(cli, &is_complete, &err);
    if (silbe_failed(&err)) {
        return silbe_cli_fail(cli, &err);
    }
    log_end(cli);
    return is_complete ? SILBE_EXIT_OK : SILBE_EXIT_INTERRUPTED;
}

const silbe_cli_spec silbe_adapt_spec = {
    .program = "silbe adapt",
    .summary = "the acoustic model, made better for a dataset by its recordings and lyrics",
    .usage = "DATASET|FOLDER [OPTION...]",
    .details =
        "What `silbe align DATASET --mode lyrics --adapt` does before it aligns: the model learns\n"
        "how the singers sound, in minutes. It needs recordings and lyrics, no times and no "
        "scores;\n"
        "several versions of a song help most. Runs the stages features and labels first. Writes\n"
        "  WORK/<dataset>/adapt/adapted.weights\n"
        "  WORK/<dataset>/adapt/adapted.json   which recordings it helps, and why not the others;\n"
        "                                      for acoustic.weights, as is adapted.weights\n"
        "A run that was stopped is gone on with by the same command; --force begins anew.",
    .examples = "  silbe adapt swd\n"
                "  silbe align swd --mode lyrics "
                "--set acoustic.weights=work/swd/adapt/adapted.json",
    .settings = "adapt acoustic features labels",
    .operands = SILBE_CLI_DATASET,
};

int silbe_adapt_command(silbe_cli *cli)
{
    return silbe_with_dataset(cli, adapt);
}
