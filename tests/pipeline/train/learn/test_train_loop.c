/* The loop: a run twice, a run in pieces, and a run that meets NaN. */
#define _POSIX_C_SOURCE 200809L
#include <cblas.h>
#include <unistd.h>

#include "tests/pipeline/train/learn/toy.h"

enum { STEPS = 24 };

static const silbe_frames_settings plain = {0.0};

typedef struct {
    size_t n_calls;
    size_t stop_after; /* calls; 0: never */
} stopper;

static bool should_stop(void *context)
{
    stopper *s = context;
    s->n_calls++;
    return s->n_calls == s->stop_after;
}

static char *read_text(const char *path)
{
    enum { ROOM = 1 << 16 };
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, ROOM);
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, ROOM - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void remember(void *context, const silbe_train_progress *progress)
{
    silbe_train_progress *last = context;
    *last = *progress;
}

typedef struct {
    silbe_trainer *trainer;
    toy_source *source;
    toy_source *held_out;
    silbe_train_loop_options options;
    stopper stop;
    silbe_train_progress progress;
} run_state;

static void run_new(run_state *run, const char *checkpoint, const char *curve)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_random other = {99};
    silbe_train_batch batch = {NULL, 0};
    *run = (run_state){
        .trainer = toy_trainer(STEPS), .source = toy_source_new(), .held_out = toy_source_new()};
    check_ok(toy_next(run->held_out, 0, &other, &batch, &err), err);
    run->options = (silbe_train_loop_options){
        .n_steps = STEPS,
        .checkpoint_path = checkpoint,
        .checkpoint_every = 5,
        .curve_path = curve,
        .held_out = batch.utterances,
        .n_held_out = batch.n,
        .held_out_every = 6,
        .progress_every = 4,
        .on_progress = remember,
        .progress_context = &run->progress,
        .hop_s = 0.01,
        .should_stop = should_stop,
        .stop_context = &run->stop,
    };
}

static silbe_status run_go(run_state *run, bool *is_complete, silbe_err *err)
{
    silbe_loss loss = silbe_loss_frames(&plain);
    return silbe_train_loop_run(run->trainer, &loss, toy_next, run->source, &run->options,
                                is_complete, err);
}

static void run_free(run_state *run)
{
    silbe_trainer_free(run->trainer);
    free(run->source);
    free(run->held_out);
}

static void check_same_params(const run_state *a, const run_state *b)
{
    silbe_net_shape shape = toy_shape();
    size_t n = silbe_net_layout_of(&shape).n_params;
    assert_memory_equal(silbe_trainer_params(a->trainer), silbe_trainer_params(b->trainer),
                        n * sizeof(float));
}

/* An uninterrupted run against one that was stopped after 9 steps, then died of NaN at step 17 (its
 * last checkpoint is of step 15), then ran to its end. */
static void test_resume(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    bool is_complete;
    run_state whole, piece;
    const char *a = "test_loop_a.csv", *b = "test_loop_b.csv", *checkpoint = "test_loop.ckp";
    (void)unlink(checkpoint);
    run_new(&whole, NULL, a);
    check_ok(run_go(&whole, &is_complete, &err), err);
    assert_true(is_complete);

    run_new(&piece, checkpoint, b);
    piece.stop.stop_after = 9;
    check_ok(run_go(&piece, &is_complete, &err), err);
    assert_false(is_complete);
    run_free(&piece);

    run_new(&piece, checkpoint, b);
    piece.source->nan_step = 17;
    assert_int_equal(run_go(&piece, &is_complete, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "step 17, utterance 'toy3'"));
    assert_false(is_complete);
    assert_int_equal(silbe_trainer_steps(piece.trainer), 17);
    run_free(&piece);

    run_new(&piece, checkpoint, b);
    check_ok(run_go(&piece, &is_complete, &err), err);
    assert_true(is_complete);
    assert_int_equal(piece.stop.n_calls, STEPS - 15);
    check_same_params(&whole, &piece);
    char *text_a = read_text(a), *text_b = read_text(b);
    assert_string_equal(text_a, text_b);
    size_t n_lines = 0;
    for (const char *at = text_a; (at = strchr(at, '\n')) != NULL; at++) {
        n_lines++;
    }
    assert_int_equal(n_lines, 1 + STEPS);
    assert_non_null(strstr(text_a, "step,loss,right,held_out_loss,held_out_right,rate,"));
    assert_non_null(strstr(text_a, "\n0,"));
    free(text_a);
    free(text_b);
    run_free(&piece);

    /* Complete already: nothing is done. */
    run_new(&piece, checkpoint, b);
    check_ok(run_go(&piece, &is_complete, &err), err);
    assert_true(is_complete);
    assert_int_equal(piece.stop.n_calls, 0);
    run_free(&piece);
    run_free(&whole);
    assert_int_equal(unlink(a), 0);
    assert_int_equal(unlink(b), 0);
    assert_int_equal(unlink(checkpoint), 0);
}

static void test_progress(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    bool is_complete;
    run_state run;
    run_new(&run, NULL, NULL);
    check_ok(run_go(&run, &is_complete, &err), err);
    assert_int_equal(run.progress.report.step, STEPS - 1);
    assert_true(run.progress.has_held_out && run.progress.frames_per_s > 0.0);
    check_close(run.progress.audio_s_per_s, 0.01 * run.progress.frames_per_s, 1e-6);
    check_close(run.progress.left_s, 0.0, 0.0);
    silbe_train_progress p = {.report = {.step = 119, .right = 0.5, .rate = 1e-3},
                              .mean_loss = 1.25,
                              .frames_per_s = 34000.0,
                              .audio_s_per_s = 340.0,
                              .left_s = 3725.0,
                              .n_steps = 2150};
    char line[256];
    (void)silbe_train_progress_line(&p, line, sizeof line);
    assert_string_equal(line, "step 120/2150  loss 1.2500 (50.0 %)  rate 1.00e-03  34000 frames/s "
                              "(340 x real time)  1:02:05 left");
    run_free(&run);
}

static void test_failures(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    bool is_complete;
    run_state run;
    run_new(&run, NULL, NULL);
    run.source->fail_step = 3;
    assert_int_equal(run_go(&run, &is_complete, &err), SILBE_ERR_IO);
    assert_string_equal(err.message, "no more data");
    run_free(&run);

    run_new(&run, "no/such/folder.ckp", NULL);
    assert_int_equal(run_go(&run, &is_complete, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "no/such/folder.ckp"));
    run_free(&run);

    run_new(&run, NULL, "no/such/folder.csv");
    assert_int_equal(run_go(&run, &is_complete, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "no/such/folder.csv"));
    run_free(&run);

    run_new(&run, SILBE_SOURCE_DIR "/CMakeLists.txt", NULL);
    assert_int_equal(run_go(&run, &is_complete, &err), SILBE_ERR_FORMAT);
    run_free(&run);
}

int main(void)
{
    openblas_set_num_threads(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
