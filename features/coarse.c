#include "features/coarse.h"

#include <string.h>

silbe_status silbe_coarse_rows(const silbe_matrix *in, size_t factor, silbe_matrix *out,
                               silbe_err *err)
{
    *out = (silbe_matrix)SILBE_MATRIX_INIT;
    if (factor == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "factor of coarse frames should be > 0, got 0");
    }
    size_t n_rows = in->n_rows / factor + (in->n_rows % factor != 0);
    silbe_status status = silbe_matrix_new(out, n_rows, in->n_cols, err);
    if (status != SILBE_OK || out->data == NULL) {
        return status;
    }
    for (size_t t = 0; t < n_rows; t++) {
        memcpy(silbe_matrix_row(out, t), silbe_matrix_row(in, t * factor),
               in->n_cols * sizeof(float));
    }
    return SILBE_OK;
}

silbe_status silbe_coarse_chroma(const silbe_chroma_options *options, const silbe_matrix *energy,
                                 size_t factor, silbe_matrix *chroma, silbe_err *err)
{
    silbe_matrix rows = SILBE_MATRIX_INIT;
    *chroma = (silbe_matrix)SILBE_MATRIX_INIT;
    silbe_status status = silbe_coarse_rows(energy, factor, &rows, err);
    if (status == SILBE_OK) {
        status = silbe_chroma_from_energy(options, &rows, chroma, err);
    }
    silbe_matrix_free(&rows);
    return status;
}

silbe_status silbe_coarse_onset(const silbe_onset_options *options, double hop_s,
                                const silbe_matrix *energy, size_t factor, silbe_matrix *onset,
                                silbe_err *err)
{
    silbe_status status = silbe_coarse_rows(energy, factor, onset, err);
    double coarse_hop_s = hop_s * (double)factor;
    if (status == SILBE_OK) {
        status = silbe_onset_difference(options, coarse_hop_s, onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_onset_normalise(options, coarse_hop_s, onset, err);
    }
    if (status != SILBE_OK) {
        silbe_matrix_free(onset);
    }
    return status;
}
