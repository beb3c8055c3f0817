/* silbe-align: features and labels to word times, work/<dataset>/<mode>/words/. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/score/score_sync.h"
#include "align/score/word_times.h"
#include "datasets/dataset.h"
#include "features/base/npy.h"
#include "pipeline/cli.h"
#include "pipeline/corrections.h"
#include "pipeline/features_file.h"
#include "pipeline/labels_file.h"
#include "pipeline/open_dataset.h"
#include "pipeline/output/output.h"
#include "pipeline/posteriors/command.h"
#include "pipeline/score_options.h"
#include "pipeline/stage.h"

static const char DETAILS[] =
    "Writes for each item, below WORK/<dataset>/score/:\n"
    "  words/<item>.csv, .json, .TextGrid, ...   word times (output.formats)\n"
    "  path/<item>.npy   score positions in quarter notes, seconds, confidence\n"
    "\n"
    "With --posteriors it aligns the output of a CTC model of your own with a text instead:\n"
    "  silbe-align --posteriors x.npy --vocab vocab.json --text lyrics.txt --hop-ms 20\n"
    "  silbe-align --posteriors FOLDER --vocab vocab.json --hop-ms 20 [--out FOLDER]\n"
    "x.npy: frames x symbols, float32 or float64 (numpy.save): log-probabilities, probabilities "
    "or\n"
    "logits. A FOLDER holds NAME.npy and NAME.txt, perhaps NAME.anchors.csv. A word starts at the\n"
    "centre of the first frame of its first symbol; CTC models mark symbols by late, short spikes, "
    "so\n"
    "starts tend to be late and ends early (posteriors.offset_ms). Words that the recording does "
    "not\n"
    "seem to hold (posteriors.unmatched_logp) are reported and left out; the JSON file lists them.";

/* features.onset_decay_s: the score is given the same traces as the recording. */
static const char *const KEYS[] = {"align.", "features.onset_decay_s", "output."};

/* Inputs of an item, and its outputs: the path, then one file for each format. */
enum { CHROMA, ONSET, PITCH_ONSET, FACTS, LABELS, N_INPUTS };
enum { PATH_FILE, FIRST_FORMAT };
enum { PATH_COLUMNS = 3 };

typedef struct {
    const silbe_dataset *dataset;
    const silbe_config *config;
    const silbe_score_sync_options *options;
    char settings_digest[SILBE_DIGEST_HEX_SIZE];
} align_context;

/* What one item reads. */
typedef struct {
    silbe_matrix chroma;
    silbe_matrix onset;
    silbe_matrix pitch_onset;
    silbe_features_facts facts;
    silbe_labels labels;
    silbe_score_anchor *anchors; /* NULL: none */
} item_inputs;

static void free_inputs(item_inputs *inputs)
{
    free(inputs->anchors);
    silbe_matrix_free(&inputs->chroma);
    silbe_matrix_free(&inputs->onset);
    silbe_matrix_free(&inputs->pitch_onset);
    silbe_labels_free(&inputs->labels);
}

static silbe_status read_inputs(const silbe_stage_item *item, item_inputs *inputs, silbe_err *err)
{
    silbe_status status = silbe_features_file_read(item->inputs[FACTS], &inputs->facts, err);
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[CHROMA], SILBE_N_PITCH_CLASSES, &inputs->chroma,
                                       err);
    }
    if (status == SILBE_OK) {
        status =
            silbe_npy_read_matrix(item->inputs[ONSET], SILBE_N_PITCH_CLASSES, &inputs->onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[PITCH_ONSET], inputs->facts.n_onset_pitches,
                                       &inputs->pitch_onset, err);
    }
    if (status == SILBE_OK && (inputs->chroma.n_rows != inputs->facts.n_frames ||
                               inputs->onset.n_rows != inputs->facts.n_frames ||
                               inputs->pitch_onset.n_rows != inputs->facts.n_frames)) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "%s: says %zu frames, but the arrays have %zu, %zu and %zu; run the "
                            "stage features again with --force",
                            item->inputs[FACTS], inputs->facts.n_frames, inputs->chroma.n_rows,
                            inputs->onset.n_rows, inputs->pitch_onset.n_rows);
    }
    if (status == SILBE_OK) {
        status = silbe_labels_read(item->inputs[LABELS], &inputs->labels, err);
    }
    return status;
}

