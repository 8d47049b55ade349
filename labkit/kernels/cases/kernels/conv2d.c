// A tile of CHANNEL_TILE output channels by COL_VECTORS vectors of one row stays in registers over all taps of
// all input channels: the weights are broadcast, the image is read at shifted addresses. For that the image is
// first copied into a frame of zeros, wide enough for whole tiles.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define CHANNEL_TILE 8  // one of: 4 6 8 12
#define COL_VECTORS 3  // one of: 1 2 3 4

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

enum {
    TILE = COL_VECTORS * LANES,
    PITCH = (WIDTH + TILE - 1) / TILE * TILE + LANES,
    PLANE = (HEIGHT + 2) * PITCH,
    TAPS = IN_CHANNELS * 9,
    HALF = sizeof(real) != 4
};

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

INLINE void tile(const float *x, const float *w, const real *bias, real *out, int channels, int cols)
{
    vf sum[CHANNEL_TILE][COL_VECTORS];
#pragma GCC unroll 16
    for (int c = 0; c < channels; c++)  // a constant, so this unrolls
#pragma GCC unroll 4
        for (int v = 0; v < COL_VECTORS; v++) sum[c][v] = (vf){0} + (float)bias[c];
    for (int i = 0; i < IN_CHANNELS; i++, x += PLANE, w += 9)
#pragma GCC unroll 9
        for (int tap = 0; tap < 9; tap++) {
            const vfu *row = (const vfu *)(x + tap / 3 * PITCH + tap % 3);
#pragma GCC unroll 16
            for (int c = 0; c < channels; c++)
#pragma GCC unroll 4
                for (int v = 0; v < COL_VECTORS; v++) sum[c][v] += w[c * TAPS + tap] * row[v];
        }
#pragma GCC unroll 16
    for (int c = 0; c < channels; c++)
#pragma GCC unroll 4
        for (int v = 0; v < COL_VECTORS; v++)
            store(out + c * HEIGHT * WIDTH + v * LANES, sum[c][v], cols - v * LANES);
}

void kernel(const real *x, const real *weight, const real *bias, real *out)
{
    static _Alignas(64) float framed[BATCH * IN_CHANNELS][PLANE], wide[HALF ? OUT_CHANNELS * TAPS : 1];
    const float *w = HALF ? wide : (const float *)weight;
    for (int i = 0; i < HALF * OUT_CHANNELS * TAPS; i++) wide[i] = weight[i];
#pragma omp parallel num_threads(THREADS) if (THREADS > 1)
    {
#pragma omp for
        for (int p = 0; p < BATCH * IN_CHANNELS; p++)  // the frame itself stays zero
            for (int y = 0; y < HEIGHT; y++)
                for (int c = 0; c < WIDTH; c += LANES)
                    *(vfu *)(framed[p] + (y + 1) * PITCH + 1 + c) = load(x + (p * HEIGHT + y) * WIDTH + c, WIDTH - c);
#pragma omp for collapse(2)
        for (int n = 0; n < BATCH; n++)
            for (int y = 0; y < HEIGHT; y++)
                for (int c = 0; c < WIDTH; c += TILE)  // all channels while this part of the image is in cache
                    for (int o = 0; o < OUT_CHANNELS; o += CHANNEL_TILE) {
                        const float *from = framed[n * IN_CHANNELS] + y * PITCH + c;
                        real *to = out + ((n * OUT_CHANNELS + o) * HEIGHT + y) * WIDTH + c;
                        if (o + CHANNEL_TILE <= OUT_CHANNELS)
                            tile(from, w + o * TAPS, bias + o, to, CHANNEL_TILE, WIDTH - c);
                        else tile(from, w + o * TAPS, bias + o, to, OUT_CHANNELS % CHANNEL_TILE, WIDTH - c);
                    }
    }
}
