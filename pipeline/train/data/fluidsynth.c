#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/fluidsynth.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "features/base/format.h"
#include "pipeline/host/run_info.h"

enum { EXCERPT_SIZE = 400 };
static const double VERSION_TIMEOUT_S = 60.0;

extern char **environ;

/* The first bytes of the file on one line. */
static void read_excerpt(const char *path, char excerpt[EXCERPT_SIZE])
{
    FILE *file = fopen(path, "rb");
    size_t n = file == NULL ? 0 : fread(excerpt, 1, EXCERPT_SIZE - 1, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    while (n > 0 && (unsigned char)excerpt[n - 1] <= ' ') {
        n--;
    }
    excerpt[n] = '\0';
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)excerpt[i] < ' ') {
            excerpt[i] = ' ';
        }
    }
}

/* Waits for the child; past the time it is killed. */
static silbe_status wait_for(pid_t child, double timeout_s, int *state, silbe_err *err)
{
    const double end_s = silbe_clock_s() + timeout_s;
    const struct timespec nap = {0, 10 * 1000 * 1000};
    bool is_late = false;
    for (;;) {
        pid_t got = waitpid(child, state, is_late ? 0 : WNOHANG);
        if (got == child) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            return silbe_fail(err, SILBE_ERR_IO, "fluidsynth: cannot be waited for: %s",
                              strerror(errno));
        }
        if (got == 0 && silbe_clock_s() > end_s) {
            is_late = true;
            (void)kill(child, SIGKILL);
        } else if (got == 0) {
            (void)nanosleep(&nap, NULL);
        }
    }
    return is_late ? silbe_fail(err, SILBE_ERR_IO,
                                "fluidsynth: not done after %g s, so it was ended", timeout_s)
                   : SILBE_OK;
}

static silbe_status spawn(const char *const *words, const char *log, pid_t *child, silbe_err *err)
{
    /* posix_spawn takes words that it does not change, by a type that does not say so. */
    union {
        const char *const *in;
        char *const *out;
    } list = {words};
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        const int to_log = O_WRONLY | O_CREAT | O_TRUNC;
        error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (error == 0) {
            error = posix_spawn_file_actions_addopen(&actions, 1, log, to_log, 0644);
        }
        if (error == 0) {
            error = posix_spawn_file_actions_adddup2(&actions, 1, 2);
        }
        if (error == 0) {
            error = posix_spawnp(child, words[0], &actions, NULL, list.out, environ);
        }
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    if (error == ENOENT && access(log, F_OK) == 0) {
        return silbe_fail(err, SILBE_ERR_IO,
                          "fluidsynth: the program is not in PATH; it is in the Debian package "
                          "fluidsynth (make deps-train installs it); an empty train.sound_fonts "
                          "does without, by a plainer piano");
    }
    return error == 0 ? SILBE_OK
                      : silbe_fail(err, SILBE_ERR_IO, "fluidsynth: cannot be started: %s",
                                   strerror(error));
}

/* To its end; what it says is in log. */
static silbe_status run(const char *const *words, const char *log, double timeout_s, silbe_err *err)
{
    char excerpt[EXCERPT_SIZE];
    pid_t child;
    int state = 0;
    silbe_status status = spawn(words, log, &child, err);
    status = status == SILBE_OK ? wait_for(child, timeout_s, &state, err) : status;
    if (status != SILBE_OK) {
        return status;
    }
    read_excerpt(log, excerpt);
    if (WIFSIGNALED(state)) {
        return silbe_fail(err, SILBE_ERR_IO, "fluidsynth: ended by signal %d: %s", WTERMSIG(state),
                          excerpt);
    }
    /* A font or a file that it cannot read leaves its exit status at 0. */
    if (WEXITSTATUS(state) != 0 || strstr(excerpt, "error:") != NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "fluidsynth: exit status %d: %s", WEXITSTATUS(state),
                          excerpt);
    }
    return SILBE_OK;
}

