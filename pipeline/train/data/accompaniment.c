#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/accompaniment.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "features/base/npy.h"
#include "pipeline/host/digest.h"
#include "pipeline/train/data/accompaniment_render.h"
#include "pipeline/train/data/fluidsynth.h"

enum { PATH_SIZE = 4096, FORMAT_VERSION = 2, MAX_SCORES = 4096, MAX_VARIANTS = 1000 };
enum { NAME_SIZE = sizeof((silbe_piece *)0)->name };

/* What pieces are made from. */
typedef struct {
    const silbe_accompaniment_options *options;
    const silbe_logmel_cache *cache;
    silbe_stft_plan *plan;
    char (*names)[NAME_SIZE]; /* file names of the scores, sorted, then "#0" and so on */
    size_t n_scores;
    size_t n_names;
    silbe_sound_fonts fonts;
    char version[SILBE_FLUIDSYNTH_VERSION_SIZE];
    char folder[PATH_SIZE]; /* of temporary files; "": not needed */
    bool is_own_folder;     /* made here, and to be removed */
} maker;

silbe_accompaniment_options silbe_accompaniment_options_default(void)
{
    return (silbe_accompaniment_options){.left_out = "D911-18 D911-22",
                                         .n_made_up = 24,
                                         .n_variants = 1,
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
    return strcmp(a, b);
}

static silbe_status list_scores(maker *m, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    DIR *folder = opendir(o->scores);
    if (folder == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: the folder of scores cannot be opened",
                          o->scores);
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        size_t n = strlen(entry->d_name);
        if (is_score(entry->d_name) && !is_left_out(entry->d_name, o->left_out) &&
            m->n_scores < MAX_SCORES && n < NAME_SIZE - 16) {
            memcpy(m->names[m->n_scores++], entry->d_name, n + 1);
        }
    }
    (void)closedir(folder);
    qsort(m->names, m->n_scores, sizeof m->names[0], compare_names);
    return m->n_scores > 0
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_DATA, "%s: no scores in the folder", o->scores);
}

/* The names, and pieces without log-mel for their variants. */
static silbe_status list(maker *m, silbe_accompaniment_bank *bank, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    m->names = calloc(MAX_SCORES + o->n_made_up, sizeof m->names[0]);
    if (m->names == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu pieces", o->n_made_up);
    }
    silbe_status status = o->scores == NULL ? SILBE_OK : list_scores(m, err);
    if (status != SILBE_OK) {
        return status;
    }
    m->n_names = m->n_scores + o->n_made_up;
    for (size_t i = m->n_scores; i < m->n_names; i++) {
        (void)snprintf(m->names[i], NAME_SIZE, "#%zu", i - m->n_scores);
    }
    if (m->n_names == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "there are no pieces of accompaniment to make");
    }
    bank->pieces = calloc(m->n_names * o->n_variants, sizeof *bank->pieces);
    if (bank->pieces == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu pieces", m->n_names);
    }
    bank->n_pieces = m->n_names * o->n_variants;
    for (size_t i = 0; i < bank->n_pieces; i++) {
        size_t number = i % o->n_variants, n = strlen(m->names[i / o->n_variants]);
        memcpy(bank->pieces[i].name, m->names[i / o->n_variants], n + 1);
        if (number > 0) {
            (void)snprintf(bank->pieces[i].name + n, NAME_SIZE - n, " (%zu)", number + 1);
        }
    }
    return SILBE_OK;
}

static silbe_status make_folder(maker *m, silbe_err *err)
{
    const char *folder = m->options->folder;
    if (folder == NULL) {
        const char *temporary = getenv("TMPDIR");
        int n = snprintf(m->folder, sizeof m->folder, "%s/silbe-XXXXXX",
                         temporary == NULL || *temporary == '\0' ? "/tmp" : temporary);
        m->is_own_folder = n >= 0 && (size_t)n < sizeof m->folder && mkdtemp(m->folder) != NULL;
        return m->is_own_folder
                   ? SILBE_OK
                   : silbe_fail(err, SILBE_ERR_IO, "%s: a temporary folder cannot be made: %s",
                                m->folder, strerror(errno));
    }
    int n = snprintf(m->folder, sizeof m->folder, "%s/accompaniment", folder);
    return n >= 0 && (size_t)n < sizeof m->folder
               ? silbe_make_folders(m->folder, err)
               : silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
}

static silbe_status open_fonts(maker *m, silbe_err *err)
{
    char log[PATH_SIZE + 64];
    silbe_status status = silbe_sound_fonts_open(m->options->fonts, &m->fonts, err);
    if (status != SILBE_OK || m->fonts.n_fonts == 0) {
        return status;
    }
    status = make_folder(m, err);
    if (status == SILBE_OK) {
        (void)snprintf(log, sizeof log, "%s/version.log.tmp.%ld", m->folder, (long)getpid());
        status = silbe_fluidsynth_version(log, m->version, err);
    }
    return status;
}

