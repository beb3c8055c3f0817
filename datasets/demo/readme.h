/* The README.txt of the demo dataset and its two tables of keys. */
#ifndef SILBE_DEMO_README_H
#define SILBE_DEMO_README_H

#include "features/base/status.h"

SILBE_MUST_CHECK silbe_status silbe_demo_write_readme(const char *path, silbe_err *err);

/* ann_audio_globalkey.csv: WorkID;PerformanceID;key */
SILBE_MUST_CHECK silbe_status silbe_demo_write_keys(const char *path, silbe_err *err);

/* ann_audio_globalkey-tuning.csv: SongID;WorkID;PerformanceID;Key;Tuning */
SILBE_MUST_CHECK silbe_status silbe_demo_write_tunings(const char *path, silbe_err *err);

#endif
