// Each output vector is TAPS shifted loads of its row (from the first cache, but for one) times the taps, which
// stay in registers. The first steps, that see the zeros before step 0, go one by one; the last vector overlaps.
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define UNROLL 4  // one of: 1 2 4 8
#define CHUNK 8  // one of: 1 8 32
enum { TIMES = UNROLL };  // as the pragma takes no macros

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
#define INLINE static inline __attribute__((always_inline))
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef float vfu __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

enum { PAST = TAPS - 1 };

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

static void channel(const real *x, const real *w, float bias, real *out)
{
    vf tap[TAPS];
#pragma GCC unroll 16
    for (int j = 0; j < TAPS; j++) tap[j] = (vf){0} + (float)w[j];
    const int alone = STEPS < PAST + LANES ? STEPS : PAST;  // steps done one by one
    for (int t = 0; t < alone; t++) {
        float sum = bias;
        for (int j = t < PAST ? PAST - t : 0; j < TAPS; j++) sum += (float)w[j] * (float)x[t + j - PAST];
        out[t] = (real)sum;
    }
#pragma GCC unroll TIMES
    for (int t = alone; t < STEPS; t += LANES) {
        const int at = t + LANES <= STEPS ? t : STEPS - LANES;
        vf sum = (vf){0} + bias;
#pragma GCC unroll 16
        for (int j = 0; j < TAPS; j++) sum += tap[j] * load(x + at + j - PAST, LANES);
        store(out + at, sum, LANES);
    }
}

void kernel(const real *x, const real *weight, const real *bias, real *out)
{
#pragma omp parallel for schedule(static, CHUNK) num_threads(THREADS) if (THREADS > 1)
    for (int r = 0; r < BATCH * CHANNELS; r++) {
        const int c = r % CHANNELS;
        channel(x + r * STEPS, weight + c * TAPS, (float)bias[c], out + r * STEPS);
    }
}
