// The sum of each row in LANES * WAYS partial sums, which keeps rounding small too.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define LANES 8  // one of: 8 16
#define WAYS 4  // one of: 2 4 8
#define PIECE 1024  // one of: 256 1024 4096

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

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4)));

static inline double sum(const real *x) {
    vec sums[WAYS] = {};
    double rest = 0, partial[LANES];  // in double, so that only the long sums round
    for (int from = 0; from < COLS; from += PIECE) {
        const int n = COLS - from < PIECE ? COLS - from : PIECE;
        _Alignas(64) float copy[PIECE];
        const float *f = floats(x + from, copy, n);
        int i = 0;
        for (; i + WAYS * LANES <= n; i += WAYS * LANES)
            for (int way = 0; way < WAYS; way++) sums[way] += *(const vec *)(f + i + way * LANES);
        for (; i + LANES <= n; i += LANES) sums[0] += *(const vec *)(f + i);
        for (; i < n; i++) rest += f[i];
    }
    for (int way = 1; way < WAYS; way++) sums[0] += sums[way];
    for (int lane = 0; lane < LANES; lane++) partial[lane] = sums[0][lane];
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) partial[lane] += partial[lane + half];
    return partial[0] + rest;
}

void kernel(const real *restrict x, real *restrict out) {
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < ROWS; row++) out[row] = sum(x + (int64_t)row * COLS);
}
