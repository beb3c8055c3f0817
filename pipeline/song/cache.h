/*
 * What `silbe align SONG TEXT` keeps out of sight: features and posteriorgrams, so that the same
 * recording with another text, or a run that was stopped, does not begin from nothing.
 *
 *     $XDG_CACHE_HOME/silbe/KIND/KEY/...    or ~/.cache/silbe
 *
 * KEY is a digest of everything that the entry depends on, so an entry is never stale, and two runs
 * never disagree about one. An entry is a folder that appears whole or not at all. No locks: an
 * entry that another run removes is computed again, and one that another run has made meanwhile
 * is as good. A cache that cannot be written is no failure: the work is done without it.
 */
#ifndef SILBE_CACHE_H
#define SILBE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "pipeline/host/digest.h"

#define SILBE_CACHE_NOTES "written" /* the kind of entry that is not counted and not trimmed */

/* Part of the name of what is not an entry yet; it goes once it is a day old, not before. */
#define SILBE_CACHE_UNFINISHED ".tmp."

enum { SILBE_CACHE_MAX_BYTES = 1 << 30 }; /* silbe_cache_trim leaves no more */

/* Its folder, allocated, which need not exist; NULL without failure where the environment names no
 * home. A step (features/base/status.h). */
char *silbe_cache_folder(silbe_err *err);

/* Where an entry lies, allocated; NULL where folder is NULL. A step. */
char *silbe_cache_path(const char *folder, const char *kind, const char key[SILBE_DIGEST_HEX_SIZE],
                       silbe_err *err);

/* Whether the entry is there and holds what was put into it; it counts as used now. One that was
 * damaged is removed. */
bool silbe_cache_has(const char *path);

/* A new, empty folder beside the entry, allocated, to write the entry's files to; NULL after a
 * failure, which *err tells. A step. */
char *silbe_cache_begin(const char *path, silbe_err *err);

/* Moves it into place, or removes it where another run was first, or after a failure. A step but
 * for that. */
void silbe_cache_end(const char *path, const char *temporary, silbe_err *err);

/* Entries and bytes; zero where there is no cache. */
void silbe_cache_measure(const char *folder, size_t *n_entries, uint64_t *n_bytes);

/* Removes what was used longest ago until at most max_bytes are left, and what killed runs left
 * behind a day ago or earlier. Failures are left for the next time. */
void silbe_cache_trim(const char *folder, uint64_t max_bytes);

/* Removes everything. SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_cache_clear(const char *folder, silbe_err *err);

#endif
