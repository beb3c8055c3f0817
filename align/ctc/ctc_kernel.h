/*
 * The forward-backward kernel, written once for all instruction sets. Whoever includes this has
 * included one of align/base/lanes_*.h and defined SILBE_CTC_GROUP, the vectors that stay in
 * registers, and SILBE_CTC_SWEEP, the kernel's name. No include guard: each of them includes it
 * once.
 */

typedef struct {
    vec m;
    vec e;
} number;

SILBE_LANES_INLINE number sum_of(number a, number b)
{
    vec e = vec_max(a.e, b.e);
    number sum = {vec_add(vec_scale(a.m, vec_sub(a.e, e)), vec_scale(b.m, vec_sub(b.e, e))), e};
    return sum;
}

/* alpha beta / (y P), Graves et al. equation 14, from beta / P before it is multiplied by y. */
SILBE_LANES_INLINE void combine(double *m, const double *e, number beta)
{
    vec exponent = vec_add(vec_load(e), vec_reverse(beta.e));
    vec_store(m, vec_mul(vec_mul(vec_load(m), vec_reverse(beta.m)), vec_pow2(exponent, -1023.0)));
}

SILBE_LANES_INLINE void advance(const silbe_ctc_sweep_tile *tile, const int32_t *symbol,
                                uint32_t skip, const silbe_ctc_row *row, size_t at, double *edge,
                                silbe_ctc_mode mode, const silbe_ctc_out *out)
{
    number label[SILBE_CTC_GROUP];
    number blank[SILBE_CTC_GROUP];
    for (int v = 0; v < SILBE_CTC_GROUP; v++) {
        size_t j = at + (size_t)v * SILBE_LANES;
        label[v] = (number){vec_load(row->label_m + j), vec_load(row->label_e + j)};
        blank[v] = (number){vec_load(row->blank_m + j), vec_load(row->blank_e + j)};
    }
    for (size_t f = 0; f < tile->n_frames; f++) {
        const double *table = tile->table + f * tile->stride;
        vec blank_m = vec_set(tile->blank_m[f]);
        vec blank_e = vec_set(tile->blank_e[f]);
        ptrdiff_t to = (ptrdiff_t)f * (mode == SILBE_CTC_ADVANCE ? 0 : out->stride);
        number before = {vec_load(edge + 16 * f), vec_load(edge + 16 * f + 8)};
        for (int v = 0; v < SILBE_CTC_GROUP; v++) {
            size_t j = at + (size_t)v * SILBE_LANES;
            size_t mirrored = SILBE_CTC_UNIT - SILBE_LANES - j;
            number from = {vec_next_down(before.m, label[v].m),
                           vec_next_down(before.e, label[v].e)};
            before = label[v];
            number into_blank = sum_of(blank[v], from);
            vec_mask may = vec_mask_of(skip >> j);
            number enter = {vec_pick(may, into_blank.m, blank[v].m),
                            vec_pick(may, into_blank.e, blank[v].e)};
            number into_label = sum_of(enter, label[v]);
            if (mode == SILBE_CTC_COMBINE) {
                combine(out->row.label_m + to + mirrored, out->row.label_e + to + mirrored,
                        into_label);
                combine(out->row.blank_m + to + mirrored, out->row.blank_e + to + mirrored,
                        into_blank);
            }
            if (mode == SILBE_CTC_STORE && out->share != NULL) {
                vec part = vec_mul(enter.m, vec_pow2(vec_sub(enter.e, into_label.e), -1023.0));
                vec_store(out->share + to + j,
                          vec_div(part, vec_max(into_label.m, vec_set(0x1p-1000))));
            }
            number emission;
            vec_look_up(table, symbol + j, &emission.m, &emission.e);
            label[v].m = vec_mul(into_label.m, emission.m);
            label[v].e = vec_add(into_label.e, emission.e);
            blank[v].m = vec_mul(into_blank.m, blank_m);
            blank[v].e = vec_add(into_blank.e, blank_e);
            if (mode == SILBE_CTC_STORE) {
                vec_store(out->row.label_m + to + j, label[v].m);
                vec_store(out->row.label_e + to + j, label[v].e);
                vec_store(out->row.blank_m + to + j, blank[v].m);
                vec_store(out->row.blank_e + to + j, blank[v].e);
            }
        }
        vec_store(edge + 16 * f, before.m);
        vec_store(edge + 16 * f + 8, before.e);
    }
    for (int v = 0; v < SILBE_CTC_GROUP; v++) {
        size_t j = at + (size_t)v * SILBE_LANES;
        vec_store(row->label_m + j, label[v].m);
        vec_store(row->label_e + j, label[v].e);
        vec_store(row->blank_m + j, blank[v].m);
        vec_store(row->blank_e + j, blank[v].e);
    }
}

SILBE_LANES_TARGET void SILBE_CTC_SWEEP(const silbe_ctc_sweep_tile *tile, const int32_t *symbol,
                                        uint32_t skip, const silbe_ctc_row *row, double *edge,
                                        silbe_ctc_mode mode, const silbe_ctc_out *out)
{
    for (size_t at = 0; at < SILBE_CTC_UNIT; at += (size_t)SILBE_CTC_GROUP * SILBE_LANES) {
        if (mode == SILBE_CTC_ADVANCE) {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_ADVANCE, NULL);
        } else if (mode == SILBE_CTC_STORE) {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_STORE, out);
        } else {
            advance(tile, symbol, skip, row, at, edge, SILBE_CTC_COMBINE, out);
        }
    }
}
