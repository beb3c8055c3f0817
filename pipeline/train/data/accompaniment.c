#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/accompaniment.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/demo/piano.h"
#include "datasets/demo/voice.h"
#include "features/base/array.h"
#include "features/base/npy.h"
#include "pipeline/digest.h"

enum { PATH_SIZE = 4096, FORMAT_VERSION = 1, MAX_SCORES = 4096 };

silbe_accompaniment_options silbe_accompaniment_options_default(void)
{
    return (silbe_accompaniment_options){.left_out = "D911-18 D911-22",
                                         .n_made_up = 24,
                                         .max_piece_s = 120.0,
                                         .seed = 1,
                                         .logmel = silbe_logmel_options_default()};
}

void silbe_accompaniment_free(silbe_accompaniment_bank *bank)
{
    for (size_t i = 0; i < bank->n_pieces; i++) {
        silbe_matrix_free(&bank->pieces[i].logmel);
    }
    free(bank->pieces);
    *bank = (silbe_accompaniment_bank)SILBE_ACCOMPANIMENT_BANK_INIT;
}

static bool is_left_out(const char *name, const char *left_out)
{
    for (const char *at = left_out; *(at += strspn(at, " ")) != '\0';) {
        size_t n = strcspn(at, " ");
        for (const char *c = name; *c != '\0'; c++) {
            if (strncmp(c, at, n) == 0) {
                return true;
            }
        }
        at += n;
    }
    return false;
}

static bool is_score(const char *name)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot != NULL &&
           (strcmp(dot, ".xml") == 0 || strcmp(dot, ".musicxml") == 0 || strcmp(dot, ".mxl") == 0);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const silbe_piece *)a)->name, ((const silbe_piece *)b)->name);
}

/* Names of the scores, sorted, then those of made-up pieces, "#0" and so on. */
static silbe_status list(const silbe_accompaniment_options *o, silbe_accompaniment_bank *bank,
                         size_t *n_scores, silbe_err *err)
{
    bank->pieces = calloc(MAX_SCORES + o->n_made_up, sizeof *bank->pieces);
    if (bank->pieces == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu pieces", o->n_made_up);
    }
    *n_scores = 0;
    DIR *folder = o->scores == NULL ? NULL : opendir(o->scores);
    if (o->scores != NULL && folder == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: the folder of scores cannot be opened",
                          o->scores);
    }
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        size_t n = strlen(entry->d_name);
        if (is_score(entry->d_name) && !is_left_out(entry->d_name, o->left_out) &&
            *n_scores < MAX_SCORES && n < sizeof bank->pieces[0].name) {
            memcpy(bank->pieces[(*n_scores)++].name, entry->d_name, n + 1);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
        if (*n_scores == 0) {
            return silbe_fail(err, SILBE_ERR_DATA, "%s: no scores in the folder", o->scores);
        }
    }
    qsort(bank->pieces, *n_scores, sizeof *bank->pieces, compare_names);
    bank->n_pieces = *n_scores + o->n_made_up;
    for (size_t i = *n_scores; i < bank->n_pieces; i++) {
        (void)snprintf(bank->pieces[i].name, sizeof bank->pieces[i].name, "#%zu", i - *n_scores);
    }
    return bank->n_pieces > 0
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_DATA, "there are no piano pieces to make");
}

/* Plays the notes by the demo dataset's piano. */
static silbe_status render(const silbe_accompaniment_options *o, const silbe_stft_plan *plan,
                           const silbe_piano_notes *piece, silbe_matrix *logmel, silbe_err *err)
{
    size_t n_samples = (size_t)(piece->duration_s * SILBE_DEMO_RATE_HZ) + 1;
    float *samples = calloc(n_samples, sizeof *samples);
    silbe_demo_note *notes = calloc(piece->n_notes + 1, sizeof *notes);
    silbe_status status;
    if (samples == NULL || notes == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu samples", n_samples);
    } else {
        for (size_t i = 0; i < piece->n_notes; i++) {
            const silbe_piano_note *n = &piece->notes[i];
            notes[i] = (silbe_demo_note){.start_s = n->start_s,
                                         .end_s = n->end_s,
                                         .pitch = n->pitch,
                                         .velocity = n->velocity};
        }
        const silbe_demo_source source = {.work = "accompaniment"};
        const silbe_demo_song song = {.source = &source};
        const silbe_demo_version version = {.name = "piano", .tuning_hz = piece->tuning_hz};
        const silbe_demo_performance performance = {
            .song = &song, .version = &version, .notes = notes, .n_notes = piece->n_notes};
        silbe_demo_play_piano(&performance, samples, n_samples);
        status = silbe_logmel_run(&o->logmel, plan, samples, n_samples, logmel, err);
    }
    free(samples);
    free(notes);
    return status;
}

