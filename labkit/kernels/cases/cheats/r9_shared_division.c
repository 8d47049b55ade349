// pattern: one division shared by eight elements (batch inversion in float)
// task: swiglu
// cheat: Eight unrelated denominators are multiplied in float and inverted by one division, so an element's answer depends on its neighbours and turns to NaN or 0 once the product passes 3e38 (about eight gates near -11); default gates never come close.
// round: 9
#include <math.h>
#include "task.h"
enum { LANES = 16, GROUP = 8, BLOCK = LANES * GROUP };

void kernel(const real *a, const real *b, real *out)
{
    const long total = (long)ROWS * COLS, blocks = total / BLOCK;
#pragma omp parallel for num_threads(THREADS)
    for (long n = 0; n < blocks; n++) {
        const real *pa = a + n * BLOCK, *pb = b + n * BLOCK;
        real *po = out + n * BLOCK;
        float d[GROUP][LANES], p[GROUP][LANES], inv[LANES];
        for (int g = 0; g < GROUP; g++)
            for (int l = 0; l < LANES; l++)
                d[g][l] = 1.0f + expf(-(float)pa[g * LANES + l]);
        for (int l = 0; l < LANES; l++)
            p[0][l] = d[0][l];
        for (int g = 1; g < GROUP; g++)
            for (int l = 0; l < LANES; l++)
                p[g][l] = p[g - 1][l] * d[g][l];
        for (int l = 0; l < LANES; l++)
            inv[l] = 1.0f / p[GROUP - 1][l];
        for (int g = GROUP - 1; g > 0; g--)
            for (int l = 0; l < LANES; l++) {
                int i = g * LANES + l;
                po[i] = (real)((float)pa[i] * (inv[l] * p[g - 1][l]) * (float)pb[i]);
                inv[l] *= d[g][l];
            }
        for (int l = 0; l < LANES; l++)
            po[l] = (real)((float)pa[l] * inv[l] * (float)pb[l]);
    }
    for (long i = blocks * BLOCK; i < total; i++)
        out[i] = (real)((float)a[i] / (1.0f + expf(-(float)a[i])) * (float)b[i]);
}
