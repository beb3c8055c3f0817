#define _POSIX_C_SOURCE 200809L
/* The weights file: round trips, the rule of float16, and everything that a reader must refuse. */
#include <string.h>
#include <unistd.h>

#include "tests/features/model/small_net.h"
#include "tests/features/model/weights_bytes.h"

static void test_crc64(void **state)
{
    (void)state;
    /* The check value that the catalogue of parametrised CRC algorithms gives for CRC-64/XZ. */
    assert_true(silbe_crc64("123456789", 9) == 0x995dc9bbdf1939faU);
    assert_true(silbe_crc64("", 0) == 0);
}

/* Every half that is a number comes back; values between two halves go to the nearer, ties to the
 * even one. */
static void test_half(void **state)
{
    (void)state;
    check_close(silbe_float_of_half(0x3c00), 1.0, 0.0);
    check_close(silbe_float_of_half(0x0001), 0x1p-24, 0.0);
    check_close(silbe_float_of_half(0x7bff), 65504.0, 0.0);
    check_close(silbe_float_of_half(0xc000), -2.0, 0.0);
    for (uint32_t h = 0; h < 0x7c00U; h++) {
        float value = silbe_float_of_half((uint16_t)h);
        assert_int_equal(silbe_half_of_float(value), h);
        assert_int_equal(silbe_half_of_float(-value), h | 0x8000U);
        if (h + 1 < 0x7c00U) {
            float next = silbe_float_of_half((uint16_t)(h + 1));
            float middle = 0.5F * (value + next); /* exact */
            assert_int_equal(silbe_half_of_float(middle), h + (h & 1U));
            assert_int_equal(silbe_half_of_float(nextafterf(middle, 0.0F)), h);
            assert_int_equal(silbe_half_of_float(nextafterf(middle, 1e9F)), h + 1);
        }
    }
    assert_int_equal(silbe_half_of_float(65519.99F), 0x7bff);
    assert_int_equal(silbe_half_of_float(65520.0F), 0x7c00);
    assert_int_equal(silbe_half_of_float(-INFINITY), 0xfc00);
    assert_true(isnan(silbe_float_of_half(silbe_half_of_float(NAN))));
    assert_true(isinf(silbe_float_of_half(0x7c00)));
    assert_int_equal(silbe_half_of_float(1e-30F), 0);
}

static void check_same(const silbe_model *a, const silbe_model *b)
{
    assert_true(silbe_net_shape_equal(&a->shape, &b->shape));
    assert_int_equal(a->blank, b->blank);
    assert_string_equal(a->comment, b->comment);
    check_close(a->rate_hz, b->rate_hz, 0.0);
    check_close(a->logmel.low_hz, b->logmel.low_hz, 0.0);
    check_close(a->logmel.high_hz, b->logmel.high_hz, 0.0);
    check_close(a->logmel.window_s, b->logmel.window_s, 0.0);
    check_close(a->logmel.hop_s, b->logmel.hop_s, 0.0);
    check_close(a->logmel.floor, b->logmel.floor, 0.0);
    assert_int_equal(a->logmel.n_bands, b->logmel.n_bands);
    assert_int_equal(a->logmel.scale, b->logmel.scale);
    for (size_t k = 0; k < a->shape.n_classes; k++) {
        assert_string_equal(a->class_names[k], b->class_names[k]);
        check_close(a->log_prior[k], b->log_prior[k], 0.0);
    }
}

static silbe_model odd_model(check_rng *rng)
{
    silbe_model model = small_model(rng);
    model.blank = 2;
    model.rate_hz = 22050.0;
    model.logmel.scale = SILBE_MEL_HTK;
    model.logmel.low_hz = 33.3;
    model.logmel.high_hz = 8000.0;
    model.logmel.window_s = 0.05;
    model.logmel.hop_s = 0.011;
    model.logmel.floor = 1e-9;
    model.log_prior[1] = -0.25F;
    free(model.comment);
    model.comment = strdup("Trained on nothing.\n\tLicence: none, für Prüfungen.");
    return model;
}

