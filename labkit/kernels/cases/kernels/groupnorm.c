// flags: -fno-math-errno
// Group norm. A group of one image is one stretch of memory that fits the first- or second-level cache: its mean, the
// variance about it, then channel by channel the output, so memory is passed once.
#include <stdint.h>
#ifdef __AVX2__
#include <immintrin.h>
#endif
#include "task.h"

#define LANES 16  // one of: 8 16
#define WAYS 8  // one of: 2 4 8
#if defined __AVX512F__ && LANES == 16  // GCC's own choice differs from CPU to CPU
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

static inline void narrow(const float *f, real *out, int n) {
    int i = 0;
#ifdef __AVX512F__
    for (; i + 16 <= n; i += 16) _mm256_storeu_si256((void *)(out + i), _mm512_cvtps_ph(_mm512_loadu_ps(f + i), 0));
#elif defined __AVX2__
    for (; i + 8 <= n; i += 8) _mm_storeu_si128((void *)(out + i), _mm256_cvtps_ph(_mm256_loadu_ps(f + i), 0));
#endif
    for (; i < n; i++) out[i] = f[i];
}

typedef float vec __attribute__((vector_size(4 * LANES), aligned(4)));

// The sum of (f - centre)^power. WAYS vectors of partial sums: with one, each addition would wait for the last.
static inline float moment(const float *f, int n, float centre, int power) {
    vec sums[WAYS] = {};
    float rest = 0, partial[LANES];
    int i = 0;
    for (; i + WAYS * LANES <= n; i += WAYS * LANES)
        for (int way = 0; way < WAYS; way++) {
            vec v = *(const vec *)(f + i + way * LANES) - centre;
            sums[way] += power == 2 ? v * v : v;
        }
    for (; i + LANES <= n; i += LANES) {
        vec v = *(const vec *)(f + i) - centre;
        sums[0] += power == 2 ? v * v : v;
    }
    for (; i < n; i++) rest += power == 2 ? (f[i] - centre) * (f[i] - centre) : f[i] - centre;
    for (int way = 1; way < WAYS; way++) sums[0] += sums[way];
    __builtin_memcpy(partial, &sums[0], sizeof partial);
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) partial[lane] += partial[lane + half];
    return partial[0] + rest;
}

void kernel(const real *restrict x, const real *restrict gamma, const real *restrict beta, real *restrict out) {
    enum { EACH = CHANNELS / GROUPS, IMAGE = HEIGHT * WIDTH, SIZE = EACH * IMAGE };
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int group = 0; group < BATCH * GROUPS; group++) {
        _Alignas(64) float in[SIZE], result[IMAGE];
        const float *f = floats(x + (int64_t)group * SIZE, in, SIZE);
        float mean = moment(f, SIZE, 0, 1) / SIZE;
        float scale = 1.0f / __builtin_sqrtf(moment(f, SIZE, mean, 2) / SIZE + 1e-5f);
        for (int k = 0; k < EACH; k++) {
            int channel = group % GROUPS * EACH + k;
            real *to = out + (int64_t)group * SIZE + k * IMAGE;
            float *o = sizeof(real) == sizeof(float) ? (float *)to : result;
            float g = scale * (float)gamma[channel], b = beta[channel];
#pragma omp simd
            for (int j = 0; j < IMAGE; j++) o[j] = (f[k * IMAGE + j] - mean) * g + b;
            if (sizeof(real) != sizeof(float)) narrow(o, to, IMAGE);
        }
    }
}