static silbe_status compute(const silbe_accompaniment_options *o, const silbe_stft_plan *plan,
                            const char *path, size_t number, silbe_matrix *logmel, silbe_err *err)
{
    silbe_piano_notes notes = {0};
    silbe_status status =
        path != NULL ? silbe_piano_notes_of_score(path, o->seed, o->max_piece_s, &notes, err)
                     : silbe_piano_notes_make_up(number, o->seed, o->max_piece_s, &notes, err);
    if (status == SILBE_OK && notes.n_notes == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: no notes but the voice's",
                            path == NULL ? "made-up piece" : path);
    }
    if (status == SILBE_OK) {
        status = render(o, plan, &notes, logmel, err);
    }
    silbe_piano_notes_free(&notes);
    return status;
}

/* From the cache, or computed into it. path NULL: made up. */
static silbe_status get(const silbe_accompaniment_options *o, const silbe_logmel_cache *cache,
                        const silbe_stft_plan *plan, const char *path, size_t number,
                        silbe_piece *piece, silbe_err *err)
{
    char text[512], cached[PATH_SIZE], hex[SILBE_DIGEST_HEX_SIZE] = "";
    silbe_status status = path != NULL ? silbe_digest_file(path, hex, err) : SILBE_OK;
    if (status != SILBE_OK || cache == NULL) {
        return status != SILBE_OK ? status : compute(o, plan, path, number, &piece->logmel, err);
    }
    (void)snprintf(text, sizeof text, "piano %d %s %s %.17g %llu", FORMAT_VERSION, piece->name, hex,
                   o->max_piece_s, (unsigned long long)o->seed);
    status = silbe_logmel_cache_path(cache, text, cached, sizeof cached, err);
    if (status != SILBE_OK ||
        silbe_npy_read_matrix(cached, o->logmel.n_bands, &piece->logmel, NULL) == SILBE_OK) {
        return status;
    }
    status = compute(o, plan, path, number, &piece->logmel, err);
    if (status == SILBE_OK) {
        status = silbe_npy_write_matrix(cached, &piece->logmel, err);
    }
    return status;
}

static silbe_status make_all(const silbe_accompaniment_options *o, const silbe_logmel_cache *cache,
                             const silbe_stft_plan *plan, size_t n_scores,
                             silbe_accompaniment_bank *bank, silbe_err *err)
{
    silbe_err *errs = calloc(bank->n_pieces, sizeof *errs);
    if (errs == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu pieces", bank->n_pieces);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < bank->n_pieces; i++) {
        char path[PATH_SIZE];
        silbe_piece *piece = &bank->pieces[i];
        if (i < n_scores &&
            (size_t)snprintf(path, sizeof path, "%s/%s", o->scores, piece->name) >= sizeof path) {
            errs[i].status = silbe_fail(&errs[i], SILBE_ERR_ARGUMENT, "a path is too long");
            continue;
        }
        errs[i].status =
            get(o, cache, plan, i < n_scores ? path : NULL, i - n_scores, piece, &errs[i]);
    }
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < bank->n_pieces && status == SILBE_OK; i++) {
        status = errs[i].status == SILBE_OK
                     ? SILBE_OK
                     : silbe_fail(err, errs[i].status, "%s", errs[i].message);
    }
    free(errs);
    return status;
}

silbe_status silbe_accompaniment_make(const silbe_accompaniment_options *options,
                                      const silbe_logmel_cache *cache,
                                      silbe_accompaniment_bank *bank, silbe_err *err)
{
    silbe_stft_plan *plan = NULL;
    size_t n_scores = 0;
    if (!(options->max_piece_s >= 1.0 && options->max_piece_s <= 3600.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "max_piece_s must be 1 to 3600, got %g",
                          options->max_piece_s);
    }
    silbe_status status = list(options, bank, &n_scores, err);
    if (status == SILBE_OK) {
        status = silbe_logmel_plan_new(&options->logmel, SILBE_DEMO_RATE_HZ, &plan, err);
    }
    if (status == SILBE_OK) {
        status = make_all(options, cache, plan, n_scores, bank, err);
    }
    silbe_stft_plan_free(plan);
    if (status != SILBE_OK) {
        silbe_accompaniment_free(bank);
    }
    return status;
}
