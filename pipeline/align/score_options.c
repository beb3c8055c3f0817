#include "pipeline/align/score_options.h"

silbe_score_sync_options silbe_score_options_from(const silbe_config *config)
{
    silbe_score_sync_options options = silbe_score_sync_options_default();
    silbe_coarse_options *coarse = &options.coarse;
    coarse->max_transposition = config->align.max_transposition;
    coarse->hop_s = config->align.coarse_hop_ms / 1000;
    coarse->max_full_frames = (size_t)config->align.coarse_max_frames;
    coarse->band_s = config->align.coarse_band_s;
    coarse->onset_weight = config->align.coarse_onset_weight;
    coarse->onset_decay_s = config->features.onset_decay_s;

    silbe_refine_options *passes[] = {&options.wide, &options.narrow};
    for (size_t i = 0; i < 2; i++) {
        passes[i]->onset_weight = config->align.onset_weight;
        passes[i]->hold_weight_s = config->align.hold_weight;
        passes[i]->tempo_weight = config->align.tempo_weight;
        passes[i]->sigma_s = config->align.tempo_sigma_s;
        passes[i]->sigma_relative = config->align.tempo_sigma_relative;
        passes[i]->tempo_window_s = config->align.tempo_window_s;
    }
    options.wide.half_window_s = config->align.wide_window_s;
    options.narrow.half_window_s = config->align.narrow_window_s;
    options.n_partials = (size_t)config->align.partials;
    options.partial_falloff = config->align.partial_falloff;
    options.max_key_ratio = config->align.mismatch_key_ratio;
    options.min_sharpness = config->align.mismatch_sharpness;
    return options;
}
