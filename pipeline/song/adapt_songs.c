#define _XOPEN_SOURCE 700
#include "pipeline/song/adapt_songs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/adapt/adapt_record.h"
#include "pipeline/adapt/adapt_stage.h"
#include "pipeline/files/corrections.h"
#include "pipeline/host/lock.h"
#include "pipeline/host/stop.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/output/text.h"
#include "pipeline/run/chain.h"
#include "pipeline/settings/config_paths.h"
#include "pipeline/song/cache.h"
#include "pipeline/stages/stages.h"
#include "pipeline/train/run/training.h"

static const char KIND[] = "adapted", DATASET[] = "songs", STDIN_FILE[] = "standard_input.txt";
static const struct timespec PAUSE = {.tv_nsec = 200000000};

typedef struct {
    const silbe_adapt_songs_source *source;
    silbe_song_adaptation *made;
    silbe_cli cli;         /* that of the caller, but for settings and log */
    silbe_log *log;        /* the caller's */
    silbe_dataset dataset; /* the wanted songs */
    char *entry;           /* in the cache; NULL: none */
    char *folder;          /* where it is worked */
    silbe_lock lock;       /* of that folder */
} songs_adaptation;

void silbe_song_adaptation_free(silbe_song_adaptation *adaptation)
{
    for (size_t i = 0; adaptation->names != NULL && i < adaptation->n_songs; i++) {
        free(adaptation->names[i]);
    }
    free(adaptation->names);
    silbe_adapted_free(&adaptation->result);
    if (adaptation->temporary != NULL) {
        silbe_status removed = silbe_remove_tree(adaptation->temporary, NULL);
        (void)removed; /* it lies where the system clears up */
    }
    free(adaptation->temporary);
    *adaptation = (silbe_song_adaptation)SILBE_SONG_ADAPTATION_INIT;
}

const silbe_adapted_item *silbe_song_adaptation_of(const silbe_song_adaptation *adaptation,
                                                   size_t song)
{
    const char *name = adaptation->names != NULL ? adaptation->names[song] : NULL;
    return name != NULL ? silbe_adapted_find(&adaptation->result, name) : NULL;
}

/* ---- the songs as a dataset ---- */

