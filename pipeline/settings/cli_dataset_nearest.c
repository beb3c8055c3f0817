#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/host/install_path.h"
#include "pipeline/host/nearest.h"
#include "pipeline/settings/cli_internal.h"

static const char FILE_ENDING[] = ".yaml";

static int describes_dataset(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && dot != entry->d_name && strcmp(dot, FILE_ENDING) == 0 &&
           strcmp(entry->d_name, "default.yaml") != 0;
}

/* Offers the datasets of a folder; the names stay in *names. */
static void offer(const char *folder, const char *dataset, struct dirent ***names, int *n,
                  silbe_nearest *nearest)
{
    *n = scandir(folder, names, describes_dataset, alphasort);
    for (int i = 0; i < *n; i++) {
        *strrchr((*names)[i]->d_name, '.') = '\0';
        silbe_nearest_offer(nearest, dataset, strlen(dataset), (*names)[i]->d_name);
    }
}

static void free_names(struct dirent **names, int n)
{
    for (int i = 0; i < n; i++) {
        free(names[i]);
    }
    free(names);
}

char *silbe_cli_nearest_dataset(const char *dataset, silbe_err *err)
{
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    struct dirent **here = NULL, **installed = NULL;
    int n_here = 0, n_installed = 0;
    char *share = silbe_share_path("configs", err);
    offer("configs", dataset, &here, &n_here, &nearest);
    if (share != NULL) {
        offer(share, dataset, &installed, &n_installed, &nearest);
    }
    char *name = silbe_copy_text(nearest.word, err);
    free_names(here, n_here);
    free_names(installed, n_installed);
    free(share);
    return name;
}
