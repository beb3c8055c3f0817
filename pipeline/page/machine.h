/*
 * The machine that the figures were made on, as far as the system tells.
 */
#ifndef SILBE_PAGE_MACHINE_H
#define SILBE_PAGE_MACHINE_H

#include <stddef.h>

typedef struct {
    char system[256];    /* "Linux 6.1.0 x86_64"; "" if unknown, as below */
    char processor[256]; /* "AMD EPYC 7B13" */
    size_t n_processors;
    double memory_gb; /* 1e9 bytes; 0 if unknown */
} silbe_machine;

void silbe_machine_get(silbe_machine *machine);

#endif
