// The largest value of each row and its first index: first the value alone, which vectorises, then a search for it
// in the row, which is in the first-level cache by then.
#include <stdint.h>
#include "task.h"

#define BLOCK 64  // one of: 32 64 256
#define WAYS 8  // one of: 1 4 8
#define VECTOR 512  // one of: 256 512
#if defined __AVX512F__ && VECTOR == 512  // GCC's own choice differs from CPU to CPU
#pragma GCC target("prefer-vector-width=512")
#elif defined __AVX512F__
#pragma GCC target("prefer-vector-width=256")
#endif

static inline real larger(real a, real b) { return a > b ? a : b; }

void kernel(const real *restrict x, real *restrict values, int64_t *restrict indices) {
    enum { PART = COLS / WAYS };
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int row = 0; row < ROWS; row++) {
        const real *f = x + (int64_t)row * COLS;
        real top = f[0];
#pragma omp simd reduction(max : top)
        for (int j = 0; j < PART; j++) {  // WAYS at once, as comparisons with the top wait for each other
            real best = f[j];
            for (int way = 1; way < WAYS; way++) best = larger(best, f[way * PART + j]);
            top = larger(top, best);
        }
        for (int j = WAYS * PART; j < COLS; j++) top = larger(top, f[j]);
        int at = 0;
        for (; at + BLOCK <= COLS; at += BLOCK) {  // blocks without it are skipped
            int found = 0;
#pragma omp simd reduction(| : found)
            for (int j = 0; j < BLOCK; j++) found |= f[at + j] == top;
            if (found) break;
        }
        while (at < COLS - 1 && f[at] != top) at++;
        values[row] = top;
        indices[row] = at;
    }
}
