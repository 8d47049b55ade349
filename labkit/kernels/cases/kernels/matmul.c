// A tile of ROW_TILE rows by COL_VECTORS vectors of the product stays in registers over DEPTH steps; such sums are
// then added up, as several short sums lose fewer bits than a long one. B is packed into panels as wide as a
// tile, so that they are read in order; A is read in place, as its stride is known here and the rows of a tile
// stay in the first caches from panel to panel.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define ROW_TILE 12  // one of: 6 8 12
#define COL_VECTORS 2  // one of: 1 2 3
#define DEPTH 128  // one of: 128 256 1024
#define COL_BLOCK 64  // one of: 8 64

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

enum { PANEL = COL_VECTORS * LANES, PANELS = (COLS + PANEL - 1) / PANEL, TILES = (ROWS + ROW_TILE - 1) / ROW_TILE };

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
    vf total[ROW_TILE][COL_VECTORS] = {0};
    for (int from = 0; from < INNER; from += DEPTH) {
        const int to = INNER - from < DEPTH ? INNER : from + DEPTH;
        vf sum[ROW_TILE][COL_VECTORS] = {0};
        for (int k = from; k < to; k++)
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
                for (int v = 0; v < vectors; v++)
                    sum[r][v] += a[r * INNER + k] * *(const vf *)(b + k * PANEL + v * LANES);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < vectors; v++) total[r][v] += sum[r][v];
    }
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) store(c + r * COLS + v * LANES, total[r][v], cols - v * LANES);
}

static void any_tile(const float *a, const float *b, real *c, int t, int p)
{
    const int row_rest = ROWS % ROW_TILE, col_rest = COLS % PANEL;
    const int all_rows = t < ROWS / ROW_TILE, all_cols = p < COLS / PANEL;
    a += t * ROW_TILE * INNER;
    c += t * ROW_TILE * COLS + p * PANEL;
    if (all_rows && all_cols) tile(a, b, c, ROW_TILE, PANEL);
    else if (all_rows) tile(a, b, c, ROW_TILE, col_rest);
    else if (all_cols) tile(a, b, c, row_rest, PANEL);
    else tile(a, b, c, row_rest, col_rest);
}

void kernel(const real *a, const real *b, real *out)
{
    enum { HALF = sizeof(real) != 4 };
    static _Alignas(64) float panels[PANELS][INNER * PANEL], wide[HALF ? ROWS * INNER + LANES : 1];
    const float *left = HALF ? wide : (const float *)a;
#pragma omp parallel num_threads(THREADS) if (THREADS > 1)
    {
#pragma omp for nowait
        for (int i = 0; i < HALF * ROWS * INNER; i += LANES) *(vf *)(wide + i) = load(a + i, ROWS * INNER - i);
#pragma omp for
        for (int p = 0; p < PANELS; p++)
            for (int k = 0; k < INNER; k++)
                for (int at = 0; at < PANEL; at += LANES)
                    *(vf *)(panels[p] + k * PANEL + at) = load(b + k * COLS + p * PANEL + at, COLS - p * PANEL - at);
        for (int first = 0; first < PANELS; first += COL_BLOCK)  // as many panels as the second cache holds
#pragma omp for nowait
            for (int t = 0; t < TILES; t++)
                for (int p = first; p < first + COL_BLOCK && p < PANELS; p++) any_tile(left, panels[p], out, t, p);
    }
}