/* Words set by hand as anchors. */
static silbe_status read_anchors(const char *path, item_inputs *inputs, silbe_item_report *report,
                                 silbe_score_sync_options *options, silbe_err *err)
{
    const silbe_lyrics *lyrics = &inputs->labels.lyrics;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_status status = silbe_corrections_read(path, lyrics, &words, err);
    inputs->anchors = calloc(lyrics->n_words + 1, sizeof *inputs->anchors);
    if (status == SILBE_OK && inputs->anchors == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t i = 0; i < words.n_words && status == SILBE_OK; i++) {
        double onset_q = lyrics->syllables[lyrics->words[i].first_syllable].onset_q;
        if (words.words[i].is_known && words.words[i].start_s > inputs->facts.duration_s) {
            status = silbe_fail(
                err, SILBE_ERR_MISMATCH, "%s: \"%s\" at %.3f s, but the recording ends at %.3f s",
                path, lyrics->words[i].text, words.words[i].start_s, inputs->facts.duration_s);
        } else if (words.words[i].is_known) {
            inputs->anchors[options->n_anchors++] =
                (silbe_score_anchor){onset_q, words.words[i].start_s};
        }
    }
    options->anchors = inputs->anchors;
    silbe_item_note(report, "%zu words set by hand", options->n_anchors);
    silbe_reference_words_free(&words);
    return status;
}

/* Rows (onset_q, time_s, confidence), one for each event of the score. */
static silbe_status write_path(const char *path, const silbe_score_sync *sync, silbe_err *err)
{
    size_t n = sync->events.n_events;
    double *rows = calloc(n * PATH_COLUMNS, sizeof *rows);
    if (rows == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t k = 0; k < n; k++) {
        rows[k * PATH_COLUMNS] = sync->events.onset_q[k];
        rows[k * PATH_COLUMNS + 1] = sync->event_s[k];
        rows[k * PATH_COLUMNS + 2] = sync->confidence[k];
    }
    silbe_status status = silbe_npy_write_doubles(path, rows, n, PATH_COLUMNS, err);
    free(rows);
    return status;
}

static silbe_status write_words(const align_context *c, const silbe_item *source,
                                const item_inputs *inputs, const silbe_word_times *times,
                                const char *const *temps, silbe_err *err)
{
    size_t n_formats = 0, output = FIRST_FORMAT;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    const char *slash = strrchr(source->audio_path, '/');
    silbe_output_item item = {.lyrics = &inputs->labels.lyrics,
                              .times = times,
                              .work = source->work,
                              .version = source->version,
                              .title = inputs->labels.score.title,
                              .mode = "score",
                              .audio_file = slash != NULL ? slash + 1 : source->audio_path,
                              .duration_s = inputs->facts.duration_s,
                              .program_version = silbe_version(),
                              .settings_digest = c->settings_digest};
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (c->config->output.formats & (1u << i)) {
            status = formats[i].write(temps[output++], &item, err);
        }
    }
    return status;
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const align_context *c = context;
    item_inputs inputs = {0};
    silbe_score_sync sync = SILBE_SCORE_SYNC_INIT;
    silbe_word_times words = SILBE_WORD_TIMES_INIT;
    silbe_status status = read_inputs(item, &inputs, err);
    if (status != SILBE_OK) {
        goto done;
    }
    report->audio_s = inputs.facts.duration_s;
    silbe_recording recording = {.chroma = &inputs.chroma,
                                 .onset = &inputs.onset,
                                 .pitch_onset = &inputs.pitch_onset,
                                 .low_pitch = inputs.facts.onset_low_pitch,
                                 .hop_s = inputs.facts.hop_s};
    silbe_score_sync_options options = *c->options;
    if (item->n_inputs > N_INPUTS) {
        status = read_anchors(item->inputs[N_INPUTS], &inputs, report, &options, err);
    }
    if (status == SILBE_OK) {
        status = silbe_score_sync_run(&inputs.labels.score, &recording, &options, &sync, err);
    }
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, c->dataset->items[item->tag].audio_path);
        goto done;
    }
    silbe_item_note(report, "transposition %+d semitones, key ratio %.3f, sharpness %.3f",
                    sync.coarse.transposition_semitones, sync.coarse.key_ratio, sync.sharpness);
    silbe_score_times times = {.event_q = sync.events.onset_q,
                               .event_s = sync.event_s,
                               .confidence = sync.confidence,
                               .n_events = sync.events.n_events,
                               .duration_s = inputs.facts.duration_s};
    status = silbe_score_word_times(&inputs.labels.lyrics, &times, &words, err);
    if (status == SILBE_OK) {
        status = write_path(temps[PATH_FILE], &sync, err);
    }
    if (status == SILBE_OK) {
        status = write_words(c, &c->dataset->items[item->tag], &inputs, &words, temps, err);
    }
