// flags: -fno-trapping-math
// Log softmax: a row stays in the first-level cache from its maximum to its output, so memory is passed once. The
// exponentials are only added up, never stored.
#include <math.h>
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define WAYS 8  // one of: 1 4 8
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

static inline float larger(float a, float b) { return a > b ? a : b; }

void kernel(const real *restrict x, real *restrict out) {
    enum { PART = COLS / WAYS };
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < ROWS; row++) {
        _Alignas(64) float in[COLS], result[COLS];
        const float *f = floats(x + (int64_t)row * COLS, in, COLS);
        float *o = sizeof(real) == sizeof(float) ? (float *)(out + (int64_t)row * COLS) : result;
        float top = f[0], sum = 0;
#pragma omp simd reduction(max : top)
        for (int j = 0; j < PART; j++) {  // WAYS at once, as comparisons with the top wait for each other
            float best = f[j];
            for (int way = 1; way < WAYS; way++) best = larger(best, f[way * PART + j]);
            top = larger(top, best);
        }
        for (int j = WAYS * PART; j < COLS; j++) top = larger(top, f[j]);
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < COLS; j++) {
            float below = f[j] - top;
            sum += exponential(below > -87.0f ? below : -87.0f);
        }
        float log_sum = logf(sum);
#pragma omp simd
        for (int j = 0; j < COLS; j++) o[j] = f[j] - top - log_sum;
        if (sizeof(real) != sizeof(float)) narrow(o, out + (int64_t)row * COLS, COLS);
    }
}
