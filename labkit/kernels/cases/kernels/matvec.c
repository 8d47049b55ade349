// The matrix is read once, in order, and nothing else is large: ROW_GROUP rows at a time share each load of the
// vector, and give as many independent sums (twice that with SUMS 2) to hide the latency of the additions.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define ROW_GROUP 4  // one of: 1 2 4 8
#define SUMS 2  // one of: 1 2 4

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

INLINE vf load(const real *p, int n)  // n lanes of floats, zeros after them
{
    if (n >= LANES && sizeof(real) == 4) return *(const vfu *)p;
#ifdef __AVX512F__
    if (n >= LANES) return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
#endif
    vf v = {0};
    for (int i = 0; i < n && i < LANES; i++) v[i] = (float)p[i];
    return v;
}

INLINE void rows_at(const real *a, const float *x, real *out, int rows)  // rows is a constant
{
    vf sum[ROW_GROUP][SUMS] = {0};
    int c = 0;
    for (; c + SUMS * LANES <= COLS; c += SUMS * LANES)
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
            for (int s = 0; s < SUMS; s++)
                sum[r][s] += load(a + r * COLS + c + s * LANES, LANES) * *(const vf *)(x + c + s * LANES);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
        vf all = sum[r][0];
        for (int s = 1; s < SUMS; s++) all += sum[r][s];
        for (int at = c; at < COLS; at += LANES) all += load(a + r * COLS + at, COLS - at) * *(const vf *)(x + at);
        float total = 0;
        for (int half = LANES / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++) all[i] += all[i + half];
        total = all[0];
        out[r] = (real)total;
    }
}

void kernel(const real *matrix, const real *vector, real *out)
{
    static _Alignas(64) float x[(COLS + LANES - 1) / LANES * LANES];  // as floats, zeros after the last
    for (int c = 0; c < COLS; c += LANES) *(vf *)(x + c) = load(vector + c, COLS - c);
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int r = 0; r < ROWS; r += ROW_GROUP)
        if (r + ROW_GROUP <= ROWS) rows_at(matrix + r * COLS, x, out + r, ROW_GROUP);
        else rows_at(matrix + r * COLS, x, out + r, ROWS % ROW_GROUP);
}
