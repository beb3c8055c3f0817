/*
 * Checkpoints: "SILBECKP", u32 version, u32 0x01020304 in the machine's order, u64 size of the
 * file, the settings (8 bytes each), step, random state, params, moment1, moment2, average, CRC-64
 * of everything before. For the machine that wrote them and its like; models travel as weights
 * files (features/model/weights.h).
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/read_file.h"
#include "pipeline/train/learn/trainer_internal.h"

#define MAGIC "SILBECKP"

enum { VERSION = 1, ORDER = 0x01020304, MAX_SETTINGS = 64, N_ARRAYS = 4, HEAD_BYTES = 24 };

typedef struct {
    const char *name;
    uint64_t bits; /* of a double, or a number */
    bool is_double;
} setting;

static void add_number(setting *settings, size_t *n, const char *name, uint64_t value)
{
    settings[(*n)++] = (setting){name, value, false};
}

static void add_double(setting *settings, size_t *n, const char *name, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    settings[(*n)++] = (setting){name, bits, true};
}

/* Everything that a resumed run must have in common with the one before. Always the same count. */
static size_t list_settings(const silbe_trainer_options *options, setting *list)
{
    const silbe_net_shape *shape = &options->shape;
    const silbe_optimiser_options *o = &options->optimiser;
    size_t n = 0;
    add_number(list, &n, "n_bands", shape->n_bands);
    add_number(list, &n, "n_channels", shape->n_channels);
    add_number(list, &n, "n_hidden", shape->n_hidden);
    add_number(list, &n, "n_classes", shape->n_classes);
    add_number(list, &n, "block_width", shape->block_width);
    add_number(list, &n, "input_width", shape->input_width);
    add_number(list, &n, "input_stride", shape->input_stride);
    add_number(list, &n, "n_blocks", shape->n_blocks);
    for (size_t b = 0; b < SILBE_NET_MAX_BLOCKS; b++) {
        add_number(list, &n, "a dilation", b < shape->n_blocks ? shape->dilations[b] : 0);
    }
    add_double(list, &n, "peak_rate", o->peak_rate);
    add_double(list, &n, "final_rate", o->final_rate);
    add_number(list, &n, "warmup_steps", o->warmup_steps);
    add_number(list, &n, "n_steps", o->n_steps);
    add_double(list, &n, "beta1", o->beta1);
    add_double(list, &n, "beta2", o->beta2);
    add_double(list, &n, "epsilon", o->epsilon);
    add_double(list, &n, "weight_decay", o->weight_decay);
    add_double(list, &n, "max_norm", o->max_norm);
    add_double(list, &n, "average_decay", o->average_decay);
    add_number(list, &n, "n_lanes", options->n_lanes);
    add_number(list, &n, "seed", options->seed);
    return n;
}

static void list_arrays(const silbe_trainer *trainer, float *arrays[N_ARRAYS])
{
    arrays[0] = trainer->state.params;
    arrays[1] = trainer->state.moment1;
    arrays[2] = trainer->state.moment2;
    arrays[3] = trainer->state.average;
}

static void put(unsigned char **at, const void *data, size_t size)
{
    memcpy(*at, data, size);
    *at += size;
}

static void take(const unsigned char **at, void *data, size_t size)
{
    memcpy(data, *at, size);
    *at += size;
}

static size_t file_bytes(const silbe_trainer *trainer)
{
    setting settings[MAX_SETTINGS];
    size_t n_settings = list_settings(&trainer->options, settings);
    return HEAD_BYTES + (n_settings + 2) * sizeof(uint64_t) +
           N_ARRAYS * trainer->layout.n_params * sizeof(float) + sizeof(uint64_t);
}

static void fill(const silbe_trainer *trainer, unsigned char *bytes, size_t size)
{
    const uint32_t marks[2] = {VERSION, ORDER};
    const uint64_t file_size = size;
    const uint64_t step = trainer->step;
    setting settings[MAX_SETTINGS];
    size_t n_settings = list_settings(&trainer->options, settings);
    float *arrays[N_ARRAYS];
    list_arrays(trainer, arrays);
    unsigned char *at = bytes;
    put(&at, MAGIC, 8);
    put(&at, marks, sizeof marks);
    put(&at, &file_size, sizeof file_size);
    for (size_t i = 0; i < n_settings; i++) {
        put(&at, &settings[i].bits, sizeof settings[i].bits);
    }
    put(&at, &step, sizeof step);
    put(&at, &trainer->random.state, sizeof trainer->random.state);
    for (size_t i = 0; i < N_ARRAYS; i++) {
        put(&at, arrays[i], trainer->layout.n_params * sizeof *arrays[i]);
    }
    uint64_t crc = silbe_crc64(bytes, (size_t)(at - bytes));
    put(&at, &crc, sizeof crc);
}