static silbe_status compute(const maker *m, size_t i, const silbe_variant *variant,
                            const char *path, silbe_matrix *logmel, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    char base[PATH_SIZE + 64];
    silbe_piano_notes notes = {0};
    float *samples = NULL;
    size_t n_samples = 0;
    silbe_status status =
        path != NULL
            ? silbe_piano_notes_of_score(path, variant->note_seed, o->max_piece_s, &notes, err)
            : silbe_piano_notes_make_up(i / o->n_variants - m->n_scores, variant->note_seed,
                                        o->max_piece_s, &notes, err);
    if (status == SILBE_OK && notes.n_notes == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: no notes but the voice's",
                            path == NULL ? "made-up piece" : path);
    }
    if (status == SILBE_OK && m->fonts.n_fonts == 0) {
        status = silbe_render_own_piano(&notes, &samples, &n_samples, err);
    } else if (status == SILBE_OK) {
        (void)snprintf(base, sizeof base, "%s/%zu", m->folder, i);
        status = silbe_render_by_font(&notes, variant, m->fonts.fonts[variant->font].path, base,
                                      &samples, &n_samples, err);
    }
    if (status == SILBE_OK) {
        status = silbe_logmel_run(&o->logmel, m->plan, samples, n_samples, logmel, err);
    }
    free(samples);
    silbe_piano_notes_free(&notes);
    return status;
}

/* Piece i, from the cache, or computed into it. */
static silbe_status get(const maker *m, size_t i, silbe_matrix *logmel, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    const char *name = m->names[i / o->n_variants];
    char text[1024], cached[PATH_SIZE], score[PATH_SIZE], hex[SILBE_DIGEST_HEX_SIZE] = "";
    const char *path = NULL;
    const size_t n_fonts = m->fonts.n_fonts > 0 ? m->fonts.n_fonts : 1;
    const silbe_variant variant = silbe_variant_draw(name, i % o->n_variants, o->seed, n_fonts);
    silbe_status status = SILBE_OK;
    if (i / o->n_variants < m->n_scores) {
        path = score;
        int n = snprintf(score, sizeof score, "%s/%s", o->scores, name);
        status = n >= 0 && (size_t)n < sizeof score
                     ? silbe_digest_file(score, hex, err)
                     : silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: too long a path", o->scores);
    }
    if (status != SILBE_OK || m->cache == NULL) {
        return status != SILBE_OK ? status : compute(m, i, &variant, path, logmel, err);
    }
    bool has_font = m->fonts.n_fonts > 0;
    (void)snprintf(text, sizeof text, "accompaniment %d %s %s %.17g %llu %zu\n%s\n%s",
                   FORMAT_VERSION, name, hex, o->max_piece_s, (unsigned long long)o->seed,
                   i % o->n_variants, has_font ? m->fonts.fonts[variant.font].digest : "own piano",
                   m->version);
    status = silbe_logmel_cache_path(m->cache, text, cached, sizeof cached, err);
    if (status != SILBE_OK ||
        silbe_npy_read_matrix(cached, o->logmel.n_bands, logmel, NULL) == SILBE_OK) {
        return status;
    }
    status = compute(m, i, &variant, path, logmel, err);
    if (status == SILBE_OK) {
        status = silbe_npy_write_matrix(cached, logmel, err);
    }
    return status;
}

static silbe_status make_all(const maker *m, silbe_accompaniment_bank *bank, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    silbe_err *errs = calloc(bank->n_pieces, sizeof *errs);
    atomic_bool has_failed = false;
    if (errs == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu pieces", bank->n_pieces);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < bank->n_pieces; i++) {
        if (!has_failed) {
            errs[i].status = o->should_stop != NULL && o->should_stop(o->stop_context)
                                 ? silbe_fail(&errs[i], SILBE_ERR_IO, "stopped before it was made")
                                 : get(m, i, &bank->pieces[i].logmel, &errs[i]);
            if (errs[i].status != SILBE_OK) {
                has_failed = true;
            }
        }
    }
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < bank->n_pieces && status == SILBE_OK; i++) {
        status = errs[i].status == SILBE_OK ? SILBE_OK
                                            : silbe_fail(err, errs[i].status, "%s: %s",
                                                         bank->pieces[i].name, errs[i].message);
    }
    free(errs);
    return status;
}

silbe_status silbe_accompaniment_make(const silbe_accompaniment_options *options,
                                      const silbe_logmel_cache *cache,
                                      silbe_accompaniment_bank *bank, silbe_err *err)
{
    if (!(options->max_piece_s >= 1.0 && options->max_piece_s <= 3600.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "max_piece_s must be 1 to 3600, got %g",
                          options->max_piece_s);
    }
    if (options->n_variants < 1 || options->n_variants > MAX_VARIANTS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "n_variants must be 1 to %d, got %zu",
                          MAX_VARIANTS, options->n_variants);
    }
    maker *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the accompaniment");
    }
    m->options = options;
    m->cache = cache;
    silbe_status status = list(m, bank, err);
    if (status == SILBE_OK) {
        status = open_fonts(m, err);
    }
    if (status == SILBE_OK) {
        status =
            silbe_logmel_plan_new(&options->logmel, SILBE_ACCOMPANIMENT_RATE_HZ, &m->plan, err);
    }
    if (status == SILBE_OK) {
        status = make_all(m, bank, err);
    }
    silbe_stft_plan_free(m->plan);
    silbe_sound_fonts_free(&m->fonts);
    if (m->is_own_folder) {
        (void)rmdir(m->folder);
    }
    free(m->names);
    free(m);
    if (status != SILBE_OK) {
        silbe_accompaniment_free(bank);
    }
    return status;
}
