/*
 * Words that libespeak-ng spells letter by letter, most of them with an apostrophe: written as they
 * sound.
 */
#ifndef SILBE_ELISION_H
#define SILBE_ELISION_H

#include "features/base/status.h"

/* key (spelling.h) as a voice should read it, to be freed: Italian "ch'io", "ch'amor" and
 * "gl'occhi" as "chio", "camor" and "gliocchi", French "p'tit" as "ptit" and "y", which
 * has a name of its own by itself, as "i"; all else as it is. NULL
 * after a failure. A step (features/base/status.h). */
char *silbe_elision_spell(const char *voice, const char *key, silbe_err *err);

#endif