silbe_status silbe_trainer_save(const silbe_trainer *trainer, const char *path, silbe_err *err)
{
    float *arrays[N_ARRAYS];
    list_arrays(trainer, arrays);
    for (size_t i = 0; i < N_ARRAYS; i++) {
        if (!isfinite(silbe_optimiser_norm(arrays[i], trainer->layout.n_params))) {
            return silbe_fail(err, SILBE_ERR_DATA,
                              "%s: not written: after step %zu a parameter or moment is not finite",
                              path, trainer->step);
        }
    }
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    size_t size = file_bytes(trainer);
    unsigned char *bytes = malloc(size);
    if (bytes == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for %zu bytes", path, size);
    }
    fill(trainer, bytes, size);
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status == SILBE_OK) {
        (void)fwrite(bytes, 1, size, file.stream); /* commit checks the stream */
        status = silbe_atomic_commit(&file, err);
    }
    silbe_atomic_abort(&file);
    free(bytes);
    return status;
}

/* Frame of the file: everything that does not depend on the trainer. */
static silbe_status check_frame(const char *path, const unsigned char *bytes, size_t size,
                                silbe_err *err)
{
    uint32_t marks[2];
    uint64_t numbers[2]; /* size, checksum */
    if (size < HEAD_BYTES + sizeof(uint64_t) || memcmp(bytes, MAGIC, 8) != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: not a checkpoint", path);
    }
    memcpy(marks, bytes + 8, sizeof marks);
    memcpy(&numbers[0], bytes + 16, sizeof numbers[0]);
    memcpy(&numbers[1], bytes + size - 8, sizeof numbers[1]);
    if (marks[1] != ORDER) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: the checkpoint is from a machine of another byte order", path);
    }
    if (marks[0] != VERSION) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: checkpoint of version %u, this program reads version %d", path,
                          (unsigned)marks[0], VERSION);
    }
    if (numbers[0] != size || numbers[1] != silbe_crc64(bytes, size - 8)) {
        return silbe_fail(
            err, SILBE_ERR_FORMAT,
            "%s: damaged checkpoint (%zu of %llu bytes, or wrong checksum): remove it "
            "to start anew",
            path, size, (unsigned long long)numbers[0]);
    }
    return SILBE_OK;
}

static silbe_status check_settings(const char *path, const silbe_trainer *trainer,
                                   const unsigned char **at, silbe_err *err)
{
    setting settings[MAX_SETTINGS];
    size_t n_settings = list_settings(&trainer->options, settings);
    for (size_t i = 0; i < n_settings; i++) {
        uint64_t bits;
        take(at, &bits, sizeof bits);
        if (bits == settings[i].bits) {
            continue;
        }
        double values[2] = {(double)bits, (double)settings[i].bits};
        if (settings[i].is_double) {
            memcpy(&values[0], &bits, sizeof bits);
            memcpy(&values[1], &settings[i].bits, sizeof bits);
        }
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "%s: %s was %.10g when the checkpoint was written, now it is %.10g: set "
                          "it back, or remove the checkpoint to start anew",
                          path, settings[i].name, values[0], values[1]);
    }
    return SILBE_OK;
}

silbe_status silbe_trainer_load(silbe_trainer *trainer, const char *path, silbe_err *err)
{
    enum { OTHER_NETWORKS = 64 << 20 }; /* read far enough to say what differs */
    char *read = NULL;
    size_t size = 0;
    size_t expected = file_bytes(trainer);
    silbe_status status = silbe_read_file(path, expected + OTHER_NETWORKS, &read, &size, err);
    const unsigned char *bytes = (const unsigned char *)read;
    if (status == SILBE_OK) {
        status = check_frame(path, bytes, size, err);
    }
    const unsigned char *at = status == SILBE_OK ? bytes + HEAD_BYTES : NULL;
    if (status == SILBE_OK && size < HEAD_BYTES + (MAX_SETTINGS + 3) * sizeof(uint64_t)) {
        status = silbe_fail(err, SILBE_ERR_FORMAT, "%s: a checkpoint of %zu bytes is too short",
                            path, size);
    }
    if (status == SILBE_OK) {
        status = check_settings(path, trainer, &at, err);
    }
    if (status == SILBE_OK && size != expected) {
        status =
            silbe_fail(err, SILBE_ERR_FORMAT, "%s: %zu bytes, should be %zu", path, size, expected);
    }
    if (status == SILBE_OK) {
        uint64_t step;
        float *arrays[N_ARRAYS];
        list_arrays(trainer, arrays);
        take(&at, &step, sizeof step);
        take(&at, &trainer->random.state, sizeof trainer->random.state);
        for (size_t i = 0; i < N_ARRAYS; i++) {
            take(&at, arrays[i], trainer->layout.n_params * sizeof *arrays[i]);
        }
        trainer->step = (size_t)step;
    }
    free(read);
    return status;
}