done:
    silbe_word_times_free(&words);
    silbe_score_sync_free(&sync);
    free_inputs(&inputs);
    return status;
}

/* Appends WORK/<dataset>/<stage>/<name>.<suffix> as an input. */
static silbe_status add_input(silbe_stage *stage, size_t index, const silbe_config *config,
                              const char *folder, const char *name, const char *suffix,
                              silbe_err *err)
{
    silbe_status status = SILBE_ERR_MEMORY;
    size_t size = strlen(name) + strlen(suffix) + 2;
    char *file = malloc(size), *path = NULL;
    if (file != NULL) {
        (void)snprintf(file, size, "%s.%s", name, suffix);
        path = silbe_stage_path(config, folder, file);
    }
    status = path != NULL ? silbe_stage_add_input(stage, index, path, err)
                          : silbe_fail(err, status, "%s: out of memory", name);
    free(file);
    free(path);
    return status;
}

static silbe_status add_output(silbe_stage *stage, size_t index, const char *folder,
                               const char *name, const char *suffix, silbe_err *err)
{
    size_t size = strlen(folder) + strlen(name) + strlen(suffix) + 3;
    char *file = malloc(size);
    if (file == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", name);
    }
    (void)snprintf(file, size, "%s/%s.%s", folder, name, suffix);
    silbe_status status = silbe_stage_add_output(stage, index, file, err);
    free(file);
    return status;
}

/* Behind all other inputs: not every item has them. */
static silbe_status add_corrections(silbe_stage *stage, size_t index, const silbe_config *config,
                                    const silbe_item *item, silbe_err *err)
{
    char *path = NULL;
    silbe_status status = silbe_corrections_path(config, item, &path, err);
    if (status == SILBE_OK && path != NULL) {
        status = silbe_stage_add_input(stage, index, path, err);
    }
    free(path);
    return status;
}

static silbe_status add_item(silbe_stage *stage, const silbe_config *config, const silbe_item *item,
                             size_t tag, silbe_err *err)
{
    static const struct {
        const char *folder;
        const char *suffix;
    } INPUTS[N_INPUTS] = {
        [CHROMA] = {"features", "chroma.npy"},
        [ONSET] = {"features", "onset.npy"},
        [PITCH_ONSET] = {"features", "pitch_onset.npy"},
        [FACTS] = {"features", "features.json"},
        [LABELS] = {"labels", "json"},
    };
    size_t index = 0, n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    silbe_status status = silbe_stage_add_item(stage, item->name, tag, &index, err);
    for (size_t k = 0; k < N_INPUTS && status == SILBE_OK; k++) {
        const char *name = k == LABELS ? item->work : item->name;
        status = add_input(stage, index, config, INPUTS[k].folder, name, INPUTS[k].suffix, err);
    }
    if (status == SILBE_OK) {
        status = add_corrections(stage, index, config, item, err);
    }
    if (status == SILBE_OK) {
        status = add_output(stage, index, "path", item->name, "npy", err);
    }
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (config->output.formats & (1u << i)) {
            status = add_output(stage, index, "words", item->name, formats[i].extension, err);
        }
    }
    return status;
}

