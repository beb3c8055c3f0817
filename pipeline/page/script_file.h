/*
 * Data of the page as scripts: a page opened from disk may load scripts beside it, but not fetch
 * files. A script holds one value:
 *
 *     (window.silbeData=window.silbeData||{})["KEY"]={...};
 *
 * ASCII only, so that neither a byte order nor a line separator in a text can end it early.
 */
#ifndef SILBE_PAGE_SCRIPT_FILE_H
#define SILBE_PAGE_SCRIPT_FILE_H

#include <jansson.h>

#include "features/base/status.h"

/* Writes value under key (letters, digits and '-') to path, atomically; numbers with ten digits. */
SILBE_MUST_CHECK silbe_status silbe_page_write_script(const char *path, const char *key,
                                                      const json_t *value, silbe_err *err);

/* A JSON string of a text of any bytes: what is not UTF-8 becomes U+FFFD, control characters
 * blanks. null for NULL; NULL if memory is short, which jansson's containers pass on. */
json_t *silbe_page_text(const char *text);

/* The number rounded to so many decimals, or null if it is not finite. */
json_t *silbe_page_number(double value, int n_decimals);

#endif
