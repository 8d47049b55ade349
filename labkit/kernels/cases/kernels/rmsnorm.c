// flags: -fno-math-errno
// RMS norm: the row is in the first-level cache between its sum of squares and its output: memory is passed once.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define LANES 8  // one of: 8 16
#define WAYS 8  // one of: 2 4 8
#if defined __AVX512F__ && LANES == 16  // GCC's own choice differs from CPU to CPU
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

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4)));

// The sum of squares of a row. WAYS vectors of partial sums: with one, each addition would wait for the last.
static inline float squares(const float *f) {
    vec sums[WAYS] = {};
    float rest = 0, partial[LANES];
    int i = 0;
    for (; i + WAYS * LANES <= COLS; i += WAYS * LANES)
        for (int way = 0; way < WAYS; way++)
            sums[way] += *(const vec *)(f + i + way * LANES) * *(const vec *)(f + i + way * LANES);
    for (; i + LANES <= COLS; i += LANES) sums[0] += *(const vec *)(f + i) * *(const vec *)(f + i);
    for (; i < COLS; i++) rest += f[i] * f[i];
    for (int way = 1; way < WAYS; way++) sums[0] += sums[way];
    __builtin_memcpy(partial, &sums[0], sizeof partial);
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) partial[lane] += partial[lane + half];
    return partial[0] + rest;
}

void kernel(const real *restrict x, const real *restrict gain, real *restrict out) {
    float gains[COLS];
    const float *g = floats(gain, gains, COLS);
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < ROWS; row++) {
        _Alignas(64) float in[COLS], result[COLS];
        const float *f = floats(x + (int64_t)row * COLS, in, COLS);
        float *o = sizeof(real) == sizeof(float) ? (float *)(out + (int64_t)row * COLS) : result;
        float scale = 1.0f / __builtin_sqrtf(squares(f) / COLS + 1e-5f);
#pragma omp simd
        for (int j = 0; j < COLS; j++) o[j] = f[j] * scale * g[j];
        if (sizeof(real) != sizeof(float)) narrow(o, out + (int64_t)row * COLS, COLS);
    }
}