static void test_round_trip(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(41);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = odd_model(&rng), again;
    const char *path = "test_weights.wts";
    check_ok(silbe_weights_write(path, &model, SILBE_WEIGHTS_FLOAT32, &err), err);
    check_ok(silbe_weights_read(path, &again, &err), err);
    check_same(&model, &again);
    assert_memory_equal(model.params, again.params, model.layout.n_params * sizeof(float));
    silbe_model_free(&again);

    /* Halves: each value by the rule; a second round changes nothing. */
    check_ok(silbe_weights_write(path, &model, SILBE_WEIGHTS_FLOAT16, &err), err);
    check_ok(silbe_weights_read(path, &again, &err), err);
    check_same(&model, &again);
    for (size_t i = 0; i < model.layout.n_params; i++) {
        float want = silbe_float_of_half(silbe_half_of_float(model.params[i]));
        check_close(again.params[i], want, 0.0);
        check_close(again.params[i], model.params[i], 0x1p-11 * fabs((double)want) + 0x1p-25);
    }
    unsigned char *first, *second;
    size_t n_first, n_second;
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT16, &first, &n_first, &err), err);
    check_ok(silbe_weights_format(&again, SILBE_WEIGHTS_FLOAT16, &second, &n_second, &err), err);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    free(first);
    free(second);
    silbe_model_free(&again);
    silbe_model_free(&model);
    assert_int_equal(unlink(path), 0);
}

static void test_prototype_fits(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_net_shape shape = silbe_net_shape_default(36);
    char texts[36][4];
    const char *names[36];
    for (int k = 0; k < 36; k++) {
        (void)snprintf(texts[k], sizeof texts[k], "p%d", k % 100);
        names[k] = texts[k];
    }
    silbe_model model, again;
    unsigned char *bytes;
    size_t size;
    check_ok(silbe_model_new(&shape, names, 0, &model, &err), err);
    check_close(silbe_model_hop_s(&model), 0.02, 1e-12);
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT16, &bytes, &size, &err), err);
    assert_true(size < 4000000);
    check_ok(silbe_weights_parse(bytes, size, &again, &err), err);
    silbe_model_free(&again);
    silbe_model_free(&model);
    free(bytes);
}

/* Without sealing: any change of any byte, any length. */
static void test_damage(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(42);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng), again;
    unsigned char *bytes;
    size_t size;
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT16, &bytes, &size, &err), err);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0x40U;
        assert_int_equal(silbe_weights_parse(bytes, size, &again, &err), SILBE_ERR_FORMAT);
        assert_null(again.params);
        bytes[i] ^= 0x40U;
    }
    for (size_t n = 0; n < size; n++) {
        unsigned char *copy = malloc(n + 1);
        assert_non_null(copy);
        memcpy(copy, bytes, n);
        assert_int_equal(silbe_weights_parse(copy, n, &again, &err), SILBE_ERR_FORMAT);
        /* Cut, but sealed again. */
        seal_weights(copy, n);
        assert_int_equal(silbe_weights_parse(copy, n, &again, &err), SILBE_ERR_FORMAT);
        free(copy);
    }
    check_ok(silbe_weights_parse(bytes, size, &again, &err), err);
    silbe_model_free(&again);
    silbe_model_free(&model);
    free(bytes);
}

