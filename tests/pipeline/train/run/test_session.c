/* A training from batches to weights: it learns, gives the same bytes again and after a failure,
 * and refuses what does not belong together. */
#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/run/session.h"

#include <cblas.h>
#include <math.h>
#include <unistd.h>

#include "pipeline/host/read_text.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/train/data/logmel_cache.h"
#include "pipeline/train/data/piece_source.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

enum { N = 24, STEPS = 40, NEVER = 1000 };

/* Batches of a made-up corpus, one of which is spoilt. */
typedef struct {
    silbe_piece_source *source;
    size_t spoilt_step;
    silbe_train_utterance copies[8];
    float *nan;
} spoiler;

static silbe_status next(void *context, size_t step, silbe_random *random, silbe_train_batch *batch,
                         silbe_err *err)
{
    spoiler *s = context;
    silbe_status status = silbe_piece_source_next(s->source, step, random, batch, err);
    if (status == SILBE_OK && step == s->spoilt_step) {
        memcpy(s->copies, batch->utterances, batch->n * sizeof *s->copies);
        size_t n = s->copies[2].n_frames * MADE_UP_BANDS;
        free(s->nan);
        s->nan = calloc(n, sizeof *s->nan);
        s->nan[n / 2] = NAN;
        s->copies[2].logmel = s->nan;
        batch->utterances = s->copies;
    }
    return status;
}

typedef struct {
    made_up *made;
    spoiler spoiler;
    silbe_config config;
    silbe_log log;
    silbe_session session;
} fixture;

static void set_up(fixture *f, const char *out)
{
    silbe_err err = SILBE_ERR_INIT;
    memset(f, 0, sizeof *f);
    f->made = made_up_new(N, 7);
    f->spoiler.spoilt_step = NEVER;
    check_ok(silbe_piece_source_of_speech(&f->made->corpus, &f->made->truth, 8, 3,
                                          &f->spoiler.source, &err),
             err);
    silbe_config_defaults(&f->config);
    f->config.features.logmel_bands = MADE_UP_BANDS;
    f->config.train.channels = f->config.train.hidden = 16;
    (void)snprintf(f->config.train.dilations, sizeof f->config.train.dilations, "1 2");
    f->config.train.checkpoint_every = 10;
    f->log = silbe_log_new("test", SILBE_LOG_QUIET);
    f->session = (silbe_session){.config = &f->config,
                                 .log = &f->log,
                                 .name = "training",
                                 .out = out,
                                 .description = "made up",
                                 .comment = "from nothing",
                                 .logmel = silbe_logmel_options_default(),
                                 .rate_hz = SILBE_TRAIN_RATE_HZ,
                                 .source = next,
                                 .source_context = &f->spoiler,
                                 .n_steps = STEPS,
                                 .n_batch = 8,
                                 .peak_rate = 5e-3};
    f->session.logmel.n_bands = MADE_UP_BANDS;
    check_ok(silbe_session_shape(&f->config, &f->session.shape, &err), err);
}

static void tear_down(fixture *f)
{
    silbe_piece_source_free(f->spoiler.source);
    free(f->spoiler.nan);
    made_up_free(f->made);
}

static char *read_all(const char *out, const char *ending, size_t *n)
{
    char path[256], *text;
    silbe_err err = SILBE_ERR_INIT;
    const char *dot = strstr(out, ".weights");
    (void)snprintf(path, sizeof path, "%.*s%s", dot != NULL ? (int)(dot - out) : (int)strlen(out),
                   out, ending);
    check_ok(silbe_read_text(path, &text, n, &err), err);
    return text;
}

