#include "features/model/net.h"

#include <stdio.h>

enum { ALIGN_FLOATS = 16 };

silbe_net_shape silbe_net_shape_default(size_t n_classes)
{
    return (silbe_net_shape){
        .n_bands = 80,
        .n_channels = 192,
        .n_hidden = 384,
        .n_classes = n_classes,
        .n_blocks = 8,
        .dilations = {1, 1, 2, 2, 4, 4, 1, 1},
        .block_width = 9,
        .input_width = 5,
        .input_stride = 2,
    };
}

static void check_range(const char *name, size_t value, size_t low, size_t high, silbe_err *err)
{
    if (value < low || value > high) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_ARGUMENT, "%s should be %zu .. %zu, got %zu", name,
                                  low, high, value));
    }
}

static void check_odd(const char *name, size_t value, silbe_err *err)
{
    if (value % 2 == 0) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_ARGUMENT, "%s should be odd, got %zu", name, value));
    }
}

silbe_status silbe_net_shape_check(const silbe_net_shape *shape, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const struct {
        const char *name;
        size_t value, low, high;
    } fields[] = {
        {"n_bands", shape->n_bands, 1, SILBE_NET_MAX_WIDTH},
        {"n_channels", shape->n_channels, 1, SILBE_NET_MAX_WIDTH},
        {"n_hidden", shape->n_hidden, 1, SILBE_NET_MAX_WIDTH},
        {"n_classes", shape->n_classes, 2, SILBE_NET_MAX_WIDTH},
        {"n_blocks", shape->n_blocks, 1, SILBE_NET_MAX_BLOCKS},
        {"block_width", shape->block_width, 3, 15},
        {"input_width", shape->input_width, 1, 15},
        {"input_stride", shape->input_stride, 1, 4},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        check_range(fields[i].name, fields[i].value, fields[i].low, fields[i].high, err);
    }
    check_odd("block_width", shape->block_width, err);
    check_odd("input_width", shape->input_width, err);
    if (shape->input_stride > shape->input_width) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_ARGUMENT,
                                  "input_stride should be at most input_width (%zu), got %zu",
                                  shape->input_width, shape->input_stride));
    }
    for (size_t b = 0; b < shape->n_blocks && !silbe_failed(err); b++) {
        size_t most = SILBE_NET_MAX_REACH / ((shape->block_width - 1) / 2);
        if (shape->dilations[b] < 1 || shape->dilations[b] > most) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                             "dilation of block %zu should be 1 .. %zu for width %zu, got %zu", b,
                             most, shape->block_width, shape->dilations[b]);
        }
    }
    return err->status;
}

bool silbe_net_shape_equal(const silbe_net_shape *a, const silbe_net_shape *b)
{
    bool is_equal = a->n_bands == b->n_bands && a->n_channels == b->n_channels &&
                    a->n_hidden == b->n_hidden && a->n_classes == b->n_classes &&
                    a->n_blocks == b->n_blocks && a->block_width == b->block_width &&
                    a->input_width == b->input_width && a->input_stride == b->input_stride;
    for (size_t i = 0; is_equal && i < a->n_blocks; i++) {
        is_equal = a->dilations[i] == b->dilations[i];
    }
    return is_equal;
}

size_t silbe_net_output_frames(const silbe_net_shape *shape, size_t n_frames)
{
    return n_frames == 0 ? 0 : (n_frames - 1) / shape->input_stride + 1;
}

size_t silbe_net_reach(const silbe_net_shape *shape)
{
    size_t reach = 0;
    for (size_t b = 0; b < shape->n_blocks; b++) {
        reach += (shape->block_width - 1) / 2 * shape->dilations[b];
    }
    return reach * shape->input_stride + (shape->input_width - 1) / 2;
}

/* What the list of tensors says, one row each; dims 0 end the row. */
typedef struct {
    const char *name;
    size_t dims[3];
    size_t fan_in;
    bool is_matrix;
} tensor_row;

static silbe_net_tensor make_tensor(const tensor_row *row, const char *prefix)
{
    silbe_net_tensor tensor = {.n_values = 1, .fan_in = row->fan_in, .is_matrix = row->is_matrix};
    (void)snprintf(tensor.name, sizeof tensor.name, "%s%s", prefix, row->name);
    while (tensor.n_dims < 3 && row->dims[tensor.n_dims] > 0) {
        tensor.dims[tensor.n_dims] = row->dims[tensor.n_dims];
        tensor.n_values *= row->dims[tensor.n_dims];
        tensor.n_dims++;
    }
    return tensor;
}

