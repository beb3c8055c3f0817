/*
 * How long before the musical onset a word's first sound is heard, by that sound:
 * WORK/<dataset>/<mode>/phone_onsets.json,
 *
 *   { "format": "silbe-phone-onsets", "version": 1, "phones": [{"phone": "S", "ipa": "...",
 *     "n": 12, "mean_s": 0.11, "median_s": 0.1}, ...] }
 *
 * in the order of the phone set, phones that begin no word left out.
 */
#ifndef SILBE_ALIGN_PHONE_ONSETS_H
#define SILBE_ALIGN_PHONE_ONSETS_H

#include "pipeline/align/mode.h"

/* From the words of all items that are there (words/<item>.json; without the format json there is
 * nothing to read, and no table). A mode's finish. Errors of the reader and of the file. */
SILBE_MUST_CHECK silbe_status silbe_phone_onsets_write(const silbe_align_context *context,
                                                       silbe_err *err);

#endif
