#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/learn/loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/run_info.h"

static const char curve_header[] =
    "step,loss,right,held_out_loss,held_out_right,rate,gradient_norm,frames,skipped\n";

enum { LINE_SIZE = 512 };

/* Rows are flushed as they are written. */
typedef struct {
    FILE *stream;     /* NULL: no curve is kept */
    const char *path; /* borrowed */
} learning_curve;

/* Copies the rows of steps before first_step; a row without its end of line is not one. */
static void copy_rows(FILE *from, FILE *to, size_t first_step)
{
    char line[LINE_SIZE];
    bool is_first = true;
    while (fgets(line, sizeof line, from) != NULL) {
        char *end;
        unsigned long long step = strtoull(line, &end, 10);
        bool is_row = end != line && *end == ',' && strchr(line, '\n') != NULL;
        if (!is_first && is_row && step < first_step) {
            (void)fputs(line, to); /* commit checks the stream */
        }
        is_first = false;
    }
}

/* Keeps the rows of steps before first_step of a curve that is there, drops the others. path NULL:
 * all functions do nothing. */
static void curve_open(learning_curve *curve, const char *path, size_t first_step, silbe_err *err)
{
    *curve = (learning_curve){NULL, path};
    if (path == NULL) {
        return;
    }
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return;
    }
    (void)fputs(curve_header, file.stream);
    FILE *old = first_step > 0 ? fopen(path, "r") : NULL;
    if (old != NULL) {
        copy_rows(old, file.stream, first_step);
        (void)fclose(old);
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
    curve->stream = silbe_failed(err) ? NULL : fopen(path, "a");
    if (!silbe_failed(err) && curve->stream == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
}

/* held_out NULL: empty fields. */
static void curve_add(learning_curve *curve, const silbe_train_report *report,
                      const silbe_train_report *held_out, silbe_err *err)
{
    if (curve->stream == NULL || silbe_failed(err)) {
        return;
    }
    char measured[64] = ",";
    if (held_out != NULL) {
        (void)snprintf(measured, sizeof measured, "%.9g,%.9g", held_out->loss, held_out->right);
    }
    (void)fprintf(curve->stream, "%zu,%.9g,%.9g,%s,%.9g,%.9g,%zu,%zu\n", report->step, report->loss,
                  report->right, measured, report->rate, report->gradient_norm, report->n_frames,
                  report->n_skipped);
    if (fflush(curve->stream) != 0 || ferror(curve->stream)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot write: %s", curve->path, strerror(errno));
    }
}

/* Also after a failure, of which it says nothing more. */
static void curve_close(learning_curve *curve, silbe_err *err)
{
    if (curve->stream != NULL && fclose(curve->stream) != 0 && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot close: %s", curve->path, strerror(errno));
    }
}

/* What the loop keeps between steps. */
typedef struct {
    silbe_trainer *trainer;
    const silbe_loss *loss;
    const silbe_train_loop_options *options;
    learning_curve curve;
    double last_progress_s; /* wall clock */
    double training_s;      /* all steps of this run */
    size_t n_steps_here;    /* of this run */
    size_t n_frames;        /* since the last progress */
    double loss_sum;
    size_t n_losses;
    silbe_train_report held_out; /* latest */
    bool has_held_out;
} loop_state;

static bool is_due(size_t n_done, size_t every, size_t n_steps)
{
    return n_done == n_steps || (every > 0 && n_done % every == 0);
}

static void report_progress(loop_state *state, const silbe_train_report *report)
{
    const silbe_train_loop_options *options = state->options;
    size_t n_done = report->step + 1;
    double now = silbe_clock_s();
    double passed_s = now - state->last_progress_s;
    double step_s = state->training_s / (double)state->n_steps_here;
    silbe_train_progress progress = {
        .report = *report,
        .mean_loss = state->n_losses > 0 ? state->loss_sum / (double)state->n_losses : 0.0,
        .frames_per_s = passed_s > 0.0 ? (double)state->n_frames / passed_s : 0.0,
        .step_s = step_s,
        .left_s = step_s * (double)(options->n_steps - n_done),
        .n_steps = options->n_steps,
        .has_held_out = state->has_held_out,
        .held_out_loss = state->held_out.loss,
        .held_out_right = state->held_out.right,
    };
    progress.audio_s_per_s = progress.frames_per_s * options->hop_s;
    options->on_progress(options->progress_context, &progress);
    state->last_progress_s = now;
    state->n_frames = 0;
    state->loss_sum = 0.0;
    state->n_losses = 0;
}

static void after_step(loop_state *state, const silbe_train_report *report, bool is_stopping,
                       silbe_err *err)
{
    const silbe_train_loop_options *options = state->options;
    size_t n_done = report->step + 1;
    bool measures =
        options->n_held_out > 0 && is_due(n_done, options->held_out_every, options->n_steps);
    bool saves = options->checkpoint_path != NULL &&
                 (is_stopping || is_due(n_done, options->checkpoint_every, options->n_steps));
    bool reports = options->on_progress != NULL && options->progress_every > 0 &&
                   (is_stopping || is_due(n_done, options->progress_every, options->n_steps));
    if (measures) {
        silbe_try(err, silbe_trainer_evaluate(state->trainer, state->loss, options->held_out,
                                              options->n_held_out, &state->held_out, err));
        state->has_held_out = true;
    }
    curve_add(&state->curve, report, measures ? &state->held_out : NULL, err);
    if (saves) {
        silbe_try(err, silbe_trainer_write(state->trainer, options->checkpoint_path, err));
    }
    state->n_frames += report->n_frames;
    state->loss_sum += report->loss;
    state->n_losses++;
    if (reports && !silbe_failed(err)) {
        report_progress(state, report);
    }
}

int silbe_train_progress_line(const silbe_train_progress *progress, char *line, size_t size)
{
    char held_out[64] = "";
    if (progress->has_held_out) {
        (void)snprintf(held_out, sizeof held_out, "held-out %.4f (%.1f %%)  ",
                       progress->held_out_loss, 100.0 * progress->held_out_right);
    }
    double left_s = progress->left_s;
    return snprintf(line, size,
                    "step %zu/%zu  loss %.4f (%.1f %%)  %srate %.2e  %.0f frames/s (%.0f x real "
                    "time)  %.0f:%02.0f:%02.0f left",
                    progress->report.step + 1, progress->n_steps, progress->mean_loss,
                    100.0 * progress->report.right, held_out, progress->report.rate,
                    progress->frames_per_s, progress->audio_s_per_s, (double)((long)left_s / 3600),
                    (double)((long)left_s / 60 % 60), (double)((long)left_s % 60));
}

/* Goes on from the checkpoint, if there is one. */
static void resume(silbe_trainer *trainer, const char *path, silbe_err *err)
{
    if (path != NULL && (access(path, F_OK) == 0 || errno != ENOENT)) {
        silbe_try(err, silbe_trainer_read(trainer, path, err));
    }
}

/* Whether it should stop. */
static bool one_step(loop_state *state, silbe_train_source_fn *source, void *source_context,
                     silbe_err *err)
{
    const silbe_train_loop_options *options = state->options;
    double start_s = silbe_clock_s();
    silbe_train_batch batch = {NULL, 0};
    silbe_train_report report;
    silbe_try(err, source(source_context, silbe_trainer_steps(state->trainer),
                          silbe_trainer_random(state->trainer), &batch, err));
    silbe_try(err, silbe_trainer_step(state->trainer, state->loss, batch.utterances, batch.n,
                                      &report, err));
    if (silbe_failed(err)) {
        return true;
    }
    state->training_s += silbe_clock_s() - start_s;
    state->n_steps_here++;
    bool is_stopping = options->should_stop != NULL && options->should_stop(options->stop_context);
    after_step(state, &report, is_stopping, err);
    return is_stopping;
}

silbe_status silbe_train_loop_run(silbe_trainer *trainer, const silbe_loss *loss,
                                  silbe_train_source_fn *source, void *source_context,
                                  const silbe_train_loop_options *options, bool *is_complete,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    loop_state state = {.trainer = trainer, .loss = loss, .options = options};
    resume(trainer, options->checkpoint_path, err);
    curve_open(&state.curve, silbe_failed(err) ? NULL : options->curve_path,
               silbe_trainer_steps(trainer), err);
    state.last_progress_s = silbe_clock_s();
    bool is_stopping = false;
    while (!silbe_failed(err) && !is_stopping && silbe_trainer_steps(trainer) < options->n_steps) {
        is_stopping = one_step(&state, source, source_context, err);
    }
    curve_close(&state.curve, err);
    *is_complete = !silbe_failed(err) && silbe_trainer_steps(trainer) >= options->n_steps;
    return err->status;
}
