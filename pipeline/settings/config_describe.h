/*
 * What there is to tell about settings: --print-config, help and man pages are made of it.
 */
#ifndef SILBE_CONFIG_DESCRIBE_H
#define SILBE_CONFIG_DESCRIBE_H

#include <stddef.h>

#include "pipeline/settings/config.h"

typedef struct {
    const char *name; /* "features" */
    const char *doc;
} silbe_config_section;

/* The sections in the order of the table. */
const silbe_config_section *silbe_config_sections(size_t *n_sections);

/* Large enough for every setting's value as YAML: each byte of a path may take four. */
#define SILBE_CONFIG_YAML_SIZE (4 * SILBE_CONFIG_PATH_SIZE + 16)

/* The value of an option in *config as YAML writes it: 20, true, "text", score, [csv, json]. */
void silbe_config_format_value(const silbe_config *config, const silbe_option *option,
                               char text[SILBE_CONFIG_YAML_SIZE]);

/* What is allowed, for messages and help: "a whole number from 8000 to 192000 Hz". */
void silbe_config_describe(const silbe_option *option, char *text, size_t size);

#endif
