// The columns are shared out among the threads, at most BLOCK at a time, so that no two ever add to the same place
// and the order of additions is that of the index. A block of the result (BUCKETS by BLOCK) should stay in the
// second cache; the values are read in order.
#include <stdint.h>
#include <string.h>
#include "task.h"

#define BLOCK 1024  // one of: 32 64 128 1024
#define AHEAD 8  // one of: 0 4 8

enum { SHARE = (DIM + 16 * THREADS - 1) / (16 * THREADS) * 16, PART = SHARE < BLOCK ? SHARE : BLOCK };

static inline int64_t row_of(int64_t index) { return (index < 0 ? index + BUCKETS : index) * DIM; }

static inline __attribute__((always_inline)) void block(
    const real *base, const int64_t *index, const real *values, real *out, int cols)  // cols: mostly a constant
{
    for (int b = 0; b < BUCKETS; b++) memcpy(out + b * DIM, base + b * DIM, cols * sizeof(real));
    for (int i = 0; i < COUNT; i++) {
        if (AHEAD > 0 && i + AHEAD < COUNT)
            for (int c = 0; c < cols; c += 16) {
                __builtin_prefetch(out + row_of(index[i + AHEAD]) + c, 1);
                if (THREADS > 1) __builtin_prefetch(values + (int64_t)(i + AHEAD) * DIM + c);  // pieces, not in a row
            }
        real *restrict to = out + row_of(index[i]);
        const real *restrict from = values + (int64_t)i * DIM;
#pragma omp simd
        for (int c = 0; c < cols; c++) to[c] += from[c];
    }
}

void kernel(const real *base, const int64_t *index, const real *values, real *out)
{
#pragma omp parallel for schedule(static, 1) num_threads(THREADS) if (THREADS > 1)
    for (int c = 0; c < DIM; c += PART)
        if (c + PART <= DIM) block(base + c, index, values + c, out + c, PART);
        else block(base + c, index, values + c, out + c, DIM % PART);
}
