/*
 * How the page finds a recording: a relative URL to where it lies, or to a copy below the page.
 */
#ifndef SILBE_PAGE_AUDIO_LINK_H
#define SILBE_PAGE_AUDIO_LINK_H

#include "features/base/status.h"

/*
 * *url: the way from folder to the file, both of which must exist, as a relative URL; every byte
 * that is not a letter, a digit or one of "-._~/" is percent-encoded, so any file name is safe.
 * Allocated. SILBE_ERR_IO if one of them does not exist.
 */
SILBE_MUST_CHECK silbe_status silbe_page_relative_url(const char *folder, const char *file,
                                                      char **url, silbe_err *err);

/* Copies a file, atomically; a copy that is the same already stays. */
SILBE_MUST_CHECK silbe_status silbe_page_copy_file(const char *from, const char *to,
                                                   silbe_err *err);

#endif
