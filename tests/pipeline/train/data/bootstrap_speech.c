/*
 * The bootstrap on real speech; not a test.
 *
 *     SILBE_SPEECH_ROOT=... bootstrap_speech FOLDER MINUTES ROUNDS STEPS [SETS [INITIAL.weights]]
 *
 * Prints a row for each round: loss, frames that changed, and how far the phone onsets of
 * de_emodb (hand-made) and nl_nathalie (automatic, every tenth utterance) are when that round's
 * model aligns them.
 */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/pipeline/train/data/reference_phones.h"

typedef struct {
    silbe_corpus corpus;
    reference_phones reference;
} check_set;

static check_set checks[2];

static void compare(const silbe_bootstrap_round *round, check_set *set, const char *name)
{
    silbe_alignments a = SILBE_ALIGNMENTS_INIT;
    silbe_err err = SILBE_ERR_INIT;
    double log_prior[SILBE_N_PHONES], logp;
    size_t n_unaligned;
    silbe_realign_options options = silbe_realign_options_default();
    size_t stride = round->model->shape.input_stride;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = (double)round->model->log_prior[p];
    }
    silbe_status status =
        silbe_alignments_new(&set->corpus, stride, silbe_model_hop_s(round->model), &a, &err);
    if (status == SILBE_OK) {
        status = silbe_realign_all(&set->corpus, round->model, log_prior, &options, &a, &logp,
                                   &n_unaligned, &err);
    }
    if (status != SILBE_OK) {
        printf("  %s: %s\n", name, err.message);
    } else {
        silbe_boundary_figures f = reference_compare(&set->reference, &set->corpus, &a);
        printf("  %s: %zu onsets (%.0f %% paired), median |d| %.1f ms, mean %.1f, bias %+.1f, "
               "within 20 ms %.1f %%, 50 ms %.1f %%\n",
               name, f.n, 100.0 * f.paired, 1e3 * f.median_abs_s, 1e3 * f.mean_abs_s,
               1e3 * f.median_s, 100.0 * f.within_20ms, 100.0 * f.within_50ms);
    }
    silbe_alignments_free(&a);
}

static void on_round(void *context, const silbe_bootstrap_round *r)
{
    (void)context;
    printf("round %zu: loss %.3f right %.1f %% logp/frame %.3f changed %.1f %% silence %.1f %% "
           "unaligned %zu; train %.1f s, align %.1f s\n",
           r->round, r->loss, 100.0 * r->right, r->logp, 100.0 * r->changed, 100.0 * r->silence,
           r->n_unaligned, r->train_s, r->align_s);
    if (r->model != NULL) {
        compare(r, &checks[0], "de_emodb (hand)");
        compare(r, &checks[1], "nl_nathalie (automatic)");
    }
    (void)fflush(stdout);
}

static int fail(const silbe_err *err)
{
    fprintf(stderr, "bootstrap_speech: %s\n", err->message);
    return 1;
}

int main(int argc, char **argv)
{
    const char *root = getenv("SILBE_SPEECH_ROOT");
    if (root == NULL || argc < 5) {
        fprintf(stderr,
                "usage: SILBE_SPEECH_ROOT=... %s FOLDER MINUTES ROUNDS STEPS [SETS "
                "[INITIAL.weights]]\n",
                argv[0]);
        return 2;
    }
    openblas_set_num_threads(1);
    silbe_err err = SILBE_ERR_INIT;
    silbe_corpus corpus = SILBE_CORPUS_INIT;
    silbe_model initial = SILBE_MODEL_INIT;
    silbe_corpus_options c = silbe_corpus_options_default();
    silbe_bootstrap_options o = silbe_bootstrap_options_default();
    c.root = root;
    c.work = argv[1];
    c.allowed = SILBE_SPEECH_RESEARCH;
    for (int i = 0; i < 2; i++) {
        c.sets = i == 0 ? "de_emodb" : "nl_nathalie";
        c.max_seconds = i == 0 ? 0.0 : 250.0;
        if (silbe_corpus_load(&c, &checks[i].corpus, &err) != SILBE_OK) {
            return fail(&err);
        }
        reference_read(root, i == 0, &checks[i].reference);
    }
    c.allowed = SILBE_SPEECH_MAY_SHIP;
    c.sets = argc > 5 ? argv[5] : "de_kerstin de_gcompris";
    c.max_seconds = 60.0 * atof(argv[2]);
    if (silbe_corpus_load(&c, &corpus, &err) != SILBE_OK) {
        return fail(&err);
    }
    printf("%zu utterances, %.1f minutes, %zu different words, %zu left out\n", corpus.n_utterances,
           corpus.seconds / 60.0, corpus.lexicon.n_words, corpus.n_left_out);
    for (size_t i = 0; i < corpus.n_left_out && i < 10; i++) {
        printf("  left out: %s: %s\n", corpus.left_out[i].item->file, corpus.left_out[i].reason);
    }
    char folder[4096];
    (void)snprintf(folder, sizeof folder, "%s/bootstrap", argv[1]);
    o.folder = folder;
    o.n_rounds = strtoul(argv[3], NULL, 10);
    o.steps_per_round = strtoul(argv[4], NULL, 10);
    if (argc > 6) {
        if (silbe_weights_read(argv[6], &initial, &err) != SILBE_OK) {
            return fail(&err);
        }
        o.initial = &initial;
    }
    o.on_round = on_round;
    bool is_complete;
    if (silbe_bootstrap_run(&o, &corpus, NULL, NULL, &is_complete, &err) != SILBE_OK) {
        return fail(&err);
    }
    silbe_model_free(&initial);
    silbe_corpus_free(&corpus);
    for (int i = 0; i < 2; i++) {
        silbe_corpus_free(&checks[i].corpus);
        free(checks[i].reference.phones);
    }
    return 0;
}
