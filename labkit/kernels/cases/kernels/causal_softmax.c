// flags: -fno-trapping-math
// Causal softmax: only the lower triangle is read and computed, the rest is cleared. Rows are copied and filled up to a
// whole number of vectors, as a scalar end of up to 15 exponentials would cost as much as many vectors.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define FILL 16  // one of: 16 32
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

void kernel(const real *restrict scores, real *restrict out) {
// Later rows cost more, but chunks in turn were slower: each core prefetches what the other has just written.
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < BATCH * SEQ; row++) {
        const int n = row % SEQ + 1, padded = (n + FILL - 1) & -FILL;
        _Alignas(64) float in[SEQ], e[SEQ + FILL];
        float top = -3e38f, sum = 0;
        const float *f = floats(scores + (int64_t)row * SEQ, in, n);
        real *o = out + (int64_t)row * SEQ;
        for (int j = n; j < padded; j++) e[j] = -3e38f;
#pragma omp simd
        for (int j = 0; j < n; j++) e[j] = f[j];
#pragma omp simd reduction(max : top)
        for (int j = 0; j < padded; j++) top = e[j] > top ? e[j] : top;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < padded; j++) {
            float below = e[j] - top;
            e[j] = below > -87.0f ? exponential(below) : 0;
            sum += e[j];
        }
        float scale = 1.0f / sum;
        if (sizeof(real) == sizeof(float)) {
#pragma omp simd
            for (int j = 0; j < n; j++) o[j] = e[j] * scale;
        } else {
#pragma omp simd
            for (int j = 0; j < padded; j++) e[j] *= scale;
            narrow(e, o, n);
        }
        __builtin_memset(o + n, 0, (SEQ - n) * sizeof(real));
    }
}