static void check_same(const char *a, const char *b, const char *ending)
{
    size_t n, m;
    char *x = read_all(a, ending, &n), *y = read_all(b, ending, &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static double loss_of_row(const char *csv, size_t row)
{
    for (size_t i = 0; i <= row; i++) {
        csv = strchr(csv, '\n') + 1;
    }
    return strtod(strchr(csv, ',') + 1, NULL);
}

static void test_learns(void **state)
{
    (void)state;
    fixture f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = SILBE_MODEL_INIT, again = SILBE_MODEL_INIT;
    bool is_complete;
    size_t n;
    set_up(&f, "test_session.dir/a.weights");
    check_ok(silbe_session_run(&f.session, &model, &is_complete, &err), err);
    assert_true(is_complete);
    char *csv = read_all(f.session.out, ".csv", &n);
    print_message("loss %g, then %g\n", loss_of_row(csv, 0), loss_of_row(csv, STEPS - 1));
    assert_true(loss_of_row(csv, STEPS - 1) < 0.5 * loss_of_row(csv, 0));
    free(csv);
    assert_string_equal(model.comment, "from nothing");

    /* The prior is that of the phones that were trained on. */
    double sum = 0.0;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        sum += exp((double)model.log_prior[p]);
    }
    check_close(sum, 1.0, 1e-5);
    assert_true(model.log_prior[SILBE_PHONE_SILENCE] > log(0.05));

    check_ok(silbe_weights_read(f.session.out, &again, &err), err);
    check_ok(silbe_session_check_initial("a", &again, &f.session.shape, &f.session.logmel, &err),
             err);

    /* Nothing is left to do; other settings are another training, unless forced. */
    check_ok(silbe_session_run(&f.session, NULL, &is_complete, &err), err);
    f.config.train.smoothing = 0.2;
    assert_int_equal(silbe_session_run(&f.session, NULL, &is_complete, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "smoothing 0.2"));
    f.config.run.force = true;
    check_ok(silbe_session_run(&f.session, NULL, &is_complete, &err), err);

    /* Fine-tuning starts where the model was. */
    f.config.run.force = false;
    f.config.train.smoothing = 0.05;
    f.session.out = "test_session.dir/fine";
    f.session.initial = &again;
    check_ok(silbe_session_run(&f.session, NULL, &is_complete, &err), err);
    csv = read_all(f.session.out, ".csv", &n);
    assert_true(loss_of_row(csv, 0) < 1.5);
    free(csv);
    silbe_model_free(&model);
    silbe_model_free(&again);
    tear_down(&f);
}

/* A run that fails at step 25 goes on from the checkpoint of step 20. */
static void test_nan_and_resume(void **state)
{
    (void)state;
    fixture f;
    silbe_err err = SILBE_ERR_INIT;
    bool is_complete;
    set_up(&f, "test_session.dir/whole.weights");
    check_ok(silbe_session_run(&f.session, NULL, &is_complete, &err), err);
    f.session.out = "test_session.dir/pieces.weights";
    f.spoiler.spoilt_step = 25;
    /* The prior is counted first, over the same batches: it does not look at the sound. */
    assert_int_equal(silbe_session_run(&f.session, NULL, &is_complete, &err), SILBE_ERR_DATA);
    print_message("%s\n", err.message);
    assert_non_null(strstr(err.message, "25"));
    assert_non_null(strstr(err.message, f.spoiler.copies[2].name));
    assert_int_equal(access("test_session.dir/pieces.checkpoint", F_OK), 0);
    assert_int_not_equal(access("test_session.dir/pieces.weights", F_OK), 0);
    f.spoiler.spoilt_step = NEVER;
    check_ok(silbe_session_run(&f.session, NULL, &is_complete, &err), err);
    check_same("test_session.dir/whole", "test_session.dir/pieces", ".weights");
    check_same("test_session.dir/whole", "test_session.dir/pieces", ".csv");
    check_same("test_session.dir/whole", "test_session.dir/pieces", ".checkpoint");
    tear_down(&f);
}

static void test_refuses(void **state)
{
    (void)state;
    fixture f;
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = SILBE_MODEL_INIT;
    bool is_complete;
    set_up(&f, "test_session.dir/refused.weights");
    check_ok(silbe_session_run(&f.session, &model, &is_complete, &err), err);

    silbe_net_shape other = f.session.shape;
    other.n_channels = 24;
    assert_int_equal(silbe_session_check_initial("w", &model, &other, &f.session.logmel, &err),
                     SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "train.channels"));
    silbe_logmel_options logmel = f.session.logmel;
    logmel.high_hz = 5000.0;
    assert_int_equal(silbe_session_check_initial("w", &model, &f.session.shape, &logmel, &err),
                     SILBE_ERR_MISMATCH);
    (void)snprintf(model.class_names[3], sizeof model.class_names[3], "%%");
    assert_int_equal(
        silbe_session_check_initial("w", &model, &f.session.shape, &f.session.logmel, &err),
        SILBE_ERR_MISMATCH);

    /* A damaged checkpoint. */
    FILE *file = fopen("test_session.dir/refused.checkpoint", "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 3000, SEEK_SET), 0);
    assert_int_equal(fputs("damage", file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(silbe_session_run(&f.session, NULL, &is_complete, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "refused.checkpoint"));

    (void)snprintf(f.config.train.dilations, sizeof f.config.train.dilations, "1 two");
    assert_int_equal(silbe_session_shape(&f.config, &other, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "1 two"));
    (void)snprintf(f.config.train.dilations, sizeof f.config.train.dilations, " ");
    assert_int_equal(silbe_session_shape(&f.config, &other, &err), SILBE_ERR_ARGUMENT);
    silbe_model_free(&model);
    tear_down(&f);
}

int main(void)
{
    silbe_err err = SILBE_ERR_INIT;
    openblas_set_num_threads(1);
    if (silbe_remove_tree("test_session.dir", &err) != SILBE_OK) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns),
        cmocka_unit_test(test_nan_and_resume),
        cmocka_unit_test(test_refuses),
    };
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    return n_failed == 0 && silbe_remove_tree("test_session.dir", &err) != SILBE_OK ? 1 : n_failed;
}
