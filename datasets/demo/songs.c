#include "datasets/demo/song.h"

const silbe_demo_source *silbe_demo_song_at(size_t index)
{
    switch (index) {
    case 0:
        return &silbe_demo_mondnacht;
    case 1:
        return &silbe_demo_nachtlied;
    case 2:
        return &silbe_demo_wandern;
    case 3:
        return &silbe_demo_lorelei;
    default:
        return NULL;
    }
}
