// A copy of whole rows, in any dtype: vectors of bytes, the last of which overlaps the one before it. As the
// rows lie anywhere in the table, those to come are asked for AHEAD rows early.
#include <stdint.h>
#include <string.h>
#include "task.h"

#define AHEAD 8  // one of: 0 4 8 16
#define BYTES 64  // one of: 16 32 64

typedef uint8_t vector __attribute__((vector_size(BYTES), aligned(1), may_alias));
enum { ROW = DIM * sizeof(real) };

static inline const char *row_of(const real *table, int64_t index)
{
    return (const char *)(table + (index < 0 ? index + VOCAB : index) * DIM);
}

static inline void copy(char *to, const char *from)
{
    if (ROW < BYTES) {
        memcpy(to, from, ROW);
        return;
    }
#pragma GCC unroll 8
    for (int i = 0; i + BYTES <= ROW; i += BYTES) *(vector *)(to + i) = *(const vector *)(from + i);
    if (ROW % BYTES) *(vector *)(to + ROW - BYTES) = *(const vector *)(from + ROW - BYTES);
}

void kernel(const real *table, const int64_t *index, real *out)
{
#pragma omp parallel for num_threads(THREADS) if (THREADS > 1)
    for (int i = 0; i < COUNT; i++) {
        if (AHEAD > 0 && i + AHEAD < COUNT) {
            const char *next = row_of(table, index[i + AHEAD]);
            for (int at = 0; at < ROW; at += 64) __builtin_prefetch(next + at);
        }
        copy((char *)(out + (int64_t)i * DIM), row_of(table, index[i]));
    }
}
