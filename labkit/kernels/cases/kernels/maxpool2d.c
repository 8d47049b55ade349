// For BAND rows of the output at a time: first the maxima down the columns, kept as floats in the first cache
// between borders of -inf, then along the rows, where every other column is picked out by a shuffle. At the
// upper and lower edge a row is simply taken twice. As in torch, a NaN makes its windows NaN.
#include <math.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define BAND 8  // one of: 1 4 8 16
#define CHUNK 4  // one of: 1 4 16

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int vi __attribute__((vector_size(4 * LANES)));

enum { OUT_H = (HEIGHT + 1) / 2, OUT_W = (WIDTH + 1) / 2, PITCH = (OUT_W + LANES - 1) / LANES * LANES * 2 + 2 * LANES };

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

INLINE vf larger(vf x, vf most)
{
    const vi take = (x > most) | (x != x);
    return (vf)((take & (vi)x) | (~take & (vi)most));
}

// Row y's columns, of which column 0 comes second in `line`, behind one of -inf.
INLINE void down(const real *x, int y, float *line)
{
    const real *above = x + (y > 0 ? 2 * y - 1 : 0) * WIDTH, *middle = x + 2 * y * WIDTH;
    const real *below = 2 * y + 1 < HEIGHT ? middle + WIDTH : middle;
    for (int c = 0; c < WIDTH; c += LANES) {
        const int at = c + LANES <= WIDTH || WIDTH < LANES ? c : WIDTH - LANES;  // the last may overlap
        const vf most = larger(load(above + at, WIDTH), larger(load(middle + at, WIDTH), load(below + at, WIDTH)));
        if (WIDTH >= LANES) *(vfu *)(line + 1 + at) = most;
        else for (int i = 0; i < WIDTH; i++) line[1 + i] = most[i];
    }
}

INLINE void along(const float *line, real *out)
{
    vi even;
    for (int i = 0; i < LANES; i++) even[i] = 2 * i;
    for (int c = 0; c < OUT_W; c += LANES) {
        const float *at = line + 2 * c;
        const vf first = *(const vfu *)at, second = *(const vfu *)(at + LANES);
        const vf third = *(const vfu *)(at + 2), fourth = *(const vfu *)(at + 2 + LANES);
        vf most = larger(__builtin_shuffle(first, second, even), __builtin_shuffle(first, second, even + 1));
        store(out + c, larger(__builtin_shuffle(third, fourth, even), most), OUT_W - c);
    }
}

void kernel(const real *x, real *out)
{
#pragma omp parallel num_threads(THREADS) if (THREADS > 1)
    {
        _Alignas(64) float lines[BAND][PITCH];
        for (int r = 0; r < BAND; r++)
            for (int i = 0; i < PITCH; i++) lines[r][i] = -INFINITY;
#pragma omp for schedule(static, CHUNK)
        for (int p = 0; p < BATCH * CHANNELS; p++)
            for (int y = 0; y < OUT_H; y += BAND) {
                const int rows = OUT_H - y < BAND ? OUT_H - y : BAND;
                for (int r = 0; r < rows; r++) down(x + p * HEIGHT * WIDTH, y + r, lines[r]);
                for (int r = 0; r < rows; r++) along(lines[r], out + (p * OUT_H + y + r) * OUT_W);
            }
    }
}
