/* Costs of score frames against frames of a recording: by hand, and as the formula says. */
#include "tests/check.h"

#include <string.h>

#include "align/score/sync_cost.h"

static silbe_matrix unit_rows(check_rng *rng, size_t n_rows)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, n_rows, 12, &err), err);
    for (size_t t = 0; t < n_rows; t++) {
        double energy = 0;
        float *row = silbe_matrix_row(&m, t);
        for (size_t c = 0; c < 12; c++) {
            row[c] = check_random(rng) % 3 == 0 ? 0 : (float)check_uniform(rng);
            energy += (double)row[c] * row[c];
        }
        for (size_t c = 0; c < 12 && energy > 0; c++) {
            row[c] = (float)(row[c] / sqrt(energy));
        }
    }
    return m;
}

/* The same sound costs 0, sounds without a common pitch class 1, onsets that are missing their
 * length more. */
static void by_hand(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    float score[24] = {0.6F, 0, 0, 0, 0.8F}, heard[24] = {0.6F, 0, 0, 0, 0.8F};
    float score_onset[24] = {0}, heard_onset[24] = {0}, cost[2];
    heard[12 + 7] = 1;
    heard_onset[12 + 3] = 0.3F;
    heard_onset[12 + 4] = 0.4F;
    silbe_matrix c = {score, 2, 12}, o = {score_onset, 2, 12};
    silbe_matrix hc = {heard, 2, 12}, ho = {heard_onset, 2, 12};
    silbe_sync_cost sync;
    check_ok(silbe_sync_cost_new(&sync, &c, NULL, &hc, NULL, 0, &err), err);
    check_ok(silbe_sync_cost_row(&sync, 0, 0, 2, cost, &err), err);
    check_close(cost[0], 0, 1e-6);
    check_close(cost[1], 1, 1e-6);
    silbe_sync_cost_free(&sync);
    check_ok(silbe_sync_cost_new(&sync, &c, &o, &hc, &ho, 2, &err), err);
    check_ok(silbe_sync_cost_row(&sync, 0, 0, 2, cost, &err), err);
    check_close(cost[0], 0, 1e-6);
    check_close(cost[1], 1 + 2 * 0.5, 1e-6);
    silbe_sync_cost_free(&sync);
    silbe_sync_cost_free(&sync); /* twice is legal */
}

static void against_the_formula(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(131);
    for (int round = 0; round < 40; round++) {
        silbe_err err = SILBE_ERR_INIT;
        size_t n_rows = 1 + check_random(&rng) % 10, n_cols = 1 + check_random(&rng) % 70;
        double weight = round % 2 == 0 ? 0 : 2 * check_uniform(&rng);
        silbe_matrix c = unit_rows(&rng, n_rows), o = unit_rows(&rng, n_rows);
        silbe_matrix hc = unit_rows(&rng, n_cols), ho = unit_rows(&rng, n_cols);
        silbe_sync_cost sync;
        float cost[71];
        check_ok(silbe_sync_cost_new(&sync, &c, &o, &hc, &ho, weight, &err), err);
        for (size_t n = 0; n < n_rows; n++) {
            size_t begin = check_random(&rng) % n_cols;
            size_t end = begin + 1 + check_random(&rng) % (n_cols - begin);
            cost[end - begin] = -7;
            check_ok(silbe_sync_cost_row(&sync, n, begin, end, cost, &err), err);
            assert_true(cost[end - begin] == -7);
            for (size_t m = begin; m < end; m++) {
                double product = 0, squares = 0;
                for (size_t i = 0; i < 12; i++) {
                    product += (double)c.data[n * 12 + i] * hc.data[m * 12 + i];
                    squares += pow((double)o.data[n * 12 + i] - ho.data[m * 12 + i], 2);
                }
                check_close(cost[m - begin], 1 - product + weight * sqrt(squares), 2e-6);
            }
        }
        silbe_sync_cost_free(&sync);
        silbe_matrix_free(&c);
        silbe_matrix_free(&o);
        silbe_matrix_free(&hc);
        silbe_matrix_free(&ho);
    }
}

static void other_shapes_are_refused(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(132);
    silbe_matrix c = unit_rows(&rng, 6), o = unit_rows(&rng, 6);
    silbe_matrix hc = unit_rows(&rng, 9), ho = unit_rows(&rng, 9);
    silbe_matrix narrow = {c.data, 6, 11}, few = {c.data, 5, 12};
    const struct {
        const silbe_matrix *c, *o, *hc, *ho;
    } cases[] = {{&narrow, &o, &hc, &ho}, {&c, &narrow, &hc, &ho}, {&c, &o, &narrow, &ho},
                 {&c, &o, &hc, &narrow},  {&c, &few, &hc, &ho},    {&c, &o, &hc, &few},
                 {&c, NULL, &hc, &ho},    {&c, &o, &hc, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_sync_cost sync;
        assert_int_equal(
            silbe_sync_cost_new(&sync, cases[i].c, cases[i].o, cases[i].hc, cases[i].ho, 0.3, &err),
            SILBE_ERR_ARGUMENT);
        assert_true(err.message[0] != '\0');
        silbe_sync_cost_free(&sync);
    }
    silbe_matrix_free(&c);
    silbe_matrix_free(&o);
    silbe_matrix_free(&hc);
    silbe_matrix_free(&ho);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(against_the_formula),
        cmocka_unit_test(other_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
