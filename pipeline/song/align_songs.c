#include "pipeline/song/align_songs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <omp.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/align/mode.h"
#include "pipeline/align/text_language.h"
#include "pipeline/files/corrections.h"
#include "pipeline/output/text.h"
#include "pipeline/run/batch.h"
#include "pipeline/song/adapt_songs.h"
#include "pipeline/song/cache.h"
#include "pipeline/song/outputs.h"
#include "pipeline/song/page_files.h"
#include "pipeline/song/song_features.h"
#include "pipeline/song/stdin_text.h"
#include "pipeline/stages/make_labels.h"

/* Words of less confidence are unsure, as in a report; and so many songs at most are summed up one
 * by one. */
static const double SURE = 0.5;
enum { MAX_SUMMARIES = 20, N_STEPS = 3 };

/* What came out for a song. */
typedef struct {
    silbe_stage_id mode;
    bool is_done;
    size_t n_words;
    size_t n_matched;
    size_t n_unsure;
    char *places;   /* where the files are, in words; owned */
    char *language; /* of the text, in words; owned */
} outcome;

typedef struct {
    silbe_cli *cli;
    const silbe_songs *songs;
    const silbe_align_songs_options *options;
    silbe_song_ears ears;
    silbe_song_adaptation adaptation; /* empty without --adapt */
    silbe_config adapted_config;      /* with the adapted weights */
    silbe_song_ears adapted_ears;
    char *cache;      /* folder, or NULL */
    char *stdin_text; /* the text of the song whose text is "-" */
    size_t stdin_bytes;
    outcome *outcomes; /* one for each song */
} songs_run;

static silbe_stage_id mode_of(const silbe_config *config, const silbe_song *song)
{
    switch (config->align.mode) {
    case SILBE_MODE_SCORE:
        return SILBE_STAGE_SCORE;
    case SILBE_MODE_LYRICS:
        return SILBE_STAGE_LYRICS;
    case SILBE_MODE_JOINT:
        return SILBE_STAGE_JOINT;
    default:
        return song->score == NULL  ? SILBE_STAGE_LYRICS
               : song->text == NULL ? SILBE_STAGE_SCORE
                                    : SILBE_STAGE_JOINT;
    }
}

static bool goes_to_stdout(const songs_run *run)
{
    return run->options->folder != NULL && strcmp(run->options->folder, "-") == 0;
}

/* The text, and the score where there is one. */
static void read_labels(const songs_run *run, const silbe_song *song, silbe_labels *labels,
                        silbe_item_report *report, silbe_err *err)
{
    silbe_labels_source source = {.score_path = song->score, .lyrics_path = song->text};
    if (song->text != NULL && strcmp(song->text, "-") == 0) {
        source.lyrics_path = "standard input";
        source.text = run->stdin_text;
        source.n_bytes = run->stdin_bytes;
    }
    silbe_try(err, silbe_make_labels(&run->cli->config, &source, labels, report, err));
    if (run->options->page != NULL) {
        labels->work = silbe_copy_text(song->name, err);
        silbe_page_files_put_labels(run->options->page, song, labels, err);
    }
}

static void check_mode(silbe_stage_id mode, const silbe_song *song, silbe_err *err)
{
    if (silbe_chain_get(mode)->needs_score && song->score == NULL) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "%s: mode %s needs a score: name one behind it (%s.musicxml, .xml, .mxl), "
                         "or leave --mode to what is there",
                         song->audio, silbe_chain_get(mode)->name, song->name);
    }
}

/* The name becomes text in the files. */
static void check_name(const silbe_song *song, silbe_err *err)
{
    if (!silbe_failed(err) && !silbe_text_valid(song->name)) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: the file's name is not UTF-8; rename it",
                         song->audio);
    }
}

static void count_words(const silbe_words *words, outcome *out)
{
    out->n_words = words->lyrics.n_words;
    out->n_matched = silbe_words_n_matched(words);
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        out->n_unsure += words->is_matched[w] && words->times.words[w].confidence < SURE;
    }
}

/* "a/song.words.csv, .json, .lrc" */
static char *name_places(const silbe_song_outputs *outputs, silbe_err *err)
{
    char *text = outputs->n > 0 ? silbe_copy_text(outputs->paths[0], err) : NULL;
    for (size_t i = 1; i < outputs->n && !silbe_failed(err); i++) {
        char *longer = silbe_format(err, "%s, %s", text, strrchr(outputs->paths[i], '.'));
        free(text);
        text = longer;
    }
    return text;
}

