/* The bootstrap on a made-up corpus: times come out, a stopped run goes on with the same bytes. */
#define _POSIX_C_SOURCE 200809L
#include <cblas.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/read_text.h"
#include "pipeline/train/data/bootstrap.h"
#include "pipeline/train/data/piece_source.h"
#include "tests/pipeline/train/data/made_up_corpus.h"

enum { N = 48, ROUNDS = 4 };

typedef struct {
    const made_up *made;
    double wrong[ROUNDS + 1]; /* share of frames whose phone is not the true one */
    size_t n_rounds;
    size_t n_asked;
    size_t stop_after; /* questions; 0: never */
} watcher;

static void on_round(void *context, const silbe_bootstrap_round *round)
{
    watcher *w = context;
    w->wrong[round->round] = silbe_alignments_changed(round->alignments, &w->made->truth);
    w->n_rounds++;
}

static bool should_stop(void *context)
{
    watcher *w = context;
    return ++w->n_asked == w->stop_after;
}

static silbe_bootstrap_options options_for(const char *folder, watcher *w)
{
    silbe_bootstrap_options o = silbe_bootstrap_options_default();
    o.folder = folder;
    o.n_rounds = ROUNDS;
    o.steps_per_round = 60;
    o.n_batch = 8;
    o.peak_rate = 5e-3;
    o.shape.n_bands = MADE_UP_BANDS;
    o.shape.n_channels = 32;
    o.shape.n_hidden = 32;
    o.logmel.n_bands = MADE_UP_BANDS;
    o.on_round = on_round;
    o.round_context = w;
    o.should_stop = should_stop;
    o.stop_context = w;
    return o;
}

static void remove_files(const char *folder)
{
    static const char *const endings[] = {"tsv", "weights", "csv", "checkpoint"};
    char path[256];
    for (int r = 0; r <= ROUNDS; r++) {
        for (int e = 0; e < 4; e++) {
            (void)snprintf(path, sizeof path, "%s/round_%02d.%s", folder, r, endings[e]);
            (void)unlink(path);
        }
    }
    (void)snprintf(path, sizeof path, "%s/settings.txt", folder);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void check_same_file(const char *a, const char *b, const char *name)
{
    char path[256];
    char *x, *y;
    size_t n, m;
    silbe_err err = SILBE_ERR_INIT;
    (void)snprintf(path, sizeof path, "%s/%s", a, name);
    check_ok(silbe_read_text(path, &x, &n, &err), err);
    (void)snprintf(path, sizeof path, "%s/%s", b, name);
    check_ok(silbe_read_text(path, &y, &m, &err), err);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void test_run(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const char *whole = "test_bootstrap_a", *pieces = "test_bootstrap_b";
    made_up *m = made_up_new(N, 7);
    bool is_complete;
    remove_files(whole);
    remove_files(pieces);

    watcher w = {.made = m};
    silbe_bootstrap_options o = options_for(whole, &w);
    silbe_model model = SILBE_MODEL_INIT;
    silbe_alignments a = SILBE_ALIGNMENTS_INIT;
    check_ok(silbe_bootstrap_run(&o, &m->corpus, &a, &model, &is_complete, &err), err);
    assert_true(is_complete);
    assert_int_equal(w.n_rounds, ROUNDS + 1);
    for (int r = 0; r <= ROUNDS; r++) {
        print_message("round %d: %.1f %% of the frames wrong\n", r, 100.0 * w.wrong[r]);
    }
    assert_true(w.wrong[0] > 0.3);
    assert_true(w.wrong[ROUNDS] < 0.06);
    check_close(silbe_alignments_changed(&a, &m->truth), w.wrong[ROUNDS], 0.0);

    /* Stopped in round 1 and again in round 3. */
    for (int part = 0; part < 3; part++) {
        watcher v = {.made = m, .stop_after = part == 0 ? 33 : (part == 1 ? 110 : 0)};
        silbe_bootstrap_options p = options_for(pieces, &v);
        check_ok(silbe_bootstrap_run(&p, &m->corpus, NULL, NULL, &is_complete, &err), err);
        assert_int_equal(is_complete, part == 2);
    }
    check_same_file(whole, pieces, "round_04.tsv");
    check_same_file(whole, pieces, "round_04.weights");
    check_same_file(whole, pieces, "round_02.csv");

    /* Nothing left to do; and other settings are refused. */
    watcher v = {.made = m};
    silbe_bootstrap_options p = options_for(pieces, &v);
    check_ok(silbe_bootstrap_run(&p, &m->corpus, NULL, NULL, &is_complete, &err), err);
    assert_true(is_complete && v.n_asked == 0 && v.n_rounds == ROUNDS + 1);
    p.seed++;
    assert_int_equal(silbe_bootstrap_run(&p, &m->corpus, NULL, NULL, &is_complete, &err),
                     SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, pieces));

    /* A model instead of a flat start. */
    remove_files(pieces);
    p = options_for(pieces, &v);
    p.initial = &model;
    p.n_rounds = 0;
    check_ok(silbe_bootstrap_run(&p, &m->corpus, NULL, NULL, &is_complete, &err), err);
    check_close(v.wrong[0], w.wrong[ROUNDS], 0.02);

    p.shape.n_classes = 5;
    assert_int_equal(silbe_bootstrap_run(&p, &m->corpus, NULL, NULL, &is_complete, &err),
                     SILBE_ERR_ARGUMENT);
    silbe_alignments_free(&a);
    silbe_model_free(&model);
    remove_files(whole);
    remove_files(pieces);
    made_up_free(m);
}

/* Each epoch has all aligned utterances once, in an order of its own; steps come in any order. */
static void test_source(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    made_up *m = made_up_new(12, 3);
    silbe_piece_source *source;
    silbe_train_batch batch;
    silbe_random random = {1};
    char order[6][13] = {{0}};
    free(m->truth.items[5].segments);
    m->truth.items[5].segments = NULL;
    m->truth.items[5].n_segments = 0;
    check_ok(silbe_piece_source_of_speech(&m->corpus, &m->truth, 11, 9, &source, &err), err);
    for (size_t step = 0; step < 6; step++) {
        bool seen[12] = {false};
        check_ok(silbe_piece_source_next(source, step % 3, &random, &batch, &err), err);
        for (size_t i = 0; i < batch.n; i++) {
            size_t u = strtoul(batch.utterances[i].name + 1, NULL, 10);
            double sum = 0.0;
            assert_false(seen[u] || u == 5);
            seen[u] = true;
            order[step][i] = (char)('a' + u);
            for (size_t t = 0; t < batch.utterances[i].n_frames; t++) {
                sum += (double)batch.utterances[i].logmel[t * MADE_UP_BANDS + 3];
            }
            check_close(sum / (double)batch.utterances[i].n_frames, 0.0, 1e-5);
        }
    }
    assert_string_equal(order[0], order[3]);
    assert_string_equal(order[2], order[5]);
    assert_string_not_equal(order[0], order[1]);
    silbe_piece_source_free(source);
    assert_int_equal(silbe_piece_source_of_speech(&m->corpus, &m->truth, 0, 9, &source, &err),
                     SILBE_ERR_ARGUMENT);
    made_up_free(m);
}

int main(void)
{
    openblas_set_num_threads(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
