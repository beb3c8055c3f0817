#define _POSIX_C_SOURCE 200809L
#include "pipeline/train/data/sound_fonts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    silbe_status status = SILBE_OK;
    for (const char *at = paths == NULL ? "" : paths;
         *(at += strspn(at, " \t\n")) != '\0' && status == SILBE_OK;) {
        size_t n = strcspn(at, " \t\n");
        if (fonts->n_fonts == SILBE_MAX_SOUND_FONTS) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "train.sound_fonts: at most %d sound fonts can be used",
                              SILBE_MAX_SOUND_FONTS);
        }
        silbe_sound_font *font = &fonts->fonts[fonts->n_fonts];
        font->path = strndup(at, n);
        if (font->path == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path");
        }
        fonts->n_fonts++;
        status = open_one(font->path, font, err);
        at += n;
    }
    return status;
}

void silbe_sound_fonts_free(silbe_sound_fonts *fonts)
{
    for (size_t i = 0; i < fonts->n_fonts; i++) {
        free(fonts->fonts[i].path);
    }
    *fonts = (silbe_sound_fonts){0};
}
