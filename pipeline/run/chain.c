#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/chain.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "features/base/format.h"
#include "features/base/memory.h"

/* features.onset_decay_s: the score is given the same traces as the recording. */
static const silbe_chain_stage STAGES[SILBE_N_STAGES] = {
    [SILBE_STAGE_FEATURES] =
        {
            .name = "features",
            .keys = {"features."},
            .reads = {SILBE_FILE_AUDIO},
            .writes = {SILBE_FILE_CHROMA, SILBE_FILE_ONSET, SILBE_FILE_PITCH_ONSET,
                       SILBE_FILE_FEATURES, SILBE_FILE_LOGMEL, SILBE_FILE_MIDDLE},
        },
    [SILBE_STAGE_LABELS] =
        {
            .name = "labels",
            .per_work = true,
            .keys = {"labels."},
            .reads = {SILBE_FILE_SCORE, SILBE_FILE_LYRICS},
            .writes = {SILBE_FILE_LABELS},
        },
    [SILBE_STAGE_POSTERIORS] =
        {
            .name = "posteriors",
            .keys = {"acoustic.weights"},
            .reads = {SILBE_FILE_LOGMEL, SILBE_FILE_MIDDLE, SILBE_FILE_FEATURES},
            .writes = {SILBE_FILE_POSTERIORS, SILBE_FILE_POSTERIORS_FACTS},
        },
    [SILBE_STAGE_SCORE] =
        {
            .name = "score",
            .needs_score = true,
            .keys = {"align.", "features.onset_decay_s", "output."},
            .reads = {SILBE_FILE_CHROMA, SILBE_FILE_ONSET, SILBE_FILE_PITCH_ONSET,
                      SILBE_FILE_FEATURES, SILBE_FILE_LABELS},
            .writes = {SILBE_FILE_PATH},
        },
    [SILBE_STAGE_LYRICS] =
        {
            .name = "lyrics",
            .keys = {"acoustic.voice", "acoustic.variants", "lyrics.", "output."},
            .reads = {SILBE_FILE_POSTERIORS, SILBE_FILE_POSTERIORS_FACTS, SILBE_FILE_LABELS,
                      SILBE_FILE_PRONUNCIATIONS},
        },
    [SILBE_STAGE_JOINT] =
        {
            .name = "joint",
            .needs_score = true,
            .keys = {"align.", "acoustic.voice", "joint.", "features.onset_decay_s", "output."},
            .reads = {SILBE_FILE_CHROMA, SILBE_FILE_ONSET, SILBE_FILE_PITCH_ONSET,
                      SILBE_FILE_FEATURES, SILBE_FILE_LABELS, SILBE_FILE_POSTERIORS,
                      SILBE_FILE_POSTERIORS_FACTS, SILBE_FILE_PRONUNCIATIONS},
            .writes = {SILBE_FILE_PATH},
        },
};

/* Of the files that stages make: folder and suffix. */
static const struct {
    const char *folder; /* with its slash */
    const char *suffix;
} FILES[SILBE_N_FILES] = {
    [SILBE_FILE_CHROMA] = {"", "chroma.npy"},
    [SILBE_FILE_ONSET] = {"", "onset.npy"},
    [SILBE_FILE_PITCH_ONSET] = {"", "pitch_onset.npy"},
    [SILBE_FILE_FEATURES] = {"", "features.json"},
    [SILBE_FILE_LOGMEL] = {"", "logmel.npy"},
    [SILBE_FILE_MIDDLE] = {"", "middle.npy"},
    [SILBE_FILE_LABELS] = {"", "json"},
    [SILBE_FILE_POSTERIORS] = {"", "npy"},
    [SILBE_FILE_POSTERIORS_FACTS] = {"", "posteriors.json"},
    [SILBE_FILE_PATH] = {"path/", "npy"},
    [SILBE_FILE_WORDS] = {"words/", "json"},
};

static const char PHONE_ONSETS[] = "phone_onsets.json";

