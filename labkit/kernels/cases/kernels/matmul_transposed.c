// As matmul.c: a tile of the product stays in registers for DEPTH steps, and A is read in place. Here B's rows
// must turn into columns when they are packed, which is done in registers, a square of vectors at a time.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define ROW_TILE 12  // one of: 6 8 12
#define COL_VECTORS 2  // one of: 1 2 3
#define DEPTH 128  // one of: 128 256 1024

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int vi __attribute__((vector_size(4 * LANES)));
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

INLINE void transpose(vf *v)  // one bit of the index after the other: swap the blocks off the diagonal
{
    vi lane;
    for (int i = 0; i < LANES; i++) lane[i] = i;
#pragma GCC unroll 4
    for (int s = LANES / 2; s > 0; s /= 2) {
        const vi low = lane + (((lane & s) != 0) & (LANES - s));
#pragma GCC unroll 16
        for (int i = 0; i < LANES; i++) {
            const vf a = v[i];
            if (i & s) continue;
            v[i] = __builtin_shuffle(a, v[i + s], low);
            v[i + s] = __builtin_shuffle(a, v[i + s], low + s);
        }
    }
}

static void pack(const real *b, float *panel, int rows)
{
    for (int col = 0; col < PANEL; col += LANES)
        for (int k = 0; k < INNER; k += LANES) {
            const int from = k + LANES <= INNER || INNER < LANES ? k : INNER - LANES;  // the last may overlap
            vf square[LANES];
#pragma GCC unroll 16
            for (int i = 0; i < LANES; i++)  // past the end: the last row again
                square[i] = load(b + (col + i < rows ? col + i : rows - 1) * INNER + from, INNER);
            transpose(square);
#pragma GCC unroll 16
            for (int i = 0; i < LANES && i < INNER; i++) *(vf *)(panel + (from + i) * PANEL + col) = square[i];
        }
}

INLINE void tile(const float *a, const float *b, real *c, int rows, int cols)  // rows is a constant
{
    vf total[ROW_TILE][COL_VECTORS] = {0};
    for (int from = 0; from < INNER; from += DEPTH) {
        vf sum[ROW_TILE][COL_VECTORS] = {0};
        for (int k = from; k < from + DEPTH && k < INNER; k++)
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
                for (int v = 0; v < COL_VECTORS; v++)
                    sum[r][v] += a[r * INNER + k] * *(const vf *)(b + k * PANEL + v * LANES);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < COL_VECTORS; v++) total[r][v] += sum[r][v];
    }
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < PANEL && i < cols; i++) c[r * COLS + i] = (real)((const float *)total[r])[i];
}

void kernel(const real *a, const real *b, real *out)
{
    static _Alignas(64) float panels[PANELS][INNER * PANEL], wide[HALF ? ROWS * INNER : 1];
    const float *left = HALF ? wide : (const float *)a;
#pragma omp parallel num_threads(THREADS) if (THREADS > 1)
    {
#pragma omp for nowait
        for (int i = 0; i < HALF * ROWS * INNER; i++) wide[i] = (float)a[i];
#pragma omp for
        for (int p = 0; p < PANELS; p++) pack(b + p * PANEL * INNER, panels[p], COLS - p * PANEL);
#pragma omp for
        for (int r = 0; r < ROWS; r += ROW_TILE)
            for (int p = 0; p < PANELS; p++) {
                real *to = out + r * COLS + p * PANEL;
                if (r + ROW_TILE <= ROWS) tile(left + r * INNER, panels[p], to, ROW_TILE, COLS - p * PANEL);
                else tile(left + r * INNER, panels[p], to, ROWS % ROW_TILE, COLS - p * PANEL);
            }
    }
}
