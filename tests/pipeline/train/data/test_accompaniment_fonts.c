/* Accompaniment by sound fonts: variants, pedal, what is missing, and FluidSynth where it is. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <omp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/train/data/accompaniment_render.h"
#include "pipeline/train/data/fluidsynth.h"
#include "tests/check.h"

static const char SMALL_FONT[] = "/usr/share/sounds/sf2/TimGM6mb.sf2"; /* of Debian */

static void test_variants(void **state)
{
    (void)state;
    enum { N = 4000 };
    size_t n_orchestral = 0, n_other = 0, n_pedal = 0, n_reverb = 0, n_fonts[3] = {0};
    for (size_t i = 0; i < N; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "piece %zu", i / 4);
        silbe_variant a = silbe_variant_draw(name, i % 4, 7, 3);
        silbe_variant b = silbe_variant_draw(name, i % 4, 7, 3);
        assert_true(a.font < 3 && a.font == b.font && a.note_seed == b.note_seed);
        assert_memory_equal(a.programs, b.programs, sizeof a.programs);
        assert_memory_equal(a.lowest, b.lowest, sizeof a.lowest);
        assert_true(a.pedal == b.pedal && a.reverb == b.reverb);
        assert_true(a.velocity_scale >= 0.8 && a.velocity_scale < 1.3);
        assert_true((a.note_seed == 7) == (i % 4 == 0));
        n_fonts[a.font]++;
        n_orchestral += a.is_orchestral;
        n_other += !a.is_orchestral && a.programs[0] != 0;
        n_pedal += a.pedal;
        n_reverb += a.reverb;
        for (int pitch = 1; pitch < 128; pitch++) {
            size_t group = silbe_variant_group(&a, pitch);
            assert_true(group >= silbe_variant_group(&a, pitch - 1));
            assert_true(group < (a.is_orchestral ? SILBE_VARIANT_GROUPS : 1));
        }
    }
    /* Five standard errors at most. */
    check_close((double)n_orchestral / N, 0.25, 0.035);
    check_close((double)n_other / N, 0.10, 0.025);
    check_close((double)n_pedal / N, 0.75 * 0.6, 0.04);
    check_close((double)n_reverb / N, 0.5, 0.04);
    for (size_t f = 0; f < 3; f++) {
        check_close((double)n_fonts[f] / N, 1.0 / 3.0, 0.04);
    }
}

static void test_pedal(void **state)
{
    (void)state;
    silbe_piano_note notes[] = {
        {0.0, 1.0, 52, 0.5},                        /* the first */
        {0.1, 2.0, 40, 0.5},                        /* a bass, too soon after it */
        {0.2, 1.0, 64, 0.5},   {1.0, 1.9, 67, 0.5}, /* above a bass */
        {2.0, 4.0, 43, 0.5},                        /* above the one after it */
        {2.2, 4.0, 38, 0.5},                        /* another bass */
        {4.0, 4.4, 64, 0.5},   {4.1, 6.0, 38, 0.5}, /* the same again */
        {6.5, 7.0, 39, 0.5},                        /* another bass */
        {10.5, 11.0, 39, 0.5},                      /* long after any */
    };
    const silbe_piano_notes piece = {.notes = notes, .n_notes = sizeof notes / sizeof notes[0]};
    const double want[] = {0.0, 2.2, 6.5, 10.5};
    double times[10];
    size_t n = silbe_variant_pedal(&piece, times);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        check_close(times[i], want[i], 1e-12);
    }
}

static void test_fonts(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_sound_fonts fonts = {0};
    check_ok(silbe_sound_fonts_open(NULL, &fonts, &err), err);
    check_ok(silbe_sound_fonts_open("  ", &fonts, &err), err);
    assert_int_equal(fonts.n_fonts, 0);
    FILE *file = fopen("test_fonts_a.sf2", "wb");
    assert_non_null(file);
    assert_true(fputs("abc", file) >= 0);
    assert_int_equal(fclose(file), 0);
    check_ok(silbe_sound_fonts_open(" test_fonts_a.sf2  ./test_fonts_a.sf2 ", &fonts, &err), err);
    assert_int_equal(fonts.n_fonts, 2);
    assert_string_equal(fonts.fonts[1].path, "./test_fonts_a.sf2");
    /* FIPS 180-2, the hash of "abc". */
    assert_string_equal(fonts.fonts[1].digest,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    silbe_sound_fonts_free(&fonts);
    assert_int_equal(silbe_sound_fonts_open("test_fonts_a.sf2 no/FluidR3_GM.sf2", &fonts, &err),
                     SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "no/FluidR3_GM.sf2"));
    assert_non_null(strstr(err.message, "fluid-soundfont-gm"));
    assert_non_null(strstr(err.message, "train.sound_fonts"));
    silbe_sound_fonts_free(&fonts);
    assert_int_equal(unlink("test_fonts_a.sf2"), 0);
}

