#include "pipeline/score_options.h"

silbe_score_sync_options silbe_score_options_from(const silbe_config *config)
{
    silbe_score_sync_options options = silbe_score_sync_options_default();
    options.coarse.onset_decay_s = config->features.onset_decay_s;
    return options;
}
