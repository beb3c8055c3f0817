/*
 * work/<dataset>/posteriors/<item>.posteriors.json: what is needed to read the item's .npy file,
 * its phone posteriorgram.
 *
 *   { "format": "silbe-posteriors", "version": 1, "program_version": "0.1.0", "phone_set": 1,
 *     "duration_s": ..., "hop_s": ..., "shape": [frames, phones], "voice_share": ...,
 *     "clear_share": ..., "symbols": ["sil", ...], "log_prior": [...] }
 *
 * P[t * S + k] in the .npy file is the natural logarithm of the probability of phone k in frame t,
 * which is centred on t * hop_s seconds. log_prior: of each phone's share of the training data.
 * voice_share: mean probability that somebody sings, 1 - P(sil). clear_share: share of the frames
 * in which one phone that is not silence has a probability above 0.5, as it has now and then
 * wherever somebody sings and hardly ever elsewhere (0.04 to 0.3, against 0.003 at most, in the
 * recordings that this was tried on).
 */
#ifndef SILBE_ACOUSTIC_POSTERIORGRAM_H
#define SILBE_ACOUSTIC_POSTERIORGRAM_H

#include "align/lyrics/phones.h"
#include "features/base/matrix.h"

typedef struct {
    double duration_s;
    double hop_s;
    size_t n_frames;
    double voice_share; /* 0 .. 1 */
    double clear_share; /* 0 .. 1 */
    double log_prior[SILBE_N_PHONES];
} silbe_posteriorgram_facts;

/* How much voice there is, frame by frame. */
typedef struct {
    double voice; /* sum of 1 - P(sil) */
    size_t n_clear;
    size_t n_frames;
} silbe_voice_meter;

/* n_frames x SILBE_N_PHONES more values. */
void silbe_voice_meter_add(silbe_voice_meter *meter, const float *posteriors, size_t n_frames);

/* Fills in n_frames (>= 1), voice_share and clear_share. */
void silbe_voice_meter_read(const silbe_voice_meter *meter, silbe_posteriorgram_facts *facts);

/* Atomically. */
SILBE_MUST_CHECK silbe_status silbe_posteriorgram_facts_write(
    const char *path, const silbe_posteriorgram_facts *facts, silbe_err *err);

/* The facts, and the posteriorgram, n_frames x SILBE_N_PHONES, which the caller frees.
 * SILBE_ERR_IO; SILBE_ERR_FORMAT, naming the field, if a file is not what it should be or of
 * another phone set; SILBE_ERR_MISMATCH if their lengths differ; SILBE_ERR_DATA for a value that is
 * no logarithm of a probability. */
SILBE_MUST_CHECK silbe_status silbe_posteriorgram_read(const char *facts_path, const char *npy_path,
                                                       silbe_posteriorgram_facts *facts,
                                                       silbe_matrix *posteriors, silbe_err *err);

#endif