/* ---- in PATH: nothing, or a script that stands for the program ---- */

static char old_path[8192];

static int set_up_path(void **state)
{
    (void)state;
    const char *path = getenv("PATH");
    (void)snprintf(old_path, sizeof old_path, "%s", path == NULL ? "/usr/bin:/bin" : path);
    return 0;
}

static int restore_path(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    bool is_gone = silbe_remove_tree("test_fonts_bin", &err) == SILBE_OK &&
                   silbe_remove_tree("test_fonts_work", &err) == SILBE_OK;
    return setenv("PATH", old_path, 1) == 0 && is_gone ? 0 : -1;
}

static silbe_accompaniment_options small_options(const char *fonts)
{
    silbe_accompaniment_options o = silbe_accompaniment_options_default();
    o.n_made_up = 2;
    o.n_variants = 2;
    o.max_piece_s = 3.0;
    o.fonts = fonts;
    o.folder = "test_fonts_work";
    return o;
}

static void check_nothing_left(void)
{
    DIR *folder = opendir("test_fonts_work/accompaniment");
    assert_non_null(folder);
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        assert_int_equal(e->d_name[0], '.');
    }
    (void)closedir(folder);
}

static void write_program(const char *text)
{
    silbe_err err = SILBE_ERR_INIT;
    char path[sizeof old_path + 64];
    check_ok(silbe_make_folders("test_fonts_bin", &err), err);
    FILE *file = fopen("test_fonts_bin/fluidsynth", "wb");
    assert_non_null(file);
    assert_true(fprintf(file, "#!/bin/sh\n%s\n", text) > 0);
    assert_int_equal(fchmod(fileno(file), 0755), 0);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(path, sizeof path, "test_fonts_bin:%s", old_path);
    assert_int_equal(setenv("PATH", path, 1), 0);
}

static void expect_failure(const char *words)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_accompaniment_bank bank = SILBE_ACCOMPANIMENT_BANK_INIT;
    /* Any file does as a font. */
    silbe_accompaniment_options o = small_options("test_fonts_work/font");
    check_ok(silbe_make_folders("test_fonts_work", &err), err);
    FILE *file = fopen(o.fonts, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(silbe_accompaniment_bank_new(&o, NULL, &bank, &err), SILBE_ERR_IO);
    if (strstr(err.message, words) == NULL) {
        print_error("%s\n", err.message);
    }
    assert_non_null(strstr(err.message, words));
    assert_null(bank.pieces);
    check_nothing_left();
}

static void test_no_program(void **state)
{
    (void)state;
    assert_int_equal(setenv("PATH", "test_fonts_bin_none", 1), 0);
    expect_failure("Debian package fluidsynth");
}

static void test_program_fails(void **state)
{
    (void)state;
    write_program("[ $# -eq 1 ] && echo version 1 || { echo out of tune; exit 3; }");
    expect_failure("exit status 3: out of tune");
    write_program("[ $# -eq 1 ] && echo version 1 || echo 'fluidsynth: error: a bad font'");
    expect_failure("a bad font");
    write_program("[ $# -eq 1 ] && echo version 1 || kill -9 $$");
    expect_failure("signal 9");
    write_program("[ $# -eq 1 ] && echo version 1 || true");
    expect_failure("made no sound");
}

static void test_timeout(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_make_folders("test_fonts_work", &err), err);
    write_program("exec sleep 60");
    const silbe_fluidsynth_job job = {.font = "font",
                                      .midi = "midi",
                                      .wav = "test_fonts_work/wav",
                                      .log = "test_fonts_work/log",
                                      .rate_hz = 22050,
                                      .timeout_s = 0.2};
    assert_int_equal(silbe_fluidsynth_render(&job, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "not done after 0.2 s"));
}

/* ---- the program itself ---- */

static bool is_there(void)
{
    silbe_err err = SILBE_ERR_INIT;
    char version[SILBE_FLUIDSYNTH_VERSION_SIZE];
    return access(SMALL_FONT, R_OK) == 0 &&
           silbe_fluidsynth_version("test_fonts_version.log", version, &err) == SILBE_OK &&
           strstr(version, "version") != NULL;
}

/* Length of the projection of samples onto the frequency, over the root of their energy. */
static double strength(const float *samples, size_t n, double hz)
{
    double re = 0.0, im = 0.0, energy = 1e-12;
    for (size_t i = 0; i < n; i++) {
        double turn = 6.283185307179586 * hz * (double)i / SILBE_ACCOMPANIMENT_RATE_HZ;
        re += samples[i] * cos(turn);
        im += samples[i] * sin(turn);
        energy += (double)samples[i] * samples[i];
    }
    return sqrt((re * re + im * im) / (energy * (double)n));
}

