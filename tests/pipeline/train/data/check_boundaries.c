/*
 * How far the phone onsets of de_emodb (hand-made) and nl_nathalie (automatic) are from those that
 * a model finds; not a test.
 *
 *     SILBE_SPEECH_ROOT=... check_boundaries FOLDER FILE.weights...
 *
 * FOLDER keeps features. FILE.weights: of any round of silbe-train, or the result.
 */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/pipeline/train/data/reference_phones.h"

static const struct {
    const char *set;
    double max_seconds;
    bool is_hand_made;
} checks[] = {{"de_emodb", 0.0, true}, {"nl_nathalie", 250.0, false}};

static int fail(const silbe_err *err)
{
    fprintf(stderr, "check_boundaries: %s\n", err->message);
    return 1;
}

static silbe_status compare(const silbe_model *model, const silbe_corpus *corpus,
                            reference_phones *reference, silbe_boundary_figures *figures,
                            silbe_err *err)
{
    silbe_alignments a = SILBE_ALIGNMENTS_INIT;
    silbe_realign_options options = silbe_realign_options_default();
    double log_prior[SILBE_N_PHONES], logp;
    size_t n_unaligned;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = (double)model->log_prior[p];
    }
    silbe_status status =
        silbe_alignments_new(corpus, model->shape.input_stride, silbe_model_hop_s(model), &a, err);
    if (status == SILBE_OK) {
        status =
            silbe_realign_run(corpus, model, log_prior, &options, &a, &logp, &n_unaligned, err);
    }
    if (status == SILBE_OK) {
        *figures = reference_compare(reference, corpus, &a);
    }
    silbe_alignments_free(&a);
    return status;
}

int main(int argc, char **argv)
{
    const char *root = getenv("SILBE_SPEECH_ROOT");
    silbe_err err = SILBE_ERR_INIT;
    if (root == NULL || argc < 3) {
        fprintf(stderr, "usage: SILBE_SPEECH_ROOT=... %s FOLDER FILE.weights...\n", argv[0]);
        return 2;
    }
    openblas_set_num_threads(1);
    for (size_t c = 0; c < sizeof checks / sizeof checks[0]; c++) {
        silbe_corpus corpus = SILBE_CORPUS_INIT;
        reference_phones reference = {0};
        silbe_corpus_options o = silbe_corpus_options_default();
        o.root = root;
        o.work = argv[1];
        o.allowed = SILBE_SPEECH_RESEARCH;
        o.sets = checks[c].set;
        o.max_seconds = checks[c].max_seconds;
        if (silbe_corpus_read(&o, &corpus, &err) != SILBE_OK) {
            return fail(&err);
        }
        reference_read(root, checks[c].is_hand_made, &reference);
        for (int i = 2; i < argc; i++) {
            silbe_model model = SILBE_MODEL_INIT;
            silbe_boundary_figures f;
            if (silbe_weights_read(argv[i], &model, &err) != SILBE_OK ||
                compare(&model, &corpus, &reference, &f, &err) != SILBE_OK) {
                return fail(&err);
            }
            printf("%s, %s: %zu onsets (%.0f %% paired), median |d| %.1f ms, mean %.1f, bias "
                   "%+.1f, within 20 ms %.1f %%, 50 ms %.1f %%\n",
                   argv[i], checks[c].set, f.n, 100.0 * f.paired, 1e3 * f.median_abs_s,
                   1e3 * f.mean_abs_s, 1e3 * f.median_s, 100.0 * f.within_20ms,
                   100.0 * f.within_50ms);
            silbe_model_free(&model);
        }
        silbe_corpus_free(&corpus);
        free(reference.phones);
    }
    return 0;
}
