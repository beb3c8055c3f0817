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
#include "features/base/memory.h"
#include "features/base/read_file.h"
#include "pipeline/train/learn/trainer_internal.h"

#define MAGIC "SILBECKP"

enum { VERSION = 1, ORDER = 0x01020304, MAX_SETTINGS = 64, N_ARRAYS = 4, HEAD_BYTES = 24 };

typedef struct {
    const char *name;
    uint64_t bits; /* of a double, or a number */
    bool is_double;
} setting;

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Everything that a resumed run must have in common with the one before. Always the same count. */
static size_t list_settings(const silbe_trainer_options *options, setting *list)
{
    const silbe_net_shape *shape = &options->shape;
    const silbe_optimiser_options *o = &options->optimiser;
    const setting of_shape[] = {
        {"n_bands", shape->n_bands, false},           {"n_channels", shape->n_channels, false},
        {"n_hidden", shape->n_hidden, false},         {"n_classes", shape->n_classes, false},
        {"block_width", shape->block_width, false},   {"input_width", shape->input_width, false},
        {"input_stride", shape->input_stride, false}, {"n_blocks", shape->n_blocks, false}};
    const setting others[] = {{"peak_rate", bits_of(o->peak_rate), true},
                              {"final_rate", bits_of(o->final_rate), true},
                              {"warmup_steps", o->warmup_steps, false},
                              {"n_steps", o->n_steps, false},
                              {"beta1", bits_of(o->beta1), true},
                              {"beta2", bits_of(o->beta2), true},
                              {"epsilon", bits_of(o->epsilon), true},
                              {"weight_decay", bits_of(o->weight_decay), true},
                              {"max_norm", bits_of(o->max_norm), true},
                              {"average_decay", bits_of(o->average_decay), true},
                              {"n_lanes", options->n_lanes, false},
                              {"seed", options->seed, false}};
    size_t n = sizeof of_shape / sizeof of_shape[0];
    memcpy(list, of_shape, sizeof of_shape);
    for (size_t b = 0; b < SILBE_NET_MAX_BLOCKS; b++) {
        list[n++] = (setting){"a dilation", b < shape->n_blocks ? shape->dilations[b] : 0, false};
    }
    memcpy(list + n, others, sizeof others);
    return n + sizeof others / sizeof others[0];
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

silbe_status silbe_trainer_write(const silbe_trainer *trainer, const char *path, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
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
    unsigned char *bytes = silbe_alloc(size, 1, "bytes of a checkpoint", err);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        fill(trainer, bytes, size);
        (void)fwrite(bytes, 1, size, file.stream); /* commit checks the stream */
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
    free(bytes);
    return err->status;
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

silbe_status silbe_trainer_read(silbe_trainer *trainer, const char *path, silbe_err *err)
{
    enum { OTHER_NETWORKS = 64 << 20 }; /* read far enough to say what differs */
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *read = NULL;
    size_t size = 0, expected = file_bytes(trainer);
    silbe_try(err, silbe_read_file(path, expected + OTHER_NETWORKS, &read, &size, err));
    const unsigned char *bytes = (const unsigned char *)read;
    silbe_try(err, check_frame(path, bytes, size, err));
    if (!silbe_failed(err) && size < HEAD_BYTES + (MAX_SETTINGS + 3) * sizeof(uint64_t)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: a checkpoint of %zu bytes is too short", path,
                         size);
    }
    const unsigned char *at = silbe_failed(err) ? NULL : bytes + HEAD_BYTES;
    silbe_try(err, check_settings(path, trainer, &at, err));
    if (!silbe_failed(err) && size != expected) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: %zu bytes, should be %zu", path, size,
                         expected);
    }
    if (!silbe_failed(err)) {
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
    return err->status;
}
