#include "pipeline/adapt/adapt_stage.h"

#include <cblas.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/acoustic/adapted.h"
#include "pipeline/adapt/adapt_record.h"
#include "pipeline/adapt/evidence.h"
#include "pipeline/adapt/takes.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"
#include "pipeline/stages/stages.h"
#include "pipeline/train/run/training.h"

enum { REASON_SIZE = 512 };

typedef struct {
    silbe_cli *cli;
    silbe_dataset selected; /* the items that run.items selects; they are borrowed */
    silbe_dataset learnt;   /* those of them that are learnt from */
    bool *is_learnt;        /* of selected */
    char *folder;
    silbe_takes before, after;
    silbe_adapted result;
    char nothing[REASON_SIZE]; /* why nothing could be learnt; "" */
    bool is_complete;          /* false once a signal stopped it */
} adaptation;

static void free_adaptation(adaptation *a)
{
    silbe_takes_free(&a->before);
    silbe_takes_free(&a->after);
    silbe_adapted_free(&a->result);
    free(a->selected.items);
    free(a->learnt.items);
    free(a->is_learnt);
    free(a->folder);
}

static void select_items(adaptation *a, const silbe_dataset *dataset, silbe_err *err)
{
    size_t n = dataset->n_items;
    a->selected.items = silbe_alloc(n, sizeof *a->selected.items, "items", err);
    a->learnt.items = silbe_alloc(n, sizeof *a->learnt.items, "items", err);
    a->is_learnt = silbe_alloc(n, sizeof *a->is_learnt, "items", err);
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        if (silbe_chain_selects(&a->cli->config, dataset->items[i].name)) {
            a->selected.items[a->selected.n_items++] = dataset->items[i];
        }
    }
    if (!silbe_failed(err) && a->selected.n_items == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "dataset %.100s has no item whose name matches \"%.100s\" (run.items)",
                         a->cli->config.dataset.name, a->cli->config.run.items);
    }
}

/* ---- before ---- */

/* Whose text is sure enough to learn from. */
static void choose_learnt(adaptation *a)
{
    for (size_t i = 0; i < a->selected.n_items; i++) {
        a->is_learnt[i] =
            !silbe_failed(&a->before.errs[i]) && silbe_evidence_confidence(&a->before.words[i]) >=
                                                     a->cli->config.adapt.min_text_confidence;
        if (a->is_learnt[i]) {
            a->learnt.items[a->learnt.n_items++] = a->selected.items[i];
        }
    }
    silbe_log_info(&a->cli->log, "%zu of %zu recordings are learnt from", a->learnt.n_items,
                   a->selected.n_items);
}

/* ---- learning ---- */

/* That nothing can be learnt is no failure: all items stay as they are. */
static void learn(adaptation *a, silbe_err *err)
{
    if (silbe_failed(err) || a->learnt.n_items == 0) {
        return;
    }
    silbe_status status = silbe_adapt_training_run(a->cli, &a->learnt, &a->is_complete, err);
    if (status == SILBE_ERR_DATA || status == SILBE_ERR_INFEASIBLE) {
        (void)snprintf(a->nothing, sizeof a->nothing, "%.500s", err->message);
        *err = (silbe_err)SILBE_ERR_INIT;
        a->is_complete = true;
    } else if (status == SILBE_OK && a->is_complete) {
        a->result.weights = silbe_join_path(a->folder, SILBE_ADAPTED_WEIGHTS, err);
    }
}

/* ---- after ---- */

static void set_unadapted(silbe_adapted_item *item, const char *reason, silbe_err *err)
{
    item->reason = silbe_copy_text(reason, err);
    item->is_adapted = false;
}

/* By its two alignments. */
static void judge_both(const adaptation *a, size_t i, silbe_adapted_item *item, silbe_err *err)
{
    char objection[REASON_SIZE];
    const silbe_evidence e = silbe_evidence_of(&a->before.words[i], &a->after.words[i]);
    silbe_evidence_objection(&a->cli->config, &e, a->is_learnt[i], objection, sizeof objection);
    item->confidence_before = e.confidence_before;
    item->confidence_after = e.confidence_after;
    item->agreement = e.agreement;
    item->is_adapted = objection[0] == '\0';
    item->reason = silbe_copy_text(objection, err);
}

static void judge(const adaptation *a, size_t i, silbe_adapted_item *item, silbe_err *err)
{
    item->name = silbe_copy_text(a->selected.items[i].name, err);
    item->confidence_before = item->confidence_after = item->agreement = NAN;
    if (silbe_failed(&a->before.errs[i])) {
        set_unadapted(item, a->before.errs[i].message, err);
        return;
    }
    item->confidence_before = silbe_evidence_confidence(&a->before.words[i]);
    if (a->result.weights == NULL && !a->is_learnt[i]) {
        char *reason =
            silbe_format(err,
                         "the text is too unsure to learn from (confidence %.2f, "
                         "adapt.min_text_confidence %.2f): is it the text of this "
                         "recording?",
                         item->confidence_before, a->cli->config.adapt.min_text_confidence);
        set_unadapted(item, reason != NULL ? reason : "", err);
        free(reason);
    } else if (a->result.weights == NULL) {
        set_unadapted(item, a->nothing, err);
    } else if (silbe_failed(&a->after.errs[i])) {
        set_unadapted(item, a->after.errs[i].message, err);
    } else {
        judge_both(a, i, item, err);
    }
}

