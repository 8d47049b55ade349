// The states of BLOCK channels stay in the first cache (as floats) while time goes on: every step is a plain
// vector operation over the channels, and the inputs are read once, in order.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define BLOCK 256  // one of: 16 64 256 1024
#define UNROLL 4  // one of: 1 2 4
enum { TIMES = UNROLL };  // as the pragma takes no macros

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

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

INLINE void step(const real *a, const real *b, real *out, float *h, int count)
{
#pragma GCC unroll TIMES
    for (int c = 0; c < count; c += LANES) {
        vf *state = (vf *)(h + c);
        *state = load(a + c, count - c) * *state + load(b + c, count - c);
        store(out + c, *state, count - c);
    }
}

void kernel(const real *a, const real *b, real *out)
{
#pragma omp parallel for collapse(2) num_threads(THREADS) if (THREADS > 1)
    for (int n = 0; n < BATCH; n++)
        for (int c = 0; c < CHANNELS; c += BLOCK) {
            _Alignas(64) float h[BLOCK] = {0};  // state 0 is b[0], as 0 comes before it
            for (int t = 0; t < STEPS; t++) {
                const int at = (n * STEPS + t) * CHANNELS + c;
                step(a + at, b + at, out + at, h, CHANNELS - c < BLOCK ? CHANNELS - c : BLOCK);
            }
        }
}
