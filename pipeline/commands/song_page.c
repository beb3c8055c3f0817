#define _XOPEN_SOURCE 700
#include "pipeline/commands/song_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/format.h"
#include "pipeline/commands/page_assets.h"
#include "pipeline/host/work_folder.h"
#include "pipeline/page/page.h"
#include "pipeline/song/page_files.h"

static char *name_folder(const silbe_songs *songs, const char *out, silbe_err *err)
{
    const silbe_song *first = &songs->items[0];
    const char *slash = strrchr(first->audio, '/');
    int length = slash != NULL ? (int)(slash - first->audio) + 1 : 0;
    char *name = silbe_format(err, "%s.page", songs->n == 1 ? first->name : "songs");
    char *folder = out != NULL ? silbe_join_path(out, name, err)
                               : silbe_format(err, "%.*s%s", length, first->audio, name);
    free(name);
    return folder;
}

/* A page, or nothing, may be replaced. */
static void check_folder(const char *folder, silbe_err *err)
{
    char *mark = silbe_join_path(folder, "data/overview.js", err);
    if (mark != NULL && access(folder, F_OK) == 0 && access(mark, F_OK) != 0) {
        (void)silbe_fail(
            err, SILBE_ERR_DATA,
            "%s is there and is no page of silbe; --overwrite writes into it, -o FOLDER "
            "elsewhere",
            folder);
    }
    free(mark);
}

/* Said before the work, not after it. */
static void check_assets(silbe_err *err)
{
    char *assets = silbe_page_assets(NULL, err),
         *index = silbe_join_path(assets, "index.html", err);
    if (index != NULL && access(index, R_OK) != 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "%s: the page that --page is made of is missing; `make page`, in the "
                         "folder of the sources, builds it",
                         assets);
    }
    free(index);
    free(assets);
}

static void make_work_folder(silbe_song_page *page, silbe_err *err)
{
    const char *folder = getenv("TMPDIR");
    page->work = silbe_format(err, "%s/silbe-XXXXXX",
                              folder != NULL && folder[0] != '\0' ? folder : P_tmpdir);
    if (page->work != NULL && mkdtemp(page->work) == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: %s", page->work, strerror(errno));
        free(page->work);
        page->work = NULL;
    }
}

static void set(silbe_config *config, const char *key, const char *value, silbe_err *err)
{
    silbe_try(err, silbe_config_set_value(config, silbe_config_find(key), value, err));
}

silbe_status silbe_song_page_begin(const silbe_config *config, const silbe_songs *songs,
                                   const char *out, bool overwrite, silbe_song_page *page,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    page->config = *config;
    page->folder = name_folder(songs, out, err);
    if (!overwrite) {
        check_folder(page->folder, err);
    }
    check_assets(err);
    make_work_folder(page, err);
    set(&page->config, "work.folder", page->work, err);
    set(&page->config, "dataset.name", songs->n == 1 ? songs->items[0].name : "songs", err);
    set(&page->config, "run.items", "*", err);
    return err->status;
}

silbe_status silbe_song_page_write(silbe_cli *cli, const silbe_songs *songs,
                                   const silbe_song_page *page, silbe_err *err)
{
    silbe_err own;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_page_summary summary = SILBE_PAGE_SUMMARY_INIT;
    err = silbe_err_begin(err, &own);
    silbe_page_files_list(&page->config, songs, &dataset, err);
    if (dataset.n_items > 0 && !silbe_failed(err)) {
        char *assets = silbe_page_assets(NULL, err);
        const silbe_page_facts facts = {
            .assets = assets, .command = cli->run.command, .folder = page->folder};
        silbe_try(err, silbe_page_write(&page->config, &dataset, &facts, &summary, err));
        free(assets);
        if (!silbe_failed(err)) {
            silbe_log_info(&cli->log, "the page to listen to, for any browser: %s/index.html",
                           page->folder);
        }
    }
    silbe_messages_free(&summary.problems);
    silbe_dataset_free(&dataset);
    return err->status;
}

void silbe_song_page_end(silbe_song_page *page)
{
    if (page->work != NULL) {
        silbe_status removed = silbe_remove_tree(page->work, NULL);
        (void)removed;
    }
    free(page->work);
    free(page->folder);
}
