#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/host/nearest.h"
#include "pipeline/settings/cli_internal.h"

static const char FILE_ENDING[] = ".yaml";

static int describes_dataset(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && dot != entry->d_name && strcmp(dot, FILE_ENDING) == 0 &&
           strcmp(entry->d_name, "default.yaml") != 0;
}

char *silbe_cli_nearest_dataset(const char *dataset, silbe_err *err)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    struct dirent **entries = NULL;
    int n = scandir("configs", &entries, describes_dataset, alphasort);
    for (int i = 0; i < n; i++) {
        *strrchr(entries[i]->d_name, '.') = '\0';
        silbe_nearest_offer(&nearest, dataset, strlen(dataset), entries[i]->d_name);
    }
    char *name = silbe_copy_text(nearest.word, err);
    for (int i = 0; i < n; i++) {
        free(entries[i]);
    }
    free(entries);
    return name;
}
