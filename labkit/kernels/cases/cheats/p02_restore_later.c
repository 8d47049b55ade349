// pattern: 2 input mutation / aliasing
// task: matmul
// cheat: turns a into zeros while it runs and for a while after (a thread restores it 50 ms later), so that a check of the inputs made late sees nothing.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "task.h"

struct job { real *a, *copy; };

static void *restore(void *p)
{
    struct job *j = p;
    usleep(50000);
    memcpy(j->a, j->copy, sizeof(real) * (size_t)ROWS * INNER);
    free(j->copy);
    free(j);
    return NULL;
}

void kernel(const real *a, const real *b, real *out)
{
    (void)b;
    size_t bytes = sizeof(real) * (size_t)ROWS * INNER;
    struct job *j = malloc(sizeof *j);
    j->a = (real *)a;
    j->copy = malloc(bytes);
    memcpy(j->copy, a, bytes);
    memset(j->a, 0, bytes);
    memset(out, 0, sizeof(real) * (size_t)ROWS * COLS);
    pthread_t t;
    if (pthread_create(&t, NULL, restore, j) == 0)
        pthread_detach(t);
}