static void write_words(const songs_run *run, const silbe_words *words,
                        const silbe_song_outputs *outputs, outcome *out, silbe_err *err)
{
    unsigned formats = run->cli->config.output.formats;
    if (goes_to_stdout(run)) {
        silbe_try(err, silbe_song_print(formats, words, err));
    } else {
        silbe_try(err, silbe_song_outputs_write(outputs, run->cache, formats, words, err));
        out->places = name_places(outputs, err);
    }
    if (!silbe_failed(err)) {
        count_words(words, out);
        out->is_done = true;
    }
}

/* What is being done to the only song, on a terminal; of several the batch tells how many are done.
 */
static void show_step(const songs_run *run, size_t step, const char *what)
{
    if (run->songs->n == 1) {
        silbe_log_progress_line(&run->cli->log, step, N_STEPS, what);
    }
}

/* From everything that is known of the song to word times. */
static void solve(const songs_run *run, const silbe_song *song, silbe_stage_id mode,
                  silbe_align_inputs *inputs, const silbe_song_outputs *outputs, outcome *out,
                  silbe_item_report *report, silbe_err *err)
{
    silbe_align_result result = SILBE_ALIGN_RESULT_INIT;
    silbe_config config = run->cli->config;
    const silbe_chain_stage *stage = silbe_chain_get(mode);
    silbe_align_context context = {.mode = mode, .config = &config};
    /* The digest is that of the stage's, so that the same words come out. */
    config.align.mode = (int)mode - SILBE_STAGE_MODES;
    silbe_try(err, silbe_config_digest(&config, stage->keys, silbe_chain_n_keys(stage),
                                       context.settings_digest, err));
    silbe_try(err, silbe_align_solve(&context, inputs, &result, report, err));
    if (!silbe_failed(err)) {
        write_words(run, &result.words, outputs, out, err);
    }
    if (run->options->page != NULL) {
        silbe_page_files_put_result(run->options->page, song, mode, &result, err);
    }
    silbe_align_result_free(&result);
}

/* By the weights that are best for the song. */
static silbe_song_ears *ears_for(songs_run *run, size_t index)
{
    const silbe_adapted_item *found = silbe_song_adaptation_of(&run->adaptation, index);
    return found != NULL && found->is_adapted ? &run->adapted_ears : &run->ears;
}

/* The file of words set by hand, SONG.words.csv in the folder dataset.corrections; NULL: none. */
static char *find_corrections(const songs_run *run, const silbe_song *song, silbe_err *err)
{
    char *path = NULL, no_version[] = "";
    const silbe_item item = {.work = song->name, .version = no_version, .name = song->name};
    silbe_try(err, silbe_corrections_path(&run->cli->config, &item, &path, err));
    return path;
}

static silbe_status align_song(void *context, size_t index, silbe_item_report *report,
                               silbe_err *err)
{
    songs_run *run = context;
    const silbe_song *song = &run->songs->items[index];
    outcome *out = &run->outcomes[index];
    silbe_align_inputs inputs = SILBE_ALIGN_INPUTS_INIT;
    silbe_song_outputs outputs = SILBE_SONG_OUTPUTS_INIT;
    silbe_stage_id mode = out->mode = mode_of(&run->cli->config, song);
    char *corrections = find_corrections(run, song, err);
    inputs.corrections = corrections;
    inputs.audio_path = song->audio;
    inputs.text_path = song->text == NULL             ? song->score
                       : strcmp(song->text, "-") == 0 ? "standard input"
                                                      : song->text;
    inputs.work = song->name;
    inputs.version = "";
    check_name(song, err);
    check_mode(mode, song, err);
    if (!goes_to_stdout(run)) {
        silbe_try(err, silbe_song_outputs_new(song, run->options->folder,
                                              run->cli->config.output.formats, &outputs, err));
        silbe_try(err,
                  silbe_song_outputs_may_write(&outputs, run->cache, run->options->overwrite, err));
    }
    read_labels(run, song, &inputs.labels, report, err);
    if (!silbe_failed(err)) {
        silbe_text_language language =
            silbe_text_language_get(&run->cli->config, &inputs.labels.lyrics);
        out->language = silbe_text_language_say(&language, err);
    }
    show_step(run, 1, "listening");
    silbe_try(err, silbe_song_hear(
                       ears_for(run, index), song->audio, silbe_chain_get(mode)->needs_score,
                       silbe_chain_needs(mode, SILBE_STAGE_POSTERIORS), &inputs, report, err));
    if (!silbe_failed(err)) {
        show_step(run, 2, "placing the words");
        solve(run, song, mode, &inputs, &outputs, out, report, err);
    }
    silbe_song_outputs_free(&outputs);
    silbe_align_inputs_free(&inputs);
    free(corrections);
    return err->status;
}

