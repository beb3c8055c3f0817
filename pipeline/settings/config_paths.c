#include "pipeline/settings/config_paths.h"

#include <string.h>

bool silbe_config_add_path(char paths[SILBE_CONFIG_PATH_SIZE], const char *path, size_t length)
{
    size_t used = strlen(paths);
    if (length + 2 > SILBE_CONFIG_PATH_SIZE - used || memchr(path, '\n', length) != NULL) {
        return false;
    }
    memcpy(paths + used, path, length);
    memcpy(paths + used + length, "\n", 2);
    return true;
}

bool silbe_config_next_path(const char **at, char path[SILBE_CONFIG_PATH_SIZE])
{
    size_t length = strcspn(*at, "\n");
    if (**at == '\0') {
        return false;
    }
    memcpy(path, *at, length);
    path[length] = '\0';
    *at += length + ((*at)[length] == '\n');
    return true;
}

size_t silbe_config_n_paths(const char *paths)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    size_t n = 0;
    while (silbe_config_next_path(&paths, path)) {
        n++;
    }
    return n;
}
