/* What lies around: the page of reports, the terminal's locale, the cache, configurations. */
#define _POSIX_C_SOURCE 200809L
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "datasets/listing.h"
#include "features/base/format.h"
#include "pipeline/commands/doctor_checks.h"
#include "pipeline/commands/page_assets.h"
#include "pipeline/song/cache.h"

static const char GROUP[] = "here";

static void add_page(silbe_findings *findings, silbe_err *err)
{
    static const char *const FILES[] = {"index.html", "app.js", "app.css"};
    char *folder = silbe_page_assets(NULL, err);
    bool is_there = true;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0] && folder != NULL; i++) {
        char *path = silbe_join_path(folder, FILES[i], err);
        is_there = is_there && path != NULL && access(path, R_OK) == 0;
        free(path);
    }
    silbe_findings_add(findings, GROUP, "page", is_there ? SILBE_FOUND_GOOD : SILBE_FOUND_ABSENT,
                       silbe_format(err, "%s%s", folder != NULL ? folder : "",
                                    is_there ? ": reports as a page can be made"
                                             : " does not hold the page of reports; make page, in "
                                               "the folder of the sources, builds it"),
                       err);
    free(folder);
}

/* Files are UTF-8 in any locale; only what a terminal shows depends on it. */
static void add_locale(silbe_findings *findings, silbe_err *err)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    const char *set = locale != (locale_t)0 ? nl_langinfo_l(CODESET, locale) : "not installed";
    bool is_utf8 = strcmp(set, "UTF-8") == 0;
    silbe_findings_add(findings, GROUP, "locale", is_utf8 ? SILBE_FOUND_GOOD : SILBE_FOUND_ABSENT,
                       silbe_format(err, "%s%s", set,
                                    is_utf8 ? ""
                                            : "; files are written as UTF-8 all the same, but a "
                                              "terminal may show their umlauts wrongly "
                                              "(LC_ALL=C.UTF-8)"),
                       err);
    if (locale != (locale_t)0) {
        freelocale(locale);
    }
}

static void add_cache(silbe_findings *findings, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    size_t n_entries = 0;
    uint64_t n_bytes = 0;
    char *folder = silbe_cache_folder(&failure);
    silbe_cache_measure(folder, &n_entries, &n_bytes);
    if (silbe_failed(&failure)) {
        silbe_findings_add_failure(findings, GROUP, "cache", &failure, err);
    } else if (folder == NULL) {
        silbe_findings_add(findings, GROUP, "cache", SILBE_FOUND_ABSENT,
                           silbe_format(err, "neither XDG_CACHE_HOME nor HOME names a folder; "
                                             "songs are heard anew each time"),
                           err);
    } else {
        silbe_findings_add(findings, GROUP, "cache", SILBE_FOUND_GOOD,
                           silbe_format(err, "%s: %zu entries, %.1f MB", folder, n_entries,
                                        (double)n_bytes * 1e-6),
                           err);
    }
    free(folder);
}

/* One line for each file of configs/ below the current folder, if it has one. */
static void add_configs(silbe_findings *findings, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    silbe_listing listing = SILBE_LISTING_INIT;
    if (access("configs", X_OK) == 0) {
        silbe_listing_read("configs", &listing, &failure);
    }
    if (silbe_failed(&failure)) {
        silbe_findings_add_failure(findings, GROUP, "configs", &failure, err);
    }
    size_t n_found = 0;
    for (size_t i = 0; i < listing.n_files && !silbe_failed(err); i++) {
        silbe_config config;
        silbe_err wrong = SILBE_ERR_INIT;
        const silbe_listed_file *file = &listing.files[i];
        if (strcmp(file->extension, "yaml") != 0) {
            continue;
        }
        n_found++;
        silbe_config_defaults(&config);
        if (silbe_config_read(&config, file->path, &wrong) != SILBE_OK) {
            silbe_findings_add_failure(findings, GROUP, "config", &wrong, err);
        } else {
            silbe_findings_add(findings, GROUP, "config", SILBE_FOUND_GOOD,
                               silbe_format(err, "%s", file->path), err);
        }
    }
    if (n_found == 0 && !silbe_failed(&failure)) {
        silbe_findings_add(findings, GROUP, "configs", SILBE_FOUND_ABSENT,
                           silbe_format(err, "no configs/NAME.yaml below the current folder: "
                                             "datasets are named by folder or --config"),
                           err);
    }
    silbe_listing_free(&listing);
}

void silbe_doctor_place(silbe_findings *findings, silbe_err *err)
{
    add_page(findings, err);
    add_locale(findings, err);
    add_cache(findings, err);
    add_configs(findings, err);
}
