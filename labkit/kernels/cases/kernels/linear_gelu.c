// The product is summed up as in matmul.c, in tiles that stay in registers for DEPTH steps; bias and GELU are applied
// while a tile is in the first cache. The rows of the weight turn into columns when they are packed into panels.
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

enum { PANEL = COL_VECTORS * LANES, PANELS = (OUT_FEATURES + PANEL - 1) / PANEL, HALF = sizeof(real) != 4 };

// x / 2 (1 + erf(x / sqrt 2)); the error function is a rational one between -4 and 4, good to 3e-7, then 1.
INLINE vf gelu(vf x)
{
    const vf bound = (vf){0} + 4.0f;
    vf z = x * 0.70710678f;
    const vi over = z > bound, under = z < -bound;
    z = (vf)((over & (vi)bound) | (under & (vi)-bound) | (~over & ~under & (vi)z));
    const vf s = z * z;
    vf p = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
    p = p * s - 2.10102402082508e-06f;
    p = p * s - 5.69250639462346e-05f;
    p = p * s - 7.34990630326855e-04f;
    p = p * s - 2.95459980854025e-03f;
    p = p * s - 1.60960333262415e-02f;
    vf q = s * -1.45660718464996e-05f - 2.13374055278905e-04f;
    q = q * s - 1.68282697438203e-03f;
    q = q * s - 7.37332916720468e-03f;
    q = q * s - 1.42647390514189e-02f;
    return 0.5f * x * (1.0f + z * p / q);
}

INLINE void tile(const float *a, const float *b, const real *bias, real *c, int rows, int cols)  // rows: a constant
{
    vf total[ROW_TILE][COL_VECTORS] = {0};
    for (int from = 0; from < IN_FEATURES; from += DEPTH) {
        const int to = IN_FEATURES - from < DEPTH ? IN_FEATURES : from + DEPTH;
        vf sum[ROW_TILE][COL_VECTORS] = {0};
        for (int k = from; k < to; k++)
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
                for (int v = 0; v < COL_VECTORS; v++)
                    sum[r][v] += a[r * IN_FEATURES + k] * *(const vf *)(b + k * PANEL + v * LANES);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < COL_VECTORS; v++) total[r][v] += sum[r][v];
    }
    float add[PANEL] __attribute__((aligned(64))) = {0};
    for (int i = 0; i < PANEL && i < cols; i++) add[i] = (float)bias[i];
    for (int r = 0; r < rows; r++) {
        for (int v = 0; v < COL_VECTORS; v++) total[r][v] = gelu(total[r][v] + *(vf *)(add + v * LANES));
        const float *row = (const float *)total[r];
        for (int i = 0; i < PANEL && i < cols; i++) c[r * OUT_FEATURES + i] = (real)row[i];
    }
}

void kernel(const real *x, const real *weight, const real *bias, real *out)
{
    static _Alignas(64) float panels[PANELS][IN_FEATURES * PANEL], wide[HALF ? ROWS * IN_FEATURES : 1];
    const float *left = HALF ? wide : (const float *)x;
#pragma omp parallel num_threads(THREADS) if (THREADS > 1)
    {
#pragma omp for nowait
        for (int i = 0; i < HALF * ROWS * IN_FEATURES; i++) wide[i] = (float)x[i];
#pragma omp for
        for (int p = 0; p < PANELS; p++)
            for (int k = 0; k < IN_FEATURES; k += LANES)  // a square at a time, for the sake of the cache
                for (int o = 0; o < PANEL && p * PANEL + o < OUT_FEATURES; o++)
                    for (int i = k; i < k + LANES && i < IN_FEATURES; i++)
                        panels[p][i * PANEL + o] = (float)weight[(p * PANEL + o) * IN_FEATURES + i];
#pragma omp for
        for (int r = 0; r < ROWS; r += ROW_TILE)
            for (int p = 0; p < PANELS; p++) {
                const int at = p * PANEL, cols = OUT_FEATURES - at;
                real *corner = out + r * OUT_FEATURES + at;
                if (r + ROW_TILE <= ROWS) tile(left + r * IN_FEATURES, panels[p], bias + at, corner, ROW_TILE, cols);
                else tile(left + r * IN_FEATURES, panels[p], bias + at, corner, ROWS % ROW_TILE, cols);
            }
    }
}
