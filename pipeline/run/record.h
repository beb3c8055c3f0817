/*
 * Record of one item in one stage: work/<dataset>/<stage>/<item>.record.json. It says with what
 * inputs, settings and program the item's files were made, so that the next run can tell whether
 * they are still valid.
 *
 * A record also holds times, which differ from run to run. Everything else that a stage writes is
 * the same for the same input, to the last byte; so comparisons of results leave *.record.json out
 * (and the times in report.json).
 */
#ifndef SILBE_RECORD_H
#define SILBE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/settings/config.h"

typedef struct {
    char *path; /* owned */
    char sha256[SILBE_DIGEST_HEX_SIZE];
} silbe_record_file;

typedef struct {
    bool ok;
    char reason[SILBE_ERR_MESSAGE_SIZE]; /* of the failure; "" when ok */
    silbe_record_file *inputs;           /* n_inputs, in the order the stage gave them */
    size_t n_inputs;
    silbe_record_file *outputs; /* n_outputs */
    size_t n_outputs;
    char settings_sha256[SILBE_DIGEST_HEX_SIZE];
    char version[64];
    char program_sha256[SILBE_DIGEST_HEX_SIZE];
    double audio_s;
    double wall_s;
} silbe_record;

#define SILBE_RECORD_INIT                                                                          \
    {                                                                                              \
        0                                                                                          \
    }

/* Reads a record. SILBE_ERR_IO if it does not exist, SILBE_ERR_FORMAT if it is malformed; callers
 * take both as "not up to date". */
SILBE_MUST_CHECK silbe_status silbe_record_read(const char *path, silbe_record *record,
                                                silbe_err *err);

/* Writes it, atomically. */
SILBE_MUST_CHECK silbe_status silbe_record_write(const char *path, const silbe_record *record,
                                                 silbe_err *err);

/*
 * Whether the files of old are what wanted would make: old is ok; the same version, program,
 * settings and input digests in the same order (paths may differ: a dataset may move); and every
 * output of old exists below folder with its digest, and their names are output_names, in order.
 * wanted->outputs is not looked at. Fills *why (why may be NULL) with a phrase when not: "settings
 * changed".
 */
bool silbe_record_is_current(const silbe_record *old, const silbe_record *wanted,
                             const char *folder, const char *const *output_names,
                             size_t n_output_names, const char **why);

/* Appends a file and its digest, computed here. An output is recorded under name, its path relative
 * to the stage's folder. */
SILBE_MUST_CHECK silbe_status silbe_record_add_input(silbe_record *record, const char *path,
                                                     silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_record_add_output(silbe_record *record, const char *name,
                                                      const char *path, silbe_err *err);

void silbe_record_free(silbe_record *record);

#endif
