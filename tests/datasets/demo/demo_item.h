/* What the tests of the demo dataset share: one song, pronounced and performed. */
#ifndef SILBE_TESTS_DEMO_ITEM_H
#define SILBE_TESTS_DEMO_ITEM_H

#include "datasets/demo/notation.h"
#include "datasets/demo/perform.h"
#include "datasets/demo/pronounce.h"
#include "datasets/demo/songs.h"
#include "datasets/synthesis/recording.h"
#include "datasets/synthesis/voice.h"
#include "tests/check.h"

#define MAX_SYLLABLES 256

typedef struct {
    silbe_synth_song song;
    silbe_synth_sung sung[MAX_SYLLABLES];
    silbe_synth_performance performance;
} demo_item;

static inline void demo_item_open(demo_item *item, size_t song, size_t version)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_demo_song_read(&item->song, silbe_demo_song_at(song), &err), err);
    assert_true(item->song.n_syllables <= MAX_SYLLABLES);
    check_ok(silbe_demo_pronounce(&item->song, item->sung, NULL, &err), err);
    check_ok(
        silbe_demo_perform(&item->performance, &item->song, silbe_demo_version_at(version), &err),
        err);
}

static inline void demo_item_close(demo_item *item)
{
    silbe_demo_performance_free(&item->performance);
    silbe_demo_song_free(&item->song);
}

#endif
