// flags: -fno-trapping-math -fno-signed-zeros -ffinite-math-only
// GELU. erf as a rational function (XLA's coefficients, below 1e-7): no branch, no exp, one division.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define TILE 256  // one of: 256 1024 4096
#define VECTOR 512  // one of: 256 512
#if defined __AVX512F__ && VECTOR == 512  // GCC's own choice differs from CPU to CPU
#pragma GCC target("prefer-vector-width=512")
#elif defined __AVX512F__
#pragma GCC target("prefer-vector-width=256")
#endif

// n reals as floats: x itself or, for halves, a converted copy.
static inline const float *floats(const real *x, float *copy, int n) {
    if (sizeof(real) == sizeof(float)) return (const float *)x;
    int i = 0;
#ifdef __AVX512F__  // GCC 12 converts halves one at a time of itself
    for (; i + 16 <= n; i += 16) _mm512_storeu_ps(copy + i, _mm512_cvtph_ps(_mm256_loadu_si256((const void *)(x + i))));
#elif defined __AVX2__
    for (; i + 8 <= n; i += 8) _mm256_storeu_ps(copy + i, _mm256_cvtph_ps(_mm_loadu_si128((const void *)(x + i))));
#endif
    for (; i < n; i++) copy[i] = x[i];
    return copy;
}

static inline void narrow(const float *f, real *out, int n) {
    int i = 0;
#ifdef __AVX512F__
    for (; i + 16 <= n; i += 16) _mm256_storeu_si256((void *)(out + i), _mm512_cvtps_ph(_mm512_loadu_ps(f + i), 0));
#elif defined __AVX2__
    for (; i + 8 <= n; i += 8) _mm_storeu_si128((void *)(out + i), _mm256_cvtps_ph(_mm256_loadu_ps(f + i), 0));
#endif
    for (; i < n; i++) out[i] = f[i];
}

static inline float gelu(float x) {
    float z = x * 0.707106781f;
    z = z > 3.8325069f ? 3.8325069f : z;  // from here on erf is 1 in float
    z = z < -3.8325069f ? -3.8325069f : z;
    float s = z * z;
    float top = 2.2905065861e-4f;
    top = top * s + 3.4082910107e-3f;
    top = top * s + 5.0955695062e-2f;
    top = top * s + 1.8520832240e-1f;
    top = top * s + 1.1283791435f;
    float bottom = -1.1791602954e-7f;
    bottom = bottom * s + 2.3547966471e-5f;
    bottom = bottom * s + 1.0179625279e-3f;
    bottom = bottom * s + 1.4070470171e-2f;
    bottom = bottom * s + 1.1098505178e-1f;
    bottom = bottom * s + 4.9746925110e-1f;
    bottom = bottom * s + 1.0f;
    float half = 0.5f * x;
    return half + half * (z * top / bottom);
}

void kernel(const real *restrict x, real *restrict out) {
    const int64_t total = (int64_t)ROWS * COLS;
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int64_t at = 0; at < total; at += TILE) {
        int n = total - at < TILE ? total - at : TILE;
        _Alignas(64) float in[TILE], result[TILE];
        const float *f = floats(x + at, in, n);
        float *o = sizeof(real) == sizeof(float) ? (float *)(out + at) : result;
#pragma omp simd
        for (int i = 0; i < n; i++) o[i] = gelu(f[i]);
        if (sizeof(real) != sizeof(float)) narrow(o, out + at, n);
    }
}
