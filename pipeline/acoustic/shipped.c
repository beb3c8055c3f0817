#include "pipeline/acoustic/shipped.h"

extern const unsigned char silbe_shipped_first[];
extern const unsigned char silbe_shipped_second[];
extern const unsigned char silbe_shipped_end[];

const unsigned char *silbe_shipped_weights(size_t i, size_t *size)
{
    const unsigned char *const begins[] = {silbe_shipped_first, silbe_shipped_second,
                                           silbe_shipped_end};
    *size = (size_t)(begins[i + 1] - begins[i]);
    return begins[i];
}
