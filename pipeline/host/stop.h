/*
 * SIGINT and SIGTERM: the first asks to stop after the items in work, the second ends the process
 * at once with exit code 130 (its temporary files are removed by the next run).
 */
#ifndef SILBE_STOP_H
#define SILBE_STOP_H

#include <stdbool.h>

/* Installs the handlers; called by programs only. */
void silbe_stop_install(void);

/* True once a signal came. Long computations may ask now and then and give up. */
bool silbe_stop_requested(void);

#endif
