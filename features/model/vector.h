/*
 * Loops over channels, compiled by GCC once for AVX2 and once for any processor; the right one is
 * chosen when the program is loaded. No operation is fused or reordered, so both give the same
 * bits. clang gives such functions a name that no other object file finds (seen with version 14),
 * and sanitizers cannot instrument what runs while a program is being loaded: there they are
 * compiled once, for any processor, which costs a few percent. Internal to features/model.
 */
#ifndef SILBE_FEATURES_MODEL_VECTOR_H
#define SILBE_FEATURES_MODEL_VECTOR_H

#include <stddef.h>

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&   \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SILBE_MODEL_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SILBE_MODEL_CLONES
#endif

/* y[c] = (((y[c] + a[0][c] b[0][c]) + a[1][c] b[1][c]) + ...), n_terms >= 0 */
void silbe_vector_add_products(float *y, const float *const *a, const float *const *b,
                               size_t n_terms, size_t n);

/* y[c] += sum of n_rows rows of x, in order */
void silbe_vector_add_rows(float *y, const float *x, size_t n_rows, size_t n);

#endif
