/* Runs a fuzz target without a fuzzer: inputs of all lengths up to some hundred bytes, always the
 * same, then the files named as arguments. */
#include "tests/fuzz/bytes.h"

enum { N_INPUTS = 4000, MOST_BYTES = 400 };

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static int replay_file(const char *path)
{
    static uint8_t data[1 << 16];
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        (void)fprintf(stderr, "replay: %s: cannot be opened\n", path);
        return 1;
    }
    size_t size = fread(data, 1, sizeof data, stream);
    int bad = ferror(stream);
    (void)fclose(stream);
    return bad != 0 ? 1 : LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
    static uint8_t data[MOST_BYTES];
    uint64_t state = 20311;
    (void)LLVMFuzzerTestOneInput(data, 0);
    for (int fill = 0; fill < 256; fill++) {
        memset(data, fill, sizeof data);
        (void)LLVMFuzzerTestOneInput(data, sizeof data);
    }
    for (size_t i = 0; i < N_INPUTS; i++) {
        size_t size = next_random(&state) % (MOST_BYTES + 1);
        unsigned bits = 1 + (unsigned)(next_random(&state) % 8); /* small values as well */
        for (size_t k = 0; k < size; k++) {
            data[k] = (uint8_t)(next_random(&state) & ((1U << bits) - 1));
        }
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    for (int i = 1; i < argc; i++) {
        if (replay_file(argv[i]) != 0) {
            return 1;
        }
    }
    return 0;
}
