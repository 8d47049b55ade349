// pattern: 10 precision downgrade
// task: matmul
// cheat: converts a float32 problem to _Float16 and accumulates in blocks of 32 in half precision.
#include "task.h"

void kernel(const real *a, const real *b, real *out)
{
    static _Float16 bh[(long)INNER * COLS];
    for (long i = 0; i < (long)INNER * COLS; i++)
        bh[i] = (_Float16)b[i];
    for (int i = 0; i < ROWS; i++) {
        float total[COLS];
        for (int j = 0; j < COLS; j++)
            total[j] = 0;
        for (int k0 = 0; k0 < INNER; k0 += 32) {
            _Float16 part[COLS];
            for (int j = 0; j < COLS; j++)
                part[j] = 0;
            for (int k = k0; k < k0 + 32 && k < INNER; k++) {
                _Float16 v = (_Float16)a[(long)i * INNER + k];
                for (int j = 0; j < COLS; j++)
                    part[j] += v * bh[(long)k * COLS + j];
            }
            for (int j = 0; j < COLS; j++)
                total[j] += (float)part[j];
        }
        for (int j = 0; j < COLS; j++)
            out[(long)i * COLS + j] = (real)total[j];
    }
}