/* Start, pitch, tuning and length of a note are those asked for. */
static void test_sound(void **state)
{
    (void)state;
    if (!is_there()) {
        skip();
    }
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_make_folders("test_fonts_work/accompaniment", &err), err);
    silbe_piano_note note = {.start_s = 1.0, .end_s = 3.0, .pitch = 69, .velocity = 0.6};
    silbe_variant variant = silbe_variant_draw("a", 0, 1, 1);
    variant.is_orchestral = variant.reverb = variant.pedal = false;
    variant.programs[0] = 71; /* a clarinet: steady */
    variant.lowest[1] = variant.lowest[2] = variant.lowest[3] = 128;
    for (int k = 0; k < 2; k++) {
        const silbe_piano_notes piece = {
            .notes = &note, .n_notes = 1, .duration_s = 4.0, .tuning_hz = k == 0 ? 440.0 : 432.0};
        float *samples;
        size_t n;
        check_ok(silbe_render_by_font(&piece, &variant, SMALL_FONT,
                                      "test_fonts_work/accompaniment/note", &samples, &n, &err),
                 err);
        assert_int_equal(n, 4 * SILBE_ACCOMPANIMENT_RATE_HZ + 1);
        double before = 0.0, during = 0.0, best_hz = 0.0, best = 0.0;
        for (size_t i = 0; i < SILBE_ACCOMPANIMENT_RATE_HZ; i++) {
            before += fabs((double)samples[i]);
            during += fabs((double)samples[i + SILBE_ACCOMPANIMENT_RATE_HZ]);
        }
        assert_true(during > 100.0 * before);
        for (double hz = 420.0; hz < 460.0; hz += 0.25) {
            double s = strength(samples + SILBE_ACCOMPANIMENT_RATE_HZ * 5 / 4,
                                SILBE_ACCOMPANIMENT_RATE_HZ * 3 / 2, hz);
            best_hz = s > best ? hz : best_hz;
            best = s > best ? s : best;
        }
        check_close(best_hz, piece.tuning_hz, 1.5);
        free(samples);
    }
    check_nothing_left();
}

static void test_bank(void **state)
{
    (void)state;
    if (!is_there()) {
        skip();
    }
    silbe_err err = SILBE_ERR_INIT;
    silbe_logmel_cache *cache;
    silbe_accompaniment_options o = small_options(SMALL_FONT);
    silbe_accompaniment_bank banks[3] = {SILBE_ACCOMPANIMENT_BANK_INIT};
    check_ok(silbe_logmel_cache_new("test_fonts_work", &o.logmel, &cache, &err), err);
    omp_set_num_threads(1);
    check_ok(silbe_accompaniment_bank_new(&o, NULL, &banks[0], &err), err);
    omp_set_num_threads(4);
    check_ok(silbe_accompaniment_bank_new(&o, cache, &banks[1], &err), err);
    check_ok(silbe_accompaniment_bank_new(&o, cache, &banks[2], &err), err); /* from the cache */
    assert_int_equal(banks[0].n_pieces, 4);
    assert_string_equal(banks[0].pieces[3].name, "#1 (2)");
    for (size_t i = 0; i < 4; i++) {
        const silbe_matrix *m = &banks[0].pieces[i].logmel;
        assert_true(m->n_rows > 250 && m->n_rows <= 301);
        for (size_t b = 1; b < 3; b++) {
            const silbe_matrix *other = &banks[b].pieces[i].logmel;
            assert_int_equal(other->n_rows, m->n_rows);
            assert_memory_equal(other->data, m->data, m->n_rows * m->n_cols * sizeof *m->data);
        }
    }
    check_nothing_left();
    o.folder = NULL; /* without a folder of one's own it is the same */
    silbe_accompaniment_bank_free(&banks[1]);
    check_ok(silbe_accompaniment_bank_new(&o, NULL, &banks[1], &err), err);
    assert_memory_equal(banks[1].pieces[3].logmel.data, banks[0].pieces[3].logmel.data,
                        banks[0].pieces[3].logmel.n_rows * sizeof(float));
    for (size_t b = 0; b < 3; b++) {
        silbe_accompaniment_bank_free(&banks[b]);
    }
    silbe_logmel_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_pedal),
        cmocka_unit_test(test_fonts),
        cmocka_unit_test_setup_teardown(test_no_program, set_up_path, restore_path),
        cmocka_unit_test_setup_teardown(test_program_fails, set_up_path, restore_path),
        cmocka_unit_test_setup_teardown(test_timeout, set_up_path, restore_path),
        cmocka_unit_test_setup_teardown(test_sound, set_up_path, restore_path),
        cmocka_unit_test_setup_teardown(test_bank, set_up_path, restore_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
