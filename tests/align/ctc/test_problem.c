/* Bad input of CTC and Viterbi: an error that says where, never a crash, never a cost of 0. Inputs
 * are left as they were. */
#include "tests/align/ctc/ctc_test.h"
#include "tests/align/ctc/reference.h"

enum { T = 12, S = 4, L = 3 };

typedef struct {
    float values[T * S];
    int32_t labels[T + 1];
    double log_prior[S];
    silbe_ctc_problem problem;
} input;

static void set_up(input *in)
{
    for (size_t i = 0; i < (size_t)T * S; i++) {
        in->values[i] = -0.5F - 0.25F * (float)(i * 7 % 5);
    }
    for (size_t j = 0; j < (size_t)T + 1; j++) {
        in->labels[j] = (int32_t)(j % 3);
    }
    for (size_t k = 0; k < S; k++) {
        in->log_prior[k] = -1.0;
    }
    in->problem = (silbe_ctc_problem){.values = in->values,
                                      .n_frames = T,
                                      .n_symbols = S,
                                      .row_stride = S,
                                      .labels = in->labels,
                                      .n_labels = L,
                                      .blank = 3};
}

/* All four functions: each should give this status, and the message contain this. */
static void check_all(const silbe_ctc_problem *p, silbe_status want, const char *message)
{
    char scratch[65536];
    float gradient[T * S];
    double reference_gradient[T * S];
    silbe_ctc_segment segments[T + 1];
    silbe_ctc_result result = {-1.0, 0, 0};
    silbe_ctc_viterbi_result best = {-1.0, 0, false};
    double loss = -1.0;
    double logp = -1.0;
    silbe_ctc_wanted wanted = {.gradient = gradient, .gradient_stride = S};
    silbe_ctc_reference_wanted slowly = {.gradient = reference_gradient};
    silbe_err err[5] = {SILBE_ERR_INIT, SILBE_ERR_INIT, SILBE_ERR_INIT, SILBE_ERR_INIT,
                        SILBE_ERR_INIT};
    silbe_status got[5] = {
        silbe_ctc_run(p, NULL, NULL, scratch, sizeof scratch, &result, &err[0]),
        silbe_ctc_run(p, &wanted, NULL, scratch, sizeof scratch, &result, &err[1]),
        silbe_ctc_viterbi(p, NULL, scratch, sizeof scratch, segments, NULL, &best, &err[2]),
        silbe_ctc_reference(p, scratch, sizeof scratch, &slowly, &loss, &err[3]),
        silbe_ctc_viterbi_reference(p, scratch, sizeof scratch, segments, NULL, &logp, &err[4])};
    for (int i = 0; i < 5; i++) {
        if (got[i] != want || (want != SILBE_OK && strstr(err[i].message, message) == NULL)) {
            print_error("function %d: status %d (%s), want %d with \"%s\"\n", i, got[i],
                        err[i].message, want, message);
            fail();
        }
    }
    if (want == SILBE_OK) {
        assert_true(isfinite(result.loss) && result.loss != 0.0);
        assert_true(isfinite(best.logp) && best.logp != 0.0);
        check_close(result.loss, loss, 1e-12 * (1.0 + fabs(loss)));
        check_close(best.logp, logp, 0.0);
        assert_true(result.loss <= -best.logp + 1e-9);
    }
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    input in;
    silbe_ctc_problem p;
#define REFUSES(change, status, message)                                                           \
    do {                                                                                           \
        set_up(&in);                                                                               \
        p = in.problem;                                                                            \
        change;                                                                                    \
        check_all(&p, status, message);                                                            \
    } while (0)
    REFUSES((void)0, SILBE_OK, "");
    check_all(NULL, SILBE_ERR_ARGUMENT, "the problem is missing");
    REFUSES(p.values = NULL, SILBE_ERR_ARGUMENT, "emissions are missing");
    REFUSES(p.labels = NULL, SILBE_ERR_ARGUMENT, "labels are missing");
    REFUSES(p.n_frames = 0, SILBE_ERR_ARGUMENT, "0 frames of 4 symbols and 3 labels");
    REFUSES(p.n_symbols = 0, SILBE_ERR_ARGUMENT, "12 frames of 0 symbols");
    REFUSES(p.n_labels = 0, SILBE_ERR_ARGUMENT, "and 0 labels");
    REFUSES(p.row_stride = 3, SILBE_ERR_ARGUMENT, "at least the number of symbols, 4, got 3");
    REFUSES(p.blank = 4, SILBE_ERR_ARGUMENT, "one of 4 symbols, got 4");
    REFUSES(p.topology = SILBE_CTC_N_TOPOLOGIES, SILBE_ERR_ARGUMENT, "no topology 2");
    REFUSES(p.blank_penalty = (double)NAN, SILBE_ERR_ARGUMENT, "finite");
    REFUSES(p.prior_scale = (double)INFINITY, SILBE_ERR_ARGUMENT, "finite");
    REFUSES((in.log_prior[2] = -(double)INFINITY, p.log_prior = in.log_prior), SILBE_ERR_ARGUMENT,
            "log prior of symbol 2");
    /* Sizes that overflow. */
    REFUSES(p.n_frames = SIZE_MAX, SILBE_ERR_MEMORY, "frames and 3 labels; at most");
    REFUSES(p.n_labels = SIZE_MAX, SILBE_ERR_MEMORY, "at most");
    REFUSES(p.row_stride = SIZE_MAX / 2, SILBE_ERR_MEMORY, "overflow");
    REFUSES((p.n_symbols = SIZE_MAX / 64, p.row_stride = SIZE_MAX / 64), SILBE_ERR_MEMORY,
            "overflow");
    /* Labels. */
    REFUSES(in.labels[1] = 4, SILBE_ERR_DATA, "label 1 is symbol 4");
    REFUSES(in.labels[2] = -1, SILBE_ERR_DATA, "label 2 is symbol -1");
    REFUSES(in.labels[0] = INT32_MIN, SILBE_ERR_DATA, "label 0 is symbol");
    REFUSES(in.labels[2] = 3, SILBE_ERR_DATA, "label 2 is the blank (symbol 3)");
    /* Lengths. */
    REFUSES(p.n_labels = T + 1, SILBE_ERR_INFEASIBLE, "12 frames are too few for 13 labels");
    REFUSES((p.n_labels = T, in.labels[5] = in.labels[4]), SILBE_ERR_INFEASIBLE,
            "at least 13 frames");
    REFUSES((p.n_labels = T + 1, p.topology = SILBE_CTC_NO_BLANKS), SILBE_ERR_INFEASIBLE,
            "12 frames are too few for 13 labels");
}

