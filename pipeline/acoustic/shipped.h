/*
 * The weights that ship: features/model/shipped/singing.weights, put into the program by the
 * assembler (shipped.S).
 */
#ifndef SILBE_ACOUSTIC_SHIPPED_H
#define SILBE_ACOUSTIC_SHIPPED_H

#include <stddef.h>

/* The file's bytes, static; *size is 0 if the program was built without. */
const unsigned char *silbe_shipped_weights(size_t *size);

#endif
