/* Two made-up performances of one piece, in other keys and tempi: their times are found. */
#include "pipeline/train/run/version_map.h"

#include <math.h>

#include "tests/check.h"

enum { N_EVENTS = 200, SHIFT = 10 };

static const double HOP_S = 0.01;

/* Event e sounds from at[e] to at[e + 1]: a triad of its own. */
static void make_sound(const double *at, int shift, uint64_t seed, silbe_version_sound *sound)
{
    silbe_err err = SILBE_ERR_INIT;
    check_rng chords = {77}, noise = {seed};
    size_t n = (size_t)(at[N_EVENTS] / HOP_S);
    sound->hop_s = HOP_S;
    check_ok(silbe_matrix_new(&sound->chroma, n, 12, &err), err);
    check_ok(silbe_matrix_new(&sound->onset, n, 12, &err), err);
    for (size_t t = 0; t < n; t++) {
        for (size_t p = 0; p < 12; p++) {
            silbe_matrix_row(&sound->chroma, t)[p] = 0.05F * (float)check_uniform(&noise);
        }
    }
    for (size_t e = 0; e < N_EVENTS; e++) {
        size_t begin = (size_t)(at[e] / HOP_S);
        for (int k = 0; k < 3; k++) {
            size_t p = (size_t)((int)(check_random(&chords) % 12) + shift) % 12;
            for (size_t t = begin; t < (size_t)(at[e + 1] / HOP_S) && t < n; t++) {
                silbe_matrix_row(&sound->chroma, t)[p] += 0.5F;
                silbe_matrix_row(&sound->onset, t)[p] +=
                    (float)fmax(0.0, 1.0 - 0.05 * (double)(t - begin));
            }
        }
    }
}

static void test_map(void **state)
{
    (void)state;
    double a[N_EVENTS + 1] = {0.5}, b[N_EVENTS + 1] = {2.0};
    check_rng rng = {5};
    silbe_err err = SILBE_ERR_INIT;
    silbe_version_sound x = {0}, y = {0};
    for (size_t e = 0; e < N_EVENTS; e++) {
        double length = 0.2 + 0.6 * check_uniform(&rng);
        a[e + 1] = a[e] + length;
        b[e + 1] = b[e] + length * (0.8 + 0.5 * check_uniform(&rng));
    }
    make_sound(a, 0, 1, &x);
    make_sound(b, SHIFT, 2, &y);
    size_t n = x.chroma.n_rows / 2;
    float *other_s = calloc(n, sizeof *other_s);
    double cost, worst = 0.0, sum = 0.0;
    check_ok(silbe_version_map(&x, &y, 2 * HOP_S, n, other_s, &cost, &err), err);
    for (size_t e = 0; e < N_EVENTS; e++) {
        double off = fabs((double)other_s[(size_t)(a[e] / (2 * HOP_S))] - b[e]);
        worst = fmax(worst, off);
        sum += off;
    }
    for (size_t t = 1; t < n; t++) {
        assert_true(other_s[t] >= other_s[t - 1]);
    }
    print_message("mean %.3f s, worst %.3f s, cost %.3f\n", sum / N_EVENTS, worst, cost);
    assert_true(sum / N_EVENTS < 0.08);
    assert_true(worst < 0.4);
    assert_true(cost > 0.0 && cost < 0.3);

    silbe_version_sound tiny = {
        .chroma = {y.chroma.data, 50, 12}, .onset = {y.onset.data, 50, 12}, .hop_s = HOP_S};
    assert_int_equal(silbe_version_map(&x, &tiny, 2 * HOP_S, n, other_s, &cost, &err),
                     SILBE_ERR_DATA);
    free(other_s);
    silbe_matrix_free(&x.chroma);
    silbe_matrix_free(&x.onset);
    silbe_matrix_free(&y.chroma);
    silbe_matrix_free(&y.onset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
