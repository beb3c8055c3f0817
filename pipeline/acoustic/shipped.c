#include "pipeline/acoustic/shipped.h"

extern const unsigned char silbe_shipped_weights_begin[];
extern const unsigned char silbe_shipped_weights_end[];

const unsigned char *silbe_shipped_weights(size_t *size)
{
    *size = (size_t)(silbe_shipped_weights_end - silbe_shipped_weights_begin);
    return silbe_shipped_weights_begin;
}