/* A mode that this program cannot run. */
static int refuse_mode(silbe_cli *cli)
{
    static const char *const NAMES[] = {"score", "lyrics", "joint", "all"};
    silbe_err err = SILBE_ERR_INIT;
    (void)silbe_fail(&err, SILBE_ERR_ARGUMENT,
                     "align.mode %s is not there yet; use align.mode=score",
                     NAMES[cli->config.align.mode]);
    return silbe_cli_fail(cli, &err);
}

/* Synchronises with scores: the mode of a dataset. */
static int run_score(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_score_sync_options options = silbe_score_options_from(&cli->config);
    align_context context = {.dataset = &dataset, .config = &cli->config, .options = &options};
    stage.name = "score";
    stage.keys = KEYS;
    stage.n_keys = sizeof KEYS / sizeof KEYS[0];
    stage.run = run_item;
    stage.context = &context;
    silbe_status status = silbe_config_check_dataset(&cli->config, &err);
    if (status == SILBE_OK) {
        status =
            silbe_config_digest(&cli->config, KEYS, stage.n_keys, context.settings_digest, &err);
    }
    if (status == SILBE_OK) {
        status = silbe_open_dataset(cli, &dataset, &err);
    }
    for (size_t i = 0; i < dataset.n_items && status == SILBE_OK; i++) {
        if (silbe_stage_selects(&cli->config, dataset.items[i].name)) {
            status = add_item(&stage, &cli->config, &dataset.items[i], i, &err);
        }
    }
    int exit_code = status == SILBE_OK ? silbe_stage_run(&stage, cli) : silbe_cli_fail(cli, &err);
    silbe_stage_free(&stage);
    silbe_dataset_free(&dataset);
    return exit_code;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    int exit_code = SILBE_EXIT_UNABLE;
    silbe_posteriors_arguments arguments = {0};
    const silbe_cli_extra extras[] = {
        {"--posteriors", "FILE|FOLDER", "output of a CTC model, see above", &arguments.posteriors},
        {"--vocab", "FILE", "its tokens: JSON {\"token\": number} or [\"token\"], or NAME.txt",
         &arguments.vocab},
        {"--text", "FILE", "the lyrics, UTF-8, a line for each verse", &arguments.text},
        {"--out", "FOLDER|PREFIX", "where word times go instead of WORK/posteriors/",
         &arguments.out},
        {"--hop-ms", "MS", "distance of two frames (posteriors.hop_ms)", &arguments.hop_ms},
        {"--anchors", "FILE", "known times, start;end;word;line (posteriors.anchor_tolerance_ms)",
         &arguments.anchors},
    };
    const silbe_cli_spec spec = {.program = "silbe-align",
                                 .summary = "features and labels to the time of every word",
                                 .details = DETAILS,
                                 .extras = extras,
                                 .n_extras = sizeof extras / sizeof extras[0],
                                 .dataset_optional = true};
    if (!silbe_cli_start(&cli, &spec, argc, argv, &exit_code)) {
        return exit_code;
    }
    bool has_arguments = arguments.posteriors != NULL || arguments.vocab != NULL ||
                         arguments.text != NULL || arguments.out != NULL ||
                         arguments.hop_ms != NULL || arguments.anchors != NULL;
    if (has_arguments) {
        exit_code = silbe_posteriors_command(&cli, &arguments);
    } else {
        exit_code = cli.config.align.mode == SILBE_MODE_SCORE ? run_score(&cli) : refuse_mode(&cli);
    }
    return silbe_cli_end(&cli, exit_code);
}
