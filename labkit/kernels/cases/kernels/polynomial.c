// Horner's rule with fused multiply-adds, in one pass over memory (eager takes one for each operation).
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

void kernel(const real *restrict x, real *restrict out) {
    const int64_t total = (int64_t)ROWS * COLS;
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int64_t at = 0; at < total; at += TILE) {
        int n = total - at < TILE ? total - at : TILE;
        _Alignas(64) float in[TILE], result[TILE];
        const float *f = floats(x + at, in, n);
        float *o = sizeof(real) == sizeof(float) ? (float *)(out + at) : result;
#pragma omp simd
        for (int i = 0; i < n; i++) {
            float y = 0.5f * f[i];
            float p = 0.03125f * y + 0.0625f;
            p = p * y - 0.125f;
            p = p * y + 0.25f;
            p = p * y + 0.375f;
            p = p * y - 0.5f;
            p = p * y + 1.0f;
            o[i] = p * y + 0.75f;
        }
        if (sizeof(real) != sizeof(float)) narrow(o, out + at, n);
    }
}
