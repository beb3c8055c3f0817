/* The semi-Markov chain against all placements of a tiny one, and against its readable form. */
#include "tests/check.h"

#include <string.h>

#include "align/score/onset_lattice.h"

enum { MAX_EVENTS = 40, MAX_WIDTH = 12, MAX_HOLD = 4000 };

typedef struct {
    silbe_onset_lattice lattice;
    size_t base[MAX_EVENTS];
    double onset_cost[MAX_EVENTS * MAX_WIDTH];
    double hold[MAX_HOLD];
    size_t hold_begin[MAX_EVENTS];
    double expected[MAX_EVENTS];
    double sigma[MAX_EVENTS];
} random_lattice;

static void make_random(random_lattice *random, check_rng *rng, size_t n_events, size_t width,
                        double scale)
{
    silbe_onset_lattice *lattice = &random->lattice;
    *lattice = (silbe_onset_lattice){.n_events = n_events,
                                     .width = width,
                                     .base = random->base,
                                     .onset_cost = random->onset_cost,
                                     .hold = random->hold,
                                     .hold_begin = random->hold_begin,
                                     .expected_frames = random->expected,
                                     .sigma_frames = random->sigma,
                                     .tempo_weight = 0.5 + check_uniform(rng),
                                     .huber = 1 + check_uniform(rng),
                                     .max_tempo_cost =
                                         check_random(rng) % 2 == 0 ? 0 : 2 * check_uniform(rng)};
    size_t used = 0;
    random->base[0] = check_random(rng) % 5;
    for (size_t k = 0; k < n_events; k++) {
        for (size_t c = 0; c < width; c++) {
            random->onset_cost[k * width + c] = scale * (check_uniform(rng) - 0.5);
        }
        if (k + 1 == n_events) {
            break;
        }
        random->base[k + 1] = random->base[k] + check_random(rng) % 6;
        random->expected[k] = 5 * check_uniform(rng);
        random->sigma[k] = 0.5 + check_uniform(rng);
        size_t length = random->base[k + 1] - random->base[k] + width;
        random->hold_begin[k] = used;
        assert_true(used + length <= MAX_HOLD);
        for (size_t x = 0; x < length; x++) {
            double step = scale * check_uniform(rng);
            random->hold[used + x] = x == 0 ? 0 : random->hold[used + x - 1] + step;
        }
        used += length;
    }
}

static void run(const silbe_onset_lattice *lattice, int is_reference, double *posterior)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t bytes = silbe_onset_lattice_scratch_bytes(lattice);
    void *scratch = malloc(bytes);
    assert_non_null(scratch);
    if (is_reference) {
        check_ok(silbe_onset_lattice_reference(lattice, scratch, bytes, posterior, &err), err);
    } else {
        check_ok(silbe_onset_lattice_posterior(lattice, scratch, bytes, posterior, &err), err);
    }
    free(scratch);
}

/* Cost of one placement, straight from the definition. */
static double placement_cost(const silbe_onset_lattice *lattice, const size_t *candidate)
{
    double cost = 0;
    for (size_t k = 0; k < lattice->n_events; k++) {
        cost += lattice->onset_cost[k * lattice->width + candidate[k]];
        if (k + 1 == lattice->n_events) {
            break;
        }
        size_t from = lattice->base[k] + candidate[k];
        size_t to = lattice->base[k + 1] + candidate[k + 1];
        if (to < from) {
            return INFINITY;
        }
        const double *hold = lattice->hold + lattice->hold_begin[k];
        double z = ((double)(to - from) - lattice->expected_frames[k]) / lattice->sigma_frames[k];
        double a = fabs(z), h = lattice->huber;
        cost += hold[to - lattice->base[k]] - hold[from - lattice->base[k]];
        double rho = a <= h ? a * a / 2 : h * (a - h / 2);
        rho = lattice->max_tempo_cost > 0 ? fmin(rho, lattice->max_tempo_cost) : rho;
        cost += lattice->tempo_weight * rho;
    }
    return cost;
}

