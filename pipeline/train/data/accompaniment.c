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
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/host/digest.h"
#include "pipeline/train/data/accompaniment_render.h"
#include "pipeline/train/data/fluidsynth.h"

enum { FORMAT_VERSION = 2, MAX_SCORES = 4096, MAX_VARIANTS = 1000 };
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
    char *folder;       /* of temporary files; NULL: not needed */
    bool is_own_folder; /* made here, and to be removed */
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

void silbe_accompaniment_bank_free(silbe_accompaniment_bank *bank)
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

static void list_scores(maker *m, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    DIR *folder = opendir(o->scores);
    if (folder == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: the folder of scores cannot be opened", o->scores);
        return;
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
    if (m->n_scores == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no scores in the folder", o->scores);
    }
}

/* The names, and pieces without log-mel for their variants. */
static void list(maker *m, silbe_accompaniment_bank *bank, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    m->names = silbe_alloc(MAX_SCORES + o->n_made_up, sizeof m->names[0], "pieces", err);
    if (o->scores != NULL && !silbe_failed(err)) {
        list_scores(m, err);
    }
    m->n_names = m->n_scores + o->n_made_up;
    if (!silbe_failed(err) && m->n_names == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "there are no pieces of accompaniment to make");
    }
    bank->pieces = silbe_alloc(m->n_names * o->n_variants, sizeof *bank->pieces, "pieces", err);
    if (silbe_failed(err)) {
        return;
    }
    for (size_t i = m->n_scores; i < m->n_names; i++) {
        (void)snprintf(m->names[i], NAME_SIZE, "#%zu", i - m->n_scores);
    }
    bank->n_pieces = m->n_names * o->n_variants;
    for (size_t i = 0; i < bank->n_pieces; i++) {
        size_t number = i % o->n_variants, n = strlen(m->names[i / o->n_variants]);
        memcpy(bank->pieces[i].name, m->names[i / o->n_variants], n + 1);
        if (number > 0) {
            (void)snprintf(bank->pieces[i].name + n, NAME_SIZE - n, " (%zu)", number + 1);
        }
    }
}

static void make_folder(maker *m, silbe_err *err)
{
    if (m->options->folder != NULL) {
        m->folder = silbe_format(err, "%s/accompaniment", m->options->folder);
        silbe_try(err, silbe_make_folders(m->folder, err));
        return;
    }
    const char *temporary = getenv("TMPDIR");
    m->folder = silbe_format(err, "%s/silbe-XXXXXX",
                             temporary == NULL || *temporary == '\0' ? "/tmp" : temporary);
    m->is_own_folder = m->folder != NULL && mkdtemp(m->folder) != NULL;
    if (!silbe_failed(err) && !m->is_own_folder) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: a temporary folder cannot be made: %s", m->folder,
                         strerror(errno));
    }
}

static void open_fonts(maker *m, silbe_err *err)
{
    silbe_try(err, silbe_sound_fonts_open(m->options->fonts, &m->fonts, err));
    if (m->fonts.n_fonts == 0 || silbe_failed(err)) {
        return;
    }
    make_folder(m, err);
    char *log = silbe_format(err, "%s/version.log.tmp.%ld", m->folder, (long)getpid());
    silbe_try(err, silbe_fluidsynth_version(log, m->version, err));
    free(log);
}

/* score: path; NULL: piece i is made up. */
static void compute(const maker *m, size_t i, const silbe_variant *variant, const char *score,
                    silbe_matrix *logmel, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    const uint64_t seed = variant->note_seed;
    silbe_piano_notes notes = {0};
    float *samples = NULL;
    size_t n_samples = 0;
    if (score != NULL) {
        silbe_try(err, silbe_piano_notes_of_score(score, seed, o->max_piece_s, &notes, err));
    } else {
        silbe_try(err, silbe_piano_notes_make_up(i / o->n_variants - m->n_scores, seed,
                                                 o->max_piece_s, &notes, err));
    }
    if (!silbe_failed(err) && notes.n_notes == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no notes but the voice's",
                         score == NULL ? "made-up piece" : score);
    }
    if (m->fonts.n_fonts == 0) {
        silbe_try(err, silbe_render_own_piano(&notes, &samples, &n_samples, err));
    } else {
        char *base = silbe_format(err, "%s/%zu", m->folder, i);
        silbe_try(err, silbe_render_by_font(&notes, variant, m->fonts.fonts[variant->font].path,
                                            base, &samples, &n_samples, err));
        free(base);
    }
    silbe_try(err, silbe_logmel_run(&o->logmel, m->plan, samples, n_samples, logmel, err));
    free(samples);
    silbe_piano_notes_free(&notes);
}

