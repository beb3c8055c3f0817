/*
 * The weights that ship: features/model/shipped/singing.weights and singing_long.weights, put into
 * the program by the assembler (shipped.S). They are an ensemble.
 */
#ifndef SILBE_ACOUSTIC_SHIPPED_H
#define SILBE_ACOUSTIC_SHIPPED_H

#include <stddef.h>

enum { SILBE_N_SHIPPED = 2 };

/* The bytes of file i < SILBE_N_SHIPPED, static; *size is 0 if the program was built without. */
const unsigned char *silbe_shipped_weights(size_t i, size_t *size);

#endif
