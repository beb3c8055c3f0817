/*
 * The numbers of a .npy file between disk and memory: internal to npy.c, seen by its test.
 *
 * On disk they are little-endian IEEE floats of 4 or 8 bytes. Machines that keep them so in memory,
 * nearly all, move them as one block; on the others each number is put together from its bytes.
 */
#ifndef SILBE_NPY_VALUES_H
#define SILBE_NPY_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Whether floats and doubles lie in memory byte for byte as in the file. */
bool silbe_npy_is_native(void);

/* Writes n values of item_size (4: float, 8: double) bytes. is_native is silbe_npy_is_native(), or
 * false: which gives the same bytes more slowly. A failure shows in ferror(stream). */
void silbe_npy_put_values(FILE *stream, const void *values, size_t item_size, size_t n,
                          bool is_native);

/* Reads n values that take file_size (4 or 8) bytes each into an array of item_size (4: float, 8:
 * double), rounding if that is narrower. is_native as above. False if the file ends before. */
bool silbe_npy_get_values(FILE *stream, size_t file_size, void *values, size_t item_size, size_t n,
                          bool is_native);

#endif