static void test_all_placements(void **state)
{
    (void)state;
    enum { N = 4, W = 5 };
    check_rng rng = check_rng_new(41);
    static random_lattice random;
    for (int round = 0; round < 20; round++) {
        make_random(&random, &rng, N, W, 3);
        double expected[N * W] = {0}, total = 0, got[N * W];
        for (size_t code = 0; code < 5 * 5 * 5 * 5; code++) {
            size_t candidate[N] = {code % W, code / W % W, code / W / W % W, code / W / W / W};
            double weight = exp(-placement_cost(&random.lattice, candidate));
            total += weight;
            for (size_t k = 0; k < N; k++) {
                expected[k * W + candidate[k]] += weight;
            }
        }
        run(&random.lattice, 0, got);
        for (size_t i = 0; i < N * W; i++) {
            check_close(got[i], expected[i] / total, 1e-12);
        }
    }
}

static void test_equals_reference(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(42);
    static random_lattice random;
    static double got[MAX_EVENTS * MAX_WIDTH], want[MAX_EVENTS * MAX_WIDTH];
    for (int round = 0; round < 50; round++) {
        size_t n = 1 + check_random(&rng) % MAX_EVENTS, w = 1 + check_random(&rng) % MAX_WIDTH;
        make_random(&random, &rng, n, w, 40);
        run(&random.lattice, 0, got);
        run(&random.lattice, 1, want);
        for (size_t i = 0; i < n * w; i++) {
            check_close(got[i], want[i], 1e-9);
        }
    }
}

/* A constant added to one event's costs, or to a whole hold row, changes no posterior. */
static void test_invariant_to_constants(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(43);
    static random_lattice random;
    static double before[MAX_EVENTS * MAX_WIDTH], after[MAX_EVENTS * MAX_WIDTH];
    make_random(&random, &rng, 20, 9, 10);
    run(&random.lattice, 0, before);
    for (size_t c = 0; c < 9; c++) {
        random.onset_cost[7 * 9 + c] += 123;
    }
    for (size_t x = 0; x < random.base[4] - random.base[3] + 9; x++) {
        random.hold[random.hold_begin[3] + x] += 55;
    }
    run(&random.lattice, 0, after);
    for (size_t i = 0; i < 20 * 9; i++) {
        check_close(after[i], before[i], 1e-9);
    }
}

/* One event whose only evidence is its onset: a softmax. */
static void test_single_event(void **state)
{
    (void)state;
    const size_t base[] = {3};
    const double cost[] = {0, -1, 2};
    silbe_onset_lattice lattice = {
        .n_events = 1, .width = 3, .base = base, .onset_cost = cost, .huber = 2};
    double got[3], sum = 1 + exp(1) + exp(-2);
    run(&lattice, 0, got);
    check_close(got[0], 1 / sum, 1e-15);
    check_close(got[1], exp(1) / sum, 1e-15);
    check_close(got[2], exp(-2) / sum, 1e-15);
}

static void test_refuses(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(44);
    static random_lattice random;
    static double got[MAX_EVENTS * MAX_WIDTH];
    static double scratch[4096];
    silbe_err err = SILBE_ERR_INIT;
    make_random(&random, &rng, 5, 4, 1);
    const silbe_onset_lattice *lattice = &random.lattice;
    assert_int_equal(silbe_onset_lattice_posterior(lattice, scratch, 8, got, &err),
                     SILBE_ERR_ARGUMENT);
    random.onset_cost[2 * 4 + 1] = NAN;
    assert_int_equal(silbe_onset_lattice_posterior(lattice, scratch, sizeof scratch, got, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "event 2, candidate 1"));
    random.onset_cost[2 * 4 + 1] = 0;
    random.hold[random.hold_begin[1] + 3] = NAN;
    assert_int_equal(silbe_onset_lattice_posterior(lattice, scratch, sizeof scratch, got, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "behind event 1"));
    random.hold[random.hold_begin[1] + 3] = 1;
    random.base[3] = random.base[2];
    random.base[2] += 1;
    assert_int_equal(silbe_onset_lattice_posterior(lattice, scratch, sizeof scratch, got, &err),
                     SILBE_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_placements),
        cmocka_unit_test(test_equals_reference),
        cmocka_unit_test(test_invariant_to_constants),
        cmocka_unit_test(test_single_event),
        cmocka_unit_test(test_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
