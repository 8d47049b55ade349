// Frobenius norms: sums of squares of PIECE elements each, added up in double. The pieces of all matrices are spread
// over the threads, as a batch may have fewer matrices than would balance.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define PIECE 2048  // one of: 2048 8192
#define LANES 16  // one of: 8 16
#define WAYS 8  // one of: 2 4 8

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

static inline float squares(const float *f, int n) {
    vec sums[WAYS] = {};
    float rest = 0;
    int i = 0;
    for (; i + WAYS * LANES <= n; i += WAYS * LANES)
        for (int way = 0; way < WAYS; way++) {
            vec v = *(const vec *)(f + i + way * LANES);
            sums[way] += v * v;
        }
    for (; i < n; i++) rest += f[i] * f[i];
    for (int way = 1; way < WAYS; way++) sums[0] += sums[way];
    for (int lane = 0; lane < LANES; lane++) rest += sums[0][lane];
    return rest;
}

void kernel(const real *restrict x, real *restrict out) {
    enum { SIZE = ROWS * COLS, PIECES = (SIZE + PIECE - 1) / PIECE };
    double part[BATCH * PIECES];
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int piece = 0; piece < BATCH * PIECES; piece++) {
        int from = piece % PIECES * PIECE, n = SIZE - from < PIECE ? SIZE - from : PIECE;
        _Alignas(64) float copy[PIECE];
        part[piece] = squares(floats(x + (int64_t)(piece / PIECES) * SIZE + from, copy, n), n);
    }
    for (int batch = 0; batch < BATCH; batch++) {
        double total = 0;
        for (int piece = 0; piece < PIECES; piece++) total += part[batch * PIECES + piece];
        out[batch] = __builtin_sqrt(total);
    }
}