static void judge_all(adaptation *a, silbe_err *err)
{
    a->result.items = silbe_alloc(a->selected.n_items, sizeof *a->result.items, "items", err);
    for (size_t i = 0; i < a->selected.n_items && !silbe_failed(err); i++) {
        a->result.n_items++;
        judge(a, i, &a->result.items[i], err);
    }
}

static void tell(silbe_log *log, const silbe_adapted *result)
{
    for (size_t i = 0; i < result->n_items; i++) {
        const silbe_adapted_item *item = &result->items[i];
        if (item->is_adapted) {
            silbe_log_info(log, "%s: adapted (confidence %.2f, before %.2f)", item->name,
                           item->confidence_after, item->confidence_before);
        } else {
            silbe_log_info(log, "%s: kept unadapted: %s", item->name, item->reason);
        }
    }
    silbe_log_info(log, "%zu of %zu recordings adapted", silbe_adapted_count(result),
                   result->n_items);
}

/* ---- the whole ---- */

static void make(adaptation *a, const char *path, silbe_err *err)
{
    const char *unadapted = a->cli->config.acoustic.weights;
    (void)snprintf(a->result.unadapted, sizeof a->result.unadapted, "%s", unadapted);
    silbe_try(err,
              silbe_takes_run(a->cli, &a->selected, unadapted, &a->before, &a->is_complete, err));
    if (silbe_failed(err) || !a->is_complete) {
        return;
    }
    choose_learnt(a);
    learn(a, err);
    if (a->result.weights != NULL && !silbe_failed(err)) {
        silbe_try(err, silbe_takes_run(a->cli, &a->selected, a->result.weights, &a->after,
                                       &a->is_complete, err));
    }
    if (a->is_complete && !silbe_failed(err)) {
        judge_all(a, err);
        silbe_try(err, silbe_adapted_write(path, &a->result, err));
    }
}

/* Makes what is not up to date. */
static void run_adaptation(adaptation *a, silbe_err *err)
{
    silbe_adapt_record record = {0};
    char *path = silbe_join_path(a->folder, SILBE_ADAPTED_JSON, err);
    bool is_done = false;
    silbe_try(err,
              silbe_adapt_record_begin(a->cli, &a->selected, a->folder, &record, &is_done, err));
    if (is_done) {
        silbe_log_info(&a->cli->log, "up to date");
        silbe_try(err, silbe_adapted_read(path, &a->result, err));
    } else if (!silbe_failed(err)) {
        make(a, path, err);
    }
    if (!is_done && a->is_complete && !silbe_failed(err)) {
        silbe_try(err, silbe_adapt_record_end(&record, a->result.weights != NULL, err));
    }
    silbe_adapt_record_free(&record);
    free(path);
}

static void log_end(silbe_cli *cli)
{
    silbe_run_cost cost = silbe_run_info_cost(&cli->run);
    silbe_log_info(&cli->log, "    version %s, %.1f s wall, %.1f s CPU, %.0f MB peak memory",
                   silbe_version(), cost.wall_s, cost.cpu_s, (double)cost.peak_bytes * 1e-6);
    silbe_log_info(&cli->log, "    command: %s", cli->run.command);
}

int silbe_adapt_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_lock lock = SILBE_LOCK_INIT;
    adaptation a = {.cli = cli, .is_complete = true};
    /* One thread for each utterance instead; see pipeline/train/learn/trainer.h. */
    openblas_set_num_threads(1);
    omp_set_num_threads(cli->config.run.threads > 0 ? cli->config.run.threads
                                                    : omp_get_num_procs());
    a.folder = silbe_chain_folder(&cli->config, "adapt", &err);
    select_items(&a, dataset, &err);
    silbe_try(&err, silbe_stage_lock(&cli->config, cli->run.program, &lock, &err));
    run_adaptation(&a, &err);
    silbe_lock_release(&lock);
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err)
                    : a.is_complete    ? SILBE_EXIT_OK
                                       : SILBE_EXIT_INTERRUPTED;
    if (exit_code == SILBE_EXIT_OK) {
        tell(&cli->log, &a.result);
        log_end(cli);
    }
    free_adaptation(&a);
    return exit_code;
}

/* And what comes after it takes the weights that it made. */
static int adapt_and_use(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    int exit_code = silbe_adapt_stage_run(cli, dataset);
    char *folder = silbe_chain_folder(&cli->config, "adapt", &err);
    char *path = silbe_join_path(folder, SILBE_ADAPTED_JSON, &err);
    if (!silbe_failed(&err)) {
        int n =
            snprintf(cli->config.acoustic.weights, sizeof cli->config.acoustic.weights, "%s", path);
        if (n < 0 || (size_t)n >= sizeof cli->config.acoustic.weights) {
            (void)silbe_fail(&err, SILBE_ERR_IO, "%.100s...: the path is too long", path);
        }
    }
    free(folder);
    free(path);
    return silbe_failed(&err) ? silbe_cli_fail(cli, &err) : exit_code;
}

int silbe_adapted_chain_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    if (silbe_chain_mode(&cli->config, dataset) == SILBE_MODE_SCORE) {
        (void)silbe_fail(&err, SILBE_ERR_ARGUMENT,
                         "--adapt is for modes that hear phones, and mode score hears none; add "
                         "--mode lyrics (or joint, or all)");
        return silbe_cli_fail(cli, &err);
    }
    return silbe_chain_run_with(cli, dataset, adapt_and_use);
}
