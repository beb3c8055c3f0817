/*
 * The songs of the demo dataset, as data: the one source of truth from which the MusicXML, the
 * lyrics, the sound and all annotations are made; and the versions in which each is performed.
 * Poems are in the public domain; the music was written for Silbe.
 */
#ifndef SILBE_DEMO_SONGS_H
#define SILBE_DEMO_SONGS_H

#include "datasets/synthesis/performance.h"

extern const silbe_synth_source silbe_demo_lorelei;
extern const silbe_synth_source silbe_demo_mondnacht;
extern const silbe_synth_source silbe_demo_nachtlied;
extern const silbe_synth_source silbe_demo_wandern;

/* The song of that index, NULL past the last. */
const silbe_synth_source *silbe_demo_song_at(size_t index);

/* The version of that index, NULL past the last. */
const silbe_synth_version *silbe_demo_version_at(size_t index);

#endif
