#include "datasets/word_pairing.h"

#include "tests/check.h"

/* Pairs n_left and n_right words and compares with the partners wanted, -1 for none. */
static void check_pairs(const char *const *left, size_t n_left, const char *const *right,
                        size_t n_right, const int *want)
{
    size_t partner[16];
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_pair_words(left, n_left, right, n_right, partner, &err), err);
    for (size_t i = 0; i < n_left; i++) {
        assert_int_equal(partner[i], want[i] >= 0 ? (size_t)want[i] : SILBE_UNPAIRED);
    }
}

static void letters_decide(void **state)
{
    (void)state;
    static const char *const LEFT[] = {"\xc2\xbbGr\xc3\xbc\xc3\x9f'", "Nacht,", "da", "--", "x"};
    static const char *const RIGHT[] = {"GRU\xcc\x88SS", "nacht", "da!", "--", "y"};
    static const int WANT[] = {0, 1, 2, 3, -1};
    check_pairs(LEFT, 5, RIGHT, 5, WANT);
}

static void as_many_as_possible_are_paired(void **state)
{
    (void)state;
    static const char *const LEFT[] = {"a", "x", "b", "c", "a", "b"};
    static const char *const RIGHT[] = {"x", "a", "b", "a", "c", "b"};
    static const int NONE[] = {-1, -1};
    size_t partner[6], n_pairs = 0, last = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_pair_words(LEFT, 6, RIGHT, 6, partner, &err), err);
    for (size_t i = 0; i < 6; i++) {
        if (partner[i] != SILBE_UNPAIRED) {
            assert_string_equal(LEFT[i], RIGHT[partner[i]]);
            assert_true(n_pairs == 0 || partner[i] > last);
            last = partner[i];
            n_pairs++;
        }
    }
    assert_int_equal(n_pairs, 4); /* x b a b, or a b c b */
    check_pairs(LEFT, 2, RIGHT, 0, NONE);
    check_pairs(LEFT, 0, RIGHT, 2, NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_decide),
        cmocka_unit_test(as_many_as_possible_are_paired),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
