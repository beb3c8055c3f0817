#include "pipeline/align/mode.h"

const silbe_align_mode *const *silbe_align_modes(size_t *n_modes)
{
    static const silbe_align_mode *const MODES[] = {
        [SILBE_MODE_SCORE] = &silbe_align_mode_score,
        [SILBE_MODE_LYRICS] = &silbe_align_mode_lyrics,
        [SILBE_MODE_JOINT] = &silbe_align_mode_joint,
    };
    *n_modes = sizeof MODES / sizeof MODES[0];
    return MODES;
}

bool silbe_align_mode_applies(const silbe_align_mode *mode, const silbe_config *config,
                              const silbe_dataset *dataset)
{
    bool applies = !mode->needs_score;
    for (size_t i = 0; i < dataset->n_items && !applies; i++) {
        applies = dataset->items[i].score_path != NULL &&
                  silbe_stage_selects(config, dataset->items[i].name);
    }
    return applies;
}
