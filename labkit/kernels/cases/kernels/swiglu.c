// flags: -fno-trapping-math -fno-signed-zeros -ffinite-math-only
// SwiGLU's gate, a / (1 + e^-a) * b, in one pass over memory; a polynomial for exp, so that the loop is vectorised.
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

// n reals as floats: x itself or, for halves and bfloat16, a converted copy.
enum { BF16 = _Generic((real)0, uint16_t: 1, default: 0) };
static inline const float *floats(const real *x, float *copy, int n) {
    if (sizeof(real) == sizeof(float)) return (const float *)x;
    if (BF16) {
        for (int i = 0; i < n; i++) copy[i] = (union { uint32_t u; float f; }){(uint32_t)x[i] << 16}.f;
        return copy;
    }
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
    if (BF16) {
        for (int i = 0; i < n; i++) {  // to nearest, ties to even
            uint32_t u = (union { float f; uint32_t u; }){f[i]}.u;
            out[i] = (uint16_t)((u + 0x7fff + (u >> 16 & 1)) >> 16);
        }
        return;
    }
    int i = 0;
#ifdef __AVX512F__
    for (; i + 16 <= n; i += 16) _mm256_storeu_si256((void *)(out + i), _mm512_cvtps_ph(_mm512_loadu_ps(f + i), 0));
#elif defined __AVX2__
    for (; i + 8 <= n; i += 8) _mm_storeu_si128((void *)(out + i), _mm256_cvtps_ph(_mm256_loadu_ps(f + i), 0));
#endif
    for (; i < n; i++) out[i] = f[i];
}

// e^x to about 1 ulp for -87 <= x <= 88: x = n ln 2 + r with |r| <= ln 2 / 2; a polynomial in r, times 2^n.
static inline float exponential(float x) {
    float shifted = x * 1.44269504f + 12582912.0f;  // 1.5 * 2^23: the low bits of the sum are n
    float n = shifted - 12582912.0f;
    float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
    float p = ((1.37805939e-3f * r + 8.37312452e-3f) * r + 4.16695364e-2f) * r + 1.66664720e-1f;
    p = ((p * r + 4.99999851e-1f) * r + 1.0f) * r + 1.0f;
    uint32_t bits = (union { float f; uint32_t u; }){shifted}.u;
    return p * (union { uint32_t u; float f; }){(bits << 23) + 0x3f800000}.f;
}

void kernel(const real *restrict a, const real *restrict b, real *restrict out) {
    const int64_t total = (int64_t)ROWS * COLS;
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int64_t at = 0; at < total; at += TILE) {
        int n = total - at < TILE ? total - at : TILE;
        _Alignas(64) float first[TILE], second[TILE], result[TILE];
        const float *f = floats(a + at, first, n), *g = floats(b + at, second, n);
        float *o = sizeof(real) == sizeof(float) ? (float *)(out + at) : result;
#pragma omp simd
        for (int i = 0; i < n; i++) {
            float minus = f[i] < -87.0f ? 87.0f : -f[i];
            minus = minus < -87.0f ? -87.0f : minus;
            o[i] = f[i] * g[i] / (1.0f + exponential(minus));
        }
        if (sizeof(real) != sizeof(float)) narrow(o, out + at, n);
    }
}
