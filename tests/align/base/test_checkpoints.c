/* Sweeps with checkpoints: every leaf once, from last to first, with the right state in hand. */
#include "tests/check.h"

#include "align/base/checkpoints.h"

enum { MAX_SLOTS = 4096 };

/* The state in hand is the number of frames it has seen. */
typedef struct {
    size_t now;
    size_t slots[MAX_SLOTS];
    size_t n_slots;
    size_t next_end;   /* where the next leaf has to end */
    size_t longest;    /* leaf */
    size_t n_forward;  /* frames */
    size_t fail_begin; /* leaf or stretch that fails */
} machine;

static silbe_status forward(void *context, size_t begin, size_t end, silbe_err *err)
{
    machine *m = context;
    assert_true(m->now == begin && begin < end);
    if (begin <= m->fail_begin && m->fail_begin < end) {
        return silbe_fail(err, SILBE_ERR_DATA, "forward");
    }
    m->now = end;
    m->n_forward += end - begin;
    return SILBE_OK;
}

static silbe_status leaf(void *context, size_t begin, size_t end, silbe_err *err)
{
    machine *m = context;
    assert_true(m->now == begin && begin < end && end == m->next_end);
    if (begin <= m->fail_begin && m->fail_begin < end) {
        return silbe_fail(err, SILBE_ERR_INFEASIBLE, "leaf");
    }
    m->next_end = begin;
    m->longest = end - begin > m->longest ? end - begin : m->longest;
    m->now = SIZE_MAX; /* used up */
    return SILBE_OK;
}

static void save(void *context, size_t slot)
{
    machine *m = context;
    assert_true(slot < m->n_slots);
    m->slots[slot] = m->now;
}

static void restore(void *context, size_t slot)
{
    machine *m = context;
    assert_true(slot < m->n_slots);
    m->now = m->slots[slot];
}

static const silbe_checkpoint_ops ops = {forward, leaf, save, restore};

static void test_plans(void **state)
{
    (void)state;
    const size_t lengths[] = {1, 2, 3, 7, 31, 100, 1001, 20000};
    static machine m;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t n = lengths[i];
        for (size_t budget = 0; budget <= n * 10; budget = budget * 3 / 2 + 10) {
            silbe_checkpoints plan = silbe_checkpoints_plan(n, 10, 15, budget);
            size_t bytes = plan.stride[0] * 10 + silbe_checkpoints_n_slots(&plan) * 15;
            assert_true(bytes <= n * 10);
            assert_true(plan.n_levels > 0 || budget >= n * 10 || n < 4);
            m = (machine){
                .n_slots = silbe_checkpoints_n_slots(&plan), .next_end = n, .fail_begin = SIZE_MAX};
            assert_true(m.n_slots < MAX_SLOTS);
            assert_int_equal(silbe_checkpoints_sweep(&plan, n, &ops, &m, NULL), SILBE_OK);
            assert_int_equal(m.next_end, 0);
            assert_true(m.longest <= plan.stride[0]);
            assert_true(m.n_forward <= plan.n_levels * n);
        }
    }
}

/* Levels of different sizes, the last blocks cut off. */
static void test_uneven(void **state)
{
    (void)state;
    static machine m;
    silbe_checkpoints plan = {.n_levels = 3, .stride = {5, 20, 60, 1000}, .n_slots = {3, 2, 16}};
    for (size_t n = 1; n <= 1000; n += 1 + n / 10) {
        m = (machine){.n_slots = 21, .next_end = n, .fail_begin = SIZE_MAX};
        assert_int_equal(silbe_checkpoints_sweep(&plan, n, &ops, &m, NULL), SILBE_OK);
        assert_int_equal(m.next_end, 0);
    }
}

static void test_failures(void **state)
{
    (void)state;
    static machine m;
    silbe_checkpoints plan = {.n_levels = 1, .stride = {10, 100}, .n_slots = {9}};
    for (size_t at = 0; at < 100; at += 9) {
        silbe_err err = SILBE_ERR_INIT;
        m = (machine){.n_slots = 9, .next_end = 100, .fail_begin = at};
        assert_int_equal(silbe_checkpoints_sweep(&plan, 100, &ops, &m, &err),
                         at < 90 ? SILBE_ERR_DATA : SILBE_ERR_INFEASIBLE);
        assert_string_equal(err.message, at < 90 ? "forward" : "leaf");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_uneven),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
