/*
 * The synchroniser's options that the settings ask for.
 */
#ifndef SILBE_SCORE_OPTIONS_H
#define SILBE_SCORE_OPTIONS_H

#include "align/score/score_sync.h"
#include "pipeline/settings/config.h"

silbe_score_sync_options silbe_score_options_from(const silbe_config *config);

#endif
