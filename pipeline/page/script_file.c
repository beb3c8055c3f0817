#include "pipeline/page/script_file.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/atomic_file.h"
#include "pipeline/output/text.h"

enum { N_DIGITS = 10 };

silbe_status silbe_page_write_script(const char *path, const char *key, const json_t *value,
                                     silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    if (value == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    (void)fprintf(file.stream, "(window.silbeData=window.silbeData||{})[\"%s\"]=", key);
    /* A failure to write shows at commit; any other is one of memory. */
    if (json_dumpf(value, file.stream,
                   JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(N_DIGITS)) != 0 &&
        !ferror(file.stream)) {
        silbe_atomic_abort(&file);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    (void)fputs(";\n", file.stream);
    return silbe_atomic_commit(&file, err);
}

json_t *silbe_page_text(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    char *clean = silbe_text_copy(text, SILBE_TEXT_PLAIN);
    json_t *string = clean != NULL ? json_string(clean) : NULL;
    free(clean);
    return string;
}

json_t *silbe_page_number(double value, int n_decimals)
{
    double scale = pow(10.0, n_decimals);
    return isfinite(value) ? json_real(round(value * scale) / scale) : json_null();
}
