/*
 * Where the page lies that reports are made of: HTML, script and style, without data.
 */
#ifndef SILBE_PAGE_ASSETS_H
#define SILBE_PAGE_ASSETS_H

#include "features/base/status.h"

/* The folder that was asked for, else the one that was installed, else build/page/dist below the
 * current folder; allocated. A step (features/base/status.h). */
char *silbe_page_assets(const char *asked, silbe_err *err);

#endif
