/* Parts of silbe-align --posteriors: not for callers. */
#ifndef SILBE_POSTERIORS_COMMAND_INTERNAL_H
#define SILBE_POSTERIORS_COMMAND_INTERNAL_H

#include "pipeline/ctc_matrix/command.h"
#include "pipeline/ctc_matrix/item.h"

/* Settings that decide the results, as for silbe_config_digest; static. */
const char *const *silbe_posteriors_keys(size_t *n_keys);

/* SILBE_ERR_ARGUMENT if output is one of the inputs (some may be NULL), by whatever path. */
SILBE_MUST_CHECK silbe_status silbe_posteriors_check_output(const char *output,
                                                            const char *const *inputs,
                                                            size_t n_inputs, silbe_err *err);

/* Every NAME.npy of a folder; returns the exit code, has reported everything. */
int silbe_posteriors_run_folder(silbe_cli *cli, const silbe_posteriors_arguments *arguments,
                                silbe_posteriors_context *context);

#endif
