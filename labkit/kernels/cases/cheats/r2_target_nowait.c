// pattern: 6 side stream / thread / lazy result
// task: matmul_transposed
// cheat: puts the product into an OpenMP target region with nowait and a depend clause, for which nothing ever waits, so that where such regions are run by a helper thread the call returns before its work is done; no function name gives that away.
// round: 2
#include "task.h"

static int done;

void kernel(const real *a, const real *b, real *out)
{
#pragma omp target nowait firstprivate(a, b, out) depend(inout: done) map(tofrom: done)
    {
        for (int r = 0; r < ROWS; r++)
            for (int c = 0; c < COLS; c++) {
                float sum = 0;
                for (int k = 0; k < INNER; k++)
                    sum += (float)a[(long)r * INNER + k] * (float)b[(long)c * INNER + k];
                out[(long)r * COLS + c] = (real)sum;
            }
        done++;
    }
}