/* Offsets of fields of the small network's file. */
enum {
    AT_SHAPE = 24,
    AT_DILATIONS = AT_SHAPE + 32,
    AT_RATE = AT_DILATIONS + 12,
    AT_HOP = AT_RATE + 32,
    AT_SCALE = AT_RATE + 48,
    AT_BLANK = AT_SCALE + 4,
    AT_NAMES = AT_BLANK + 4,
    AT_COMMENT = AT_NAMES + 2 + 3 + 2 + 1 + 2 + 2 + 2 + 2,
    AT_TENSORS = AT_COMMENT + 4, /* of an empty comment */
    AT_FIRST = AT_TENSORS + 4,   /* "input.weight", 3 dimensions */
    AT_TYPE = AT_FIRST + 2 + 12,
    AT_N_DIMS = AT_TYPE + 4,
    AT_DIMS = AT_N_DIMS + 4,
    AT_BYTES = AT_DIMS + 12,
    AT_VALUES = AT_BYTES + 8,
};

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        size_t n;
        unsigned char bytes[8];
        const char *message; /* what it must say */
    } rows[] = {
        {0, 1, {'s'}, "not a file of weights"},
        {8, 4, {2, 0, 0, 0}, "version 2, this program reads version 1"},
        {12, 4, {1, 2, 3, 4}, "little-endian"},
        {AT_SHAPE, 4, {0, 0, 0, 0}, "n_bands"},
        {AT_SHAPE, 4, {255, 255, 255, 255}, "n_bands"},
        {AT_SHAPE + 4, 4, {0, 16, 0, 0}, "do not fit"}, /* 4096 channels */
        {AT_SHAPE + 16, 4, {33, 0, 0, 0}, "n_blocks"},
        {AT_DILATIONS, 4, {0, 0, 0, 0}, "dilation"},
        {AT_RATE, 8, {0, 0, 0, 0, 0, 0, 0xf8, 0x7f}, "rate_hz"}, /* NaN */
        {AT_HOP, 8, {0, 0, 0, 0, 0, 0, 0, 0}, "hop_s"},
        {AT_SCALE, 4, {2, 0, 0, 0}, "mel scale"},
        {AT_BLANK, 4, {4, 0, 0, 0}, "blank"},
        {AT_NAMES, 2, {0, 0}, "class 0"},
        {AT_NAMES + 2, 1, {'\n'}, "class 0"},
        {AT_NAMES + 2, 1, {0xc0}, "class 0"},
        {AT_NAMES + 2, 1, {0}, "class 0"},
        {AT_NAMES, 2, {255, 255}, "class names"},
        {AT_COMMENT, 4, {255, 255, 255, 255}, "comment"},
        {AT_TENSORS, 4, {29, 0, 0, 0}, "should be 31 tensors, there are 29"},
        {AT_FIRST + 2, 1, {'x'}, "unknown tensor 'xnput.weight'"},
        {AT_FIRST + 2, 1, {0xff}, "unknown tensor"},
        {AT_FIRST, 2, {255, 255}, "tensor's name"},
        {AT_TYPE, 4, {2, 0, 0, 0}, "'input.weight' has unknown type 2"},
        {AT_N_DIMS, 4, {2, 0, 0, 0}, "'input.weight' should have 3 dimensions, has 2"},
        {AT_DIMS + 4, 4, {6, 0, 0, 0}, "dimension 1 of tensor 'input.weight' should be 5, is 6"},
        {AT_BYTES, 8, {1, 0, 0, 0, 0, 0, 0, 128}, "'input.weight' should have 1140 bytes"},
        {AT_VALUES + 4, 4, {0, 0, 0x80, 0x7f}, "'input.weight', value 1 is not finite"},
    };
    check_rng rng = check_rng_new(43);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng), again;
    unsigned char *bytes;
    size_t size;
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT32, &bytes, &size, &err), err);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        unsigned char kept[8];
        memcpy(kept, bytes + rows[r].at, rows[r].n);
        memcpy(bytes + rows[r].at, rows[r].bytes, rows[r].n);
        seal_weights(bytes, size);
        assert_int_equal(silbe_weights_parse(bytes, size, &again, &err), SILBE_ERR_FORMAT);
        if (strstr(err.message, rows[r].message) == NULL) {
            print_error("row %zu says: %s\n", r, err.message);
        }
        assert_non_null(strstr(err.message, rows[r].message));
        memcpy(bytes + rows[r].at, kept, rows[r].n);
    }
    seal_weights(bytes, size);
    check_ok(silbe_weights_parse(bytes, size, &again, &err), err); /* all was put back */
    silbe_model_free(&again);
    silbe_model_free(&model);
    free(bytes);
}

/* A tensor twice (and so another missing), and bytes after the last. */
static void test_malformed_tensors(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(44);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng), again;
    unsigned char *bytes;
    size_t size;
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT32, &bytes, &size, &err), err);
    unsigned char *longer = realloc(bytes, size + 5);
    assert_non_null(longer);
    bytes = longer;
    memset(bytes + size - 8, 0, 13);
    seal_weights(bytes, size + 5);
    assert_int_equal(silbe_weights_parse(bytes, size + 5, &again, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "5 bytes too many"));
    seal_weights(bytes, size);
    bool is_renamed = false;
    for (size_t i = 0; i + 9 < size && !is_renamed; i++) { /* block.1.* becomes block.0.* */
        if (memcmp(bytes + i, "block.1.d", 9) == 0) {
            bytes[i + 6] = '0';
            is_renamed = true;
        }
    }
    assert_true(is_renamed);
    seal_weights(bytes, size);
    assert_int_equal(silbe_weights_parse(bytes, size, &again, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "second tensor 'block.0.depthwise.weight'"));
    silbe_model_free(&model);
    free(bytes);
}