static bool is_stdin(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static bool same_path(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The song's name, with its number before where an item may not be called so or another one is. */
static char *name_item(const songs_adaptation *a, size_t song, silbe_err *err)
{
    const char *name = a->source->songs->items[song].name;
    bool is_good = name[0] != '\0' && name[0] != '.';
    for (size_t i = 0; i < a->source->songs->n && is_good; i++) {
        is_good = i == song || strcmp(a->source->songs->items[i].name, name) != 0;
    }
    return is_good ? silbe_copy_text(name, err) : silbe_format(err, "%zu_%s", song + 1, name);
}

/* The first song of the same text and score: recordings of one text are versions of one work. */
static size_t first_of_text(const silbe_songs *songs, size_t song)
{
    size_t first = 0;
    while (!same_path(songs->items[first].text, songs->items[song].text) ||
           !same_path(songs->items[first].score, songs->items[song].score)) {
        first++;
    }
    return first;
}

static void add_item(songs_adaptation *a, size_t song, silbe_err *err)
{
    const silbe_song *from = &a->source->songs->items[song];
    a->made->names[song] = name_item(a, song, err);
    silbe_item *item = silbe_failed(err) ? NULL : silbe_dataset_add(&a->dataset, err);
    if (item == NULL) {
        return;
    }
    item->name = silbe_copy_text(a->made->names[song], err);
    item->work = silbe_format(err, "%zu", first_of_text(a->source->songs, song) + 1);
    item->version = silbe_copy_text("", err);
    item->audio_path = silbe_copy_text(from->audio, err);
    item->score_path = from->score != NULL ? silbe_copy_text(from->score, err) : NULL;
    if (is_stdin(from->text)) {
        item->lyrics_path = silbe_join_path(a->folder, STDIN_FILE, err);
    } else if (from->text != NULL) {
        item->lyrics_path = silbe_copy_text(from->text, err);
    }
}

static void add_items(songs_adaptation *a, silbe_err *err)
{
    for (size_t i = 0; i < a->source->songs->n && !silbe_failed(err); i++) {
        if (a->source->is_wanted[i] && silbe_text_valid(a->source->songs->items[i].name)) {
            add_item(a, i, err);
        }
    }
}

/* ---- what it depends on, as a key ---- */

/* A file that cannot be read fails its song later. */
static void add_digest(const char *path, FILE *text)
{
    char hex[SILBE_DIGEST_HEX_SIZE] = "none";
    if (path != NULL && silbe_digest_file(path, hex, NULL) != SILBE_OK) {
        (void)snprintf(hex, sizeof hex, "unreadable");
    }
    (void)fprintf(text, " %s", hex);
}

static void add_song(const songs_adaptation *a, size_t song, FILE *text, silbe_err *err)
{
    const silbe_song *from = &a->source->songs->items[song];
    char *corrections = NULL, empty[] = "";
    const silbe_item item = {.work = from->name, .version = empty, .name = from->name};
    silbe_try(err, silbe_corrections_path(&a->cli.config, &item, &corrections, err));
    (void)fprintf(text, "\n%s", from->name);
    add_digest(from->audio, text);
    add_digest(from->score, text);
    add_digest(corrections, text);
    (void)fprintf(text, " as %zu", first_of_text(a->source->songs, song));
    if (is_stdin(from->text)) {
        char hex[SILBE_DIGEST_HEX_SIZE];
        silbe_digest_bytes(a->source->stdin_text, a->source->stdin_bytes, hex);
        (void)fprintf(text, " %s", hex);
    } else {
        add_digest(from->text, text);
    }
    free(corrections);
}

static void find_key(const songs_adaptation *a, char key[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    static const char *const KEYS[] = {"features.", "labels.", "acoustic.",          "lyrics.",
                                       "train.",    "adapt.",  "dataset.corrections"};
    const silbe_config *config = &a->cli.config;
    char settings[SILBE_DIGEST_HEX_SIZE], path[SILBE_CONFIG_PATH_SIZE];
    char *bytes = NULL;
    size_t n_bytes = 0;
    FILE *text = silbe_failed(err) ? NULL : open_memstream(&bytes, &n_bytes);
    if (silbe_need(text, "songs", err) == NULL) {
        return;
    }
    silbe_try(err, silbe_config_digest(config, KEYS, sizeof KEYS / sizeof KEYS[0], settings, err));
    (void)fprintf(text, "%s %s", a->cli.run.program_sha256, settings);
    for (const char *at = config->acoustic.weights; silbe_config_next_path(&at, path);) {
        add_digest(path, text);
    }
    add_digest(config->train.initial[0] != '\0' ? config->train.initial : NULL, text);
    add_digest(config->acoustic.pronunciations[0] != '\0' ? config->acoustic.pronunciations : NULL,
               text);
    for (size_t i = 0; i < a->source->songs->n && !silbe_failed(err); i++) {
        if (a->source->is_wanted[i]) {
            add_song(a, i, text, err);
        }
    }
    if (fclose(text) != 0) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for the names of songs");
    }
    silbe_digest_bytes(bytes != NULL ? bytes : "", n_bytes, key);
    free(bytes);
}

/* ---- where it is worked ---- */

/* In the cache, where the same command finds what was done; where there is none, elsewhere. */
static void find_folder(songs_adaptation *a, silbe_err *err)
{
    char key[SILBE_DIGEST_HEX_SIZE] = "";
    silbe_err unwritable = SILBE_ERR_INIT;
    find_key(a, key, err);
    a->entry = silbe_cache_path(a->source->cache, KIND, key, err);
    if (a->entry != NULL) {
        a->folder = silbe_format(err, "%s" SILBE_CACHE_UNFINISHED "work", a->entry);
        if (a->folder != NULL && silbe_make_folders(a->folder, &unwritable) == SILBE_OK) {
            return;
        }
        silbe_log_detail(a->log, "not kept in the cache: %s", unwritable.message);
    }
    const char *top = getenv("TMPDIR");
    free(a->folder);
    free(a->entry);
    a->entry = NULL;
    a->folder = silbe_format(err, "%s/silbe.XXXXXX", top != NULL && top[0] == '/' ? top : "/tmp");
    if (a->folder != NULL && mkdtemp(a->folder) == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", a->folder, strerror(errno));
        return;
    }
    a->made->temporary = silbe_copy_text(a->folder, err);
}

/* False once a signal came. */
static bool wait_for_lock(songs_adaptation *a, silbe_err *err)
{
    bool is_told = false;
    while (!silbe_failed(err) && !silbe_stop_requested()) {
        silbe_try(err, silbe_lock_take(&a->lock, a->folder, a->cli.run.program, err));
        if (err->status != SILBE_ERR_BUSY) {
            return true;
        }
        if (!is_told) {
            silbe_log_info(a->log, "another run adapts to the same songs: waiting for it");
            is_told = true;
        }
        *err = (silbe_err)SILBE_ERR_INIT;
        (void)nanosleep(&PAUSE, NULL);
        /* It is removed by the run that is done. */
        silbe_try(err, silbe_make_folders(a->folder, err));
    }
    return !silbe_stop_requested();
}

static void write_stdin(const songs_adaptation *a, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *path = silbe_join_path(a->folder, STDIN_FILE, err);
    if (a->source->stdin_text != NULL && !silbe_failed(err)) {
        silbe_try(err, silbe_atomic_open(&file, path, err));
        if (!silbe_failed(err)) {
            (void)fwrite(a->source->stdin_text, 1, a->source->stdin_bytes, file.stream);
            silbe_try(err, silbe_atomic_commit(&file, err));
        }
        silbe_atomic_abort(&file);
    }
    free(path);
}

/* ---- the work ---- */

/* A stage whose lines are shown only if it could do nothing at all: a song that fails in it fails
 * again where its words are placed, and is told about there. */
static int run_silently(songs_adaptation *a, silbe_stage_run_fn *stage)
{
    char *text = NULL;
    size_t n_bytes = 0;
    FILE *stream = open_memstream(&text, &n_bytes);
    if (stream == NULL) {
        return SILBE_EXIT_UNABLE;
    }
    a->cli.log = *a->log;
    a->cli.log.stream = stream;
    a->cli.log.is_terminal = false;
    int exit_code = stage(&a->cli, &a->dataset);
    (void)fclose(stream);
    if (text != NULL && (exit_code > SILBE_EXIT_FAILED || a->log->level == SILBE_LOG_VERBOSE)) {
        (void)fputs(text, a->log->stream);
    }
    free(text);
    return exit_code;
}

static int run_stages(songs_adaptation *a)
{
    silbe_log_info(a->log, "adapting to %zu song%s", a->dataset.n_items,
                   a->dataset.n_items == 1 ? "" : "s");
    int exit_code = run_silently(a, silbe_features_stage_run);
    if (exit_code <= SILBE_EXIT_FAILED) {
        exit_code = run_silently(a, silbe_labels_stage_run);
    }
    if (exit_code <= SILBE_EXIT_FAILED) {
        a->cli.log = *a->log;
        exit_code = silbe_adapt_stage_run(&a->cli, &a->dataset);
    }
    return exit_code;
}

/* The files that stay, from one folder to another. */
static void move_files(const char *from, const char *to, silbe_err *err)
{
    static const char *const NAMES[] = {SILBE_ADAPTED_WEIGHTS, SILBE_ADAPTED_JSON};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0] && !silbe_failed(err); i++) {
        char *source = silbe_join_path(from, NAMES[i], err);
        char *target = silbe_join_path(to, NAMES[i], err);
        if (!silbe_failed(err) && rename(source, target) != 0 && errno != ENOENT) {
            (void)silbe_fail(err, SILBE_ERR_IO, "%s: renaming failed: %s", target, strerror(errno));
        }
        free(source);
        free(target);
    }
}

