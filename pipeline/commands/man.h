/*
 * Manual pages, made of what commands and settings say about themselves: silbe (1), silbe-NAME (1)
 * for each command, silbe-settings (5).
 */
#ifndef SILBE_MAN_H
#define SILBE_MAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { SILBE_MAN_NAME_SIZE = 64 };

size_t silbe_man_n_pages(void);

/* The name of page i, "silbe-align", and its section of the manual, 1 or 5. The stage that is a
 * program only, silbe-align, is silbe-align-stage. */
int silbe_man_name(size_t i, char name[SILBE_MAN_NAME_SIZE]);

/* Prints page i as roff, for the macros man. */
void silbe_man_print(size_t i, FILE *stream);

/* The page of this name, "silbe-align" or "align"; false: there is none. */
bool silbe_man_find(const char *name, size_t *i);

#endif
