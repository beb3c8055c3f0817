/* Fuzz target: any file of weights, sealed so that the parser is reached, fails cleanly or gives a
 * model that is written to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "tests/features/model/weights_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = malloc(size + 1);
    silbe_err err = SILBE_ERR_INIT;
    silbe_model model;
    if (bytes == NULL) {
        return 0;
    }
    memcpy(bytes, data, size);
    seal_weights(bytes, size);
    if (silbe_weights_parse(bytes, size, &model, &err) == SILBE_OK) {
        unsigned char *again;
        size_t n;
        if (silbe_weights_format(&model, SILBE_WEIGHTS_FLOAT32, &again, &n, &err) != SILBE_OK) {
            abort();
        }
        free(again);
    }
    silbe_model_free(&model);
    free(bytes);
    return 0;
}