/* Where the cache keeps piece i; hex: digest of its score. */
static char *cached_path(const maker *m, size_t i, const silbe_variant *variant, const char *hex,
                         silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    bool has_font = m->fonts.n_fonts > 0;
    char *text =
        silbe_format(err, "accompaniment %d %s %s %.17g %llu %zu\n%s\n%s", FORMAT_VERSION,
                     m->names[i / o->n_variants], hex, o->max_piece_s, (unsigned long long)o->seed,
                     i % o->n_variants,
                     has_font ? m->fonts.fonts[variant->font].digest : "own piano", m->version);
    char *path = silbe_logmel_cache_path(m->cache, text, err);
    free(text);
    return path;
}

/* Piece i, from the cache, or computed into it. */
static void get(const maker *m, size_t i, silbe_matrix *logmel, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    const char *name = m->names[i / o->n_variants];
    const size_t n_fonts = m->fonts.n_fonts > 0 ? m->fonts.n_fonts : 1;
    const silbe_variant variant = silbe_variant_draw(name, i % o->n_variants, o->seed, n_fonts);
    char hex[SILBE_DIGEST_HEX_SIZE] = "", *score = NULL, *cached = NULL;
    if (i / o->n_variants < m->n_scores) {
        score = silbe_format(err, "%s/%s", o->scores, name);
        silbe_try(err, silbe_digest_file(score, hex, err));
    }
    if (m->cache != NULL) {
        cached = cached_path(m, i, &variant, hex, err);
    }
    if (cached == NULL ||
        silbe_npy_read_matrix(cached, o->logmel.n_bands, logmel, NULL) != SILBE_OK) {
        compute(m, i, &variant, score, logmel, err);
        if (cached != NULL) {
            silbe_try(err, silbe_npy_write_matrix(cached, logmel, err));
        }
    }
    free(score);
    free(cached);
}

static void make_all(const maker *m, silbe_accompaniment_bank *bank, silbe_err *err)
{
    const silbe_accompaniment_options *o = m->options;
    silbe_err *errs = silbe_alloc(bank->n_pieces, sizeof *errs, "pieces", err);
    atomic_bool has_failed = false;
    if (errs == NULL) {
        return;
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < bank->n_pieces; i++) {
        if (!has_failed) {
            if (o->should_stop != NULL && o->should_stop(o->stop_context)) {
                (void)silbe_fail(&errs[i], SILBE_ERR_IO, "stopped before it was made");
            }
            get(m, i, &bank->pieces[i].logmel, &errs[i]);
            if (silbe_failed(&errs[i])) {
                has_failed = true;
            }
        }
    }
    for (size_t i = 0; i < bank->n_pieces && !silbe_failed(err); i++) {
        if (silbe_failed(&errs[i])) {
            (void)silbe_fail(err, errs[i].status, "%s: %s", bank->pieces[i].name, errs[i].message);
        }
    }
    free(errs);
}

silbe_status silbe_accompaniment_bank_new(const silbe_accompaniment_options *options,
                                          const silbe_logmel_cache *cache,
                                          silbe_accompaniment_bank *bank, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (!(options->max_piece_s >= 1.0 && options->max_piece_s <= 3600.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "max_piece_s must be 1 to 3600, got %g",
                          options->max_piece_s);
    }
    if (options->n_variants < 1 || options->n_variants > MAX_VARIANTS) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "n_variants must be 1 to %d, got %zu",
                          MAX_VARIANTS, options->n_variants);
    }
    maker m = {.options = options, .cache = cache};
    list(&m, bank, err);
    open_fonts(&m, err);
    silbe_try(err,
              silbe_logmel_plan_new(&options->logmel, SILBE_ACCOMPANIMENT_RATE_HZ, &m.plan, err));
    make_all(&m, bank, err);
    silbe_stft_plan_free(m.plan);
    silbe_sound_fonts_free(&m.fonts);
    if (m.is_own_folder) {
        (void)rmdir(m.folder);
    }
    free(m.folder);
    free(m.names);
    if (silbe_failed(err)) {
        silbe_accompaniment_bank_free(bank);
    }
    return err->status;
}
