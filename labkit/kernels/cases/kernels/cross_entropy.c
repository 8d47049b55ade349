// Two passes over a row, the second from the first cache: its maximum, then the sum of exp(x - maximum), each in
// SUMS vectors; the loss is log(sum) + (maximum - x[target]). A target of -100 is torch's "ignore this row".
#include <math.h>
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define SUMS 4  // one of: 1 2 4 8
#define CHUNK 8  // one of: 1 8 64

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int vi __attribute__((vector_size(4 * LANES)));

enum { BLOCK = SUMS * LANES, WHOLE = CLASSES / BLOCK * BLOCK, VECTORS = CLASSES / LANES * LANES };

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

INLINE vf larger(vf a, vf b)
{
    vi first = a > b;
    return (vf)((first & (vi)a) | (~first & (vi)b));
}

INLINE vf exp_v(vf x)  // for x <= 0, relative error 1e-7 (libm's is not vectorised); 1.6e-38 below -87
{
    x = larger(x, (vf){0} - 87.0f);
    vf shifted = x * 1.44269504f + 12582912.0f;  // its low bits: the integer n nearest x / ln 2
    vf n = shifted - 12582912.0f;
    vf r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // x - n ln 2, ln 2 in two parts
    vf p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    return (vf)((vi)p + ((vi)shifted << 23));  // times 2^n
}

static float loss(const real *x, int64_t target)
{
    float top = -INFINITY, total = 0;
    vf high[SUMS], sum[SUMS] = {0};
#pragma GCC unroll 8
    for (int s = 0; s < SUMS; s++) high[s] = (vf){0} - INFINITY;
    for (int c = 0; c < WHOLE; c += BLOCK)
#pragma GCC unroll 8
        for (int s = 0; s < SUMS; s++) high[s] = larger(load(x + c + s * LANES, LANES), high[s]);
    for (int c = WHOLE; c < VECTORS; c += LANES) high[0] = larger(load(x + c, LANES), high[0]);
    for (int c = VECTORS; c < CLASSES; c++) top = (float)x[c] > top ? (float)x[c] : top;
#pragma GCC unroll 8
    for (int s = 1; s < SUMS; s++) high[0] = larger(high[s], high[0]);
    for (int i = 0; i < LANES; i++) top = high[0][i] > top ? high[0][i] : top;

    for (int c = 0; c < WHOLE; c += BLOCK)
#pragma GCC unroll 8
        for (int s = 0; s < SUMS; s++) sum[s] += exp_v(load(x + c + s * LANES, LANES) - top);
    for (int c = WHOLE; c < VECTORS; c += LANES) sum[0] += exp_v(load(x + c, LANES) - top);
    const vf rest = exp_v(load(x + VECTORS, CLASSES - VECTORS) - top);
    for (int i = 0; i < CLASSES - VECTORS; i++) total += rest[i];
#pragma GCC unroll 8
    for (int s = 1; s < SUMS; s++) sum[0] += sum[s];
    for (int i = 0; i < LANES; i++) total += sum[0][i];
    return target == -100 ? 0 : logf(total) + (top - (float)x[target]);
}

void kernel(const real *logits, const int64_t *target, real *out)
{
#pragma omp parallel for schedule(static, CHUNK) num_threads(THREADS) if (THREADS > 1)
    for (int r = 0; r < ROWS; r++) out[r] = (real)loss(logits + (int64_t)r * CLASSES, target[r]);
}
