/* silbe cache: what songs left out of sight. */
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/commands/command.h"
#include "pipeline/song/cache.h"

enum { CLEAR };

static const silbe_cli_extra EXTRAS[] = {
    [CLEAR] = {"--clear", NULL, NULL, "remove all of it", NULL},
};

const silbe_cli_spec silbe_cache_spec = {
    .program = "silbe cache",
    .summary = "what silbe align keeps of songs: where, how much, and away with it",
    .usage = "[--clear]",
    .details =
        "`silbe align SONG TEXT` keeps what it hears in a recording, so that the next run on it, "
        "with\n"
        "another text or after a stop, is quicker. It lies in $XDG_CACHE_HOME/silbe or "
        "~/.cache/silbe,\n"
        "takes 1 GiB at most, and can be removed at any time. With it goes the knowledge of which\n"
        "files silbe wrote itself, and may write again.",
    .examples = "  silbe cache\n"
                "  silbe cache --clear",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .dataset_optional = true,
};

int silbe_cache_command(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    size_t n_entries = 0;
    uint64_t n_bytes = 0;
    char *folder = silbe_cache_folder(&err);
    silbe_cache_measure(folder, &n_entries, &n_bytes);
    if (folder == NULL && !silbe_failed(&err)) {
        (void)silbe_fail(&err, SILBE_ERR_DATA,
                         "there is no cache: neither XDG_CACHE_HOME nor HOME names a folder");
    }
    if (cli->extras[CLEAR] != NULL) {
        silbe_try(&err, silbe_cache_clear(folder, &err));
    }
    if (!silbe_failed(&err)) {
        (void)printf("%s: %zu entries, %.1f MB%s\n", folder, n_entries, (double)n_bytes * 1e-6,
                     cli->extras[CLEAR] != NULL ? ", removed" : "");
    }
    free(folder);
    return silbe_failed(&err) ? silbe_cli_fail(cli, &err) : SILBE_EXIT_OK;
}
