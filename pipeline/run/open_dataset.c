#include "pipeline/run/open_dataset.h"

silbe_status silbe_open_dataset(silbe_cli *cli, silbe_dataset *dataset, silbe_err *err)
{
    const silbe_config *config = &cli->config;
    const char *kind = config->dataset.kind == SILBE_DATASET_KIND_SWD ? "swd" : "folder";
    silbe_status status =
        silbe_dataset_open(kind, config->dataset.name, config->dataset.root, dataset, err);
    if (status == SILBE_OK) {
        for (size_t i = 0; i < dataset->warnings.n; i++) {
            silbe_log_warning(&cli->log, "%s", dataset->warnings.texts[i]);
        }
        for (size_t i = 0; i < dataset->notes.n; i++) {
            silbe_log_detail(&cli->log, "%s", dataset->notes.texts[i]);
        }
    }
    return status;
}