/* From the folder of the work to the cache; without cache it stays there. */
static void keep(songs_adaptation *a, silbe_err *err)
{
    char *made = silbe_chain_folder(&a->cli.config, "adapt", err);
    if (a->entry != NULL) {
        char *temporary = silbe_cache_begin(a->entry, err);
        move_files(made, temporary, err);
        silbe_cache_end(a->entry, temporary, err);
        free(temporary);
        silbe_try(err, silbe_remove_tree(a->folder, err));
    }
    char *path = silbe_join_path(a->entry != NULL ? a->entry : made, SILBE_ADAPTED_JSON, err);
    silbe_try(err, silbe_adapted_read(path, &a->made->result, err));
    free(path);
    free(made);
}

/* Whether the cache has it. */
static bool read_entry(songs_adaptation *a, silbe_err *err)
{
    if (!silbe_cache_has(a->entry)) {
        return false;
    }
    char *path = silbe_join_path(a->entry, SILBE_ADAPTED_JSON, err);
    silbe_try(err, silbe_adapted_read(path, &a->made->result, err));
    free(path);
    return !silbe_failed(err);
}

static void set_config(songs_adaptation *a, silbe_err *err)
{
    silbe_config *config = &a->cli.config;
    int n = snprintf(config->work.folder, sizeof config->work.folder, "%s", a->folder);
    if (n < 0 || (size_t)n >= sizeof config->work.folder) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%.100s...: the path is too long", a->folder);
    }
    (void)snprintf(config->dataset.name, sizeof config->dataset.name, "%s", DATASET);
    (void)snprintf(config->run.items, sizeof config->run.items, "*");
    config->features.logmel = true;
    config->run.force = false;
}

