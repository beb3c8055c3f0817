#include "pipeline/files/posteriorgram.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "features/base/npy.h"
#include "pipeline/host/json_file.h"
#include "pipeline/host/run_info.h"

static const char FORMAT[] = "silbe-posteriors";
enum { VERSION = 1, MAX_FRAMES = 1 << 30 };

void silbe_voice_meter_add(silbe_voice_meter *meter, const float *posteriors, size_t n_frames)
{
    const float clear_logp = -0.693147F; /* ln 0.5 */
    for (size_t t = 0; t < n_frames; t++) {
        const float *row = posteriors + t * SILBE_N_PHONES;
        bool is_clear = false;
        for (size_t k = 0; k < SILBE_N_PHONES; k++) {
            is_clear = is_clear || (k != SILBE_PHONE_SILENCE && row[k] > clear_logp);
        }
        meter->voice += 1 - exp(fmin(row[SILBE_PHONE_SILENCE], 0));
        meter->n_clear += is_clear;
    }
    meter->n_frames += n_frames;
}

void silbe_voice_meter_read(const silbe_voice_meter *meter, silbe_posteriorgram_facts *facts)
{
    facts->n_frames = meter->n_frames;
    facts->voice_share = meter->voice / (double)meter->n_frames;
    facts->clear_share = (double)meter->n_clear / (double)meter->n_frames;
}

/* NULL if memory is short, here and below. */
static json_t *symbols_of_phones(void)
{
    json_t *symbols = json_array();
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        if (json_array_append_new(symbols, json_string(silbe_phone_get(k)->symbol)) != 0) {
            json_decref(symbols);
            return NULL;
        }
    }
    return symbols;
}

static json_t *array_of(const double *values)
{
    json_t *array = json_array();
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        if (json_array_append_new(array, json_real(values[k])) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

silbe_status silbe_posteriorgram_facts_write(const char *path,
                                             const silbe_posteriorgram_facts *facts, silbe_err *err)
{
    json_t *root =
        json_pack("{s:s, s:i, s:s, s:i, s:f, s:f, s:[I, i], s:f, s:f, s:o, s:o}", "format", FORMAT,
                  "version", VERSION, "program_version", silbe_version(), "phone_set",
                  SILBE_PHONE_SET_VERSION, "duration_s", facts->duration_s, "hop_s", facts->hop_s,
                  "shape", (json_int_t)facts->n_frames, SILBE_N_PHONES, "voice_share",
                  facts->voice_share, "clear_share", facts->clear_share, "symbols",
                  symbols_of_phones(), "log_prior", array_of(facts->log_prior));
    return silbe_json_write(path, root, 1, err);
}

static void parse_priors(const json_t *numbers, double *log_prior, silbe_err *err)
{
    for (size_t k = 0; k < SILBE_N_PHONES && !silbe_failed(err); k++) {
        const json_t *number = json_array_get(numbers, k);
        log_prior[k] = json_number_value(number);
        if (!json_is_number(number) || !(log_prior[k] >= -1e6 && log_prior[k] <= 0)) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT, "log_prior[%zu] should be a number <= 0", k);
        }
    }
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    silbe_posteriorgram_facts *facts = target;
    const json_t *log_prior = NULL;
    json_int_t phone_set = 0;
    size_t n_phones = 0;
    const silbe_json_field wanted[] = {
        {"phone_set", 'I', &phone_set},
        {"log_prior", 'a', &log_prior},
        {"duration_s", 'F', &facts->duration_s, 1e-6, 1e9},
        {"hop_s", 'F', &facts->hop_s, 1e-6, 60},
        {"voice_share", 'F', &facts->voice_share, 0, 1},
        {"clear_share", 'F', &facts->clear_share, 0, 1},
    };
    silbe_try(err, silbe_json_check_format(root, FORMAT, VERSION, err));
    silbe_try(err, silbe_json_take(root, "", wanted, sizeof wanted / sizeof wanted[0], false, err));
    silbe_try(err, silbe_json_take_shape(root, "", &facts->n_frames, &n_phones, err));
    if (!silbe_failed(err) && (phone_set != SILBE_PHONE_SET_VERSION || n_phones != SILBE_N_PHONES ||
                               json_array_size(log_prior) != SILBE_N_PHONES)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "is of another phone set; run the stage posteriors again");
    }
    parse_priors(log_prior, facts->log_prior, err);
}

silbe_status silbe_posteriorgram_read(const char *facts_path, const char *npy_path,
                                      silbe_posteriorgram_facts *facts, silbe_matrix *posteriors,
                                      silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *facts = (silbe_posteriorgram_facts){0};
    silbe_try(err, silbe_json_parse(facts_path, parse, facts, err));
    silbe_try(err, silbe_npy_read_matrix(npy_path, SILBE_N_PHONES, posteriors, err));
    if (!silbe_failed(err) && posteriors->n_rows != facts->n_frames) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s has %zu frames, %s says %zu; run the stage posteriors again with "
                         "--force",
                         npy_path, posteriors->n_rows, facts_path, facts->n_frames);
    }
    /* A little above 0 by rounding is a probability of 1. */
    for (size_t i = 0; !silbe_failed(err) && i < posteriors->n_rows * posteriors->n_cols; i++) {
        if (!(posteriors->data[i] <= 1e-3F)) {
            (void)silbe_fail(err, SILBE_ERR_DATA,
                             "%s: frame %zu, phone %zu: %g is not the logarithm of a probability; "
                             "run the stage posteriors again with --force",
                             npy_path, i / SILBE_N_PHONES, i % SILBE_N_PHONES,
                             (double)posteriors->data[i]);
        }
    }
    return err->status;
}