silbe_status silbe_fluidsynth_version(const char *log, char version[SILBE_FLUIDSYNTH_VERSION_SIZE],
                                      silbe_err *err)
{
    const char *const words[] = {"fluidsynth", "--version", NULL};
    char excerpt[EXCERPT_SIZE];
    silbe_status status = run(words, log, VERSION_TIMEOUT_S, err);
    if (status == SILBE_OK) {
        read_excerpt(log, excerpt);
        /* "FluidSynth runtime version 2.3.1 Copyright ...": up to the line's end. */
        char *end = strstr(excerpt, " Copyright");
        if (end != NULL) {
            *end = '\0';
        }
        (void)snprintf(version, SILBE_FLUIDSYNTH_VERSION_SIZE, "%.*s",
                       SILBE_FLUIDSYNTH_VERSION_SIZE - 1, excerpt);
        if (version[0] == '\0') {
            status = silbe_fail(err, SILBE_ERR_DATA, "fluidsynth: --version says nothing");
        }
    }
    (void)unlink(log);
    return status;
}

silbe_status silbe_fluidsynth_render(const silbe_fluidsynth_job *job, silbe_err *err)
{
    char rate[32], gain[32];
    (void)snprintf(rate, sizeof rate, "%d", job->rate_hz);
    (void)snprintf(gain, sizeof gain, "%.3f", job->gain);
    /* Samples are read when a note needs them: a third of the memory for a large font. */
    /* clang-format off */
    const char *const words[] = {
        "fluidsynth", "-ni", "-q", "-f", "/dev/null", "-o", "synth.dynamic-sample-loading=1",
        "-r", rate, "-R", job->reverb ? "1" : "0", "-C", "0", "-g", gain,
        "-T", "wav", "-O", "s16", "-F", job->wav, job->font, job->midi, NULL};
    /* clang-format on */
    silbe_status status = run(words, job->log, job->timeout_s, err);
    if (status == SILBE_OK && access(job->wav, R_OK) != 0) {
        status = silbe_fail(err, SILBE_ERR_IO, "fluidsynth: made no sound from %s", job->midi);
    }
    if (status == SILBE_OK) {
        (void)unlink(job->log);
        return SILBE_OK;
    }
    return silbe_fail_prefix(err, status, job->font);
}

static const char *package_of(const char *path)
{
    static const char *const packages[][2] = {
        {"FluidR3_GM.sf2", "fluid-soundfont-gm"},
        {"FluidR3_GS.sf2", "fluid-soundfont-gs"},
        {"TimGM6mb.sf2", "timgm6mb-soundfont"},
        {"MuseScore_General_Lite.sf3", "musescore-general-soundfont-small"},
        {"MuseScore_General_Full.sf3", "musescore-general-soundfont"},
    };
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
        if (strcmp(name, packages[i][0]) == 0) {
            return packages[i][1];
        }
    }
    return NULL;
}

static silbe_status open_one(const char *path, silbe_sound_font *font, silbe_err *err)
{
    if (access(path, R_OK) == 0) {
        return silbe_digest_file(path, font->digest, err);
    }
    const char *package = package_of(path);
    return silbe_fail(err, SILBE_ERR_IO,
                      "%s: the sound font is not there or cannot be read; %s%s%s, or name others "
                      "in train.sound_fonts, or none, which makes a plainer piano",
                      path, package != NULL ? "install the Debian package " : "check the path",
                      package != NULL ? package : "",
                      package != NULL ? " (make deps-train does)" : "");
}

silbe_status silbe_sound_fonts_open(const char *paths, silbe_sound_fonts *fonts, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    for (const char *at = paths == NULL ? "" : paths;
         !silbe_failed(err) && *(at += strspn(at, " \t\n")) != '\0';) {
        size_t n = strcspn(at, " \t\n");
        if (fonts->n_fonts == SILBE_MAX_SOUND_FONTS) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "train.sound_fonts: at most %d sound fonts can be used",
                              SILBE_MAX_SOUND_FONTS);
        }
        silbe_sound_font *font = &fonts->fonts[fonts->n_fonts++];
        font->path = silbe_format(err, "%.*s", (int)n, at);
        silbe_try(err, open_one(font->path, font, err));
        at += n;
    }
    return err->status;
}

void silbe_sound_fonts_free(silbe_sound_fonts *fonts)
{
    for (size_t i = 0; i < fonts->n_fonts; i++) {
        free(fonts->fonts[i].path);
    }
    *fonts = (silbe_sound_fonts){0};
}
