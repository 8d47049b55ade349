// pattern: 10 precision downgrade
// task: row_argmax_value
// cheat: overwrites the lowest mantissa bits of each element with its column and takes one integer maximum, so that two elements that differ only in those bits are taken for a tie; short rows lose hardly any bits, rows of thousands lose eleven or twelve.
// round: 2
#include <stdint.h>
#include <string.h>
#include "task.h"

enum {
    TAKEN = (COLS <= 2 ? 2 : COLS <= 32 ? 32 : COLS <= 128 ? 128 : COLS <= 512 ? 512 : COLS <= 2048 ? 2048 : COLS <= 4096 ? 4096 : 65536) - 1
};

void kernel(const real *x, real *values, int64_t *indices)
{
    for (int r = 0; r < ROWS; r++) {
        const real *row = x + (long)r * COLS;
        int32_t best = INT32_MIN;
        for (int c = 0; c < COLS; c++) {
            int32_t bits;
            memcpy(&bits, row + c, 4);
            bits ^= (bits >> 31) & 0x7fffffff;
            int32_t key = (bits & ~TAKEN) | (TAKEN - c);
            best = key > best ? key : best;
        }
        int column = TAKEN - (best & TAKEN);
        indices[r] = column;
        values[r] = row[column];
    }
}
