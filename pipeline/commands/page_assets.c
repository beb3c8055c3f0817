#include "pipeline/commands/page_assets.h"

#include "features/base/memory.h"

char *silbe_page_assets(const char *asked, silbe_err *err)
{
    return silbe_copy_text(asked != NULL ? asked : "build/page/dist", err);
}
