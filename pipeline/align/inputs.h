/*
 * What a mode works on, whether it was read from the files of earlier stages or made a moment ago
 * in the same process: the mode does not know.
 */
#ifndef SILBE_ALIGN_INPUTS_H
#define SILBE_ALIGN_INPUTS_H

#include "datasets/items.h"
#include "pipeline/files/features_file.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/files/posteriorgram.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"

/* Of one recording. What the mode does not read (its row of run/chain.h) may be missing. The
 * numbers are owned, the texts are not. */
typedef struct {
    silbe_features_facts features;
    silbe_matrix chroma;
    silbe_matrix onset;
    silbe_matrix pitch_onset;
    silbe_posteriorgram_facts posteriorgram;
    silbe_matrix posteriors;
    silbe_labels labels;
    const char *corrections; /* file of words set by hand, or NULL */
    const char *work;
    const char *version;
    const char *audio_path; /* names the recording in messages */
    const char *text_path;  /* names the text, which may be that of a score; or NULL */
} silbe_align_inputs;

#define SILBE_ALIGN_INPUTS_INIT                                                                    \
    {                                                                                              \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

void silbe_align_inputs_free(silbe_align_inputs *inputs);

/* Where features of a recording lie. */
typedef struct {
    const char *facts;
    const char *chroma;
    const char *onset;
    const char *pitch_onset;
} silbe_features_paths;

/* Reads them. Errors of the readers; SILBE_ERR_MISMATCH where they do not fit each other. */
SILBE_MUST_CHECK silbe_status silbe_align_inputs_read_features(const silbe_features_paths *paths,
                                                               silbe_align_inputs *inputs,
                                                               silbe_err *err);

/* Reads what the mode wants of the item of a stage; source is the dataset's. *inputs must be _INIT;
 * the caller frees it, also after a failure. The message for an item without a score names the
 * mode. Errors of the readers; SILBE_ERR_MISMATCH where files do not fit each other. */
SILBE_MUST_CHECK silbe_status silbe_align_inputs_read(silbe_stage_id mode, const silbe_item *source,
                                                      const silbe_stage_item *item,
                                                      silbe_align_inputs *inputs, silbe_err *err);

#endif