/* Random changes, sealed: a clean answer of either kind (sanitizers look on). */
static void test_random_changes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(45);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng), again;
    unsigned char *bytes;
    size_t size, n_refused = 0;
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT16, &bytes, &size, &err), err);
    unsigned char *copy = malloc(size);
    assert_non_null(copy);
    for (int round = 0; round < 3000; round++) {
        memcpy(copy, bytes, size);
        size_t range = round % 2 == 0 ? AT_VALUES : size - 8;
        for (size_t n = 1 + check_random(&rng) % 4; n > 0; n--) {
            copy[check_random(&rng) % range] = (unsigned char)check_random(&rng);
        }
        seal_weights(copy, size);
        silbe_status status = silbe_weights_parse(copy, size, &again, &err);
        assert_true(status == SILBE_OK || status == SILBE_ERR_FORMAT);
        n_refused += status != SILBE_OK;
        silbe_model_free(&again);
    }
    assert_true(n_refused > 1000 && n_refused < 3000);
    silbe_model_free(&model);
    free(copy);
    free(bytes);
}

static void test_refuses_to_write(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(46);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng);
    unsigned char *bytes;
    size_t size;
    size_t at = model.layout.blocks[1].up_weight + 7;
    float kept = model.params[at];
    model.params[at] = 70000.0F;
    assert_int_equal(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT16, &bytes, &size, &err),
                     SILBE_ERR_DATA);
    assert_string_equal(err.message,
                        "tensor 'block.1.up.weight', value 7: 70000 does not fit float16");
    assert_null(bytes);
    check_ok(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT32, &bytes, &size, &err), err);
    free(bytes);
    model.params[at] = NAN;
    assert_int_equal(silbe_weights_write("test_weights.bad", &model, SILBE_WEIGHTS_FLOAT32, &err),
                     SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "test_weights.bad: tensor 'block.1.up.weight', value 7"));
    assert_int_not_equal(access("test_weights.bad", F_OK), 0);
    model.params[at] = kept;
    model.log_prior[2] = 0.5F;
    assert_int_equal(silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT32, &bytes, &size, &err),
                     SILBE_ERR_DATA);
    silbe_model_free(&model);
}

static void test_files_and_classes(void **state)
{
    (void)state;
    check_rng rng = check_rng_new(47);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model = small_model(&rng), other;
    silbe_net_shape shape = small_shape();
    assert_int_equal(silbe_weights_read("no/such.wts", &other, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "no/such.wts"));
    assert_int_equal(silbe_weights_read(SILBE_SOURCE_DIR "/CMakeLists.txt", &other, &err),
                     SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "CMakeLists.txt: byte 0: not a file of weights"));

    check_ok(silbe_model_check_classes(&model, small_names, 4, &err), err);
    assert_int_equal(silbe_model_check_classes(&model, small_names, 3, &err), SILBE_ERR_MISMATCH);
    const char *const swapped[] = {"sil", "ç", "a", "ʃ"};
    assert_int_equal(silbe_model_check_classes(&model, swapped, 4, &err), SILBE_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "class 1 is 'a', the labels' is 'ç'"));

    const char *const twice[] = {"sil", "a", "a", "b"};
    assert_int_equal(silbe_model_new(&shape, twice, 0, &other, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_model_new(&shape, small_names, 4, &other, &err), SILBE_ERR_ARGUMENT);
    const char *const long_name[] = {"sil", "a", "12345678901234567890123456789012", "b"};
    assert_int_equal(silbe_model_new(&shape, long_name, 0, &other, &err), SILBE_ERR_FORMAT);
    silbe_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc64),
        cmocka_unit_test(test_half),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_prototype_fits),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_malformed_tensors),
        cmocka_unit_test(test_random_changes),
        cmocka_unit_test(test_refuses_to_write),
        cmocka_unit_test(test_files_and_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
