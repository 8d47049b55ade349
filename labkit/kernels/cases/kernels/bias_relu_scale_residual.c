// One pass over memory instead of eager's four: bias and scale stay in the first cache as floats. BLOCK columns
// of several rows go together, so that this holds for very long rows too.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define BLOCK 4096  // one of: 256 1024 4096
#define UNROLL 4  // one of: 1 2 4
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

INLINE vf combine(vf x, vf bias, vf scale, vf residual)
{
    x += bias;
    return (vf)((vi)x & ~(x < 0.0f)) * scale + residual;  // a NaN is not below 0: it stays, as in torch
}

void kernel(const real *x, const real *bias, const real *scale, const real *residual, real *out)
{
    enum { WIDE = (COLS + LANES - 1) / LANES * LANES };
    static _Alignas(64) float add[WIDE], times[WIDE];
    for (int c = 0; c < COLS; c += LANES) {
        *(vf *)(add + c) = load(bias + c, COLS - c);
        *(vf *)(times + c) = load(scale + c, COLS - c);
    }
    for (int from = 0; from < COLS; from += BLOCK) {
        const int to = COLS - from < BLOCK ? COLS : from + BLOCK;
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
        for (int r = 0; r < ROWS; r++) {
            const int row = r * COLS, whole = from + (to - from) / LANES * LANES;
#pragma GCC unroll TIMES
            for (int c = from; c < whole; c += LANES)
                store(out + row + c, combine(load(x + row + c, LANES), *(vf *)(add + c), *(vf *)(times + c),
                                             load(residual + row + c, LANES)), LANES);
            if (whole < to)
                store(out + row + whole, combine(load(x + row + whole, to - whole), *(vf *)(add + whole),
                                                 *(vf *)(times + whole), load(residual + row + whole, to - whole)),
                      to - whole);
        }
    }
}
