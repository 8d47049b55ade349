// Column sums, row by row as memory lies. STEP rows are added at once, to touch the sums less often; each TILE of rows
// has its own sums, added up at the end: the threads need not wait, and the roundings are those of short sums.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define TILE 64  // one of: 32 64 128
#define STEP 4  // one of: 2 4 8
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

void kernel(const real *restrict x, real *restrict out) {
    enum { TILES = (ROWS + TILE - 1) / TILE };
    float sums[TILES][COLS];
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int tile = 0; tile < TILES; tile++) {
        int row = tile * TILE, end = row + TILE < ROWS ? row + TILE : ROWS;
        float *sum = sums[tile], copy[STEP][COLS];
        for (int j = 0; j < COLS; j++) sum[j] = 0;
        for (; row + STEP <= end; row += STEP) {
            const float *f[STEP];
            for (int k = 0; k < STEP; k++) f[k] = floats(x + (int64_t)(row + k) * COLS, copy[k], COLS);
#pragma omp simd
            for (int j = 0; j < COLS; j++) {
                float even = 0, odd = 0;
                for (int k = 0; k < STEP; k += 2) even += f[k][j], odd += f[k + 1][j];
                sum[j] += even + odd;
            }
        }
        for (; row < end; row++) {
            const float *f = floats(x + (int64_t)row * COLS, copy[0], COLS);
#pragma omp simd
            for (int j = 0; j < COLS; j++) sum[j] += f[j];
        }
    }
    for (int tile = 1; tile < TILES; tile++)
#pragma omp simd
        for (int j = 0; j < COLS; j++) sums[0][j] += sums[tile][j];
    for (int j = 0; j < COLS; j++) out[j] = sums[0][j];
}
