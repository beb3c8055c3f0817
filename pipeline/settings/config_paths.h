/*
 * The value of a PATHS setting, such as acoustic.weights: several paths, each followed by a line
 * feed, which no path may contain. A value without line feed is one path, so that a field of the
 * config can also be filled like that of a PATH setting.
 */
#ifndef SILBE_SETTINGS_CONFIG_PATHS_H
#define SILBE_SETTINGS_CONFIG_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/settings/config.h"

/* false if it does not fit, or contains a line feed. */
bool silbe_config_add_path(char paths[SILBE_CONFIG_PATH_SIZE], const char *path, size_t length);

/* Copies the path at *at, which starts as the value, and moves on; false behind the last one. */
bool silbe_config_next_path(const char **at, char path[SILBE_CONFIG_PATH_SIZE]);

/* How many there are. */
size_t silbe_config_n_paths(const char *paths);

#endif
