/*
 * Parts of the settings code that config_*.c share; no other file includes this.
 */
#ifndef SILBE_CONFIG_INTERNAL_H
#define SILBE_CONFIG_INTERNAL_H

#include <stddef.h>

#include "pipeline/settings/config.h"
#include "pipeline/settings/config_describe.h"

/* The known section that is nearest to a misspelt one, or NULL. */
const char *silbe_config_nearest_section(const char *name);

/* Index of the choice of length bytes in "a|b|c", or -1. */
int silbe_config_choice(const char *choices, const char *name, size_t length);

/* Fails with text, which is no choice of an ENUM or FLAGS setting, the choice that was probably
 * meant, and all of them. */
silbe_status silbe_config_refuse_choice(const silbe_option *option, const char *text,
                                        silbe_err *err);

#endif
