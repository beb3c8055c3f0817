#include "pipeline/commands/page_assets.h"

#include "features/base/memory.h"
#include "pipeline/host/install_path.h"

char *silbe_page_assets(const char *asked, silbe_err *err)
{
    char *installed = asked == NULL ? silbe_share_path("page", err) : NULL;
    if (installed != NULL) {
        return installed;
    }
    return silbe_copy_text(asked != NULL ? asked : "build/page/dist", err);
}
