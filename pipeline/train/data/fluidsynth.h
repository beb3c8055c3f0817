/*
 * The program fluidsynth (https://www.fluidsynth.org, Debian package fluidsynth) as a child
 * process: MIDI files to sound with a sound font. Found in PATH; no shell, no settings of the user.
 * Its messages go to a file that errors quote.
 */
#ifndef SILBE_TRAIN_FLUIDSYNTH_H
#define SILBE_TRAIN_FLUIDSYNTH_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"
#include "pipeline/host/digest.h"

#define SILBE_FLUIDSYNTH_VERSION_SIZE 128
#define SILBE_MAX_SOUND_FONTS 16

/* The program's own words on its version. log: a file that is written and removed.
 * SILBE_ERR_IO, with the Debian package and the setting, if the program is not there. */
SILBE_MUST_CHECK silbe_status silbe_fluidsynth_version(const char *log,
                                                       char version[SILBE_FLUIDSYNTH_VERSION_SIZE],
                                                       silbe_err *err);

typedef struct {
    const char *font; /* a sound font, .sf2 or .sf3 */
    const char *midi;
    const char *wav; /* is written: stereo, 16 bit */
    const char *log; /* is written, and removed if nothing fails */
    int rate_hz;
    bool reverb;
    double gain;      /* 0..10 */
    double timeout_s; /* longer than this is an error, and the process is killed */
} silbe_fluidsynth_job;

/* The same sound for the same files and version. Thread-safe. */
SILBE_MUST_CHECK silbe_status silbe_fluidsynth_render(const silbe_fluidsynth_job *job,
                                                      silbe_err *err);

/* A sound font, of setting train.sound_fonts. */
typedef struct {
    char *path;
    char digest[SILBE_DIGEST_HEX_SIZE]; /* of its bytes */
} silbe_sound_font;

typedef struct {
    silbe_sound_font fonts[SILBE_MAX_SOUND_FONTS];
    size_t n_fonts;
} silbe_sound_fonts;

/*
 * paths: files with blanks between (a path must not have any itself); NULL or blank: no font.
 * *fonts: zeros before; the caller frees it, also after a failure. SILBE_ERR_IO: a font that cannot
 * be read, with the Debian package that has it; SILBE_ERR_ARGUMENT: too many.
 */
SILBE_MUST_CHECK silbe_status silbe_sound_fonts_open(const char *paths, silbe_sound_fonts *fonts,
                                                     silbe_err *err);
void silbe_sound_fonts_free(silbe_sound_fonts *fonts);

#endif
