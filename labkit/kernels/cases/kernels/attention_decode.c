// Keys and values are read once, in order; scores and sums stay in the first cache. A head's cache is cut into
// PARTS, so that any number of heads fills the threads; the parts are put together by their largest scores.
#include <math.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define PARTS 2  // one of: 1 2 4 8
#define KEYS 16  // one of: 8 16

#define LANES KEYS  // of a vector; the dot products of as many keys are summed up together
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int vi __attribute__((vector_size(4 * LANES)));

enum { VECTORS = (DIM + LANES - 1) / LANES, PART = (CACHE + PARTS - 1) / PARTS };

INLINE vf load(const real *p, int n)  // n lanes of floats, zeros after them
{
    if (n >= LANES && sizeof(real) == 4) return *(const vfu *)p;
#if defined __AVX512F__ && LANES == 16
    if (n >= LANES) return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
#endif
    vf v = {0};
    for (int i = 0; i < n && i < LANES; i++) v[i] = (float)p[i];
    return v;
}

INLINE vf larger(vf a, vf b) { return (vf)(((a > b) & (vi)a) | (~(a > b) & (vi)b)); }

INLINE vf exp_v(vf x)  // for x <= 0, relative error 1e-7 (libm's is not vectorised); 1.6e-38 below -87
{
    x = larger(x, (vf){0} - 87.0f);
    vf shifted = x * 1.44269504f + 12582912.0f;  // its low bits: the integer n nearest x / ln 2
    vf n = shifted - 12582912.0f;
    vf r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // x - n ln 2, ln 2 in two parts
    vf p = (r * 1.9875691500e-4f + 1.3981999507e-3f) * r + 8.3334519073e-3f;
    p = ((p * r + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    return (vf)((vi)p + ((vi)shifted << 23));  // times 2^n
}

INLINE vf totals(vf *v)  // of LANES vectors as one: each step adds and merges the halves of pairs, one lane bit
{
    vi lane;
    for (int i = 0; i < LANES; i++) lane[i] = i;
#pragma GCC unroll 4
    for (int s = LANES / 2; s > 0; s /= 2)
#pragma GCC unroll 8
        for (int i = 0; i < s; i++) {
            const vi low = lane + (((lane & s) != 0) & (LANES - s));
            v[i] = __builtin_shuffle(v[i], v[i + s], low) + __builtin_shuffle(v[i], v[i + s], low + s);
        }
    return v[0];
}

// result gets the weighted sum of `count` values, then the sum of the weights, then the largest score.
static void attend(const real *q, const real *k, const real *v, int count, float *result)
{
    _Alignas(64) float score[PART + LANES];
    vf query[VECTORS], sum[VECTORS] = {0}, total = {0}, high = total - INFINITY;
#pragma GCC unroll 16
    for (int d = 0; d < VECTORS; d++) query[d] = load(q + d * LANES, DIM - d * LANES) * (1 / sqrtf(DIM));
    for (int i = 0; i < count; i += LANES) {
        vf dot[LANES];
#pragma GCC unroll 16
        for (int j = 0; j < LANES; j++) {
            const real *row = k + (i + j < count ? i + j : count - 1) * DIM;  // never past the end
            dot[j] = load(row, DIM) * query[0];
#pragma GCC unroll 16
            for (int d = 1; d < VECTORS; d++) dot[j] += load(row + d * LANES, DIM - d * LANES) * query[d];
        }
        high = larger(*(vf *)(score + i) = totals(dot), high);
    }
    float top = high[0];
    for (int i = 1; i < LANES; i++) top = high[i] > top ? high[i] : top;
    for (int i = count; i % LANES; i++) score[i] = -INFINITY;
    for (int i = 0; i < count; i += LANES) total += *(vf *)(score + i) = exp_v(*(vf *)(score + i) - top);
    for (int i = 0; i < count; i++)
#pragma GCC unroll 16
        for (int d = 0; d < VECTORS; d++) sum[d] += load(v + i * DIM + d * LANES, DIM - d * LANES) * score[i];
    for (int d = 0; d < DIM; d++) result[d] = sum[d / LANES][d % LANES];
    for (int i = 1; i < LANES; i++) total[0] += total[i];
    result[DIM] = total[0];
    result[DIM + 1] = top;
}

void kernel(const real *q, const real *k, const real *v, real *out)
{
    static float results[HEADS][PARTS][DIM + 2];
#pragma omp parallel for collapse(2) num_threads(THREADS) if (THREADS > 1)
    for (int head = 0; head < HEADS; head++)
        for (int p = 0; p < PARTS; p++) {
            const int from = p * PART, count = CACHE - from < PART ? CACHE - from : PART;
            const int start = (head * CACHE + from) * DIM;
            results[head][p][DIM + 1] = -INFINITY;
            if (count > 0) attend(q + head * DIM, k + start, v + start, count, results[head][p]);
        }
    for (int head = 0; head < HEADS; head++) {
        float top = -INFINITY, sum[DIM + 1] = {0};
        for (int p = 0; p < PARTS; p++) top = fmaxf(top, results[head][p][DIM + 1]);
        for (int p = 0; p < PARTS; p++) {
            const float *part = results[head][p], weight = expf(part[DIM + 1] - top);
            for (int d = 0; d <= DIM; d++) sum[d] += part[d] * weight;
        }
        for (int d = 0; d < DIM; d++) out[head * DIM + d] = (real)(sum[d] / sum[DIM]);
    }
}