const silbe_chain_stage *silbe_chain_get(silbe_stage_id stage)
{
    return &STAGES[stage];
}

size_t silbe_chain_n_keys(const silbe_chain_stage *stage)
{
    size_t n = 0;
    while (n < SILBE_CHAIN_MAX_KEYS && stage->keys[n] != NULL) {
        n++;
    }
    return n;
}

bool silbe_chain_makes(silbe_stage_id stage, silbe_file file)
{
    size_t i = 0;
    while (STAGES[stage].writes[i] != SILBE_FILE_NONE && STAGES[stage].writes[i] != file) {
        i++;
    }
    return file != SILBE_FILE_NONE && STAGES[stage].writes[i] == file;
}

/* The stage that makes the file; of the files of modes the given one. */
static silbe_stage_id maker_of(silbe_file file, silbe_stage_id mode)
{
    for (int s = 0; s < SILBE_STAGE_MODES; s++) {
        if (silbe_chain_makes((silbe_stage_id)s, file)) {
            return (silbe_stage_id)s;
        }
    }
    return mode;
}

bool silbe_chain_needs(silbe_stage_id stage, silbe_stage_id other)
{
    bool needs = stage == other;
    for (size_t i = 0; !needs && STAGES[stage].reads[i] != SILBE_FILE_NONE; i++) {
        silbe_stage_id maker = maker_of(STAGES[stage].reads[i], stage);
        needs = maker != stage && silbe_chain_needs(maker, other);
    }
    return needs;
}

bool silbe_chain_selects(const silbe_config *config, const char *item_name)
{
    return fnmatch(config->run.items, item_name, 0) == 0;
}

bool silbe_chain_mode_applies(silbe_stage_id mode, const silbe_config *config,
                              const silbe_dataset *dataset)
{
    bool applies = !STAGES[mode].needs_score;
    for (size_t i = 0; i < dataset->n_items && !applies; i++) {
        applies = dataset->items[i].score_path != NULL &&
                  silbe_chain_selects(config, dataset->items[i].name);
    }
    return applies;
}

int silbe_chain_mode(const silbe_config *config, const silbe_dataset *dataset)
{
    if (config->align.mode != SILBE_MODE_AUTO) {
        return config->align.mode;
    }
    return silbe_chain_mode_applies(SILBE_STAGE_SCORE, config, dataset) ? SILBE_MODE_SCORE
                                                                        : SILBE_MODE_LYRICS;
}

/* "<folder>/<name>"; both are given away. */
static char *below(char *folder, char *name, silbe_err *err)
{
    char *path = silbe_join_path(folder, name, err);
    free(folder);
    free(name);
    return path;
}

char *silbe_chain_folder(const silbe_config *config, const char *name, silbe_err *err)
{
    return silbe_format(err, "%s/%s%s%s", config->work.folder, config->dataset.name,
                        name != NULL ? "/" : "", name != NULL ? name : "");
}

char *silbe_chain_name(silbe_file file, const char *name, silbe_err *err)
{
    return file == SILBE_FILE_PHONE_ONSETS
               ? silbe_copy_text(PHONE_ONSETS, err)
               : silbe_format(err, "%s%s.%s", FILES[file].folder, name, FILES[file].suffix);
}

char *silbe_chain_path(const silbe_config *config, silbe_file file, silbe_stage_id mode,
                       const silbe_item *item, silbe_err *err)
{
    const silbe_chain_stage *maker = &STAGES[maker_of(file, mode)];
    const char *name = item == NULL ? "" : maker->per_work ? item->work : item->name;
    return below(silbe_chain_folder(config, maker->name, err), silbe_chain_name(file, name, err),
                 err);
}

char *silbe_chain_record(const silbe_config *config, silbe_stage_id stage, const silbe_item *item,
                         silbe_err *err)
{
    const char *name = STAGES[stage].per_work ? item->work : item->name;
    return below(silbe_chain_folder(config, STAGES[stage].name, err),
                 silbe_format(err, "%s.record.json", name), err);
}