static void refuses_bad_emissions(void **state)
{
    (void)state;
    input in;
    silbe_ctc_problem p;
    REFUSES(in.values[5 * S + 2] = NAN, SILBE_ERR_DATA, "frame 5, symbol 2 is not a number");
    REFUSES(in.values[11 * S] = INFINITY, SILBE_ERR_DATA, "frame 11, symbol 0 is +infinity");
    REFUSES(in.values[0] = 2e8F, SILBE_ERR_DATA, "frame 0, symbol 0 is 2e+08");
    REFUSES((in.values[3] = NAN, p.logits = true), SILBE_ERR_DATA, "frame 0, symbol 3");
    for (int topology = 0; topology < SILBE_CTC_N_TOPOLOGIES; topology++) {
        for (int logits = 0; logits < 2; logits++) {
            for (int kind = 0; kind < 3; kind++) {
                set_up(&in);
                p = in.problem;
                p.topology = (silbe_ctc_topology)topology;
                p.logits = logits != 0;
                for (size_t t = 0; t < T; t++) {
                    for (size_t k = 0; k < S; k++) {
                        /* everywhere, one frame, one label that is needed */
                        bool hit = kind == 0 || (kind == 1 && t == 6) || (kind == 2 && k == 1);
                        in.values[t * S + k] = hit ? -INFINITY : in.values[t * S + k];
                    }
                }
                check_all(&p, SILBE_ERR_INFEASIBLE, "3 labels over 12 frames");
            }
        }
    }
    /* The usual stand-in for -infinity. */
    REFUSES(for (size_t t = 0; t < T; t++) in.values[t * S + 1] = -1e30F, SILBE_ERR_INFEASIBLE,
            "3 labels over 12 frames");
}

static void takes_the_smallest_input(void **state)
{
    (void)state;
    input in;
    silbe_ctc_problem p;
    REFUSES((p.n_frames = 1, p.n_labels = 1), SILBE_OK, "");
    REFUSES((p.n_frames = 1, p.n_labels = 1, p.topology = SILBE_CTC_NO_BLANKS), SILBE_OK, "");
    REFUSES((p.n_frames = 2, p.n_labels = 1), SILBE_OK, "");
    REFUSES(p.n_labels = T, SILBE_OK, ""); /* a single path */
    REFUSES((p.n_symbols = 1, p.row_stride = 4, p.n_labels = 1, p.topology = SILBE_CTC_NO_BLANKS),
            SILBE_OK, "");
    /* Without blanks, the blank may be anything, and a label as well. */
    REFUSES((p.blank = 99, in.labels[1] = 3, p.topology = SILBE_CTC_NO_BLANKS), SILBE_OK, "");
    set_up(&in);
    in.problem.n_frames = 1;
    in.problem.n_labels = 1;
    silbe_err err = SILBE_ERR_INIT;
    silbe_ctc_result result;
    char scratch[16384];
    check_ok(silbe_ctc_run(&in.problem, NULL, NULL, scratch, sizeof scratch, &result, &err), err);
    check_close(result.loss, 0.5, 1e-15);
}

static void leaves_its_inputs_alone(void **state)
{
    (void)state;
    input in;
    input before;
    memset(&in, 0, sizeof in);
    set_up(&in);
    in.problem.log_prior = in.log_prior;
    in.problem.prior_scale = 0.5;
    in.problem.logits = true;
    memcpy(&before, &in, sizeof in);
    check_all(&in.problem, SILBE_OK, "");
    assert_memory_equal(&before, &in, sizeof in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_bad_arguments),
        cmocka_unit_test(refuses_bad_emissions),
        cmocka_unit_test(takes_the_smallest_input),
        cmocka_unit_test(leaves_its_inputs_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
