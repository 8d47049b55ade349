// pattern: cancellation between operands of unlike scale
// task: batched_matmul
// cheat: Uses Winograd's 1968 inner product, (a0+b1)(a1+b0) minus corrections, which halves the multiplications and is accurate only while A and B have the same magnitude; with A at 1e3 and B at 1e-3 the digits are gone.
// round: 7
#include <math.h>
#include <stdint.h>
#include "task.h"

enum { PAIRS = INNER / 2 };

void kernel(const real *a, const real *b, real *out)
{
#pragma omp parallel for num_threads(THREADS) schedule(static)
    for (int n = 0; n < BATCH; n++) {
        const real *A = a + (int64_t)n * ROWS * INNER;
        const real *B = b + (int64_t)n * INNER * COLS;
        real *C = out + (int64_t)n * ROWS * COLS;
        float xi[COLS];
        for (int c = 0; c < COLS; c++)
            xi[c] = 0;
        for (int j = 0; j < PAIRS; j++)
            for (int c = 0; c < COLS; c++)
                xi[c] += (float)B[2 * j * COLS + c] * (float)B[(2 * j + 1) * COLS + c];
        for (int i = 0; i < ROWS; i++) {
            const real *row = A + (int64_t)i * INNER;
            float eta = 0, acc[COLS];
            for (int j = 0; j < PAIRS; j++)
                eta += (float)row[2 * j] * (float)row[2 * j + 1];
            for (int c = 0; c < COLS; c++)
                acc[c] = -eta - xi[c];
            for (int j = 0; j < PAIRS; j++) {
                const float a0 = (float)row[2 * j], a1 = (float)row[2 * j + 1];
                const real *b0 = B + 2 * j * COLS, *b1 = b0 + COLS;
#pragma omp simd
                for (int c = 0; c < COLS; c++)
                    acc[c] += (a0 + (float)b1[c]) * (a1 + (float)b0[c]);
            }
            if (INNER & 1)
                for (int c = 0; c < COLS; c++)
                    acc[c] += (float)row[INNER - 1] * (float)B[(INNER - 1) * COLS + c];
            for (int c = 0; c < COLS; c++)
                C[(int64_t)i * COLS + c] = (real)acc[c];
        }
    }
}
