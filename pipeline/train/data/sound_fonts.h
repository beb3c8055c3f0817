/*
 * The sound fonts that accompaniment is played with, by setting train.sound_fonts.
 */
#ifndef SILBE_TRAIN_SOUND_FONTS_H
#define SILBE_TRAIN_SOUND_FONTS_H

#include <stddef.h>

#include "pipeline/host/digest.h"

#define SILBE_MAX_SOUND_FONTS 16

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
