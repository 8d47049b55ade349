// Each vector is summed up in itself, by log2(LANES) shifts and additions, apart from the sum of all before it;
// so the only chain from vector to vector is one addition. That carry is a double (added as two floats, the
// rounded value and the rest), which keeps the error of a long row at that of the last rounding.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define ROW_GROUP 4  // one of: 1 2 4
#define UNROLL 1  // one of: 1 2 4
enum { TIMES = UNROLL };  // as the pragma takes no macros

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int vi __attribute__((vector_size(4 * LANES)));

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

INLINE void store(real *p, vf v, int n)  // the first n lanes only
{
    if (n >= LANES && sizeof(real) == 4) *(vfu *)p = v;
#ifdef __AVX512F__
    else if (n >= LANES) _mm256_storeu_si256((void *)p, _mm512_cvtps_ph((__m512)v, 0));
#endif
    else for (int i = 0; i < LANES; i++)
        if (i < n) p[i] = (real)v[i];
}

INLINE vf running(vf v)
{
    vi lane;
    for (int i = 0; i < LANES; i++) lane[i] = i;
#pragma GCC unroll 4
    for (int s = 1; s < LANES; s *= 2) {  // lane i gets i - s, or the zero in lane LANES
        const vi from = lane - s, none = from < 0;
        v += __builtin_shuffle(v, (vf){0}, (from & ~none) | (none & LANES));
    }
    return v;
}

INLINE void rows_at(const real *x, real *out, int rows)  // rows is a constant; their chains overlap
{
    double carry[ROW_GROUP] = {0};
#pragma GCC unroll TIMES
    for (int c = 0; c < COLS; c += LANES)
#pragma GCC unroll 4
        for (int r = 0; r < rows; r++) {
            const vf v = running(load(x + r * COLS + c, COLS - c));
            const float rounded = (float)carry[r], rest = (float)(carry[r] - rounded);
            store(out + r * COLS + c, (v + rest) + rounded, COLS - c);
            carry[r] += v[LANES - 1];
        }
}

void kernel(const real *x, real *out)
{
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int r = 0; r < ROWS; r += ROW_GROUP)
        if (r + ROW_GROUP <= ROWS) rows_at(x + r * COLS, out + r * COLS, ROW_GROUP);
        else rows_at(x + r * COLS, out + r * COLS, ROWS % ROW_GROUP);
}
