/* Conversions of warping paths: any list of cells is converted or refused; there and back is the
 * same. */
#include "align/path/map.h"
#include "align/path/path.h"
#include "align/path/steps.h"
#include "align/path/unfold.h"
#include "tests/fuzz/bytes.h"

#include <math.h>

enum { MOST_CELLS = 40, MOST_SIDE = 64, CAPACITY = 4 * MOST_SIDE };

typedef struct {
    silbe_path_point cells[MOST_CELLS];
    size_t length;
} list;

static list read_list(fuzz_bytes *b)
{
    list l = {.length = fuzz_below(b, MOST_CELLS + 1)};
    int wild = fuzz_below(b, 4) == 0;
    silbe_path_point at = {0, 0};
    for (size_t i = 0; i < l.length; i++) {
        if (wild) {
            at = (silbe_path_point){fuzz_below(b, MOST_SIDE), fuzz_below(b, MOST_SIDE)};
        } else if (i > 0) {
            unsigned byte = fuzz_byte(b);
            at.n += byte % 4 == 0 ? 0 : 1;
            at.m += byte % 4 == 1 ? 0 : 1;
        }
        l.cells[i] = at;
    }
    return l;
}

static void there_and_back(const list *l)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_steps steps = silbe_path_steps_classical(1.0, 1.0, 1.0);
    silbe_path_rules rules = {&steps, false, false};
    uint8_t arrows[MOST_CELLS];
    silbe_path_point again[MOST_CELLS];
    if (silbe_path_check(l->cells, l->length, MOST_SIDE, MOST_SIDE, &rules, &err) != SILBE_OK) {
        fuzz_require(err.message[0] != '\0');
        return;
    }
    fuzz_require(silbe_path_to_arrows(l->cells, l->length, &steps, arrows, &err) == SILBE_OK);
    fuzz_require(silbe_path_from_arrows(l->cells[0], arrows, l->length - 1, &steps, again, &err) ==
                 SILBE_OK);
    fuzz_require(memcmp(again, l->cells, l->length * sizeof *again) == 0);
    silbe_path_invert(again, l->length);
    silbe_path_invert(again, l->length);
    fuzz_require(memcmp(again, l->cells, l->length * sizeof *again) == 0);
    size_t kept = silbe_path_strictly_monotonic(l->cells, l->length, again);
    fuzz_require(kept >= 1 && kept <= l->length);
    for (size_t i = 1; i < kept; i++) {
        fuzz_require(again[i].n > again[i - 1].n && again[i].m > again[i - 1].m);
    }
}

/* Arrows of any steps: refused, or cells that give the same arrows. */
static void arrows_and_back(fuzz_bytes *b)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_steps steps = silbe_path_steps_monotonic(false);
    uint8_t arrows[MOST_CELLS];
    uint8_t again[MOST_CELLS];
    silbe_path_point cells[MOST_CELLS + 1];
    size_t n = fuzz_below(b, MOST_CELLS + 1);
    for (size_t i = 0; i < n; i++) {
        arrows[i] = (uint8_t)fuzz_below(b, 4); /* 3 is no step */
    }
    if (silbe_path_from_arrows((silbe_path_point){0, 0}, arrows, n, &steps, cells, &err) ==
        SILBE_OK) {
        fuzz_require(silbe_path_to_arrows(cells, n + 1, &steps, again, &err) == SILBE_OK);
        fuzz_require(memcmp(arrows, again, n) == 0);
    } else {
        fuzz_require(err.message[0] != '\0');
    }
}

static void convert(fuzz_bytes *b, const list *l, const list *other)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_path_point out[CAPACITY];
    size_t length = 0;
    size_t columns[MOST_SIDE];
    double factor = 0.25 * (double)fuzz_below(b, 9);
    size_t capacity = fuzz_below(b, 4) == 0 ? fuzz_below(b, 20) : CAPACITY;
    if (silbe_path_fill(l->cells, l->length, out, capacity, &length, &err) == SILBE_OK) {
        silbe_path_steps classical = silbe_path_steps_classical(1.0, 1.0, 1.0);
        uint8_t arrows[CAPACITY];
        fuzz_require(length <= capacity);
        fuzz_require(silbe_path_to_arrows(out, length, &classical, arrows, &err) == SILBE_OK);
    }
    if (silbe_path_resample(l->cells, l->length, factor, 0.5, MOST_SIDE, MOST_SIDE, out, capacity,
                            &length, &err) == SILBE_OK) {
        fuzz_require(length <= capacity);
        for (size_t i = 0; i < length; i++) {
            fuzz_require(out[i].n < MOST_SIDE && out[i].m < MOST_SIDE);
        }
        fuzz_require(silbe_path_check(out, length, MOST_SIDE, MOST_SIDE, NULL, &err) == SILBE_OK);
    }
    if (silbe_path_compose(l->cells, l->length, other->cells, other->length, out, capacity, &length,
                           &err) == SILBE_OK) {
        fuzz_require(length <= capacity);
        fuzz_require(silbe_path_check(out, length, MOST_SIDE, MOST_SIDE, NULL, &err) == SILBE_OK);
    }
    if (silbe_unfold_path(l->cells, l->length, MOST_SIDE, fuzz_below(b, 2) == 1, columns, &err) ==
        SILBE_OK) {
        fuzz_require(silbe_unfold_to_path(columns, MOST_SIDE, out, &length, &err) == SILBE_OK);
        fuzz_require(length <= MOST_SIDE);
    }
    double x_s[MOST_CELLS];
    double y_s[MOST_CELLS];
    silbe_map map = {x_s, y_s, 0, SILBE_MAP_EXTEND};
    if (l->length > 0 &&
        silbe_map_from_path(l->cells, l->length, 0.02, 0.01, out, &map, &err) == SILBE_OK) {
        fuzz_require(silbe_map_check(&map, &err) == SILBE_OK);
        fuzz_require(isfinite(silbe_map_y(&map, 0.3)) && isfinite(silbe_map_x(&map, 0.3)));
        fuzz_require(silbe_map_y(&map, 0.3) <= silbe_map_y(&map, 0.31));
    }
}

static void labels(fuzz_bytes *b)
{
    int32_t symbols[MOST_SIDE];
    int32_t collapsed[MOST_SIDE];
    int32_t expanded[2 * MOST_SIDE + 1];
    int32_t again[2 * MOST_SIDE + 1];
    size_t n = fuzz_below(b, MOST_SIDE + 1);
    for (size_t i = 0; i < n; i++) {
        symbols[i] = (int32_t)fuzz_below(b, 4);
    }
    size_t n_labels = silbe_labels_collapse(symbols, n, 0, collapsed, NULL);
    fuzz_require(n_labels <= n);
    silbe_labels_expand(collapsed, n_labels, 0, expanded);
    size_t n_again =
        silbe_labels_collapse(expanded, silbe_labels_n_states(n_labels), 0, again, NULL);
    fuzz_require(n_again == n_labels);
    fuzz_require(memcmp(again, collapsed, n_labels * sizeof *again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_bytes b = {data, size};
    list l = read_list(&b);
    list other = read_list(&b);
    there_and_back(&l);
    arrows_and_back(&b);
    convert(&b, &l, &other);
    labels(&b);
    return 0;
}