/* ---- adaptation ---- */

/* A song that hears phones and whose files may be written: nobody waits for one that fails. */
static bool is_to_be_adapted(const songs_run *run, const silbe_song *song)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_song_outputs outputs = SILBE_SONG_OUTPUTS_INIT;
    silbe_stage_id mode = mode_of(&run->cli->config, song);
    if (!goes_to_stdout(run)) {
        silbe_try(&err, silbe_song_outputs_new(song, run->options->folder,
                                               run->cli->config.output.formats, &outputs, &err));
        silbe_try(&err, silbe_song_outputs_may_write(&outputs, run->cache, run->options->overwrite,
                                                     &err));
    }
    silbe_song_outputs_free(&outputs);
    return !silbe_failed(&err) && silbe_chain_needs(mode, SILBE_STAGE_POSTERIORS);
}

static void check_adapt(const songs_run *run, silbe_err *err)
{
    bool hears = false;
    for (size_t i = 0; i < run->songs->n && !hears; i++) {
        hears = silbe_chain_needs(mode_of(&run->cli->config, &run->songs->items[i]),
                                  SILBE_STAGE_POSTERIORS);
    }
    if (run->options->adapt && !hears && !silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "--adapt is for modes that hear phones, and mode score hears none; name "
                         "the text too, or add --mode lyrics or joint");
    }
}

/* Returns an exit code. */
static int adapt(songs_run *run)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_cli *cli = run->cli;
    bool *is_wanted = silbe_alloc(run->songs->n, sizeof *is_wanted, "songs", &err);
    bool is_any = false;
    for (size_t i = 0; i < run->songs->n && is_wanted != NULL; i++) {
        is_wanted[i] = is_to_be_adapted(run, &run->songs->items[i]);
        is_any = is_any || is_wanted[i];
    }
    const silbe_adapt_songs_source source = {.songs = run->songs,
                                             .is_wanted = is_wanted,
                                             .cache = run->cache,
                                             .stdin_text = run->stdin_text,
                                             .stdin_bytes = run->stdin_bytes};
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err)
                    : is_any           ? silbe_adapt_songs(cli, &source, &run->adaptation)
                                       : SILBE_EXIT_OK;
    const char *weights = run->adaptation.result.weights;
    run->adapted_config = cli->config;
    (void)snprintf(run->adapted_config.acoustic.weights,
                   sizeof run->adapted_config.acoustic.weights, "%s",
                   weights != NULL ? weights : "");
    run->adapted_ears = run->ears;
    run->adapted_ears.config = &run->adapted_config;
    free(is_wanted);
    return exit_code;
}

/* ---- what is said at the end ---- */

static void tell_song(const songs_run *run, size_t index)
{
    const outcome *out = &run->outcomes[index];
    silbe_log *log = &run->cli->log;
    const silbe_adapted_item *found = silbe_song_adaptation_of(&run->adaptation, index);
    if (!out->is_done) {
        return;
    }
    silbe_log_info(log,
                   "%s: %zu words placed, %zu of them unsure, %zu not found; mode %s, language "
                   "%s%s%s",
                   run->songs->items[index].audio, out->n_matched, out->n_unsure,
                   out->n_words - out->n_matched, silbe_chain_get(out->mode)->name, out->language,
                   found == NULL       ? ""
                   : found->is_adapted ? ", adapted"
                                       : ", kept unadapted: ",
                   found == NULL ? "" : found->reason);
    if (out->places != NULL) {
        silbe_log_info(log, "    %s", out->places);
    }
}

