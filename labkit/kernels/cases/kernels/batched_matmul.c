// One pair after the other, each by one thread: B of a pair is small, so once packed into panels it stays in
// the second cache while tiles of ROW_TILE rows by COL_VECTORS vectors are summed up in registers.
#include <omp.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define ROW_TILE 12  // one of: 6 8 12
#define COL_VECTORS 2  // one of: 1 2 3

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

enum { PANEL = COL_VECTORS * LANES, PANELS = (COLS + PANEL - 1) / PANEL, HALF = sizeof(real) != 4 };

INLINE vf load(const real *p, int n)  // n lanes of floats, zeros after them
{
    if (n >= LANES && sizeof(real) == 4) return *(const vfu *)p;
#ifdef __AVX512F__
    if (n >= LANES) return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
#endif
    vf v = {0};
    for (int i = 0; i < n && i < LANES; i++) v[i] = (float)p[i];
    return v;
}

INLINE void store(real *p, vf v, int n)  // the first n lanes only
{
    if (n >= LANES && sizeof(real) == 4) *(vfu *)p = v;
#ifdef __AVX512F__
    else if (n >= LANES) _mm256_storeu_si256((void *)p, _mm512_cvtps_ph((__m512)v, 0));
#endif
    else for (int i = 0; i < LANES; i++)
        if (i < n) p[i] = (real)v[i];
}

// rows and cols are constants at each call, so that all loops but k's unroll and the sums get registers.
INLINE void tile(const float *a, const float *b, real *c, int rows, int cols)
{
    const int vectors = (cols + LANES - 1) / LANES;
    vf sum[ROW_TILE][COL_VECTORS] = {0};
    for (int k = 0; k < INNER; k++)
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++)
                sum[r][v] += a[r * INNER + k] * *(const vf *)(b + k * PANEL + v * LANES);
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) store(c + r * COLS + v * LANES, sum[r][v], cols - v * LANES);
}

INLINE void row_of_tiles(const float *a, const float *b, real *c, int rows)
{
    int at = 0;
    for (; at + PANEL <= COLS; at += PANEL) tile(a, b + at * INNER, c + at, rows, PANEL);
    if (at < COLS) tile(a, b + at * INNER, c + at, rows, COLS % PANEL);
}

void kernel(const real *a, const real *b, real *out)
{
    static _Alignas(64) float packed[THREADS][PANELS * INNER * PANEL], wide[THREADS][HALF ? ROWS * INNER + LANES : 16];
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int pair = 0; pair < BATCH; pair++) {
        const real *left = a + pair * ROWS * INNER, *right = b + pair * INNER * COLS;
        real *c = out + pair * ROWS * COLS;
        float *panels = packed[omp_get_thread_num()], *copy = wide[omp_get_thread_num()];
        for (int at = 0; at < COLS; at += LANES)
            for (int k = 0; k < INNER; k++)
                *(vf *)(panels + at / PANEL * PANEL * INNER + k * PANEL + at % PANEL) =
                    load(right + k * COLS + at, COLS - at);
        for (int i = 0; i < HALF * ROWS * INNER; i += LANES) *(vfu *)(copy + i) = load(left + i, ROWS * INNER - i);
        const float *rows = HALF ? copy : (const float *)left;
        int r = 0;
        for (; r + ROW_TILE <= ROWS; r += ROW_TILE) row_of_tiles(rows + r * INNER, panels, c + r * COLS, ROW_TILE);
        if (r < ROWS) row_of_tiles(rows + r * INNER, panels, c + r * COLS, ROWS % ROW_TILE);
    }
}
