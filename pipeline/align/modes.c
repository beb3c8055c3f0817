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
