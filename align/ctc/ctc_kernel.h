/*
 * The forward-backward kernel, written once for all instruction sets. Whoever includes this has
 * defined, for vectors `vec` of WIDTH doubles and masks `vmask`:
 *
 *     TARGET, WIDTH (lanes), GROUP (vectors that stay in registers), KERNEL_NAME
 *     v_load v_store v_set1 v_add v_sub v_mul v_div v_max
 *     v_scale(m, d)        m * 2^d, d <= 0 an integer; 0 or anything below 2^-700 m when d < -1022
 *     v_pow2(d)            2^d, d an integer <= 1023; 0 below -1022
 *     v_gather(table, at, m, e)  *m = table[2 * at[i]], *e = table[2 * at[i] + 1], lane by lane
 *     v_shift(high, low)   high moved up by a lane, lane 0 from the last lane of low
 *     v_reverse(x)         lanes in opposite order
 *     v_mask(bits)         lane i is on if bit i is set;  v_pick(mask, on, off)
 *
 * No include guard: each of them includes it once.
 */

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    vec m;
    vec e;
} number;

TARGET INLINE number sum_of(number a, number b)
{
    vec e = v_max(a.e, b.e);
    number sum = {v_add(v_scale(a.m, v_sub(a.e, e)), v_scale(b.m, v_sub(b.e, e))), e};
    return sum;
}

/* alpha beta / (y P), Graves et al. equation 14, from beta / P before it is multiplied by y. */
TARGET INLINE void combine(double *m, const double *e, number beta)
{
    vec exponent = v_add(v_load(e), v_reverse(beta.e));
    v_store(m, v_mul(v_mul(v_load(m), v_reverse(beta.m)), v_pow2(exponent)));
}

TARGET INLINE void advance(const silbe_ctc_sweep_tile *tile, const int32_t *symbol, uint32_t skip,
                           const silbe_ctc_row *row, size_t at, double *edge, silbe_ctc_mode mode,
                           const silbe_ctc_out *out)
{
    number label[GROUP];
    number blank[GROUP];
    for (int v = 0; v < GROUP; v++) {
        size_t j = at + (size_t)v * WIDTH;
        label[v] = (number){v_load(row->label_m + j), v_load(row->label_e + j)};
        blank[v] = (number){v_load(row->blank_m + j), v_load(row->blank_e + j)};
    }
    for (size_t f = 0; f < tile->n_frames; f++) {
        const double *table = tile->table + f * tile->stride;
        vec blank_m = v_set1(tile->blank_m[f]);
        vec blank_e = v_set1(tile->blank_e[f]);
        ptrdiff_t to = (ptrdiff_t)f * (mode == SILBE_CTC_ADVANCE ? 0 : out->stride);
        number before = {v_load(edge + 16 * f), v_load(edge + 16 * f + 8)};
        for (int v = 0; v < GROUP; v++) {
            size_t j = at + (size_t)v * WIDTH;
            size_t mirrored = SILBE_CTC_UNIT - WIDTH - j;
            number from = {v_shift(label[v].m, before.m), v_shift(label[v].e, before.e)};
            before = label[v];
            number into_blank = sum_of(blank[v], from);
            vmask may = v_mask(skip >> j);
            number enter = {v_pick(may, into_blank.m, blank[v].m),
                            v_pick(may, into_blank.e, blank[v].e)};
            number into_label = sum_of(enter, label[v]);
            if (mode == SILBE_CTC_COMBINE) {
                combine(out->row.label_m + to + mirrored, out->row.label_e + to + mirrored,
                        into_label);
                combine(out->row.blank_m + to + mirrored, out->row.blank_e + to + mirrored,
                        into_blank);
            }
            if (mode == SILBE_CTC_STORE && out->share != NULL) {
                vec part = v_mul(enter.m, v_pow2(v_sub(enter.e, into_label.e)));
                v_store(out->share + to + j, v_div(part, v_max(into_label.m, v_set1(0x1p-1000))));
            }
            number emission;
            v_gather(table, symbol + j, &emission.m, &emission.e);
            label[v].m = v_mul(into_label.m, emission.m);
            label[v].e = v_add(into_label.e, emission.e);
            blank[v].m = v_mul(into_blank.m, blank_m);
            blank[v].e = v_add(into_blank.e, blank_e);
            if (mode == SILBE_CTC_STORE) {
                v_store(out->row.label_m + to + j, label[v].m);
                v_store(out->row.label_e + to + j, label[v].e);
                v_store(out->row.blank_m + to + j, blank[v].m);
                v_store(out->row.blank_e + to + j, blank[v].e);
            }
        }
        v_store(edge + 16 * f, before.m);
        v_store(edge + 16 * f + 8, before.e);
    }
    for (int v = 0; v < GROUP; v++) {
        size_t j = at + (size_t)v * WIDTH;
        v_store(row->label_m + j, label[v].m);
        v_store(row->label_e + j, label[v].e);
        v_store(row->blank_m + j, blank[v].m);
        v_store(row->blank_e + j, blank[v].e);
    }
}

TARGET void KERNEL_NAME(const silbe_ctc_sweep_tile *tile, const int32_t *symbol, uint32_t skip,
                        const silbe_ctc_row *row, double *edge, silbe_ctc_mode mode,
                        const silbe_ctc_out *out)
{
    for (size_t at = 0; at < SILBE_CTC_UNIT; at += (size_t)GROUP * WIDTH) {
        if (mode == SILBE_CTC_ADVANCE) {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_ADVANCE, NULL);
        } else if (mode == SILBE_CTC_STORE) {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_STORE, out);
        } else {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_COMBINE, out);
        }
    }
}
