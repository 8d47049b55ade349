// Each head by one thread, ROW_TILE queries at a time: their scores against every key, the softmax of those
// and its product with the values never leave the first two caches. Both products sum up in registers; for
// that the keys are packed transposed, the values as they are, in panels of COL_VECTORS vectors.
#include <math.h>
#include <omp.h>
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
typedef int vi __attribute__((vector_size(4 * LANES)));

enum { PANEL = COL_VECTORS * LANES };
enum { KEYS = (SEQ + PANEL - 1) / PANEL * PANEL, WIDE = (DIM + PANEL - 1) / PANEL * PANEL };

INLINE vf larger(vf a, vf b)
{
    vi first = a > b;
    return (vf)((first & (vi)a) | (~first & (vi)b));
}

INLINE vf exp_v(vf x)  // for x <= 0, relative error 1e-7 (libm's is not vectorised); 1.6e-38 below -87
{
    x = larger(x, (vf){0} - 87.0f);
    vf shifted = x * 1.44269504f + 12582912.0f;  // its low bits: the integer n nearest x / ln 2
    vf n = shifted - 12582912.0f;
    vf r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // x - n ln 2, ln 2 in two parts
    vf p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    return (vf)((vi)p + ((vi)shifted << 23));  // times 2^n
}

// c = a @ b for `rows` rows (a constant); a's rows are `stride` floats apart, b is in panels, c's have `cols`.
INLINE void product(const float *a, int stride, const float *b, float *c, int rows, int inner, int cols)
{
    for (int at = 0; at < cols; at += PANEL, b += inner * PANEL) {
        vf sum[ROW_TILE][COL_VECTORS] = {0};
        for (int k = 0; k < inner; k++)
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
                for (int v = 0; v < COL_VECTORS; v++)
                    sum[r][v] += a[r * stride + k] * *(const vf *)(b + k * PANEL + v * LANES);
        for (int r = 0; r < rows; r++)
            for (int v = 0; v < COL_VECTORS; v++) *(vf *)(c + r * cols + at + v * LANES) = sum[r][v];
    }
}

INLINE void queries(const float *q, const float *keys, const float *values, real *out, int rows)
{
    _Alignas(64) float scores[ROW_TILE * KEYS], mixed[ROW_TILE * WIDE];
    float scale[ROW_TILE];
    product(q, DIM, keys, scores, rows, DIM, KEYS);
    for (int r = 0; r < rows; r++) {
        float *row = scores + r * KEYS, top = row[0], total = 0;
        for (int i = SEQ; i < KEYS; i++) row[i] = -INFINITY;  // there are no such keys
        vf high = *(vf *)row, sum = {0};
        for (int i = LANES; i < KEYS; i += LANES) high = larger(high, *(vf *)(row + i));
        for (int i = 0; i < LANES; i++) top = high[i] > top ? high[i] : top;
        for (int i = 0; i < KEYS; i += LANES)
            sum += *(vf *)(row + i) = exp_v((*(vf *)(row + i) - top) * (1 / sqrtf(DIM)));
        for (int i = 0; i < LANES; i++) total += sum[i];
        scale[r] = 1 / total;
    }
    product(scores, KEYS, values, mixed, rows, SEQ, WIDE);
    for (int r = 0; r < rows; r++)
        for (int d = 0; d < DIM; d++) out[r * DIM + d] = (real)(mixed[r * WIDE + d] * scale[r]);
}

void kernel(const real *q, const real *k, const real *v, real *out)
{
    static _Alignas(64) float packed[THREADS][DIM * KEYS + SEQ * WIDE + (SEQ * DIM + 15) / 16 * 16];
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int head = 0; head < BATCH * HEADS; head++) {
        const int start = head * SEQ * DIM;
        float *keys = packed[omp_get_thread_num()], *values = keys + DIM * KEYS, *query = values + SEQ * WIDE;
        for (int s = 0; s < SEQ; s++)
            for (int d = 0; d < DIM; d++) {  // what lies past SEQ and DIM stays 0
                keys[s / PANEL * PANEL * DIM + d * PANEL + s % PANEL] = (float)k[start + s * DIM + d];
                values[d / PANEL * PANEL * SEQ + s * PANEL + d % PANEL] = (float)v[start + s * DIM + d];
                query[s * DIM + d] = (float)q[start + s * DIM + d];
            }
        int s = 0;
        for (; s + ROW_TILE <= SEQ; s += ROW_TILE)
            queries(query + s * DIM, keys, values, out + start + s * DIM, ROW_TILE);
        if (s < SEQ) queries(query + s * DIM, keys, values, out + start + s * DIM, SEQ % ROW_TILE);
    }
}