static silbe_net_tensor block_tensor(const silbe_net_shape *shape, size_t block, size_t i)
{
    size_t c = shape->n_channels;
    size_t h = shape->n_hidden;
    const tensor_row rows[SILBE_NET_BLOCK_TENSORS] = {
        {"depthwise.weight", {shape->block_width, c, 0}, shape->block_width, true},
        {"depthwise.bias", {c, 0, 0}, 1, false},
        {"norm.gain", {c, 0, 0}, 1, false},
        {"norm.offset", {c, 0, 0}, 1, false},
        {"up.weight", {c, h, 0}, c, true},
        {"up.bias", {h, 0, 0}, 1, false},
        {"down.weight", {h, c, 0}, h, true},
        {"down.bias", {c, 0, 0}, 1, false},
    };
    char prefix[SILBE_NET_NAME_SIZE / 2];
    (void)snprintf(prefix, sizeof prefix, "block.%u.", (unsigned)block);
    return make_tensor(&rows[i], prefix);
}

static silbe_net_tensor tensor_without_offset(const silbe_net_shape *shape, size_t i)
{
    size_t c = shape->n_channels;
    size_t s = shape->n_classes;
    const tensor_row first[] = {
        {"input.weight",
         {shape->input_width, shape->n_bands, c},
         shape->input_width * shape->n_bands,
         true},
        {"input.bias", {c, 0, 0}, 1, false},
    };
    const tensor_row last[] = {
        {"output.norm.gain", {c, 0, 0}, 1, false},
        {"output.norm.offset", {c, 0, 0}, 1, false},
        {"output.weight", {c, s, 0}, c, true},
        {"output.bias", {s, 0, 0}, 1, false},
    };
    size_t n_block_tensors = shape->n_blocks * SILBE_NET_BLOCK_TENSORS;
    if (i < 2) {
        return make_tensor(&first[i], "");
    }
    if (i < 2 + n_block_tensors) {
        return block_tensor(shape, (i - 2) / SILBE_NET_BLOCK_TENSORS,
                            (i - 2) % SILBE_NET_BLOCK_TENSORS);
    }
    return make_tensor(&last[i - 2 - n_block_tensors], "");
}

static size_t padded(size_t n)
{
    return (n + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
}

size_t silbe_net_n_tensors(const silbe_net_shape *shape)
{
    return 6 + SILBE_NET_BLOCK_TENSORS * shape->n_blocks;
}

silbe_net_tensor silbe_net_tensor_at(const silbe_net_shape *shape, size_t i)
{
    size_t offset = 0;
    for (size_t k = 0; k < i; k++) {
        offset += padded(tensor_without_offset(shape, k).n_values);
    }
    silbe_net_tensor tensor = tensor_without_offset(shape, i);
    tensor.offset = offset;
    return tensor;
}

silbe_net_layout silbe_net_layout_of(const silbe_net_shape *shape)
{
    silbe_net_layout layout = {0};
    size_t offset = 0;
    size_t n_block_tensors = shape->n_blocks * SILBE_NET_BLOCK_TENSORS;
    for (size_t i = 0; i < silbe_net_n_tensors(shape); i++) {
        size_t in_block = i < 2 ? 0 : (i - 2) % SILBE_NET_BLOCK_TENSORS;
        silbe_net_block_layout *block =
            &layout.blocks[i < 2 ? 0 : (i - 2) / SILBE_NET_BLOCK_TENSORS % SILBE_NET_MAX_BLOCKS];
        size_t *const in_blocks[SILBE_NET_BLOCK_TENSORS] = {
            &block->depthwise_weight, &block->depthwise_bias, &block->norm_gain,
            &block->norm_offset,      &block->up_weight,      &block->up_bias,
            &block->down_weight,      &block->down_bias};
        size_t *const first[] = {&layout.input_weight, &layout.input_bias};
        size_t *const last[] = {&layout.output_norm_gain, &layout.output_norm_offset,
                                &layout.output_weight, &layout.output_bias};
        size_t *place = i < 2                     ? first[i]
                        : i < 2 + n_block_tensors ? in_blocks[in_block]
                                                  : last[i - 2 - n_block_tensors];
        *place = offset;
        offset += padded(tensor_without_offset(shape, i).n_values);
    }
    layout.n_params = offset;
    return layout;
}

size_t silbe_net_n_values(const silbe_net_shape *shape)
{
    size_t n = 0;
    for (size_t i = 0; i < silbe_net_n_tensors(shape); i++) {
        n += tensor_without_offset(shape, i).n_values;
    }
    return n;
}
