/* A folder of its own for a test of songs, and small files in it. */
#ifndef SILBE_TESTS_SONG_FOLDER_H
#define SILBE_TESTS_SONG_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* For cmocka: goes into the empty folder of that name; goes back and removes it. */
int folder_enter(const char *name);
int folder_leave(const char *name);

void folder_write(const char *path, const void *bytes, size_t n);
/* The content of a recording, as far as anyone looks; of a text. */
void folder_put_wav(const char *path);
void folder_put_text(const char *path);
bool folder_has(const char *path);
/* How many names a folder holds; 0 if there is none. */
size_t folder_count(const char *path);

#endif