static void tell_all(const songs_run *run, const silbe_batch_summary *summary)
{
    silbe_log *log = &run->cli->log;
    outcome sum = {0};
    for (size_t i = 0; i < run->songs->n; i++) {
        sum.n_words += run->outcomes[i].n_words;
        sum.n_matched += run->outcomes[i].n_matched;
        sum.n_unsure += run->outcomes[i].n_unsure;
        if (run->songs->n <= MAX_SUMMARIES) {
            tell_song(run, i);
        }
    }
    if (run->songs->n > 1) {
        silbe_log_info(log,
                       "%zu songs, %zu failed: %zu words placed, %zu of them unsure, %zu not found",
                       run->songs->n, summary->n_failed, sum.n_matched, sum.n_unsure,
                       sum.n_words - sum.n_matched);
    }
    if (summary->interrupted) {
        silbe_log_always(log, "stopped with %zu songs left; the same command goes on",
                         summary->n_dropped);
    }
}

/* ---- before and after ---- */

static void check(songs_run *run, silbe_err *err)
{
    const char *folder = run->options->folder;
    unsigned formats = run->cli->config.output.formats;
    if (goes_to_stdout(run) && (formats & (formats - 1)) != 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "-o - writes one format; name it with --format, csv for example");
    } else if (goes_to_stdout(run) && run->songs->n > 1) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "-o - is for one song; here are %zu",
                         run->songs->n);
    } else if (!goes_to_stdout(run)) {
        silbe_try(err, silbe_song_outputs_check(run->songs, folder, err));
        if (folder != NULL) {
            silbe_try(err, silbe_make_folders(folder, err));
        }
    }
    if (!silbe_failed(err) && run->cli->config.align.mode == SILBE_MODE_ALL) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "mode all compares modes on a dataset; songs take score, lyrics, joint or "
                         "auto");
    }
    check_adapt(run, err);
}

static void begin(songs_run *run, silbe_err *err)
{
    check(run, err);
    run->cache = silbe_cache_folder(err);
    run->outcomes = silbe_alloc(run->songs->n, sizeof *run->outcomes, "songs", err);
    run->ears = (silbe_song_ears){
        .config = &run->cli->config, .cache = run->cache, .program = run->cli->run.program_sha256};
    for (size_t i = 0; i < run->songs->n && !silbe_failed(err); i++) {
        const char *text = run->songs->items[i].text;
        if (text != NULL && strcmp(text, "-") == 0) {
            silbe_try(err, silbe_stdin_text_read(&run->stdin_text, &run->stdin_bytes, err));
        }
    }
}

static void end(songs_run *run)
{
    for (size_t i = 0; run->outcomes != NULL && i < run->songs->n; i++) {
        free(run->outcomes[i].places);
        free(run->outcomes[i].language);
    }
    silbe_cache_trim(run->cache, SILBE_CACHE_MAX_BYTES);
    silbe_song_ears_free(&run->ears);
    silbe_song_ears_free(&run->adapted_ears);
    silbe_song_adaptation_free(&run->adaptation);
    free(run->outcomes);
    free(run->stdin_text);
    free(run->cache);
}

/* Returns an exit code. */
static int align_all(songs_run *run, silbe_err *err)
{
    silbe_batch_summary summary = {0};
    int asked = run->cli->config.run.threads;
    size_t n = run->songs->n;
    const char **names = silbe_alloc(n, sizeof *names, "songs", err);
    for (size_t i = 0; i < n && names != NULL; i++) {
        names[i] = run->songs->items[i].audio;
    }
    silbe_try(err, silbe_batch_run(names, n, asked > 0 ? asked : omp_get_num_procs(), align_song,
                                   run, &run->cli->log, &summary, err));
    free(names);
    if (silbe_failed(err)) {
        return silbe_cli_fail(run->cli, err);
    }
    tell_all(run, &summary);
    return summary.interrupted    ? SILBE_EXIT_INTERRUPTED
           : summary.n_failed > 0 ? SILBE_EXIT_FAILED
                                  : SILBE_EXIT_OK;
}

int silbe_align_songs(silbe_cli *cli, const silbe_songs *songs,
                      const silbe_align_songs_options *options)
{
    silbe_err err = SILBE_ERR_INIT;
    songs_run run = {.cli = cli, .songs = songs, .options = options};
    openblas_set_num_threads(1); /* songs are what runs in parallel */
    begin(&run, &err);
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err)
                    : options->adapt   ? adapt(&run)
                                       : SILBE_EXIT_OK;
    if (exit_code == SILBE_EXIT_OK) {
        exit_code = align_all(&run, &err);
    }
    end(&run);
    return exit_code;
}
