/*
 * Texts as roff, for the macros man. Every function writes; failures show when the stream is
 * flushed.
 */
#ifndef SILBE_ROFF_H
#define SILBE_ROFF_H

#include <stdio.h>

/* The line that a page begins with. */
void silbe_roff_title(FILE *stream, const char *name, int section);

void silbe_roff_heading(FILE *stream, const char *text);

/* Part of a line, without its end, as it stands: nothing in it means anything to roff. */
void silbe_roff_text(FILE *stream, const char *text);
void silbe_roff_bold(FILE *stream, const char *text);
void silbe_roff_italic(FILE *stream, const char *text);

/* One line, which is filled with its neighbours. */
void silbe_roff_paragraph(FILE *stream, const char *text);

/* Lines of help: those that begin with a blank stay as they are, others are filled; an empty one
 * begins a paragraph. */
void silbe_roff_lines(FILE *stream, const char *text);

#endif
