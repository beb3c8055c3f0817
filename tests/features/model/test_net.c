/* Shapes, tensors and their places. */
#include <string.h>

#include "features/model/net.h"
#include "tests/check.h"

static void test_default_shape(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = silbe_net_shape_default(36);
    check_ok(silbe_net_shape_check(&shape, &err), err);
    /* By hand: 5*80*192+192 + 8*(9*192+192 + 2*192 + 192*384+384 + 384*192+192) + 2*192 + 192*36+36
     */
    assert_int_equal(silbe_net_n_values(&shape), 1287012);
    /* Blocks reach 4 * (1+1+2+2+4+4+1+1) = 64 frames of 2, the input 2 more. */
    assert_int_equal(silbe_net_reach(&shape), 130);
    assert_int_equal(silbe_net_output_frames(&shape, 0), 0);
    assert_int_equal(silbe_net_output_frames(&shape, 1), 1);
    assert_int_equal(silbe_net_output_frames(&shape, 2), 1);
    assert_int_equal(silbe_net_output_frames(&shape, 3), 2);
}

/* Tensors follow each other without overlap, and the layout points at them by name. */
static void test_layout(void **state)
{
    (void)state;
    silbe_net_shape shape = silbe_net_shape_default(35);
    shape.n_channels = 37;
    silbe_net_layout layout = silbe_net_layout_of(&shape);
    size_t end = 0;
    for (size_t i = 0; i < silbe_net_n_tensors(&shape); i++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&shape, i);
        assert_true(tensor.offset % 16 == 0 && tensor.offset >= end && tensor.offset < end + 16);
        end = tensor.offset + tensor.n_values;
        for (size_t k = 0; k < i; k++) {
            silbe_net_tensor other = silbe_net_tensor_at(&shape, k);
            assert_string_not_equal(tensor.name, other.name);
        }
    }
    assert_true(layout.n_params >= end && layout.n_params < end + 16);
    const struct {
        size_t index;
        const char *name;
        size_t offset;
        size_t n_values;
    } rows[] = {
        {0, "input.weight", layout.input_weight, 5 * 80 * 37},
        {1, "input.bias", layout.input_bias, 37},
        {2, "block.0.depthwise.weight", layout.blocks[0].depthwise_weight, 9 * 37},
        {13, "block.1.norm.offset", layout.blocks[1].norm_offset, 37},
        {14, "block.1.up.weight", layout.blocks[1].up_weight, 37 * 384},
        {65, "block.7.down.bias", layout.blocks[7].down_bias, 37},
        {66, "output.norm.gain", layout.output_norm_gain, 37},
        {68, "output.weight", layout.output_weight, 37 * 35},
        {69, "output.bias", layout.output_bias, 35},
    };
    assert_int_equal(silbe_net_n_tensors(&shape), 70);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        silbe_net_tensor tensor = silbe_net_tensor_at(&shape, rows[r].index);
        assert_string_equal(tensor.name, rows[r].name);
        assert_int_equal(tensor.offset, rows[r].offset);
        assert_int_equal(tensor.n_values, rows[r].n_values);
    }
}

static void test_bad_shapes(void **state)
{
    (void)state;
    silbe_net_shape good = silbe_net_shape_default(36);
    silbe_net_shape shapes[9];
    for (size_t i = 0; i < 9; i++) {
        shapes[i] = good;
    }
    shapes[0].n_bands = 0;
    shapes[1].n_classes = 1;
    shapes[2].n_blocks = SILBE_NET_MAX_BLOCKS + 1;
    shapes[3].block_width = 8;
    shapes[4].input_width = 4;
    shapes[5].input_stride = 0;
    shapes[6].dilations[3] = 17; /* reaches 68 frames */
    shapes[7].dilations[7] = 0;
    shapes[8].input_width = 3, shapes[8].input_stride = 4;
    const char *const names[] = {"n_bands",     "n_classes",   "n_blocks",
                                 "block_width", "input_width", "input_stride",
                                 "block 3",     "block 7",     "input_stride"};
    for (size_t i = 0; i < 9; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(silbe_net_shape_check(&shapes[i], &err), SILBE_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, names[i]));
        assert_false(silbe_net_shape_equal(&good, &shapes[i]));
    }
    silbe_net_shape same = good;
    same.dilations[20] = 5; /* beyond n_blocks */
    assert_true(silbe_net_shape_equal(&good, &same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_shape),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_bad_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
