// Mean and variance of each row: the mean, then the squared distances to it. The second look at the row finds it in
// the first-level cache, so memory is passed once, and nothing cancels.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define LANES 16  // one of: 8 16
#define WAYS 4  // one of: 2 4 8

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

// The sum of (f - centre)^power. WAYS vectors of partial sums: with one, each addition would wait for the last.
static inline double moment(const float *f, int n, float centre, int power) {
    vec sums[WAYS] = {};
    double rest = 0, partial[LANES];  // in double, so that only the long sums round
    int i = 0;
    for (; i + WAYS * LANES <= n; i += WAYS * LANES)
        for (int way = 0; way < WAYS; way++) {
            vec v = *(const vec *)(f + i + way * LANES) - centre;
            sums[way] += power == 2 ? v * v : v;
        }
    for (; i + LANES <= n; i += LANES) {
        vec v = *(const vec *)(f + i) - centre;
        sums[0] += power == 2 ? v * v : v;
    }
    for (; i < n; i++) rest += power == 2 ? (f[i] - centre) * (f[i] - centre) : f[i] - centre;
    for (int way = 1; way < WAYS; way++) sums[0] += sums[way];
    for (int lane = 0; lane < LANES; lane++) partial[lane] = sums[0][lane];
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) partial[lane] += partial[lane + half];
    return partial[0] + rest;
}

void kernel(const real *restrict x, real *restrict mean, real *restrict variance) {
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < ROWS; row++) {
        _Alignas(64) float copy[COLS];
        const float *f = floats(x + (int64_t)row * COLS, copy, COLS);
        float centre = moment(f, COLS, 0, 1) / COLS;
        mean[row] = centre;
        variance[row] = moment(f, COLS, centre, 2) / COLS;
    }
}