static int adapt(songs_adaptation *a, silbe_err *err)
{
    int exit_code = SILBE_EXIT_OK;
    find_folder(a, err);
    if (silbe_failed(err) || !wait_for_lock(a, err)) {
        return SILBE_EXIT_INTERRUPTED;
    }
    add_items(a, err);
    if (!silbe_failed(err) && !read_entry(a, err)) {
        set_config(a, err);
        write_stdin(a, err);
        exit_code = silbe_failed(err) ? SILBE_EXIT_UNABLE : run_stages(a);
        if (exit_code <= SILBE_EXIT_FAILED) {
            keep(a, err);
        }
    } else if (a->entry != NULL) {
        silbe_status removed = silbe_remove_tree(a->folder, NULL);
        (void)removed; /* an empty folder, which goes a day later */
    }
    return exit_code;
}

int silbe_adapt_songs(silbe_cli *cli, const silbe_adapt_songs_source *source,
                      silbe_song_adaptation *adaptation)
{
    silbe_err err = SILBE_ERR_INIT;
    songs_adaptation a = {.source = source,
                          .made = adaptation,
                          .cli = *cli,
                          .log = &cli->log,
                          .lock = SILBE_LOCK_INIT};
    adaptation->names = silbe_alloc(source->songs->n, sizeof *adaptation->names, "songs", &err);
    adaptation->n_songs = source->songs->n;
    int exit_code = adapt(&a, &err);
    exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : exit_code;
    if (exit_code == SILBE_EXIT_INTERRUPTED) {
        silbe_log_always(&cli->log, "stopped; the same command goes on");
    }
    silbe_lock_release(&a.lock);
    silbe_dataset_free(&a.dataset);
    free(a.entry);
    free(a.folder);
    return exit_code <= SILBE_EXIT_FAILED ? SILBE_EXIT_OK : exit_code;
}
